/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which moments must be drawn before one for libass to place events rightly. */
#include "subtitles/history.h"

#include <libavutil/avutil.h>
#include <libavutil/mem.h>

#include <stdlib.h>
#include <string.h>

struct history_event {
    int64_t start, end;
};

static bool event_is_placed(const ASS_Event *event)
{
    const char *text = event->Text ? event->Text : "";
    return strstr(text, "\\pos") || strstr(text, "\\move");
}

static int event_compare(const void *a, const void *b)
{
    const struct history_event *one = a, *other = b;
    return (one->start > other->start) - (one->start < other->start);
}

static size_t history_collect(const ASS_Track *track,
                              struct history_event *events)
{
    size_t count = 0;
    for (int i = 0; i < track->n_events; i++) {
        const ASS_Event *event = &track->events[i];
        if (event->Duration > 0 && !event_is_placed(event))
            events[count++] = (struct history_event){
                event->Start, event->Start + event->Duration};
    }
    qsort(events, count, sizeof(*events), event_compare);
    return count;
}

int history_init(struct history *history, const ASS_Track *track)
{
    *history = (struct history){0};
    size_t room = (size_t)FFMAX(track->n_events, 1);
    struct history_event *events = av_malloc_array(room, sizeof(*events));
    history->moments = av_malloc_array(room, sizeof(*history->moments));
    if (!events || !history->moments) {
        av_free(events);
        history_clear(history);
        return AVERROR(ENOMEM);
    }
    size_t count = history_collect(track, events);
    int64_t end = INT64_MIN;
    bool overlaps = false;
    for (size_t i = 0; i < count; i++) {
        bool alone = events[i].start >= end;
        overlaps |= !alone;
        end = FFMAX(end, events[i].end);
        if (i > 0 && events[i].start == events[i - 1].start)
            continue;
        history->moments[history->count++] =
            (struct history_moment){events[i].start, alone};
    }
    if (!overlaps)
        history->count = 0;
    av_free(events);
    return 0;
}

void history_clear(struct history *history)
{
    av_free(history->moments);
    *history = (struct history){0};
}

/* The first request may lie anywhere: what stood when all before had gone is
 * where its history begins. */
static void history_begin(struct history *history, int64_t ms)
{
    size_t next = 0;
    for (size_t i = 0; i < history->count; i++) {
        if (history->moments[i].ms <= ms && history->moments[i].alone)
            next = i;
    }
    history->next = next;
    history->begun = true;
}

bool history_step(struct history *history, int64_t ms, int64_t *moment)
{
    if (!history->begun)
        history_begin(history, ms);
    if (history->next >= history->count ||
        history->moments[history->next].ms > ms)
        return false;
    *moment = history->moments[history->next++].ms;
    return true;
}
