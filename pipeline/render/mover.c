/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the way of a photo and its drawing, tick by tick. Refuses to know when
 * photos move: the plan does. */
#include "render/mover.h"

#include <errno.h>
#include <math.h>
#include <libavutil/common.h>

#include "base/clock.h"
#include "render/blurrer.h"

/* How much nearer at most, in parts of the picture, and in a second: viewers
 * feel more as haste. */
#define MOVE_MOST       0.06
#define MOVE_PER_SECOND 0.015

/* A photo is kept so many times finer than it is shown: beyond, the sharpness
 * of each tick gains nothing and its time grows. */
#define NEAR_FINER 1.5

/* The ways, by turns. Where the nearer end lies in what can be cut off: heads
 * are rather above. */
static const struct way {
    bool nearer;
    double across, down;
} move_ways[] = {
    {true, 0.5, 0.35},
    {false, 0.35, 0.4},
    {true, 0.65, 0.4},
    {false, 0.5, 0.35},
};
#define MOVE_WAYS ((int)(sizeof(move_ways) / sizeof(move_ways[0])))

static struct mover *mover_of(struct frame_sink *sink)
{
    return container_of(sink, struct mover, sink);
}

/* Geometry is no time: from the flicks on doubles are fine. */
struct converter_area move_window(const struct move *move, int64_t at_flicks,
                                  double width, double height)
{
    const struct way *way = &move_ways[move->turn % MOVE_WAYS];
    double length = (double)FFMAX(move->length_flicks, 1);
    double done = FFMIN(FFMAX((double)at_flicks / length, 0), 1);
    double most =
        FFMIN(length / FLICKS_PER_SECOND * MOVE_PER_SECOND, MOVE_MOST);
    double scale = 1 / (1 + most * (way->nearer ? done : 1 - done));
    struct converter_area window = {.width = width * scale,
                                    .height = height * scale};
    window.left = (width - window.width) * way->across;
    window.top = (height - window.height) * way->down;
    return window;
}

static int mover_open(struct frame_sink *sink,
                      const struct frame_format *format)
{
    struct mover *mover = mover_of(sink);
    mover->from = *format;
    mover->to = fit_video_format(mover->width, mover->height, format->rate);
    int ret = canvas_init(&mover->canvas, mover->width, mover->height,
                          mover->to.format);
    if (ret >= 0)
        ret = mover->target->ops->open(mover->target, &mover->to);
    if (ret < 0)
        canvas_clear(&mover->canvas);
    return ret;
}

/* --- what is made once -------------------------------------------------------
 */

static int mover_even(double value)
{
    return FFMAX((int)lrint(value / 2) * 2, 2);
}

/* In 16 bits, as it is resampled a second time; with whole chroma where that
 * will be needed. */
static int mover_keep_near(struct mover *mover, const AVFrame *photo)
{
    const struct fit_place *place = &mover->place;
    struct converter_area area = fitter_area(&place->area);
    if (area.width <= 0)
        area = (struct converter_area){0, 0, photo->width, photo->height};
    double finer = FFMIN(place->width * NEAR_FINER / area.width, 1.0);
    struct frame_format *near = &mover->near_format;
    *near = mover->to;
    near->width = mover_even(area.width * finer);
    near->height = mover_even(area.height * finer);
    near->format = finer < 1 ? AV_PIX_FMT_YUV420P16 : AV_PIX_FMT_YUV444P16;
    struct canvas canvas = {0};
    struct converter *converter = NULL;
    int ret = converter_create(mover->log, &mover->from, &area, near,
                               CONVERTER_SHARP, 0, &converter);
    if (ret >= 0)
        ret = canvas_init(&canvas, near->width, near->height, near->format);
    if (ret >= 0)
        ret = canvas_get(&canvas, &mover->near);
    if (ret >= 0)
        ret = converter_run(converter, mover->log, photo, mover->near, 0, 0);
    canvas_clear(&canvas);
    converter_destroy(&converter);
    return ret;
}

