/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transitions, as sinks: a dissolve has two inputs that are fed in step, a fade
 * has one. Knows ticks, no sources. */
#ifndef REELPRESS_RENDER_CROSSFADER_H
#define REELPRESS_RENDER_CROSSFADER_H

#include <stdbool.h>
#include <stddef.h>
#include "base/log.h"
#include "flow/frame_sink.h"
#include "render/canvas.h"
#include "render/mixer.h"

/* Pictures of one side that wait for the other's. */
struct crossfader_queue {
    AVFrame **frames; /* owned, with the frames */
    size_t first, count, room;
};

/* Opened, finished and closed on the outgoing side first. Only the incoming
 * side's calls reach the target. */
struct crossfader {
    struct frame_sink outgoing, incoming; /* push here */
    struct mix_ramp ramp;
    struct frame_sink *target; /* lent */
    struct canvas canvas;
    struct crossfader_queue before, after;
    int64_t tick;
};

void crossfader_init(struct crossfader *crossfader, const struct mix_ramp *ramp,
                     struct frame_sink *target);
/* Pictures of the outgoing side that wait; negative: of the incoming. */
int64_t crossfader_lead(const struct crossfader *crossfader);

struct fader {
    struct frame_sink sink; /* push here */
    struct mix_ramp ramp;
    bool in;                   /* from black; else to black */
    struct frame_sink *target; /* lent */
    struct canvas canvas;
};

void fader_init(struct fader *fader, const struct mix_ramp *ramp, bool in,
                struct frame_sink *target);

#endif
