/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a run over several sessions: one row for each. */
#ifndef REELPRESS_PRODUCE_SUMMARY_H
#define REELPRESS_PRODUCE_SUMMARY_H

#include <jansson.h>
#include "base/buffer.h"
#include "produce/produce.h"

struct summary_row {
    const char *session; /* its name */
    const char *out;     /* where what it made lies */
    const char *trouble; /* why nothing was made, in few words; NULL: it was */
    struct produce_summary summary;
};

/* A table for people, lines of at most 100 columns, Chinese counted as two. */
void summary_print(const struct summary_row *rows, size_t count,
                   struct buffer *out);
/* {"event":"summary","sessions":[…]}; a new reference. */
json_t *summary_json(const struct summary_row *rows, size_t count);

#endif
