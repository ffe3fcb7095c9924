#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# -c and -p make less, and leave what was delivered before whole: a package is
# rebuilt from all its planned files or has no zip.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/session"

session_yaml "$session" 网站 small 竖屏 tall
preset "$session" small "width: 320" "height: 180" "rate: 25" "$bare" "covers: [16x9 320x180 jpeg<=1M]"
preset "$session" tall "width: 180" "height: 320" "rate: 25" "$bare"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 320 180 25 10 $h264
printf '%s\n' 'clip,source,start,end,title' 'a,cam1,1,3,甲' 'b,cam1,4,6,乙' > "$session/highlights.csv"
out="$session/out"
zip() { [ -e "$out/20220628-读书会67期-$1.zip" ]; }

"$REELPRESS" make -c 甲 "$session" > "$work/log" 2>&1 || { fail "-c: status $?"; cat "$work/log"; }
[ -s "$out/网站/01-甲.mp4" ] || fail "-c did not make its clip"
[ -e "$out/网站/02-乙.mp4" ] && fail "-c made another clip"
zip 网站 && fail "an incomplete package was zipped"

"$REELPRESS" make -p small "$session" > "$work/log" 2>&1 || { fail "-p: status $?"; cat "$work/log"; }
[ -s "$out/网站/02-乙.mp4" ] || fail "-p did not complete its package"
zip 网站 || fail "a complete package has no zip"
[ -e "$out/竖屏/02-乙.mp4" ] && fail "-p made another preset"

"$REELPRESS" make "$session" > "$work/log" 2>&1 || fail "all: status $?"
zip 竖屏 || fail "the second package has no zip"
sums() { (cd "$out" && find . -type f ! -name report.json ! -name index.html | sort | xargs -d '\n' sha256sum); }
sums > "$work/sums"
"$REELPRESS" make -c b -p tall "$session" > "$work/log" 2>&1 || fail "narrowed again: status $?"
sums | cmp "$work/sums" - || fail "a narrowed run changed what was delivered"

# Films that are there already are decoded again when that is asked for.
items() { grep -o '"kind": *4' "$session/.reelpress/last-run.json" | wc -l; }
"$REELPRESS" make "$session" > "$work/log" 2>&1 || fail "nothing to do: status $?"
equal "nothing to do: films looked at" "$(items)" 0
"$REELPRESS" make --verify=full "$session" > "$work/log" 2>&1 || { fail "--verify=full: status $?"; cat "$work/log"; }
equal "--verify=full: films looked at" "$(items)" 4
sums | cmp "$work/sums" - || fail "--verify=full changed what was delivered"

# A clip that is planned no more goes, where nobody changed it.
printf '%s\n' 'clip,source,start,end,title' 'a,cam1,1,3,甲' > "$session/highlights.csv"
printf 'mine' >> "$out/竖屏/02-乙.mp4"
"$REELPRESS" make "$session" > "$work/log" 2>&1 || fail "after a row went: status $?"
[ -e "$out/网站/02-乙.mp4" ] && fail "an unchanged film of ours stayed"
[ -e "$out/竖屏/02-乙.mp4" ] || fail "an edited film was removed"
has "the edited film is told" "$work/log" "02-乙.mp4"
finish
