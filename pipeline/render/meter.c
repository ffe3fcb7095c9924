/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the counting of pictures on their way to an encoder. Refuses to know
 * what becomes of them. */
#include "render/meter.h"

#include "base/worker.h"

static struct meter *meter_of(struct frame_sink *sink)
{
    return container_of(sink, struct meter, sink);
}

static int meter_open(struct frame_sink *sink,
                      const struct frame_format *format)
{
    struct meter *meter = meter_of(sink);
    meter->pixels = (int64_t)format->width * format->height;
    return meter->target->ops->open(meter->target, format);
}

static int meter_push(struct frame_sink *sink, AVFrame *frame)
{
    struct meter *meter = meter_of(sink);
    struct render_stats *stats = meter->stats;
    int ret = meter->target->ops->push(meter->target, frame);
    if (ret < 0)
        return ret;
    int64_t before = stats->pixels_pushed / RENDER_UNIT_PIXELS;
    stats->frames_pushed++;
    stats->pixels_pushed += meter->pixels;
    int64_t units = stats->pixels_pushed / RENDER_UNIT_PIXELS - before;
    if (units)
        worker_progress(units);
    return 0;
}

static int meter_finish(struct frame_sink *sink)
{
    struct meter *meter = meter_of(sink);
    return meter->target->ops->finish(meter->target);
}

static void meter_close(struct frame_sink *sink)
{
    struct meter *meter = meter_of(sink);
    meter->target->ops->close(meter->target);
}

static const struct frame_sink_ops meter_ops = {
    .open = meter_open,
    .push = meter_push,
    .finish = meter_finish,
    .close = meter_close,
};

void meter_init(struct meter *meter, struct render_stats *stats,
                struct frame_sink *target)
{
    *meter = (struct meter){
        .sink.ops = &meter_ops, .stats = stats, .target = target};
}
