#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A worker that makes chunk after chunk holds no more memory and no more open
# files at the end than after the first of them. CHUNKS says how many (180; a
# worker is replaced after 200 items), TABLE=1 prints what was seen.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/session"
chunks=${CHUNKS:-180}

session_yaml "$session" 网站 small
preset "$session" small "width: 128" "height: 72" "rate: 25"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 128 72 25 60 $h264_b
# Few captions, which come again: libass keeps what it drew, up to a limit.
{
    printf '短片,素材,开始,时长,标题,字幕\n'
    for row in $(seq "$chunks"); do
        printf '一,cam1,%d.%d,0.4,标题,第%d句话\n' $((row * 7 % 58)) $((row % 8)) $((row % 5))
    done
} > "$session/highlights.csv"

# Again and again: chunks that are there, worker, RSS in kB, open files.
"$REELPRESS" make -j1 "$session" > "$work/log" 2>&1 &
pid=$!
while kill -0 $pid 2> /dev/null; do
    made=$(find "$session/.reelpress" -name '*.chunk' 2> /dev/null | wc -l)
    for worker in $(pgrep -P $pid || true); do
        rss=$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$worker/status" 2> /dev/null) || true
        open=$(find "/proc/$worker/fd" -mindepth 1 2> /dev/null | wc -l)
        [ -z "$rss" ] || printf '%s %s %s %s\n' "$made" "$worker" "$rss" "$open"
    done
    sleep 0.02
done >> "$work/seen"
wait $pid || { fail "make"; cat "$work/log"; }
all=$(find "$session/.reelpress" -name '*.chunk' | wc -l)
equal "chunks" "$all" "$chunks"

# The worker that made most of them: what it held in the second sixth of the
# run, when all is open that will be, and in the last one.
awk -v all="$all" '
    { count[$2]++; row[NR] = $0 }
    END {
        for (p in count) if (count[p] > count[most]) most = p
        for (i = 1; i <= NR; i++) {
            split(row[i], f, " ")
            if (f[2] != most || f[1] >= all) continue
            if (f[1] >= all / 6 && f[1] < all / 3) { if (f[3] > early) early = f[3]; if (f[4] > few) few = f[4] }
            if (f[1] >= all * 5 / 6) { if (f[3] > late) late = f[3]; if (f[4] > many) many = f[4] }
        }
        printf "%d %d %d %d\n", early, late, few, many
    }' "$work/seen" > "$work/sums"
read -r early late few many < "$work/sums"
[ -z "${TABLE:-}" ] || awk '$1 >= next_row { printf "%5d chunks  %7.1f MB  %3d files\n", $1, $3 / 1024, $4; next_row = $1 + 20 }' "$work/seen"
printf 'a worker of %s chunks: %s kB early, %s kB late; %s and %s open files\n' "$all" "$early" "$late" "$few" "$many"
between "memory of a worker, early" "$early" 10000 1000000
# A leak of one picture (14 kB here) or of one encoder a chunk is more.
between "growth in kB" $((late - early)) -1000000 $((all * 10))
between "more open files at the end" $((many - few)) -20 1
finish
