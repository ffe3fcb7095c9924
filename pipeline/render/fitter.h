/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One kind of picture into one frame: what is cut off or put around it, and
 * the pixels of it. It knows no shots, only shapes. Not thread-safe. */
#ifndef REELPRESS_RENDER_FITTER_H
#define REELPRESS_RENDER_FITTER_H

#include <stdbool.h>
#include <libavutil/frame.h>
#include "base/log.h"
#include "flow/frame_sink.h"
#include "presets/preset.h"
#include "render/converter.h"

/* How shapes that differ by more than a hundredth come together. */
struct fit_wish {
    enum fit_mode mode; /* FIT_NONE is FIT_INSIDE */
    int crop_percent;   /* FIT_FILL: where, 0 left or top; below 0: 50 */
    int narrow_percent; /* from 0: FIT_FILL there, in a narrower frame */
};

/* The answer, in pixels of source and target. */
struct fit_place {
    enum fit_mode mode;           /* FIT_NONE: shapes match */
    struct converter_area area;   /* the part of the source that is shown */
    struct converter_area cover;  /* the part that would fill the frame */
    int left, top, width, height; /* where it lies in the frame; even */
};

void fit_place(const struct frame_format *from, const struct frame_format *to,
               const struct fit_wish *wish, struct fit_place *out);

/* BT.709 limited YUV420P of the size, as all renditions are. */
struct frame_format fit_video_format(int width, int height, AVRational rate);

/* Names a frame as what the format says. */
void fit_tag(const struct frame_format *format, AVFrame *frame);

struct fitter;

int fitter_create(struct log *log, const struct frame_format *from,
                  const struct frame_format *to, const struct fit_wish *wish,
                  struct fitter **out);
void fitter_destroy(struct fitter **fitter);
/* Whether pictures are already as the frame wants them: then don't run it. */
bool fitter_passes(const struct fitter *fitter);
int fitter_run(struct fitter *fitter, struct log *log, const AVFrame *from,
               AVFrame **out);

#endif
