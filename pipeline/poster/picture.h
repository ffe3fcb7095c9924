/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small version of a picture that is scored and laid out. */
#ifndef REELPRESS_POSTER_PICTURE_H
#define REELPRESS_POSTER_PICTURE_H

#include "base/log.h"
#include "flow/picture_source.h"

/* YUV420P, SCORER_SIDE pixels on the longer side, in the shape that is seen
 * (SAR applied). The caller frees it. */
int picture_small(struct log *log, struct picture_source *pictures,
                  const AVFrame *picture, AVFrame **out);

#endif
