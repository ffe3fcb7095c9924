#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What a run costs in which nothing changed, and one in which one caption did:
# 100 clips of a second in two presets. The bar is 0.5 s for the first.
#
# usage: REELPRESS=PROGRAM sh tests/bench/noop.sh
set -eu
: "${REELPRESS:?the program to measure}"
. "$(dirname "$0")/../whole/lib.sh"
session="$work/session"
clips=100

session_yaml "$session" 网站 wide 竖屏 tall
preset "$session" wide "width: 640" "height: 360" "rate: 25"
preset "$session" tall "width: 360" "height: 640" "rate: 25" "fit: fill"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 320 180 25 $((clips + 2)) $h264
rows() { # caption of the first clip
    printf 'source,start,end,title,caption\n'
    printf 'cam1,0,1,标题,%s\n' "$1"
    row=1
    while [ $row -lt $clips ]; do
        printf 'cam1,%d,%d,标题%d,字幕\n' $row $((row + 1)) $row
        row=$((row + 1))
    done
}
rows 第一句 > "$session/highlights.csv"

# Wall and processor seconds of one run: "WALL CPU".
seconds() {
    bash -c 'TIMEFORMAT="%R %U %S"; time "$@" > /dev/null 2> "$0"' "$work/log" "$@" 2>&1 |
        awk '{ printf "%.2f %.2f\n", $1, $2 + $3 }'
}
# The least of five: the rest is other programs' doing.
least() {
    for turn in 1 2 3 4 5; do seconds "$@"; done | sort -n | head -n 1
}

first=$(seconds "$REELPRESS" make -j2 "$session")
grep -q ' 0 failed' "$work/log" || { cat "$work/log"; exit 1; }
second=$(seconds "$REELPRESS" make -j2 "$session")
again=$(least "$REELPRESS" make -j2 "$session")
planned=$(least "$REELPRESS" plan "$session")
rows 换过的一句 > "$session/highlights.csv"
mended=$(seconds "$REELPRESS" make -j2 "$session")

printf '%d clips x 2 presets, wall and CPU seconds:\n' $clips
printf '  first run            %s\n' "$first"
printf '  second run           %s\n' "$second"
printf '  nothing changed      %s\n' "$again"
printf '  plan                 %s\n' "$planned"
printf '  one caption mended   %s\n' "$mended"
between "nothing changed, wall seconds" "${again%% *}" 0 0.5
finish
