#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What the engine costs against what can't be spared, and against ffmpeg: six
# highlights out of a long 1080p25 recording, in three shapes, with captions and
# titles, one set of x264 settings for all. Prints one table.
#
#   L        a decode of each range alone, and x264 alone on the same frames
#            from a raw pipe, one thread, in CPU seconds; nothing subtracted
#   plain    one ffmpeg command per clip and preset, as ffmpeg comes
#   script   the best script by hand: input seek, one decode with three outputs,
#            one thread each, as many commands at once as there are processors
#
# The engine's figures hold all that it does: sound, files, packages, checks;
# L holds pictures only. "less checks" subtracts the CPU time that workers
# spent on proving what they made, by last-run.json; from the wall, that time
# over the processors. Other load on the machine shows in the wall figures.
#
# usage: REELPRESS=… engine.sh [seconds per highlight, 8 [minutes of recording, 10]]
set -eu
. "$(dirname "$0")/../whole/lib.sh"
length=${1:-8}
minutes=${2:-10}
cores=$(nproc)
session="$work/session"
source="$session/recordings/cam1.mp4"
speed=${SPEED:-veryfast}

# --- the recording: 20 s of grain and movement, again and again -------------------
session_yaml "$session" 宽 wide 竖 tall 方 square
$quietly -f lavfi -i "testsrc2=s=1920x1080:r=25:d=20" -f lavfi -i "$(click_source 20)" \
    -vf "noise=alls=8:allf=t,format=yuv420p" -c:v libx264 -preset superfast -bf 2 \
    -g 50 -b:v 20M -colorspace bt709 -color_primaries bt709 -color_trc bt709 \
    -color_range tv -c:a aac -ac 2 "$work/piece.mp4"
$quietly -stream_loop $((minutes * 3 - 1)) -i "$work/piece.mp4" -c copy "$source"
rm "$work/piece.mp4"

same="speed: $speed
crf: 23
keyint: 2
rate: 25
straps: no
logo: no
music: no
transitions: no
card: no
natural_sound: yes"
preset "$session" wide "width: 1920" "height: 1080" "fit: inside" "$same"
preset "$session" tall "width: 1080" "height: 1920" "fit: fill" "$same"
preset "$session" square "width: 1080" "height: 1080" "fit: fill" "$same"
# The key frame interval and speed stand once: lib's lines come first.
for name in wide tall square; do
    sed -i -e '/^speed: superfast/d' -e '/^crf: 20/d' -e '/^keyint/d' "$session/presets/$name.yaml"
done

begin() { awk -v k="$1" -v m="$minutes" 'BEGIN { printf "%.2f", k * m * 60 / 7 + 1.36 }'; }
{
    printf 'source,start,duration,title,caption\n'
    for k in 1 2 3 4 5 6; do
        printf 'cam1,%s,%s,第%d段的标题,这是第一句话，说得很慢，这是第二句话，也说得很清楚。\n' \
            "$(begin $k)" "$length" $k
    done
} > "$session/highlights.csv"

# --- measuring --------------------------------------------------------------------
# took NAME COMMAND…: adds wall, CPU seconds and the largest process to NAME's.
took() {
    name=$1
    shift
    /usr/bin/time -a -o "$work/time.$name" -f '%e %U %S %M' "$@"
}
wall() { awk '{ s += $1 } END { printf "%.2f", s }' "$work/time.$1"; }
cpu() { awk '{ s += $2 + $3 } END { printf "%.2f", s }' "$work/time.$1"; }
peak() { awk '{ if ($4 > m) m = $4 } END { printf "%d", m / 1024 }' "$work/time.$1"; }
counter() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" "$session/.reelpress/last-run.json"; }
over() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }
less() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a - b }'; }

# --- the engine -------------------------------------------------------------------
took look "$REELPRESS" plan --json "$session" > "$work/plan" 2> /dev/null
took engine "$REELPRESS" make -q -j"$cores" "$session" > "$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }
checks=$(awk -v ms="$(counter check_cpu_ms)" 'BEGIN { printf "%.2f", ms / 1000 }')
parameters=$(grep -o '"encoder":"[^"]*"' "$work/plan" | head -n 1 | sed 's/.*:"\(.*\)"/\1/')
x264="-c:v libx264 -preset $speed -profile:v high -x264-params $(printf '%s' "$parameters" |
    tr ':' '\n' | grep -vE '^(preset|profile|level|fps|sar)=' | paste -sd: -)"

shape() { # preset: what stands before the drawing
    case $1 in
    wide) printf 'null' ;;
    tall) printf 'crop=ih*9/16:ih,scale=1080:1920' ;;
    square) printf 'crop=ih:ih' ;;
    esac
}
drawn() { # highlight preset
    cp "$session/.reelpress/scripts/$(printf '%02d' "$1")-"*".$2.ass" "$work/$1.$2.ass"
    printf '%s,ass=%s' "$(shape "$2")" "$work/$1.$2.ass"
}

