/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns when a fitter is made anew and when its work can be spared. Refuses to
 * know geometry: the fitter's. */
#include "render/scaler.h"

#include <errno.h>

static struct scaler *scaler_of(struct frame_sink *sink)
{
    return container_of(sink, struct scaler, sink);
}

static int scaler_open(struct frame_sink *sink,
                       const struct frame_format *format)
{
    struct scaler *scaler = scaler_of(sink);
    scaler->from = *format;
    scaler->to = fit_video_format(scaler->width, scaler->height, format->rate);
    int ret = canvas_init(&scaler->blurred, scaler->width, scaler->height,
                          scaler->to.format);
    if (ret >= 0 && scaler->ground)
        ret = blurrer_create(scaler->log, &scaler->to, NULL, &scaler->to,
                             &scaler->blurrer);
    if (ret >= 0)
        ret = scaler->target->ops->open(scaler->target, &scaler->to);
    if (ret < 0) {
        blurrer_destroy(&scaler->blurrer);
        canvas_clear(&scaler->blurred);
    }
    return ret;
}

/* A stream may change its pictures' size or format midway. */
static int scaler_prepare(struct scaler *scaler, const AVFrame *frame)
{
    struct frame_format *from = &scaler->from;
    if (scaler->fitter && from->width == frame->width &&
        from->height == frame->height && (int)from->format == frame->format)
        return 0;
    fitter_destroy(&scaler->fitter);
    from->width = frame->width;
    from->height = frame->height;
    from->format = frame->format;
    return fitter_create(scaler->log, from, &scaler->to, &scaler->wish,
                         &scaler->fitter);
}

static int scaler_fit(struct scaler *scaler, const AVFrame *frame,
                      AVFrame **out)
{
    int ret = scaler_prepare(scaler, frame);
    if (ret < 0)
        return ret;
    if (!fitter_passes(scaler->fitter))
        return fitter_run(scaler->fitter, scaler->log, frame, out);
    *out = av_frame_clone(frame);
    return *out ? 0 : AVERROR(ENOMEM);
}

static int scaler_ground(struct scaler *scaler, AVFrame **frame)
{
    AVFrame *made = NULL;
    int ret = canvas_get(&scaler->blurred, &made);
    if (ret >= 0)
        ret = blurrer_run(scaler->blurrer, scaler->log, *frame, made);
    if (ret < 0) {
        av_frame_free(&made);
        return ret;
    }
    av_frame_free(frame);
    *frame = made;
    return 0;
}

static int scaler_make(struct scaler *scaler, const AVFrame *frame,
                       AVFrame **out)
{
    if (scaler->kept) {
        *out = av_frame_clone(scaler->kept);
        return *out ? 0 : AVERROR(ENOMEM);
    }
    int ret = scaler_fit(scaler, frame, out);
    if (ret >= 0 && scaler->ground)
        ret = scaler_ground(scaler, out);
    return ret;
}

static int scaler_push(struct frame_sink *sink, AVFrame *frame)
{
    struct scaler *scaler = scaler_of(sink);
    AVFrame *out = NULL;
    int ret = scaler_make(scaler, frame, &out);
    bool again = frame->repeat_pict;
    int64_t pts = frame->pts;
    av_frame_free(&frame);
    if (!again)
        av_frame_free(&scaler->kept);
    else if (ret >= 0 && !scaler->kept && !(scaler->kept = av_frame_clone(out)))
        ret = AVERROR(ENOMEM);
    if (ret < 0) {
        av_frame_free(&out);
        return ret;
    }
    out->pts = pts;
    out->repeat_pict = 0;
    return scaler->target->ops->push(scaler->target, out);
}

static int scaler_finish(struct frame_sink *sink)
{
    struct scaler *scaler = scaler_of(sink);
    return scaler->target->ops->finish(scaler->target);
}

static void scaler_close(struct frame_sink *sink)
{
    struct scaler *scaler = scaler_of(sink);
    av_frame_free(&scaler->kept);
    fitter_destroy(&scaler->fitter);
    blurrer_destroy(&scaler->blurrer);
    canvas_clear(&scaler->blurred);
    scaler->target->ops->close(scaler->target);
}

static const struct frame_sink_ops scaler_ops = {
    .open = scaler_open,
    .push = scaler_push,
    .finish = scaler_finish,
    .close = scaler_close,
};

void scaler_init(struct scaler *scaler, struct log *log, int width, int height,
                 const struct fit_wish *wish, bool ground,
                 struct frame_sink *target)
{
    *scaler = (struct scaler){
        .sink.ops = &scaler_ops,
        .log = log,
        .width = width,
        .height = height,
        .wish = *wish,
        .ground = ground,
        .target = target,
    };
}
