#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The bad day: recordings that break off while they are read, a worker that is
# killed, a folder that can't be written, a full disk, closed descriptors,
# Ctrl-C at any moment, packages that somebody changed. What can be made is
# made, the rest is told in one sentence each, and nothing is left behind.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/session"

session_yaml "$session" 网站 small 竖屏 tall
preset "$session" small "width: 320" "height: 180" "rate: 25" "covers: [16x9 320x180 jpeg<=100k]"
preset "$session" tall "width: 180" "height: 320" "rate: 25"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 320 180 25 20 $h264
printf '%s\n' 'source,start,end,title,speaker,caption' \
    'cam1,1,6,第一条,李明,这是第一句话。' \
    'cam1,8,13,第二条,王芳,第二句话。' > "$session/highlights.csv"
sums() { (cd "$1" && find . -type f | sort | xargs -d '\n' sha256sum); }
fresh() { rm -rf "$session/.reelpress" "$session/out"; }
# run STATUS WHAT [arguments…]: its status, and no run without end.
run() {
    wanted=$1 what=$2 status=0
    shift 2
    timeout 120 "$REELPRESS" "$@" > "$work/out" 2> "$work/log" || status=$?
    [ $status = "$wanted" ] || { fail "$what: status $status, wanted $wanted"; head -n 20 "$work/log"; }
}

run 0 "an undisturbed run" make -j2 "$session"
sums "$session/out" > "$work/sums"

# A worker that the system kills costs a moment: its work is done again.
kills=0
for chunks in 0 1 3 6; do
    fresh
    "$REELPRESS" make -j1 "$session" > "$work/log" 2>&1 &
    pid=$!
    until_there $pid "$session/.reelpress" users 1
    until_there $pid "$session/.reelpress" '*.chunk' $chunks
    worker=$(pgrep -P $pid | head -n 1)
    [ -n "$worker" ] && kill -9 "$worker" 2> /dev/null && kills=$((kills + 1))
    wait $pid || { fail "a worker was killed after $chunks chunks, and the run failed"; cat "$work/log"; }
    sums "$session/out" | cmp "$work/sums" - || fail "other bytes after a worker was killed after $chunks chunks"
done
[ $kills -gt 0 ] || fail "no worker was there to be killed"

# Ctrl-C in every phase. A shell lets its background jobs ignore SIGINT, so
# that the first moments of a run can't be hit: env gives it back.
while read -r folder pattern count; do
    fresh
    env --default-signal=INT "$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 &
    pid=$!
    until_there $pid "$session/$folder" "$pattern" "$count"
    kill -INT $pid 2> /dev/null || true
    status=0
    wait $pid || status=$?
    case $status in
        0) ;;
        # In the first moments nobody listens yet, and the system ends it.
        130) [ ! -s "$work/log" ] || has "interrupted at $pattern $count" "$work/log" "interrupted" ;;
        *) fail "status $status when interrupted at $pattern $count" ;;
    esac
    [ -z "$(find "$session" -path '*/out/*' -name '*.tmp' 2> /dev/null)" ] || fail "a temporary file was left in out/"
    find "$session/out" -name '*.mp4' 2> /dev/null > "$work/films" || true
    while read -r film; do
        "$MEASURE" "$film" > /dev/null 2>&1 || fail "$film is half a film after $pattern $count"
    done < "$work/films"
done << PHASES
. *.yaml 1
.reelpress lock* 1
.reelpress *.chunk 1
.reelpress *.chunk 5
.reelpress *.mp4 1
out *.zip 1
PHASES

# The session is moved while it is made, and so is its work folder: one sentence,
# no item that is tried in vain, nothing where it lay. At its new place it goes
# on from there.
fresh
"$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 &
pid=$!
until_there $pid "$session/.reelpress" '*.chunk' 2
mv "$session" "$work/moved"
status=0
wait $pid || status=$?
equal "status of a run whose session was moved" $status 2
equal "sentences on it" "$(grep -c 'was moved away' "$work/log")" 1
equal "failures beside it" "$(grep -c "failed \|can't be" "$work/log")" 0
[ ! -e "$session" ] || fail "something was made where the session lay"
run 0 "the session at its new place" make -j2 "$work/moved"
sums "$work/moved/out" | cmp "$work/sums" - || fail "other bytes at the new place"
mv "$work/moved" "$session"

# A closed terminal and a service's end tell all processes of a run: main stops
# in order, and no worker is lost over it. Under nohup the run goes on.
while read -r signal pattern count; do
    fresh
    env --default-signal=HUP setsid "$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 &
    pid=$!
    until_there $pid "$session" "$pattern" "$count"
    kill -"$signal" -$pid 2> /dev/null || true
    status=0
    wait $pid || status=$?
    [ $status = 0 ] || equal "status after $signal at $pattern" $status 130
    [ $status = 0 ] || has "$signal at $pattern" "$work/log" "interrupted"
    equal "workers lost by $signal at $pattern" "$(grep -c 'a worker ended' "$work/log")" 0
    equal "workers left behind" "$(left_behind)" 0
