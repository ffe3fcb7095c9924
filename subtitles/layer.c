/* SPDX-License-Identifier: GPL-3.0-or-later */
/* struct layer: coloured masks, one over the other, as premultiplied colour. */
#include "subtitles/layer.h"

#include <libavutil/avutil.h>
#include <libavutil/mem.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define OPAQUE 65536 /* a mask's full weight */

int layer_init(struct layer *layer, int width, int height)
{
    *layer = (struct layer){.width = width, .height = height};
    layer->columns = (width + TILE_WIDTH - 1) / TILE_WIDTH;
    size_t cells = (size_t)layer->columns * (size_t)height;
    /* Not zeroed: pages of cells that no text touches never get memory. */
    layer->cells = av_malloc_array(cells, sizeof(*layer->cells));
    layer->touched = av_mallocz(cells);
    if (layer->cells && layer->touched)
        return 0;
    layer_clear(layer);
    return AVERROR(ENOMEM);
}

void layer_clear(struct layer *layer)
{
    av_free(layer->cells);
    av_free(layer->touched);
    av_free(layer->kept);
    *layer = (struct layer){0};
}

void layer_start(struct layer *layer)
{
    memset(layer->touched, 0, (size_t)layer->columns * (size_t)layer->height);
    for (size_t i = 0; i < layer->kept_count; i++) {
        const struct layer_kept *kept = &layer->kept[i];
        layer->touched[kept->index] = 1;
        layer->cells[kept->index] = kept->cell;
    }
}

static struct layer_cell *layer_touch(struct layer *layer, size_t index)
{
    struct layer_cell *cell = &layer->cells[index];
    if (layer->touched[index])
        return cell;
    layer->touched[index] = 1;
    memset(cell->colour, 0, sizeof(cell->colour));
    for (int i = 0; i < TILE_WIDTH; i++)
        cell->clear[i] = LAYER_CLEAR;
    return cell;
}

static bool alpha_is_empty(const uint8_t alpha[TILE_WIDTH])
{
    uint64_t words[TILE_WIDTH / 8];
    memcpy(words, alpha, sizeof(words));
    return !(words[0] | words[1] | words[2] | words[3]);
}

/* Lays one colour over a cell. `scale` brings an alpha of 255 to OPAQUE times
 * the opacity; every sum of products stays below 2^32. */
static inline void cell_lay(struct layer_cell *restrict cell,
                            const uint8_t *restrict alpha, uint32_t scale,
                            const uint32_t colour[3])
{
    uint32_t c0 = colour[0], c1 = colour[1], c2 = colour[2];
    for (int i = 0; i < TILE_WIDTH; i++) {
        uint32_t a = (alpha[i] * scale + 128) >> 8;
        uint32_t k = OPAQUE - a;
        cell->colour[0][i] =
            (uint16_t)((cell->colour[0][i] * k + c0 * a + 32768) >> 16);
        cell->colour[1][i] =
            (uint16_t)((cell->colour[1][i] * k + c1 * a + 32768) >> 16);
        cell->colour[2][i] =
            (uint16_t)((cell->colour[2][i] * k + c2 * a + 32768) >> 16);
        cell->clear[i] = (uint16_t)((cell->clear[i] * k + 32768) >> 16);
    }
}

/* The 32 alphas of a cell that begins `offset` pixels into a row: in place
 * where all lie inside the row, else copied to `edge` among zeros, because the
 * last row of a libass bitmap ends with its last pixel. */
static inline const uint8_t *alpha_of_cell(const uint8_t *row, int width,
                                           int offset, uint8_t edge[TILE_WIDTH])
{
    if (offset >= 0 && offset + TILE_WIDTH <= width)
        return row + offset;
    int from = FFMAX(-offset, 0);
    int to = FFMIN(TILE_WIDTH, width - offset);
    memset(edge, 0, TILE_WIDTH);
    if (to > from)
        memcpy(edge + from, row + offset + from, (size_t)(to - from));
    return edge;
}

VECTOR_CLONES
static void layer_lay(struct layer *layer, const struct layer_mask *mask,
                      uint32_t scale, const uint32_t colour[3])
{
    int top = FFMAX(mask->top, 0);
    int bottom = FFMIN(mask->top + mask->height, layer->height);
    int left = FFMAX(mask->left, 0);
    int right = FFMIN(mask->left + mask->width, layer->width);
    if (left >= right)
        return;
    uint8_t edge[TILE_WIDTH];
    int width = right - mask->left; /* a row ends at the frame's edge */
    for (int y = top; y < bottom; y++) {
        const uint8_t *row =
            mask->alpha + (ptrdiff_t)(y - mask->top) * mask->stride;
        size_t line = (size_t)y * (size_t)layer->columns;
        for (int t = left / TILE_WIDTH; t <= (right - 1) / TILE_WIDTH; t++) {
            const uint8_t *alpha =
                alpha_of_cell(row, width, t * TILE_WIDTH - mask->left, edge);
            if (!alpha_is_empty(alpha))
                cell_lay(layer_touch(layer, line + (size_t)t), alpha, scale,
                         colour);
        }
    }
}

void layer_add(struct layer *layer, const struct layer_mask *mask)
{
    if (mask->width <= 0 || mask->height <= 0 || mask->opacity <= 0)
        return;
    uint32_t colour[3];
    for (int i = 0; i < 3; i++)
        colour[i] = (uint32_t)lrint(mask->codes[i] * 255);
    uint64_t full = (uint64_t)OPAQUE * 256 * (uint64_t)mask->opacity;
    layer_lay(layer, mask, (uint32_t)((full + 255 * 255 / 2) / (255 * 255)),
              colour);
}

int layer_keep(struct layer *layer)
{
    size_t cells = (size_t)layer->columns * (size_t)layer->height;
    size_t count = 0;
    for (size_t i = 0; i < cells; i++)
        count += layer->touched[i];
    struct layer_kept *kept = av_malloc_array(FFMAX(count, 1), sizeof(*kept));
    if (!kept)
        return AVERROR(ENOMEM);
    count = 0;
    for (size_t i = 0; i < cells; i++) {
        if (layer->touched[i])
            kept[count++] = (struct layer_kept){i, layer->cells[i]};
    }
    av_free(layer->kept);
    layer->kept = kept;
    layer->kept_count = count;
    return 0;
}
