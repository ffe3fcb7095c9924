/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of red, green, blue bytes, as file formats want them. */
#ifndef REELPRESS_POSTER_RGB_H
#define REELPRESS_POSTER_RGB_H

#include <stdint.h>
#include <libavutil/frame.h>

/* Row `y` of a GBRP picture as 3 * width bytes. */
static inline void rgb_row(const AVFrame *picture, int y, uint8_t *row)
{
    const uint8_t *green = picture->data[0] + y * picture->linesize[0];
    const uint8_t *blue = picture->data[1] + y * picture->linesize[1];
    const uint8_t *red = picture->data[2] + y * picture->linesize[2];
    for (int x = 0; x < picture->width; x++) {
        row[3 * x] = red[x];
        row[3 * x + 1] = green[x];
        row[3 * x + 2] = blue[x];
    }
}

#endif
