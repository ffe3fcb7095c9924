/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the search for gain and ceiling by which a sound meets its loudness
 * after the limiter. Knows no codec. */
#include "sound/leveller.h"

#include "sound/limiter.h"

#include <libavutil/common.h>

#include <math.h>
#include <stdbool.h>

#define PASSES     6
#define CLOSE_LU   0.1 /* where the search ends */
#define REACHED_LU 0.3
#define USEFUL     0.04 /* of a step must come out as loudness */
#define MOST_STEP  6.0  /* per pass: a limiter's answer is far from linear */

static double gain_factor(double db)
{
    return pow(10.0, db / 20.0);
}

/* Where a sound goes. */
struct taker {
    int (*take)(void *opaque, const struct pcm *block);
    void *opaque;
};

static int play_limited(struct log *log, const struct pcm *from,
                        struct level_result *level, double trim_db,
                        const struct taker *to)
{
    struct limiter *limiter = NULL;
    struct pcm block;
    int ret = pcm_init(log, &block, PCM_BLOCK);
    if (ret >= 0)
        ret = limiter_create(log, from, gain_factor(level->gain_db),
                             level->ceiling_dbtp, &limiter);
    while (ret >= 0) {
        limiter_next(limiter, &block);
        if (!block.count)
            break;
        if (trim_db > 0.0)
            pcm_scale(&block, gain_factor(-trim_db));
        ret = to->take(to->opaque, &block);
    }
    if (ret >= 0)
        level->limited = limiter_worked(limiter);
    limiter_destroy(&limiter);
    pcm_clear(&block);
    return ret;
}

static int play_scaled(struct log *log, const struct pcm *from,
                       const struct level_result *level, double trim_db,
                       const struct taker *to)
{
    struct pcm block;
    int ret = pcm_init(log, &block, PCM_BLOCK);
    for (int64_t at = 0; ret >= 0 && at < from->count; at += block.count) {
        block.count = FFMIN(PCM_BLOCK, from->count - at);
        pcm_read(&block, from, at);
        pcm_scale(&block, gain_factor(level->gain_db));
        if (trim_db > 0.0)
            pcm_scale(&block, gain_factor(-trim_db));
        ret = to->take(to->opaque, &block);
    }
    pcm_clear(&block);
    return ret;
}

/* One way through, to the meter. */
static int hear(struct log *log, const struct pcm *from, bool limits,
                struct level_result *level)
{
    struct meter *meter;
    int ret = meter_create(log, &meter);
    struct taker taker = {meter_take, meter};
    if (ret >= 0)
        ret = limits ? play_limited(log, from, level, 0.0, &taker)
                     : play_scaled(log, from, level, 0.0, &taker);
    if (ret >= 0)
        ret = meter_finish(meter, &level->after);
    meter_destroy(&meter);
    return ret;
}

/* The gain is corrected by what the limiter took, and the ceiling by what its
 * curve let through between samples. */
static int search(struct log *log, const struct pcm *from,
                  const struct level_target *target,
                  struct level_result *result)
{
    double gain = result->gain_db;
    double ceiling = target->peak_dbtp;
    double step = 0.0, last = -INFINITY;
    for (int pass = 0; pass < PASSES; pass++) {
        result->gain_db = gain;
        result->ceiling_dbtp = ceiling;
        int ret = hear(log, from, true, result);
        if (ret < 0)
            return ret;
        double missing = target->lufs - result->after.lufs;
        double excess = result->after.peak_dbtp - target->peak_dbtp;
        double next = FFMIN(gain + FFMIN(missing, MOST_STEP), LEVEL_MOST_DB);
        /* Where peaks are all there is, more gain brings noise only. */
        bool useless = step > 1.0 && result->after.lufs - last < step * USEFUL;
        if (excess <= 0.02 &&
            (useless || fabs(missing) <= CLOSE_LU || fabs(next - gain) < 0.01))
            break;
        step = next - gain;
        last = result->after.lufs;
        gain = next;
        ceiling -= FFMAX(excess, 0.0);
    }
    return 0;
}

int leveller_find(struct log *log, const struct pcm *from,
                  const struct loudness *before,
                  const struct level_target *target,
                  struct level_result *result)
{
    *result = (struct level_result){.before = *before, .after = *before};
    if (before->silent)
        return 0;
    result->gain_db = FFMIN(target->lufs - before->lufs, LEVEL_MOST_DB);
    bool limits = before->peak_dbtp + result->gain_db > target->peak_dbtp;
    int ret = limits ? search(log, from, target, result)
                     : hear(log, from, false, result);
    result->reached =
        ret >= 0 && fabs(result->after.lufs - target->lufs) <= REACHED_LU;
    return ret;
}

int leveller_play(struct log *log, const struct pcm *from,
                  const struct level_result *level, double trim_db,
                  int (*take)(void *taker, const struct pcm *block),
                  void *opaque)
{
    struct taker taker = {take, opaque};
    struct level_result played = *level;
    /* One that had nothing to do changes nothing. */
    return level->limited ? play_limited(log, from, &played, trim_db, &taker)
                          : play_scaled(log, from, level, trim_db, &taker);
}
