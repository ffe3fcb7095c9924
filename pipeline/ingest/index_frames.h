/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From packets in file order to pictures in order of display, and the rate
 * that they keep. Pure: no file is touched. */
#ifndef REELPRESS_INGEST_INDEX_FRAMES_H
#define REELPRESS_INGEST_INDEX_FRAMES_H

#include <stdbool.h>
#include <stdint.h>
#include "ingest/index.h"

/* What the demuxer and the bits said of one packet beside index_packet; for
 * the time of building only. */
struct index_note {
    int64_t duration; /* in the stream's time base; 0 unknown */
    int64_t order;    /* rises in order of display within a group */
    uint32_t group;   /* counted up by each IDR */
    bool picture;     /* begins a picture that is shown */
    bool bidirectional;
    bool has_order;
};

struct index_hints {
    AVRational declared_rate; /* the container's; 0/x unknown */
    bool refers_near;         /* packet_reader_refers_near */
};

/* Needs time_base, start_flicks and packets of `index`; changes notes, gives
 * packets their missing pts, mends entries, and fills frames (in the arena),
 * constant_rate, rate, first_flicks, end_flicks and closed. */
void index_make_frames(struct index *index, struct index_note *notes,
                       const struct index_hints *hints, struct arena *arena);

/* As far as a part of a recording goes, all of whose packets have stamps: mends
 * entries, and fills frames (in the arena), whose flicks are their stamps, and
 * closed. `begin`: it is the recording's begin. */
void index_make_part(struct index *part, struct index_note *notes,
                     const struct index_hints *hints, bool begin,
                     struct arena *arena);

/* index_rate.c: constant_rate, rate and end_flicks of frames whose flicks are
 * stamps; a constant rate straightens them. `last_duration` in flicks, 0
 * unknown. */
void index_find_rate(struct index *index, const struct index_hints *hints,
                     int64_t last_duration);

/* As index_find_rate, of at least two frames whose rate is not constant. */
void index_vary(struct index *index, int64_t last_duration);
/* Between two frames, in flicks; at least two. */
int64_t index_median_step(const struct index *index);

/* Some of a recording's frames, as index_make_part leaves them. */
struct index_sample {
    const struct index *part;
    size_t row; /* so many of its first frames stand in a row: none is missing
                   in between */
};
/* The constant rate that all samples keep, counted from `first_flicks` on, by
 * the rules of index_find_rate; false when there is none. */
bool index_find_grid(const struct index_sample *samples, size_t count,
                     const struct index_hints *hints, int64_t first_flicks,
                     AVRational *out);
/* Whether all frames lie on a rate's grid, but some may be missing. */
bool index_on_grid(const struct index *part, int64_t first_flicks,
                   AVRational rate);

#endif
