/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rate a clip is delivered at: its source's, where that is one that
 * newsrooms and platforms take, else the nearest that is. */
#include "presets/preset.h"

#include <stdlib.h>

/* What editors, players and platforms have a setting for, slowest first. */
static const AVRational rate_standard[] = {
    {24000, 1001}, {24, 1}, {25, 1},       {30000, 1001}, {30, 1},
    {48, 1},       {50, 1}, {60000, 1001}, {60, 1},
};
#define STANDARDS (sizeof(rate_standard) / sizeof(rate_standard[0]))

/* What slower sources are brought up to, the likeliest first: more would cost
 * bits for pictures that only come again. */
static const AVRational rate_raised[] = {
    {25, 1}, {30, 1}, {24, 1}, {30000, 1001}, {24000, 1001}};
#define RAISED (sizeof(rate_raised) / sizeof(rate_raised[0]))

/* A camera's crystal and a phone's mean are off by less. */
#define NEAR_PART 100

static bool rate_is_within(AVRational rate, AVRational cap)
{
    return cap.num <= 0 || av_cmp_q(rate, cap) <= 0;
}

static AVRational rate_part(AVRational rate, int n)
{
    return av_mul_q(rate, (AVRational){1, n});
}

static bool rate_is_near(AVRational rate, AVRational standard)
{
    AVRational off = av_sub_q(rate, standard);
    off.num = abs(off.num);
    return av_cmp_q(off, rate_part(standard, NEAR_PART)) < 0;
}

/* The nearest of the standards within the cap; the slowest is. */
static AVRational rate_nearest(AVRational rate, AVRational cap)
{
    AVRational list[STANDARDS + 1] = {{0}};
    for (size_t i = 0; i < STANDARDS; i++) {
        if (rate_is_within(rate_standard[i], cap))
            list[i] = rate_standard[i];
    }
    return list[av_find_nearest_q_idx(rate, list)];
}

/* Every n-th picture where that gives a standard, even if it is hair off; else
 * pictures are left out or shown twice. */
static AVRational rate_lower(AVRational source, AVRational cap)
{
    AVRational least = rate_standard[0];
    for (int n = 1; av_cmp_q(rate_part(source, n), rate_part(least, 2)) > 0;
         n++) {
        AVRational part = rate_part(source, n);
        AVRational standard = rate_nearest(part, cap);
        if (rate_is_near(part, standard))
            return standard;
    }
    return rate_nearest(source, cap);
}

static bool rate_repeats(AVRational source, AVRational standard, bool exactly)
{
    AVRational times = av_div_q(standard, source);
    int n = (int)((times.num + (int64_t)times.den / 2) / times.den);
    if (n < 1)
        return false;
    AVRational part = rate_part(standard, n);
    return exactly ? av_cmp_q(part, source) == 0 : rate_is_near(part, source);
}

/* Each picture n times where that gives a standard. */
static AVRational rate_raise(AVRational source, AVRational cap)
{
    for (int exactly = 1; exactly >= 0; exactly--) {
        for (size_t i = 0; i < RAISED; i++) {
            if (rate_is_within(rate_raised[i], cap) &&
                rate_repeats(source, rate_raised[i], exactly))
                return rate_raised[i];
        }
    }
    return rate_nearest(rate_raised[0], cap);
}

/* No deliverable is slower: a chunk's edges may lie a tenth of a second
 * apart, and each chunk needs a picture. */
#define RATE_LEAST 10

/* A cap under all standards: the preset's author knows why. */
static AVRational rate_halve(AVRational source, AVRational cap)
{
    AVRational rate = source;
    while (!rate_is_within(rate, cap))
        rate = rate_part(rate, 2);
    while (av_cmp_q(rate, (AVRational){RATE_LEAST, 1}) < 0)
        rate = av_mul_q(rate, (AVRational){2, 1});
    return rate;
}

AVRational preset_rate(const struct preset *preset, AVRational source)
{
    AVRational cap = preset->rate_cap;
    if (preset->rate.num > 0)
        return preset->rate;
    if (source.num <= 0 || source.den <= 0) {
        AVRational usual = {25, 1};
        return rate_is_within(usual, cap) ? usual : cap;
    }
    if (!rate_is_within(rate_standard[0], cap))
        return rate_halve(source, cap);
    AVRational most = rate_standard[STANDARDS - 1];
    if (cap.num <= 0 && av_cmp_q(source, most) > 0 &&
        !rate_is_near(source, most))
        return source;
    bool slow = av_cmp_q(source, rate_standard[0]) < 0 &&
                !rate_is_near(source, rate_standard[0]);
    return slow ? rate_raise(source, cap) : rate_lower(source, cap);
}
