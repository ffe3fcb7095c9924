#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A disk that fails at one call, whichever it is: the run succeeds all the
# same, or says in a sentence what happened; what has a final name is whole;
# and the same command, once the disk works, ends in the same bytes. A disk
# that is full from one moment on, and recordings that can't be read to their
# end, likewise.
#
# SHIM is the failing disk (shim.c). FAULTS says how many of the calls are
# tried (24), "all" each of them.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/session"
tried=${FAULTS:-24}

session_yaml "$session" 网站 small
preset "$session" small "width: 128" "height: 72" "rate: 25" "covers: [16x9 128x72 jpeg<=100k]"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 128 72 25 6 $h264
cp "$session/recordings/cam1.mp4" "$session/recordings/cam2.mp4"
printf '%s\n' '短片,素材,开始,结束,标题,字幕' 'A,cam1,1,2,第一条,这是第一句话。' \
    'B,cam2,3,4,第二条,这是第二句话。' > "$session/highlights.csv"

sums() { (cd "$session/out" && find . -type f | sort | xargs -d '\n' sha256sum); }
fresh() { rm -rf "$session/.reelpress" "$session/out"; }
count() { od -An -t d8 -N 8 "$work/count" | tr -d ' '; }
# failing PATTERN CALLS AT ERROR [ON]: a run on such a disk; its status.
failing() {
    head -c 8 /dev/zero > "$work/count"
    status=0
    SHIM_COUNT="$work/count" SHIM_PATH="$1" SHIM_CALLS=$2 SHIM_AT=$3 SHIM_ERROR=$4 SHIM_ON="${5:-}" LD_PRELOAD="$SHIM" \
        timeout 120 "$REELPRESS" make --partly -j1 "$session" > "$work/out" 2> "$work/log" || status=$?
}
whole() { timeout 120 "$REELPRESS" make -j1 "$session" > "$work/out" 2> "$work/log2"; }
no_halves() { # WHEN
    [ -d "$session/out" ] || return 0
    sums | grep -vE '  \./(\.delivering|report\.json|index\.html|.*/说明\.txt|.*/data/[^/]*)$' | grep -vxFf "$work/sums" > "$work/halves" || true
    [ ! -s "$work/halves" ] || { fail "not the final bytes under a final name, $1:"; cat "$work/halves"; }
}
# judge WHEN WORDS: what a run that just failed, or not, owes to its user.
judge() {
    no_halves "$1"
    case $status in
        0) sums | cmp -s "$work/sums" - || fail "success with other bytes, $1" ;;
        1 | 2)
            grep -vE ' [0-9]+%|^(film|posters|package) ' "$work/log" > "$work/said" || true
            grep -qE "$2" "$work/said" || { fail "status $status without a word of the cause, $1:"; cat "$work/log"; }
            sed "s#$work#W#; s#[0-9a-f]\{20,\}#KEY#g; s#\.[0-9]*\.tmp#.N.tmp#" "$work/said" >> "$work/sentences"
            ;;
        *) fail "status $status, $1"; cat "$work/log" ;;
    esac
    whole || { fail "the run after it failed, $1"; cat "$work/log2"; }
    sums | cmp -s "$work/sums" - || fail "other bytes in the run after it, $1"
}
# every N: which of N calls are tried, evenly spread.
every() {
    if [ "$tried" = all ]; then seq 1 "$1"; else
        awk -v n="$1" -v t="$tried" 'BEGIN { for (i = 0; i < t && i < n; i++) print int(i * n / (t < n ? t : n)) + 1 }'
    fi
}

whole || { cat "$work/log2"; fail "undisturbed run"; }
sums > "$work/sums"

# Writing, at each of the calls.
fresh
failing "$session/*" write 0 5
equal "a disk that only counts" $status 0
sums | cmp -s "$work/sums" - || fail "other bytes on a disk that only counts"
writes=$(count)
between "calls that write" "$writes" 100 5000
every "$writes" > "$work/tries"
while read -r at; do
    fresh
    error=5
    [ $((at % 2)) = 0 ] || error=28
    failing "$session/*" write "$at" $error
    judge "error $error at writing call $at" 'disk|written|finished|created|kept|read'
done < "$work/tries"

# A disk that is full, or broken, from one moment on.
for part in 2 4 6 8 9; do
    fresh
    error=28
    words='disk is full'
    [ $((part % 3)) != 0 ] || error=5
    [ $error = 28 ] || words='disk|written'
    failing "$session/*" write $((writes * part / 10)) $error on
    judge "error $error from $part tenths of the writing on" "$words"
done

# A recording that can't be read, at each call and from each call on.
fresh
failing "$session/recordings/cam2.mp4" read 0 5
reads=$(count)
between "calls that read a recording" "$reads" 3 1000
tried=$([ "$tried" = all ] && printf all || printf '%d' $((tried / 4 + 1)))
for at in $(every "$reads"); do
    for on in "" on; do
        fresh
        failing "$session/recordings/cam2.mp4" read "$at" 5 $on
        [ -s "$session/out/网站/01-第一条.mp4" ] || { fail "the other clip was not made, reading call $at $on"; cat "$work/log"; }
        ! grep -q 'ended before its work' "$work/log" || { fail "a worker died, reading call $at $on"; cat "$work/log"; }
        judge "reading call $at $on" 'cam2'
    done
done

# A recording over which a decoder, or the network, hangs for ever at the first
# look: told twice in vain, and the other clip is made.
fresh
export REELPRESS_PATIENCE=2
failing "$session/recordings/cam2.mp4" read 1 0 on
equal "status with a recording that hangs" $status 1
[ -s "$session/out/网站/01-第一条.mp4" ] || { fail "the other clip was not made beside one that hangs"; cat "$work/log"; }
has "it is said that the look is tried again" "$work/log" "tried once more, alone"
equal "workers left behind" "$(left_behind)" 0
judge "a recording that hangs" 'cam2.*seconds, twice'
unset REELPRESS_PATIENCE

# What lies in the store can't be read, once or ever again: it is made anew, or
# the disk is named; no run goes round in circles.
for kind in chunk sound mp4 png json; do
    for on in "" on; do
        fresh
        whole
        rm -rf "$session/out"
        case $kind in chunk | sound) find "$session/.reelpress" -name '*.mp4' -delete ;; esac
        failing "$session/.reelpress/*.$kind" read 1 5 $on
        [ -n "$on" ] || equal "status with one unreadable $kind" $status 0
        judge "reading a $kind of the store $on" 'disk|read back|vanished|written'
    done
done

sort "$work/sentences" | uniq -c | sort -rn > "$work/told"
[ -z "${KEEP:-}" ] || cat "$work/told"
printf '%s of %s writing calls, %s reading calls\n' "$(wc -l < "$work/tries")" "$writes" "$reads"
finish
