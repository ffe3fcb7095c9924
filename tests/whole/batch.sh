#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Several sessions in one call share the workers: the next session's items
# begin before the last one's are done, each worker serves one session only,
# and the bytes are those of one session at a time. A faulty session and a
# locked one stop no other. The summary at the end, and the exit statuses.
set -eu
. "$(dirname "$0")/lib.sh"
root="$work/root"
mkdir "$root"

# make_session NAME START: two clips of a few seconds.
make_session() {
    session_yaml "$root/$1" 网站 small
    preset "$root/$1" small "width: 320" "height: 180" "rate: 25" "covers:" "  - 16x9 320x180 jpeg<=1M"
    ln "$work/cam1.mp4" "$root/$1/recordings/cam1.mp4"
    printf '%s\n' 'source,start,end,title,caption' "cam1,$2,$(($2 + 5)),甲,第一句话。" \
        "cam1,$(($2 + 5)),$(($2 + 10)),乙,第二句话。" > "$root/$1/highlights.csv"
}
# shellcheck disable=SC2086
numbered "$work/cam1.mp4" 320 180 25 24 $h264
make_session 第66期 1
make_session 第67期 3
make_session 第68期 12
make_session 第69期 1
printf 'source,start,end\ncam1,9,3\ncam1,99,120\nnobody,1,2\n' > "$root/第69期/highlights.csv"
make_session 第70期 2

sums() { (cd "$root/$1/out" && find . -type f | sort | xargs -d '\n' sha256sum); }
make() { # exit status, then make's arguments
    wanted=$1
    shift
    status=0
    "$REELPRESS" make "$@" > "$work/events" 2> "$work/log" || status=$?
    [ $status = "$wanted" ] || { cat "$work/log"; fail "make $*: status $status, wanted $wanted"; }
}
clean() { rm -rf "$root"/*/.reelpress "$root"/*/out; }

# --- one by one, then together ----------------------------------------------
for name in 第66期 第67期 第68期; do
    make 0 -j2 "$root/$name"
    sums $name > "$work/sums-$name"
done
clean

# Another run works on 第70期.
mkdir "$root/第70期/.reelpress"
lock="$root/第70期/.reelpress/lock-$(printf '%s' "$root/第70期/out" | sha256sum | cut -c1-16)"
(
    exec 9> "$lock"
    flock 9
    printf 'held\n' > "$work/held"
    exec sleep 300
) &
holder=$!
trap 'kill $holder 2> /dev/null || :; [ -n "${KEEP:-}" ] || rm -rf "$work"' EXIT
while [ ! -s "$work/held" ]; do sleep 0.05; done

make 1 -j2 --json "$root"/第*
for name in 第66期 第67期 第68期; do
    sums $name | cmp -s - "$work/sums-$name" || fail "$name: other bytes together than alone"
done
[ ! -e "$root/第69期/out" ] || fail "something of the faulty session was made"
[ ! -e "$root/第70期/out" ] || fail "something of the locked session was made"
has "the locked session is told" "$work/log" "$root/第70期: another reelpress"
has "faults bear their session" "$work/log" "第69期: highlights.csv:2: "
# Faults in the order of the rows.
equal "order of faults" "$(sed -n 's/^第69期: highlights.csv:\([0-9]*\):.*/\1/p' "$work/log" | sort -nc 2>&1)" ""
has "the summary as an event" "$work/events" '"event":"summary"'
equal "sessions in the summary" "$(grep '"event":"summary"' "$work/events" | grep -o '"session"' | wc -l)" 5
equal "sessions with trouble" "$(grep '"event":"summary"' "$work/events" | grep -o '"trouble"' | wc -l)" 2
kill $holder

# A session's start comes before the end of the one before.
awk '
    /"event":"start"/ { started++ }
    /"event":"end"/ { if (!ended++ && started < 2) exit 1 }
    END { if (started != 3 || ended != 3) exit 1 }' "$work/events" || { grep -E '"event":"(start|end)"' "$work/events"; fail "the sessions did not share the workers"; }
# Units go up to what was planned for all, less what was locked, and are even
# at the last end only.
sed -n 's/.*"units": *\([0-9]*\), *"total": *\([0-9]*\).*/\1 \2/p' "$work/events" > "$work/units"
awk 'NR > 1 && $2 > total { exit 1 } { total = $2 } $1 < before || $1 > $2 { exit 1 } { before = $1 }
    END { exit before != total }' "$work/units" || { cat "$work/units"; fail "progress goes back, changes its end, or does not come out even"; }

# --- words for people ---------------------------------------------------------
make 0 -j2 "$root"/第6[678]期
for name in 第66期 第67期 第68期; do
    has "a row for each session" "$work/log" "$root/$name/out"
    has "each end is told" "$work/log" "$name: 0 made, "
done
has "the summary's head" "$work/log" "session"

