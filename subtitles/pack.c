/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A layer as the frame stores it, packed for blend.h. */
#include "subtitles/pack.h"

#include <libavutil/common.h>

#include <string.h>

static inline void tile_fill(const uint16_t *restrict colour,
                             const uint16_t *restrict clear,
                             struct tile *restrict tile)
{
    for (int i = 0; i < TILE_WIDTH; i++) {
        tile->add[i] = (uint16_t)(colour[i] + TILE_ROUND);
        tile->keep[i] = (uint8_t)((clear[i] + 128) >> 8);
    }
}

static bool tile_shows(const struct tile *tile)
{
    uint64_t words[TILE_WIDTH / 8];
    memcpy(words, tile->keep, sizeof(words));
    return (words[0] & words[1] & words[2] & words[3]) != UINT64_MAX;
}

/* Looks into a tile only where it may widen the box. */
static void box_extend(struct pack_box *box, int left, int row,
                       const struct tile *tile)
{
    bool empty = box->bottom == 0;
    int first = 0, last = TILE_WIDTH - 1;
    box->top = empty ? row : box->top; /* rows come in order */
    box->bottom = row + 1;
    if (empty || left < box->left) {
        while (tile->keep[first] == 255)
            first++;
        box->left = empty ? left + first : FFMIN(box->left, left + first);
    }
    if (empty || left + TILE_WIDTH > box->right) {
        while (tile->keep[last] == 255)
            last--;
        box->right =
            empty ? left + last + 1 : FFMAX(box->right, left + last + 1);
    }
}

/* --- planes at full resolution ------------------------------------------- */

VECTOR_CLONES
static int pack_full(const struct layer *layer, int plane, struct tiles *tiles,
                     struct pack_box *box)
{
    for (int y = 0; y < layer->height; y++) {
        for (int t = 0; t < layer->columns; t++) {
            const struct layer_cell *cell = layer_at(layer, y, t);
            if (!cell)
                continue;
            struct tile tile;
            tile_fill(cell->colour[plane], cell->clear, &tile);
            if (!tile_shows(&tile))
                continue;
            int left = t * TILE_WIDTH;
            if (box)
                box_extend(box, left, y, &tile);
            struct tile_place place = {(uint16_t)left, (uint16_t)y};
            int ret = tiles_add(tiles, place, &tile);
            if (ret < 0)
                return ret;
        }
    }
    return 0;
}

/* --- chroma at half resolution ------------------------------------------- */

/* How samples lie on one axis: sample i is the weighted sum of pixels
 * 2i + first and on, shifted down. One that lies on a pixel takes half of that
 * and a quarter of either neighbour, one that lies between two takes half of
 * each: neither moves the picture. */
struct pack_axis {
    int first, count, shift;
    uint32_t weights[3];
};

static const struct pack_axis axis_on_even = {-1, 3, 2, {1, 2, 1}};
static const struct pack_axis axis_on_odd = {0, 3, 2, {1, 2, 1}};
static const struct pack_axis axis_between = {0, 2, 1, {1, 1, 0}};

static const struct pack_axis *pack_across(enum AVChromaLocation chroma)
{
    bool between = chroma == AVCHROMA_LOC_CENTER ||
                   chroma == AVCHROMA_LOC_TOP || chroma == AVCHROMA_LOC_BOTTOM;
    return between ? &axis_between : &axis_on_even;
}

static const struct pack_axis *pack_down(enum AVChromaLocation chroma)
{
    if (chroma == AVCHROMA_LOC_TOPLEFT || chroma == AVCHROMA_LOC_TOP)
        return &axis_on_even;
    if (chroma == AVCHROMA_LOC_BOTTOMLEFT || chroma == AVCHROMA_LOC_BOTTOM)
        return &axis_on_odd;
    return &axis_between;
}

/* The pixels under one row of 32 samples, summed over the rows. Pixel -1 is
 * at [0], because the first sample may need it. */
struct pack_span {
    uint32_t colour[2][2 * TILE_WIDTH + 2];
    uint32_t clear[2 * TILE_WIDTH + 2];
};

static inline void sum_run(uint32_t *restrict sums,
                           const uint16_t *restrict values, uint32_t weight)
{
    for (int i = 0; i < TILE_WIDTH; i++)
        sums[i] += weight * values[i];
}

static inline void span_add_cell(struct pack_span *span, int at,
                                 const struct layer_cell *cell, uint32_t weight)
{
    if (cell) {
        sum_run(span->colour[0] + at, cell->colour[1], weight);
        sum_run(span->colour[1] + at, cell->colour[2], weight);
        sum_run(span->clear + at, cell->clear, weight);
    } else {
        for (int i = 0; i < TILE_WIDTH; i++)
            span->clear[at + i] += weight * LAYER_CLEAR;
    }
}

