/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where faces may be in one picture, without a model: compact patches in the
 * colours of skin, and compact patches that move, of which the upper part may
 * be a head. Wood and earth have the colours of skin too, and hands move, so
 * that it is a hint and no more. Pure. */
#ifndef REELPRESS_POSTER_PEOPLE_H
#define REELPRESS_POSTER_PEOPLE_H

#include <stddef.h>
#include "poster/cells.h"
#include "poster/movement.h"

#define PEOPLE_MOST 12

/* In cells, half-open. */
struct face_hint {
    int left, top, right, bottom;
    double weight; /* 0–1 */
};

struct people {
    struct face_hint list[PEOPLE_MOST];
    size_t count;
    /* Where the largest thing that moves begins; the number of rows when
     * nothing does, or too little to be anybody. */
    int moving_top;
    double part; /* of the picture that patches of skin cover, 0–1 */
};

/* `movement` may be NULL or know nothing; else what stays still weighs less. */
void people_find(const struct cells *cells, const struct movement *movement,
                 struct people *out);

#endif
