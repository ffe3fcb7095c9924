#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What chunks cost: the same clip coded in chunks of four seconds and as one, by
# the program itself, at four crf each. Prints size, SSIM and PSNR, and the
# difference in size at equal quality (the mean over the common range of
# quality, log sizes interpolated piecewise: Bjøntegaard's measure).
#
# usage: REELPRESS=… [CORPUS=folder of real media] chunks.sh [seconds, 28 [speed, veryfast [height, 1080]]]
set -eu
. "$(dirname "$0")/../whole/lib.sh"
. "$(dirname "$0")/talk.sh"
seconds=${1:-28}
speed=${2:-veryfast}
frame_h=${3:-1080}
frame_w=$((frame_h * 16 / 9))
[ "$seconds" -le 60 ] || { printf 'at most 60 seconds: the longest chunk there is\n'; exit 2; }

talk_footage "$work/source.mkv" "$seconds"

film() { printf '%s/%s/out/crf%s/01.mp4' "$work" "$1" "$2"; }
crfs='17 20 23 26'
for way in 4 60; do
    session="$work/$way"
    # shellcheck disable=SC2046
    session_yaml "$session" $(for crf in $crfs; do printf 'crf%s crf%s ' "$crf" "$crf"; done)
    ln "$work/source.mkv" "$session/recordings/cam1.mkv"
    printf 'source,start,end\ncam1,0,%s\n' "$seconds" > "$session/highlights.csv"
    for crf in $crfs; do
        preset "$session" "crf$crf" "width: $frame_w" "height: $frame_h" "rate: 25" "chunk: $way" "$bare"
        sed -i -e "s/^crf: .*/crf: $crf/" -e "s/^speed: .*/speed: $speed/" "$session/presets/crf$crf.yaml"
    done
    "$REELPRESS" make -q "$session" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
done

# Pictures only, in bytes.
bytes() {
    ffprobe -v error -select_streams v -show_entries packet=size -of csv=p=0 "$1" |
        awk -F, '{ n += $1 } END { print n }'
}
quality() { # file: "SSIM PSNR" over all planes
    ffmpeg -nostdin -hide_banner -i "$1" -i "$work/source.mkv" -an -lavfi \
        '[0:v]settb=1/25,setpts=N,split[a][b];[1:v]settb=1/25,setpts=N,split[c][d];[a][c]ssim;[b][d]psnr' -f null - 2>&1 |
        awk '{ for (i = 1; i <= NF; i++) { if ($i ~ /^All:/) s = substr($i, 5); if ($i ~ /^average:/) p = substr($i, 9) } }
            END { print s, p }'
}
printf '%s s of %sx%s at 25 pictures a second, %s, %s footage\n\n' "$seconds" "$frame_w" "$frame_h" "$speed" \
    "$([ -n "$corpus" ] && printf real || printf generated)"
printf '%-6s %14s %9s %9s   %14s %9s %9s   %8s\n' crf 'one: bytes' SSIM PSNR 'chunks: bytes' SSIM PSNR 'bytes'
for crf in $crfs; do
    for way in 60 4; do
        printf '%s %s %s %s\n' $way "$crf" "$(bytes "$(film $way "$crf")")" "$(quality "$(film $way "$crf")")"
    done
done > "$work/points"
awk '$1 == 60 { b = $3; s = $4; p = $5 }
    $1 == 4 { printf "%-6s %14d %9s %9s   %14d %9s %9s   %+7.2f %%\n", $2, b, s, p, $3, $4, $5, 100 * ($3 / b - 1) }' "$work/points"
# Quality as dB in both measures; log size over it, walked in fine steps.
awk 'function at(w, m, x,   i) {
        for (i = 1; i < n[w] - 1 && x < q[w, m, i + 1]; i++);
        return l[w, i] + (l[w, i + 1] - l[w, i]) * (x - q[w, m, i]) / (q[w, m, i + 1] - q[w, m, i]) }
    { i = ++n[$1]; l[$1, i] = log($3); q[$1, 1, i] = -10 * log(1 - $4) / log(10); q[$1, 2, i] = $5 }
    END { for (m = 1; m <= 2; m++) {
            high = q[60, m, 1] < q[4, m, 1] ? q[60, m, 1] : q[4, m, 1]
            low = q[60, m, n[60]] > q[4, m, n[4]] ? q[60, m, n[60]] : q[4, m, n[4]]
            for (k = 0; k <= 200; k++) { x = low + (high - low) * k / 200; d[m] += at(4, m, x) - at(60, m, x) }
            d[m] = 100 * (exp(d[m] / 201) - 1) }
        printf "\nsize of chunks at equal SSIM %+.2f %%, at equal PSNR %+.2f %%\n", d[1], d[2] }' "$work/points"
