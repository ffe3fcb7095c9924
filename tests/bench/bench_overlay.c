/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drawing text costs per 1080p frame on one core: a still caption of two
 * lines, a title on a plate, an animated title; ours and, in the same run on
 * the same scripts and frames, FFmpeg's `ass` filter. Prints milliseconds of
 * CPU time; the first frame, which reads fonts, stands apart. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>

#include "subtitles/drawing.h"
#include "subtitles/overlay.h"

#define FRAMES 250

struct bench_case {
    const char *name;
    const char *lines;
    double target; /* ms a frame, by issue 3 */
};

struct bench_figures {
    double open, at, draw;
};

static const struct bench_case cases[] = {
    {"still caption, 2 lines",
     "Dialogue: 0,0:00:00.00,0:01:00.00,Text,,0,0,0,,{\\an2\\pos(960,1020)}"
     "今天我们在这里一起学习党的历史，\\N从沙洲村的半条被子说起，不忘初心。\n",
     0.2},
    {"title on a plate, caption",
     "Dialogue: 0,0:00:00.00,0:01:00.00,Text,,0,0,0,,{\\an7\\pos(96,640)\\bord0"
     "\\shad0\\1c&H201080&\\1a&H30&\\p1}m 0 0 l 1400 0 1400 260 0 260{\\p0}\n"
     "Dialogue: 1,0:00:00.00,0:01:00.00,Text,,0,0,0,,{\\an7\\pos(140,670)"
     "\\fs110\\bord0\\shad0}庆七一·讲党史\n"
     "Dialogue: 1,0:00:00.00,0:01:00.00,Text,,0,0,0,,{\\an7\\pos(140,810)"
     "\\fs56\\bord0\\shad0\\1c&H40D0FF&}读书会第67期 2022年6月28日\n"
     "Dialogue: 0,0:00:00.00,0:01:00.00,Text,,0,0,0,,{\\an2\\pos(960,1020)}"
     "今天我们在这里一起学习党的历史，\n",
     0.3},
    {"animated: scale, karaoke, fade",
     "Dialogue: 0,0:00:00.00,0:01:00.00,Text,,0,0,0,,{\\an5\\pos(960,400)"
     "\\fs110\\blur2\\fad(400,400)\\t(0,10000,\\fscx130\\fscy130)}"
     "庆七一·讲党史\n"
     "Dialogue: 0,0:00:00.00,0:01:00.00,Text,,0,0,0,,{\\an2\\pos(960,1020)}"
     "{\\kf200}今天我们{\\kf200}在这里{\\kf200}一起学习{\\kf300}党的历史\n",
     2.0},
};

static double bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

static int bench_ours(struct overlay_library *library, const char *script,
                      AVFrame **frames, struct bench_figures *figures)
{
    const struct overlay_format format = {1920,
                                          1080,
                                          AV_PIX_FMT_YUV420P,
                                          AVCOL_SPC_BT709,
                                          AVCOL_RANGE_MPEG,
                                          AVCHROMA_LOC_LEFT};
    struct overlay *overlay = NULL;
    bool shows = false;
    double begin = bench_now();
    int ret = overlay_create(NULL, library, &format, script, NULL, &overlay);
    if (ret < 0)
        return ret;
    overlay_at(overlay, 0, &shows);
    overlay_at(overlay, 1, &shows);
    figures->open = bench_now() - begin;
    for (int i = 1; i <= FRAMES && ret >= 0; i++) {
        double a = bench_now();
        ret = overlay_at(overlay, i * 40, &shows);
        double b = bench_now();
        overlay_draw(overlay, frames[i % 8]);
        figures->at += (b - a) / FRAMES;
        figures->draw += (bench_now() - b) / FRAMES;
    }
    overlay_destroy(&overlay);
    return ret;
}

