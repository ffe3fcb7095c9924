/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From pictures at positions to one picture per tick. It holds the newest
 * picture back, so that what never comes is shown by the one before.
 *
 * frame->repeat_pict is 1 on a frame that the next tick shows again: who works
 * on it may keep the result. */
#ifndef REELPRESS_RENDER_RETIMER_H
#define REELPRESS_RENDER_RETIMER_H

#include "base/log.h"
#include "flow/frame_sink.h"
#include "render/pace.h"

struct retimer {
    struct frame_sink sink; /* push here */
    struct log *log;
    struct pace pace;
    struct frame_sink *target; /* lent */
    AVFrame *last;             /* the newest picture */
    int64_t tick;              /* the next to be given */
};

void retimer_init(struct retimer *retimer, struct log *log,
                  const struct pace *pace, struct frame_sink *target);

#endif
