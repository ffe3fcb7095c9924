/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which packets are pictures, when each is shown, and which entries are clean.
 * Owns the rules for files that say too little: missing time stamps, a start
 * amid a group of pictures. */
#include "ingest/index_frames.h"

#include <stdlib.h>
#include <string.h>
#include <libavutil/avutil.h>
#include "base/clock.h"
#include "base/memory.h"

/* A picture whose stamp is being found. */
struct pending {
    int64_t order;
    int64_t pts; /* AV_NOPTS_VALUE: to be found */
    uint32_t group;
    uint32_t packet;
};

static int pending_compare(const void *left, const void *right)
{
    const struct pending *a = left;
    const struct pending *b = right;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    return a->packet < b->packet ? -1 : a->packet > b->packet;
}

static int stamp_compare(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left;
    const int64_t b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static int frame_compare(const void *left, const void *right)
{
    const struct index_frame *a = left;
    const struct index_frame *b = right;
    if (a->pts != b->pts)
        return a->pts < b->pts ? -1 : 1;
    return a->packet < b->packet ? -1 : a->packet > b->packet;
}

/* ---- a start amid a group ------------------------------------------------ */

/* What lies before the first entry can't be decoded, nor can what an open one
 * shows earlier than itself: a decoder hands out neither. */
static void index_drop_headless(struct index *index, struct index_note *notes)
{
    size_t first = 0;
    while (first < index->packet_count &&
           index->packets[first].entry == ENTRY_NONE)
        first++;
    if (first == index->packet_count)
        return; /* no entry is known: leave it to the decoder */
    for (size_t i = 0; i < first; i++)
        notes[i].picture = false;
    if (index->packets[first].entry != ENTRY_OPEN)
        return;
    const int64_t shown = index->packets[first].pts;
    for (size_t i = first + 1; i < index->packet_count; i++) {
        if (index->packets[i].entry != ENTRY_NONE)
            break;
        if (shown != AV_NOPTS_VALUE && index->packets[i].pts < shown)
            notes[i].picture = false;
    }
}

/* Where pictures refer to neighbours only, an open entry that nothing earlier
 * follows is a closed one. */
static void index_close_entries(struct index *index,
                                const struct index_note *notes)
{
    for (size_t i = 0; i < index->packet_count; i++) {
        struct index_packet *entry = &index->packets[i];
        if (entry->entry != ENTRY_OPEN)
            continue;
        bool leads = entry->pts == AV_NOPTS_VALUE;
        for (size_t k = i + 1; k < index->packet_count && !leads; k++) {
            if (index->packets[k].entry != ENTRY_NONE)
                break;
            leads = notes[k].picture && index->packets[k].pts < entry->pts;
        }
        if (!leads)
            entry->entry = ENTRY_IDR;
    }
}

/* ---- missing time stamps ------------------------------------------------- */

static bool index_lacks_stamps(const struct index *index,
                               const struct index_note *notes)
{
    for (size_t i = 0; i < index->packet_count; i++)
        if (notes[i].picture && index->packets[i].pts == AV_NOPTS_VALUE)
            return true;
    return false;
}

/* Without a count of pictures the order follows from what B means: a B picture
 * is shown before the reference that was coded before it. */
static void index_order_by_type(const struct index *index,
                                struct index_note *notes)
{
    int64_t next = 0;
    size_t held = SIZE_MAX;
    for (size_t i = 0; i < index->packet_count; i++) {
        notes[i].group = 0;
        if (!notes[i].picture)
            continue;
        if (notes[i].bidirectional) {
            notes[i].order = next++;
            continue;
        }
        if (held != SIZE_MAX)
            notes[held].order = next++;
        held = i;
    }
    if (held != SIZE_MAX)
        notes[held].order = next;
}

static int64_t index_usual_step(const struct index *index,
                                const struct index_hints *hints)
{
    const AVRational rate = hints->declared_rate;
    int64_t step = 0;
    if (rate.num > 0 && rate.den > 0)
        step = av_rescale_q(1, av_inv_q(rate), index->time_base);
    return step > 0 ? step : 1;
}

/* No stamp at all to hold on to: the decoding times are the grid, or the
 * declared rate is. */
static void index_stamp_by_grid(const struct index *index,
                                const struct index_hints *hints,
                                struct pending *list, size_t count)
{
    int64_t *grid = calloc(count, sizeof(*grid));
    if (!grid)
        memory_gone();
    bool known = true;
    for (size_t i = 0; i < count; i++) {
        grid[i] = index->packets[list[i].packet].dts;
        known &= grid[i] != AV_NOPTS_VALUE;
    }
    if (known) {
        qsort(grid, count, sizeof(*grid), stamp_compare);
        for (size_t i = 0; i < count; i++)
            list[i].pts = grid[i];
    } else {
        /* Counted in frames first, so that a time base that doesn't hold a
         * frame in whole units adds no error. */
        AVRational rate = hints->declared_rate;
        if (rate.num <= 0 || rate.den <= 0)
            rate = (AVRational){25, 1};
        for (size_t i = 0; i < count; i++)
            list[i].pts =
                av_rescale_q((int64_t)i, av_inv_q(rate), index->time_base);
    }
    free(grid);
}

/* Between known stamps the unknown ones lie evenly; beyond them they go on in
 * usual steps. */
static void index_stamp_between(struct pending *list, size_t count,
                                int64_t step)
{
    size_t known = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (list[i].pts == AV_NOPTS_VALUE)
            continue;
        if (known == SIZE_MAX)
            for (size_t k = 0; k < i; k++)
                list[k].pts = list[i].pts - (int64_t)(i - k) * step;
        else
            for (size_t k = known + 1; k < i; k++)
                list[k].pts =
                    list[known].pts + av_rescale(list[i].pts - list[known].pts,
                                                 (int64_t)(k - known),
                                                 (int64_t)(i - known));
        known = i;
    }
    for (size_t k = known + 1; k < count; k++)
        list[k].pts = list[known].pts + (int64_t)(k - known) * step;
}

