/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What moves in a shot, as seen from one of its pictures: people do, shelves
 * and walls do not. Pure. */
#ifndef REELPRESS_POSTER_MOVEMENT_H
#define REELPRESS_POSTER_MOVEMENT_H

#include <stddef.h>
#include <stdint.h>
#include "poster/cells.h"

struct movement {
    int columns, rows;        /* 0: nothing is known */
    uint8_t list[CELLS_MOST]; /* 0 still to 255 */
    double trust; /* 0–1: how well it tells where people are; 0 where nothing
                     moves, or all does, as under a moving camera */
};

/* Compares `chosen` with `count` other pictures of its shot, half a second and
 * more away. What stands elsewhere in each of them weighs most at its place in
 * `chosen`. Others of another size, or of another shot, are passed over. The
 * light's going up and down and a small shake of the camera are taken out. */
void movement_find(const struct cells *chosen,
                   const struct cells *const *others, size_t count,
                   struct movement *out);

#endif
