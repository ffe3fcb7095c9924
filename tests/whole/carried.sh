#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fonts that come with subtitles: embedded in an ASS file, attached to a
# recording. They are drawn for that recording and for no other, a damaged one is
# told and replaced, and the bytes are the same with one worker and with two, at
# the second run, and after the store was deleted.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/字体"

session_yaml "$session" 宽屏 wide
preset "$session" wide "width: 640" "height: 360" "rate: 25" "titles: no" "straps: no" "quotes: no" "card: no"

# The letters of the fonts are boxes of most of their em: 不 as a box and 不 as a
# letter are far apart in what they cover.
script() { # family [file of what is carried]
    printf '[Script Info]\nPlayResX: 640\nPlayResY: 360\n\n[V4+ Styles]\n'
    printf 'Format: Name, Fontname, Fontsize, PrimaryColour, Outline, Shadow, Alignment\n'
    printf 'Style: Default,%s,100,&H00FFFFFF,0,0,7\n' "$1"
    [ $# = 1 ] || { printf '\n[Fonts]\n'; cat "$2"; }
    printf '\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n'
    printf 'Dialogue: 0,0:00:00.00,0:00:04.00,Default,,0,0,0,,{\\pos(200,100)}不初\n'
}
mkdir -p "$session/subtitles"
"$MAKEFONT" ABCDEF+盒 400 不 ../../evil.ttf > "$work/embedded"
script ABCDEF+盒 "$work/embedded" > "$session/subtitles/cam1.ass"
script ABCDEF+盒 > "$session/subtitles/cam3.ass"
script 匣 > "$work/track.ass"
"$MAKEFONT" 匣 400 不 > "$work/attached.ttf"
"$MAKEFONT" 破 400 不 broken.ttf | head -n 3 > "$work/broken"
script 破 "$work/broken" > "$session/subtitles/cam4.ass"

# shellcheck disable=SC2086
for cam in cam1 cam3 cam4; do
    $quietly -f lavfi -i "color=c=black:s=640x360:r=25:d=4" -f lavfi -i "anoisesrc=a=0.1:d=4" $h264 "$session/recordings/$cam.mp4"
done
# shellcheck disable=SC2086
$quietly -f lavfi -i "color=c=black:s=640x360:r=25:d=4" -f lavfi -i "anoisesrc=a=0.1:d=4" -i "$work/track.ass" \
    -map 0 -map 1 -map 2 -c:s copy $h264 -attach "$work/attached.ttf" -metadata:s:t mimetype=application/x-truetype-font \
    "$session/recordings/cam2.mkv"
printf '素材,开始,结束,标题\ncam1,0:00,0:03,嵌\ncam2,0:00,0:03,附\ncam3,0:00,0:03,借\ncam4,0:00,0:03,破\n' > "$session/highlights.csv"

run() { # options…
    "$REELPRESS" make "$@" "$session" > "$work/log" 2>&1 || { fail "make $*: status $?"; cat "$work/log"; finish; }
}
sums() { (cd "$session/out" && find . -type f | sort | xargs -d '\n' sha256sum); }

run -j2
has "the damaged font" "$work/log" 'subtitles/cam4.ass: the font "broken.ttf" that comes with it can'"'"'t be used (it is damaged)'
has "the font that nobody carries" "$work/log" 'subtitles/cam3.ass: these subtitles ask for the font "ABCDEF+盒"'
equal "sentences on fonts that can't be used" "$(grep -c "can't be used" "$work/log")" 1
[ -e "$work/evil.ttf" ] && fail "a foreign name became a path"
equal "fonts in the store" "$(find "$session/.reelpress/fonts" -name '*.font' | wc -l)" 3
equal "names in the store that are no digests" "$(find "$session/.reelpress/fonts" -type f | grep -cvE '/[0-9a-f]{64}\.(font|0\.face)$')" 0

# How light the letter's place is on the average: the whole letter of the first
# one, and of the second, which no carried font has.
light() { # clip left
    $quietly -ss 1 -i "$session/out/宽屏/$1.mp4" -frames:v 1 -vf "crop=100:160:$2:100,format=gray,scale=1:1:flags=area" -f rawvideo - | od -An -tu1 | tr -d ' '
}
between "embedded: its box" "$(light 01-嵌 200)" 80 100
between "attached: its box" "$(light 02-附 200)" 80 100
between "carried by another: a letter" "$(light 03-借 200)" 10 60
between "damaged: a letter" "$(light 04-破 200)" 10 60
between "embedded: what it lacks" "$(light 01-嵌 300)" 10 60
between "attached: what it lacks" "$(light 02-附 300)" 10 60

sums > "$work/sums"
run -j2
sums | cmp "$work/sums" - || fail "a second run changed what was delivered"
has "a second run" "$work/log" "0 made"
rm -rf "$session/.reelpress" "$session/out"
run -j1
sums | cmp "$work/sums" - || fail "one worker and a new store gave other bytes"
rm -rf "$session/.reelpress/fonts"
run -j2
has "without the fonts' folder" "$work/log" "0 made"
equal "fonts taken out again" "$(find "$session/.reelpress/fonts" -name '*.font' | wc -l)" 3

# Another font under the same name is made again, where it shows.
"$MAKEFONT" ABCDEF+盒 500 不 other.ttf > "$work/embedded"
script ABCDEF+盒 "$work/embedded" > "$session/subtitles/cam1.ass"
run -j2
has "another font" "$work/log" "1 made, 3 as before"
finish