# --- L ------------------------------------------------------------------------------
for k in 1 2 3 4 5 6; do
    took decode ffmpeg -nostdin -v error -threads 1 -ss "$(begin $k)" -i "$source" -t "$length" \
        -an -f null -
    for name in wide tall square; do
        # shellcheck disable=SC2086
        $quietly -threads 1 -ss "$(begin $k)" -i "$source" -t "$length" -an \
            -vf "$(drawn $k $name)" -f yuv4mpegpipe - |
            took x264 ffmpeg -v error -threads 1 -i - $x264 -threads 1 -f null -
    done
done
floor=$(awk -v a="$(cpu decode)" -v b="$(cpu x264)" 'BEGIN { print a + b }')

# --- ffmpeg as it comes ---------------------------------------------------------------
for k in 1 2 3 4 5 6; do
    for name in wide tall square; do
        took plain $quietly -ss "$(begin $k)" -i "$source" -t "$length" -vf "$(drawn $k $name)" \
            -c:v libx264 -preset "$speed" -crf 23 -g 50 -c:a aac -b:a 192k "$work/plain.mp4"
    done
done

# --- the best script ------------------------------------------------------------------
cat > "$work/one.sh" << ONE
set -eu
exec $quietly -threads 1 -ss "\$2" -t $length -i "$source" -filter_complex_threads 1 \\
    -filter_complex "[0:v]split=3[a][b][c];[a]\$3[A];[b]\$4[B];[c]\$5[C]" \\
    -map '[A]' -map 0:a $x264 -threads 1 -c:a aac -b:a 192k "$work/script.\$1.a.mp4" \\
    -map '[B]' -map 0:a $x264 -threads 1 -c:a aac -b:a 192k "$work/script.\$1.b.mp4" \\
    -map '[C]' -map 0:a $x264 -threads 1 -c:a aac -b:a 192k "$work/script.\$1.c.mp4"
ONE
for k in 1 2 3 4 5 6; do
    printf '%s\n' $k "$(begin $k)" "$(drawn $k wide)" "$(drawn $k tall)" "$(drawn $k square)"
done > "$work/jobs"
took script xargs -P "$cores" -n 5 -d '\n' sh "$work/one.sh" < "$work/jobs"

# --- the table --------------------------------------------------------------------------
engine=$(cpu engine)
row() { printf '%-44s %10s %10s\n' "$@"; }
printf '6 x %s s from %s min of 1080p25, 3 shapes, %s, %s processors, load %s\n\n' "$length" \
    "$minutes" "$speed" "$cores" "$(cut -d' ' -f1-3 /proc/loadavg)"
row '' 'CPU s' 'wall s'
row 'L: decode alone' "$(cpu decode)" ''
row 'L: x264 alone' "$(cpu x264)" ''
row 'reelpress, first look at the recording' "$(cpu look)" "$(wall look)"
row 'reelpress make' "$engine" "$(wall engine)"
row '  of it checks' "$checks" ''
row 'plain ffmpeg, clip by clip and preset' "$(cpu plain)" "$(wall plain)"
row 'best script' "$(cpu script)" "$(wall script)"
printf '\n'
figure() { printf '%-44s %10s   %s\n' "$@"; }
lean=$(less "$engine" "$checks")
leanwall=$(awk -v w="$(wall engine)" -v c="$checks" -v n="$cores" 'BEGIN { print w - c / n }')
figure 'CPU / L, less checks' "$(over "$lean" "$floor")" 'at most 1.05'
figure 'CPU / L' "$(over "$engine" "$floor")" 'at most 1.20'
figure 'wall x processors / L, less checks' \
    "$(awk -v w="$leanwall" -v n="$cores" -v l="$floor" 'BEGIN { printf "%.3f", w * n / l }')" 'at most 1.06'
figure 'wall / plain ffmpeg' "$(over "$(wall engine)" "$(wall plain)")" 'at most 0.78'
figure 'wall / best script' "$(over "$(wall engine)" "$(wall script)")" 'at most 0.95'
figure 'CPU / plain ffmpeg' "$(over "$engine" "$(cpu plain)")" ''
figure 'CPU / best script' "$(over "$engine" "$(cpu script)")" ''
figure 'CPU less checks / best script' "$(over "$lean" "$(cpu script)")" ''
figure 'frames decoded / frames needed' \
    "$(over "$(counter frames_decoded)" "$(counter frames_needed)")" \
    "$(counter frames_decoded) of $(counter frames_needed)"
figure 'peak memory of a worker, MB' "$(peak engine)" 'script: '"$(peak script)"
