#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# cmake --install: the installed program finds its presets, styles, messages.
# usage: installed.sh BUILD-FOLDER
set -eu
. "$(dirname "$0")/lib.sh"
cmake --install "$1" --prefix "$work/here" > "$work/log" || { cat "$work/log"; fail "cmake --install"; }
program="$work/here/bin/reelpress"
"$program" presets > "$work/presets" || fail "presets"
for name in web-news douyin channels bilibili xuexi mp clean square 新闻网站 抖音 视频号 B站 学习强国 公众号 净版 方形; do
    has "presets" "$work/presets" "$name"
done
LC_ALL=zh_CN.UTF-8 "$program" --help > "$work/help"
has "help in Chinese" "$work/help" "用法"
LC_ALL=zh_CN.UTF-8 "$program" presets > "$work/presets"
has "presets in Chinese" "$work/presets" "抖音竖屏"
grep -q "for Douyin" "$work/presets" && fail "presets in Chinese: English sentences"
"$program" new "$work/新的" > /dev/null 2>&1 || fail "new"
for file in session.yaml highlights.csv recordings photos; do
    [ -e "$work/新的/$file" ] || fail "new made no $file"
done
status=0
"$program" plan "$work/新的" > /dev/null 2> "$work/faults" || status=$?
equal "plan of a new session" $status 2
has "plan of a new session" "$work/faults" "highlights.csv"
grep -q "style" "$work/faults" && { fail "the installed program does not find its styles"; cat "$work/faults"; }
"$program" presets douyin > "$work/one" || fail "presets douyin"
has "presets douyin" "$work/one" "width: 1080"
has "presets douyin" "$work/one" "about_zh: "
finish
