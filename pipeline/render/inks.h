/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEGs of four inks, as printers' shops hand them back: CMYK and YCCK.
 * libavcodec gives them as RGB or YUV with the black as alpha, beyond repair,
 * so libjpeg decodes them. */
#ifndef REELPRESS_RENDER_INKS_H
#define REELPRESS_RENDER_INKS_H

#include <stdbool.h>
#include <libavutil/frame.h>
#include "base/buffer.h"
#include "render/profile.h"

/* Whether the file is a JPEG of four components. */
bool inks_are_in(const struct buffer *file);
/* The picture in sRGB, GBRP16, instead of *image. By the profile if it is of
 * four channels; else (NULL too) each ink takes its light away and no more. */
int inks_decode(const struct buffer *file, const struct profile *profile,
                AVFrame **image);

#endif
