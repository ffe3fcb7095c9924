#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The sample session, made as samples/run makes it, from media made here: all
# delivered, pictures those of the list, packages as a receiver checks them.
set -eu
. "$(dirname "$0")/lib.sh"
top=$(cd "$(dirname "$0")/../.." && pwd)

sh "$top/samples/media.sh" "$top/samples/session"
session="$work/session"
mkdir "$session"
cp -r "$top"/samples/session/* "$session/"
rm -rf "$session/out"
"$REELPRESS" make "$session" > "$work/log" 2>&1 || { fail "make: status $?"; cat "$work/log"; finish; }

# The strip of cam1 lies at 832..1088 of 1920, 16 lines high at the top.
"$MEASURE" "$session/out/净版素材/01-半条被子的故事.mp4" 0.43333 0.56667 0.0074 > "$work/clean"
awk '$1 == "frame" && $2 < 90 { print $4 }' "$work/clean" > "$work/numbers"
seq 300 389 | cmp - "$work/numbers" || fail "the clean film does not show pictures 300 to 389 of cam1"
"$MEASURE" "$session/out/郴州日报/01-半条被子的故事.mp4" 0.43333 0.56667 0.0074 > "$work/web"
awk '$1 == "frame" && $2 < 90 { print $4 }' "$work/web" > "$work/numbers"
seq 300 389 | cmp - "$work/numbers" || fail "the titled film does not show pictures 300 to 389 of cam1"
has "tags" "$work/web" "tags h264 1920x1080 25/1 bt709 bt709 bt709 tv High"
equal "pictures with an end card of 2 s" "$(awk '$1 == "picture" { print $2 }' "$work/web")" 205

for folder in 郴州日报 抖音 净版素材; do
    (cd "$session/out/$folder" && sha256sum --quiet -c data/SHA256SUMS) || fail "$folder: sums"
    [ -s "$session/out/20220628-读书会67期-$folder.zip" ] || fail "$folder: no zip"
done
"$REELPRESS" verify "$session"/out/*.zip "$session/out/抖音" > "$work/log" 2>&1 || { fail "verify"; cat "$work/log"; }
cp "$session/out/20220628-读书会67期-抖音.zip" "$work/bad.zip"
printf 'x' | dd of="$work/bad.zip" bs=1 seek=200000 conv=notrunc 2> /dev/null
"$REELPRESS" verify "$work/bad.zip" > "$work/log" 2>&1 && fail "verify takes a damaged zip"

# Whose picture was chosen by its looks is offered others beside it.
for folder in 郴州日报 抖音 净版素材; do
    [ -s "$session/out/$folder/data/01-半条被子的故事-候选.jpg" ] || fail "$folder: no contact sheet"
done

# Quoted as spoken: no blank where the caption's line ended.
has "the words spoken" "$session/out/抖音/说明.txt" "  他们说，日子越过越好，可是当年的那半条被子，不能忘。"

for text in 半条被子的故事 20220628-读书会67期-抖音.zip '<video' \
    成片和封面已全部做好 '01-%E5%8D%8A%E6%9D%A1%E8%A2%AB%E5%AD%90%E7%9A%84%E6%95%85%E4%BA%8B.srt">字幕'; do
    has "the page" "$session/out/index.html" "$text"
done
grep -qE '(src|href)="https?:' "$session/out/index.html" && fail "the page refers to the outside"

# A caption that somebody edits in the delivery is kept, and told.
srt="$session/out/抖音/01-半条被子的故事.srt"
printf '1\n00:00:00,000 --> 00:00:01,000\n改过的字幕\n' > "$srt"
"$REELPRESS" make "$session" > "$work/log" 2>&1 || fail "make after an edit: status $?"
has "the edit is told" "$work/log" "subtitles/clips"
grep -rq 改过的字幕 "$session/out/抖音" || fail "an edited file was lost"
grep -q 改过的字幕 "$srt" && fail "the edited file stands in the place of ours"
finish
