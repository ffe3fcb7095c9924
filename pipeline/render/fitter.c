/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the workers that draw a picture where presets/fit.h says it lies. */
#include "render/fitter.h"

#include <errno.h>
#include <stdlib.h>
#include <libavutil/common.h>
#include <libavutil/pixdesc.h>

#include "render/blurrer.h"
#include "render/canvas.h"

struct fitter {
    struct frame_format to;
    struct fit_place place;
    bool passes;
    struct converter *picture;
    struct blurrer *ground; /* FIT_BLUR only */
    struct canvas canvas;
};

static struct fit_shape fitter_shape(const struct frame_format *format)
{
    return (struct fit_shape){format->width, format->height, format->sar};
}

struct converter_area fitter_area(const struct fit_area *area)
{
    return (struct converter_area){area->left, area->top, area->width,
                                   area->height};
}

void fitter_place(const struct frame_format *from,
                  const struct frame_format *to, const struct fit_wish *wish,
                  struct fit_place *out)
{
    struct fit_shape source = fitter_shape(from), target = fitter_shape(to);
    fit_place(&source, &target, wish, out);
}

struct frame_format fit_video_format(int width, int height, AVRational rate)
{
    return (struct frame_format){
        .width = width,
        .height = height,
        .format = AV_PIX_FMT_YUV420P,
        .rate = rate,
        .sar = {1, 1},
        .matrix = AVCOL_SPC_BT709,
        .range = AVCOL_RANGE_MPEG,
        .primaries = AVCOL_PRI_BT709,
        .transfer = AVCOL_TRC_BT709,
        .chroma = AVCHROMA_LOC_LEFT,
    };
}

static bool fit_is_same(const struct frame_format *from,
                        const struct frame_format *to)
{
    bool subsampled = to->format == AV_PIX_FMT_YUV420P;
    bool sited = from->chroma == to->chroma || !subsampled ||
                 from->chroma == AVCHROMA_LOC_UNSPECIFIED;
    return from->width == to->width && from->height == to->height &&
           from->format == to->format && from->matrix == to->matrix &&
           from->range == to->range && from->primaries == to->primaries &&
           sited;
}

int fitter_create(struct log *log, const struct frame_format *from,
                  const struct frame_format *to, const struct fit_wish *wish,
                  struct fitter **out)
{
    struct fitter *fitter = calloc(1, sizeof(*fitter));
    *out = fitter;
    if (!fitter)
        return AVERROR(ENOMEM);
    fitter->to = *to;
    fitter_place(from, to, wish, &fitter->place);
    const struct fit_place *place = &fitter->place;
    fitter->passes = place->mode == FIT_NONE && fit_is_same(from, to);
    if (fitter->passes)
        return 0;
    struct frame_format inner = *to;
    inner.width = place->width;
    inner.height = place->height;
    struct converter_area area = fitter_area(&place->area);
    struct converter_area cover = fitter_area(&place->cover);
    int ret = canvas_init(&fitter->canvas, to->width, to->height, to->format);
    if (ret >= 0)
        ret = converter_create(log, from, &area, &inner, CONVERTER_SHARP, 0,
                               &fitter->picture);
    if (ret >= 0 && place->mode == FIT_BLUR)
        ret = blurrer_create(log, from, &cover, to, &fitter->ground);
    if (ret < 0)
        fitter_destroy(out);
    return ret;
}

void fitter_destroy(struct fitter **fitter)
{
    if (!*fitter)
        return;
    converter_destroy(&(*fitter)->picture);
    blurrer_destroy(&(*fitter)->ground);
    canvas_clear(&(*fitter)->canvas);
    free(*fitter);
    *fitter = NULL;
}

bool fitter_passes(const struct fitter *fitter)
{
    return fitter->passes;
}

void fit_tag(const struct frame_format *format, AVFrame *frame)
{
    frame->sample_aspect_ratio = (AVRational){1, 1};
    frame->colorspace = format->matrix;
    frame->color_range = format->range;
    frame->color_primaries = format->primaries;
    frame->color_trc = format->transfer;
    frame->chroma_location = format->chroma;
}

int fitter_run(struct fitter *fitter, struct log *log, const AVFrame *from,
               AVFrame **out)
{
    const struct fit_place *place = &fitter->place;
    AVFrame *frame = NULL;
    int ret = canvas_get(&fitter->canvas, &frame);
    if (ret >= 0 && fitter->ground)
        ret = blurrer_run(fitter->ground, log, from, frame);
    else if (ret >= 0 && place->mode == FIT_INSIDE)
        canvas_blacken(frame, fitter->to.range == AVCOL_RANGE_JPEG);
    if (ret >= 0)
        ret = converter_run(fitter->picture, log, from, frame, place->left,
                            place->top);
    if (ret < 0) {
        av_frame_free(&frame);
        return ret;
    }
    fit_tag(&fitter->to, frame);
    frame->pts = from->pts;
    *out = frame;
    return 0;
}
