/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the order of conforming:
 *
 *   chroma to the centre (where turning leaves no name for its place)
 *     ▸ planes, deinterlacing, turning ▸ tone mapping
 *
 * each only where a picture needs it; what needs nothing passes untouched.
 * Refuses to know shots and presets. */
#include "render/conformer.h"

#include <errno.h>
#include <stdlib.h>
#include <libavutil/pixdesc.h>

#include "base/compat.h"
#include "render/canvas.h"
#include "render/conform_graph.h"
#include "render/converter.h"
#include "render/tonemapper.h"

struct conformer {
    struct frame_sink sink;
    struct log *log;
    const char *name;
    const struct picture_stream *facts;
    bool fields;
    struct frame_sink *target;

    bool built;
    int width, height; /* of the pictures that it is built for */
    enum AVPixelFormat format;
    struct converter *centre; /* NULL: not needed */
    struct canvas centred;
    struct conform_graph *graph;   /* NULL: not needed */
    struct tonemapper *tonemapper; /* made for the first that needs it */
    struct frame_format bright;    /* what it was made for */
    struct frame_format out;       /* as told to the target */
    bool enough;                   /* the target wants no more */
};

static struct conformer *conformer_of(struct frame_sink *sink)
{
    return container_of(sink, struct conformer, sink);
}

static bool conformer_is_quarter(const struct conformer *conformer)
{
    return conformer->facts->orientation >= ORIENTATION_TRANSPOSE;
}

bool conformer_turn_chroma(enum AVChromaLocation chroma, int orientation,
                           enum AVChromaLocation *out)
{
    int x = 0, y = 0;
    if (chroma == AVCHROMA_LOC_LEFT || chroma == AVCHROMA_LOC_TOPLEFT ||
        chroma == AVCHROMA_LOC_BOTTOMLEFT || chroma == AVCHROMA_LOC_UNSPECIFIED)
        x = -1;
    if (chroma == AVCHROMA_LOC_TOP || chroma == AVCHROMA_LOC_TOPLEFT)
        y = -1;
    if (chroma == AVCHROMA_LOC_BOTTOM || chroma == AVCHROMA_LOC_BOTTOMLEFT)
        y = 1;
    const int turned[][2] = {
        [ORIENTATION_NONE] = {x, y},
        [ORIENTATION_NORMAL] = {x, y},
        [ORIENTATION_MIRROR] = {-x, y},
        [ORIENTATION_HALF_TURN] = {-x, -y},
        [ORIENTATION_FLIP] = {x, -y},
        [ORIENTATION_TRANSPOSE] = {y, x},
        [ORIENTATION_QUARTER_RIGHT] = {-y, x},
        [ORIENTATION_TRANSVERSE] = {-y, -x},
        [ORIENTATION_QUARTER_LEFT] = {y, -x},
    };
    static const enum AVChromaLocation names[2][3] = {
        {AVCHROMA_LOC_TOPLEFT, AVCHROMA_LOC_LEFT, AVCHROMA_LOC_BOTTOMLEFT},
        {AVCHROMA_LOC_TOP, AVCHROMA_LOC_CENTER, AVCHROMA_LOC_BOTTOM},
    };
    x = turned[orientation][0];
    y = turned[orientation][1];
    if (x > 0) {
        *out = AVCHROMA_LOC_CENTER;
        return false;
    }
    *out = names[x + 1][y + 1];
    return true;
}

static bool is_rgb(enum AVPixelFormat format)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(format);
    return desc && desc->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL);
}

/* Libav's old names for full range. */
static bool is_full(enum AVPixelFormat format)
{
    return format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_YUVJ422P ||
           format == AV_PIX_FMT_YUVJ444P || format == AV_PIX_FMT_YUVJ440P ||
           format == AV_PIX_FMT_YUVJ411P;
}

/* Pictures in, as the facts have them. */
static struct frame_format conformer_in(const struct conformer *conformer)
{
    const struct picture_stream *facts = conformer->facts;
    struct frame_format in = {
        .width = facts->width,
        .height = facts->height,
        .format = facts->format,
        .sar = facts->sar,
        .matrix = facts->matrix,
        .range = facts->range,
        .primaries = facts->primaries,
        .transfer = facts->transfer,
        .chroma = facts->chroma,
    };
    if (is_rgb(in.format))
        in.matrix = AVCOL_SPC_RGB;
    else if (in.matrix == AVCOL_SPC_RGB || in.matrix == AVCOL_SPC_UNSPECIFIED)
        in.matrix = AVCOL_SPC_BT709;
    if (is_rgb(in.format) || is_full(in.format))
        in.range = AVCOL_RANGE_JPEG;
    return in;
}

/* What the target is told. Primaries that were only guessed, and those within
 * a hair of BT.709's, are taken for BT.709's: converting them means going
 * through linear light. */
