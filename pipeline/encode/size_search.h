/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A film that is larger than its outlet takes is coded again with a higher
 * crf, the same for all its chunks: what x264's second pass does, with the
 * first pass's sizes as the only measure. Which crf is tried next follows from
 * the sizes seen so far, by whole numbers, so that every machine, every store
 * and every resumed run comes by the same path to the same film. */
#ifndef REELPRESS_ENCODE_SIZE_SEARCH_H
#define REELPRESS_ENCODE_SIZE_SEARCH_H

#include <stdint.h>
#include "plan/plan.h"

/* All zero before the first film. */
struct size_search {
    int step;           /* size_step that the chunks are to be coded with */
    int tries;          /* films seen */
    int over_step;      /* the highest step that gave too large a film, */
    int64_t over_bytes; /* and that film's pictures; 0: none did */
    int fits_step;      /* the lowest step that gave one that fits, */
    int64_t fits_bytes; /* and that film's pictures; 0: none did */
};

/* The most bytes that the outlet takes of this film, by size and by mean rate;
 * 0: as many as there are, or none of them can be saved (constant rate). */
int64_t size_cap(const struct rendition *rendition);

/* The least that a film must have to be taken as it is: where the cap makes it
 * coarser it shall use at least 94 % of it. 0 when the search is over. */
int64_t size_least(const struct size_search *search, int64_t cap);

/* Takes the size of the film at search->step, which is above the cap or under
 * size_least(), and moves on to the next step. `sound_bytes` of it no crf
 * changes. AVERROR(EFBIG): none fits. */
int size_search_next(struct size_search *search, int64_t bytes,
                     int64_t sound_bytes, int64_t cap, int last_step);

#endif
