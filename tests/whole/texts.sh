#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Subtitles from tracks and files in a session's whole way: which track of
# several is taken, that drawings are no words, that two languages stay apart,
# that cuts leave each cue once, and what is told of files that are no good.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/字幕"

session_yaml "$session" 宽屏 wide
preset "$session" wide "width: 640" "height: 360" "rate: 25" "titles: no" "straps: no" "quotes: no" "card: no"
mkdir -p "$session/subtitles"

printf '1\n00:00:01,000 --> 00:00:02,000\nEnglish\n' > "$work/english.srt"
track() { # words
    printf '[Script Info]\nPlayResX: 640\nPlayResY: 360\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\n'
    printf 'Style: Default,Noto Sans CJK SC,30\n\n[Events]\n'
    printf 'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n'
    printf 'Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,%s{\\p1}m 0 0 l 40 0 40 40{\\p0}\n' "$1"
}
track 繁體的字幕 > "$work/traditional.ass"
track 简体的字幕 > "$work/simplified.ass"
# shellcheck disable=SC2086
$quietly -f lavfi -i "color=c=black:s=640x360:r=25:d=8" -f lavfi -i "anoisesrc=a=0.1:d=8" -i "$work/english.srt" -i "$work/traditional.ass" -i "$work/simplified.ass" \
    -map 0 -map 1 -map 2 -map 3 -map 4 $h264 -c:s copy -disposition:s:0 default -metadata:s:s:0 language=eng \
    -metadata:s:s:1 language=chi -metadata:s:s:1 title=繁體 -metadata:s:s:2 language=chi -metadata:s:s:2 title=简体中文 "$session/recordings/cam1.mkv"
# shellcheck disable=SC2086
$quietly -f lavfi -i "color=c=black:s=640x360:r=25:d=8" -f lavfi -i "anoisesrc=a=0.1:d=8" $h264 "$session/recordings/cam2.mp4"
cat > "$session/subtitles/cam2.srt" <<'END'
1
00:00:00,000 --> 00:00:01,200
只剩一点

2
00:00:00,500 --> 00:00:02,000
我们要不忘初心
Stay true to our mission

3
00:00:03,400 --> 00:00:05,000
接上的

4
00:00:03,700 --> 00:00:04,600
同时的

5
END
printf '短片,素材,开始,结束\n1,cam1,0:00,0:04\n2,cam2,0:01,0:04\n2,cam2,0:04,0:06\n' > "$session/highlights.csv"

"$REELPRESS" plan "$session" > "$work/plan" 2> "$work/told" || fail "plan: status $?"
has "the track" "$work/plan" "cam1: 3 tracks of subtitles: number 3 is"
equal "what is told" "$(wc -l < "$work/told")" 0
"$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 || { fail "make: status $?"; cat "$work/log"; finish; }
body() { sed -e '1s/^\xef\xbb\xbf//' "$session/out/宽屏/$1"; }
body 01.srt > "$work/one"
printf '1\n00:00:01,000 --> 00:00:02,000\n简体的字幕\n\n' | cmp - "$work/one" || { fail "the track's words"; cat "$work/one"; }
body 02.srt > "$work/two"
cat > "$work/wanted" <<'END'
1
00:00:00,000 --> 00:00:01,000
我们要不忘初心
Stay true to our mission

2
00:00:01,880 --> 00:00:02,720
接上的

3
00:00:02,720 --> 00:00:03,600
同时的

END
cmp "$work/wanted" "$work/two" || { fail "the file's words"; cat "$work/two"; }

# Each kind of file that is none is told in one sentence, and the films are made.
for bad in '<tt xmlns="http://www.w3.org/ns/ttml"/>' '{25}{50}MicroDVD' 'WEBVTT' ''; do
    printf '%s\n' "$bad" > "$session/subtitles/cam2.srt"
    "$REELPRESS" plan "$session" > "$work/plan" 2> "$work/told" || fail "plan with \"$bad\": status $?"
    equal "sentences on \"$bad\"" "$(grep -c '^subtitles/cam2.srt: ' "$work/told")" 1
    equal "what else is told of \"$bad\"" "$(wc -l < "$work/told")" 1
done
finish
