/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a picture of one shape becomes a cover of another: filled, keeping the
 * part with people, or whole on a blurred ground where filling would leave too
 * little. Pure. */
#ifndef REELPRESS_POSTER_LAYOUT_H
#define REELPRESS_POSTER_LAYOUT_H

#include <libavutil/frame.h>
#include "poster/movement.h"
#include "presets/preset.h"

struct poster_layout {
    enum fit_mode fit; /* FIT_FILL or FIT_BLUR */
    int crop_percent;  /* where the kept part lies: 0 left or top, 100 right or
                          bottom */
    double kept;       /* part of the picture that is left, 0–1 */
};

/* `picture` is small, YUV420P (scorer.h), in the shape that is seen. `asked`
 * is the list's own percentage, -1: none; then what moves (NULL: not known)
 * and what may be a face pull the kept part towards them, and `usual` (the
 * preset's) holds it back: where there is little to see, it stays there. */
struct poster_layout layout_choose(const AVFrame *picture,
                                   const struct movement *movement, int width,
                                   int height, int asked, int usual);

#endif
