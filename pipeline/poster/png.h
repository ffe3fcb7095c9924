/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An RGB picture as a PNG file in memory. It knows the format, not what the
 * picture is of; no clock goes in, so equal pictures give equal bytes. */
#ifndef REELPRESS_POSTER_PNG_H
#define REELPRESS_POSTER_PNG_H

#include <stddef.h>
#include <libavutil/frame.h>
#include "base/buffer.h"
#include "base/log.h"

/* One iTXt chunk. */
struct poster_text {
    const char *keyword; /* Latin-1: "Title" */
    const char *text;    /* UTF-8; NULL or "": no chunk */
};

struct poster_texts {
    const struct poster_text *list;
    size_t count;
    const char *language; /* "zh-CN"; NULL: not told */
};

/* Appends the file to `out`: 8 bits, sRGB with gAMA and cHRM beside it, 300
 * dpi. `picture` is GBRP. 0, or a code that was told. */
int poster_png_encode(struct log *log, const AVFrame *picture,
                      const struct poster_texts *texts, struct buffer *out);

#endif