static struct frame_format conformer_out(const struct conformer *conformer)
{
    const struct picture_stream *facts = conformer->facts;
    struct frame_format out = conformer_in(conformer);
    conformer_turn_chroma(facts->chroma, facts->orientation, &out.chroma);
    if (conformer_is_quarter(conformer)) {
        out.width = facts->height;
        out.height = facts->width;
        out.sar = av_inv_q(facts->sar);
    }
    bool wide = facts->primaries == AVCOL_PRI_BT2020 ||
                facts->primaries == AVCOL_PRI_SMPTE432 ||
                facts->primaries == AVCOL_PRI_SMPTE431;
    bool old = facts->primaries == AVCOL_PRI_SMPTE170M ||
               facts->primaries == AVCOL_PRI_SMPTE240M ||
               facts->primaries == AVCOL_PRI_BT470BG;
    if (!wide && (!old || facts->guessed))
        out.primaries = AVCOL_PRI_BT709;
    out.transfer = AVCOL_TRC_BT709;
    if (facts->hdr) {
        out.format = AV_PIX_FMT_YUV420P10;
        out.matrix = AVCOL_SPC_BT709;
        out.range = AVCOL_RANGE_MPEG;
        out.primaries = AVCOL_PRI_BT709;
        out.chroma = AVCHROMA_LOC_LEFT;
    }
    return out;
}

static int conformer_open(struct frame_sink *sink,
                          const struct frame_format *format)
{
    struct conformer *conformer = conformer_of(sink);
    (void)format;
    conformer->built = conformer->enough = false;
    conformer->out = conformer_out(conformer);
    return conformer->target->ops->open(conformer->target, &conformer->out);
}

static void conformer_unbuild(struct conformer *conformer)
{
    converter_destroy(&conformer->centre);
    canvas_clear(&conformer->centred);
    conform_graph_destroy(&conformer->graph);
    conformer->built = false;
}

/* With chroma as wide as a quarter turn needs it, and in the centre. */
static int conformer_build_centre(struct conformer *conformer, AVFrame *frame)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    bool subsampled = desc->log2_chroma_w || desc->log2_chroma_h;
    enum AVChromaLocation turned;
    bool named = conformer_turn_chroma(conformer->facts->chroma,
                                       conformer->facts->orientation, &turned);
    bool uneven = conformer_is_quarter(conformer) &&
                  desc->log2_chroma_w != desc->log2_chroma_h;
    if (!converter_takes(frame->format) || !subsampled || (named && !uneven))
        return 0;
    uneven |= frame->width % 2 || frame->height % 2;
    struct frame_format from = conformer_in(conformer);
    from.width = frame->width;
    from.height = frame->height;
    from.format = frame->format;
    struct frame_format to = from;
    if (uneven)
        to.format = desc->comp[0].depth <= 8    ? AV_PIX_FMT_YUV444P
                    : desc->comp[0].depth <= 10 ? AV_PIX_FMT_YUV444P10
                                                : AV_PIX_FMT_YUV444P16;
    to.chroma = AVCHROMA_LOC_CENTER;
    int ret = converter_create(conformer->log, &from, NULL, &to,
                               CONVERTER_SHARP, 0, &conformer->centre);
    if (ret >= 0)
        ret = canvas_init(&conformer->centred, to.width, to.height, to.format);
    return ret;
}

static int conformer_build(struct conformer *conformer, AVFrame *frame)
{
    conformer_unbuild(conformer);
    conformer->width = frame->width;
    conformer->height = frame->height;
    conformer->format = frame->format;
    conformer->built = true;
    return conformer_build_centre(conformer, frame);
}

static int conformer_tell(struct conformer *conformer, int code)
{
    return log_fail(conformer->log, code,
                    _("%s: its pictures can't be turned or deinterlaced: %s"),
                    conformer->name, LOG_REASON(code));
}

/* The graph is made for the first picture that reaches it. */
static int conformer_build_graph(struct conformer *conformer,
                                 const AVFrame *frame)
{
    struct buffer filters = {0};
    conform_graph_describe(conformer->facts, conformer->fields, frame->format,
                           &filters);
    int ret = filters.size
                  ? conform_graph_create(frame, filters.data, &conformer->graph)
                  : 0;
    buffer_clear(&filters);
    return ret < 0 ? conformer_tell(conformer, ret) : 0;
}

static int conformer_tonemap(struct conformer *conformer, AVFrame **frame)
{
    struct frame_format from = conformer_in(conformer);
    from.width = (*frame)->width;
    from.height = (*frame)->height;
    from.format = (*frame)->format;
    conformer_turn_chroma(conformer->facts->chroma,
                          conformer->facts->orientation, &from.chroma);
    if (conformer->tonemapper && (conformer->bright.width != from.width ||
                                  conformer->bright.height != from.height ||
                                  conformer->bright.format != from.format))
        tonemapper_destroy(&conformer->tonemapper);
    struct frame_format to;
    int ret = 0;
    if (!conformer->tonemapper)
        ret = tonemapper_create(conformer->log, &from, &to,
                                &conformer->tonemapper);
    conformer->bright = from;
    AVFrame *made = NULL;
    if (ret >= 0)
        ret = tonemapper_run(conformer->tonemapper, conformer->log, *frame,
                             &made);
    if (ret >= 0) {
        av_frame_free(frame);
        *frame = made;
    }
    return ret;
}

