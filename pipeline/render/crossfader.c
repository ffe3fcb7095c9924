/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the meeting of two runs of pictures tick by tick. Refuses to know where
 * they come from; keeps no more than one side is ahead. */
#include "render/crossfader.h"

#include <assert.h>
#include <errno.h>
#include <libavutil/mem.h>

static void queue_clear(struct crossfader_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++)
        av_frame_free(&queue->frames[queue->first + i]);
    av_freep(&queue->frames);
    *queue = (struct crossfader_queue){0};
}

static int queue_put(struct crossfader_queue *queue, AVFrame *frame)
{
    if (queue->first && queue->first + queue->count == queue->room) {
        for (size_t i = 0; i < queue->count; i++)
            queue->frames[i] = queue->frames[queue->first + i];
        queue->first = 0;
    }
    if (queue->count == queue->room) {
        size_t room = queue->room ? queue->room * 2 : 8;
        AVFrame **grown = av_realloc_array(queue->frames, room, sizeof(*grown));
        if (!grown) {
            av_frame_free(&frame);
            return AVERROR(ENOMEM);
        }
        queue->frames = grown;
        queue->room = room;
    }
    queue->frames[queue->first + queue->count++] = frame;
    return 0;
}

static AVFrame *queue_get(struct crossfader_queue *queue)
{
    queue->count--;
    return queue->frames[queue->first++];
}

/* Mixes what both sides have. */
static int crossfader_give(struct crossfader *crossfader)
{
    int ret = 0;
    while (ret >= 0 && crossfader->before.count && crossfader->after.count) {
        AVFrame *a = queue_get(&crossfader->before);
        AVFrame *b = queue_get(&crossfader->after);
        AVFrame *made = NULL;
        ret = canvas_get(&crossfader->canvas, &made);
        if (ret >= 0)
            ret = av_frame_copy_props(made, b);
        if (ret >= 0) {
            mix_pictures(made, a, b,
                         mix_weight(&crossfader->ramp, crossfader->tick));
            made->pts = crossfader->tick++;
        }
        av_frame_free(&a);
        av_frame_free(&b);
        if (ret >= 0)
            ret = crossfader->target->ops->push(crossfader->target, made);
        else
            av_frame_free(&made);
    }
    return ret;
}

static struct crossfader *outgoing_of(struct frame_sink *sink)
{
    return container_of(sink, struct crossfader, outgoing);
}

static int outgoing_open(struct frame_sink *sink,
                         const struct frame_format *format)
{
    (void)sink;
    (void)format;
    return 0;
}

static int outgoing_push(struct frame_sink *sink, AVFrame *frame)
{
    struct crossfader *crossfader = outgoing_of(sink);
    int ret = queue_put(&crossfader->before, frame);
    return ret < 0 ? ret : crossfader_give(crossfader);
}

static int outgoing_finish(struct frame_sink *sink)
{
    (void)sink;
    return 0;
}

static void outgoing_close(struct frame_sink *sink)
{
    queue_clear(&outgoing_of(sink)->before);
}

static const struct frame_sink_ops outgoing_ops = {
    .open = outgoing_open,
    .push = outgoing_push,
    .finish = outgoing_finish,
    .close = outgoing_close,
};

static struct crossfader *incoming_of(struct frame_sink *sink)
{
    return container_of(sink, struct crossfader, incoming);
}

static int incoming_open(struct frame_sink *sink,
                         const struct frame_format *format)
{
    struct crossfader *crossfader = incoming_of(sink);
    crossfader->tick = 0;
    int ret = canvas_init(&crossfader->canvas, format->width, format->height,
                          format->format);
    if (ret >= 0)
        ret = crossfader->target->ops->open(crossfader->target, format);
    if (ret < 0)
        canvas_clear(&crossfader->canvas);
    return ret;
}

static int incoming_push(struct frame_sink *sink, AVFrame *frame)
{
    struct crossfader *crossfader = incoming_of(sink);
    int ret = queue_put(&crossfader->after, frame);
    return ret < 0 ? ret : crossfader_give(crossfader);
}

static int incoming_finish(struct frame_sink *sink)
{
    struct crossfader *crossfader = incoming_of(sink);
    assert(!crossfader->after.count);
    return crossfader->target->ops->finish(crossfader->target);
}

static void incoming_close(struct frame_sink *sink)
{
    struct crossfader *crossfader = incoming_of(sink);
    queue_clear(&crossfader->after);
    canvas_clear(&crossfader->canvas);
    crossfader->target->ops->close(crossfader->target);
}

static const struct frame_sink_ops incoming_ops = {
    .open = incoming_open,
    .push = incoming_push,
    .finish = incoming_finish,
    .close = incoming_close,
};

void crossfader_init(struct crossfader *crossfader, const struct mix_ramp *ramp,
                     struct frame_sink *target)
{
    *crossfader = (struct crossfader){
        .outgoing.ops = &outgoing_ops,
        .incoming.ops = &incoming_ops,
        .ramp = *ramp,
        .target = target,
    };
}

int64_t crossfader_lead(const struct crossfader *crossfader)
{
    return (int64_t)crossfader->before.count - (int64_t)crossfader->after.count;
}
