#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make --watch: a session is made when its folder has come to rest, however it
# came to be there: copied in slowly, moved in, two at once; again when it
# changes, also in the midst of a run, and not because of what was made or of
# who looks at it. One that is deleted meanwhile costs no other, and one that
# another run had in hand is tried again. Ctrl-C ends it with 130.
set -eu
. "$(dirname "$0")/lib.sh"
root="$work/root"
session="$root/第68期"
mkdir "$root"
# After twice of it what was locked is tried again.
export REELPRESS_PATIENCE=3

# shellcheck disable=SC2086
numbered "$work/cam1.mp4" 320 180 25 6 $h264
make_session() { # folder, first title
    session_yaml "$1" 网站 small
    preset "$1" small "width: 320" "height: 180" "rate: 25" "$bare"
    printf 'source,start,end,title\ncam1,1,3,%s\n' "$2" > "$1/highlights.csv"
}
make_session "$session" 甲
cp "$work/cam1.mp4" "$session/recordings/"

"$REELPRESS" make --watch "$root" > "$work/log" 2>&1 &
pid=$!
holder=
trap 'kill $pid $holder 2> /dev/null || :; [ -n "${KEEP:-}" ] || rm -rf "$work"' EXIT
# waits_for FILE: up to two minutes.
waits_for() {
    left=240
    while [ ! -s "$1" ] && [ $left -gt 0 ]; do
        sleep 0.5
        left=$((left - 1))
    done
    [ -s "$1" ] || { fail "not made: $1"; cat "$work/log"; }
}
# waits_until COMMAND…: up to two minutes.
waits_until() {
    left=600
    while ! "$@" > /dev/null 2>&1 && [ $left -gt 0 ]; do
        sleep 0.2
        left=$((left - 1))
    done
    [ $left -gt 0 ] || { fail "waited in vain for: $*"; cat "$work/log"; }
}
rests() { grep -c "$1 has come to rest" "$work/log" || true; }
has_rested() { [ "$(rests "$1")" -ge "$2" ]; }

waits_for "$session/out/20220628-读书会67期-网站.zip"
equal "times that it was made" "$(rests 第68期)" 1

# --- copied in slowly, and one that is moved in as the copy ends ------------------
make_session "$root/慢" 慢
make_session "$work/搬" 搬
cp "$work/cam1.mp4" "$work/搬/recordings/"
size=$(wc -c < "$work/cam1.mp4")
part=0
while [ $part -lt 9 ]; do
    tail -c +$((part * size / 9 + 1)) "$work/cam1.mp4" | head -c $(((part + 1) * size / 9 - part * size / 9)) >> "$root/慢/recordings/cam1.mp4"
    part=$((part + 1))
    sleep 2
done
cmp -s "$work/cam1.mp4" "$root/慢/recordings/cam1.mp4" || fail "the slow copy is not whole"
equal "times that it was made while it was copied" "$(rests 慢)" 0
mv "$work/搬" "$root/搬"
waits_for "$root/慢/out/index.html"
waits_for "$root/搬/out/index.html"
equal "times that the slow one was made" "$(rests 慢)" 1
equal "times that the moved one was made" "$(rests 搬)" 1

# --- a file that is called otherwise is told, and mended -------------------------
make_session "$work/错" 错
cp "$work/cam1.mp4" "$work/错/recordings/"
mv "$work/错/session.yaml" "$work/错/session.yaml.txt"
mv "$work/错" "$root/错"
waits_until grep -q "rename it to session.yaml" "$work/log"
mv "$root/错/session.yaml.txt" "$root/错/session.yaml"
waits_for "$root/错/out/index.html"

# --- changed, and once more in the midst of the run that this began ----------------
printf 'source,start,end,title\ncam1,1,3,甲\ncam1,3,5,乙\n' > "$session/highlights.csv"
waits_until has_rested 第68期 2
sed -i 's/^title: .*/title: 改过之夜/' "$session/session.yaml"
waits_for "$session/out/网站/02-乙.mp4"
waits_until grep -q 改过之夜 "$session/out/网站/说明.txt"

# --- deleted while it is made, and put back ------------------------------------------
cp -r "$root/搬" "$work/搬"
sed -i 's/,1,3,/,2,4,/' "$root/搬/highlights.csv"
waits_until has_rested 搬 2
# Its last files may be written while it is taken away.
until rm -rf "$root/搬" 2> /dev/null && sleep 1 && [ ! -e "$root/搬/recordings" ]; do :; done
rm -rf "$root/搬"
make_session "$root/后来" 后来
cp "$work/cam1.mp4" "$root/后来/recordings/"
waits_for "$root/后来/out/index.html"
sleep 11
equal "times that a folder that is gone was made" "$(rests 搬)" 2
rm -rf "$work/搬/out" "$work/搬/.reelpress"
mv "$work/搬" "$root/搬"
waits_for "$root/搬/out/index.html"

# --- another run has it in hand -----------------------------------------------------
lock="$session/.reelpress/lock-$(printf '%s' "$session/out" | sha256sum | cut -c1-16)"
[ -e "$lock" ] || fail "the lock has another name"
(
    exec 9> "$lock"
    flock 9
    printf 'held\n' > "$work/held"
    exec sleep 300
) &
holder=$!
waits_for "$work/held"
sed -i 's/,乙$/,丙/' "$session/highlights.csv"
waits_until grep -q "another reelpress" "$work/log"
kill $holder
holder=
waits_for "$session/out/网站/02-丙.mp4"

# --- the list is opened and closed, the folder is shown ------------------------------
sleep 14
looked_at=$(rests 第68期)
: > "$session/~\$highlights.xlsx"
: > "$session/.~highlights.csv"
: > "$session/Thumbs.db"
: > "$session/recordings/desktop.ini"
sleep 14
rm "$session/~\$highlights.xlsx" "$session/.~highlights.csv"
sleep 14
equal "times that it was made when somebody had looked at it" "$(rests 第68期)" "$looked_at"

before=$(grep -c 'come to rest' "$work/log")
sleep 4
equal "at rest, nothing is made again" "$(grep -c 'come to rest' "$work/log")" "$before"
kill -INT $pid
status=0
wait $pid || status=$?
equal "exit status after SIGINT" $status 130
finish
