/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A film's captions as they are shown, for delivery: SRT (with a BOM, which
 * WPS and Windows players need), WebVTT, and cues for the preview page. */
#ifndef REELPRESS_PACKAGE_CAPTIONS_H
#define REELPRESS_PACKAGE_CAPTIONS_H

#include <jansson.h>
#include "base/buffer.h"
#include "plan/plan.h"

/* The rendition whose captions belong beside this one: itself, or where its
 * preset draws none another one of the same clip. NULL: the clip has none. */
const struct rendition *captions_source(const struct plan *plan,
                                        const struct rendition *rendition);

void captions_srt(const struct rendition *source, struct buffer *out);
void captions_vtt(const struct rendition *source, struct buffer *out);
/* [[start_ms, end_ms, "text"], …] */
json_t *captions_json(const struct rendition *source);

#endif
