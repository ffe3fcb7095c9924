#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make --watch: a session is made when its folder has come to rest, again when
# it changes, and not because of what was made; Ctrl-C ends it with 130.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/root/第68期"
mkdir "$work/root"
session_yaml "$session" 网站 small
preset "$session" small "width: 320" "height: 180" "rate: 25" "$bare"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 320 180 25 6 $h264
printf 'source,start,end,title\ncam1,1,3,甲\n' > "$session/highlights.csv"

"$REELPRESS" make --watch "$work/root" > "$work/log" 2>&1 &
pid=$!
# waits_for FILE: up to two minutes.
waits_for() {
    left=240
    while [ ! -s "$1" ] && [ $left -gt 0 ]; do
        sleep 0.5
        left=$((left - 1))
    done
    [ -s "$1" ] || { fail "not made: $1"; cat "$work/log"; }
}
waits_for "$session/out/20220628-读书会67期-网站.zip"
printf 'source,start,end,title\ncam1,1,3,甲\ncam1,3,5,乙\n' > "$session/highlights.csv"
waits_for "$session/out/网站/02-乙.mp4"
sleep 14
equal "times that it was made" "$(grep -c 'come to rest' "$work/log")" 2
kill -INT $pid
status=0
wait $pid || status=$?
equal "exit status after SIGINT" $status 130
finish
