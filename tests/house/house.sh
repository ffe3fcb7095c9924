#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Holds what the eye forgets: which room may include which, how long a file may
# be, what every file begins with, which calls are banned, that each header
# compiles alone, that the Chinese messages are complete, that the README shows
# the help as it is.
#
# usage: house.sh PROGRAM COMPILER
set -u
program=$1
compiler=$2
failures=0
fail() {
    printf 'FAILED: %s\n' "$*"
    failures=$((failures + 1))
}
sources() { find pipeline presets subtitles tests -name '*.[ch]' | sort; }

# --- directions: room, then the rooms it may include -----------------------------
directions='
base
presets base
subtitles base
flow base presets
ingest base presets subtitles
plan base presets subtitles ingest
encode base presets subtitles flow ingest plan
render base presets subtitles flow ingest plan encode
sound base presets subtitles flow ingest plan
poster base presets subtitles flow ingest plan
check base presets subtitles flow ingest plan
package base presets subtitles ingest plan
produce base presets subtitles flow ingest plan encode render sound poster check package
'
printf '%s\n' "$directions" | while read -r room allowed; do
    [ -n "$room" ] || continue
    folder=pipeline/$room
    [ -d "$folder" ] || folder=$room
    grep -Hn '^#include "' "$folder"/*.[ch] | while IFS=: read -r file line text; do
        target=$(printf '%s' "$text" | sed -n 's|.*"\([a-z_]*\)/.*|\1|p')
        case " $room $allowed " in
        *" $target "*) ;;
        *) printf '%s:%s: %s may not include from %s\n' "$file" "$line" "$room" "${target:-there}" ;;
        esac
    done
done > "${TMPDIR:-/tmp}/house.$$"
[ -s "${TMPDIR:-/tmp}/house.$$" ] && { cat "${TMPDIR:-/tmp}/house.$$"; fail "a room includes what it must not know"; }
rm -f "${TMPDIR:-/tmp}/house.$$"
# render takes encode's sinks, not its muxer.
grep -ln '"encode/muxer.h"' pipeline/render/*.c 2> /dev/null && fail "render includes the muxer"

# --- size, first line, banned calls -------------------------------------------------
for file in $(sources); do
    lines=$(wc -l < "$file")
    [ "$lines" -le 500 ] || fail "$file has $lines lines; 500 is the most"
    head -n 1 "$file" | grep -q '^/\* SPDX-License-Identifier: GPL-3.0-or-later \*/$' ||
        fail "$file does not begin with its licence"
done
grep -nE '\b(strcpy|strcat|sprintf|atoi|atof|strtok|system|popen)[[:space:]]*\(' \
    pipeline/*.c pipeline/*/*.c presets/*.c subtitles/*.c && fail "banned calls"
grep -nE '\b(printf|puts|fputs|putchar|fprintf|exit)[[:space:]]*\(' pipeline/*/*.c presets/*.c subtitles/*.c |
    grep -vE '_exit|pipeline/base/worker' && fail "a room prints or exits"
grep -nE 'typedef (struct|enum|union)' pipeline/*.[ch] pipeline/*/*.[ch] presets/*.[ch] subtitles/*.[ch] && fail "typedef"

# --- each header alone ---------------------------------------------------------------
flags=$(pkg-config --cflags libxml-2.0 libpng harfbuzz freetype2 fontconfig 2> /dev/null)
for header in $(find pipeline presets subtitles -name '*.h' | sort); do
    # shellcheck disable=SC2086
    printf '#include "%s"\n' "$header" | $compiler -std=c17 -D_GNU_SOURCE -Wall -Wextra \
        -fsyntax-only -I. -Ipipeline $flags -x c - || fail "$header does not compile alone"
done

# --- messages ------------------------------------------------------------------------
if command -v msgfmt > /dev/null; then
    pot=$(mktemp)
    find pipeline presets subtitles -name '*.c' | sort |
        xgettext --from-code=UTF-8 -k -k_ -kN_ -kngettext:1,2 --no-location -o "$pot" -f - || fail "xgettext"
    merged=$(mktemp)
    msgmerge -q --no-fuzzy-matching pipeline/po/zh_CN.po "$pot" -o "$merged" || fail "msgmerge"
    state=$(LC_ALL=C msgfmt --check -o /dev/null --statistics "$merged" 2>&1)
    case "$state" in
    *untranslated* | *fuzzy*) fail "zh_CN.po: $state" ;;
    esac
    rm -f "$pot" "$merged"
fi

# --- the README's block is the help --------------------------------------------------
block() { sed -n '/<!-- options -->/,/<!-- \/options -->/p' "$1" | grep -v '^<!--' | grep -v '^```'; }
for pair in README.md:en_US.UTF-8 README.zh-CN.md:zh_CN.UTF-8; do
    LC_ALL=C.UTF-8 LANGUAGE=$(printf '%s' "${pair#*:}" | cut -d. -f1) "$program" --help > "${TMPDIR:-/tmp}/help.$$"
    block "${pair%%:*}" | cmp -s - "${TMPDIR:-/tmp}/help.$$" || fail "${pair%%:*}: its options are not what --help prints"
done
rm -f "${TMPDIR:-/tmp}/help.$$"

[ $failures = 0 ] && printf 'the house stands as drawn\n'
exit $((failures > 0))
