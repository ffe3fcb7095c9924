#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# With REELPRESS_CORPUS set: every file of its faults/ is the source of a clip
# in one batch with good ones, every one of its audio/ the music of a session.
# No run hangs; all good clips are delivered; each other one is delivered too
# or explained in a sentence that names the file. Without: nothing to do.
set -eu
. "$(dirname "$0")/lib.sh"
[ -n "${REELPRESS_CORPUS:-}" ] || { printf 'no REELPRESS_CORPUS: left out\n'; exit 0; }
session="$work/session"

session_yaml "$session" 网站 small
preset "$session" small "width: 128" "height: 72" "rate: 25"
# shellcheck disable=SC2086
numbered "$session/recordings/good one .mp4" 128 72 25 12 $h264
cp "$session/recordings/good one .mp4" "$session/recordings/blank.mp4 "
printf '短片,素材,开始,时长,标题\n' > "$session/highlights.csv"
row=1 good=0
# Names of its own, so that the sentence can be found; a good one after each four.
for file in "$REELPRESS_CORPUS"/faults/*; do
    name=$(basename "$file")
    cp "$file" "$session/recordings/$name"
    row=$((row + 1))
    printf '%s,%s,0,0.3,坏%s\n' $row "$name" $row >> "$session/highlights.csv"
    printf '%s %s\n' $row "$name" >> "$work/bad"
    [ $((row % 5)) = 0 ] || continue
    row=$((row + 1)) good=$((good + 1))
    printf '%s,"good one ",%s,0.2,好%s\n' $row $((good % 10)) $row >> "$session/highlights.csv"
done
row=$((row + 1)) good=$((good + 1))
printf '%s,"blank.mp4 ",1,0.2,好%s\n' $row $row >> "$session/highlights.csv"

for language in en zh_CN; do
    status=0
    LC_ALL=C.UTF-8 LANGUAGE=$language timeout 300 "$REELPRESS" make --partly -j2 "$session" > "$work/out" 2> "$work/log.$language" || status=$?
    equal "exit status, $language" $status 1
done
"$REELPRESS" plan --partly "$session" > "$work/plan" 2> "$work/plan.log" || true
equal "good clips that were made" "$(find "$session/out/网站" -name '*好*.mp4' | wc -l)" $good
made=0 told=0
while read -r row name; do
    if [ -n "$(find "$session/out/网站" -name "*坏$row.mp4")" ]; then
        made=$((made + 1))
        continue
    fi
    told=$((told + 1))
    stem=${name%.*}
    for log in "$work/log.en" "$work/log.zh_CN"; do
        grep -E "highlights.csv:$row:|坏$row" "$log" | grep -qF -- "$stem" ||
            { fail "nothing said of row $row, $name:"; grep -E ":$row:|坏$row" "$log" || true; }
    done
done < "$work/bad"
grep -qE 'crashed|seconds, twice|ended before its work' "$work/log.en" && { fail "a worker was lost"; grep -E 'crashed|twice|ended before' "$work/log.en"; }
equal "processes left behind" "$(left_behind)" 0
printf '%s good clips made, of the others %s made and %s told\n' $good $made $told
[ -z "${KEEP:-}" ] || cat "$work/log.en" "$work/log.zh_CN"

# Music: a bed that can't be used is known before anything is made.
rm -rf "$session/recordings"
mkdir "$session/recordings" "$session/music"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 128 72 25 4 $h264
printf '素材,开始,时长,标题\ncam1,1,0.2,乙\n' > "$session/highlights.csv"
cp "$session/session.yaml" "$work/session.yaml"
for file in "$REELPRESS_CORPUS"/audio/*; do
    name=$(basename "$file")
    cp "$file" "$session/music/$name"
    cp "$work/session.yaml" "$session/session.yaml"
    printf 'music: {file: "music/%s"}\n' "$name" >> "$session/session.yaml"
    planned=0
    "$REELPRESS" plan "$session" > "$work/plan" 2> "$work/plan.log" || planned=$?
    status=0
    timeout 120 "$REELPRESS" make -j1 "$session" > "$work/out" 2> "$work/log" || status=$?
    [ $planned = $status ] || { fail "$name: plan says $planned, make $status"; cat "$work/log"; }
    [ $status = 0 ] || grep -qF "$name" "$work/log" || { fail "nothing said of $name"; cat "$work/log"; }
    [ -z "${KEEP:-}" ] || { printf '== %s: %s\n' "$name" $status; grep -vE '^film|^pack|%|^to make' "$work/log"; } || true
done
finish
