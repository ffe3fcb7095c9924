/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single pictures on request: what posters ask of render without knowing it. */
#ifndef REELPRESS_FLOW_PICTURE_SOURCE_H
#define REELPRESS_FLOW_PICTURE_SOURCE_H

#include <stddef.h>
#include <stdint.h>
#include <libavutil/frame.h>
#include <libavutil/pixfmt.h>
#include "base/log.h"
#include "presets/preset.h"

struct shot;

struct picture_source {
    const struct picture_source_ops *ops;
};

struct picture_source_ops {
    /* Hands the pictures of a shot's recording at rising `times` (flicks of
     * the recording), conformed (upright, progressive, SDR; SAR as tagged) but
     * not scaled, to `visit`, which borrows the frame and may return
     * AVERROR_EOF to end early. Decodes forward where that is shorter than a
     * new seek. For a photo `times` is not read and one picture comes. */
    int (*visit)(struct picture_source *source, struct log *log,
                 const struct shot *shot, const int64_t *times, size_t count,
                 int (*visit)(void *opaque, size_t i, AVFrame *frame),
                 void *opaque);
    /* One conformed picture brought to a frame of width x height: YUV420P
     * (BT.709 limited) or GBRP (full range sRGB); the caller frees it. */
    int (*fit)(struct picture_source *source, struct log *log,
               const AVFrame *picture, int width, int height,
               enum AVPixelFormat format, enum fit_mode fit, int crop_percent,
               AVFrame **out);
};

#endif
