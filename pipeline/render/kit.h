/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What render keeps from item to item in one worker, for this room's files. */
#ifndef REELPRESS_RENDER_KIT_H
#define REELPRESS_RENDER_KIT_H

#include "render/logo.h"
#include "render/reader.h"
#include "render/render.h"

/* A reader of the recording, the caller's until it is given back: one that can
 * go on to frame `first`, else the one that was used last for it, still open,
 * else a new one. */
int render_kit_take_reader(struct render_kit *kit, struct log *log,
                           const struct recording *recording, size_t first,
                           struct picture_reader **out);
void render_kit_give_reader(struct render_kit *kit,
                            struct picture_reader **reader);
/* The photo, not yet turned, in sRGB (photo.h); a reference of the caller's. */
int render_kit_photo(struct render_kit *kit, struct log *log,
                     const struct photo *photo, AVFrame **out);
/* The logo for the box; rgba NULL when the session has none or the box is
 * empty. The caller clears it. */
int render_kit_logo(struct render_kit *kit, struct log *log,
                    const struct script_box *box, enum logo_corner corner,
                    struct logo *out);

#endif
