/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking up in an index. */
#include "ingest/index.h"

#include <string.h>
#include "base/clock.h"
#include "base/timecode.h"

size_t index_shown(const struct index *index, int64_t flicks)
{
    size_t low = 0; /* shown at or before, or the first */
    size_t high = index->frame_count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (index->frames[middle].flicks <= flicks)
            low = middle;
        else
            high = middle;
    }
    return low;
}

size_t index_nearest(const struct index *index, int64_t flicks)
{
    const size_t k = index_shown(index, flicks);
    if (k + 1 >= index->frame_count || flicks <= index->frames[k].flicks)
        return k;
    const int64_t before = flicks - index->frames[k].flicks;
    const int64_t after = index->frames[k + 1].flicks - flicks;
    return after < before ? k + 1 : k;
}

int64_t index_time(const struct index *index, size_t k)
{
    return k < index->frame_count ? index->frames[k].flicks : index->end_flicks;
}

size_t index_entry_packet(const struct index *index, size_t frame)
{
    size_t at = index->frames[frame].packet;
    const size_t begin = index_stretch_of(index, frame).first_packet;
    bool open_seen = false;
    size_t earliest = begin;
    for (;; at--) {
        const uint8_t entry = index->packets[at].entry;
        if (entry == ENTRY_IDR || (entry == ENTRY_OPEN && open_seen))
            return at;
        if (entry == ENTRY_OPEN) {
            open_seen = true;
            earliest = at;
        }
        if (at == begin)
            return earliest;
    }
}

struct index_stretch index_stretch_of(const struct index *index, size_t frame)
{
    for (size_t i = 0; i < index->stretch_count; i++) {
        if (frame < index->stretches[i].end_frame)
            return index->stretches[i];
    }
    return (struct index_stretch){.end_packet = index->packet_count,
                                  .end_frame = index->frame_count};
}

int64_t index_number(const struct index *index, size_t frame)
{
    if (!index->partial || frame >= index->frame_count)
        return (int64_t)frame;
    if (index->constant_rate)
        return clock_ticks(index->frames[frame].flicks - index->first_flicks,
                           index->rate);
    const struct index_stretch stretch = index_stretch_of(index, frame);
    return stretch.number + (int64_t)(frame - stretch.first_frame);
}

bool index_answers(const struct index *index, const struct index_wish *wish)
{
    if (!index->partial || wish->whole)
        return !index->partial;
    return index->range_count == wish->count &&
           (wish->count == 0 ||
            memcmp(index->ranges, wish->ranges,
                   wish->count * sizeof(*wish->ranges)) == 0);
}

void index_warn(struct log *log, const char *name, const struct index *index)
{
    const int64_t end =
        index->frame_count > 0 ? index->end_flicks : index->sound_end_flicks;
    if (index->trouble == TROUBLE_JUMP)
        log_warn(log,
                 _("%s: the clock jumps back at %s, so two recordings were put "
                   "together here; only the first part is used; name the "
                   "original files instead"),
                 name, TIMECODE_TEXT(end));
    else if (index->trouble == TROUBLE_READ)
        log_warn(log,
                 _("%s: reading broke off at %s (%s); what lies before can be "
                   "used; copy the recording again for the rest"),
                 name, TIMECODE_TEXT(end), LOG_REASON(index->trouble_code));
}
