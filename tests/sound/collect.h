/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A taker that keeps what it is given, as one sound. */
#ifndef REELPRESS_TESTS_SOUND_COLLECT_H
#define REELPRESS_TESTS_SOUND_COLLECT_H

#include <string.h>

#include "sound/pcm.h"

struct collected {
    struct pcm pcm; /* made for as many as will come */
    int64_t at;
};

static inline int collect(void *taker, const struct pcm *block)
{
    struct collected *to = taker;
    assert_true(to->at + block->count <= to->pcm.count);
    for (int c = 0; c < PCM_CHANNELS; c++)
        memcpy(to->pcm.plane[c] + to->at, block->plane[c],
               (size_t)block->count * sizeof(float));
    to->at += block->count;
    return 0;
}

#endif