# --- a session that is named twice, and two for one folder ---------------------
make 0 -j2 "$root/第66期" "$root/./第66期/"
mkdir "$root/b"
cp -a "$root/第67期" "$root/b/第67期"
make 1 -j2 -o "$work/all" "$root/第67期" "$root/b/第67期" "$root/第68期"
has "two sessions for one folder" "$work/log" "another -o"
[ -s "$work/all/第68期/index.html" ] || fail "the third of them was not made"
sums 第67期 > "$work/one"
(cd "$work/all/第67期" && find . -type f | sort | xargs -d '\n' sha256sum) | cmp -s - "$work/one" || fail "other bytes under -o"

# --- folders that are not for films ---------------------------------------------
for folder in "$root/第66期/recordings" "$root/第66期/photos/new" "$root/第67期" "$root/第67期/recordings"; do
    make 2 -j2 -o "$folder" "$root/第66期"
    has "-o $folder" "$work/log" "belongs to a session"
    make 2 -j2 --store "$folder" "$root/第66期"
    has "--store $folder" "$work/log" "belongs to a session"
done
equal "in the recordings' folder" "$(ls -A "$root/第66期/recordings" "$root/第67期" | tr '\n' ' ')" \
    "$root/第66期/recordings: cam1.mp4  $root/第67期: .reelpress highlights.csv out presets recordings session.yaml "
mkdir "$root/第66期/交付"
make 0 -j2 -o "$root/第66期/交付/全部" "$root/第66期"
rm -r "$root/第66期/交付"

# --- one work folder for all ------------------------------------------------------
rm -rf "$work/all"
make 0 -j2 --store "$work/store" -o "$work/all" "$root"/第6[678]期
equal "index pages" "$(find "$work/all" -name index.html | wc -l)" 3
[ -z "$(ls -A "$work/store/tmp")" ] || fail "something was left in tmp/"

# --- one folder for two, in two calls ---------------------------------------------
# Nothing of the first goes: not what the second plans no more, nor what it has
# under the same name.
sed -i 's/^title: .*/title: 七月之夜/; s/06-28/07-26/' "$root/第67期/session.yaml"
sed -i 's/,乙,/,丙,/' "$root/第67期/highlights.csv"
films() { (cd "$work/both" && find . -name '*.mp4' | sort | xargs -d '\n' sha256sum | cut -d' ' -f1); }
make 0 -j2 -o "$work/both" "$root/第66期"
films > "$work/first"
equal "words about nobody else's films" "$(grep -c 'another session' "$work/log")" 0
make 0 -j2 -o "$work/both" "$root/第67期"
has "another's folder" "$work/log" "another session (测试之夜) was delivered here"
has "another's file of the same name" "$work/log" "01-甲.mp4: another session's file has this name"
films > "$work/second"
[ "$(grep -cxFf "$work/first" "$work/second")" = 2 ] || { fail "films of the first session are gone"; find "$work/both" -name '*.mp4'; }
equal "films of both" "$(wc -l < "$work/second")" 4
# Its own page again, and what it plans no more goes; also without its store.
rm -rf "$root/第67期/.reelpress"
sed -i 's/,丙,/,丁,/' "$root/第67期/highlights.csv"
make 0 -j2 -o "$work/both" "$root/第67期"
equal "words about nobody else's films, later" "$(grep -c 'another session' "$work/log")" 0
[ ! -e "$work/both/网站/02-丙.mp4" ] || fail "an own film that is planned no more is still there"
sed -i 's/^title: .*/title: 测试之夜/; s/07-26/06-28/' "$root/第67期/session.yaml"
sed -i 's/,丁,/,乙,/' "$root/第67期/highlights.csv"

# --- Ctrl-C -----------------------------------------------------------------------
clean
# A shell lets its background jobs ignore SIGINT; env gives it back.
env --default-signal=INT "$REELPRESS" make -j2 --json "$root"/第6[678]期 > "$work/events" 2> "$work/log" &
pid=$!
left=200
until grep -q '"event":"item"' "$work/events" || [ $left = 0 ]; do
    sleep 0.05
    left=$((left - 1))
done
kill -INT $pid
status=0
wait $pid || status=$?
equal "exit status after SIGINT" $status 130
for name in 第66期 第67期 第68期; do
    store="$root/$name/.reelpress"
    for lock in "$store"/lock-*; do
        [ ! -e "$lock" ] || flock -n "$lock" true || fail "$name: its lock is still held"
    done
    [ -z "$(ls -A "$store/tmp" 2> /dev/null)" ] || fail "$name: something was left in tmp/"
done
make 0 -j2 "$root"/第6[678]期
for name in 第66期 第67期 第68期; do
    sums $name | cmp -s - "$work/sums-$name" || fail "$name: other bytes after Ctrl-C"
done
# --- a session that isn't there bears its name once --------------------------
make 2 "$root/nowhere" nirgends ""
[ "$(grep -c 'no such session folder' "$work/log")" = 3 ] || { cat "$work/log"; fail "three folders that aren't there"; }
grep -qE 'nowhere: .*nowhere: |nirgends: nirgends: |^: ' "$work/log" && { cat "$work/log"; fail "a session's name stands twice"; }

finish
