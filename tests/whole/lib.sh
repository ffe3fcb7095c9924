# SPDX-License-Identifier: GPL-3.0-or-later
# What whole-program tests share. Sourced with REELPRESS and MEASURE set to
# the programs' paths; works in a fresh temporary folder.

quietly="ffmpeg -nostdin -hide_banner -loglevel error -y"
work=$(mktemp -d)
mounted=
trap 'for disk in $mounted; do umount "$disk"; done; [ -n "${KEEP:-}" ] || rm -rf "$work"' EXIT
failures=0
# Nothing of who runs it has a say: language, own presets, another data folder.
export LC_ALL=C.UTF-8 XDG_CONFIG_HOME="$work/config"
unset LANGUAGE REELPRESS_DATA
umask 022

fail() {
    printf 'FAILED: %s\n' "$*"
    failures=$((failures + 1))
}

# equal WHAT GOT WANTED
equal() {
    [ "$2" = "$3" ] || fail "$1: got \"$2\", wanted \"$3\""
}

# between WHAT GOT LOWEST HIGHEST (numbers, also fractions)
between() {
    awk -v g="$2" -v a="$3" -v b="$4" 'BEGIN { exit !(g != "" && g + 0 >= a && g + 0 <= b) }' ||
        fail "$1: got \"$2\", wanted $3 to $4"
}

# has WHAT FILE TEXT
has() {
    grep -qF -- "$3" "$2" || { fail "$1: \"$3\" is not in it:"; head -n 20 "$2" | sed 's/^/    /'; }
}

# small_disk FOLDER SIZE: a disk of its own, where this machine lets us have
# one; gone at the end.
small_disk() {
    mkdir "$1"
    mount -t tmpfs -o "size=$2" tmpfs "$1" 2> /dev/null || return 1
    mounted="$mounted $1"
}

# until_there PID FOLDER PATTERN COUNT: waits until a run has so many files, or
# is over. What happens to a run then happens in the same phase on any machine.
until_there() {
    while [ "$(find "$2" -name "$3" 2> /dev/null | wc -l)" -lt "$4" ] &&
        grep -q '^State:[[:space:]]*[^ZX]' "/proc/$1/status" 2> /dev/null; do
        sleep 0.02
    done
}

# Processes of a run in $work that is over; they have ten seconds to end.
left_behind() {
    left=100
    while pgrep -f "reelpress.*$work" > /dev/null && [ $left -gt 0 ]; do
        sleep 0.1
        left=$((left - 1))
    done
    pgrep -f "reelpress.*$work" | wc -l
}

# noise BYTES: the same on every day, and no file of any kind.
noise() {
    $quietly -f lavfi -i "anoisesrc=seed=67:r=48000:d=$(($1 / 48000 + 1))" -f u8 - 2> /dev/null | head -c "$1"
}

finish() {
    [ $failures = 0 ] && printf 'all as expected\n'
    exit $((failures > 0))
}

# The squares that carry a picture's number, and the patch that flashes once a
# second, for a frame of WIDTHxHEIGHT at RATE pictures a second.
number_filter() { # width height rate
    size=$(($1 * 3 / 10 / 16))
    left=$((($1 - 16 * size) / 2))
    top=$(($2 / 5 - size / 2))
    printf 'drawbox=x=%d:y=%d:w=%d:h=%d:color=black:t=fill' "$left" "$top" $((16 * size)) $size
    bit=0
    while [ $bit -lt 16 ]; do
        printf ",drawbox=x=%d:y=%d:w=%d:h=%d:color=white:t=fill:enable='mod(floor(n/%d),2)'" \
            $((left + (15 - bit) * size)) "$top" $size $size $((1 << bit))
        bit=$((bit + 1))
    done
    printf ",drawbox=x=%d:y=%d:w=40:h=40:color=black:t=fill" $(($1 / 2 - 20)) $(($2 / 2 - 20))
    printf ",drawbox=x=%d:y=%d:w=40:h=40:color=white:t=fill:enable='lt(mod(n,%s),1)'" \
        $(($1 / 2 - 20)) $(($2 / 2 - 20)) "$3"
}

# The strip's place, as measure wants it: left right y.
number_place() { # width height
    size=$(($1 * 3 / 10 / 16))
    awk -v w="$1" -v s=$size 'BEGIN { l = (w - 16 * s) / 2; printf "%.5f %.5f 0.2", int(l) / w, (int(l) + 16 * s) / w }'
}

# A click of 5 ms at each full second on a quiet hum.
click_source() { # seconds
    printf "aevalsrc=exprs='0.6*sin(2*PI*1000*t)*lt(mod(t\,1)\,0.005)+0.02*sin(2*PI*180*t)':s=48000:d=%s" "$1"
}

# numbered FILE WIDTH HEIGHT RATE SECONDS [encoder options…]
numbered() {
    file=$1 width=$2 height=$3 rate=$4 seconds=$5
    shift 5
    $quietly -f lavfi -i "color=c=0x305070:s=${width}x${height}:r=$rate:d=$seconds" \
        -f lavfi -i "$(click_source "$seconds")" \
        -vf "$(number_filter "$width" "$height" "$rate"),format=yuv420p" \
        -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv \
        "$@" -ac 2 "$file"
}

h264="-c:v libx264 -preset ultrafast -tune zerolatency -crf 18 -g 50 -c:a aac -b:a 192k"
h264_b="-c:v libx264 -preset superfast -crf 18 -g 50 -bf 2 -c:a aac -b:a 192k"

# preset SESSION NAME LINE…: a preset of the session's own.
preset() {
    mkdir -p "$1/presets"
    preset_file="$1/presets/$2.yaml"
    shift 2
    printf '%s\n' "alias: 测试$(basename "$preset_file" .yaml)" \
        "about: of a test" "speed: superfast" "crf: 20" \
        "safe_left: 12" "safe_right: 12" "safe_top: 12" "safe_bottom: 12" \
        "caption_size: 24" "$@" > "$preset_file"
}

# Nothing drawn, cuts only, natural sound: what the list asks, and no more.
bare="captions: no
titles: no
straps: no
quotes: no
logo: no
music: no
transitions: no"

# session SESSION OUTLET…: the least session.yaml.
session_yaml() {
    target=$1
    shift
    mkdir -p "$target/recordings"
    {
        printf 'series: 读书会\nnumber: 67\ntitle: 测试之夜\n'
        printf 'date: 2022-06-28\nplace: 郴州\norganizer: 市委办公室\n'
        printf 'credit: 市委办公室供图\nlanguage: zh-CN\noutlets:\n'
        printf '  %s: %s\n' "$@"
    } > "$target/session.yaml"
}
