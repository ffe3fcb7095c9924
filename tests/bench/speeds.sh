#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# x264's speed presets against size and quality, coded as the program codes: one
# thread, its whole parameter string, from raw pictures. For each speed: CPU
# seconds per minute of film at the middle crf, and size, SSIM and PSNR at three;
# then the size and the CPU time at the quality that veryfast has at the middle
# crf, which is what speeds can be compared by: at one crf they differ in both.
# Frames to look at are left in the folder that LOOK names.
#
# usage: [CORPUS=folder of real media] [LOOK=folder] speeds.sh [seconds, 8 [shape,
#        wide or tall [crfs, "17 20 23" [speeds]]]]
set -eu
MEASURE=${MEASURE:-}
. "$(dirname "$0")/../whole/lib.sh"
. "$(dirname "$0")/talk.sh"
seconds=${1:-8}
piece_s=4
shape=${2:-wide}
crfs=${3:-17 20 23}
speeds=${4:-superfast veryfast faster fast medium slow}
middle=$(printf '%s\n' "$crfs" | awk '{ print $2 }')
# An upright film of a landscape recording: the picture on its own blur.
case $shape in
wide) drawn=null ;;
tall) drawn='split[a][b];[a]scale=270:480:force_original_aspect_ratio=increase,crop=270:480,gblur=12,scale=1080:1920[c];[b]scale=1080:608:flags=spline[d];[c][d]overlay=0:656' ;;
*) printf 'wide or tall\n' >&2; exit 2 ;;
esac

talk_footage "$work/master.mkv" "$seconds"
$quietly -i "$work/master.mkv" -filter_complex "[0:v]$drawn" -pix_fmt yuv420p \
    "$work/talk.y4m"
rm "$work/master.mkv"

parameters() { # speed crf
    printf '%s' "-c:v libx264 -preset $1 -profile:v high -x264-params crf=$2:keyint=50:threads=1:cpu-independent=1:stitchable=1:open-gop=0:force-cfr=1:colorprim=bt709:transfer=bt709:colormatrix=bt709:fullrange=off"
}
quality() { # file: "SSIM PSNR" over all planes
    ffmpeg -nostdin -hide_banner -i "$1" -i "$work/talk.y4m" -an -lavfi \
        '[0:v]settb=1/25,setpts=N,split[a][b];[1:v]settb=1/25,setpts=N,split[c][d];[a][c]ssim;[b][d]psnr' -f null - 2>&1 |
        awk '{ for (i = 1; i <= NF; i++) { if ($i ~ /^All:/) s = substr($i, 5); if ($i ~ /^average:/) p = substr($i, 9) } }
            END { print s, p }'
}
encode() { # speed crf: "speed crf CPU bytes SSIM PSNR"
    # shellcheck disable=SC2046
    /usr/bin/time -o "$work/time.$1.$2" -f '%U %S' ffmpeg -nostdin -loglevel error -y -threads 1 \
        -i "$work/talk.y4m" $(parameters "$1" "$2") -threads 1 "$work/$1.$2.mp4"
    bytes=$(ffprobe -v error -select_streams v -show_entries packet=size -of csv=p=0 "$work/$1.$2.mp4" |
        awk -F, '{ n += $1 } END { print n }')
    printf '%s %s %s %s %s\n' "$1" "$2" "$(awk '{ print $1 + $2 }' "$work/time.$1.$2")" "$bytes" \
        "$(quality "$work/$1.$2.mp4")"
    if [ -n "${LOOK:-}" ]; then
        for at in 0.6 4.6 12.6; do # the lecturer, a face, hands
            $quietly -ss $at -i "$work/$1.$2.mp4" -frames:v 1 "$LOOK/$shape-$1-$2-$at.png"
        done
    fi
    rm "$work/$1.$2.mp4"
}

cores=$(nproc)
jobs=0
for speed in $speeds; do
    for crf in $crfs; do
        encode "$speed" "$crf" > "$work/point.$speed.$crf" &
        jobs=$((jobs + 1))
        [ $((jobs % cores)) != 0 ] || wait
    done
done
wait
for speed in $speeds; do
    for crf in $crfs; do
        cat "$work/point.$speed.$crf"
    done
done > "$work/points"
printf '%s s of %s at 25 pictures a second, %s footage, load %s\n\n' "$seconds" "$shape" \
    "$([ -n "$corpus" ] && printf real || printf generated)" "$(cut -d' ' -f1-3 /proc/loadavg)"
printf '%-10s %4s %12s %10s %9s %8s\n' speed crf 'CPU s/min' kbit/s SSIM PSNR
awk -v s="$seconds" '{ printf "%-10s %4s %12.1f %10d %9s %8.2f\n", $1, $2, $3 * 60 / s, $4 * 8 / s / 1000, $5, $6 }' "$work/points"
printf '\nat the SSIM of veryfast, crf %s: size and CPU time beside its own\n' "$middle"
awk -v middle="$middle" 'function db(s) { return -10 * log(1 - s) / log(10) }
    { k = ++n[$1]; if (k == 1) order[++m] = $1
      q[$1, k] = db($5); l[$1, k] = log($4); t[$1, k] = $3; c[$1, k] = $2
      if ($1 == "veryfast" && $2 == middle) { want = db($5); size = $4; time = $3 } }
    END { for (j = 1; j <= m; j++) { v = order[j]
            for (k = 1; k < n[v] - 1 && want < q[v, k + 1]; k++);
            x = (want - q[v, k]) / (q[v, k + 1] - q[v, k])
            printf "%-10s crf %5.2f  size %+6.1f %%  time x%.2f\n", v, c[v, k] + x * (c[v, k + 1] - c[v, k]),
                100 * (exp(l[v, k] + x * (l[v, k + 1] - l[v, k])) / size - 1),
                (t[v, k] + x * (t[v, k + 1] - t[v, k])) / time } }' "$work/points"
