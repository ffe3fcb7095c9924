#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A computer whose clock is a year ahead of its disk's, then a year behind it,
# as with a server of its own time or a dead battery: the same bytes, and what
# is there is used again. And make --watch where no inotify is to be had, as on
# a network folder whose changes nobody reports: it looks by itself.
set -eu
. "$(dirname "$0")/lib.sh"
root="$work/root"
session="$root/第67期"
year=31536000

mkdir "$root"
session_yaml "$session" 网站 small
preset "$session" small "width: 128" "height: 72" "rate: 25" "covers: [16x9 128x72 jpeg<=100k]"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 128 72 25 6 $h264
printf 'source,start,end,title\ncam1,1,3,甲\n' > "$session/highlights.csv"
sums() { (cd "$session/out" && find . -type f ! -name report.json | sort | xargs -d '\n' sha256sum); }
# at SECONDS WHAT: a run whose clock is so much ahead of the disk's.
at() {
    SHIM_CLOCK=$1 LD_PRELOAD="$SHIM" "$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "$2"; }
}
"$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "undisturbed run"; }
sums > "$work/sums"
for ahead in $year -$year; do
    at "$ahead" "the clock moved by $ahead s"
    has "nothing is made by $ahead s" "$work/log" "2 as before"
    rm -rf "$session/out" "$session/.reelpress"
    at "$ahead" "all from nothing, $ahead s"
    sums | cmp -s "$work/sums" - || fail "other bytes at $ahead s"
    at "$ahead" "once more, $ahead s"
    has "nothing is made again at $ahead s" "$work/log" "2 as before"
    # A change is seen, whatever the clock says.
    sed -i 's/,甲/,丁/' "$session/highlights.csv"
    at "$ahead" "a new title, $ahead s"
    [ -s "$session/out/网站/01-丁.mp4" ] || fail "the new title was not made, $ahead s"
    sed -i 's/,丁/,甲/' "$session/highlights.csv"
    "$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "the clock set right after $ahead s"; }
    sums | cmp -s "$work/sums" - || fail "other bytes after the clock was set right"
done

rm -rf "$session/out" "$session/.reelpress"
SHIM_DEAF=yes LD_PRELOAD="$SHIM" "$REELPRESS" make --watch "$root" > "$work/log" 2>&1 &
pid=$!
trap 'kill $pid 2> /dev/null || :; [ -n "${KEEP:-}" ] || rm -rf "$work"' EXIT
# waits_for FILE: up to a minute.
waits_for() {
    left=120
    while [ ! -s "$1" ] && [ $left -gt 0 ]; do
        sleep 0.5
        left=$((left - 1))
    done
    [ -s "$1" ] || { fail "not made: $1"; cat "$work/log"; }
}
waits_for "$session/out/20220628-读书会67期-网站.zip"
sums | cmp -s "$work/sums" - || fail "other bytes by a watch without inotify"
printf 'cam1,3,5,乙\n' >> "$session/highlights.csv"
waits_for "$session/out/网站/02-乙.mp4"
kill -TERM $pid
wait $pid || true
equal "workers left behind" "$(left_behind)" 0
finish
