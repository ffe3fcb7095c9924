/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what may be concluded from decoding times alone: pictures that are not
 * reordered are shown at them; of reordered ones a constant rate is known, and
 * of a variable one how many there are and how they mostly follow. */
#include "ingest/index_table.h"

#include <stdlib.h>
#include "base/clock.h"

/* Of two stamps that are turned into flicks. */
#define STEP_ROUNDING 2

/* Pictures that are not shown (an edit list hides them) are left out. */
static bool table_list(const struct rows *rows, struct arena *arena,
                       struct index *index)
{
    AVStream *video = rows->video;
    const int count = avformat_index_get_entries_count(video);
    if (count < 2)
        return false;
    index->time_base = video->time_base;
    index->frames = arena_alloc(arena, (size_t)count * sizeof(*index->frames));
    for (int i = 0; i < count; i++) {
        const AVIndexEntry *entry = avformat_index_get_entry(video, i);
        if (entry->flags & AVINDEX_DISCARD_FRAME)
            continue;
        const size_t k = index->frame_count;
        if (k > 0 && entry->timestamp <= index->frames[k - 1].pts)
            return false;
        index->frames[k] = (struct index_frame){.pts = entry->timestamp,
                                                .packet = (uint32_t)i};
        index->frame_count++;
    }
    return index->frame_count >= 2;
}

/* The first is shown at `first_flicks`. */
static void table_lay(struct index *index, int64_t first_flicks)
{
    const int64_t zero =
        clock_from_stamp(index->frames[0].pts, index->time_base);
    for (size_t k = 0; k < index->frame_count; k++)
        index->frames[k].flicks =
            clock_from_stamp(index->frames[k].pts, index->time_base) - zero +
            first_flicks;
}

/* Most steps are this long: then it is the median of any that are like them. */
static bool keeps_step(const struct index *index, size_t count, int64_t step)
{
    size_t kept = 0;
    for (size_t k = 1; k < count; k++)
        kept += llabs(index->frames[k].flicks - index->frames[k - 1].flicks -
                      step) <= STEP_ROUNDING;
    return count > 1 && kept * 3 >= (count - 1) * 2;
}

/* How many frames are decoded before the packet with this stamp. */
static int64_t table_decoded(const struct table *table, int64_t dts)
{
    size_t low = 0, high = table->index.frame_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (table->index.frames[middle].pts < dts)
            low = middle + 1;
        else
            high = middle;
    }
    return (int64_t)low;
}

/* Where decoding keeps no constant rate, or showing doesn't: then the recording
 * ends when its last picture does, which the table doesn't tell. None may be
 * missing behind it. */
static bool table_reorder(struct table *table, const struct window *head,
                          const struct window *tail, int64_t last_duration)
{
    struct index *index = &table->index;
    const struct index *end = &tail->part;
    table_lay(index, head->part.frames[0].flicks);
    index_vary(index, last_duration);
    index->end_flicks += end->frames[end->frame_count - 1].flicks -
                         index->frames[index->frame_count - 1].flicks;
    table->reordered = true;
    table->step = index_median_step(index);
    return table_decoded(table, end->packets[0].dts) +
                   (int64_t)end->packet_count ==
               (int64_t)index->frame_count &&
           keeps_step(index, index->frame_count, table->step) &&
           table_agrees(table, head) && table_agrees(table, tail);
}

bool table_agrees(const struct table *table, const struct window *window)
{
    return window->plain &&
           keeps_step(&window->part, window->checked, table->step);
}

bool table_read(const struct rows *rows, const struct window *head,
                const struct window *tail, struct arena *arena,
                struct table *out)
{
    struct index *index = &out->index;
    const struct index_hints hints = rows_hints(rows);
    const struct index_frame *last =
        &tail->part.frames[tail->part.frame_count - 1];
    const int64_t last_duration =
        clock_from_stamp(tail->last_units, rows->video->time_base);
    *out = (struct table){0};
    if (!table_list(rows, arena, index))
        return false;
    table_lay(index, head->part.frames[0].flicks);
    index_find_rate(index, &hints, last_duration);
    if (index->constant_rate &&
        clock_ticks(last->flicks - index->first_flicks, index->rate) ==
            (int64_t)index->frame_count - 1)
        return true;
    if (head->part.frames[0].pts != index->frames[0].pts ||
        rows->video->codecpar->video_delay != 0)
        return table_reorder(out, head, tail, last_duration);
    return !index->constant_rate &&
           last->pts == index->frames[index->frame_count - 1].pts;
}

int64_t table_number(const struct table *table, const struct window *window)
{
    const struct index *part = &window->part;
    const int64_t first = part->frames[0].pts;
    if (!table->reordered)
        return table_decoded(table, first);
    if (window->begin)
        return 0;
    int64_t number = table_decoded(table, part->packets[0].dts);
    for (size_t i = 0; i < part->packet_count; i++)
        number += part->packets[i].pts < first;
    return number;
}
