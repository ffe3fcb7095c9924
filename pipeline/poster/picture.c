/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small version of a picture that is scored and laid out. */
#include "poster/picture.h"

#include "poster/scorer.h"

#include <libavutil/common.h>

int picture_small(struct log *log, struct picture_source *pictures,
                  const AVFrame *picture, AVFrame **out)
{
    AVRational sar = picture->sample_aspect_ratio;
    if (sar.num <= 0 || sar.den <= 0)
        sar = (AVRational){1, 1};
    int64_t width = (int64_t)picture->width * sar.num;
    int64_t height = (int64_t)picture->height * sar.den;
    int64_t longer = FFMAX(width, height);
    int small_width = (int)(width * SCORER_SIDE / longer) & ~1;
    int small_height = (int)(height * SCORER_SIDE / longer) & ~1;
    return pictures->ops->fit(pictures, log, picture, FFMAX(small_width, 16),
                              FFMAX(small_height, 16), AV_PIX_FMT_YUV420P,
                              FIT_FILL, 50, out);
}
