/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the limiter's curve: what each sample may have, held over the
 * look-ahead, let go slowly, smoothed so that it never rises above what is
 * allowed. Each step goes as far ahead of the next as that one needs it:
 *
 *   allowed ─▶ held (least of a window) ─▶ released ─▶ smoothed ─▶ block */
#include "sound/limiter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <libavutil/common.h>

#define PHASES     4
#define TAPS       16 /* per phase */
#define LOOK_MS    4  /* to each side */
#define HALF       ((int64_t)LOOK_MS * PCM_RATE / 1000)
#define WINDOW     (2 * HALF + 1)
#define RELEASE_MS 90.0 /* to 63 % */
/* Samples whose curve is looked at together. */
#define SPAN 256
/* Its values are sums of rounded products. */
#define ROUNDING (1.0 + 1e-12)

struct candidate {
    int64_t at;
    float gain;
};

struct limiter {
    const struct pcm *from;
    float factor;
    double ceiling;
    double filter[PHASES][TAPS];
    double most; /* what the filter makes at most of a peak of 1 */
    bool worked;

    /* allowed[i]: the gain at which neither sample i nor the curve up to the
     * next one passes the ceiling; of the span before `allowed_end`. */
    float allowed[SPAN];
    int64_t allowed_end;
    /* Rising candidates for the least of a window: never more than fit in. */
    struct candidate ring[WINDOW];
    int64_t head, tail, pushed;
    /* From `released_first` up to `released_end`. */
    float released[PCM_BLOCK + WINDOW];
    int64_t released_first, released_end;
    float held, part;
    double sum; /* of the released in the window around `done` */
    int64_t done;
};

/* A Hann-windowed sinc, split in phases: phase p gives the value p / 4 of a
 * sample after the one at tap TAPS / 2 - 1. Phase 0 is that sample. */
static void design(double filter[PHASES][TAPS])
{
    for (int p = 0; p < PHASES; p++) {
        double sum = 0.0;
        for (int t = 0; t < TAPS; t++) {
            double x = (TAPS / 2 - 1 - t) + (double)p / PHASES;
            double sinc = x == 0.0 ? 1.0 : sin(M_PI * x) / (M_PI * x);
            double window = cos(M_PI * x / TAPS);
            filter[p][t] = sinc * window * window;
            sum += filter[p][t];
        }
        for (int t = 0; t < TAPS; t++)
            filter[p][t] /= sum;
    }
}

int limiter_create(struct log *log, const struct pcm *from, double factor,
                   double ceiling_dbtp, struct limiter **out)
{
    struct limiter *limiter = calloc(1, sizeof(*limiter));
    *out = limiter;
    if (!limiter)
        return log_fail(log, AVERROR(ENOMEM), _("there is not enough memory"));
    limiter->from = from;
    limiter->factor = (float)factor;
    limiter->ceiling = pow(10.0, ceiling_dbtp / 20.0);
    limiter->held = 1.0F;
    limiter->part = (float)(1.0 - exp(-1000.0 / (RELEASE_MS * PCM_RATE)));
    design(limiter->filter);
    for (int p = 0; p < PHASES; p++) {
        double sum = 0.0;
        for (int t = 0; t < TAPS; t++)
            sum += fabs(limiter->filter[p][t]);
        limiter->most = FFMAX(limiter->most, sum * ROUNDING);
    }
    return 0;
}

void limiter_destroy(struct limiter **limiter)
{
    free(*limiter);
    *limiter = NULL;
}

bool limiter_worked(const struct limiter *limiter)
{
    return limiter->worked;
}

/* A span's samples with what the filter reaches to at both sides, silence
 * beyond the ends; returns their highest. */
static double read_span(const struct limiter *limiter, int channel,
                        double out[SPAN + TAPS])
{
    const float *plane = limiter->from->plane[channel];
    int64_t first = limiter->allowed_end - (TAPS / 2 - 1);
    int from = (int)FFMAX(0, -first);
    int to = (int)FFMIN(SPAN + TAPS, limiter->from->count - first);
    double highest = 0.0;
    memset(out, 0, (SPAN + TAPS) * sizeof(*out));
    for (int k = from; k < to; k++) {
        float sample = plane[first + k] * limiter->factor;
        out[k] = sample;
        highest = FFMAX(highest, fabs(out[k]));
    }
    return highest;
}

/* The span's counts are constants so that the compiler takes several samples
 * at once; each one's sum has the order of its taps all the same. */