static void span_add_left(struct pack_span *span, const struct layer_cell *cell,
                          int pixel, uint32_t weight)
{
    span->colour[0][0] += cell ? weight * cell->colour[1][pixel] : 0;
    span->colour[1][0] += cell ? weight * cell->colour[2][pixel] : 0;
    span->clear[0] += weight * (cell ? cell->clear[pixel] : LAYER_CLEAR);
}

static inline void span_add_row(const struct layer *layer, int row, int column,
                                uint32_t weight, struct pack_span *span)
{
    const struct layer_cell *cell = layer_at(layer, row, column);
    const struct layer_cell *next =
        column + 1 < layer->columns ? layer_at(layer, row, column + 1) : NULL;
    if (column > 0)
        span_add_left(span, layer_at(layer, row, column - 1), TILE_WIDTH - 1,
                      weight);
    else /* at the frame's edge its first pixel counts again */
        span_add_left(span, cell, 0, weight);
    span_add_cell(span, 1, cell, weight);
    span_add_cell(span, 1 + TILE_WIDTH, next, weight);
}

static inline void span_narrow(const struct pack_axis *across, int shift,
                               const uint32_t *restrict sums,
                               uint16_t *restrict values)
{
    const uint32_t *from = sums + 1 + across->first;
    uint32_t w0 = across->weights[0], w1 = across->weights[1];
    uint32_t w2 = across->weights[2], half = UINT32_C(1) << (shift - 1);
    for (int i = 0; i < TILE_WIDTH; i++)
        values[i] = (uint16_t)((w0 * from[2 * i] + w1 * from[2 * i + 1] +
                                w2 * from[2 * i + 2] + half) >>
                               shift);
}

static bool span_is_empty(const struct layer *layer,
                          const struct pack_axis *down, int row, int column)
{
    for (int i = 0; i < down->count; i++) {
        int y = av_clip(2 * row + down->first + i, 0, layer->height - 1);
        if ((column > 0 && layer_at(layer, y, column - 1)) ||
            layer_at(layer, y, column) ||
            (column + 1 < layer->columns && layer_at(layer, y, column + 1)))
            return false;
    }
    return true;
}

/* 32 samples of both planes: row `row`, from the layer's cell `column` on. */
VECTOR_CLONES
static int pack_span(const struct layer *layer, const struct pack_axis *across,
                     const struct pack_axis *down, int row, int column,
                     struct tiles tiles[3])
{
    struct pack_span span = {0};
    for (int i = 0; i < down->count; i++) {
        int y = av_clip(2 * row + down->first + i, 0, layer->height - 1);
        span_add_row(layer, y, column, down->weights[i], &span);
    }
    uint16_t clear[TILE_WIDTH], colour[TILE_WIDTH];
    int shift = across->shift + down->shift;
    span_narrow(across, shift, span.clear, clear);
    struct tile_place place = {(uint16_t)(column / 2 * TILE_WIDTH),
                               (uint16_t)row};
    for (int i = 0; i < 2; i++) {
        struct tile tile;
        span_narrow(across, shift, span.colour[i], colour);
        tile_fill(colour, clear, &tile);
        if (!tile_shows(&tile))
            return 0;
        int ret = tiles_add(&tiles[1 + i], place, &tile);
        if (ret < 0)
            return ret;
    }
    return 0;
}

static int pack_half(const struct layer *layer, enum AVChromaLocation chroma,
                     struct tiles tiles[3])
{
    const struct pack_axis *across = pack_across(chroma);
    const struct pack_axis *down = pack_down(chroma);
    for (int row = 0; row < layer->height / 2; row++) {
        for (int t = 0; t < layer->columns; t += 2) {
            if (span_is_empty(layer, down, row, t))
                continue;
            int ret = pack_span(layer, across, down, row, t, tiles);
            if (ret < 0)
                return ret;
        }
    }
    return 0;
}

int pack_layer(const struct layer *layer, const struct pack_format *format,
               struct tiles tiles[3], struct pack_box *box)
{
    *box = (struct pack_box){0};
    for (int i = 0; i < 3; i++)
        tiles_reset(&tiles[i]);
    int ret = pack_full(layer, 0, &tiles[0], box);
    if (ret < 0)
        return ret;
    if (format->half_chroma)
        return pack_half(layer, format->chroma, tiles);
    ret = pack_full(layer, 1, &tiles[1], NULL);
    return ret < 0 ? ret : pack_full(layer, 2, &tiles[2], NULL);
}