done << SIGNALS
HUP *.chunk 2
TERM *.chunk 2
HUP *.zip 1
TERM *.zip 1
SIGNALS
fresh
env --ignore-signal=HUP setsid "$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 &
pid=$!
until_there $pid "$session/.reelpress" '*.chunk' 2
kill -HUP -$pid 2> /dev/null || true
wait $pid || { fail "a run under nohup ended"; cat "$work/log"; }
sums "$session/out" | cmp "$work/sums" - || fail "other bytes under nohup"
run 0 "the run after the interrupted ones" make "$session"
sums "$session/out" | cmp "$work/sums" - || fail "other bytes after interrupted runs"

# Closed descriptors' numbers are not given to files that are written.
fresh
timeout 120 "$REELPRESS" make "$session" <&- >&- 2>&- || fail "make with closed descriptors: status $?"
sums "$session/out" | cmp "$work/sums" - || fail "other bytes with closed descriptors"
status=0
"$REELPRESS" plan "$session" > /dev/full 2> "$work/log" || status=$?
equal "status of a plan that could not be printed" $status 2
status=0
"$REELPRESS" plan "$session" >&- 2> "$work/log" || status=$?
equal "status of a plan with nowhere to be printed" $status 2

# Where the films can't be put is told before anything is made. Root may write
# anywhere, so somebody else runs it, if the program lies where others may look.
as=""
[ "$(id -u)" != 0 ] || as="setpriv --reuid=65534 --regid=65534 --clear-groups"
chmod 755 "$work"
# shellcheck disable=SC2086
if $as "$REELPRESS" presets web-news > /dev/null 2>&1; then
    mkdir "$work/mine"
    chmod 777 "$work/mine"
    fresh
    chmod -R a+rX,a-w "$session"
    status=0
    # shellcheck disable=SC2086
    timeout 120 $as "$REELPRESS" make --store "$work/mine/store" "$session" > "$work/out" 2> "$work/log" || status=$?
    equal "status where out/ can't be made" $status 2
    has "why out/ can't be made" "$work/log" "Permission denied"
    has "what helps" "$work/log" "-o"
    [ -z "$(find "$work/mine/store" -name '*.chunk' 2> /dev/null)" ] || fail "work was done for a folder that can't be written"
    status=0
    # shellcheck disable=SC2086
    timeout 120 $as "$REELPRESS" make "$session" > "$work/out" 2> "$work/log" || status=$?
    equal "status in a folder that may only be read" $status 2
    has "the reason is the right one" "$work/log" "Permission denied"
    has "what helps where nothing may be written" "$work/log" "--store"
    # shellcheck disable=SC2086
    timeout 120 $as "$REELPRESS" make --store "$work/mine/store" -o "$work/mine/out" "$session" > "$work/out" 2> "$work/log" ||
        { fail "a read-only session with -o and --store: status $?"; cat "$work/log"; }
    sums "$work/mine/out" | cmp "$work/sums" - || fail "other bytes from a read-only session"
    chmod -R u+w "$session"
    # A work folder of another user's: it is at fault, and no recording.
    mkdir -p "$session/.reelpress/index"
    chmod -R a+rX,a-w "$session/.reelpress"
    status=0
    # shellcheck disable=SC2086
    timeout 120 $as "$REELPRESS" make -o "$work/mine/out" "$session" > "$work/out" 2> "$work/log" || status=$?
    equal "status with another user's work folder" $status 2
    has "whose rights are missing" "$work/log" ".reelpress: the work folder can't be written to (Permission denied)"
    equal "rows that are told to be at fault" "$(grep -c 'highlights.csv' "$work/log")" 0
    chmod -R u+w "$session"
else
    printf 'others may not look into this folder: writing without rights is not tried\n'
fi
run 2 "-o below a file" make -o "$session/session.yaml/out" "$session"
has "-o below a file" "$work/log" "is a file"
names=$(ls -A "$session")
run 2 "-o into the session itself" make -o "$session/." "$session"
has "-o into the session itself" "$work/log" "belongs to a session"
run 2 "--store in the session itself" plan --store "$session" "$session"
equal "names in the session" "$(ls -A "$session")" "$names"

