/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A still picture's own colour space and the way from it to sRGB, by lcms2.
 * Where a file says several things: its ICC profile, else PNG's sRGB chunk,
 * else PNG's gAMA and cHRM, else EXIF's mark of Adobe RGB (DCF's "R03"), else
 * sRGB, as browsers have it. Not thread-safe. */
#ifndef REELPRESS_RENDER_PROFILE_H
#define REELPRESS_RENDER_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libavutil/frame.h>
#include "base/buffer.h"
#include "base/log.h"

struct profile;

/* Looks into `image` (its ICC profile as side data) and the whole `file` that
 * it came from. NULL: sRGB within what eyes see, nothing said, or broken. */
struct profile *profile_find(const AVFrame *image, const struct buffer *file);
void profile_destroy(struct profile **profile);

/* Codes a pixel: 1 grey, 3 RGB, 4 CMYK. */
int profile_channels(const struct profile *profile);
/* `count` pixels of 16-bit codes, channels side by side, to sRGB; for CMYK 0
 * is no ink. They may not overlap. */
void profile_run(const struct profile *profile, const uint16_t *from,
                 uint16_t *to, int count);

#endif