/* Takes the frame; what it says of itself is put right on the way. */
static int conformer_give(struct conformer *conformer, AVFrame *frame)
{
    int ret = conformer->enough ? AVERROR_EOF : 0;
    if (ret >= 0 && conformer->facts->hdr)
        ret = conformer_tonemap(conformer, &frame);
    if (ret < 0) {
        av_frame_free(&frame);
        return ret;
    }
    /* HDR and Dolby Vision data, captions and display matrices would be
     * believed further on. */
    while (frame->nb_side_data)
        av_frame_remove_side_data(frame, frame->side_data[0]->type);
    frame->pict_type = AV_PICTURE_TYPE_NONE;
    frame->repeat_pict = 0;
    frame->sample_aspect_ratio = conformer->out.sar;
    frame->colorspace = conformer->out.matrix;
    frame->color_range = conformer->out.range;
    frame->color_primaries = conformer->out.primaries;
    frame->color_trc = conformer->out.transfer;
    frame->chroma_location = conformer->out.chroma;
    ret = conformer->target->ops->push(conformer->target, frame);
    conformer->enough = ret == AVERROR_EOF;
    return ret;
}

static int conformer_drain(struct conformer *conformer)
{
    for (;;) {
        AVFrame *frame = NULL;
        int ret = conform_graph_pull(conformer->graph, &frame);
        if (ret == AVERROR(EAGAIN) || ret == AVERROR_EOF)
            return 0;
        if (ret < 0)
            return conformer_tell(conformer, ret);
        ret = conformer_give(conformer, frame);
        if (ret < 0)
            return ret;
    }
}

static int conformer_flush(struct conformer *conformer)
{
    if (!conformer->graph)
        return 0;
    int ret = conform_graph_push(conformer->graph, NULL);
    return ret < 0 ? conformer_tell(conformer, ret)
                   : conformer_drain(conformer);
}

static int conformer_centre(struct conformer *conformer, AVFrame **frame)
{
    AVFrame *made = NULL;
    int ret = canvas_get(&conformer->centred, &made);
    if (ret >= 0)
        ret = converter_run(conformer->centre, conformer->log, *frame, made, 0,
                            0);
    if (ret < 0) {
        av_frame_free(&made);
        return ret;
    }
    made->pts = (*frame)->pts;
    av_frame_free(frame);
    *frame = made;
    return 0;
}

static bool conformer_fits(const struct conformer *conformer,
                           const AVFrame *frame)
{
    return conformer->built && conformer->width == frame->width &&
           conformer->height == frame->height &&
           (int)conformer->format == frame->format;
}

static int conformer_push(struct frame_sink *sink, AVFrame *frame)
{
    struct conformer *conformer = conformer_of(sink);
    int ret = 0;
    bool fresh = !conformer_fits(conformer, frame);
    if (fresh && conformer->built)
        ret = conformer_flush(conformer);
    if (ret >= 0 && fresh)
        ret = conformer_build(conformer, frame);
    if (ret >= 0 && conformer->centre)
        ret = conformer_centre(conformer, &frame);
    if (ret >= 0 && fresh)
        ret = conformer_build_graph(conformer, frame);
    if (ret < 0) {
        av_frame_free(&frame);
        return ret;
    }
    if (!conformer->graph) {
        frame->pts *= 2;
        return conformer_give(conformer, frame);
    }
    ret = conform_graph_push(conformer->graph, frame);
    return ret < 0 ? conformer_tell(conformer, ret)
                   : conformer_drain(conformer);
}

static int conformer_finish(struct frame_sink *sink)
{
    struct conformer *conformer = conformer_of(sink);
    int ret = conformer->built ? conformer_flush(conformer) : 0;
    if (ret < 0 && ret != AVERROR_EOF)
        return ret;
    return conformer->target->ops->finish(conformer->target);
}

static void conformer_close(struct frame_sink *sink)
{
    struct conformer *conformer = conformer_of(sink);
    conformer_unbuild(conformer);
    tonemapper_destroy(&conformer->tonemapper);
    conformer->target->ops->close(conformer->target);
}

static const struct frame_sink_ops conformer_ops = {
    .open = conformer_open,
    .push = conformer_push,
    .finish = conformer_finish,
    .close = conformer_close,
};

int conformer_create(struct log *log, const char *name,
                     const struct picture_stream *facts, bool fields,
                     struct frame_sink *target, struct conformer **out)
{
    struct conformer *conformer = calloc(1, sizeof(*conformer));
    *out = conformer;
    if (!conformer)
        return AVERROR(ENOMEM);
    conformer->sink.ops = &conformer_ops;
    conformer->log = log;
    conformer->name = name;
    conformer->facts = facts;
    conformer->fields = fields;
    conformer->target = target;
    return 0;
}

struct frame_sink *conformer_sink(struct conformer *conformer)
{
    return &conformer->sink;
}

void conformer_destroy(struct conformer **conformer)
{
    free(*conformer);
    *conformer = NULL;
}
