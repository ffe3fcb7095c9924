/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decodes pictures and watches them: how many, how large, whether anything was
 * wrong, how light they are. */
#ifndef REELPRESS_CHECK_WATCHER_H
#define REELPRESS_CHECK_WATCHER_H

#include <stdbool.h>
#include <jansson.h>
#include <libavcodec/avcodec.h>
#include "base/log.h"

struct watcher {
    AVCodecContext *decoder;
    AVFrame *frame;
    int64_t pictures;
    int64_t faults;      /* packets and pictures the decoder complained of */
    int64_t sized_wrong; /* other than the first picture's size and format */
    int width, height, format;
    double first_luma, last_luma; /* mean of 8 bit, 0–255 */
    int64_t black, black_run;     /* the run under way, the longest */
    bool measure;                 /* look into the pictures at all */
};

/* Strict: what an encoder of ours made must decode without a murmur. */
int watcher_open(struct log *log, const AVCodecParameters *parameters,
                 bool strict, struct watcher *watcher);
/* From now on without the deblocking filter, an eighth of the time: every bit
 * is read as before, but the pictures are only nearly those that are shown. */
void watcher_hurry(struct watcher *watcher);
/* Decodes; NULL flushes. What does not decode is counted, not told. */
void watcher_take(struct watcher *watcher, const AVPacket *packet);
/* Flushes and is ready for another begin. */
void watcher_restart(struct watcher *watcher);
void watcher_close(struct watcher *watcher);

#endif
