/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blurred, darkened grounds: behind pictures of another shape, and under end
 * cards. Worked at an eighth of the size, where blurring is nearly free. */
#ifndef REELPRESS_RENDER_BLURRER_H
#define REELPRESS_RENDER_BLURRER_H

#include <libavutil/frame.h>
#include "base/log.h"
#include "flow/frame_sink.h"
#include "render/converter.h"

struct blurrer;

/* `area` of the source (NULL: all) covers the whole target. */
int blurrer_create(struct log *log, const struct frame_format *from,
                   const struct converter_area *area,
                   const struct frame_format *to, struct blurrer **out);
void blurrer_destroy(struct blurrer **blurrer);
/* Fills the frame `to`, of the target's format. */
int blurrer_run(struct blurrer *blurrer, struct log *log, const AVFrame *from,
                AVFrame *to);

#endif
