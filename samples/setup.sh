# SPDX-License-Identifier: GPL-3.0-or-later
# What samples/run and tests/run both begin with: packages, configuring,
# building. Sourced, from the top of the tree.

# Everything reelpress is built from, and what the sample and the tests use.
packages="build-essential cmake ninja-build pkg-config gettext
libavformat-dev libavcodec-dev libavfilter-dev libavutil-dev libswresample-dev
libass-dev libharfbuzz-dev libfribidi-dev libicu-dev libfreetype-dev
libunibreak-dev libfontconfig-dev libuchardet-dev libzimg-dev libx264-dev libebur128-dev
libpng-dev libjpeg62-turbo-dev libheif-dev libexif-dev liblcms2-dev
libyaml-dev libjansson-dev libxml2-dev libzip-dev libssl-dev libseccomp-dev
libcmocka-dev fonts-noto-cjk ffmpeg espeak-ng procps"

say() { printf '%s\n' "$*"; }

install_packages() {
    missing=
    for package in $packages; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
            grep -q 'ok installed' || missing="$missing $package"
    done
    [ -z "$missing" ] && return 0
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    say "installing:$missing"
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive sh -c "
        apt-get update -qq &&
        apt-get install -y -qq --no-install-recommends $missing" \
        > "${TMPDIR:-/tmp}/reelpress-packages.log" 2>&1 || {
        tail -n 20 "${TMPDIR:-/tmp}/reelpress-packages.log"
        say "packages could not be installed; the log above says why"
        exit 1
    }
}

# build PRESET [TARGET…]: configures and builds build/PRESET.
build() {
    preset=$1
    shift
    cmake --preset "$preset" > "${TMPDIR:-/tmp}/reelpress-cmake.log" 2>&1 || {
        cat "${TMPDIR:-/tmp}/reelpress-cmake.log"
        exit 1
    }
    cmake --build --preset "$preset" ${1:+--target} "$@"
}
