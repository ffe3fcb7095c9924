/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the giving of ticks. Refuses to look into pictures. */
#include "render/retimer.h"

#include <errno.h>

static struct retimer *retimer_of(struct frame_sink *sink)
{
    return container_of(sink, struct retimer, sink);
}

static int retimer_open(struct frame_sink *sink,
                        const struct frame_format *format)
{
    struct retimer *retimer = retimer_of(sink);
    struct frame_format ticking = *format;
    ticking.rate = retimer->pace.rate;
    retimer->tick = 0;
    return retimer->target->ops->open(retimer->target, &ticking);
}

/* The next tick shows `frame`; `again`: the one after it too. */
static int retimer_give(struct retimer *retimer, const AVFrame *frame,
                        bool again)
{
    AVFrame *copy = av_frame_clone(frame);
    if (!copy)
        return AVERROR(ENOMEM);
    copy->pts = retimer->tick++;
    copy->repeat_pict = again;
    return retimer->target->ops->push(retimer->target, copy);
}

/* Gives all ticks whose picture lies before `position`, or at it if `at`. */
static int retimer_give_to(struct retimer *retimer, const AVFrame *frame,
                           int64_t position, bool at)
{
    const struct pace *pace = &retimer->pace;
    int64_t limit = at ? position + 1 : position;
    int ret = 0;
    while (ret >= 0 && retimer->tick < pace->count &&
           pace_position(pace, retimer->tick) < limit) {
        int64_t after = retimer->tick + 1;
        bool again = after < pace->count && pace_position(pace, after) < limit;
        ret = retimer_give(retimer, frame, again);
    }
    return ret;
}

static int retimer_push(struct frame_sink *sink, AVFrame *frame)
{
    struct retimer *retimer = retimer_of(sink);
    int64_t position = frame->pts;
    const AVFrame *before = retimer->last ? retimer->last : frame;
    int ret = retimer_give_to(retimer, before, position, false);
    if (ret >= 0)
        ret = retimer_give_to(retimer, frame, position, true);
    av_frame_free(&retimer->last);
    retimer->last = frame;
    if (ret < 0)
        return ret;
    return retimer->tick < retimer->pace.count ? 0 : AVERROR_EOF;
}

static int retimer_finish(struct frame_sink *sink)
{
    struct retimer *retimer = retimer_of(sink);
    int ret = 0;
    if (retimer->tick < retimer->pace.count) {
        if (!retimer->last)
            return log_fail(retimer->log, AVERROR_INVALIDDATA,
                            _("a part of a clip got no pictures from its "
                              "source; choose another range"));
        ret = retimer_give_to(retimer, retimer->last, INT64_MAX, false);
    }
    if (ret < 0 && ret != AVERROR_EOF)
        return ret;
    return retimer->target->ops->finish(retimer->target);
}

static void retimer_close(struct frame_sink *sink)
{
    struct retimer *retimer = retimer_of(sink);
    av_frame_free(&retimer->last);
    retimer->target->ops->close(retimer->target);
}

static const struct frame_sink_ops retimer_ops = {
    .open = retimer_open,
    .push = retimer_push,
    .finish = retimer_finish,
    .close = retimer_close,
};

void retimer_init(struct retimer *retimer, struct log *log,
                  const struct pace *pace, struct frame_sink *target)
{
    *retimer = (struct retimer){
        .sink.ops = &retimer_ops,
        .log = log,
        .pace = *pace,
        .target = target,
    };
}