static void raise_peaks(const double filter[TAPS], const double *restrict in,
                        double *restrict peak)
{
    double sum[SPAN] = {0};
    for (int t = 0; t < TAPS; t++)
        for (int k = 0; k < SPAN; k++)
            sum[k] += filter[t] * in[k + t];
    for (int k = 0; k < SPAN; k++) {
        double value = fabs(sum[k]);
        peak[k] = value > peak[k] ? value : peak[k];
    }
}

static void find_allowed(struct limiter *limiter)
{
    double samples[SPAN + TAPS], peak[SPAN] = {0};
    for (int c = 0; c < PCM_CHANNELS; c++) {
        /* Mostly nothing comes near the ceiling. */
        if (read_span(limiter, c, samples) * limiter->most <= limiter->ceiling)
            continue;
        for (int k = 0; k < SPAN; k++)
            peak[k] = FFMAX(peak[k], fabs(samples[k + TAPS / 2 - 1]));
        for (int p = 1; p < PHASES; p++)
            raise_peaks(limiter->filter[p], samples, peak);
    }
    /* The filter rings on beyond the end. */
    int64_t left = limiter->from->count - limiter->allowed_end;
    for (int k = 0; k < FFMIN(SPAN, left); k++) {
        bool over = peak[k] > limiter->ceiling;
        limiter->allowed[k] = over ? (float)(limiter->ceiling / peak[k]) : 1.0F;
        limiter->worked |= over;
    }
    limiter->allowed_end += SPAN;
}

static void push_candidate(struct limiter *limiter)
{
    struct candidate *ring = limiter->ring;
    if (limiter->pushed == limiter->allowed_end)
        find_allowed(limiter);
    int64_t at = limiter->pushed++;
    float gain = limiter->allowed[at % SPAN];
    while (limiter->tail > limiter->head &&
           ring[(limiter->tail - 1) % WINDOW].gain >= gain)
        limiter->tail--;
    ring[limiter->tail++ % WINDOW] = (struct candidate){at, gain};
}

/* The least within HALF to each side. */
static float hold_least(struct limiter *limiter, int64_t at)
{
    int64_t end = FFMIN(at + HALF + 1, limiter->from->count);
    while (limiter->pushed < end)
        push_candidate(limiter);
    while (limiter->ring[limiter->head % WINDOW].at < at - HALF)
        limiter->head++;
    return limiter->ring[limiter->head % WINDOW].gain;
}

static void release_slowly(struct limiter *limiter, int64_t end)
{
    end = FFMIN(end, limiter->from->count);
    for (; limiter->released_end < end; limiter->released_end++) {
        int64_t at = limiter->released_end;
        float least = hold_least(limiter, at);
        limiter->held += (1.0F - limiter->held) * limiter->part;
        limiter->held = FFMIN(limiter->held, least);
        limiter->released[at - limiter->released_first] = limiter->held;
    }
}

/* Beyond the ends the nearest one counts. */
static float released_at(const struct limiter *limiter, int64_t at)
{
    at = av_clip64(at, 0, limiter->from->count - 1);
    return limiter->released[at - limiter->released_first];
}

static void begin_sum(struct limiter *limiter)
{
    release_slowly(limiter, HALF + 1);
    for (int64_t i = -HALF; i <= HALF; i++)
        limiter->sum += released_at(limiter, i);
}

static void forget_released(struct limiter *limiter)
{
    int64_t first = FFMAX(limiter->done - HALF, 0);
    int64_t gone = first - limiter->released_first;
    memmove(limiter->released, limiter->released + gone,
            (size_t)(limiter->released_end - first) * sizeof(float));
    limiter->released_first = first;
}

/* The mean over the look-ahead's window: each value in it is at most what its
 * middle allows, so the mean is too. */
void limiter_next(struct limiter *limiter, struct pcm *block)
{
    const struct pcm *from = limiter->from;
    int64_t first = limiter->done;
    block->count = FFMIN(PCM_BLOCK, from->count - first);
    if (!block->count)
        return;
    if (!first)
        begin_sum(limiter);
    release_slowly(limiter, first + block->count + HALF + 1);
    for (int64_t i = 0; i < block->count; i++) {
        float gain = (float)(limiter->sum / (double)WINDOW);
        for (int c = 0; c < PCM_CHANNELS; c++) {
            float sample = from->plane[c][first + i] * limiter->factor;
            block->plane[c][i] = sample * gain;
        }
        limiter->sum += released_at(limiter, first + i + HALF + 1);
        limiter->sum -= released_at(limiter, first + i - HALF);
    }
    limiter->done += block->count;
    forget_released(limiter);
}
