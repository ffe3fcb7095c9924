/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an MP4's own table says of all its packets, as libavformat holds it
 * once the file is open: nothing more is read. In workers only. */
#ifndef REELPRESS_INGEST_INDEX_TABLE_H
#define REELPRESS_INGEST_INDEX_TABLE_H

#include <stdbool.h>
#include "ingest/index_rows.h"
#include "ingest/index_window.h"

struct table {
    struct index index; /* frames only: all that are shown, as they are decoded;
                           its rate, whether it is constant, and its end */
    bool reordered;     /* of a variable rate: the times of its pictures stand
                           with the packets only, and most follow by `step` */
    int64_t step;       /* flicks */
};

/* From the table's decoding times, laid so that the first lies where `head`
 * begins. False when there is no table, or it is not the whole truth: the last
 * picture of `tail` must be its last. */
bool table_read(const struct rows *rows, const struct window *head,
                const struct window *tail, struct arena *arena,
                struct table *out);
/* Of a reordered table: whether what was read of the recording follows by the
 * step that the table tells. */
bool table_agrees(const struct table *table, const struct window *window);
/* How many frames are shown before the window's first. */
int64_t table_number(const struct table *table, const struct window *window);

#endif
