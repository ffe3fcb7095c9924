#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The command line as people use it: empty values, a second session in the same
# folder, machines that read, exit statuses of several sessions, Chinese by
# every name that it has, and terminals of another encoding.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/好的"

session_yaml "$session" 网站 small
preset "$session" small "width: 160" "height: 90" "rate: 25" "$bare"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 160 90 25 4 $h264
printf '%s\n' 'clip,source,start,end,title' '1,cam1,1,2,甲' '2,cam1,2,3,乙' > "$session/highlights.csv"
cp -r "$session" "$work/坏的"
printf '%s\n' 'clip,source,start,end,title' '1,cam1,2,1,甲' '2,cam1,2,3,乙' > "$work/坏的/highlights.csv"
run() { # STATUS ARGUMENTS…: what it says is in $work/told and $work/printed
    wanted=$1
    shift
    status=0
    "$REELPRESS" "$@" > "$work/printed" 2> "$work/told" || status=$?
    [ $status = "$wanted" ] || { fail "$*: status $status, not $wanted"; cat "$work/told"; }
}
# Each line of what was printed is one JSON object.
is_json() {
    python3 -c 'import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    assert isinstance(json.loads(line), dict), line' "$work/printed" || fail "$1: not only JSON on stdout"
}
have_python() { command -v python3 > /dev/null; }

# --- empty values ------------------------------------------------------------------
for option in --output --store --media --preset --clip; do
    run 2 make "$option=" "$session"
    has "$option without a value" "$work/told" "$option: its value is empty"
    equal "$option: sentences" "$(wc -l < "$work/told")" 1
done
run 2 make -c ' ' "$session"
[ ! -e "$session/.reelpress" ] && [ ! -e "$session/out" ] || fail "a refused command line wrote something"

# --- statuses of several -------------------------------------------------------------
run 0 plan "$session"
run 2 plan "$session" "$work/坏的"
run 1 make "$session" "$work/坏的" "$work/nowhere"
run 2 make "$work/坏的" "$work/nowhere"
run 1 make --partly "$work/坏的"
# Of a clip that is not asked for, faults hold nothing back.
rm -rf "$work/坏的/out"
run 2 make -c 甲 "$work/坏的"
[ ! -e "$work/坏的/out" ] || fail "a clip with a fault was made"
run 1 plan -c 乙 "$work/坏的"
run 1 make -c 乙 "$work/坏的"
[ -s "$work/坏的/out/网站/02-乙.mp4" ] || fail "a clip without faults was not made, though asked for"
run 0 make "$session" "$session/." "$session"
equal "exit 2 and faults write nothing" "$(find "$work/坏的" -name '*.zip')" ""

# --- new -------------------------------------------------------------------------------
run 0 new "$work/第67期 \"七一\" (终)"
has "the command that comes next can be copied" "$work/told" "reelpress plan '$work/第67期 \"七一\" (终)'"
run 0 new "$work/a b"
has "the command that comes next" "$work/told" "reelpress plan \"$work/a b\""
mkdir "$work/has a list"
printf 'x' > "$work/has a list/highlights.csv"
run 2 new "$work/has a list"
equal "files beside a list that was there" "$(ls "$work/has a list")" "highlights.csv"
LC_ALL=zh_CN.UTF-8 "$REELPRESS" new "$work/新的" 2> /dev/null
cp "$session/recordings/cam1.mp4" "$work/新的/recordings/"
printf '1,,1,2,,标题,,,,,,,,,\r\n' >> "$work/新的/highlights.csv"
run 0 plan "$work/新的"
equal "warnings about a fresh session" "$(wc -c < "$work/told")" 0

# --- presets ---------------------------------------------------------------------------
run 1 presets web-news nope
has "a preset that is there is shown" "$work/printed" "width: 1920"
run 2 presets nope
run 2 presets small
(cd "$session" && "$REELPRESS" presets small) | grep -q '^width: 160$' || fail "a session's own preset is not shown in its folder"
"$REELPRESS" presets web-news > "$session/presets/ours.yaml"
(cd "$session" && "$REELPRESS" presets ours | cmp -s - presets/ours.yaml) || fail "a preset is not what was printed of it"
rm "$session/presets/ours.yaml"

# --- machines ------------------------------------------------------------------------
if have_python; then
    for arguments in "make" "plan" "presets" "presets web-news" "verify"; do
        set -- $arguments
        case $1 in
        make | plan) run 0 "$@" --json "$session" ;;
        verify) run 1 verify --json "$session/out/网站" "$work/nowhere" ;;
        *) run 0 "$@" --json ;;
        esac
        [ -s "$work/printed" ] || fail "$arguments --json: nothing printed"
        is_json "$arguments --json"
    done
fi

# --- languages -----------------------------------------------------------------------
unset LC_ALL
for language in zh_CN.UTF-8 zh_CN zh_TW.UTF-8 zh_HK zh; do
    LANG=$language "$REELPRESS" plan "$work/坏的" 2> "$work/told" > /dev/null || true
    has "$language" "$work/told" "早于开始"
done
for language in en_US.UTF-8 de_DE C C.UTF-8; do
    LANG=$language "$REELPRESS" plan "$work/坏的" 2> "$work/told" > /dev/null || true
    has "$language" "$work/told" "lies before start"
done
mkdir "$work/locales"
if localedef -i zh_CN -f GB18030 "$work/locales/zh_CN.GB18030" 2> /dev/null; then
    export LOCPATH="$work/locales" LC_ALL=zh_CN.GB18030
    "$REELPRESS" plan "$work/坏的" 2>&1 | iconv -f GB18030 -t UTF-8 > "$work/told" || fail "no GB18030 on such a terminal"
    has "GB18030" "$work/told" "早于开始"
    "$REELPRESS" plan --json "$session" > "$work/printed"
    has "JSON is UTF-8 everywhere" "$work/printed" '"title":"甲"'
fi
finish
