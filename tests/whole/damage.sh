#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A work folder that was damaged in every way: files cut short, with a bit
# turned, grown, replaced by others', by folders, pipes and links. Whatever it
# is, the next run ends in the same bytes, waits for nothing and trusts nothing;
# only what bears a name that may be the user's own is left, and named.
#
# DAMAGE=all tries each kind on each file, else each kind on some.
set -eu
. "$(dirname "$0")/lib.sh"
session="$work/session"

session_yaml "$session" 网站 small 竖屏 tall
preset "$session" small "width: 128" "height: 72" "rate: 25" "covers: [16x9 128x72 jpeg<=100k]"
preset "$session" tall "width: 72" "height: 128" "rate: 25" "max_rate: 300k" "buffer: 300k"
# shellcheck disable=SC2086
numbered "$session/recordings/cam1.mp4" 128 72 25 8 $h264
printf '%s\n' 'source,start,end,title,caption' 'cam1,1,4,第一条,这是第一句话。' 'cam1,5,7,第二条,话。' > "$session/highlights.csv"
sums() { (cd "$session/out" && find . -type f | sort | xargs -d '\n' sha256sum); }
"$REELPRESS" make -j2 "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "undisturbed run"; }
sums > "$work/sums"
cp -a "$session" "$work/whole"

harm() { # kind path
    case $1 in
        empty) : > "$2" ;;
        half) truncate -s $(($(wc -c < "$2") / 2)) "$2" ;;
        flipped) printf '\377' | dd of="$2" bs=1 seek=$(($(wc -c < "$2") * 2 / 3)) conv=notrunc 2> /dev/null ;;
        longer) printf 'x' >> "$2" ;;
        foreign) noise 5000 > "$2" ;;
        *) rm -rf "$2" ;;
    esac
    case $1 in
        folder) mkdir -p "$2/more" ;;
        pipe) mkfifo "$2" ;;
        dangling) ln -s /nowhere/x "$2" ;;
        endless) ln -s /dev/zero "$2" ;;
        loop) ln -s "$2" "$2" ;;
    esac
}
# One of each kind of file.
(cd "$session" && find .reelpress -type f ! -path '*/tmp/*' | sort | awk '{
    name = $0; sub(/.*\//, "", name); kind = name; if (kind ~ /[.]/) sub(/^[^.]*/, "", kind)
    folder = $0; sub(/\/[^\/]*$/, "", folder); sub(/.*\//, "", folder); if (length(folder) == 2) folder = "product"
    if (!seen[folder kind]++) print }') > "$work/files"
between "kinds of files" "$(wc -l < "$work/files")" 12 40
tried=0 turn=0
while read -r file; do
    for kind in empty half flipped longer foreign folder pipe dangling endless loop; do
        for lost in nothing films; do
            turn=$((turn + 1))
            [ "${DAMAGE:-}" = all ] || [ $((turn % 5)) = 0 ] || continue
            rm -rf "$session"
            cp -a "$work/whole" "$session"
            if [ $lost = films ]; then
                rm -rf "$session/out"
                case $file in
                    *.chunk | *.sound) find "$session/.reelpress" -name '*.mp4' -delete ;;
                    *.png | *.jpg | *.mp4) ;;
                    *) find "$session/.reelpress" -name '*.mp4' -o -name '*.png' | xargs rm ;;
                esac
            fi
            harm $kind "$session/$file"
            status=0
            timeout 60 "$REELPRESS" make -j2 "$session" > "$work/out" 2> "$work/log" < /dev/null || status=$?
            tried=$((tried + 1))
            what="$file: $kind, $lost lost"
            [ $status = 0 ] || { fail "$what: status $status"; grep -v '%' "$work/log" | tail -n 4; continue; }
            sums | cmp -s - "$work/sums" || fail "$what: other bytes"
        done
    done
done < "$work/files"

# Names that may be the user's: said, and left alone.
for folder in tmp index; do
    rm -rf "$session"
    cp -a "$work/whole" "$session"
    rm -rf "$session/.reelpress/$folder"
    printf 'mine\n' > "$session/.reelpress/$folder"
    status=0
    timeout 60 "$REELPRESS" make "$session" > "$work/out" 2> "$work/log" || status=$?
    equal "a file called $folder: status" $status 2
    has "a file called $folder" "$work/log" ".reelpress/$folder: the folder can't be created"
    equal "what it holds" "$(cat "$session/.reelpress/$folder")" mine
done

# Deleted while a run goes on: said once, and the next run makes the same.
rm -rf "$session"
cp -a "$work/whole" "$session"
rm -rf "$session/out" "$session/.reelpress"
"$REELPRESS" make -j2 "$session" > "$work/out" 2> "$work/log" &
pid=$!
until_there $pid "$session/.reelpress" '*.chunk' 1
mv "$session/.reelpress" "$work/deleted"
status=0
wait $pid || status=$?
equal "a work folder that was deleted: status" $status 2
equal "said once" "$(grep -c 'somebody deleted this folder' "$work/log")" 1
equal "films that failed for it" "$(grep -c '^failed' "$work/log")" 0
"$REELPRESS" make -j2 "$session" > "$work/out" 2> "$work/log" || { cat "$work/log"; fail "the run after the work folder was deleted"; }
sums | cmp -s - "$work/sums" || fail "other bytes after the work folder was deleted"

has "the end is told" "$work/log" "100%"

# Where nothing can be delivered the run does not end at 100 %.
rm -rf "$session/out" "$session/.reelpress"
mkdir "$session/out"
printf 'mine\n' > "$session/out/网站"
status=0
"$REELPRESS" make -j2 "$session" > "$work/out" 2> "$work/log" || status=$?
equal "a file in an outlet's place: status" $status 2
has "a file in an outlet's place" "$work/log" "a file has its name"
equal "said to be at its end" "$(grep -c '100%' "$work/log")" 0
equal "what it holds" "$(cat "$session/out/网站")" mine
rm "$session/out/网站"

# On a disk that is not plugged in.
rm -rf "$session/.reelpress"
ln -s "$work/unplugged/cache" "$session/.reelpress"
status=0
"$REELPRESS" make "$session" > "$work/out" 2> "$work/log" || status=$?
equal "a link that leads nowhere: status" $status 2
has "a link that leads nowhere" "$work/log" "a link on the way to it leads nowhere"
rm "$session/.reelpress"

# A folder that was somebody's before it became a work folder.
mkdir -p "$work/theirs/tmp/deep" "$work/theirs/index"
printf 'mine\n' | tee "$work/theirs/tmp/thesis.txt" "$work/theirs/tmp/deep/er" "$work/theirs/index/a.idx" > /dev/null
rm -rf "$session/out"
"$REELPRESS" make --store "$work/theirs" "$session" > "$work/log" 2>&1 || { cat "$work/log"; fail "a folder with other things as --store"; }
sums | cmp -s - "$work/sums" || fail "other bytes with --store"
for file in tmp/thesis.txt tmp/deep/er index/a.idx; do [ -s "$work/theirs/$file" ] || fail "$file was removed"; done
printf '%s runs with one damaged file each\n' $tried
finish
