/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns a libavfilter graph. Refuses to know which frames are wanted. */
#include "render/conform_graph.h"

#include <errno.h>
#include <stdlib.h>
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/pixdesc.h>

#include "base/compat.h"
#include "render/converter.h"

struct conform_graph {
    AVFilterGraph *graph;
    AVFilterContext *in, *out;
};

/* The planar format that loses least. */
static enum AVPixelFormat conform_planar(enum AVPixelFormat format)
{
    static const enum AVPixelFormat planar[] = {
        AV_PIX_FMT_YUV420P,   AV_PIX_FMT_YUV422P,   AV_PIX_FMT_YUV444P,
        AV_PIX_FMT_YUV411P,   AV_PIX_FMT_YUV420P10, AV_PIX_FMT_YUV422P10,
        AV_PIX_FMT_YUV444P10, AV_PIX_FMT_YUV420P12, AV_PIX_FMT_YUV422P12,
        AV_PIX_FMT_YUV444P12, AV_PIX_FMT_YUV420P16, AV_PIX_FMT_YUV422P16,
        AV_PIX_FMT_YUV444P16, AV_PIX_FMT_GBRP,      AV_PIX_FMT_GBRP10,
        AV_PIX_FMT_GBRP12,    AV_PIX_FMT_GBRP16,    AV_PIX_FMT_GRAY8,
        AV_PIX_FMT_GRAY16,    AV_PIX_FMT_NONE};
    return avcodec_find_best_pix_fmt_of_list(planar, format, 0, NULL);
}

static const char *conform_turn(int orientation)
{
    switch (orientation) {
    case ORIENTATION_MIRROR:
        return "hflip";
    case ORIENTATION_HALF_TURN:
        return "hflip,vflip";
    case ORIENTATION_FLIP:
        return "vflip";
    case ORIENTATION_TRANSPOSE:
        return "transpose=dir=cclock_flip";
    case ORIENTATION_QUARTER_RIGHT:
        return "transpose=dir=clock";
    case ORIENTATION_TRANSVERSE:
        return "transpose=dir=clock_flip";
    case ORIENTATION_QUARTER_LEFT:
        return "transpose=dir=cclock";
    default:
        return NULL;
    }
}

void conform_graph_describe(const struct picture_stream *facts, bool fields,
                            enum AVPixelFormat format, struct buffer *out)
{
    if (!converter_takes(format))
        buffer_printf(out, "format=%s",
                      av_get_pix_fmt_name(conform_planar(format)));
    /* deint=all and a fixed parity: flags differ from frame to frame in real
     * streams, and so would the pictures. */
    if (facts->fields != FIELDS_PROGRESSIVE)
        buffer_printf(out, "%sbwdif=mode=%s:parity=%s:deint=all",
                      out->size ? "," : "",
                      fields ? "send_field" : "send_frame",
                      facts->fields == FIELDS_TOP_FIRST ? "tff" : "bff");
    const char *turn = conform_turn(facts->orientation);
    if (turn)
        buffer_printf(out, "%s%s", out->size ? "," : "", turn);
}

static int conform_graph_source(struct conform_graph *graph,
                                const AVFrame *first)
{
    struct buffer args = {0};
    /* The frame's own SAR stays out: conforming sets it. */
    buffer_printf(&args,
                  "video_size=%dx%d:pix_fmt=%d:time_base=1/1:"
                  "pixel_aspect=1/1",
                  first->width, first->height, first->format);
    int ret = avfilter_graph_create_filter(
        &graph->in, avfilter_get_by_name("buffer"), "in", buffer_text(&args),
        NULL, graph->graph);
    buffer_clear(&args);
    return ret;
}

static int conform_graph_parse(struct conform_graph *graph, const char *filters)
{
    AVFilterInOut *inputs = avfilter_inout_alloc();
    AVFilterInOut *outputs = avfilter_inout_alloc();
    int ret = AVERROR(ENOMEM);
    if (!inputs || !outputs)
        goto done;
    *outputs = (AVFilterInOut){av_strdup("in"), graph->in, 0, NULL};
    *inputs = (AVFilterInOut){av_strdup("out"), graph->out, 0, NULL};
    if (!outputs->name || !inputs->name)
        goto done;
    ret = avfilter_graph_parse_ptr(graph->graph, filters, &inputs, &outputs,
                                   NULL);
    if (ret >= 0)
        ret = avfilter_graph_config(graph->graph, NULL);
done:
    avfilter_inout_free(&inputs);
    avfilter_inout_free(&outputs);
    return ret;
}

int conform_graph_create(const AVFrame *first, const char *filters,
                         struct conform_graph **out)
{
    struct conform_graph *graph = calloc(1, sizeof(*graph));
    *out = graph;
    if (!graph)
        return AVERROR(ENOMEM);
    graph->graph = avfilter_graph_alloc();
    int ret = graph->graph ? 0 : AVERROR(ENOMEM);
    if (ret >= 0) {
        graph->graph->nb_threads = 1;
        graph->graph->scale_sws_opts =
            av_strdup("flags=bicubic+accurate_rnd+bitexact");
        ret = conform_graph_source(graph, first);
    }
    if (ret >= 0)
        ret = avfilter_graph_create_filter(&graph->out,
                                           avfilter_get_by_name("buffersink"),
                                           "out", NULL, NULL, graph->graph);
    if (ret >= 0)
        ret = conform_graph_parse(graph, filters);
    if (ret < 0)
        conform_graph_destroy(out);
    return ret;
}

void conform_graph_destroy(struct conform_graph **graph)
{
    if (!*graph)
        return;
    avfilter_graph_free(&(*graph)->graph);
    free(*graph);
    *graph = NULL;
}

int conform_graph_push(struct conform_graph *graph, AVFrame *frame)
{
    int ret = av_buffersrc_add_frame(graph->in, frame);
    av_frame_free(&frame);
    return ret;
}

int conform_graph_pull(struct conform_graph *graph, AVFrame **out)
{
    AVFrame *frame = av_frame_alloc();
    int ret =
        frame ? av_buffersink_get_frame(graph->out, frame) : AVERROR(ENOMEM);
    if (ret < 0) {
        av_frame_free(&frame);
        return ret;
    }
    /* The deinterlacer halves the time base; positions are halves always. */
    frame->pts =
        av_rescale_q(frame->pts, av_buffersink_get_time_base(graph->out),
                     (AVRational){1, 2});
    *out = frame;
    return 0;
}
