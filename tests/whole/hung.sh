#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A worker that hangs (it is stopped here) costs its item the patience that
# each is given: the item is tried once more, alone; hangs it again, it is
# reported with the cause, the others are made, and no process is left. A
# delivery has no such limit, as a network folder takes what it takes: Ctrl-C
# waits for its end, a second one does not.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/session"
export REELPRESS_PATIENCE=6

session_yaml "$session" 网站 small
preset "$session" small "width: 128" "height: 72" "rate: 25" "$bare"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 128 72 25 8 $h264
printf '%s\n' 'clip,source,start,end,title' 'A,cam1,1,3,甲' 'B,cam1,4,6,乙' > "$session/highlights.csv"
sums() { (cd "$session/out" && find . -type f | sort | xargs -d '\n' sha256sum); }
"$REELPRESS" make -j1 "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "undisturbed run"; }
sums > "$work/sums"

# stop TIMES: a run whose workers are stopped so often, one after the other, as
# they begin their first item; its status.
stop_workers() {
    rm -rf "$session/out" "$session/.reelpress"
    "$REELPRESS" make -j1 "$session" > "$work/log" 2>&1 &
    pid=$!
    last=none
    for _ in $(seq "$1"); do
        # Before the store is there workers only look at the recordings.
        while worker=$(pgrep -P $pid | head -n 1); [ ! -d "$session/.reelpress/scripts" ] || [ -z "$worker" ] || [ "$worker" = "$last" ]; do
            kill -0 $pid 2> /dev/null || { fail "the run was over before its workers could be stopped"; return; }
            sleep 0.02
        done
        kill -STOP "$worker"
        last=$worker
    done
    status=0
    wait $pid || status=$?
    equal "workers left behind" "$(left_behind)" 0
    equal "the stopped worker" "$(ps -o pid= -p "$last" | wc -l)" 0
}

stop_workers 1
equal "status with one hung worker" $status 0
has "it is said that the work is tried again" "$work/log" "tried once more, alone"
sums | cmp -s "$work/sums" - || fail "other bytes after a worker hung"

stop_workers 2
equal "status with an item that hangs twice" $status 1
has "which film" "$work/log" "01-甲"
has "what happened" "$work/log" "seconds, twice"
[ -s "$session/out/网站/02-乙.mp4" ] || { fail "the other film was not made"; cat "$work/log"; }
"$REELPRESS" make -j1 "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "the run after it"; }
sums | cmp -s "$work/sums" - || fail "other bytes in the run after it"

# Which moment is the delivery's only its files tell, so some tries miss it.
for try in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf "$session/out"
    env --default-signal=INT "$REELPRESS" make -j1 "$session" > "$work/log" 2>&1 &
    pid=$!
    while [ ! -d "$session/out" ] && kill -0 $pid 2> /dev/null; do :; done
    # shellcheck disable=SC2046
    kill -STOP $(pgrep -P $pid) 2> /dev/null || continue
    kill -INT $pid
    sleep 1
    kill -0 $pid 2> /dev/null && break
done
kill -0 $pid 2> /dev/null || fail "no delivery could be stopped in $try tries"
kill -INT $pid
left=50
while kill -0 $pid 2> /dev/null && [ $left -gt 0 ]; do sleep 0.1; left=$((left - 1)); done
[ $left -gt 0 ] || { fail "a second Ctrl-C did not end it"; kill -KILL $pid; }
wait $pid 2> /dev/null || true
equal "workers left behind" "$(left_behind)" 0
"$REELPRESS" make -j1 "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "the run after a hung delivery"; }
sums | cmp -s "$work/sums" - || fail "other bytes after a hung delivery"
finish
