/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an sRGB colour is in a frame's own code values. The arithmetic is exact
 * and knows neither text nor pictures. */
#ifndef REELPRESS_SUBTITLES_COLOUR_H
#define REELPRESS_SUBTITLES_COLOUR_H

#include <stdint.h>
#include <libavutil/pixfmt.h>

/* How 8-bit code values of a frame are meant. */
struct colour_space {
    enum AVColorSpace matrix; /* AVCOL_SPC_RGB: planes are G, B, R */
    enum AVColorRange range;  /* of Y, Cb, Cr; unspecified: limited */
};

/* The code values, not rounded, that planes 0, 1, 2 hold for a colour given as
 * 0–255 each; inside 0–255. Luma weights: ITU-R BT.601-7 2.5.1, BT.709-6 3.2,
 * BT.2020-2 table 4, SMPTE 240M, FCC 73.682; a matrix that is none of these
 * counts as BT.709. */
void colour_codes(const struct colour_space *space, int red, int green,
                  int blue, double codes[3]);

#endif