static void index_fill_stamps(struct index *index, struct index_note *notes,
                              const struct index_hints *hints)
{
    struct pending *list = calloc(index->packet_count, sizeof(*list));
    size_t count = 0;
    bool ordered = true;
    bool anchored = false;
    if (!list)
        memory_gone();
    for (size_t i = 0; i < index->packet_count; i++)
        ordered &= !notes[i].picture || notes[i].has_order;
    if (!ordered)
        index_order_by_type(index, notes);
    for (size_t i = 0; i < index->packet_count; i++) {
        if (!notes[i].picture)
            continue;
        list[count++] = (struct pending){notes[i].order, index->packets[i].pts,
                                         notes[i].group, (uint32_t)i};
        anchored |= index->packets[i].pts != AV_NOPTS_VALUE;
    }
    qsort(list, count, sizeof(*list), pending_compare);
    if (anchored)
        index_stamp_between(list, count, index_usual_step(index, hints));
    else if (count)
        index_stamp_by_grid(index, hints, list, count);
    for (size_t i = 0; i < count; i++)
        index->packets[list[i].packet].pts = list[i].pts;
    free(list);
}

/* ---- frames -------------------------------------------------------------- */

static bool index_is_closed(const struct index *index)
{
    for (size_t i = 0; i < index->packet_count; i++)
        if (index->packets[i].entry == ENTRY_OPEN || index->packets[i].corrupt)
            return false;
    return true;
}

/* Strictly rising, and no time that overflows the clock. */
static void index_list_frames(struct index *index,
                              const struct index_note *notes)
{
    size_t count = 0;
    for (size_t i = 0; i < index->packet_count; i++) {
        const int64_t pts = index->packets[i].pts;
        if (!notes[i].picture || pts == AV_NOPTS_VALUE)
            continue;
        const int64_t flicks = clock_from_stamp(pts, index->time_base);
        if (llabs(flicks) > INT64_MAX / 4 || flicks == FLICKS_NONE)
            continue;
        index->frames[count++] = (struct index_frame){
            flicks - index->start_flicks, pts, (uint32_t)i};
    }
    qsort(index->frames, count, sizeof(*index->frames), frame_compare);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || index->frames[i].pts > index->frames[kept - 1].pts)
            index->frames[kept++] = index->frames[i];
    index->frame_count = kept;
}

void index_make_part(struct index *part, struct index_note *notes,
                     const struct index_hints *hints, bool begin,
                     struct arena *arena)
{
    size_t count = 0;
    if (begin)
        index_drop_headless(part, notes);
    if (hints->refers_near)
        index_close_entries(part, notes);
    for (size_t i = 0; i < part->packet_count; i++)
        count += notes[i].picture;
    part->frames = arena_alloc(arena, count * sizeof(*part->frames));
    index_list_frames(part, notes);
    part->closed = index_is_closed(part);
}

void index_make_frames(struct index *index, struct index_note *notes,
                       const struct index_hints *hints, struct arena *arena)
{
    if (index_lacks_stamps(index, notes))
        index_fill_stamps(index, notes, hints);
    index_make_part(index, notes, hints, true, arena);
    if (index->frame_count == 0)
        return;
    const size_t last = index->frames[index->frame_count - 1].packet;
    index_find_rate(index, hints,
                    clock_from_stamp(notes[last].duration, index->time_base));
}
