/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small picture as a grid of means. */
#include "poster/cells.h"

#include <libavutil/common.h>

#include <stdlib.h>

static uint8_t plane_mean(const AVFrame *picture, int plane, int side, int x,
                          int y)
{
    ptrdiff_t stride = picture->linesize[plane];
    const uint8_t *row = picture->data[plane] + y * side * stride + x * side;
    int sum = 0;
    for (int i = 0; i < side; i++, row += stride) {
        for (int k = 0; k < side; k++)
            sum += row[k];
    }
    return (uint8_t)((sum + side * side / 2) / (side * side));
}

void cells_read(const AVFrame *picture, struct cells *out)
{
    out->columns = FFMIN(picture->width / CELL_SIDE, CELLS_SIDE);
    out->rows = FFMIN(picture->height / CELL_SIDE, CELLS_SIDE);
    for (int y = 0; y < out->rows; y++) {
        for (int x = 0; x < out->columns; x++) {
            int i = y * out->columns + x;
            out->luma[i] = plane_mean(picture, 0, CELL_SIDE, x, y);
            out->cb[i] = plane_mean(picture, 1, CELL_SIDE / 2, x, y);
            out->cr[i] = plane_mean(picture, 2, CELL_SIDE / 2, x, y);
        }
    }
}

int cells_distance(const struct cells *a, int i, const struct cells *b, int k)
{
    return abs(a->luma[i] - b->luma[k]) + abs(a->cb[i] - b->cb[k]) +
           abs(a->cr[i] - b->cr[k]);
}

int cells_edge(const struct cells *cells, int i)
{
    int edge = 0;
    if (i % cells->columns + 1 < cells->columns)
        edge += cells_distance(cells, i, cells, i + 1);
    if (i + cells->columns < cells->columns * cells->rows)
        edge += cells_distance(cells, i, cells, i + cells->columns);
    return edge;
}
