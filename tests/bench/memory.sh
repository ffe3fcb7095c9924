#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What a worker holds: the peak at 1920x1080 in three renditions from one
# decode, with posters, and chunk after chunk over 200 of them at a small size.
# Times play no part, so it may run beside other work.
#
# usage: REELPRESS=PROGRAM sh tests/bench/memory.sh
set -eu
: "${REELPRESS:?the program to measure}"
here=$(dirname "$0")
. "$here/../whole/lib.sh"
session="$work/session"

session_yaml "$session" 网站 wide 竖屏 tall 方形 square
preset "$session" wide "width: 1920" "height: 1080" "rate: 25" "covers: [16x9 1920x1080 jpeg<=1M]"
preset "$session" tall "width: 1080" "height: 1920" "rate: 25" "fit: blur"
preset "$session" square "width: 1080" "height: 1080" "rate: 25" "fit: fill"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 1920 1080 25 20 $h264_b
printf '%s\n' 'source,start,end,title,caption,transition' 'cam1,1,9,标题,第一句话。,' 'cam1,10,18,第二条,第二句话。,' > "$session/highlights.csv"

peaks() { # kinds of work are told apart by what the run says meanwhile
    for renditions in wide wide,tall wide,tall,square; do
        rm -rf "$session/.reelpress" "$session/out"
        "$REELPRESS" make -j1 -p $renditions "$session" > "$work/log" 2>&1 &
        pid=$!
        : > "$work/seen"
        while kill -0 $pid 2> /dev/null; do
            for worker in $(pgrep -P $pid || true); do
                sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$worker/status" 2> /dev/null >> "$work/seen" || true
            done
            sleep 0.1
        done
        wait $pid || { cat "$work/log"; exit 1; }
        printf '  %-18s %6.0f MB\n' $renditions "$(sort -n "$work/seen" | tail -n 1 | awk '{ print $1 / 1024 }')"
    done
}
printf 'a worker at 1920x1080, peak:\n'
peaks
printf 'chunk after chunk at 128x72:\n'
TABLE=1 CHUNKS=200 sh "$here/../whole/growth.sh"
