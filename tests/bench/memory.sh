#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What a worker holds: the peak at 1920x1080 in three renditions from one
# decode, with posters; with the sound of an hour, of its own and mapped from a
# file, which the system takes back when it needs it; and chunk after chunk over
# 200 of them at a small size. Times play no part, so it may run beside other
# work.
#
# MINUTES is the long sound's length (60): it takes a fifth of that.
# usage: REELPRESS=PROGRAM sh tests/bench/memory.sh
set -eu
: "${REELPRESS:?the program to measure}"
here=$(dirname "$0")
. "$here/../whole/lib.sh"
session="$work/session"

session_yaml "$session" 网站 wide 竖屏 tall 方形 square
preset "$session" wide "width: 1920" "height: 1080" "rate: 25" "covers: [16x9 1920x1080 jpeg<=1M]"
preset "$session" tall "width: 1080" "height: 1920" "rate: 25" "fit: blur"
preset "$session" square "width: 1080" "height: 1080" "rate: 25" "fit: fill"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 1920 1080 25 20 $h264_b
printf '%s\n' 'source,start,end,title,caption,transition' 'cam1,1,9,标题,第一句话。,' 'cam1,10,18,第二条,第二句话。,' > "$session/highlights.csv"

peaks() { # kinds of work are told apart by what the run says meanwhile
    for renditions in wide wide,tall wide,tall,square; do
        rm -rf "$session/.reelpress" "$session/out"
        "$REELPRESS" make -j1 -p $renditions "$session" > "$work/log" 2>&1 &
        pid=$!
        : > "$work/seen"
        while kill -0 $pid 2> /dev/null; do
            for worker in $(pgrep -P $pid || true); do
                sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$worker/status" 2> /dev/null >> "$work/seen" || true
            done
            sleep 0.1
        done
        wait $pid || { cat "$work/log"; exit 1; }
        printf '  %-18s %6.0f MB\n' $renditions "$(sort -n "$work/seen" | tail -n 1 | awk '{ print $1 / 1024 }')"
    done
}
printf 'a worker at 1920x1080, peak:\n'
peaks

minutes=${MINUTES:-60}
hour="$work/hour"
session_yaml "$hour" 网站 tiny
preset "$hour" tiny "width: 64" "height: 64" "rate: 10" "chunk: 60" "$bare"
# Speech rises and falls, so that the limiter has work.
$quietly -f lavfi -i "color=s=64x64:r=10:d=$((minutes * 60))" \
    -f lavfi -i "aevalsrc=exprs='0.5*sin(2*PI*200*t)*pow(sin(PI*t*2),8)+0.02*random(0)':s=48000:d=$((minutes * 60))" \
    -c:v libx264 -preset ultrafast -g 100 -c:a aac "$hour/recordings/cam1.mp4"
printf 'source,start,end,title\ncam1,0,%d,长\n' $((minutes * 60)) > "$hour/highlights.csv"
"$REELPRESS" make -j1 "$hour" > "$work/log" 2>&1 &
pid=$!
: > "$work/seen"
while kill -0 $pid 2> /dev/null; do
    for worker in $(pgrep -P $pid || true); do
        awk '/^RssAnon/ { own = $2 } /^RssFile/ || /^RssShmem/ { mapped += $2 } END { print own, mapped }' \
            "/proc/$worker/status" 2> /dev/null >> "$work/seen" || true
    done
    sleep 0.5
done
wait $pid || { cat "$work/log"; exit 1; }
awk -v m="$minutes" '$1 > own { own = $1 } $2 > mapped { mapped = $2 }
    END { printf "the sound of %d minutes: own %.0f MB, mapped %.0f MB\n", m, own / 1024, mapped / 1024 }' "$work/seen"

printf 'chunk after chunk at 128x72:\n'
TABLE=1 CHUNKS=200 sh "$here/../whole/growth.sh"
