/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limiter in plain loops over the whole sound: what the one that works
 * block by block is held against, sample for sample. */
#ifndef REELPRESS_TESTS_SOUND_PLAIN_LIMITER_H
#define REELPRESS_TESTS_SOUND_PLAIN_LIMITER_H

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <libavutil/common.h>

#include "sound/pcm.h"

#define PLAIN_PHASES     4
#define PLAIN_TAPS       16   /* per phase */
#define PLAIN_LOOK_MS    4    /* to each side */
#define PLAIN_RELEASE_MS 90.0 /* to 63 % */

/* A Hann-windowed sinc, split in phases: phase p gives the value p / 4 of a
 * sample after the one at tap PLAIN_TAPS / 2 - 1. Phase 0 is that sample. */
static inline void plain_design(double filter[PLAIN_PHASES][PLAIN_TAPS])
{
    for (int p = 0; p < PLAIN_PHASES; p++) {
        double sum = 0.0;
        for (int t = 0; t < PLAIN_TAPS; t++) {
            double x = (PLAIN_TAPS / 2 - 1 - t) + (double)p / PLAIN_PHASES;
            double sinc = x == 0.0 ? 1.0 : sin(M_PI * x) / (M_PI * x);
            double window = cos(M_PI * x / PLAIN_TAPS);
            filter[p][t] = sinc * window * window;
            sum += filter[p][t];
        }
        for (int t = 0; t < PLAIN_TAPS; t++)
            filter[p][t] /= sum;
    }
}

/* allowed[i]: the gain at which neither sample i nor the curve up to the next
 * one passes the ceiling. */
static inline bool plain_allowed(const struct pcm *pcm, double ceiling,
                                 float *allowed)
{
    double filter[PLAIN_PHASES][PLAIN_TAPS];
    plain_design(filter);
    bool any = false;
    for (int64_t i = 0; i < pcm->count; i++) {
        double peak = 0.0;
        for (int c = 0; c < PCM_CHANNELS; c++) {
            const float *plane = pcm->plane[c];
            peak = fmax(peak, fabs(plane[i]));
            int64_t first = i - (PLAIN_TAPS / 2 - 1);
            int from = (int)FFMAX(0, -first);
            int to = (int)FFMIN(PLAIN_TAPS, pcm->count - first);
            for (int p = 1; p < PLAIN_PHASES; p++) {
                double value = 0.0;
                for (int t = from; t < to; t++)
                    value += filter[p][t] * plane[first + t];
                peak = fmax(peak, fabs(value));
            }
        }
        allowed[i] = peak > ceiling ? (float)(ceiling / peak) : 1.0F;
        any |= peak > ceiling;
    }
    return any;
}

/* The least within `half` to each side, by a ring of rising candidates: those
 * of one window, of which there are never more than `room`. */
static inline void plain_hold(const float *in, float *out, int64_t count,
                              int64_t half, int64_t *ring, int64_t room)
{
    int64_t head = 0, tail = 0;
    for (int64_t i = 0; i < count + half; i++) {
        int64_t at = i - half;
        while (head < tail && ring[head % room] < at - half)
            head++;
        if (i < count) {
            while (tail > head && in[ring[(tail - 1) % room]] >= in[i])
                tail--;
            ring[tail++ % room] = i;
        }
        if (at >= 0)
            out[at] = in[ring[head % room]];
    }
}

static inline void plain_release(float *gain, int64_t count)
{
    float part = (float)(1.0 - exp(-1000.0 / (PLAIN_RELEASE_MS * PCM_RATE)));
    float held = 1.0F;
    for (int64_t i = 0; i < count; i++) {
        held += (1.0F - held) * part;
        held = FFMIN(held, gain[i]);
        gain[i] = held;
    }
}

/* The mean over the look-ahead's window: each value in it is at most what its
 * middle allows, so the mean is too. */
static inline void plain_smooth(const float *in, float *out, int64_t count,
                                int64_t half)
{
    double sum = 0.0;
    for (int64_t i = -half; i <= half; i++)
        sum += in[av_clip64(i, 0, count - 1)];
    for (int64_t i = 0; i < count; i++) {
        out[i] = (float)(sum / (double)(2 * half + 1));
        sum += in[FFMIN(i + half + 1, count - 1)];
        sum -= in[FFMAX(i - half, 0)];
    }
}

static inline void plain_limit(struct pcm *pcm, double ceiling_dbtp,
                               bool *worked)
{
    size_t count = (size_t)pcm->count;
    int64_t half = pcm_ms(PLAIN_LOOK_MS);
    int64_t room = 2 * half + 1;
    float *gain = calloc(count + 1, sizeof(*gain));
    float *held = calloc(count + 1, sizeof(*held));
    int64_t *ring = calloc((size_t)room, sizeof(*ring));
    *worked = plain_allowed(pcm, pow(10.0, ceiling_dbtp / 20.0), gain);
    if (*worked) {
        plain_hold(gain, held, pcm->count, half, ring, room);
        plain_release(held, pcm->count);
        plain_smooth(held, gain, pcm->count, half);
        for (int c = 0; c < PCM_CHANNELS; c++)
            for (int64_t i = 0; i < pcm->count; i++)
                pcm->plane[c][i] *= gain[i];
    }
    free(ring);
    free(held);
    free(gain);
}

#endif
