/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one clock. A moment in a source is counted in flicks (1/705,600,000 s:
 * the unit in which the frames of 24, 25, 30, 50, 60 fps and their 1000/1001
 * kin, samples at 44.1 and 48 kHz, and 1/1000 and 1/90000 s are whole numbers;
 * see github.com/facebookarchive/Flicks). A moment in a clip is counted in
 * ticks, the preset's frames, and in audio samples. No double holds a time. */
#ifndef REELPRESS_BASE_CLOCK_H
#define REELPRESS_BASE_CLOCK_H

#include <stdint.h>
#include <libavutil/mathematics.h>
#include <libavutil/rational.h>

#define FLICKS_PER_SECOND INT64_C(705600000)
#define FLICKS_NONE       INT64_MIN /* no such time */

/* Ticks of `rate` nearest to a span of flicks (a half away from zero). */
static inline int64_t clock_ticks(int64_t flicks, AVRational rate)
{
    return av_rescale_rnd(flicks, rate.num, rate.den * FLICKS_PER_SECOND,
                          AV_ROUND_NEAR_INF);
}

/* The first tick at or after a span of flicks. */
static inline int64_t clock_ticks_up(int64_t flicks, AVRational rate)
{
    return av_rescale_rnd(flicks, rate.num, rate.den * FLICKS_PER_SECOND,
                          AV_ROUND_UP);
}

/* When tick `n` begins, in flicks, to the nearest. */
static inline int64_t clock_flicks(int64_t ticks, AVRational rate)
{
    return av_rescale_rnd(ticks, rate.den * FLICKS_PER_SECOND, rate.num,
                          AV_ROUND_NEAR_INF);
}

/* Samples before tick `n`, always counted from the clip's begin so that no
 * rounding adds up from join to join. */
static inline int64_t clock_samples(int64_t ticks, AVRational rate,
                                    int sample_rate)
{
    return av_rescale_rnd(ticks, (int64_t)rate.den * sample_rate, rate.num,
                          AV_ROUND_NEAR_INF);
}

/* Flicks of a time stamp in `base`, to the nearest. */
static inline int64_t clock_from_stamp(int64_t stamp, AVRational base)
{
    return av_rescale_rnd(stamp, base.num * FLICKS_PER_SECOND, base.den,
                          AV_ROUND_NEAR_INF);
}

static inline int64_t clock_ms(int64_t flicks)
{
    return av_rescale_rnd(flicks, 1000, FLICKS_PER_SECOND, AV_ROUND_NEAR_INF);
}

#endif
