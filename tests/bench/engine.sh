#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What the engine costs against what can't be spared, and against others: some
# highlights out of a long 1080p25 recording, in three shapes and in one, with
# captions and titles, one set of x264 settings for all. Prints one table.
#
#   L        a decode of each range alone, and x264 alone on the same frames
#            from a raw pipe, one thread, in CPU seconds; nothing subtracted
#   plain    one ffmpeg command per clip and preset, as ffmpeg comes
#   script   the best script by hand: input seek, one decode with all outputs,
#            one thread each, as many commands at once as there are processors
#   melt     one melt command per clip and preset, as melt comes
#
# The engine's figures hold all that it does: sound, files, packages, checks;
# L holds pictures only. "less checks" subtracts the CPU time that workers
# spent on proving what they made, by last-run.json (measured around each proof
# with the process's own CPU clock); from the wall, that time over the
# processors. Other load on the machine shows in the wall figures.
#
# usage: REELPRESS=… [CORPUS=folder of real media] engine.sh [seconds per highlight, 8 [minutes of recording, 10]]
#   HIGHLIGHTS=6     how many
#   SPEED=veryfast   x264's preset
#   ONLY="PART…"     of: engine one floor plain script melt table; default: all
#   FOLDER=DIR       keeps the recording and every measurement there, so that a
#                    long job can be measured in pieces (ONLY, or again after
#                    it was interrupted): what is measured is not measured again
set -eu
. "$(dirname "$0")/../whole/lib.sh"
. "$(dirname "$0")/talk.sh"
length=${1:-8}
minutes=${2:-10}
count=${HIGHLIGHTS:-6}
speed=${SPEED:-veryfast}
parts=${ONLY:-engine one floor plain script melt table}
cores=$(nproc)
shapes='wide tall square'
if [ -n "${FOLDER:-}" ]; then
    rmdir "$work"
    work=$FOLDER
    KEEP=yes
    mkdir -p "$work"
fi
session="$work/session"
source="$session/recordings/cam1.mp4"
numbers=$(seq "$count")

job="$count x $length s of $minutes min${corpus:+ of real footage}, $speed"
[ -f "$work/job" ] || printf '%s\n' "$job" > "$work/job"
[ "$(cat "$work/job")" = "$job" ] ||
    { printf '%s holds another job: %s\n' "$work" "$(cat "$work/job")" >&2; exit 2; }

# --- measuring --------------------------------------------------------------------
# took NAME COMMAND…: wall, CPU seconds and the largest process, once.
took() {
    name=$1
    shift
    /usr/bin/time -o "$work/new" -f '%e %U %S %M' "$@" && mv "$work/new" "$work/time.$name"
}
is_known() { [ -f "$work/time.$1" ]; }
# Sums over the names that the pattern matches; nothing where none does.
# shellcheck disable=SC2086
taken() { cat "$work"/time.$1 2> /dev/null || true; }
wall() { taken "$1" | awk '{ s += $1 } END { if (NR) printf "%.2f", s }'; }
cpu() { taken "$1" | awk '{ s += $2 + $3 } END { if (NR) printf "%.2f", s }'; }
peak() { taken "$1" | awk '{ if ($4 > m) m = $4 } END { if (NR) printf "%d", m / 1024 }'; }
# counted RUN NAME: a figure of that run's journal.
counted() { sed -n "s/.*\"$2\": *\([0-9]*\).*/\1/p" "$work/run.$1" 2> /dev/null || true; }
# reckon EXPRESSION A B C: "-" unless all three are known.
reckon() {
    [ -n "$2" ] && [ -n "$3" ] && [ -n "${4-0}" ] || { printf -- '-'; return; }
    awk -v a="$2" -v b="$3" -v c="${4-0}" "BEGIN { printf \"%.3f\", $1 }"
}

# --- the recording: half a minute of talk, again and again, as a camera codes it --
begin() { awk -v k="$1" -v m="$minutes" -v n="$count" 'BEGIN { printf "%.2f", k * m * 60 / (n + 1) + 1.36 }'; }

