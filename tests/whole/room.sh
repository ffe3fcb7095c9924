#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Room on the disks for several sessions of one call: all that they need of each
# file system is told once, before the first film; a session that can't be
# afforded is not begun, and the others are made; one that only has no room
# beside another waits for its end. Stores and films may lie on disks of their
# own.
set -eu
. "$(dirname "$0")/lib.sh"
root="$work/root"
mkdir "$root"

# The estimate of a cover is three megabytes, in the work folder and, once in
# the outlet's folder and once in its zip, in out/; films of a second are small
# beside it.
make_session() { # NAME CLIPS [FIRST SECOND]
    session_yaml "$root/$1" 网站 small
    preset "$root/$1" small "width: 128" "height: 72" "rate: 25" "covers: [16x9 128x72 jpeg<=100k]"
    ln "$work/cam1.mp4" "$root/$1/recordings/cam1.mp4"
    { printf 'source,start,end,title\n' && awk -v n="$2" -v s="${3:-1}" 'BEGIN { for (i = 1; i <= n; i++) printf "cam1,%d,%d,标题%d\n", s + i - 1, s + i, i }'; } > "$root/$1/highlights.csv"
}
# shellcheck disable=SC2086
numbered "$work/cam1.mp4" 128 72 25 20 $h264
make_session a 1
make_session b 16
make_session c 2
make() { # exit status, then make's arguments
    wanted=$1
    shift
    status=0
    timeout 120 "$REELPRESS" make -j2 "$@" > "$work/out" 2> "$work/log" || status=$?
    [ $status = "$wanted" ] || { cat "$work/log"; fail "make $*: status $status, wanted $wanted"; }
}
line() { grep -n -m 1 -- "$1" "$work/log" | cut -d: -f1; }
sums() { (cd "$1" && find . -type f | sort | xargs -d '\n' sha256sum); }

make 0 --store "$work/plenty" -o "$work/all" "$root/a" "$root/b" "$root/c"
has "films and posters of all" "$work/log" "to make: films 19, posters 19; "
equal "said once" "$(grep -c 'to make:' "$work/log")" 1
equal "no warning where there is room" "$(grep -c 'are needed' "$work/log")" 0
sums "$work/all" | grep -v '/report.json$\|/index.html$' > "$work/sums"

if ! small_disk "$work/one" 24m || ! small_disk "$work/two" 20m; then
    printf 'no mount here: small disks were left out\n'
    finish
fi

# All on one disk: 9 + 146 + 18 MB.
make 1 --store "$work/one/store" -o "$work/one/out" "$root/a" "$root/b" "$root/c"
equal "one warning" "$(grep -c 'needed on this disk' "$work/log")" 1
has "of the disk" "$work/log" "$work/one/store: about 1"
[ "$(line 'needed on this disk')" -lt "$(line '01-标题1')" ] 2> /dev/null || fail "the warning came late"
has "the one that can't be afforded" "$work/log" "b: $work/one/store: about 1"
has "it is not begun" "$work/log" "not begun"
for name in a c; do
    [ -s "$work/one/out/$name/index.html" ] || { fail "$name was not made"; cat "$work/log"; }
done
[ ! -e "$work/one/out/b" ] || fail "something of the session without room was made"

# Work and films on disks of their own: the films' is the smaller.
rm -rf "$work/one/store" "$work/one/out"
make 1 --store "$work/one/store" -o "$work/two/out" "$root/a" "$root/b" "$root/c"
equal "a warning for each disk" "$(grep -c 'needed on this disk' "$work/log")" 2
has "of the films' disk" "$work/log" "$work/two/out/a: about 1"
has "of the one without room" "$work/log" "b: $work/two/out/b: about "
[ -s "$work/two/out/c/index.html" ] || fail "c was not made"

# Room is made: the same command goes on, to the same bytes.
mount -o remount,size=400m "$work/one"
mount -o remount,size=400m "$work/two"
make 0 --store "$work/one/store" -o "$work/two/out" "$root/a" "$root/b" "$root/c"
equal "no warning any more" "$(grep -c 'are needed' "$work/log")" 0
sums "$work/two/out" | grep -v '/report.json$\|/index.html$' | cmp -s - "$work/sums" || fail "other bytes once there was room"

# What lies in the store for nobody is room too.
rm -rf "$work/one"/* "$work/two"/*
make_session d 4
make 0 --store "$work/one/store" -o "$work/plenty-out" "$root/d"
head -c 8000000 /dev/zero > "$work/one/store/aa.old"
mkdir -p "$work/one/store/aa"
mv "$work/one/store/aa.old" "$work/one/store/aa/$(printf '%062d' 7).chunk"
find "$work/one/store" \( -name '*.mp4' -o -name '*.png' -o -name '*.chunk' -size -1000 \) -delete
mount -o remount,size=19m "$work/one"
make 0 --store "$work/one/store" -o "$work/plenty-out" "$root/d"
equal "no warning where the store has room to give" "$(grep -c 'are needed' "$work/log")" 0
[ ! -e "$work/one/store/aa/$(printf '%062d' 7).chunk" ] || fail "what nobody needs was kept on a small disk"

# Two that fit one after the other, not side by side.
rm -rf "$work/one"/* "$work/two"/*
mount -o remount,size=12m "$work/one"
make_session e 3
make_session f 3 6
make 0 --store "$work/one/store" -o "$work/one/out" "$root/e" "$root/f"
for name in e f; do
    [ -s "$work/one/out/$name/index.html" ] || { fail "$name was not made"; cat "$work/log"; }
done
finish
