#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Workers are confined and everything that a session may name still works:
# recordings, photos and a logo that lie elsewhere behind the user's own links,
# --media folders, a store and an output elsewhere, verify; what fails its
# check still reaches rejected/.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/session"
export TMPDIR="$work/tmp"
mkdir "$TMPDIR"

session_yaml "$session" 网站 small
preset "$session" small "width: 320" "height: 180" "rate: 25"
mkdir -p "$work/disk/day 1" "$work/card" "$session/brand"
# shellcheck disable=SC2086
numbered "$work/disk/day 1/real.mp4" 320 180 25 6 $h264
# shellcheck disable=SC2086
numbered "$work/card/cam2.mp4" 320 180 25 4 $h264
for name in 1 2; do
    $quietly -f lavfi -i "testsrc2=s=400x300:d=1" -frames:v 1 "$work/disk/photo$name.jpg"
done
mkdir "$work/disk/visit"
mv "$work"/disk/photo*.jpg "$work/disk/visit/"
$quietly -f lavfi -i "color=c=red:s=64x64:d=1" -frames:v 1 "$work/disk/logo.png"
ln -s "$work/disk/day 1" "$work/disk/today"
ln -s "../../disk/today/real.mp4" "$session/recordings/cam1.mp4"
ln -s "$work/disk/visit" "$session/photos"
ln -s "$work/disk/logo.png" "$session/brand/logo.png"
printf 'logo: brand/logo.png\n' >> "$session/session.yaml"
printf '%s\n' '短片,素材,开始,结束,时长,标题' 'A,cam1,1,3,,链接' 'A,photo1.jpg,,,2,' \
    'A,cam2.mp4,0,2,,' > "$session/highlights.csv"

status=0
"$REELPRESS" make -v --media "$work/card" --store "$work/store" -o "$work/out" \
    "$session" > "$work/log" 2>&1 || status=$?
equal "exit status" $status 0
[ $status = 0 ] || cat "$work/log"
[ -s "$work/out/网站/01-链接.mp4" ] || fail "no film"
has "what is in force" "$work/log" "confined"
grep -q "can't be confined" "$work/log" && fail "a worker could not be confined"

status=0
"$REELPRESS" verify -v "$work/out/网站" "$work"/out/*.zip > "$work/log" 2>&1 || status=$?
equal "exit status of verify" $status 0
has "verify's workers" "$work/log" "confined"
equal "left in the temporary folder" "$(ls -A "$TMPDIR")" ""

# A link that leads nowhere costs its own clip.
ln -s "$work/disk/gone.mp4" "$session/recordings/cam3.mp4"
printf '%s\n' 'B,cam3,0,1,,断' >> "$session/highlights.csv"
status=0
"$REELPRESS" make --partly --media "$work/card" --store "$work/store" -o "$work/out" \
    "$session" > "$work/log" 2>&1 || status=$?
equal "exit status with a broken link" $status 1
has "the broken link" "$work/log" "cam3"

# A film that fails its check: noise at a constant rate fills its share to the
# last bit, and the container's own bytes are too many then.
$quietly -f lavfi -i "nullsrc=s=320x180:r=25:d=5,geq=lum='random(1)*255':cb=128:cr=128" -f lavfi -i "$(click_source 5)" \
    -c:v libx264 -preset ultrafast -crf 20 -c:a aac "$work/card/noise.mp4"
printf '%s\n' '短片,素材,开始,结束,标题' 'A,noise.mp4,0,4,链接' 'B,cam3,0,1,断' > "$session/highlights.csv"
preset "$session" small "width: 320" "height: 180" "rate: 25" "constant_rate: yes" "max_rate: 1M" "audio_rate: 128k" "max_bytes: 564500"
status=0
"$REELPRESS" make --partly --media "$work/card" --store "$work/store" -o "$work/out" \
    "$session" > "$work/log" 2>&1 || status=$?
equal "films rejected" "$(ls "$work/out/rejected" 2> /dev/null | tr '\n' ' ')" "01-链接.small.mp4 01-链接.small.mp4.txt "
[ -s "$work/out/rejected/01-链接.small.mp4.txt" ] || { cat "$work/log"; fail "no reason beside it"; }
equal "rejected in the store" "$(find "$work/store" -name '*.rejected' | wc -l)" 0
finish
