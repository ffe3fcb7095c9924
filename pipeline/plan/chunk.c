/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a clip is cut into spans, and how it lies on the ticks of a rate.
 * Edges come from the source's own time, so that they stay when an in-point
 * moves; cores, load and the number of clips have no say. */
#include "plan/build.h"

/* A clip on its way to being cut. */
struct cutter {
    struct clip *clip;
    int64_t chunk_flicks;
    struct arena *arena;
};

/* A stretch of one shot without an edge of a transition inside. */
struct stretch {
    int shot;
    int64_t from, to; /* inside the shot */
    enum span_join join;
    int64_t join_from, join_to;
};

static void add_span(const struct cutter *cutter, const struct stretch *stretch,
                     int64_t from, int64_t to)
{
    struct span *span = ARENA_PUSH(cutter->arena, cutter->clip->spans,
                                   cutter->clip->span_count);
    *span = (struct span){
        .shot = stretch->shot,
        .from_flicks = from,
        .to_flicks = to,
        .join = stretch->join,
        .join_from_flicks = stretch->join_from,
        .join_to_flicks = stretch->join_to,
    };
}

/* Cuts at the multiples of the chunk length that leave no remnant. */
static void cut_stretch(const struct cutter *cutter,
                        const struct stretch *stretch)
{
    if (stretch->from >= stretch->to)
        return;
    int64_t in = cutter->clip->shots[stretch->shot].in_flicks;
    int64_t length = cutter->chunk_flicks;
    int64_t from = stretch->from;
    int64_t edge = ((in + from) / length + 1) * length - in;
    for (; stretch->to - edge >= REMNANT; edge += length) {
        if (edge - from < REMNANT)
            continue;
        add_span(cutter, stretch, from, edge);
        from = edge;
    }
    add_span(cutter, stretch, from, stretch->to);
}

static void cut_shot(const struct cutter *cutter, size_t j)
{
    const struct clip *clip = cutter->clip;
    const struct shot *shot = &clip->shots[j];
    int64_t length = shot->out_flicks - shot->in_flicks;
    int64_t head = 0, tail = 0;
    enum span_join join = JOIN_NONE;
    if (shot->transition == TRANSITION_DISSOLVE) {
        head = shot->transition_flicks;
        join = JOIN_DISSOLVE;
    } else if (shot->transition == TRANSITION_FADE) {
        head = shot->transition_flicks / 2;
        join = JOIN_FADE_IN;
    }
    if (j + 1 < clip->shot_count &&
        clip->shots[j + 1].transition == TRANSITION_FADE)
        tail = clip->shots[j + 1].transition_flicks / 2;
    cut_stretch(cutter, &(struct stretch){(int)j, 0, head, join, 0, head});
    cut_stretch(cutter, &(struct stretch){(int)j, head, length - tail,
                                          JOIN_NONE, 0, 0});
    cut_stretch(cutter,
                &(struct stretch){(int)j, length - tail, length, JOIN_FADE_OUT,
                                  length - tail, length});
}

void clip_cut_spans(struct clip *clip, int64_t chunk_flicks,
                    int64_t card_flicks, struct arena *arena)
{
    struct cutter cutter = {clip, chunk_flicks, arena};
    for (size_t j = 0; j < clip->shot_count; j++)
        cut_shot(&cutter, j);
    if (card_flicks > 0)
        add_span(&cutter, &(struct stretch){.shot = -1}, 0, card_flicks);
}

/* Edges are counted from the shot's first tick, not from the clip's: so a
 * chunk's ticks don't shift against its pictures when a shot before it gets
 * longer by a part of a tick. */
static int64_t span_edge(const struct timeline *timeline,
                         const struct span *span)
{
    const struct clip *clip = timeline->clip;
    if (span->shot < 0)
        return timeline->shot_tick[clip->shot_count];
    int64_t tick = timeline->shot_tick[span->shot] +
                   clock_ticks(span->from_flicks, timeline->rate);
    int64_t end = timeline->shot_tick[span->shot + 1];
    return tick < end ? tick : end;
}

struct timeline *timeline_create(const struct clip *clip, AVRational rate,
                                 int64_t card_ticks, bool transitions,
                                 struct arena *arena)
{
    struct timeline *timeline = arena_alloc(arena, sizeof(*timeline));
    size_t count = clip->span_count;
    if (count && clip->spans[count - 1].shot < 0 && card_ticks == 0)
        count--;
    timeline->clip = clip;
    timeline->rate = rate;
    timeline->card = card_ticks > 0;
    timeline->transitions = transitions;
    timeline->span_count = count;
    timeline->shot_tick = arena_alloc(arena, (clip->shot_count + 1) *
                                                 sizeof(*timeline->shot_tick));
    timeline->span_tick =
        arena_alloc(arena, (count + 1) * sizeof(*timeline->span_tick));
    for (size_t j = 0; j < clip->shot_count; j++)
        timeline->shot_tick[j] =
            clock_ticks(clip->shots[j].offset_flicks, rate);
    timeline->shot_tick[clip->shot_count] =
        clock_ticks(clip->length_flicks, rate);
    timeline->ticks = timeline->shot_tick[clip->shot_count] + card_ticks;
    for (size_t i = 0; i < count; i++)
        timeline->span_tick[i] = span_edge(timeline, &clip->spans[i]);
    timeline->span_tick[count] = timeline->ticks;
    /* An edge rounded up may meet a shot's end rounded down. Every span is at
     * least SHOT_LEAST long, so there is a tick for each. */
    for (size_t i = count; i-- > 1;) {
        if (timeline->span_tick[i] >= timeline->span_tick[i + 1])
            timeline->span_tick[i] = timeline->span_tick[i + 1] - 1;
    }
    timeline->samples = clock_samples(timeline->ticks, rate, 48000);
    return timeline;
}
