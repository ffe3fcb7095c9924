/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kit as a source of single pictures: flow/picture_source.h, for posters.
 * This room's own header. */
#ifndef REELPRESS_RENDER_PICTURES_H
#define REELPRESS_RENDER_PICTURES_H

#include "flow/picture_source.h"

struct render_kit;

struct kit_pictures {
    struct picture_source source;
    struct render_kit *kit; /* lent */
};

void kit_pictures_init(struct kit_pictures *pictures, struct render_kit *kit);

#endif