static int bench_graph(AVFilterGraph *graph, const char *file,
                       AVFilterContext **source, AVFilterContext **sink)
{
    AVFilterContext *ass = NULL;
    char arguments[256];
    graph->nb_threads = 1;
    int ret = avfilter_graph_create_filter(
        source, avfilter_get_by_name("buffer"), "in",
        "video_size=1920x1080:pix_fmt=yuv420p:time_base=1/25", NULL, graph);
    snprintf(arguments, sizeof(arguments), "filename=%s", file);
    if (ret >= 0)
        ret = avfilter_graph_create_filter(&ass, avfilter_get_by_name("ass"),
                                           "ass", arguments, NULL, graph);
    if (ret >= 0)
        ret = avfilter_graph_create_filter(
            sink, avfilter_get_by_name("buffersink"), "out", NULL, NULL, graph);
    if (ret >= 0)
        ret = avfilter_link(*source, 0, ass, 0);
    if (ret >= 0)
        ret = avfilter_link(ass, 0, *sink, 0);
    return ret >= 0 ? avfilter_graph_config(graph, NULL) : ret;
}

static int bench_pass(AVFilterContext *source, AVFilterContext *sink,
                      AVFrame *frame, int64_t pts)
{
    AVFrame *out = av_frame_alloc();
    frame->pts = pts;
    /* Ours draws on a frame of its own too: no copy is charged. */
    int ret =
        av_buffersrc_add_frame_flags(source, frame, AV_BUFFERSRC_FLAG_PUSH);
    if (ret >= 0)
        ret = av_buffersink_get_frame(sink, out);
    if (ret >= 0) {
        av_frame_unref(frame);
        av_frame_move_ref(frame, out);
    }
    av_frame_free(&out);
    return ret;
}

static int bench_filter(const char *script, size_t size, AVFrame **frames,
                        struct bench_figures *figures)
{
    char file[] = "/tmp/bench_overlay_XXXXXX";
    AVFilterGraph *graph = avfilter_graph_alloc();
    AVFilterContext *source = NULL, *sink = NULL;
    int ret = mkstemp(file);
    FILE *out = ret >= 0 ? fdopen(ret, "w") : NULL;
    if (!out || !graph)
        return AVERROR(EIO);
    fwrite(script, 1, size, out);
    fclose(out);
    double begin = bench_now();
    ret = bench_graph(graph, file, &source, &sink);
    if (ret >= 0)
        ret = bench_pass(source, sink, frames[0], 0);
    figures->open = bench_now() - begin;
    for (int i = 1; i <= FRAMES && ret >= 0; i++) {
        double a = bench_now();
        ret = bench_pass(source, sink, frames[i % 8], i);
        figures->draw += (bench_now() - a) / FRAMES;
    }
    avfilter_graph_free(&graph);
    unlink(file);
    return ret;
}

static int bench_run(struct overlay_library *library,
                     const struct bench_case *bench)
{
    struct bench_figures ours = {0}, theirs = {0};
    struct buffer script = {0};
    AVFrame *frames[8];
    drawing_script(&script, 1920, 1080, "None", "Noto Sans CJK SC",
                   bench->lines);
    for (int i = 0; i < 8; i++)
        frames[i] = drawing_frame(1920, 1080, AV_PIX_FMT_YUV420P,
                                  (int[]){100, 120, 130});
    int ret = bench_ours(library, script.data, frames, &ours);
    if (ret >= 0)
        ret = bench_filter(script.data, script.size, frames, &theirs);
    double frame = ours.at + ours.draw;
    printf("%-32s %6.2f %7.3f %7.3f %8.3f %7.1f %9.3f %7.1fx\n", bench->name,
           ours.open, ours.at, ours.draw, frame, bench->target, theirs.draw,
           theirs.draw / frame);
    for (int i = 0; i < 8; i++)
        av_frame_free(&frames[i]);
    buffer_clear(&script);
    return ret;
}

int main(void)
{
    struct faces *faces = drawing_faces();
    struct overlay_library *library = NULL;
    double begin = bench_now();
    int ret =
        faces ? overlay_library_create(NULL, faces, &library) : AVERROR(ENOENT);
    if (ret >= 0)
        printf("library with fonts: %.2f ms\n%-32s %6s %7s %7s %8s %7s %9s "
               "%8s\n",
               bench_now() - begin, "ms of CPU a frame, 1080p", "open", "at",
               "draw", "ours", "target", "ass", "ratio");
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases) && ret >= 0; i++)
        ret = bench_run(library, &cases[i]);
    overlay_library_destroy(&library);
    faces_destroy(&faces);
    return ret < 0;
}
