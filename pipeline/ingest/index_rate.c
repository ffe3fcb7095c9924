/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rate of a row of time stamps: constant or not, and as which rational.
 * Owns the tolerance of §5.3 and the table of rates that cameras use. */
#include "ingest/index_frames.h"

#include <stdlib.h>
#include "base/clock.h"
#include "base/memory.h"

#define RATE_TOLERANCE_FLICKS (FLICKS_PER_SECOND / 1000)
/* A last picture that is said to last longer is a writer's slip. */
#define RATE_LONGEST_LAST (10 * FLICKS_PER_SECOND)

/* Where two fit alike the earlier is taken. */
static const AVRational rate_usual[] = {
    {25, 1},       {30000, 1001},  {50, 1},  {60000, 1001}, {24, 1},
    {24000, 1001}, {30, 1},        {60, 1},  {48, 1},       {48000, 1001},
    {100, 1},      {120000, 1001}, {120, 1}, {240, 1},      {240000, 1001},
    {15, 1},       {15000, 1001},  {25, 2},  {12, 1},       {12000, 1001},
    {10, 1},       {20, 1},        {90, 1},  {200, 1},
};
#define RATE_USUAL (sizeof(rate_usual) / sizeof(rate_usual[0]))

/* What a variable rate is called when none of the usual is near. */
static const int rate_plain[] = {1,  2,  3,   4,   5,   6,   8,   10,  12,
                                 15, 20, 24,  25,  30,  40,  48,  50,  60,
                                 75, 90, 100, 120, 144, 200, 240, 480, 960};
#define RATE_PLAIN (sizeof(rate_plain) / sizeof(rate_plain[0]))

static bool rate_is_near(AVRational rate, int64_t period)
{
    if (rate.num <= 0 || rate.den <= 0)
        return false;
    return llabs(clock_flicks(1, rate) - period) * 100 < period;
}

static int64_t rate_tolerance(const struct index *index, int64_t period)
{
    const int64_t unit = clock_from_stamp(1, index->time_base);
    if (unit > RATE_TOLERANCE_FLICKS && unit < period / 4)
        return unit;
    return FFMIN(RATE_TOLERANCE_FLICKS, period / 4);
}

/* The farthest that a stamp lies from first + k / rate; INT64_MAX as soon as
 * one lies farther than `limit`. */
static int64_t rate_error(const struct index *index, AVRational rate,
                          int64_t limit)
{
    const int64_t first = index->frames[0].flicks;
    int64_t worst = 0;
    for (size_t k = 1; k < index->frame_count; k++) {
        const int64_t error = llabs(index->frames[k].flicks - first -
                                    clock_flicks((int64_t)k, rate));
        if (error > limit)
            return INT64_MAX;
        if (error > worst)
            worst = error;
    }
    return worst;
}

/* As rate_error, of frames some of which may be missing, but for the first
 * `row`. */
static int64_t rate_grid_error(const struct index *part, size_t row,
                               int64_t first, AVRational rate, int64_t limit)
{
    int64_t worst = 0, before = 0;
    for (size_t i = 0; i < part->frame_count; i++) {
        const int64_t at = part->frames[i].flicks - first;
        const int64_t k = clock_ticks(at, rate);
        const int64_t error = llabs(at - clock_flicks(k, rate));
        if (error > limit || (i > 0 && k <= before) ||
            (i > 0 && i < row && k != before + 1))
            return INT64_MAX;
        worst = FFMAX(worst, error);
        before = k;
    }
    return worst;
}

/* Steps that are all equal are a rate whatever its number. */
static AVRational rate_uniform(const struct index *index)
{
    const struct index_frame *frames = index->frames;
    const int64_t step = frames[1].pts - frames[0].pts;
    AVRational rate = {0, 1};
    for (size_t k = 2; k < index->frame_count; k++)
        if (frames[k].pts - frames[k - 1].pts != step)
            return rate;
    av_reduce(&rate.num, &rate.den, index->time_base.den,
              step * index->time_base.num, INT32_MAX);
    return rate;
}

/* The usual rate that fits best; else the declared one, else the steps'. */
static bool index_find_constant(struct index *index,
                                const struct index_hints *hints)
{
    const size_t n = index->frame_count;
    const int64_t length =
        index->frames[n - 1].flicks - index->frames[0].flicks;
    const int64_t period = length / (int64_t)(n - 1);
    const int64_t limit = rate_tolerance(index, period);
    const AVRational others[] = {hints->declared_rate, rate_uniform(index)};
    int64_t best = INT64_MAX;
    for (size_t i = 0; i < RATE_USUAL; i++) {
        if (!rate_is_near(rate_usual[i], period))
            continue;
        const int64_t error = rate_error(index, rate_usual[i], limit);
        if (error < best) {
            best = error;
            index->rate = rate_usual[i];
        }
    }
    for (size_t i = 0; i < 2 && best == INT64_MAX; i++) {
        if (!rate_is_near(others[i], period))
            continue;
        best = rate_error(index, others[i], limit);
        index->rate = others[i];
    }
    return best != INT64_MAX;
}

