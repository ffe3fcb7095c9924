/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PQ and HLG pictures to BT.709 SDR: through linear light, where what is
 * brighter than white is bent instead of cut. Not thread-safe. */
#ifndef REELPRESS_RENDER_TONEMAPPER_H
#define REELPRESS_RENDER_TONEMAPPER_H

#include <libavutil/frame.h>
#include "base/log.h"
#include "flow/frame_sink.h"

struct tonemapper;

/* `to` is filled with what comes out: the same size, 10 bit BT.709. */
int tonemapper_create(struct log *log, const struct frame_format *from,
                      struct frame_format *to, struct tonemapper **out);
void tonemapper_destroy(struct tonemapper **tonemapper);
int tonemapper_run(struct tonemapper *tonemapper, struct log *log,
                   const AVFrame *from, AVFrame **out);

#endif
