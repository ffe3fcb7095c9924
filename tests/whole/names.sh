#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What things are called, by people who don't know file systems: titles and
# recipients with signs that no name may hold, alike but for their case, far
# too long, or named as what lies beside them. Clips without a title that are
# the same. Clips that the list numbers. What was called otherwise goes away.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/第67期 \"七一\" (终)"
out="$session/out"

mkdir -p "$session/recordings"
preset "$session" small "width: 160" "height: 90" "rate: 25" "$bare"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 160 90 25 4 $h264
yaml() { # DATE RECIPIENT…
    printf 'series: 读书会\nnumber: 67\ntitle: 测试之夜\ndate: %s\noutlets:\n' "$1"
    shift
    printf '  "%s": small\n' "$@"
} > "$session/session.yaml"
list() { printf 'clip,source,start,end,title\n' && printf '%s\n' "$@"; } > "$session/highlights.csv"
made() { # WHAT OPTIONS…
    what=$1
    shift
    "$REELPRESS" make "$@" "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "$what: status $?"; }
}
# Each byte as %XX, so that a page's paths and the disk's can be compared.
encoded() { # 1: what is %XX already stays
    LC_ALL=C awk -v escaped="$1" 'BEGIN { for (i = 1; i < 256; i++) hex[sprintf("%c", i)] = sprintf("%%%02X", i) }
        { path = ""
          for (i = 1; i <= length($0); i++) {
              c = substr($0, i, 1)
              if (c == "%" && escaped) { path = path substr($0, i, 3); i += 2 } else path = path hex[c]
          }
          print path }'
}
page_leads_to_files() {
    # Folders with the slash behind them, as a page names them.
    (cd "$out" && find . -mindepth 1 -type d -printf '%P/\n' -o -type f -printf '%P\n') | encoded 0 | sort -u > "$work/there"
    grep -oE '(src|href|poster)="[^"]*"' "$out/index.html" | sed 's/^[a-z]*="//; s/"$//' |
        grep -vE '^(#|data:)' | encoded 1 | sort -u > "$work/linked"
    between "$1: files that the page leads to" "$(wc -l < "$work/linked")" 1 999
    comm -23 "$work/linked" "$work/there" | head -n 3 | sed 's/^/    /' > "$work/nowhere"
    [ ! -s "$work/nowhere" ] || { fail "$1: the page leads to files that are not there:"; cat "$work/nowhere"; }
}

# --- titles --------------------------------------------------------------------
long=$(printf '长标题%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25)
list 'own,cam1,1,2,"a/b:c*d?e""f<g>h|i\j"' "own,cam1,1,2,$long" 'own,cam1,1,2,Same' 'own,cam1,1.2,2,same' \
    'own,cam1,1,2,..' 'own,cam1,1,2,' 'own,cam1,1,2,' 'own,cam1,1,2,%s #1?x=1&y' '../x,cam1,1,2,'
yaml 2022-06-28 网站
made "odd titles"
equal "films" "$(find "$out/网站" -name '*.mp4' | wc -l)" 9
[ -s "$out/网站/01-abcdefghij.mp4" ] || fail "what no name may hold is not left out"
[ -s "$out/网站/06.mp4" ] && [ -s "$out/网站/07.mp4" ] || fail "two clips without a title are not both there"
page_leads_to_files "odd titles"
"$REELPRESS" verify "$out/网站" "$out"/*.zip > "$work/log" 2>&1 || { cat "$work/log"; fail "odd titles: verify"; }

# --- numbers -------------------------------------------------------------------
list '3,cam1,1,2,三' '1,cam1,1,2,一' '单独,cam1,2,3,另' '2,cam1,2,3,二'
made "numbered by the list, one asked for" -c 1
equal "film 1" "$(cd "$out/网站" && ls ./*.mp4 | grep -c '/01-一.mp4')" 1
rm -rf "$out"
made "numbered by the list"
equal "films" "$(cd "$out/网站" && ls ./*.mp4 | tr '\n' ' ')" "./01-一.mp4 ./02-二.mp4 ./03-三.mp4 ./04-另.mp4 "

# --- recipients -----------------------------------------------------------------
rm -rf "$out"
list '1,cam1,1,2,一'
yaml 2022-06-28 .. rejected index.html report.json A/B 'C:D*?' A a CON 20220628-读书会67期-A.zip "${long}甲" "${long}乙"
made "odd recipients"
equal "folders" "$(find "$out" -mindepth 1 -maxdepth 1 -type d | wc -l)" 12
equal "zips" "$(find "$out" -maxdepth 1 -type f -name '*.zip' | wc -l)" 12
[ -f "$out/index.html" ] && [ -f "$out/report.json" ] || fail "a recipient took the page's or the report's place"
equal "names that differ in more than case" "$(ls "$out" | tr 'A-Z' 'a-z' | sort | uniq -d)" ""
page_leads_to_files "odd recipients"
yaml 2022-06-28 网站 ''
"$REELPRESS" plan "$session" > /dev/null 2> "$work/log" && fail "a recipient without a name was taken"
has "no name" "$work/log" "session.yaml:7:7: an outlet has no name"

# --- what was called otherwise -------------------------------------------------
rm -rf "$out"
yaml 2022-06-28 日报 网站
made "two outlets"
printf 'theirs' > "$out/日报/手记.txt"
printf 'edited' >> "$out/日报/01-一.mp4"
yaml 2022-06-29 网站 晚报
made "renamed"
has "an edited film of nobody's outlet is told" "$work/log" "日报/01-一.mp4: is no longer planned, but was edited"
equal "what stays of an outlet that went" "$(cd "$out/日报" && find . -type f | sort | tr '\n' ' ')" "./01-一.mp4 ./手记.txt "
equal "zips by the new date only" "$(cd "$out" && ls ./*.zip | tr '\n' ' ')" \
    "./20220629-读书会67期-晚报.zip ./20220629-读书会67期-网站.zip "
# Where two sessions are delivered to one folder, neither takes the other's away.
cp -r "$session" "$work/second"
rm -rf "$work/second/out" "$work/second/.reelpress"
made "first of two" -o "$work/both"
sed -i 's/晚报/早报/' "$work/second/session.yaml"
"$REELPRESS" make -o "$work/both" "$work/second" > "$work/log" 2>&1 || fail "second of two: status $?"
[ -s "$work/both/晚报/01-一.mp4" ] || fail "a session took away what was another's"
finish
