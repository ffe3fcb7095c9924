# SPDX-License-Identifier: GPL-3.0-or-later
# The footage of the benches of coding: people who talk, at 25 pictures a
# second, 1920x1080 unless told. From the corpus of real media where CORPUS
# names it, else generated. Sourced after whole/lib.sh; needs $work.
#
# talk_footage FILE SECONDS: FFV1, pictures only. A lecturer at a desk (720p, 60
# pictures a second), a hand-held face (800x600, 60), a 1080p phone's picture
# with fine grain, a man who talks with his hands and a room with people who walk
# by, each enlarged to 1080p where it is smaller, in pieces of $piece_s seconds in
# turn; short ones go on backwards and forwards, so that nothing jumps. A line of
# text is drawn as ours are: light letters with a dark edge, still for seconds.
corpus=${CORPUS:-}
piece_s=7 # so that no cut falls on the grid of chunks
frame_w=1920
frame_h=1080

talk_piece() { # file start seconds out
    $quietly -ss "$2" -t "$3" -i "$1" -an -t $piece_s -vf "fps=25,split[a][b];[b]reverse[c];[a][c]concat,loop=-1:size=500,
        setpts=N/25/TB,scale=$frame_w:$frame_h:force_original_aspect_ratio=increase:flags=lanczos,
        crop=$frame_w:$frame_h,setsar=1,format=yuv420p,noise=alls=2:allf=t" \
        -c:v ffv1 -r 25 "$4"
}

# Generated: a wall of fine detail that stands still, in front of it somebody who
# sways and whose hand moves faster, and a sensor's grain over all: about as heavy
# to code as the lecture.
drawn_piece() { # number out
    wall="mandelbrot=s=${frame_w}x$frame_h:start_scale=0.00$((3 + $1)):start_x=-0.7436:start_y=-0.1319"
    body="mandelbrot=s=480x720:start_scale=0.0$((2 + $1)):start_x=-1.2500:start_y=0.0210"
    $quietly -f lavfi -i "$wall,trim=end_frame=1" -f lavfi -i "$body,trim=end_frame=1" -filter_complex "
        [0]format=yuv420p,eq=contrast=0.4:saturation=0.3,loop=-1:1,setpts=N/25/TB[wall];
        [1]format=yuv420p,eq=contrast=0.6,loop=-1:1,setpts=N/25/TB,split[body][arm];
        [arm]crop=160:160:200:200[hand];
        [wall][body]overlay=x='W/2-w/2+W/40*sin(t*1.3)':y='H-h+H/90*sin(t*2.1)'[one];
        [one][hand]overlay=x='W/2+W/9*sin(t*3.7)':y='H*0.62+H/12*cos(t*2.9)',
        noise=alls=4:allf=t,format=yuv420p" -t $piece_s -c:v ffv1 -r 25 "$2"
}

talk_footage() { # file seconds
    pieces=$((($2 + piece_s - 1) / piece_s))
    : > "$work/pieces"
    i=0
    while [ $i -lt $pieces ]; do
        piece="$work/piece$i.mkv"
        if [ -n "$corpus" ]; then
            case $((i % 5)) in
            0) talk_piece "$corpus/speech/oc_avts.mts" 0 1 "$piece" ;;
            1) talk_piece "$corpus/people/wpt_faces.mov" 0 4 "$piece" ;;
            2) talk_piece "$corpus/phone/fs_VID_20191220_170832.mp4" 0 1.5 "$piece" ;;
            3) talk_piece "$corpus/people/in_thanks.mkv" 0 1.6 "$piece" ;;
            4) talk_piece "$corpus/people/in_one-by-one-person-detection.mp4" $((12 + i)) 4 "$piece" ;;
            esac
        else
            drawn_piece "$i" "$piece"
        fi
        printf "file '%s'\n" "$piece" >> "$work/pieces"
        i=$((i + 1))
    done
    $quietly -f concat -safe 0 -i "$work/pieces" -t "$2" \
        -vf "drawtext=text='Reading club 67 - 2022':fontsize=h/16:fontcolor=white:borderw=4:x=(w-tw)/2:y=h*6/7:enable='lt(mod(t,4),3)'" \
        -c:v ffv1 "$1"
    rm -f "$work"/piece*
}
