/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns fades from and to black. Refuses to know what comes after. */
#include "render/crossfader.h"

#include <errno.h>

static struct fader *fader_of(struct frame_sink *sink)
{
    return container_of(sink, struct fader, sink);
}

static int fader_open(struct frame_sink *sink,
                      const struct frame_format *format)
{
    struct fader *fader = fader_of(sink);
    int ret = canvas_init(&fader->canvas, format->width, format->height,
                          format->format);
    if (ret >= 0)
        ret = fader->target->ops->open(fader->target, format);
    if (ret < 0)
        canvas_clear(&fader->canvas);
    return ret;
}

static int fader_push(struct frame_sink *sink, AVFrame *frame)
{
    struct fader *fader = fader_of(sink);
    AVFrame *made = NULL;
    int ret = canvas_get(&fader->canvas, &made);
    if (ret >= 0)
        ret = av_frame_copy_props(made, frame);
    if (ret >= 0) {
        int weight = mix_weight(&fader->ramp, frame->pts);
        mix_pictures(made, fader->in ? NULL : frame, fader->in ? frame : NULL,
                     weight);
    }
    av_frame_free(&frame);
    if (ret < 0) {
        av_frame_free(&made);
        return ret;
    }
    return fader->target->ops->push(fader->target, made);
}

static int fader_finish(struct frame_sink *sink)
{
    struct fader *fader = fader_of(sink);
    return fader->target->ops->finish(fader->target);
}

static void fader_close(struct frame_sink *sink)
{
    struct fader *fader = fader_of(sink);
    canvas_clear(&fader->canvas);
    fader->target->ops->close(fader->target);
}

static const struct frame_sink_ops fader_ops = {
    .open = fader_open,
    .push = fader_push,
    .finish = fader_finish,
    .close = fader_close,
};

void fader_init(struct fader *fader, const struct mix_ramp *ramp, bool in,
                struct frame_sink *target)
{
    *fader = (struct fader){
        .sink.ops = &fader_ops,
        .ramp = *ramp,
        .in = in,
        .target = target,
    };
}
