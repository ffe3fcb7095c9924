/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any decoded sound to 48 kHz stereo float, run by run: what is pushed without
 * a break comes out without one. Rebuilt by itself when the source's rate,
 * format or channels change. */
#ifndef REELPRESS_SOUND_RESAMPLER_H
#define REELPRESS_SOUND_RESAMPLER_H

#include <libavutil/frame.h>
#include <libswresample/swresample.h>

#include "base/log.h"
#include "sound/pcm.h"

struct resampler {
    /* Gets the converted samples; `position` counts them at 48 kHz on the
     * scale that push was given. Set by the user, with a name for messages. */
    void (*lay)(void *opaque, const float *const *planes, int count,
                int64_t position);
    void *opaque;
    const char *name;

    SwrContext *swr;        /* NULL between runs */
    AVChannelLayout layout; /* what swr was built for */
    int format, sample_rate;
    int64_t position;            /* where the next sample comes out */
    float *planes[PCM_CHANNELS]; /* owned */
    int room;
};

void resampler_clear(struct resampler *resampler);
/* `position` is where the frame's first sample belongs; read only when a run
 * begins, i.e. after finish or a change of format. */
int resampler_push(struct resampler *resampler, struct log *log,
                   const AVFrame *frame, int64_t position);
int resampler_finish(struct resampler *resampler); /* ends the run */

#endif
