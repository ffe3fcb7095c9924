/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the handing of one stream of pictures to several sinks: who is open,
 * who has had enough. Refuses to know what the sinks do with them. */
#include "flow/fanout.h"

#include <errno.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>

static struct fanout *fanout_of(struct frame_sink *sink)
{
    return container_of(sink, struct fanout, sink);
}

static int fanout_open(struct frame_sink *sink,
                       const struct frame_format *format)
{
    struct fanout *fanout = fanout_of(sink);
    for (size_t i = 0; i < fanout->count; i++) {
        struct frame_sink *target = fanout->targets[i];
        fanout->enough[i] = false;
        int ret = target->ops->open(target, format);
        if (ret >= 0)
            continue;
        while (i--)
            fanout->targets[i]->ops->close(fanout->targets[i]);
        return ret;
    }
    return 0;
}

/* The last sink that still wants pictures; count when there is none. */
static size_t fanout_last(const struct fanout *fanout)
{
    for (size_t i = fanout->count; i--;) {
        if (!fanout->enough[i])
            return i;
    }
    return fanout->count;
}

static int fanout_give(struct fanout *fanout, size_t i, AVFrame *frame)
{
    struct frame_sink *target = fanout->targets[i];
    int ret = target->ops->push(target, frame);
    if (ret == AVERROR_EOF) {
        fanout->enough[i] = true;
        return 0;
    }
    return ret;
}

static int fanout_push(struct frame_sink *sink, AVFrame *frame)
{
    struct fanout *fanout = fanout_of(sink);
    size_t last = fanout_last(fanout);
    int ret = 0;
    for (size_t i = 0; i < last && ret >= 0; i++) {
        if (fanout->enough[i])
            continue;
        AVFrame *copy = av_frame_clone(frame);
        ret = copy ? fanout_give(fanout, i, copy) : AVERROR(ENOMEM);
    }
    if (ret >= 0 && last < fanout->count)
        ret = fanout_give(fanout, last, frame);
    else
        av_frame_free(&frame);
    if (ret < 0)
        return ret;
    return fanout_last(fanout) == fanout->count ? AVERROR_EOF : 0;
}

static int fanout_finish(struct frame_sink *sink)
{
    struct fanout *fanout = fanout_of(sink);
    for (size_t i = 0; i < fanout->count; i++) {
        struct frame_sink *target = fanout->targets[i];
        int ret = target->ops->finish(target);
        if (ret < 0)
            return ret;
    }
    return 0;
}

static void fanout_close(struct frame_sink *sink)
{
    struct fanout *fanout = fanout_of(sink);
    for (size_t i = 0; i < fanout->count; i++)
        fanout->targets[i]->ops->close(fanout->targets[i]);
}

static const struct frame_sink_ops fanout_ops = {
    .open = fanout_open,
    .push = fanout_push,
    .finish = fanout_finish,
    .close = fanout_close,
};

int fanout_init(struct fanout *fanout)
{
    *fanout = (struct fanout){.sink.ops = &fanout_ops};
    return 0;
}

int fanout_add(struct fanout *fanout, struct frame_sink *target)
{
    size_t count = fanout->count + 1;
    struct frame_sink **targets =
        av_realloc_array(fanout->targets, count, sizeof(*targets));
    if (!targets)
        return AVERROR(ENOMEM);
    fanout->targets = targets;
    bool *enough = av_realloc_array(fanout->enough, count, sizeof(*enough));
    if (!enough)
        return AVERROR(ENOMEM);
    fanout->enough = enough;
    targets[fanout->count] = target;
    enough[fanout->count] = false;
    fanout->count = count;
    return 0;
}

void fanout_clear(struct fanout *fanout)
{
    av_freep(&fanout->targets);
    av_freep(&fanout->enough);
    fanout->count = 0;
}
