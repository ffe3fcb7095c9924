/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One stream of pictures to several sinks: references to all but the last,
 * which gets the frame itself. A sink that says AVERROR_EOF is left out from
 * then on; when all have, so does the fan-out. A sink's failure fails all. */
#ifndef REELPRESS_FLOW_FANOUT_H
#define REELPRESS_FLOW_FANOUT_H

#include <stdbool.h>
#include "flow/frame_sink.h"

struct fanout {
    struct frame_sink sink;      /* push here */
    struct frame_sink **targets; /* owned array of lent sinks */
    bool *enough;                /* per target: said AVERROR_EOF */
    size_t count;
};

int fanout_init(struct fanout *fanout); /* empty */
int fanout_add(struct fanout *fanout, struct frame_sink *target);
void fanout_clear(struct fanout *fanout); /* after close; targets stay */

#endif
