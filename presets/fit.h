/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a picture of one shape lies in a frame of another: the geometry that
 * pictures are scaled by and that what belongs to a picture follows. Pure. */
#ifndef REELPRESS_PRESETS_FIT_H
#define REELPRESS_PRESETS_FIT_H

#include <libavutil/rational.h>
#include "presets/preset.h"

struct fit_shape {
    int width, height; /* pixels */
    AVRational sar;    /* of a pixel; 0/1: square */
};

/* How shapes that differ by more than a hundredth come together. */
struct fit_wish {
    enum fit_mode mode; /* FIT_NONE is FIT_INSIDE */
    int crop_percent;   /* FIT_FILL: where, 0 left or top; below 0: 50 */
    int narrow_percent; /* from 0: FIT_FILL there, in a narrower frame */
};

/* A part of a picture, in its pixels. Width 0: the whole. */
struct fit_area {
    double left, top, width, height;
};

/* The answer, in pixels of source and target. */
struct fit_place {
    enum fit_mode mode;           /* FIT_NONE: shapes match */
    struct fit_area area;         /* the part of the source that is shown */
    struct fit_area cover;        /* the part that would fill the frame */
    int left, top, width, height; /* where it lies in the frame; even */
};

void fit_place(const struct fit_shape *from, const struct fit_shape *to,
               const struct fit_wish *wish, struct fit_place *out);
/* How a recording comes into a preset's frame; `crop_percent` is the row's, -1
 * for none. */
struct fit_wish fit_wish_of(const struct preset *preset, int crop_percent);
/* Where the whole of the source would lie, in pixels of the target: beyond its
 * edges where it is cropped. */
struct fit_area fit_whole(const struct fit_shape *from,
                          const struct fit_place *place);

#endif
