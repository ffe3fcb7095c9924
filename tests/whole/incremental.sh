#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Only what a change touches is made again, `plan` says so before, and the
# result is byte for byte that of a build from nothing. What is damaged in the
# store is made again and not trusted. A full disk is told once, nothing is
# lost, and the next run goes on.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/session"
run="$session/.reelpress/last-run.json"

session_yaml "$session" 网站 small 竖屏 tall
preset "$session" small "width: 320" "height: 180" "rate: 25" "covers:" "  - 16x9 320x180 jpeg<=1M"
preset "$session" tall "width: 180" "height: 320" "rate: 25" "fit: fill"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 320 180 25 60 $h264
mkdir "$session/subtitles"
subtitles() { # the words of the line that changes
    cat << LINES
1
00:00:05,000 --> 00:00:07,000
第一句

2
00:00:13,000 --> 00:00:15,000
$1

3
00:00:44,000 --> 00:00:46,000
第三句
LINES
}
list() { # title of the first clip, start of the second
    printf '%s\n' 'source,start,end,title' "cam1,0,20,$1" "cam1,$2,50,第二条" 'cam1,52,58,第三条'
}
subtitles 第二句 > "$session/subtitles/cam1.srt"
list 第一条 28 > "$session/highlights.csv"

counter() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" "$run"; }
sums() { (cd "$1" && find . -type f | sort | xargs -d '\n' sha256sum); }