static int mover_keep_ground(struct mover *mover, const AVFrame *photo)
{
    struct blurrer *blurrer = NULL;
    struct converter_area cover = fitter_area(&mover->place.cover);
    if (mover->place.mode == FIT_NONE || mover->place.mode == FIT_FILL)
        return 0;
    int ret = canvas_get(&mover->canvas, &mover->ground);
    if (ret >= 0 && mover->place.mode == FIT_INSIDE) {
        canvas_blacken(mover->ground, false);
        return 0;
    }
    if (ret >= 0)
        ret = blurrer_create(mover->log, &mover->from, &cover, &mover->to,
                             &blurrer);
    if (ret >= 0)
        ret = blurrer_run(blurrer, mover->log, photo, mover->ground);
    blurrer_destroy(&blurrer);
    return ret;
}

static int mover_prepare(struct mover *mover, const AVFrame *photo)
{
    mover->from.width = photo->width;
    mover->from.height = photo->height;
    mover->from.format = photo->format;
    fitter_place(&mover->from, &mover->to, &mover->wish, &mover->place);
    int ret = mover_keep_ground(mover, photo);
    return ret < 0 ? ret : mover_keep_near(mover, photo);
}

/* --- what is made for each tick ----------------------------------------------
 */

static int mover_draw(struct mover *mover, int64_t tick, AVFrame *frame)
{
    const struct fit_place *place = &mover->place;
    int64_t at = mover->move.from_flicks + clock_flicks(tick, mover->to.rate);
    struct converter_area window =
        move_window(&mover->move, at, mover->near->width, mover->near->height);
    struct frame_format inner = mover->to;
    inner.width = place->width;
    inner.height = place->height;
    struct converter *converter = NULL;
    int ret = converter_create(mover->log, &mover->near_format, &window, &inner,
                               CONVERTER_SHARP, 0, &converter);
    if (ret >= 0)
        ret = converter_run(converter, mover->log, mover->near, frame,
                            place->left, place->top);
    converter_destroy(&converter);
    return ret;
}

static int mover_make(struct mover *mover, const AVFrame *photo, AVFrame **out)
{
    int ret = mover->near ? 0 : mover_prepare(mover, photo);
    if (ret >= 0)
        ret = canvas_get(&mover->canvas, out);
    if (ret < 0)
        return ret;
    if (mover->ground)
        canvas_place(*out, mover->ground, 0, 0);
    fit_tag(&mover->to, *out);
    (*out)->pts = photo->pts;
    return mover_draw(mover, photo->pts, *out);
}

static int mover_push(struct frame_sink *sink, AVFrame *frame)
{
    struct mover *mover = mover_of(sink);
    AVFrame *out = NULL;
    int ret = mover_make(mover, frame, &out);
    av_frame_free(&frame);
    if (ret < 0) {
        av_frame_free(&out);
        return ret;
    }
    return mover->target->ops->push(mover->target, out);
}

static int mover_finish(struct frame_sink *sink)
{
    struct mover *mover = mover_of(sink);
    return mover->target->ops->finish(mover->target);
}

static void mover_close(struct frame_sink *sink)
{
    struct mover *mover = mover_of(sink);
    av_frame_free(&mover->near);
    av_frame_free(&mover->ground);
    canvas_clear(&mover->canvas);
    mover->target->ops->close(mover->target);
}

static const struct frame_sink_ops mover_ops = {
    .open = mover_open,
    .push = mover_push,
    .finish = mover_finish,
    .close = mover_close,
};

void mover_init(struct mover *mover, struct log *log, int width, int height,
                const struct fit_wish *wish, const struct move *move,
                struct frame_sink *target)
{
    *mover = (struct mover){
        .sink.ops = &mover_ops,
        .log = log,
        .width = width,
        .height = height,
        .wish = *wish,
        .move = *move,
        .target = target,
    };
}
