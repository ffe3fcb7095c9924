/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photos that move: over its shot a photo comes nearer, or goes away, by a few
 * hundredths, each the other way than the one before. The place in the frame
 * and the ground behind stay; what lies in the place moves by parts of a
 * pixel, so that nothing trembles. Stands where a scaler stands for
 * recordings. */
#ifndef REELPRESS_RENDER_MOVER_H
#define REELPRESS_RENDER_MOVER_H

#include <stdbool.h>
#include "base/log.h"
#include "flow/frame_sink.h"
#include "render/canvas.h"
#include "render/fitter.h"

/* Where a chunk lies in a photo's way. */
struct move {
    int turn;              /* the photo's number in its clip */
    int64_t from_flicks;   /* the chunk's first tick, from the shot's begin */
    int64_t length_flicks; /* how long the photo is seen */
};

struct mover {
    struct frame_sink sink; /* push here */
    struct log *log;
    int width, height; /* of the rendition */
    struct fit_wish wish;
    struct move move;
    struct frame_sink *target; /* lent */

    struct frame_format from, to, near_format;
    struct fit_place place;
    AVFrame *near;   /* the photo, no larger than is of use; NULL: none yet */
    AVFrame *ground; /* a frame without it; NULL: it fills the frame */
    struct canvas canvas;
};

void mover_init(struct mover *mover, struct log *log, int width, int height,
                const struct fit_wish *wish, const struct move *move,
                struct frame_sink *target);

/* The part of a picture of width x height that is shown at `at_flicks` of the
 * way. */
struct converter_area move_window(const struct move *move, int64_t at_flicks,
                                  double width, double height);

#endif
