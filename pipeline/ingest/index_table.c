/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what may be concluded from decoding times alone: pictures that are not
 * reordered are shown at them; of reordered ones only a constant rate is
 * known. */
#include "ingest/index_table.h"

#include "base/clock.h"

/* Pictures that are not shown (an edit list hides them) are left out. */
static bool table_list(const struct rows *rows, int64_t zero,
                       struct arena *arena, struct index *index)
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
        index->frames[k] = (struct index_frame){
            clock_from_stamp(entry->timestamp, video->time_base) - zero,
            entry->timestamp, (uint32_t)i};
        index->frame_count++;
    }
    return index->frame_count >= 2;
}

bool table_read(const struct rows *rows, const struct window *head,
                const struct window *tail, struct arena *arena,
                struct table *out)
{
    struct index *index = &out->index;
    const struct index_hints hints = rows_hints(rows);
    *out = (struct table){0};
    if (!table_list(rows, head->part.start_flicks, arena, index))
        return false;
    const int64_t shift = head->part.frames[0].flicks - index->frames[0].flicks;
    for (size_t k = 0; k < index->frame_count; k++)
        index->frames[k].flicks += shift;
    const struct index_frame *last =
        &tail->part.frames[tail->part.frame_count - 1];
    const int64_t last_flicks = index->frames[index->frame_count - 1].flicks;
    index_find_rate(index, &hints,
                    clock_from_stamp(tail->last_units, rows->video->time_base));
    /* A rate that is not constant is the pictures' only where they are shown
     * as they are decoded. */
    if (!index->constant_rate)
        return shift == 0 && rows->video->codecpar->video_delay == 0 &&
               last->flicks == last_flicks;
    return clock_ticks(last->flicks - index->first_flicks, index->rate) ==
           (int64_t)index->frame_count - 1;
}

int64_t table_number(const struct table *table, int64_t dts)
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
