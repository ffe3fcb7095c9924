/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run of sound as it is mixed: two planes of float at 48 kHz, full scale
 * 1.0. Knows no clip and no file. */
#ifndef REELPRESS_SOUND_PCM_H
#define REELPRESS_SOUND_PCM_H

#include <stddef.h>
#include <stdint.h>
#include "base/log.h"

#define PCM_RATE     48000
#define PCM_CHANNELS 2
/* So many samples stages hand on at a time. */
#define PCM_BLOCK 4800
/* A sound that is longer, ten minutes, lies in a file. */
#define PCM_MEMORY_MOST (INT64_C(600) * PCM_RATE)

struct pcm {
    float *plane[PCM_CHANNELS]; /* owned; NULL while empty */
    int64_t count;              /* samples in each plane */
    size_t mapped; /* bytes of the file that holds the planes; 0: memory */
};

/* Silence of `count` samples; AVERROR(ENOMEM) is told. */
int pcm_init(struct log *log, struct pcm *pcm, int64_t count);
/* The same; a long one lies in a file beside `scratch` (NULL: in memory too)
 * which has lost its name already, so that nothing is left of it. The system
 * keeps of it in memory what there is room for. A full disk is told. */
int pcm_init_long(struct log *log, struct pcm *pcm, int64_t count,
                  const char *scratch);
int pcm_copy(struct log *log, struct pcm *to, const struct pcm *from);
void pcm_clear(struct pcm *pcm); /* frees; {0} again */

/* `count` samples from `first` on: the same memory, owned by `pcm` still. */
struct pcm pcm_part(const struct pcm *pcm, int64_t first, int64_t count);
/* Copies as many samples as `to` has, from `first` on. */
void pcm_read(struct pcm *to, const struct pcm *from, int64_t first);

void pcm_scale(struct pcm *pcm, double factor);
/* Adds `from` to `to` beginning at sample `at` of it, as far as it reaches. */
void pcm_add(struct pcm *to, int64_t at, const struct pcm *from);
/* Fades in over [from, to), 0 before; or out, 0 from `to` on. Equal power:
 * a sine's quarter; `even` takes a straight line, whose two sides of one sound
 * add up to that sound. Edges may lie outside. */
void pcm_fade_in(struct pcm *pcm, int64_t from, int64_t to, int even);
void pcm_fade_out(struct pcm *pcm, int64_t from, int64_t to, int even);
/* Mean power of one plane over the whole. */
double pcm_power(const struct pcm *pcm, int channel);

static inline int64_t pcm_ms(int64_t ms)
{
    return ms * PCM_RATE / 1000;
}

#endif
