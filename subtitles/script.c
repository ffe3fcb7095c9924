/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds a script: settles the times, lets each kind of text lay itself out,
 * and puts the events in order. Knows no kind's looks and no ASS. */
#include "subtitles/script.h"
#include "subtitles/script_parts.h"

#include <math.h>
#include <stdlib.h>

#include <libavutil/common.h>

static int compare_int64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* qsort keeps no order of equals: events of one time and layer are told apart
 * by when they were made. */
struct ordered {
    struct script_event event;
    size_t number;
};

static int compare_events(const void *a, const void *b)
{
    const struct ordered *one = a, *two = b;
    int order = compare_int64(one->event.start_tick, two->event.start_tick);
    if (order == 0)
        order = one->event.layer - two->event.layer;
    if (order == 0)
        order = (one->number > two->number) - (one->number < two->number);
    return order;
}

static void sort_events(struct script *script, struct arena *arena)
{
    struct ordered *list = arena_alloc(arena, script->count * sizeof(*list));
    for (size_t i = 0; i < script->count; i++)
        list[i] = (struct ordered){script->events[i], i};
    qsort(list, script->count, sizeof(*list), compare_events);
    for (size_t i = 0; i < script->count; i++)
        script->events[i] = list[i].event;
}

static struct script *layout_init(struct layout *layout,
                                  const struct script_frame *frame,
                                  struct arena *arena)
{
    struct script *script = arena_alloc(arena, sizeof(*script));
    script->frame = *frame;
    script->header = script_header(frame, arena);
    *layout = (struct layout){
        .script = script,
        .frame = &script->frame,
        .style = frame->style,
        .arena = arena,
        .unit = FFMIN(frame->width, frame->height) / 1080.0,
        .safe = {frame->safe.left, frame->safe.top, frame->safe.right,
                 frame->safe.bottom},
        .lower_edge = frame->safe.bottom,
    };
    return script;
}

/* Where straps and titles stand: above a full block of captions, if the clip
 * has any, so that they stay in one place all through it. */
static void settle_lower_edge(struct layout *layout,
                              const struct schedule *schedule)
{
    double bottom = layout->frame->caption_bottom;
    if (bottom <= layout->safe.top || bottom > layout->safe.bottom)
        bottom = layout->safe.bottom;
    double foreign = layout_fit_foreigns(layout);
    if (schedule->caption_count > 0 || layout->script->foreign_count > 0)
        bottom -= fmax(caption_height(layout), foreign) + 28 * layout->unit;
    else
        bottom -= 8 * layout->unit;
    layout->lower_edge = bottom;
}

static void add_hole(struct layout *layout, int64_t start_tick,
                     int64_t end_tick)
{
    struct script *script = layout->script;
    struct script_hole *hole =
        ARENA_PUSH(layout->arena, script->holes, script->hole_count);
    *hole = (struct script_hole){start_tick, end_tick};
}

/* A quote and the card take the whole frame: recordings' own scripts are hidden
 * then. */
static void note_holes(struct layout *layout, const struct schedule *schedule)
{
    for (size_t i = 0; i < schedule->quote_count; i++)
        add_hole(layout, schedule->quotes[i].start_tick,
                 schedule->quotes[i].end_tick);
    if (schedule->card)
        add_hole(layout, schedule->card->start_tick, schedule->card->end_tick);
}

struct script *script_build(const struct script_frame *frame,
                            const struct script_request *request,
                            struct arena *arena)
{
    struct layout layout;
    struct schedule schedule;
    struct script *script = layout_init(&layout, frame, arena);
    schedule_build(&schedule, frame, request, arena);
    script->foreigns = request->foreigns;
    script->foreign_count = request->foreign_count;
    settle_lower_edge(&layout, &schedule);
    note_holes(&layout, &schedule);

    layout_captions(&layout, &schedule);
    for (size_t i = 0; i < schedule.strap_count; i++)
        layout_strap(&layout, &schedule.straps[i]);
    if (schedule.title)
        layout_title(&layout, schedule.title);
    for (size_t i = 0; i < schedule.quote_count; i++)
        layout_quote(&layout, &schedule.quotes[i]);
    if (schedule.card)
        layout_card(&layout, schedule.card);
    layout_place_foreigns(&layout);
    sort_events(script, arena);
    return script;
}

struct script *script_poster(const struct script_frame *frame,
                             const struct script_title *title,
                             struct arena *arena)
{
    struct layout layout;
    struct script *script = layout_init(&layout, frame, arena);
    layout_poster(&layout, title);
    sort_events(script, arena);
    return script;
}
