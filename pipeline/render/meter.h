/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts the pictures that go by and tells main how the work goes on. Leaves
 * the pictures alone; does not know what was planned. */
#ifndef REELPRESS_RENDER_METER_H
#define REELPRESS_RENDER_METER_H

#include <stdint.h>
#include "flow/frame_sink.h"
#include "render/render.h"

struct meter {
    struct frame_sink sink;
    struct render_stats *stats; /* lent; shared by all meters of a chain */
    int64_t pixels;             /* of one picture */
    struct frame_sink *target;
};

void meter_init(struct meter *meter, struct render_stats *stats,
                struct frame_sink *target);

#endif
