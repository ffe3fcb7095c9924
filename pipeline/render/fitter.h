/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One kind of picture into one frame: what is cut off or put around it, and
 * the pixels of it. It knows no shots, only shapes. Not thread-safe. */
#ifndef REELPRESS_RENDER_FITTER_H
#define REELPRESS_RENDER_FITTER_H

#include <stdbool.h>
#include <libavutil/frame.h>
#include "base/log.h"
#include "flow/frame_sink.h"
#include "presets/fit.h"
#include "render/converter.h"

/* presets/fit.h's answer for frames as stages know them, and its areas for the
 * converter. */
void fitter_place(const struct frame_format *from,
                  const struct frame_format *to, const struct fit_wish *wish,
                  struct fit_place *out);
struct converter_area fitter_area(const struct fit_area *area);

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
