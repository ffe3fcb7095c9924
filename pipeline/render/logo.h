/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session's logo in the sizes that renditions ask for. Knows pixels and
 * boxes, no sessions. */
#ifndef REELPRESS_RENDER_LOGO_H
#define REELPRESS_RENDER_LOGO_H

#include <libavutil/frame.h>
#include "base/log.h"
#include "presets/preset.h"
#include "subtitles/overlay.h"
#include "subtitles/script.h"

/* One picture in one box: straight RGBA, rows of 4 * width bytes. */
struct logo {
    uint8_t *rgba; /* owned; NULL: none */
    int width, height, left, top;
};

/* Decodes the file once; the result is planar GBR with alpha. */
int logo_load(struct log *log, const char *path, const char *name,
              AVFrame **out);
/* Keeps the shape, lies in the box's corner that the preset names. */
int logo_fit(struct log *log, const AVFrame *picture,
             const struct script_box *box, enum logo_corner corner,
             struct logo *out);
void logo_clear(struct logo *logo);
struct overlay_picture logo_picture(const struct logo *logo);

#endif
