/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One stretch of a recording as rows of an index, read from where a lander put
 * the file. In workers only. */
#ifndef REELPRESS_INGEST_INDEX_WINDOW_H
#define REELPRESS_INGEST_INDEX_WINDOW_H

#include <stdbool.h>
#include "ingest/index_lander.h"

struct window {
    struct index part;  /* packets, sounds and frames; flicks are stamps */
    bool begin, end;    /* it reaches the recording's begin, its end */
    bool plain;         /* every packet is one picture, unless it is hidden */
    bool reordered;     /* some picture is not shown when it is decoded */
    size_t checked;     /* so many frames from the first on stand in a row */
    int64_t last_units; /* how long the last picture says it lasts */
    bool heard;
    int64_t sound_from, sound_to; /* flicks, the zero not taken off */
};

/* What decoding the range takes: all frames that are on display in it and a
 * few around, the entry from which they are decoded, and the sound. Goes
 * further back until that is had. AVERROR_INVALIDDATA when it can't be had. */
int window_read_range(struct lander *lander, struct index_range range,
                      struct arena *arena, struct window *out);
/* From where the file stands: pictures for two seconds, and the sound; with
 * `to_end`, all that there is. */
int window_read_here(struct lander *lander, bool begin, bool to_end,
                     struct arena *arena, struct window *out);

#endif
