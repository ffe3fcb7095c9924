/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the step from ticks to pictures. The choice of the frame is the plan's,
 * the choice of the field is made here. */
#include "render/pace.h"

#include <assert.h>

#include "ingest/index.h"

#define ROUNDING 2 /* flicks: tick and frame are each rounded to one */

static bool pace_is_second(const struct pace *pace, size_t frame,
                           int64_t moment)
{
    const struct index *index = pace->shot->recording->index;
    int64_t from = index_time(index, frame);
    int64_t to = index_time(index, frame + 1);
    return 2 * (moment + ROUNDING - from) >= to - from;
}

int64_t pace_position(const struct pace *pace, int64_t tick)
{
    if (pace->kind == PACE_STILL)
        return pace->still;
    int64_t n = pace->first + tick;
    bool beyond = pace->kind == PACE_BEYOND;
    size_t frame = beyond ? shot_frame_beyond(pace->shot, n, pace->rate)
                          : shot_frame_at(pace->shot, n, pace->rate);
    if (!pace->fields)
        return 2 * (int64_t)frame;
    int64_t begin = beyond ? pace->shot->out_flicks : pace->shot->in_flicks;
    int64_t moment = begin + clock_flicks(n, pace->rate);
    return 2 * (int64_t)frame + pace_is_second(pace, frame, moment);
}

/* 50 from 25i yes; 30 from 25i no: fields would come unevenly. */
bool pace_wants_fields(const struct shot *shot, AVRational rate)
{
    if (!shot->recording ||
        shot->recording->picture.fields == FIELDS_PROGRESSIVE)
        return false;
    AVRational source = shot->recording->index->rate;
    return source.num > 0 &&
           av_cmp_q(rate, av_mul_q(source, (AVRational){8, 5})) >= 0;
}

bool pace_is_same(const struct pace *a, const struct pace *b)
{
    assert(a->shot == b->shot);
    return a->kind == b->kind && !av_cmp_q(a->rate, b->rate) &&
           a->first == b->first && a->count == b->count &&
           a->still == b->still && a->fields == b->fields;
}
