#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One decode of each range however many presets want it, by the run's own
# counters; the same bytes however the ranges are dealt out to workers; progress
# that moves with the work and comes out even.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/session"
run="$session/.reelpress/last-run.json"

session_yaml "$session" 网站 small 竖屏 tall 方形 square
preset "$session" small "width: 320" "height: 180" "rate: 25" "card: no"
preset "$session" tall "width: 180" "height: 320" "rate: 25" "fit: fill" "card: no"
preset "$session" square "width: 180" "height: 180" "rate: 25" "fit: blur" "card: no"
# A key frame every two seconds; the ranges begin between two.
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 320 180 25 60 $h264_b
printf '%s\n' 'source,start,end,title,caption' \
    'cam1,1,23,第一条,这是第一句话，说得很慢，说得很清楚。' \
    'cam1,31,49,第二条,第二句话。' > "$session/highlights.csv"

counter() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" "$run"; }
sums() { (cd "$session/out" && find . -type f | sort | xargs -d '\n' sha256sum); }
fresh() { # jobs and other options
    rm -rf "$session/.reelpress" "$session/out"
    "$REELPRESS" make "$@" "$session" > "$work/events" 2> "$work/log" || { cat "$work/log"; fail "make $*"; }
}

pictures=$(((22 + 18) * 25))
fresh -j1 -p small
equal "one preset: pictures needed" "$(counter frames_needed)" $pictures
equal "one preset: pictures encoded" "$(counter frames_encoded)" $pictures
alone=$(counter frames_decoded)
# Less than one group of pictures before each range.
between "one preset: pictures decoded" "$alone" $pictures $((pictures + 2 * 49))

fresh -j1
equal "three presets: pictures needed" "$(counter frames_needed)" $pictures
equal "three presets: pictures encoded" "$(counter frames_encoded)" $((3 * pictures))
equal "three presets: pictures decoded" "$(counter frames_decoded)" "$alone"
sums > "$work/sums"

for jobs in 2 3 8; do
    fresh -j$jobs --json
    sums | cmp "$work/sums" - || fail "-j$jobs gave other bytes than -j1"
    equal "-j$jobs: pictures needed" "$(counter frames_needed)" $pictures
    equal "-j$jobs: pictures encoded" "$(counter frames_encoded)" $((3 * pictures))
    sed -n 's/.*"units": *\([0-9]*\), *"total": *\([0-9]*\).*/\1 \2/p' "$work/events" > "$work/units"
    awk 'NR > 1 && $2 != total { exit 1 } { total = $2 } $1 < before || $1 > $2 { exit 1 } { before = $1 }' \
        "$work/units" || fail "-j$jobs: progress goes back or changes its end"
    equal "-j$jobs: the end is what was planned" "$(tail -n 1 "$work/units" | cut -d' ' -f1)" \
        "$(tail -n 1 "$work/units" | cut -d' ' -f2)"
done
finish
