#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A run that is killed leaves no half file under a final name, and the next one
# ends in the same bytes; SIGINT ends with 130; two runs at once don't harm
# each other.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/session"

session_yaml "$session" 网站 small 竖屏 tall
preset "$session" small "width: 640" "height: 360" "rate: 25" "card: yes"
preset "$session" tall "width: 360" "height: 640" "rate: 25" "card: yes"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 640 360 25 40 $h264
printf '%s\n' 'source,start,end,title,speaker,caption' \
    'cam1,1,13,第一条,李明,这是第一句话，说得很慢，说得很清楚。' \
    'cam1,15,28,第二条,王芳,第二句话。' > "$session/highlights.csv"

sums() { (cd "$session/out" && find . -type f | sort | xargs -d '\n' sha256sum); }
"$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "undisturbed run"; }
sums > "$work/sums"

store="$session/.reelpress"
begin() { # options; in the background, as $pid
    rm -rf "$store" "$session/out"
    # A shell lets its background jobs ignore SIGINT; env gives it back.
    env --default-signal=INT "$REELPRESS" make "$@" "$session" > "$work/one" 2>&1 &
    pid=$!
}

while read -r folder pattern count; do
    begin -j2
    until_there $pid "$session/$folder" "$pattern" "$count"
    kill -9 $pid 2> /dev/null || true
    wait $pid 2> /dev/null || true
    find "$session/out" -name '*.mp4' 2> /dev/null | while read -r film; do
        "$MEASURE" "$film" > /dev/null 2>&1 || printf 'half\n'
    done | grep -q half && fail "a half film lies under a final name after $pattern $count"
    "$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "run after kill at $pattern $count"; }
    sums | cmp "$work/sums" - || fail "other bytes after kill -9 at $pattern $count"
done << PHASES
.reelpress lock 1
.reelpress *.chunk 1
.reelpress *.chunk 7
.reelpress *.mp4 1
.reelpress *.mp4 3
out *.zip 1
PHASES
equal "workers left behind by kill -9" "$(left_behind)" 0

begin -j2
until_there $pid "$store" '*.chunk' 2
kill -INT $pid
status=0
wait $pid || status=$?
equal "exit status after SIGINT" $status 130
equal "workers left behind" "$(pgrep -f "reelpress.*$work" | wc -l)" 0

begin -j1
until_there $pid "$store" lock 1
status=0
"$REELPRESS" make -j1 "$session" > "$work/two" 2>&1 || status=$?
wait $pid || { fail "the first of two runs failed"; cat "$work/one"; }
[ $status = 0 ] || has "the second run says why it waits" "$work/two" "another"
"$REELPRESS" make "$session" > /dev/null 2>&1 || fail "run after two at once"
sums | cmp "$work/sums" - || fail "other bytes after two runs at once"
finish
