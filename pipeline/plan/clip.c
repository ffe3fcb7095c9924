/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clip's clock: which picture a tick shows, and which tick a moment falls
 * on. Knows the index's times, nothing of how clips come about. */
#include "plan/build.h"

#include <assert.h>

/* Both a frame's time and a tick's are rounded to the flick, so that at odd
 * rates a tick may seem to come just before its frame. */
#define ROUNDING 2

size_t shot_frame_at(const struct shot *shot, int64_t n, AVRational rate)
{
    assert(shot->recording && shot->first_frame < shot->end_frame);
    int64_t moment = shot->in_flicks + clock_flicks(n, rate) + ROUNDING;
    size_t frame = index_shown(shot->recording->index, moment);
    if (frame < shot->first_frame)
        return shot->first_frame;
    return frame < shot->end_frame ? frame : shot->end_frame - 1;
}

size_t shot_frame_beyond(const struct shot *shot, int64_t n, AVRational rate)
{
    assert(shot->recording && shot->recording->index->frame_count > 0);
    int64_t moment = shot->out_flicks + clock_flicks(n, rate) + ROUNDING;
    size_t frame = index_shown(shot->recording->index, moment);
    return frame < shot->first_frame ? shot->first_frame : frame;
}

bool shot_moves(const struct shot *shot, const struct preset *preset)
{
    return shot->photo && !shot->photo->drawn && preset->photo_move;
}

int64_t timeline_seen_flicks(const struct timeline *timeline, size_t shot)
{
    const struct clip *clip = timeline->clip;
    const struct shot *s = &clip->shots[shot];
    int64_t seen = s->out_flicks - s->in_flicks;
    bool dissolves = timeline->transitions && shot + 1 < clip->shot_count &&
                     s[1].transition == TRANSITION_DISSOLVE;
    return dissolves ? seen + s[1].transition_flicks : seen;
}

int64_t timeline_tick_of(const struct timeline *timeline, size_t shot,
                         int64_t source_flicks)
{
    const struct shot *s = &timeline->clip->shots[shot];
    if (source_flicks < s->in_flicks || source_flicks >= s->out_flicks)
        return -1;
    int64_t tick = timeline->shot_tick[shot] +
                   clock_ticks_up(source_flicks - s->in_flicks, timeline->rate);
    return tick < timeline->shot_tick[shot + 1] ? tick : -1;
}

int64_t timeline_tick_at(const struct timeline *timeline, int64_t clip_flicks)
{
    const struct clip *clip = timeline->clip;
    if (clip_flicks >= clip->length_flicks)
        return timeline->shot_tick[clip->shot_count];
    size_t shot = clip->shot_count - 1;
    while (shot > 0 && clip->shots[shot].offset_flicks > clip_flicks)
        shot--;
    int64_t inside = clip_flicks - clip->shots[shot].offset_flicks;
    int64_t tick = timeline->shot_tick[shot];
    if (inside > ROUNDING)
        tick += clock_ticks_up(inside - ROUNDING, timeline->rate);
    int64_t end = timeline->shot_tick[shot + 1];
    return tick < end ? tick : end;
}
