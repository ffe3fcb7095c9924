/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small picture as a grid of means: what is looked at to find people. Single
 * pixels would tell of grain and of rough walls. Pure. */
#ifndef REELPRESS_POSTER_CELLS_H
#define REELPRESS_POSTER_CELLS_H

#include <stdint.h>
#include <libavutil/frame.h>
#include "poster/scorer.h"

#define CELL_SIDE  4 /* pixels of the small picture (scorer.h) */
#define CELLS_SIDE (SCORER_SIDE / CELL_SIDE)
#define CELLS_MOST (CELLS_SIDE * CELLS_SIDE)

/* Cell (column, row) lies at row * columns + column. */
struct cells {
    int columns, rows;
    uint8_t luma[CELLS_MOST], cb[CELLS_MOST], cr[CELLS_MOST];
};

/* `picture` is YUV420P, at most SCORER_SIDE wide and high; what is left of a
 * cell at the right and lower edge is not looked at. */
void cells_read(const AVFrame *picture, struct cells *out);

/* Difference of two cells: luma and both chromas, 0–765. */
int cells_distance(const struct cells *a, int i, const struct cells *b, int k);

/* Differences to the right and lower neighbour. */
int cells_edge(const struct cells *cells, int i);

#endif