static int step_compare(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left;
    const int64_t b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

int64_t index_median_step(const struct index *index)
{
    const size_t count = index->frame_count - 1;
    int64_t *steps = calloc(count, sizeof(*steps));
    if (!steps)
        memory_gone();
    for (size_t k = 0; k < count; k++)
        steps[k] = index->frames[k + 1].flicks - index->frames[k].flicks;
    qsort(steps, count, sizeof(*steps), step_compare);
    const int64_t median = steps[count / 2];
    free(steps);
    return median;
}

static AVRational rate_named(int64_t period)
{
    AVRational found = {rate_plain[0], 1};
    int64_t best = INT64_MAX;
    for (size_t i = 0; i < RATE_USUAL; i++) {
        const int64_t error = llabs(clock_flicks(1, rate_usual[i]) - period);
        if (rate_is_near(rate_usual[i], period) && error < best) {
            best = error;
            found = rate_usual[i];
        }
    }
    if (best != INT64_MAX)
        return found;
    for (size_t i = 0; i < RATE_PLAIN; i++) {
        const AVRational rate = {rate_plain[i], 1};
        const int64_t error = llabs(clock_flicks(1, rate) - period);
        if (error < best) {
            best = error;
            found = rate;
        }
    }
    return found;
}

static void index_find_single(struct index *index,
                              const struct index_hints *hints,
                              int64_t last_duration)
{
    index->constant_rate = true;
    index->rate = hints->declared_rate;
    if (last_duration > 0 && last_duration <= RATE_LONGEST_LAST)
        index->rate = rate_named(last_duration);
    if (index->rate.num <= 0 || index->rate.den <= 0)
        index->rate = (AVRational){25, 1};
    index->end_flicks = index->first_flicks + clock_flicks(1, index->rate);
}

void index_vary(struct index *index, int64_t last_duration)
{
    const int64_t median = index_median_step(index);
    if (last_duration <= 0 || last_duration > RATE_LONGEST_LAST)
        last_duration = median;
    index->constant_rate = false;
    index->rate = rate_named(median);
    index->end_flicks =
        index->frames[index->frame_count - 1].flicks + last_duration;
}

void index_find_rate(struct index *index, const struct index_hints *hints,
                     int64_t last_duration)
{
    const size_t n = index->frame_count;
    index->first_flicks = index->frames[0].flicks;
    if (n == 1) {
        index_find_single(index, hints, last_duration);
        return;
    }
    index->constant_rate = index_find_constant(index, hints);
    if (index->constant_rate) {
        for (size_t k = 0; k < n; k++)
            index->frames[k].flicks =
                index->first_flicks + clock_flicks((int64_t)k, index->rate);
        index->end_flicks =
            index->first_flicks + clock_flicks((int64_t)n, index->rate);
        return;
    }
    index_vary(index, last_duration);
}

bool index_on_grid(const struct index *part, int64_t first_flicks,
                   AVRational rate)
{
    const int64_t limit = rate_tolerance(part, clock_flicks(1, rate));
    return rate_grid_error(part, 0, first_flicks, rate, limit) != INT64_MAX;
}

static int64_t rate_samples_error(const struct index_sample *samples,
                                  size_t count, int64_t first, AVRational rate,
                                  int64_t limit)
{
    int64_t worst = 0;
    for (size_t i = 0; i < count; i++) {
        const int64_t error = rate_grid_error(samples[i].part, samples[i].row,
                                              first, rate, limit);
        if (error == INT64_MAX)
            return error;
        worst = FFMAX(worst, error);
    }
    return worst;
}

bool index_find_grid(const struct index_sample *samples, size_t count,
                     const struct index_hints *hints, int64_t first_flicks,
                     AVRational *out)
{
    const struct index *head = samples[0].part;
    if (samples[0].row < 3)
        return false;
    const size_t last = samples[0].row - 1;
    const int64_t period =
        (head->frames[last].flicks - head->frames[0].flicks) / (int64_t)last;
    const int64_t limit = rate_tolerance(head, period);
    const AVRational others[] = {hints->declared_rate, rate_uniform(head)};
    int64_t best = INT64_MAX;
    for (size_t i = 0; i < RATE_USUAL + 2; i++) {
        const AVRational rate =
            i < RATE_USUAL ? rate_usual[i] : others[i - RATE_USUAL];
        if ((i >= RATE_USUAL && best != INT64_MAX) ||
            !rate_is_near(rate, period))
            continue;
        const int64_t error =
            rate_samples_error(samples, count, first_flicks, rate, limit);
        if (error < best) {
            best = error;
            *out = rate;
        }
    }
    return best != INT64_MAX;
}
