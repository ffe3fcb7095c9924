/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the arithmetic of the search for the crf that fits. Knows sizes only. */
#include "encode/size_search.h"

#include <libavutil/common.h>
#include <libavutil/error.h>
#include <libavutil/mathematics.h>

/* Six of crf halve a film as a rule (x264's qcomp and AQ leave it near that),
 * so a half step takes 2^(-1/12) of it. */
#define STEP_MILLIONTHS 943874
#define AIM_PERCENT     97
#define LEAST_PERCENT   94
/* Films: each costs an encode of the whole clip. The rule needs two, pictures
 * that hung on the rate buffer before a few more. */
#define TRIES_MOST 8
/* A film that hangs on its rate buffer hardly shrinks at first: what was
 * measured stretches the next stride, up to so many times. */
#define STRETCH_MOST 4

int64_t size_cap(const struct rendition *rendition)
{
    const struct preset *preset = rendition->preset;
    AVRational rate = rendition->timeline->rate;
    int64_t cap = preset->max_bytes;
    if (preset->constant_rate)
        return 0;
    if (preset->max_total_bps > 0) {
        int64_t mean = av_rescale_rnd(preset->max_total_bps,
                                      rendition->timeline->ticks * rate.den,
                                      (int64_t)rate.num * 8, AV_ROUND_DOWN);
        cap = cap > 0 ? FFMIN(cap, mean) : mean;
    }
    return cap;
}

int64_t size_least(const struct size_search *search, int64_t cap)
{
    bool over = search->step == 0 || search->tries >= TRIES_MOST ||
                search->step == search->fits_step ||
                (search->over_bytes && search->step == search->over_step + 1);
    return over ? 0 : cap / 100 * LEAST_PERCENT;
}

/* How many steps lie between two sizes, by the rule; at least 1. */
static int steps_between(int64_t from, int64_t to)
{
    int steps = 0;
    for (; from > to && steps < 1000; steps++)
        from = av_rescale(from, STEP_MILLIONTHS, 1000000);
    return FFMAX(steps, 1);
}

/* None fits yet: on by the rule, or by what the last stride did. `before` is
 * the film that was too large before this one. */
static int stride_on(const struct size_search *before, int step, int64_t bytes,
                     int64_t aim)
{
    int stride = steps_between(bytes, aim);
    if (!before->over_bytes)
        return stride;
    int walked = step - before->over_step;
    int gained = steps_between(before->over_bytes, bytes);
    return (int)FFMIN(((int64_t)stride * walked + gained - 1) / gained,
                      (int64_t)stride * STRETCH_MOST);
}

/* Strictly between the two, at the share of their distance that is needed. */
static int stride_between(const struct size_search *search, int64_t aim)
{
    int gap = search->fits_step - search->over_step;
    int whole = steps_between(search->over_bytes, search->fits_bytes);
    int part = steps_between(search->over_bytes, aim);
    return av_clip((part * gap + whole - 1) / whole, 1, gap - 1);
}

int size_search_next(struct size_search *search, int64_t bytes,
                     int64_t sound_bytes, int64_t cap, int last_step)
{
    int64_t least = cap / 100 * LEAST_PERCENT - sound_bytes;
    int64_t aim = FFMAX((cap - sound_bytes) / 100 * AIM_PERCENT, 1);
    struct size_search before = *search;
    bool over = bytes > cap;
    bytes = FFMAX(bytes - sound_bytes, 1);
    search->tries++;
    if (over) {
        search->over_step = search->step;
        search->over_bytes = bytes;
    } else {
        search->fits_step = search->step;
        search->fits_bytes = bytes;
    }
    if (!search->fits_bytes) {
        if (search->step >= last_step)
            return AVERROR(EFBIG);
        /* The last try goes where it will fit if anything does. */
        int stride = search->tries + 1 < TRIES_MOST
                         ? stride_on(&before, search->step, bytes, aim)
                         : last_step;
        search->step = FFMIN(search->step + stride, last_step);
        return 0;
    }
    bool close = search->fits_step <= search->over_step + 1 ||
                 search->fits_bytes >= least;
    search->step = close || search->tries >= TRIES_MOST
                       ? search->fits_step
                       : search->over_step + stride_between(search, aim);
    return 0;
}
