#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the sample session's media: two cameras on one evening of talks, the
# subtitles of what is said, five photos, a logo, a music bed. Everything is
# drawn, spoken and played here; nothing is committed. A second call does
# nothing when all is there.
#
# Every picture of a recording carries its number: 16 squares at the middle of
# the top edge, white for 1, the lowest bit on the right.
set -eu
session=${1:-samples/session}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$session"
cd "$session"
[ -f .media-complete ] && [ .media-complete -nt "$here/media.sh" ] &&
    [ .media-complete -nt "$here/scene.awk" ] && exit 0
mkdir -p recordings photos subtitles music brand
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
seconds=121
quietly="ffmpeg -nostdin -hide_banner -loglevel error -y"

# --- speech: one sentence at a time, so that its subtitle is known exactly --
# espeak speaks 22,050 samples a second in 16 bits behind a 44-byte header.
speak() { # list voice pitch
    : > "$work/$1.raw"
    : > "$session_subtitles/$1.srt"
    number=0
    head -c 66150 /dev/zero >> "$work/$1.raw"
    while IFS= read -r sentence; do
        [ -n "$sentence" ] || continue
        espeak-ng -v "$2" -p "$3" -s 235 -w "$work/one.wav" "$sentence"
        from=$(($(wc -c < "$work/$1.raw") / 2))
        tail -c +45 "$work/one.wav" >> "$work/$1.raw"
        to=$(($(wc -c < "$work/$1.raw") / 2))
        number=$((number + 1))
        awk -v n=$number -v a=$from -v b=$to -v text="$sentence" '
            function stamp(samples,   ms) {
                ms = int(samples * 1000 / 22050)
                return sprintf("%02d:%02d:%02d,%03d", ms / 3600000,
                    ms / 60000 % 60, ms / 1000 % 60, ms % 1000)
            }
            BEGIN { printf "%d\n%s --> %s\n%s\n\n", n, stamp(a), stamp(b), text }
        ' >> "$session_subtitles/$1.srt"
        head -c 17640 /dev/zero >> "$work/$1.raw"
    done
}
session_subtitles=$PWD/subtitles

speak cam1 cmn 45 <<'TEXT'
各位同事，大家下午好，欢迎来到第六十七期读书会。
今天我们一起读一本书，也一起走近一段历史。
一九三四年十一月，红军长征来到湖南汝城沙洲村。
三名女红军借宿在徐解秀老人家中，临走时，把仅有的一床被子剪下一半留给了她。
老人说，什么是共产党？共产党就是自己有一条被子，也要剪下半条给老百姓的人。
半条被子的故事，我们讲了很多年，每一次讲，都有新的感动。
读书，不只是读文字，更是读人、读事、读时代。
我们机关的读书会，从最初的十几个人，到现在每期上百人参加。
有人问，工作这么忙，为什么还要坚持读书？
因为读书让我们在忙碌中保持清醒，在平凡中看见意义。
接下来，请宣讲员王芳同志，为大家讲述沙洲村的今天。
沙洲村这些年变化很大，水果产业做起来了，游客也越来越多。
二〇二〇年以来，全村接待游客超过一百万人次，村集体收入增长百分之三十五。
村口的小院里，老支书每天都给孩子们讲半条被子的故事。
一本好书，一个好故事，能照亮一个地方，也能温暖一代人。
最后，让我们一起朗读这一段话，作为今天读书会的结束。
谢谢大家，我们下一期再见。
TEXT
speak cam2 cmn 70 <<'TEXT'
大家好，我是宣讲员王芳。
我第一次去沙洲村，是在一个下雨的早晨。
那时候村里的路还没有修好，我们走了两个小时。
如今高速公路通到村口，孩子们在新学校里读书。
我在村里住了三天，听老人讲了三个晚上的故事。
他们说，日子越过越好，可是当年的那半条被子，不能忘。
我想，这就是我们今天读书的意义。
把故事讲给更多的人听，让精神一代一代传下去。
所以我每年都要回沙洲村一次，带着新书，也带着问题。
去年冬天，我们在那里办了第一期乡村读书会。
来的人比椅子还多，有人站着听了一个下午。
一位老人对我说，姑娘，下次多带几本书来。
我的分享就到这里，谢谢大家。
TEXT

# --- pictures ------------------------------------------------------------------
# The squares: a dark strip, then one white box per bit that is set.
number_boxes() { # left size
    printf 'drawbox=x=%d:y=0:w=%d:h=%d:color=black:t=fill' "$1" $((16 * $2)) "$2"
    bit=0
    while [ $bit -lt 16 ]; do
        printf ",drawbox=x=%d:y=0:w=%d:h=%d:color=white:t=fill:enable='mod(floor(n/%d),2)'" \
            $(($1 + (15 - bit) * $2)) "$2" "$2" $((1 << bit))
        bit=$((bit + 1))
    done
}

awk -v view=wide -v seconds=$seconds -f "$here/scene.awk" > "$work/wide.ass"
awk -v view=close -v seconds=$seconds -f "$here/scene.awk" > "$work/close.ass"
awk -v view=room -v seconds=$seconds -f "$here/scene.awk" > "$work/room.ass"
$quietly -f lavfi -i "gradients=s=1920x1080:x0=0:y0=0:x1=400:y1=1080:c0=0xf4e7cf:c1=0xb98f62:nb_colors=2,ass=$work/room.ass" \
    -frames:v 1 "$work/room.png"
