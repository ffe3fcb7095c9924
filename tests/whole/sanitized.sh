#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The whole program under the sanitizers, each in a build of its own beside
# this one: a session with all that can be drawn, made, made again, planned and
# verified; one full of faults; both in one batch. Nothing is reported, the
# workers are confined, and the bytes are those of the plain build. Under
# AddressSanitizer the modules' own tests run too.
#
# usage: sanitized.sh SOURCE BUILD COMPILER
set -eu
. "$(dirname "$0")/lib.sh"
source=$1 build=$2 compiler=$3
plain=$REELPRESS
session="$work/session"
faulty="$work/faulty"
LSAN_OPTIONS="suppressions=$source/tests/leaks.txt:print_suppressions=0"
UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS UBSAN_OPTIONS
# Where the address space is laid out at random far apart, gcc's ThreadSanitizer
# finds no room for its own. Containers may refuse to have it laid out otherwise.
close_together="setarch -R"
$close_together true 2> /dev/null || close_together=

session_yaml "$session" 网站 small 竖屏 tall 原声 clean
preset "$session" small "width: 192" "height: 108" "rate: 25" "card: yes" "max_rate: 400k" "covers: [16x9 192x108 jpeg<=100k]"
preset "$session" tall "width: 108" "height: 192" "rate: 30" "fit: blur"
preset "$session" clean "width: 192" "height: 108" "rate: 25" "$bare"
mkdir "$session/subtitles" "$session/photos" "$session/brand" "$session/music"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 192 108 25 8 $h264_b
$quietly -f lavfi -i "testsrc2=s=128x96:r=50:d=5" -f lavfi -i "$(click_source 5)" -vf tinterlace=interleave_top,fieldorder=tff \
    -c:v mpeg2video -flags +ildct+ilme -b:v 1M -c:a mp2 "$session/recordings/cam2.ts"
$quietly -display_rotation 90 -i "$session/recordings/cam1.mp4" -c copy "$session/recordings/phone.mov" 2> /dev/null ||
    $quietly -i "$session/recordings/cam1.mp4" -c copy -metadata:s:v rotate=90 "$session/recordings/phone.mov"
$quietly -f lavfi -i "mandelbrot=s=300x200" -frames:v 1 "$session/photos/a.jpg"
$quietly -f lavfi -i "color=c=red:s=32x32:d=1" -frames:v 1 "$session/brand/logo.png"
$quietly -f lavfi -i "sine=f=300:d=3" "$session/music/bed.flac"
printf '1\n00:00:01,000 --> 00:00:02,500\n这是第一句话，说得很慢，说得很清楚。\n' > "$session/subtitles/cam1.srt"
printf '[Script Info]\nPlayResX: 192\nPlayResY: 108\n[V4+ Styles]\nFormat: Name,Fontname,Fontsize\nStyle: Default,Noto Sans CJK SC,12\n[Events]\nFormat: Start,End,Style,Text\nDialogue: 0:00:00.00,0:00:03.00,Default,{\\i1\\move(1,1,60,60)}重叠\nDialogue: 0:00:01.00,0:00:02.00,Default,第二行\n' > "$session/subtitles/cam2.ass"
printf 'logo: brand/logo.png\nmusic: {file: music/bed.flac}\npeople: {李明: 主任}\n' >> "$session/session.yaml"
printf '%s\n' '短片,素材,开始,结束,时长,标题,副标题,发言人,金句,封面,转场,字幕' \
    'A,cam1,0.5,3.5,,第一条,副题,李明,,,fade,' 'A,cam2,1,3,,,,王芳,要紧的话,yes,dissolve 0.5,' 'A,a.jpg,,,1,,,,,,dissolve,' \
    'B,phone,1,2.5,,第二条,,,,,,"One sentence, two 句话。"' 'B,cam1,5,6,,,,,,,,' > "$session/highlights.csv"

