/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ticks' pictures brought to a rendition's frame: the sink around a fitter. A
 * picture that is shown again is worked on once. Knows no text. */
#ifndef REELPRESS_RENDER_SCALER_H
#define REELPRESS_RENDER_SCALER_H

#include <stdbool.h>
#include "base/log.h"
#include "flow/frame_sink.h"
#include "render/blurrer.h"
#include "render/canvas.h"
#include "render/fitter.h"

struct scaler {
    struct frame_sink sink; /* push here */
    struct log *log;
    int width, height; /* of the rendition */
    struct fit_wish wish;
    bool ground; /* the end card's: the fitted picture blurred and darkened */
    struct frame_sink *target; /* lent */

    struct frame_format from, to;
    struct fitter *fitter; /* for pictures like `from`; NULL: none yet */
    struct blurrer *blurrer;
    struct canvas blurred;
    AVFrame *kept; /* the result for the picture that comes again */
};

void scaler_init(struct scaler *scaler, struct log *log, int width, int height,
                 const struct fit_wish *wish, bool ground,
                 struct frame_sink *target);

#endif