$quietly -i "$work/room.png" -vf "crop=1280:720:80:240,scale=1920:1080:flags=lanczos,gblur=sigma=6" \
    "$work/room-close.png"

# Camera 1, 1080p25 H.264 and AAC in MP4; camera 2, 1080i50 in MPEG-TS as a
# camcorder writes it, its pixels 4:3, so drawn in square ones and narrowed
# after. Both at once, one core each.
$quietly -loop 1 -framerate 25 -t $seconds -i "$work/room.png" \
    -f s16le -ar 22050 -ac 1 -i "$work/cam1.raw" -af "apad,highpass=f=90,aecho=0.8:0.5:35:0.12,volume=4dB" \
    -vf "loop=loop=-1:size=1,setpts=N/25/TB,ass=$work/wide.ass,$(number_boxes 832 16),format=yuv420p" \
    -c:v libx264 -threads 1 -preset superfast -crf 23 -g 50 -bf 2 -r 25 \
    -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv \
    -c:a aac -b:a 128k -ar 48000 -ac 2 -t $seconds -movflags +faststart \
    recordings/C0001.MP4.part.mp4 &
first=$!
$quietly -loop 1 -framerate 50 -t $seconds -i "$work/room-close.png" \
    -f s16le -ar 22050 -ac 1 -i "$work/cam2.raw" -af "apad,volume=2dB" \
    -vf "scale=1280:720,loop=loop=-1:size=1,setpts=N/50/TB,ass=$work/close.ass,scale=1440:1080:flags=bicubic,tinterlace=interleave_top,fieldorder=tff,$(number_boxes 624 12),setsar=4/3,format=yuv420p" \
    -c:v mpeg2video -threads 1 -b:v 25M -maxrate 28M -bufsize 8M -g 12 -bf 2 -flags +ildct+ilme -top 1 -r 25 \
    -colorspace bt709 -color_primaries bt709 -color_trc bt709 \
    -c:a mp2 -b:a 192k -ar 48000 -ac 2 -t $seconds -f mpegts \
    recordings/00002.m2ts.part
wait $first
mv recordings/C0001.MP4.part.mp4 recordings/C0001.MP4
mv recordings/00002.m2ts.part recordings/00002.m2ts

# --- photos: five shapes, four EXIF orientations ---------------------------------
# An EXIF segment in front of a JPEG: orientation and the time it was taken.
tag_photo() { # from to orientation "2022:06:28 14:40:00"
    {
        printf '\377\330\377\341\000\124Exif\000\000MM\000\052\000\000\000\010'
        printf '\000\002\001\022\000\003\000\000\000\001\000'
        printf "\\00$3\\000\\000"
        printf '\207\151\000\004\000\000\000\001\000\000\000\046\000\000\000\000'
        printf '\000\001\220\003\000\002\000\000\000\024\000\000\000\070\000\000\000\000'
        printf '%s\000' "$4"
        tail -c +3 "$1"
    } > "$2"
}
photo() { # name second camera crop turn orientation taken
    $quietly -ss "$2" -i "$3" -frames:v 1 -vf "yadif=deint=interlaced,$4$5" -q:v 2 "$work/photo.jpg"
    tag_photo "$work/photo.jpg" "photos/$1.jpg" "$6" "$7"
}
photo IMG_0001 31 recordings/C0001.MP4 "crop=1620:1060:100:20" "" 1 "2022:06:28 14:41:00"
photo IMG_0002 58 recordings/C0001.MP4 "crop=900:1060:240:20" ",transpose=cclock" 6 "2022:06:28 14:52:10"
photo IMG_0003 44 recordings/00002.m2ts "scale=1920:1080,crop=1060:1060:500:20" "" 1 "2022:06:28 15:03:30"
photo IMG_0004 77 recordings/C0001.MP4 "crop=1900:820:10:200" ",vflip,hflip" 3 "2022:06:28 15:10:05"
photo IMG_0005 92 recordings/C0001.MP4 "crop=800:1060:1000:20" ",transpose=clock" 8 "2022:06:28 15:21:45"

# --- logo and music ---------------------------------------------------------------
awk -v view=logo -v seconds=1 -f "$here/scene.awk" > "$work/logo.ass"
$quietly -f lavfi -i "color=black@0:s=400x400:r=1:d=1,format=rgba,ass=$work/logo.ass:alpha=1" \
    -frames:v 1 brand/logo.png
# Four soft chords, a plucked line above: 32 seconds that begin where they end.
$quietly -f lavfi -i "aevalsrc=exprs='0.10*(sin(2*PI*t*if(lt(mod(t\,16)\,4)\,196\,if(lt(mod(t\,16)\,8)\,174.61\,if(lt(mod(t\,16)\,12)\,146.83\,164.81))))+sin(2*PI*t*if(lt(mod(t\,16)\,4)\,246.94\,if(lt(mod(t\,16)\,8)\,220\,if(lt(mod(t\,16)\,12)\,220\,207.65))))+sin(2*PI*t*if(lt(mod(t\,16)\,4)\,293.66\,if(lt(mod(t\,16)\,8)\,261.63\,if(lt(mod(t\,16)\,12)\,293.66\,246.94)))))*(0.6+0.4*cos(2*PI*t/4))+0.12*exp(-4*mod(t\,0.5))*sin(2*PI*t*(392+98*mod(floor(t*2)\,4)))':s=48000:d=32" \
    -af "lowpass=f=2500,aecho=0.7:0.6:120:0.3" -ac 2 music/bed.flac

touch .media-complete
