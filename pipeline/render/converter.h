/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zimg behind one type: a part of one kind of picture to another kind, its
 * size, matrix, range, primaries and siting. It decides nothing; the
 * instruction set is fixed so that every machine makes the same bytes. Not
 * thread-safe. */
#ifndef REELPRESS_RENDER_CONVERTER_H
#define REELPRESS_RENDER_CONVERTER_H

#include <stdbool.h>
#include <libavutil/frame.h>
#include "base/log.h"
#include "flow/frame_sink.h"

struct converter;

/* A part of a picture, in pixels, may lie between them. Width 0: the whole. */
struct converter_area {
    double left, top, width, height;
};

enum converter_filter {
    CONVERTER_SHARP, /* spline36, both ways */
    CONVERTER_SOFT,  /* bilinear: for grounds that are blurred anyway */
};

/* Formats as in frame_sink.h; planar 8 to 16 bit, or float GBR, with alpha
 * (straight) or without. Transfer functions are only looked at where primaries
 * differ or one is linear: SDR's are taken for the same. `white_nits`: what
 * linear 1.0 is for PQ and HLG, 0 the library's 100. */
int converter_create(struct log *log, const struct frame_format *from,
                     const struct converter_area *area,
                     const struct frame_format *to,
                     enum converter_filter filter, double white_nits,
                     struct converter **out);
void converter_destroy(struct converter **converter);
/* Draws onto `to`, a canvas of the target's format, at even `left`, `top`.
 * `from` has the size and format that were told. */
int converter_run(struct converter *converter, struct log *log,
                  const AVFrame *from, AVFrame *to, int left, int top);

/* Whether zimg reads the format as it is. */
bool converter_takes(enum AVPixelFormat format);

#endif
