/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An RGB picture as a JPEG file in memory, of a given quality or a given size.
 * It knows the format, not what the picture is of. */
#ifndef REELPRESS_POSTER_JPEG_H
#define REELPRESS_POSTER_JPEG_H

#include <stdbool.h>
#include <stdint.h>
#include <libavutil/frame.h>
#include "base/buffer.h"
#include "base/log.h"

#define JPEG_BEST_QUALITY  92
#define JPEG_LEAST_QUALITY 35 /* below, blocks show on every face */

/* Appends the file to `out`: full-resolution chroma, progressive, 300 dpi, no
 * metadata. `picture` is GBRP. 0, or a code that was told. */
int poster_jpeg_encode(struct log *log, const AVFrame *picture, int quality,
                       struct buffer *out);

/* The best quality whose file has at most `limit` bytes (0: no limit), from
 * JPEG_BEST_QUALITY down to JPEG_LEAST_QUALITY. `*fits` is false when even the
 * least is too large; then `out` holds that. */
int poster_jpeg_fit(struct log *log, const AVFrame *picture, int64_t limit,
                    struct buffer *out, int *quality, bool *fits);

#endif