# made WHAT LOWEST HIGHEST [WHY]: runs, and holds the chunks made against the
# bounds and against what plan said before; both have to give the reason.
made() {
    "$REELPRESS" plan --json "$session" > "$work/plan" 2> /dev/null || fail "$1: plan"
    "$REELPRESS" plan "$session" > "$work/preview" 2> /dev/null || fail "$1: preview"
    there=$(grep -o '"chunks":[0-9]*,"chunks_ready":[0-9]*' "$work/plan" | tail -n 1)
    all=$(printf '%s' "$there" | cut -d: -f2 | cut -d, -f1)
    ready=${there##*:}
    "$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "$1: make"; }
    between "$1: chunks made" "$(counter chunks_made)" "$2" "$3"
    equal "$1: chunks that plan called new" "$((all - ready))" "$(counter chunks_made)"
    equal "$1: chunks reused" "$(counter chunks_reused)" "$ready"
    if [ -n "${4:-}" ]; then
        has "$1: the reason" "$work/log" "because $4"
        has "$1: the reason before" "$work/preview" "because $4"
        equal "$1: lines of why" "$(grep -c because "$work/log")" 1
    fi
    printf '%s: %s of %s chunks made\n' "$1" "$(counter chunks_made)" "$all"
}

# The bytes are those of a build from nothing.
as_from_nothing() {
    rm -rf "$work/store" "$work/out"
    "$REELPRESS" make -j2 --store "$work/store" -o "$work/out" "$session" > "$work/log" 2>&1 || fail "$1: from nothing"
    sums "$session/out" > "$work/sums"
    sums "$work/out" | cmp -s - "$work/sums" || { sums "$work/out" | diff - "$work/sums" | head; fail "$1: other bytes than from nothing"; }
}

# 20 s, 22 s and 6 s on the grid of 4 s; a remnant joins its neighbour.
made "from nothing" 20 28
made "nothing changed" 0 0
equal "nothing changed: films as before" "$(counter made)" 0

subtitles 换过的一句 > "$session/subtitles/cam1.srt"
made "one subtitle line" 2 2 "captions changed"
has "the reason in the journal" "$run" '"captions"'
as_from_nothing "one subtitle line"
equal "one subtitle line: films made" "$(counter made)" 2

# The title stands over the first four seconds: one chunk in each shape. Its
# clip's posters bear it too.
list 换过的标题 28 > "$session/highlights.csv"
made "one title" 2 2 "the title changed"

# An in-point on the grid moves into a chunk: that one, and those under the
# title, which is timed from it.
list 换过的标题 29 > "$session/highlights.csv"
made "one in-point" 2 6 "a start or an end was moved"
as_from_nothing "one in-point"

preset "$session" small "width: 320" "height: 180" "rate: 25" "tune: film" "covers:" "  - 16x9 320x180 jpeg<=1M"
made "one preset's value" 10 14

printf 'cam1,20,27,第四条\n' >> "$session/highlights.csv"
made "one row more" 2 4 "it was not made before"
as_from_nothing "a title, a preset, a row"

# Parameter sets lie in a file's head: with others the same packets are other
# pictures, here the frame's right part instead of its left.
cp "$session/recordings/cam1.mp4" "$work/cam1.mp4"
head_says() { # crop on the left, on the right
    $quietly -i "$work/cam1.mp4" -c copy -bsf:v "h264_metadata=crop_left=$1:crop_right=$2" "$session/recordings/cam1.mp4"
}
packets() { ffmpeg -nostdin -v error -i "$session/recordings/cam1.mp4" -map v -c copy -bsf:v filter_units=remove_types=7-8 -f hash -; }
head_says 64 0
made "a cropped recording" 22 34
packets > "$work/left"
head_says 0 64
packets | cmp -s - "$work/left" || fail "the packets are not the same"
made "another head" 22 34
has "another head: the reason" "$work/log" "because the source's pictures changed"
as_from_nothing "another head"
mv "$work/cam1.mp4" "$session/recordings/cam1.mp4"

# --- damaged in the store ---------------------------------------------------
# One with nothing in it but what this plan uses.
rm -rf "$session/.reelpress"
mv "$work/store" "$session/.reelpress"
spoil() { # one file that find gives
    victim=$(find "$session/.reelpress" "$@" | sort | head -n 1)
    [ -n "$victim" ] || fail "nothing to spoil: $*"
    size=$(wc -c < "$victim")
    printf 'x' | dd of="$victim" bs=1 seek=$((size / 2)) conv=notrunc 2> /dev/null
}
# Only what the plan still needs lies there, so that any file will do.
rm -rf "$session/.reelpress"
"$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "make for the damage"; }
sums "$session/out" > "$work/sums"
again() {
    "$REELPRESS" make -j2 -v "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "$1: make"; }
    sums "$session/out" | cmp -s - "$work/sums" || fail "$1: other bytes than before"
}

find "$session/.reelpress" -name '*.mp4' -delete
find "$session/.reelpress" -name '*.chunk' | sort | head -n 1 > "$work/victim"
spoil -name '*.chunk'
again "a damaged chunk"
equal "a damaged chunk: chunks made" "$(counter chunks_made)" 1

find "$session/.reelpress" -name '*.mp4' -delete
spoil -name '*.sound'
again "damaged sound"
has "damaged sound" "$work/log" "film"

for kind in mp4 png jpg; do
    rm -rf "$session/out"
    spoil -name "*.$kind"
    again "a damaged $kind"
    equal "a damaged $kind: products made" "$(counter made)" 1
    has "a damaged $kind: it is said" "$work/log" "is damaged in the work folder"
done

rm -rf "$session/out"
spoil -name '*.json' -path '*/??/*'
again "a damaged document"

# What somebody edited in the outlet's folder, with its length and even its
# time kept, is seen, kept beside, and made right.
film=$(find "$session/out" -name '*.srt' | sort | head -n 1)
sed 's/句/言/' "$film" > "$work/edited"
touch -r "$film" "$work/edited"
cp -p "$work/edited" "$film"
"$REELPRESS" make "$session" > "$work/log" 2>&1 || fail "an edited file: make"
between "an edited file is kept beside" "$(find "$session/out" -name '*改动*' | wc -l)" 1 1
find "$session/out" -name '*改动*' -delete
again "after an edited file"

# --- a full disk --------------------------------------------------------------
full="$work/full"
if small_disk "$full" 40m; then
    # There is room at the start; then something else takes it.
    "$REELPRESS" make -j2 --store "$full/store" -o "$work/full-out" "$session" > "$work/log" 2>&1 &
    pid=$!
    left=400
    until find "$full/store" -name '*.chunk' -path '*/??/*' 2> /dev/null | grep -q . || [ $left = 0 ]; do
        sleep 0.02
        left=$((left - 1))
    done
    dd if=/dev/zero of="$full/other" bs=64k 2> /dev/null || true
    status=0
    wait $pid || status=$?
    equal "exit status on a full disk" $status 2
    equal "sentences about the full disk" "$(grep -c 'is full' "$work/log")" 1
    equal "films that failed for it" "$(grep -c '^failed' "$work/log")" 0
    kept=$(find "$full/store" -name '*.chunk' | wc -l)
    between "chunks kept on the full disk" "$kept" 1 99
    rm "$full/other"
    "$REELPRESS" make -j2 --store "$full/store" -o "$work/full-out" "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "the run after room was made"; }
    between "chunks reused then" "$(sed -n 's/.*"chunks_reused": *\([0-9]*\).*/\1/p' "$full/store/last-run.json")" "$((kept - 2))" "$kept"
    sums "$work/full-out" | cmp -s - "$work/sums" || fail "other bytes after the disk was full"
else
    printf 'no tmpfs can be mounted here: a full disk is not tried\n'
fi
finish
