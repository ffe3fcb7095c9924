/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decodes sound and measures what a listener gets: samples, integrated
 * loudness, true peak. The measuring is check's own, not sound's. */
#ifndef REELPRESS_CHECK_LISTENER_H
#define REELPRESS_CHECK_LISTENER_H

#include <stdbool.h>
#include <stdint.h>
#include <ebur128.h>
#include <libavcodec/avcodec.h>
#include "base/log.h"

struct listener {
    AVCodecContext *decoder;
    AVFrame *frame;
    ebur128_state *meter; /* NULL until a picture of the format is there */
    float *mixed;         /* owned; interleaved */
    int room;
    float *head; /* the first half second, for runs shorter than a block */
    int64_t head_count;
    int64_t samples;
    int64_t first_pts; /* AV_NOPTS_VALUE until the first frame */
    int64_t faults;
    bool silent; /* after listener_finish */
    double lufs, peak_dbtp;
};

/* `base` is the packets' time base, needed to trim priming. */
int listener_open(struct log *log, const AVCodecParameters *parameters,
                  AVRational base, struct listener *listener);
int listener_take(struct listener *listener, struct log *log,
                  const AVPacket *packet); /* NULL flushes */
int listener_finish(struct listener *listener, struct log *log);
void listener_close(struct listener *listener);

#endif
