/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the arithmetic of mixing, in integers. Knows no time beyond its ramp. */
#include "render/mixer.h"

#include <stddef.h>
#include <libavutil/common.h>

#include "subtitles/blend.h"

int mix_weight(const struct mix_ramp *ramp, int64_t tick)
{
    int64_t twice = 2 * (ramp->first + tick) + 1;
    /* A chunk may reach a tick past a ramp whose ends lie between ticks. */
    twice = FFMIN(FFMAX(twice, 1), 2 * ramp->length - 1);
    return (int)((twice * MIX_ONE + ramp->length) / (2 * ramp->length));
}

VECTOR_CLONES
static void mix_row(uint8_t *to, const uint8_t *a, const uint8_t *b, int width,
                    int weight)
{
    for (int x = 0; x < width; x++)
        to[x] = (uint8_t)((a[x] * (MIX_ONE - weight) + b[x] * weight +
                           MIX_ONE / 2) >>
                          16);
}

VECTOR_CLONES
static void mix_row_level(uint8_t *to, const uint8_t *from, int level,
                          int width, int weight)
{
    int base = level * (MIX_ONE - weight) + MIX_ONE / 2;
    for (int x = 0; x < width; x++)
        to[x] = (uint8_t)((from[x] * weight + base) >> 16);
}

void mix_pictures(AVFrame *to, const AVFrame *a, const AVFrame *b, int weight)
{
    for (int p = 0; p < 3; p++) {
        int width = p ? to->width / 2 : to->width;
        int height = p ? to->height / 2 : to->height;
        int black = p ? 128 : 16;
        for (int y = 0; y < height; y++) {
            uint8_t *row = to->data[p] + (ptrdiff_t)y * to->linesize[p];
            const uint8_t *ra =
                a ? a->data[p] + (ptrdiff_t)y * a->linesize[p] : NULL;
            const uint8_t *rb =
                b ? b->data[p] + (ptrdiff_t)y * b->linesize[p] : NULL;
            if (ra && rb)
                mix_row(row, ra, rb, width, weight);
            else if (rb)
                mix_row_level(row, rb, black, width, weight);
            else
                mix_row_level(row, ra, black, width, MIX_ONE - weight);
        }
    }
}