make_session() {
    session_yaml "$session" 宽 wide 竖 tall 方 square
    # Looped without sound: that is never as long as the pictures, and each round
    # would begin a little late, which no camera does.
    talk_footage "$work/master.mkv" 35
    $quietly -i "$work/master.mkv" -pix_fmt yuv420p -c:v libx264 -preset superfast -bf 2 \
        -g 50 -b:v 20M -colorspace bt709 -color_primaries bt709 -color_trc bt709 \
        -color_range tv "$work/piece.mp4"
    rm "$work/master.mkv"
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
    # Speed and crf stand once: lib's lines come first.
    for name in $shapes; do
        sed -i -e '0,/^speed:/{//d}' -e '0,/^crf:/{//d}' "$session/presets/$name.yaml"
    done
    {
        printf 'source,start,duration,title,caption\n'
        for k in $numbers; do
            printf 'cam1,%s,%s,第%d段的标题,这是第一句话，说得很慢，这是第二句话，也说得很清楚。\n' \
                "$(begin "$k")" "$length" "$k"
        done
    } > "$session/highlights.csv"
    $quietly -stream_loop -1 -i "$work/piece.mp4" \
        -f lavfi -i "$(click_source $((minutes * 60)))" -map 0:v -map 1:a -c:v copy -c:a aac -ac 2 \
        -t $((minutes * 60)) \
        "$work/whole.mp4"
    rm "$work/piece.mp4"
    mv "$work/whole.mp4" "$source"
}

# --- the engine -------------------------------------------------------------------
# make_all NAME OPTION…: a first look, then all from nothing; its own journal.
make_all() {
    run=$1
    shift
    is_known "$run" && return
    rm -rf "$session/.reelpress" "$session/out"
    took "look.$run" "$REELPRESS" plan --json "$session" > "$work/plan" 2> /dev/null
    took "$run" "$REELPRESS" make -q -j"$cores" "$@" "$session" > "$work/log" 2>&1 ||
        { cat "$work/log"; exit 1; }
    cp "$session/.reelpress/last-run.json" "$work/run.$run"
    rm -rf "$session/out"
}
part_engine() {
    make_all engine
    mkdir -p "$work/scripts"
    [ ! -d "$session/.reelpress/scripts" ] || cp "$session/.reelpress/scripts/"*.ass "$work/scripts/"
    grep -o '"encoder":"[^"]*"' "$work/plan" | head -n 1 | sed 's/.*:"\(.*\)"/\1/' > "$work/encoder"
}
part_one() { make_all one -p wide; }

# What the others need of the engine: the same text, the same settings.
borrow() {
    [ -f "$work/encoder" ] || part_engine
    x264="-c:v libx264 -preset $speed -profile:v high -x264-params $(tr ':' '\n' < "$work/encoder" |
        grep -vE '^(preset|profile|level|fps|sar)=' | paste -sd: -)"
}
shape() { # preset: what stands before the drawing
    case $1 in
    wide) printf 'null' ;;
    tall) printf 'crop=ih*9/16:ih,scale=1080:1920' ;;
    square) printf 'crop=ih:ih' ;;
    esac
}
text() { # highlight preset: the script's file, under a name without surprises
    cp "$work/scripts/$(printf '%02d' "$1")-"*".$2.ass" "$work/$1.$2.ass"
    printf '%s' "$work/$1.$2.ass"
}
drawn() { printf '%s,ass=%s' "$(shape "$2")" "$(text "$1" "$2")"; } # highlight preset

# --- L ------------------------------------------------------------------------------
part_floor() {
    borrow
    for k in $numbers; do
        is_known "decode.$k" ||
            took "decode.$k" ffmpeg -nostdin -v error -threads 1 -ss "$(begin "$k")" -i "$source" \
                -t "$length" -an -f null -
        for name in $shapes; do
            is_known "x264.$k.$name" && continue
            # shellcheck disable=SC2086
            $quietly -threads 1 -ss "$(begin "$k")" -i "$source" -t "$length" -an \
                -vf "$(drawn "$k" "$name")" -f yuv4mpegpipe - |
                took "x264.$k.$name" ffmpeg -v error -threads 1 -i - $x264 -threads 1 -f null -
        done
    done
}

