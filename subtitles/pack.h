/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A layer as the frame stores it: chroma brought to its siting, tiles without
 * anything to show left out, the rest packed for blend.h. */
#ifndef REELPRESS_SUBTITLES_PACK_H
#define REELPRESS_SUBTITLES_PACK_H

#include <stdbool.h>
#include <libavutil/pixfmt.h>
#include "subtitles/blend.h"
#include "subtitles/layer.h"

struct pack_format {
    bool half_chroma; /* planes 1 and 2 are 4:2:0; the layer's sides are even */
    enum AVChromaLocation chroma; /* unspecified: left */
};

struct pack_box {
    int left, top, right, bottom; /* pixels, right and bottom exclusive */
};

/* `tiles` has one per plane and is reset first. `box` holds all pixels that
 * show; empty when none does. 0 or AVERROR(ENOMEM). */
int pack_layer(const struct layer *layer, const struct pack_format *format,
               struct tiles tiles[3], struct pack_box *box);

#endif
