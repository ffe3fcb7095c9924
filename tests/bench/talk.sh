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
            $quietly -f lavfi -i "testsrc2=s=${frame_w}x$frame_h:r=25:d=$piece_s" \
                -vf "noise=alls=8:allf=t,format=yuv420p" -c:v ffv1 "$piece"
        fi
        printf "file '%s'\n" "$piece" >> "$work/pieces"
        i=$((i + 1))
    done
    $quietly -f concat -safe 0 -i "$work/pieces" -t "$2" \
        -vf "drawtext=text='Reading club 67 - 2022':fontsize=h/16:fontcolor=white:borderw=4:x=(w-tw)/2:y=h*6/7:enable='lt(mod(t,4),3)'" \
        -c:v ffv1 "$1"
    rm -f "$work"/piece*
}
