#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A deliberately broken session: every fault is named in one run, nothing is
# written outside .reelpress; --partly makes the clips without faults; media
# that only pretends to be media costs its own clip, no other.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/坏 'session'"

session_yaml "$session" 网站 small
preset "$session" small "width: 320" "height: 180" "rate: 25" "$bare"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 320 180 25 10 $h264
head -c 3000 "$session/recordings/cam1.mp4" > "$session/recordings/half.mp4"
noise 50000 > "$session/recordings/noise.mp4"
: > "$session/recordings/empty.mov"

printf '%s\n' '短片,素材,开始,结束,标题,转场,封面' \
    '好的,cam1,1,3,好的短片,,' \
    '倒着,cam1,5,4,终点在起点之前,,' \
    '过头,cam1,5,0:25,超出录像,,' \
    '没有,cam9,1,2,没有这个素材,,' \
    '字,cam1,x1y,2,不是时间,,' \
    '转,cam1,1,3,转场,飞入,' \
    '半,half,0,1,残缺,,' \
    '噪,noise,0,1,噪声,,' \
    '空,empty,0,1,空文件,,' \
    '外,../../etc/passwd,0,1,逃出文件夹,,' \
    > "$session/highlights.csv"

status=0
"$REELPRESS" make "$session" > "$work/out" 2> "$work/faults" || status=$?
equal "exit status with faults" $status 2
for row in 3 4 5 6 7 8 9 10 11; do
    has "row $row is named" "$work/faults" "highlights.csv:$row:"
done
has "a name's nearest is offered" "$work/faults" "cam1"
[ ! -e "$session/out" ] || fail "a faulty session wrote out/"
equal "files in the session" "$(cd "$session" && ls -A | grep -v '^\.reelpress$' | tr '\n' ' ')" "highlights.csv presets recordings session.yaml "

status=0
"$REELPRESS" plan --json "$session" > "$work/json" 2> /dev/null || status=$?
equal "plan's exit status" $status 2
between "faults in JSON" "$(grep -o '"row"' "$work/json" | wc -l)" 9 60

status=0
"$REELPRESS" make --partly "$session" > "$work/out" 2> "$work/faults" || status=$?
equal "exit status of --partly" $status 1
[ -s "$session/out/网站/01-好的短片.mp4" ] || fail "--partly did not make the good clip"

# The same sentences in Chinese.
LC_ALL=zh_CN.UTF-8 "$REELPRESS" plan "$session" > /dev/null 2> "$work/chinese" || true
grep -q '，' "$work/chinese" || fail "no Chinese messages"
grep -qE 'highlights.csv:3: .*(早|前)' "$work/chinese" || { fail "the Chinese sentence of row 3 says nothing of the order"; cat "$work/chinese"; }

# Errors of session.yaml, with "did you mean".
mkdir "$work/second"
printf 'seris: x\ntitle：全角冒号\ndate: 2022-02-31\noutlets: [douyn]\n' > "$work/second/session.yaml"
printf 'clip,source,start,end\n' > "$work/second/highlights.csv"
status=0
"$REELPRESS" plan "$work/second" > /dev/null 2> "$work/faults" || status=$?
equal "exit status of a broken session.yaml" $status 2
has "did you mean" "$work/faults" "series"

# No session at all, an unknown command, an unknown option.
for words in "make $work/nowhere" "mkae" "plan --jsn x" "verify $work/nowhere"; do
    status=0
    # shellcheck disable=SC2086
    "$REELPRESS" $words > /dev/null 2> "$work/faults" || status=$?
    equal "exit status of: $words" $status 2
    [ -s "$work/faults" ] || fail "nothing said: $words"
done
finish
