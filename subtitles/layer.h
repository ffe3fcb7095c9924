/* SPDX-License-Identifier: GPL-3.0-or-later */
/* struct layer: coloured masks, one over the other, as one picture of
 * premultiplied colour at the frame's full resolution. It knows masks and code
 * values; not text, not libass, not time, not how a frame stores chroma.
 *
 * Pixels lie in cells of 32 of one row, made when first touched, so that a
 * change costs what it covers and not the frame. All sums are integers with a
 * fraction of 1/255 code value, rounded to nearest at each mask: after hundreds
 * of masks below a code value still, and the same on every machine. */
#ifndef REELPRESS_SUBTITLES_LAYER_H
#define REELPRESS_SUBTITLES_LAYER_H

#include <stddef.h>
#include <stdint.h>
#include "subtitles/blend.h"

#define LAYER_CLEAR 65280 /* transparency of an empty pixel: 255 * 256 */

struct layer_cell {
    uint16_t colour[3][TILE_WIDTH]; /* premultiplied, 1/255 code value */
    uint16_t clear[TILE_WIDTH];     /* 0 opaque, LAYER_CLEAR empty */
};

struct layer_kept {
    size_t index;
    struct layer_cell cell;
};

struct layer {
    int width, height;        /* pixels */
    int columns;              /* cells in a row */
    struct layer_cell *cells; /* row by row; valid where touched */
    uint8_t *touched;         /* per cell: 0 or 1 */
    struct layer_kept *kept;  /* the ground of every picture */
    size_t kept_count;
};

/* One mask in one colour. */
struct layer_mask {
    const uint8_t *alpha; /* rows of `width` bytes, `stride` apart; nothing is
                             read behind the last row's last byte */
    int width, height, stride;
    int left, top;   /* in the frame; what lies outside is left out */
    double codes[3]; /* the colour in the planes' code values, 0–255 */
    int opacity;     /* 0–255, times alpha */
};

/* 0 or AVERROR(ENOMEM). */
int layer_init(struct layer *layer, int width, int height);
void layer_clear(struct layer *layer);

/* Begins a new picture, empty but for what layer_keep has kept. */
void layer_start(struct layer *layer);
void layer_add(struct layer *layer, const struct layer_mask *mask);
/* What was added so far is the ground of every picture from now on. 0 or
 * AVERROR(ENOMEM). */
int layer_keep(struct layer *layer);

/* A cell's pixels; NULL where the picture is empty. */
static inline const struct layer_cell *layer_at(const struct layer *layer,
                                                int row, int column)
{
    size_t index = (size_t)row * (size_t)layer->columns + (size_t)column;
    return layer->touched[index] ? &layer->cells[index] : NULL;
}

#endif