mkdir -p "$faulty"
cp -r "$session/session.yaml" "$session/presets" "$session/recordings" "$session/brand" "$session/music" "$faulty"
head -c 3000 "$session/recordings/cam1.mp4" > "$faulty/recordings/half.mp4"
head -c 30000 "$session/recordings/cam2.ts" | tail -c +200 > "$faulty/recordings/torn.ts"
noise 40000 > "$faulty/recordings/noise.mp4"
: > "$faulty/recordings/empty.mov"
printf '%s\n' '短片,素材,开始,结束,标题,转场' '好,cam1,1,2,好的短片,' '倒,cam1,5,4,终点在前,' '过,cam1,5,0:25,超出,' '没,cam9,1,2,没有,' \
    '字,cam1,x1,2,不是时间,' '转,cam1,1,3,转场,飞入' '半,half,0,1,残,' '噪,noise,0,1,噪,' '空,empty,0,1,空,' '裂,torn,0,0.2,裂,' \
    '外,../../etc/passwd,0,1,逃,' > "$faulty/highlights.csv"
printf '\xff\xfe坏,的' > "$work/bytes.csv"

sums() { (cd "$1/out" && find . -type f | sort | xargs -d '\n' sha256sum); }
fresh() { rm -rf "$session/.reelpress" "$session/out" "$faulty/.reelpress" "$faulty/out"; }
# run STATUS arguments…: what the program says is kept in one log.
run() {
    wanted=$1 status=0
    shift
    printf '== %s\n' "$*" >> "$work/log"
    # shellcheck disable=SC2086
    timeout 300 $close_together "$REELPRESS" "$@" >> "$work/log" 2>&1 || status=$?
    [ $status = "$wanted" ] || { fail "$name: $*: status $status, wanted $wanted"; tail -n 40 "$work/log"; }
}

run_all() {
    : > "$work/log"
    fresh
    run 1 make -v -j2 --partly "$session" "$faulty"
    sums "$session" > "$work/$name.sums" 2> /dev/null || fail "$name: nothing was delivered"
    run 0 make -j1 "$session"
    run 0 make -j2 --verify=full -c 2 --store "$work/$name.store" -o "$work/$name.out" "$session"
    run 0 plan "$session"
    run 2 plan --json "$faulty"
    run 0 verify "$session/out/网站" "$session"/out/*.zip
    run 2 verify "$work/bytes.csv"
    run 0 presets web-news
    run 0 new "$work/$name.new"
    grep -qE 'Sanitizer|runtime error:' "$work/log" && { fail "$name reports"; grep -E -A30 'Sanitizer|runtime error:' "$work/log" | head -n 60; }
    grep -qE 'crashed|ended before its work' "$work/log" && { fail "$name: a worker was lost"; grep -E 'crashed|ended before' "$work/log"; }
    grep -q 'a worker is' "$work/log" || fail "$name: nothing is said of confinement"
}

# sanitizer NAME SANITIZE TESTS
sanitizer() {
    name=$1
    cmake -G Ninja -S "$source" -B "$build/$name" -DCMAKE_C_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=None \
        -DCMAKE_C_FLAGS='-O1 -g1' -DREELPRESS_SANITIZE="$2" -DREELPRESS_WERROR=ON -DBUILD_TESTING="$3" > "$work/build" 2>&1 &&
        cmake --build "$build/$name" >> "$work/build" 2>&1 || { tail -n 40 "$work/build"; fail "$name can't be built"; finish; }
    REELPRESS="$build/$name/bin/reelpress"
    run_all
    cmp -s "$work/plain.sums" "$work/$name.sums" || { fail "$name: other bytes than the plain build"; diff "$work/plain.sums" "$work/$name.sums" | head; }
}

name=plain
run_all
sanitizer asan address,undefined ON
ctest --test-dir "$build/asan" -j2 -E '^(whole|house|fuzz)' --output-on-failure > "$work/tests" 2>&1 ||
    { fail "the modules' tests under asan"; grep -vE ' Passed | Start ' "$work/tests" | tail -n 120; }
sanitizer tsan thread OFF
finish
