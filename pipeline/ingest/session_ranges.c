/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns which parts of a recording the list's rows are made of, so that no more
 * of it is read. */
#include "ingest/session_parts.h"

#include <stdlib.h>

#include <libavutil/common.h>

#include "base/clock.h"

/* Where a dissolve has no length of its own; the plan never makes it longer
 * than half of the shot that goes on under it. */
#define DISSOLVE_USUAL (FLICKS_PER_SECOND / 2)

/* How long the outgoing picture may run on. */
static int64_t longest_dissolve(const struct session *session)
{
    int64_t longest = 0;
    for (size_t i = 0; i < session->list.count; i++) {
        const struct highlight *row = &session->list.rows[i];
        int64_t length =
            row->transition_flicks ? row->transition_flicks : DISSOLVE_USUAL;
        if (row->transition == TRANSITION_DISSOLVE && length > longest)
            longest = length;
    }
    return longest;
}

/* A row's times before the recording is known: as elapsed ones, which they
 * mostly are. */
static struct index_range row_guess(const struct highlight *row)
{
    int64_t from = row->start.flicks;
    int64_t to = row->end.form ? row->end.flicks : from + row->duration.flicks;
    return (struct index_range){from, row->start.form ? to : from};
}

static bool row_is_of(const struct session *session,
                      const struct highlight *row,
                      const struct recording *recording, bool guess)
{
    struct source_match match = {0};
    if (!guess)
        return row->recording == recording;
    if (row->source)
        source_match(session, row->source, session->arena, &match);
    else
        match.recording = source_only(session);
    return match.recording == recording;
}

static int range_compare(const void *left, const void *right)
{
    const struct index_range *a = left, *b = right;
    if (a->from_flicks != b->from_flicks)
        return a->from_flicks < b->from_flicks ? -1 : 1;
    return (a->to_flicks > b->to_flicks) - (a->to_flicks < b->to_flicks);
}

static bool is_heard_whole(const struct session *session,
                           const struct recording *recording)
{
    bool whole = recording == session->music_bed;
    for (size_t i = 0; i < session->recording_count; i++)
        whole |= session->recordings[i]->recorder == recording;
    return whole;
}

struct index_wish session_wish(const struct session *session,
                               const struct recording *recording, bool guess)
{
    const int64_t dissolve = longest_dissolve(session);
    struct index_range *ranges = NULL;
    struct index_wish wish = {.whole = is_heard_whole(session, recording)};
    for (size_t i = 0; i < session->list.count && !wish.whole; i++) {
        const struct highlight *row = &session->list.rows[i];
        if (!row_is_of(session, row, recording, guess))
            continue;
        struct index_range range = {row->start_flicks, row->end_flicks};
        if (guess)
            range = row_guess(row);
        if (range.to_flicks > range.from_flicks) {
            range.to_flicks +=
                FFMIN(dissolve, (range.to_flicks - range.from_flicks) / 2);
            *(struct index_range *)ARENA_PUSH(session->arena, ranges,
                                              wish.count) = range;
        }
        const int64_t poster =
            guess ? row->poster_at.flicks : row->poster_flicks;
        if (row->poster_at.form != TIMECODE_NONE && poster != FLICKS_NONE)
            *(struct index_range *)ARENA_PUSH(session->arena, ranges,
                                              wish.count) =
                (struct index_range){poster, poster};
    }
    /* Rows without times: the begin says that it has pictures. */
    if (wish.count == 0 && !wish.whole)
        *(struct index_range *)ARENA_PUSH(session->arena, ranges, wish.count) =
            (struct index_range){0, 0};
    if (wish.count > 1)
        qsort(ranges, wish.count, sizeof(*ranges), range_compare);
    wish.ranges = ranges;
    return wish;
}
