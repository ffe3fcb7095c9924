#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What outlets demand of size and rate, on pictures that break it: bursts of
# noise at the chunks' edges. A capped film holds its rate buffer from the first
# packet to the last, by a count of its own over the finished file; a film that
# is too large is coded again until it fits, and not further; one that fits is
# left alone; a constant rate is constant; a buffer that hardly holds a picture
# is kept all the same. All the same bytes with one job and eight, on a store
# that was half lost, and after a kill.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/session"
run="$session/.reelpress/last-run.json"
seconds=20

session_yaml "$session" capped capped small small roomy roomy open open steady steady brief brief
frame="width: 320
height: 180
rate: 25
audio_rate: 64k"
preset "$session" open "$frame" "$bare"
preset "$session" roomy "$frame" "max_bytes: 100M" "$bare"
preset "$session" capped "$frame" "max_rate: 800k" "buffer: 800k" "$bare"
preset "$session" small "$frame" "max_bytes: 900k"
preset "$session" brief "$frame" "max_total_rate: 700k" "$bare"
preset "$session" steady "$frame" "max_rate: 600k" "buffer: 600k" "constant_rate: yes" "$bare"
# The test's frame is tiny and its noise is not: three times a capped second's
# bits at each edge of a chunk, next to nothing between.
$quietly -f lavfi -i "testsrc2=s=320x180:r=25:d=$seconds" -f lavfi -i "$(click_source $seconds)" \
    -vf "noise=alls=40:allf=t:enable='lt(mod(t+0.8,4),1.6)',format=yuv420p" \
    -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv \
    -c:v libx264 -preset ultrafast -crf 8 -g 50 -c:a aac -ac 2 "$session/recordings/cam1.mp4" 2> /dev/null ||
    fail "no recording"
mkdir "$session/subtitles"
subtitle() { printf '1\n00:00:05,000 --> 00:00:07,000\n%s\n' "$1" > "$session/subtitles/cam1.srt"; }
subtitle 第一句
printf '%s\n' 'source,start,end,title' "cam1,0,$seconds,限额" > "$session/highlights.csv"

counter() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" "$run"; }
sums() { (cd "$1" && find . -type f ! -name '*.tmp' | sort | xargs -d '\n' sha256sum); }
film() { printf '%s/out/%s/01-限额.mp4' "$session" "$1"; }
bytes() { wc -c < "$(film "$1")"; }
made() { # WHAT OPTIONS…
    what=$1
    shift
    "$REELPRESS" make "$@" "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "$what: status $?"; }
}
same() { sums "$session/out" | cmp -s - "$work/sums" || { sums "$session/out" | diff - "$work/sums" | head -n 4; fail "$1: other bytes"; }; }
# The bucket of annex C over the file's own packets, in decoding order: its
# least level in bits; it starts nine tenths full.
level() { # film rate buffer
    ffprobe -v error -select_streams v -show_entries packet=size -of csv=p=0 "$(film "$1")" |
        awk -F, -v rate="$2" -v room="$3" 'BEGIN { fill = least = room * 0.9 }
            { fill -= $1 * 8; if (fill < least) least = fill
              fill += rate / 25; if (fill > room) fill = room } END { printf "%d", least }'
}
picture_rate() {
    ffprobe -v error -select_streams v -show_entries packet=size -of csv=p=0 "$(film "$1")" |
        awk -F, -v s=$seconds '{ n += $1 } END { printf "%d", n * 8 / s }'
}

# --- each alone: what it took ---------------------------------------------------
made "open" -j2 -p open
chunks=$(counter chunks_made)
between "open: the pictures are too much for all caps" "$(bytes open)" 1500000 9000000
made "roomy" -j2 -p roomy
equal "roomy: chunks made beside open's" "$(counter chunks_made)" 0
cmp -s "$(film open)" "$(film roomy)" || fail "a limit that is far away changed the film"

made "capped" -j2 -p capped
between "capped: chunks made, some of them on the ladder" "$(counter chunks_made)" $((chunks + 1)) $((chunks * 6))
between "capped: least level of its rate buffer" "$(level capped 800000 800000)" 0 800000
between "open: the same buffer would run dry" "$(level open 800000 800000)" -99999999 -1

made "small" -j2 -p small
between "small: bytes" "$(bytes small)" 846000 900000
between "small: chunks made, the whole film once more at least" "$(counter chunks_made)" $((chunks + 1)) $((4 * chunks))
has "small: the user is told" "$work/log" "coded more coarsely"
has "small: the report knows the crf" "$session/out/report.json" '"crf"'
printf "small: %s bytes of 900000, %s chunks coded for a film of %s\n" "$(bytes small)" "$(counter chunks_made)" "$chunks"

made "brief" -j2 -p brief
between "brief: mean rate of the file" $(($(bytes brief) * 8 / seconds)) 658000 700000

made "steady" -j2 -p steady
between "steady: least level of its rate buffer" "$(level steady 600000 600000)" 0 600000
between "steady: rate of the pictures" "$(picture_rate steady)" 510000 612000

