/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the geometry of fitting and the workers that draw it. Refuses to know
 * why a mode was chosen. */
#include "render/fitter.h"

#include <errno.h>
#include <math.h>
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

/* Width to height as it is looked at, times `height`: what the width would be
 * at that height. Geometry is no time, so doubles are fine. */
static double fit_ratio(const struct frame_format *format)
{
    double sar =
        format->sar.num > 0 && format->sar.den > 0 ? av_q2d(format->sar) : 1.0;
    return format->width * sar / format->height;
}

static int fit_even(double value, int most)
{
    return FFMIN(FFMAX((int)lrint(value / 2) * 2, 2), most);
}

/* The largest part of the source that has the frame's shape. */
static struct converter_area fit_cover(const struct frame_format *from,
                                       double have, double want, int percent)
{
    struct converter_area area = {0, 0, from->width, from->height};
    if (have > want)
        area.width = from->width * want / have;
    else
        area.height = from->height * have / want;
    area.left = (from->width - area.width) * percent / 100;
    area.top = (from->height - area.height) * percent / 100;
    return area;
}

void fit_place(const struct frame_format *from, const struct frame_format *to,
               const struct fit_wish *wish, struct fit_place *out)
{
    double have = fit_ratio(from), want = fit_ratio(to);
    *out = (struct fit_place){
        .mode = wish->mode == FIT_NONE ? FIT_INSIDE : wish->mode,
        .width = to->width,
        .height = to->height,
    };
    int percent = wish->crop_percent < 0 ? 50 : wish->crop_percent;
    if (fabs(have - want) <= want / 100) {
        out->mode = FIT_NONE;
        return;
    }
    if (wish->narrow_percent >= 0 && want < have) {
        out->mode = FIT_FILL;
        percent = wish->narrow_percent;
    }
    out->cover = fit_cover(from, have, want, percent);
    if (out->mode == FIT_FILL) {
        out->area = out->cover;
        return;
    }
    if (have > want)
        out->height = fit_even(to->height * want / have, to->height);
    else
        out->width = fit_even(to->width * have / want, to->width);
    out->left = (to->width - out->width) / 4 * 2;
    out->top = (to->height - out->height) / 4 * 2;
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
    fit_place(from, to, wish, &fitter->place);
    const struct fit_place *place = &fitter->place;
    fitter->passes = place->mode == FIT_NONE && fit_is_same(from, to);
    if (fitter->passes)
        return 0;
    struct frame_format inner = *to;
    inner.width = place->width;
    inner.height = place->height;
    int ret = canvas_init(&fitter->canvas, to->width, to->height, to->format);
    if (ret >= 0)
        ret = converter_create(log, from, &place->area, &inner, CONVERTER_SHARP,
                               0, &fitter->picture);
    if (ret >= 0 && place->mode == FIT_BLUR)
        ret = blurrer_create(log, from, &place->cover, to, &fitter->ground);
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
