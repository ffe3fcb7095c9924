#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 at random moments over a whole run: of the program, of one of its
# workers, of all at once, and while the packages are written. No half file
# lies under a final name, and the same command ends in the same bytes. SIGINT
# ends with 130; two runs at once don't harm each other, on one session and on
# one store.
#
# KILLS says how often (12; one that comes too late to meet the run doesn't
# count), SEED where the moments begin; both are printed.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/session"
kills=${KILLS:-12}
seed=${SEED:-$$}

session_yaml "$session" 网站 small 竖屏 tall
preset "$session" small "width: 192" "height: 108" "rate: 25" "card: yes" "covers: [16x9 192x108 jpeg<=100k]"
preset "$session" tall "width: 108" "height: 192" "rate: 25"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 192 108 25 10 $h264
printf '%s\n' 'source,start,end,title,speaker,caption' \
    'cam1,1,5,第一条,李明,这是第一句话，说得很慢，说得很清楚。' \
    'cam1,6,9,第二条,王芳,第二句话。' > "$session/highlights.csv"

sums() { (cd "$1" && find . -type f | sort | xargs -d '\n' sha256sum); }
now() { date +%s%3N; }
fresh() { rm -rf "$session/.reelpress" "$session/out"; }
make() { "$REELPRESS" make -j2 "$session" > "$work/log" 2>&1; }
fresh
make || { cat "$work/log"; fail "undisturbed run"; }
sums "$session/out" > "$work/sums"
fresh
begin=$(now)
make
length=$(($(now) - begin))

# What has a final name is whole: these are the very bytes of the end.
no_halves() { # WHEN
    [ -d "$session/out" ] || return 0
    sums "$session/out" | grep -v '\.tmp$' | grep -vxFf "$work/sums" > "$work/halves" || true
    sed -i '/  \.\/\.delivering$/d' "$work/halves"
    [ ! -s "$work/halves" ] || { fail "not the final bytes under a final name, $1:"; cat "$work/halves"; }
}

moments() {
    awk -v n="$kills" -v s="$seed" 'BEGIN {
        srand(s)
        split("main main worker all packaging", kinds, " ")
        for (i = 0; i < 3 * n; i++) printf "%s %.4f\n", kinds[i % 5 + 1], rand()
    }'
}
printf 'kills %s, seed %s, a run takes %s ms\n' "$kills" "$seed" "$length"
moments > "$work/moments"
hits=0 tries=0 packaging=0
while [ $hits -lt "$kills" ] && read -r kind moment; do
    tries=$((tries + 1))
    fresh
    setsid "$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 &
    pid=$!
    if [ $kind = packaging ]; then
        # It begins with the outlets' folder.
        while [ ! -d "$session/out" ] && kill -0 $pid 2> /dev/null; do sleep 0.01; done
        packaging=$((packaging + 1))
        sleep "$(awk -v m="$moment" 'BEGIN { print m * 0.15 }')"
    else
        sleep "$(awk -v m="$moment" -v l="$length" 'BEGIN { print m * l / 1000 }')"
    fi
    victims=$pid
    [ $kind != worker ] || victims=$(pgrep -P $pid | head -n 1)
    [ $kind != all ] || victims=-$pid
    # shellcheck disable=SC2086
    [ -z "$victims" ] || { kill -9 $victims 2> /dev/null && hits=$((hits + 1)); }
    status=0
    wait $pid 2> /dev/null || status=$?
    [ $kind != worker ] || [ $status = 0 ] || { fail "a worker was killed at $moment, and the run failed"; cat "$work/log"; }
    no_halves "$kind killed at $moment"
    make || { cat "$work/log"; fail "the run after $kind was killed at $moment"; }
    sums "$session/out" > "$work/now"
    cmp -s "$work/sums" "$work/now" || { fail "other bytes after $kind was killed at $moment"; diff "$work/sums" "$work/now" || true; }
done < "$work/moments"
printf '%s of %s met the run, %s while it packaged\n' $hits $tries $packaging
# The length was taken when the machine had more or less to do than now.
[ $hits -gt $((kills / 2)) ] || fail "most kills came too late to tell anything"

fresh
env --default-signal=INT "$REELPRESS" make -j2 "$session" > /dev/null 2>&1 &
pid=$!
until_there $pid "$session/.reelpress" '*.chunk' 1
kill -INT $pid
status=0
wait $pid || status=$?
equal "exit status after SIGINT" $status 130
equal "workers left behind" "$(left_behind)" 0

# Killed before its report was written, a run's own files are still known as
# ours: what changed since replaces them, what nobody plans any more goes, and
# what somebody edited is kept.
make || fail "the run after SIGINT"
(cd "$session/out" && find 网站 竖屏 ./*.zip -type f | xargs -d '\n' sha256sum) | sed 's/  / /; s| ./| |' > "$work/list"
printf '0123' >> "$work/list"
cp "$work/list" "$session/out/.delivering"
rm "$session/out/report.json"
printf 'mine\n' >> "$session/out/网站/说明.txt"
sed -i 's/第二条/别的/; s/慢/轻/' "$session/highlights.csv"
make || { cat "$work/log"; fail "the run after one that was cut off"; }
equal "kept as edited" "$(cd "$session/out" && find . -name '*改动*')" "./网站/说明 (改动 1).txt"
equal "planned no more" "$(find "$session/out" -name '*第二条*')" ""
[ ! -e "$session/out/.delivering" ] || fail "the list of a finished run is still there"
sed -i 's/别的/第二条/; s/轻/慢/' "$session/highlights.csv"

# Two at once: on one session the second says why it does nothing, or comes
# after the first; two sessions share one store.
cp -r "$session" "$work/other"
rm -rf "$work/other/out" "$work/other/.reelpress"
fresh
"$REELPRESS" make -j1 "$session" > "$work/one" 2>&1 &
pid=$!
status=0
"$REELPRESS" make -j1 "$session" > "$work/two" 2>&1 || status=$?
first=0
wait $pid || first=$?
[ $status = 0 ] || [ $first = 0 ] || fail "neither of two runs succeeded"
for name in one two; do
    grep -q '^6 made' "$work/$name" || grep -q "another reelpress" "$work/$name" || grep -q ' as before' "$work/$name" ||
        { fail "run $name of two at once says nothing of the other"; cat "$work/$name"; }
done
make || fail "the run after two at once"
sums "$session/out" | cmp -s "$work/sums" - || fail "other bytes after two runs at once"
fresh
"$REELPRESS" make -j1 --store "$work/store" "$session" > "$work/one" 2>&1 &
pid=$!
"$REELPRESS" make -j1 --store "$work/store" "$work/other" > "$work/two" 2>&1 || { fail "the second of two sessions on one store"; cat "$work/two"; }
wait $pid || { fail "the first of two sessions on one store"; cat "$work/one"; }
sums "$session/out" | cmp -s "$work/sums" - || fail "other bytes on a shared store"
sums "$work/other/out" | cmp -s "$work/sums" - || fail "other bytes on a shared store, second session"
finish