# A full disk, where this machine lets us have one.
if small_disk "$work/tiny" 128k; then
    fresh
    run 2 "a full disk below --store" make --store "$work/tiny/store" "$session"
    has "a full disk below --store" "$work/log" "room"
    [ ! -e "$session/out" ] || fail "a run that made nothing left out/"
    mount -o remount,size=64m "$work/tiny"
    run 0 "the same command once there is room" make --store "$work/tiny/store" "$session"
    sums "$session/out" | cmp "$work/sums" - || fail "other bytes after the disk was full"
    rm -rf "$work/tiny/store"
    mount -o remount,size=128k "$work/tiny"
    status=0
    timeout 120 "$REELPRESS" make -o "$work/tiny/out" "$session" > "$work/out" 2> "$work/log" || status=$?
    between "status of a full disk below -o" $status 1 2
    has "a full disk below -o" "$work/log" "room"
    [ -z "$(find "$work/tiny" -name '*.tmp')" ] || fail "a temporary file was left on a full disk"
    mount -o remount,size=64m "$work/tiny"
    run 0 "the same command once there is room" make -o "$work/tiny/out" "$session"
    sums "$work/tiny/out" | cmp "$work/sums" - || fail "other bytes after -o was full"
else
    printf 'no mount here: the full disk was left out\n'
fi

# Media that looks sound and is not: each costs its own clip, no other.
bad="$work/bad"
session_yaml "$bad" 网站 small
preset "$bad" small "width: 320" "height: 180" "rate: 25" "$bare"
cp "$session/recordings/cam1.mp4" "$bad/recordings/good.mp4"
# shellcheck disable=SC2086
numbered "$work/whole.ts" 320 180 25 20 $h264
half=$(($(wc -c < "$work/whole.ts") / 376 * 188))
{
    head -c $half "$work/whole.ts"
    head -c 200000 /dev/zero
    tail -c +$((half + 1)) "$work/whole.ts"
} > "$bad/recordings/ts.ts"
# The pictures are gone, the table that says where they lie is not.
$quietly -i "$bad/recordings/good.mp4" -c copy -movflags +faststart "$bad/recordings/hollow.mp4"
size=$(wc -c < "$bad/recordings/hollow.mp4")
noise 800000 |
    dd of="$bad/recordings/hollow.mp4" bs=1000 seek=$((size / 1000 / 2)) count=$((size / 1000 / 3)) conv=notrunc iflag=fullblock 2> /dev/null
printf '%s\n' 'clip,source,start,end,title' 'a,good,1,3,甲' 'b,hollow,11,13,乙' 'c,good,5,7,丙' 'd,ts,16,18,丁' > "$bad/highlights.csv"
status=0
timeout 120 "$REELPRESS" make --partly "$bad" > "$work/out" 2> "$work/log" || status=$?
between "status with damaged media" $status 0 1
for name in 01-甲 03-丙 04-丁; do
    [ -s "$bad/out/网站/$name.mp4" ] || { fail "$name was not made"; cat "$work/log"; }
done
"$REELPRESS" plan --partly "$bad" 2>&1 | grep -q 'hollow is damaged inside row 3' || fail "plan does not say that hollow.mp4 is damaged"
sort "$work/log" | grep -v '%' | uniq -d > "$work/twice"
[ ! -s "$work/twice" ] || { fail "the same was told twice"; cat "$work/twice"; }

# What somebody changed in a delivered package is noticed; names that would
# leave the folder are never followed.
run 0 "verify what was delivered" verify "$session/out/网站"
changed() { rm -rf "$work/p"; cp -r "$session/out/网站" "$work/p"; }
changed && printf x | dd of="$work/p/01-第一条.mp4" bs=1 seek=3000 conv=notrunc 2> /dev/null
run 2 "a changed byte" verify "$work/p"
has "a changed byte" "$work/log" "01-第一条.mp4"
changed && rm "$work/p/01-第一条.mp4"
run 2 "a missing file" verify "$work/p"
has "a missing file" "$work/log" "is missing"
changed && : > "$work/p/more.txt"
run 2 "a file too many" verify "$work/p"
has "a file too many" "$work/log" "more.txt"
changed && printf '%064d  ../../secret\n' 0 >> "$work/p/data/SHA256SUMS"
run 2 "a name that leaves the folder" verify "$work/p"
has "a name that leaves the folder" "$work/log" "outside"
zip=$(find "$session/out" -name '*网站.zip')
head -c 5000 "$zip" > "$work/half.zip"
run 2 "half a zip" verify "$work/half.zip"
# The first entry's name, of the same length, in both places where it stands.
LC_ALL=C sed 's#data/SHA256SUMS#../../evil/SUMS#g' "$zip" > "$work/slip.zip"
cmp -s "$zip" "$work/slip.zip" && fail "the zip has no data/SHA256SUMS"
run 2 "a zip whose names leave its folder" verify "$work/slip.zip"
[ ! -e "$work/../evil" ] && [ ! -e "$work/evil" ] || fail "a zip wrote outside its folder"

equal "workers left behind" "$(left_behind)" 0
finish