# --- ffmpeg as it comes ---------------------------------------------------------------
part_plain() {
    borrow
    for k in $numbers; do
        for name in $shapes; do
            is_known "plain.$k.$name" ||
                took "plain.$k.$name" $quietly -ss "$(begin "$k")" -i "$source" -t "$length" \
                    -vf "$(drawn "$k" "$name")" -c:v libx264 -preset "$speed" -crf 23 -g 50 \
                    -c:a aac -b:a 192k "$work/plain.mp4"
        done
    done
}

# --- the best script ------------------------------------------------------------------
part_script() {
    borrow
    each="$x264 -threads 1 -c:a aac -b:a 192k"
    cat > "$work/three.sh" << THREE
exec $quietly -threads 1 -ss "\$2" -t $length -i "$source" -filter_complex_threads 1 \\
    -filter_complex "[0:v]split=3[a][b][c];[a]\$3[A];[b]\$4[B];[c]\$5[C]" \\
    -map '[A]' -map 0:a $each "$work/script.\$1.a.mp4" \\
    -map '[B]' -map 0:a $each "$work/script.\$1.b.mp4" \\
    -map '[C]' -map 0:a $each "$work/script.\$1.c.mp4"
THREE
    cat > "$work/single.sh" << SINGLE
exec $quietly -threads 1 -ss "\$2" -t $length -i "$source" -filter_threads 1 -vf "\$3" \\
    $each "$work/script.\$1.a.mp4"
SINGLE
    for k in $numbers; do
        printf '%s\n' "$k" "$(begin "$k")" "$(drawn "$k" wide)" "$(drawn "$k" tall)" "$(drawn "$k" square)"
    done > "$work/jobs"
    for k in $numbers; do
        printf '%s\n' "$k" "$(begin "$k")" "$(drawn "$k" wide)"
    done > "$work/jobs.one"
    is_known script || took script xargs -P "$cores" -n 5 -d '\n' sh "$work/three.sh" < "$work/jobs"
    is_known script1 || took script1 xargs -P "$cores" -n 3 -d '\n' sh "$work/single.sh" < "$work/jobs.one"
    rm -f "$work"/script.*.mp4
}

# --- melt -----------------------------------------------------------------------------
melt_profile() { # width height
    printf 'description=of a test\n' # it falls over without
    printf 'frame_rate_num=25\nframe_rate_den=1\nprogressive=1\ncolorspace=709\n'
    printf 'sample_aspect_num=1\nsample_aspect_den=1\nwidth=%d\nheight=%d\n' "$1" "$2"
    printf 'display_aspect_num=%d\ndisplay_aspect_den=%d\n' "$1" "$2"
}
part_melt() {
    command -v melt > /dev/null || { printf 'melt is not installed: left out\n'; return; }
    borrow
    melt_profile 1920 1080 > "$work/wide.profile"
    melt_profile 1080 1920 > "$work/tall.profile"
    melt_profile 1080 1080 > "$work/square.profile"
    for k in $numbers; do
        from=$(awk -v b="$(begin "$k")" 'BEGIN { printf "%d", b * 25 + 0.5 }')
        for name in $shapes; do
            is_known "melt.$k.$name" && continue
            case $name in
            wide) crop= ;;
            tall) crop='-attach crop left=656 right=656' ;;
            square) crop='-attach crop left=420 right=420' ;;
            esac
            # shellcheck disable=SC2086
            took "melt.$k.$name" env QT_QPA_PLATFORM=offscreen melt -silent \
                -profile "$work/$name.profile" "$source" in="$from" out=$((from + length * 25 - 1)) \
                $crop -attach avfilter.ass av.filename="$(text "$k" "$name")" \
                -consumer avformat:"$work/melt.mp4" vcodec=libx264 preset="$speed" crf=23 g=50 \
                acodec=aac ab=192k > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
        done
    done
    rm -f "$work/melt.mp4"
}