# --- the same bytes ---------------------------------------------------------------
some="--preset=capped,small,steady"
rm -rf "$session/out" "$session/.reelpress"
made "-j8 from nothing" -j8 $some
sums "$session/out" > "$work/sums"
# Half of the chunks are lost, and all films: other steps of the way are there.
find "$session/.reelpress" -name '*.mp4' -delete
find "$session/.reelpress" -name '*.chunk' | sort | awk 'NR % 2' | xargs rm -f
rm -rf "$session/out"
made "half a store" -j1 $some
same "half a store"
# Killed on the way.
rm -rf "$session/out" "$session/.reelpress"
"$REELPRESS" make -q -j2 $some "$session" > "$work/log" 2>&1 &
pid=$!
tries=0
while [ "$(find "$session/.reelpress" -name '*.chunk' 2> /dev/null | wc -l)" -lt $((chunks * 3)) ] && [ $tries -lt 600 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -KILL $pid
wait $pid 2> /dev/null || true
made "resumed" -j2 $some
same "resumed"

# --- no starting fill suffices ----------------------------------------------------------
# A buffer of one picture, which the encoder overfills: chunks of a lower rate.
# Films of several chunks, of one, and of one picture.
tight="$work/tight"
session_yaml "$tight" tight tight strict strict single single
preset "$tight" tight "$frame" "max_rate: 100k" "buffer: 4k" "$bare"
preset "$tight" strict "$frame" "max_rate: 150k" "buffer: 6k" "constant_rate: yes" "$bare"
preset "$tight" single "width: 320" "height: 180" "rate: 10" "audio_rate: 64k" "max_rate: 50k" "buffer: 5k" "$bare"
$quietly -f lavfi -i "testsrc2=s=320x180:r=25:d=10" -f lavfi -i "$(click_source 10)" -vf "noise=alls=60:allf=t,format=yuv420p" \
    -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv \
    -c:v libx264 -preset ultrafast -crf 8 -g 50 -c:a aac -ac 2 "$tight/recordings/cam1.mp4" || fail "no recording of noise"
printf '%s\n' 'clip,source,start,end,title' 'a,cam1,0,9.5,长' 'b,cam1,2,4,短' 'c,cam1,5,5.12,一帧' > "$tight/highlights.csv"
tight_made() { # WHAT OPTIONS…
    what=$1
    shift
    "$REELPRESS" make "$@" "$tight" > "$work/log" 2>&1 || { cat "$work/log"; fail "$what: status $?"; }
}
film() { printf '%s/out/%s.mp4' "$tight" "$1"; }
tight_made "tight" -j2
for name in tight/01-长 tight/02-短 tight/03-一帧; do between "$name: least level" "$(level $name 100000 4000)" 0 4000; done
for name in strict/01-长 strict/02-短 strict/03-一帧; do between "$name: least level" "$(level $name 150000 6000)" 0 6000; done
for name in single/01-长 single/02-短 single/03-一帧; do
    # At ten pictures a second.
    between "$name: least level" "$(level $name 125000 5000)" 0 5000
done
equal "one picture" "$(ffprobe -v error -select_streams v -count_packets -show_entries stream=nb_read_packets -of csv=p=0 "$(film single/03-一帧)")" 1
has "it is said that chunks are coarser" "$work/log" "01-长 · tight: "
equal "and said once" "$(grep -c '01-长 · tight: .*coded more coarsely' "$work/log")" 1
has "the report knows how many" "$tight/out/report.json" '"chunks_slower"'
sums "$tight/out" > "$work/sums"
rm -rf "$tight/out"
find "$tight/.reelpress" -name '*.mp4' -delete
find "$tight/.reelpress" -name '*.chunk' | sort | awk 'NR % 2' | xargs rm -f
tight_made "tight, half a store" -j1
sums "$tight/out" | cmp -s - "$work/sums" || fail "tight, half a store: other bytes"
rm -rf "$tight/out" "$tight/.reelpress"
"$REELPRESS" make -q -j2 "$tight" > "$work/log" 2>&1 &
pid=$!
until_there $pid "$tight/.reelpress" '*.chunk' 20
kill -KILL $pid
wait $pid 2> /dev/null || true
tight_made "tight, resumed" -j8
sums "$tight/out" | cmp -s - "$work/sums" || fail "tight, resumed: other bytes"
# What no encoder can: five hundred bits for each second of pictures.
preset "$tight" tight "$frame" "max_rate: 500" "buffer: 500" "$bare"
status=0
"$REELPRESS" make -j2 -p tight "$tight" > "$work/log" 2>&1 || status=$?
equal "no rate at all: status" $status 1
has "no rate at all" "$work/log" "however coarsely"
film() { printf '%s/out/%s/01-限额.mp4' "$session" "$1"; }

# --- a mended subtitle ---------------------------------------------------------------
subtitle 换过的一句
made "mended" -j2 -p small
between "mended: only what the line touches is coded, once per step" "$(counter chunks_made)" 1 $((2 * chunks - 1))
cp "$(film small)" "$work/mended.mp4"
rm -rf "$session/out" "$session/.reelpress"
made "mended, from nothing" -j1 -p small
cmp -s "$(film small)" "$work/mended.mp4" || fail "a mended film is not that of a build from nothing"

# --- what can not fit ----------------------------------------------------------------
preset "$session" small "$frame" "max_bytes: 175k"
status=0
"$REELPRESS" make -j2 -p small "$session" > "$work/log" 2>&1 || status=$?
equal "too small: status" $status 2
has "too small" "$work/log" "make the clip shorter"
# Where nothing could be made, nothing is written outside the work folder.
sums "$session/out" > "$work/before"
"$REELPRESS" make -j2 -p small "$session" > "$work/log" 2>&1 || true
sums "$session/out" | cmp -s - "$work/before" || fail "a run that made nothing changed out/"
rm -rf "$session/out"
"$REELPRESS" make -j2 -p small "$session" > "$work/log" 2>&1 || true
[ ! -e "$session/out" ] || fail "a run that made nothing wrote out/"
preset "$session" small "$frame" "max_bytes: 100k"
status=0
"$REELPRESS" plan -p small "$session" > "$work/log" 2>&1 || status=$?
has "smaller than its sound: the plan knows" "$work/log" "however it is coded"
finish
