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

static int limit_pass(struct log *log, struct pcm *pcm, const struct pcm *from,
                      double gain_db, double ceiling_dbtp,
                      struct level_result *result)
{
    pcm_clear(pcm);
    int ret = pcm_copy(log, pcm, from);
    if (ret < 0)
        return ret;
    pcm_scale(pcm, gain_factor(gain_db));
    ret = limiter_limit(log, pcm, ceiling_dbtp, &result->limited);
    return ret < 0 ? ret : loudness_measure(log, pcm, &result->after);
}

/* The gain is corrected by what the limiter took, and the ceiling by what its
 * curve let through between samples. */
static int search(struct log *log, struct pcm *pcm, const struct pcm *from,
                  const struct level_target *target,
                  struct level_result *result)
{
    double gain = result->gain_db;
    double ceiling = target->peak_dbtp;
    double step = 0.0, last = -INFINITY;
    for (int pass = 0; pass < PASSES; pass++) {
        int ret = limit_pass(log, pcm, from, gain, ceiling, result);
        if (ret < 0)
            return ret;
        result->gain_db = gain;
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

int leveller_apply(struct log *log, const struct pcm *from,
                   const struct level_target *target, struct pcm *to,
                   struct level_result *result)
{
    *result = (struct level_result){0};
    *to = (struct pcm){0};
    int ret = loudness_measure(log, from, &result->before);
    result->after = result->before;
    if (ret < 0)
        return ret;
    if (result->before.silent)
        return pcm_copy(log, to, from);
    result->gain_db = FFMIN(target->lufs - result->before.lufs, LEVEL_MOST_DB);
    if (result->before.peak_dbtp + result->gain_db <= target->peak_dbtp) {
        ret = pcm_copy(log, to, from);
        if (ret < 0)
            return ret;
        pcm_scale(to, gain_factor(result->gain_db));
        ret = loudness_measure(log, to, &result->after);
    } else {
        ret = search(log, to, from, target, result);
    }
    if (ret < 0)
        pcm_clear(to);
    result->reached =
        ret >= 0 && fabs(result->after.lufs - target->lufs) <= REACHED_LU;
    return ret;
}
