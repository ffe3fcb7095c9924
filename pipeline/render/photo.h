/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photo as it is meant to be seen: its colours in sRGB, nothing transparent,
 * inks as light. Still as it is stored: turning is conforming's. */
#ifndef REELPRESS_RENDER_PHOTO_H
#define REELPRESS_RENDER_PHOTO_H

#include <libavutil/frame.h>
#include "base/log.h"
#include "ingest/photo.h"

/* What is transparent lies on white, like paper. A photo that had to be
 * converted is full-range GBRP16 and has at most 24 million pixels; others are
 * what their decoder gave. The caller frees the frame. */
int photo_load(struct log *log, const struct photo *photo, AVFrame **out);

#endif
