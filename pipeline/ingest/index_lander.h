/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Getting near a time of an open recording without reading it all: by the
 * container's own table, or in MPEG-TS, which has none, by a search of our own
 * over byte positions. In workers only. */
#ifndef REELPRESS_INGEST_INDEX_LANDER_H
#define REELPRESS_INGEST_INDEX_LANDER_H

#include <stdbool.h>
#include <stdint.h>
#include "ingest/index_rows.h"

#define LANDER_POINTS 96

/* A byte position, and the time of the picture read there. */
struct landing {
    int64_t position, flicks;
};

struct lander {
    struct rows *rows; /* lent */
    bool by_bytes;     /* MPEG-TS */
    int64_t start_flicks;
    int64_t first_flicks; /* of the first picture; known after the first read */
    int64_t size;         /* of the file */
    /* What is known, in order; the first is the begin. */
    struct landing points[LANDER_POINTS];
    size_t point_count;
};

/* Whether the container can be landed in at all. */
bool lander_init(struct lander *lander, struct rows *rows);
/* The next packets read are of pictures at or before `flicks`, hardly more
 * than a few seconds before where the container allows; or `*begin` is set and
 * they are the file's first. Not proven: who reads looks at what comes.
 * AVERROR_INVALIDDATA where the file's times don't rise, or what libavformat
 * says. */
int lander_go(struct lander *lander, int64_t flicks, bool *begin);
/* Near the file's end, `flicks` before it, 128 KiB at least in an MPEG-TS. */
int lander_go_end(struct lander *lander, int64_t flicks);
/* At `part` of `parts` of the file, by time or by bytes. */
int lander_go_part(struct lander *lander, int64_t end_flicks, int part,
                   int parts);
/* Tells that a picture of this time was read from this position on. */
int lander_learn(struct lander *lander, int64_t position, int64_t flicks);
/* Whether seeking comes where its stamps say, by what was read from the begin
 * on: 0, or AVERROR_INVALIDDATA. Reading goes on anywhere. */
int lander_prove(struct lander *lander, const struct index *head);

#endif