# --- the table --------------------------------------------------------------------------
row() { printf '%-44s %10s %10s %10s\n' "$@"; }
rows() { # TITLE PATTERN
    row "$1" "$(cpu "$2")" "$(wall "$2")" "$(peak "$2")"
}
figure() { printf '%-44s %10s   %s\n' "$@"; }
# compared RUN L SCRIPT BAR-OF-CPU BAR-OF-SCRIPT SHAPE BAR-OF-PLAIN: against the pattern's peers
compared() {
    engine=$(cpu "$1") checks=$(reckon 'a / 1000 + b' "$(counted "$1" check_cpu_ms)" 0)
    lean=$(reckon 'a - b' "$engine" "${checks#-}")
    w=$(wall "$1")
    figure 'CPU / L, less checks' "$(reckon 'a / b' "${lean#-}" "$2")" "$3"
    figure 'CPU / L' "$(reckon 'a / b' "$engine" "$2")" 'at most 1.20'
    figure 'wall x processors / L, less checks' \
        "$(reckon "(a - c / $cores) * $cores / b" "$w" "$2" "${checks#-}")" 'at most 1.06'
    figure 'wall x processors / L' "$(reckon "a * $cores / b" "$w" "$2")" ''
    figure 'wall / plain ffmpeg' "$(reckon 'a / b' "$w" "$(wall "plain.$4")")" "$5"
    figure 'wall / best script' "$(reckon 'a / b' "$w" "$(wall "$6")")" 'at most 0.95'
    figure 'wall / melt' "$(reckon 'a / b' "$w" "$(wall "melt.$4")")" 'at most 0.80'
    figure 'CPU / best script' "$(reckon 'a / b' "$engine" "$(cpu "$6")")" ''
    figure 'CPU less checks / best script' "$(reckon 'a / b' "${lean#-}" "$(cpu "$6")")" ''
    figure 'pictures decoded / needed' \
        "$(reckon 'a / b' "$(counted "$1" frames_decoded)" "$(counted "$1" frames_needed)")" \
        "$(counted "$1" frames_decoded) of $(counted "$1" frames_needed)"
    figure 'peak memory of a worker, MB' "$(peak "$1")" "$7"
}
part_table() {
    printf '%s, 1080p25, %s processors\n\n' "$job" "$cores"
    row '' 'CPU s' 'wall s' 'peak MB'
    rows 'L: decode alone' 'decode.*'
    rows 'L: x264 alone, wide' 'x264.*.wide'
    rows 'L: x264 alone, all shapes' 'x264.*'
    rows 'reelpress, first look at the recording' look.engine
    rows 'reelpress make, all shapes' engine
    row '  of it checks' "$(reckon 'a / 1000 + b' "$(counted engine check_cpu_ms)" 0)" '' ''
    rows 'reelpress make, wide' one
    row '  of it checks' "$(reckon 'a / 1000 + b' "$(counted one check_cpu_ms)" 0)" '' ''
    rows 'plain ffmpeg, all shapes' 'plain.*'
    rows 'plain ffmpeg, wide' 'plain.*.wide'
    rows 'best script, all shapes' script
    rows 'best script, wide' script1
    rows 'melt, all shapes' 'melt.*'
    rows 'melt, wide' 'melt.*.wide'
    printf '\nthree shapes\n'
    floor=$(reckon 'a + b' "$(cpu 'decode.*')" "$(cpu 'x264.*')")
    compared engine "${floor#-}" 'at most 1.05' '*' 'at most 0.78' script "script: $(peak script)"
    printf '\none shape\n'
    floor=$(reckon 'a + b' "$(cpu 'decode.*')" "$(cpu 'x264.*.wide')")
    compared one "${floor#-}" 'at most 1.03' '*.wide' 'at most 0.88' script1 \
        "script: $(peak script1); at most 300"
}

[ -f "$source" ] || make_session
for part in $parts; do
    case $part in
    engine | one | floor | plain | script | melt | table) "part_$part" ;;
    *) printf 'no such part: %s\n' "$part" >&2; exit 2 ;;
    esac
done
