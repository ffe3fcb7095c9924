/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the softening and darkening of a picture. Refuses to know what comes on
 * top of it. */
#include "render/blurrer.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <libavutil/common.h>

#include "render/canvas.h"

#define BLUR_SHRINK     8
#define BLUR_PASSES     3 /* three boxes are nearly a Gaussian */
#define DARK_PERCENT    55
#define BLUR_RADIUS_DIV 40 /* of the small picture's shorter side */

struct blurrer {
    struct converter *down, *up;
    struct canvas small;
    uint8_t *line; /* owned: one row or column while it is summed */
    int radius;
};

static int blur_small_side(int side)
{
    return FFMAX(side / BLUR_SHRINK / 2 * 2, 16);
}

int blurrer_create(struct log *log, const struct frame_format *from,
                   const struct converter_area *area,
                   const struct frame_format *to, struct blurrer **out)
{
    struct blurrer *blurrer = calloc(1, sizeof(*blurrer));
    *out = blurrer;
    if (!blurrer)
        return AVERROR(ENOMEM);
    struct frame_format small = {
        .width = blur_small_side(to->width),
        .height = blur_small_side(to->height),
        .format = AV_PIX_FMT_YUV420P,
        .matrix = AVCOL_SPC_BT709,
        .range = AVCOL_RANGE_MPEG,
        .primaries = to->primaries,
        .transfer = to->transfer,
        .chroma = AVCHROMA_LOC_LEFT,
    };
    int shorter = FFMIN(small.width, small.height);
    blurrer->radius = FFMAX(shorter / BLUR_RADIUS_DIV, 2);
    blurrer->line = malloc((size_t)FFMAX(small.width, small.height));
    int ret = blurrer->line ? 0 : AVERROR(ENOMEM);
    if (ret >= 0)
        ret = canvas_init(&blurrer->small, small.width, small.height,
                          small.format);
    if (ret >= 0)
        ret = converter_create(log, from, area, &small, CONVERTER_SOFT, 0,
                               &blurrer->down);
    if (ret >= 0)
        ret = converter_create(log, &small, NULL, to, CONVERTER_SOFT, 0,
                               &blurrer->up);
    if (ret < 0)
        blurrer_destroy(out);
    return ret;
}

void blurrer_destroy(struct blurrer **blurrer)
{
    if (!*blurrer)
        return;
    converter_destroy(&(*blurrer)->down);
    converter_destroy(&(*blurrer)->up);
    canvas_clear(&(*blurrer)->small);
    free((*blurrer)->line);
    free(*blurrer);
    *blurrer = NULL;
}

/* One box over `count` samples `step` apart; the edge samples go on outside. */
static void blur_run(uint8_t *at, ptrdiff_t step, int count, int radius,
                     uint8_t *line)
{
    for (int i = 0; i < count; i++)
        line[i] = at[i * step];
    int width = 2 * radius + 1;
    int sum = 0;
    for (int i = -radius; i <= radius; i++)
        sum += line[av_clip(i, 0, count - 1)];
    for (int i = 0; i < count; i++) {
        at[i * step] = (uint8_t)((sum + radius) / width);
        sum += line[FFMIN(i + radius + 1, count - 1)];
        sum -= line[FFMAX(i - radius, 0)];
    }
}

static void blur_plane(uint8_t *data, int stride, int width, int height,
                       int radius, uint8_t *line)
{
    for (int pass = 0; pass < BLUR_PASSES; pass++) {
        for (int y = 0; y < height; y++)
            blur_run(data + (ptrdiff_t)y * stride, 1, width, radius, line);
        for (int x = 0; x < width; x++)
            blur_run(data + x, stride, height, radius, line);
    }
}

static void blur_darken(uint8_t *data, int stride, int width, int height,
                        int zero)
{
    for (int y = 0; y < height; y++) {
        uint8_t *row = data + (ptrdiff_t)y * stride;
        for (int x = 0; x < width; x++)
            row[x] = (uint8_t)(zero + (row[x] - zero) * DARK_PERCENT / 100);
    }
}

int blurrer_run(struct blurrer *blurrer, struct log *log, const AVFrame *from,
                AVFrame *to)
{
    AVFrame *small = NULL;
    int ret = canvas_get(&blurrer->small, &small);
    if (ret >= 0)
        ret = converter_run(blurrer->down, log, from, small, 0, 0);
    for (int p = 0; ret >= 0 && p < 3; p++) {
        int width = p ? small->width / 2 : small->width;
        int height = p ? small->height / 2 : small->height;
        int radius = p ? (blurrer->radius + 1) / 2 : blurrer->radius;
        blur_plane(small->data[p], small->linesize[p], width, height, radius,
                   blurrer->line);
        blur_darken(small->data[p], small->linesize[p], width, height,
                    p ? 128 : 16);
    }
    if (ret >= 0)
        ret = converter_run(blurrer->up, log, small, to, 0, 0);
    av_frame_free(&small);
    return ret;
}
