/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which picture each tick of a chunk shows: positions, twice the index number
 * of a frame, one more for its second field. Pure numbers. */
#ifndef REELPRESS_RENDER_PACE_H
#define REELPRESS_RENDER_PACE_H

#include <stdbool.h>
#include <stdint.h>
#include "plan/plan.h"

enum pace_kind {
    PACE_SHOT,   /* the shot's own ticks */
    PACE_BEYOND, /* under a dissolve: the shot before runs on */
    PACE_STILL,  /* one picture for all ticks */
};

struct pace {
    enum pace_kind kind;
    const struct shot *shot; /* lent */
    AVRational rate;
    int64_t first; /* the first tick, counted from the shot's */
    int64_t count; /* ticks in the chunk */
    int64_t still; /* PACE_STILL: the position */
    bool fields;   /* second fields are pictures of their own */
};

int64_t pace_position(const struct pace *pace, int64_t tick);
/* Whether material of the shot, at this rate, should give every field. */
bool pace_wants_fields(const struct shot *shot, AVRational rate);
bool pace_is_same(const struct pace *a, const struct pace *b);

#endif
