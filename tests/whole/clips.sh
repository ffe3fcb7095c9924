#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Pictures exactly as the list asks, sound as long as the pictures, flash and
# click together from the first second to the last, over ten joins; two rates,
# two containers, two shapes; a recording that can't be sought.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/第67期 \"七一\" (终)"

session_yaml "$session" 宽屏 wide 竖屏 tall 清样 clean25
preset "$session" wide "width: 640" "height: 360" "rate: 25" "$bare"
preset "$session" tall "width: 360" "height: 640" "rate: 25" "fit: fill" "$bare"
preset "$session" clean25 "width: 640" "height: 360" "rate: source<=30" "natural_sound: yes" "loudness: -24" "true_peak: -2" "$bare"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 640 360 25 66 $h264_b
# Without priming in its sound, or Matroska would begin its pictures late.
# shellcheck disable=SC2086
numbered "$session/recordings/cam2.mkv" 640 360 30 12 $h264 -c:a pcm_s16le

{
    printf '\357\273\277短片,素材,开始,结束,标题\r\n'
    printf '合辑,cam1,0:02.00,0:07.96,十个接点\r\n'
    for start in 31 12 44 20 3 52 17 39 8; do
        printf ',cam1,%d.48,%d.96,\r\n' $start $((start + 5))
    done
    printf ',cam1,54.00,60.00,\r\n'
    printf '三十帧,cam2,1.5,7.3,三十帧每秒\r\n'
    printf '单独,cam1,3.48,5.00,一秒半\r\n'
} > "$session/highlights.csv"

"$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 || { fail "make: status $?"; cat "$work/log"; finish; }

