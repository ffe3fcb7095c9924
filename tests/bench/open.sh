#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What it costs to open a recording and to find six highlights of a second in
# it: in ten minutes and in three hours of the same, in each container. Small
# pictures, but as many packets as a camera's. Three runs each:
#
#   plan    the first look, nothing is known of the file
#   memo    the same again
#   make    the films, 128 x 72, by one worker, after the look: what the reader
#           and the sound reader need to get to the places
#
# CPU in milliseconds, bytes read by all processes in MB; the last columns are
# three hours over ten minutes.
#
# usage: REELPRESS=… open.sh [container…: mp4 mov mkv fmp4 mxf ts]
set -eu
. "$(dirname "$0")/../whole/lib.sh"
containers=${*:-mp4 mov mkv fmp4 mxf ts}
session="$work/session"
session_yaml "$session" 网站 wide
preset "$session" wide "width: 128" "height: 72" "rate: 25"
source="$session/recordings/cam1"

# As OBS writes fragments.
ending() { case $1 in fmp4) printf mp4 ;; *) printf '%s' "$1" ;; esac; }
muxer() { case $1 in fmp4) printf '%s' '-movflags frag_keyframe+empty_moov+delay_moov' ;; esac; }

piece() { # container
    # shellcheck disable=SC2086
    case $1 in
    mxf) coder='-c:v mpeg2video -b:v 300k -bf 2 -g 12 -c:a pcm_s16le -ac 1' ;;
    *) coder='-c:v libx264 -preset ultrafast -x264-params bframes=2:keyint=50:scenecut=0 -c:a aac -ac 1 -b:a 48k' ;;
    esac
    # shellcheck disable=SC2086
    $quietly -f lavfi -i "testsrc2=s=320x180:r=25:d=60" -f lavfi -i "sine=f=440:r=48000:d=59.9" \
        -pix_fmt yuv420p $coder "$work/piece.$(ending "$1")"
}

rows() { # minutes
    printf 'source,start,duration,title\n'
    for k in 1 2 3 4 5 6; do
        awk -v k=$k -v m="$1" 'BEGIN { printf "cam1,%.2f,1,%d\n", k * m * 60 / 7 + 1.36, k }'
    done
}

# cost NAME COMMAND…: CPU milliseconds and MB read into NAME's file.
cost() {
    name=$1
    shift
    # shellcheck disable=SC2016
    bash -c 'TIMEFORMAT="%U %S"; time "$@" > /dev/null 2>> "$0"; cat /proc/self/io' "$work/log" "$@" \
        2>&1 | awk 'NR == 1 { cpu = ($1 + $2) * 1000 }
                    /^rchar/ { printf "%.0f %.1f\n", cpu, $2 / 1e6 }' > "$work/cost.$name"
}
cpu() { cut -d' ' -f1 "$work/cost.$1"; }
read_mb() { cut -d' ' -f2 "$work/cost.$1"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

row() { printf '%-6s %-5s %9s %9s %9s %9s %10s %10s\n' "$@"; }
row '' '' '10 min' '' '3 h' '' '3 h/10 min' ''
row '' '' 'CPU ms' 'MB' 'CPU ms' 'MB' CPU bytes
for container in $containers; do
    piece "$container"
    for minutes in 10 180; do
        rm -rf "$session/.reelpress" "$session/out" "$source".*
        # shellcheck disable=SC2046
        $quietly -stream_loop $((minutes - 1)) -i "$work/piece.$(ending "$container")" -c copy \
            $(muxer "$container") "$source.$(ending "$container")"
        touch -d '1 minute ago' "$source.$(ending "$container")"
        rows $minutes > "$session/highlights.csv"
        cost plan$minutes "$REELPRESS" plan -j1 "$session"
        cost memo$minutes "$REELPRESS" plan -j1 "$session"
        cost make$minutes "$REELPRESS" make -q -j1 "$session"
        [ -s "$session/out/report.json" ] || { cat "$work/log"; exit 1; }
    done
    for run in plan memo make; do
        row "$container" $run "$(cpu ${run}10)" "$(read_mb ${run}10)" "$(cpu ${run}180)" \
            "$(read_mb ${run}180)" "$(ratio "$(cpu ${run}180)" "$(cpu ${run}10)")" \
            "$(ratio "$(read_mb ${run}180)" "$(read_mb ${run}10)")"
    done
    rm -f "$source".* "$work/piece".*
done