# read_back NAME FILE WIDTH HEIGHT [left right y]
read_back() {
    # shellcheck disable=SC2046
    if [ $# -gt 2 ]; then
        "$MEASURE" "$2" "$3" "$4" "$5" > "$work/$1"
    else
        "$MEASURE" "$2" $(number_place 640 360) > "$work/$1"
    fi
    awk '$1 == "frame" { print $4 }' "$work/$1" > "$work/$1.numbers"
}

# Each row's numbers, one after the other: frames nearest to start and end.
{
    seq 50 198
    for start in 31 12 44 20 3 52 17 39 8; do
        seq $((start * 25 + 12)) $((start * 25 + 148))
    done
    seq 1350 1499
} > "$work/wanted"

read_back wide "$session/out/宽屏/01-十个接点.mp4"
cmp "$work/wanted" "$work/wide.numbers" || fail "the pictures of the wide clip are not those of the list"

# The upright frame shows the middle 202.5 pixels of 640: the strip, of 16
# squares of 12 pixels, lies in it from 3/202.5 on.
read_back tall "$session/out/竖屏/01-十个接点.mp4" 0.02593 0.97407 0.2
cmp "$work/wanted" "$work/tall.numbers" || fail "the pictures of the upright clip are not those of the list"

read_back short "$session/out/宽屏/03-一秒半.mp4"
equal "first picture of 3.48-5.00" "$(head -n 1 "$work/short.numbers")" 87
equal "last picture of 3.48-5.00" "$(tail -n 1 "$work/short.numbers")" 124
equal "pictures of 3.48-5.00" "$(wc -l < "$work/short.numbers")" 38

# 30 to 25: 5.8 s are 145 ticks; tick n shows picture 45 + 6n/5.
read_back thirty "$session/out/宽屏/02-三十帧每秒.mp4"
seq 0 144 | awk '{ print 45 + int($1 * 6 / 5) }' > "$work/wanted30"
cmp "$work/wanted30" "$work/thirty.numbers" || fail "30 to 25 shows other pictures than those on display"
read_back source "$session/out/清样/02-三十帧每秒.mp4"
seq 45 218 | cmp - "$work/source.numbers" || fail "at the source's own rate each picture comes once"

for name in wide tall short thirty source; do
    # Sound and picture equally long to one AAC frame (1024/48000 s).
    sound=$(awk '$1 == "sound" { printf "%d", $2 * 1000000 / $3 + $4 }' "$work/$name")
    picture=$(awk '$1 == "picture" { print $3 }' "$work/$name")
    between "$name: sound less picture, us" $((sound - picture)) -21334 21334
    between "$name: sound begins, us" "$(awk '$1 == "sound" { print $4 }' "$work/$name")" -21 21
    has "$name: tags" "$work/$name" "bt709 bt709 bt709 tv High"
done

# Every flash has its click within a picture's time, from first to last. A
# click right at a join is faded and may be missing.
for name in wide tall; do
    awk '
        $1 == "frame" && $5 == 1 { flash[++flashes] = $3 }
        $1 == "click" { click[++clicks] = $2 }
        END {
            for (i = 1; i <= clicks; i++) {
                best = 1e9
                for (k = 1; k <= flashes; k++) {
                    d = click[i] - flash[k]; if (d < 0) d = -d
                    if (d < best) best = d
                }
                if (best > worst) worst = best
            }
            first = click[1]; last = click[clicks]
            print clicks, flashes, worst, first, last
        }' "$work/$name" > "$work/pairs"
    read -r clicks flashes worst first last < "$work/pairs"
    between "$name: clicks heard" "$clicks" 52 62
    between "$name: flashes seen" "$flashes" 52 62
    between "$name: worst distance of flash and click, us" "$worst" 0 40000
    between "$name: first click, us" "$first" 0 1000000
    between "$name: last click, us" "$last" 59000000 62000000
done

# Loudness within 0.5 LU of the target, measured by another program's meter.
loudness() {
    ffmpeg -nostdin -hide_banner -i "$1" -map 0:a -af ebur128 -f null - 2>&1 |
        awk '/Integrated loudness/ { on = 1 } on && /I:/ { print $2; exit }'
}
between "loudness of the wide clip" "$(loudness "$session/out/宽屏/01-十个接点.mp4")" -15.5 -14.5
between "loudness of the clean clip" "$(loudness "$session/out/清样/01-十个接点.mp4")" -24.5 -23.5

# The recordings were only read; nothing lies beside what belongs there.
equal "files in the session" "$(cd "$session" && ls -A | tr '\n' ' ')" ".reelpress highlights.csv out presets recordings session.yaml "

# A second run makes nothing and changes no byte; one job or two, the same.
(cd "$session/out" && find . -type f ! -name .*.tmp | sort | xargs -d '\n' sha256sum) > "$work/sums"
"$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 || fail "second run: status $?"
(cd "$session/out" && find . -type f | sort | xargs -d '\n' sha256sum) | cmp "$work/sums" - || fail "a second run changed what was delivered"
rm -rf "$session/.reelpress" "$session/out"
"$REELPRESS" make -j1 "$session" > "$work/log" 2>&1 || fail "run with one job: status $?"
(cd "$session/out" && find . -type f | sort | xargs -d '\n' sha256sum) | cmp "$work/sums" - || fail "-j1 gave other bytes than -j2"

"$REELPRESS" verify "$session/out/宽屏" "$session"/out/*.zip > "$work/log" 2>&1 || { cat "$work/log"; fail "verify refuses what make delivered"; }

# An MXF from a card that was pulled out: its end and its index table are gone,
# and libavformat guesses where to seek.
torn="$work/torn"
session_yaml "$torn" 宽屏 wide
preset "$torn" wide "width: 320" "height: 180" "rate: 25" "natural_sound: yes" "$bare"
numbered "$work/whole.mxf" 320 180 25 40 -c:v dnxhd -profile:v dnxhr_lb -pix_fmt yuv422p -c:a pcm_s16le
# The table's key becomes that of a filler.
head -c $(($(wc -c < "$work/whole.mxf") * 5 / 7)) "$work/whole.mxf" |
    LC_ALL=C sed 's/\x06\x0e\x2b\x34\x02\x53\x01\x01\x0d\x01\x02\x01\x01\x10\x01\x00/\x06\x0e\x2b\x34\x01\x01\x01\x02\x03\x01\x02\x10\x01\x00\x00\x00/' > "$torn/recordings/cam1.mxf"
cmp -s "$torn/recordings/cam1.mxf" "$work/whole.mxf" && fail "the recording still has its index table"
printf '%s\n' 'source,start,end,title' 'cam1,0.52,2.04,始' 'cam1,16.52,18.04,中' 'cam1,26.52,28.04,末' > "$torn/highlights.csv"
"$REELPRESS" make -j2 "$torn" > "$work/log" 2>&1 || { fail "a torn MXF: status $?"; cat "$work/log"; }
for film in 始:13 中:413 末:663; do
    name=${film%:*} first=${film#*:}
    # shellcheck disable=SC2046
    "$MEASURE" "$torn/out/宽屏"/*-"$name.mp4" $(number_place 320 180) > "$work/torn.$name"
    equal "pictures of $name" "$(awk '$1 == "frame" { print $4 }' "$work/torn.$name" | tr '\n' ' ')" "$(seq "$first" $((first + 37)) | tr '\n' ' ')"
    between "click of $name, us" "$(awk '$1 == "click" { print $2; exit }' "$work/torn.$name")" 470000 490000
done
finish
