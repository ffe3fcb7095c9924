/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns how far around a range must be read, and the proof that it was. */
#include "ingest/index_window.h"

#include "base/clock.h"
#include "ingest/media.h"

/* Frames beyond a range that filters, rounding and fields may ask for. */
#define FRAMES_AROUND 8
/* A window to look at needs some more, so that none is missing in its part
 * that counts. */
#define FRAMES_BEHIND 20
#define SOUND_AROUND  FLICKS_PER_SECOND
/* A decoder's delay is told by so many pictures from the entry on. */
#define PACKETS_LEAST 80
#define LOOK_FLICKS   (2 * FLICKS_PER_SECOND)
/* Sound that doesn't come so far behind the pictures is not there. */
#define SOUND_LATE (15 * FLICKS_PER_SECOND)
#define BACK_MOST  (128 * FLICKS_PER_SECOND)

struct reading {
    struct lander *lander;
    struct rows *rows;
    int64_t to; /* on the recording's clock; FLICKS_NONE: not yet known */
    bool begin; /* the file's first packets come */
    bool whole; /* stop before an entry only */
    bool to_end;
    bool entered; /* an entry was met: what comes can be decoded */
    bool torn;    /* the first packet after a seek by bytes may be */
    bool pictures_done, sounds_done, end;
    size_t behind; /* pictures after `to` */
};

static int64_t reading_time(const struct reading *reading, int64_t pts)
{
    return clock_from_stamp(pts, reading->rows->video->time_base) -
           reading->lander->start_flicks;
}

static bool reading_is_enough(const struct reading *reading, bool entry)
{
    if (reading->to_end)
        return false;
    if (reading->whole)
        return entry && reading->behind >= FRAMES_AROUND &&
               rows_packets(reading->rows) >= PACKETS_LEAST;
    return reading->behind >= FRAMES_BEHIND;
}

static int reading_take_picture(struct reading *reading, const AVPacket *packet)
{
    struct rows *rows = reading->rows;
    const int64_t at = packet->pts == AV_NOPTS_VALUE
                           ? FLICKS_NONE
                           : reading_time(reading, packet->pts);
    if (reading->pictures_done) {
        if (at != FLICKS_NONE && at > reading->to + SOUND_LATE)
            reading->sounds_done = true;
        return 0;
    }
    if (reading->torn) {
        reading->torn = false;
        return 0;
    }
    const size_t row = rows_packets(rows);
    rows_add_picture(rows, packet);
    const bool entry = rows_packet(rows, row)->entry != ENTRY_NONE;
    if (!reading->begin && !reading->entered && !entry) {
        rows_cut(rows, row, rows_sounds(rows));
        return 0;
    }
    if (at == FLICKS_NONE && rows_note(rows, row)->picture)
        return AVERROR_INVALIDDATA;
    reading->entered |= entry;
    if (reading->to == FLICKS_NONE)
        reading->to = at + LOOK_FLICKS;
    if (entry && reading_is_enough(reading, true)) {
        rows_cut(rows, row, rows_sounds(rows));
        reading->pictures_done = true;
        return 0;
    }
    reading->behind += rows_note(rows, row)->picture && at > reading->to;
    reading->pictures_done =
        !reading->whole && reading_is_enough(reading, false);
    return 0;
}

static int reading_take_sound(struct reading *reading, const AVPacket *packet)
{
    struct rows *rows = reading->rows;
    if (packet->pts == AV_NOPTS_VALUE)
        return AVERROR_INVALIDDATA;
    const size_t row = rows_sounds(rows);
    rows_add_sound(rows, packet);
    if (reading->to != FLICKS_NONE && !reading->to_end &&
        rows_heard(rows, row)->from - reading->lander->start_flicks >
            reading->to + SOUND_AROUND)
        reading->sounds_done = true;
    return 0;
}

static int reading_run(struct reading *reading)
{
    struct rows *rows = reading->rows;
    AVFormatContext *format = rows->format;
    AVPacket *packet = av_packet_alloc();
    int ret = packet ? rows_restart(rows) : AVERROR(ENOMEM);
    reading->torn = reading->lander->by_bytes && !reading->begin;
    reading->sounds_done = !rows->sound;
    while (ret >= 0 && !(reading->pictures_done && reading->sounds_done)) {
        ret = media_read(format, packet);
        if (ret >= 0 && media_medium_error(format) < 0)
            ret = media_medium_error(format);
        if (ret < 0)
            break;
        if (packet->stream_index == rows->video->index)
            ret = reading_take_picture(reading, packet);
        else if (rows->sound && packet->stream_index == rows->sound->index &&
                 !(reading->sounds_done && reading->pictures_done))
            ret = reading_take_sound(reading, packet);
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    if (ret != AVERROR_EOF)
        return ret;
    reading->end = true;
    return media_medium_error(format);
}

/* ---- what was read ------------------------------------------------------- */

static void window_describe(struct window *window, const struct rows *rows)
{
    window->plain = true;
    for (size_t i = 0; i < window->part.packet_count; i++) {
        const struct index_packet *packet = &window->part.packets[i];
        window->plain &= rows_note(rows, i)->picture ||
                         packet->pts == AV_NOPTS_VALUE || window->begin;
        window->reordered |= packet->pts != packet->dts;
    }
    window->heard =
        rows_sound_span(rows, &window->sound_from, &window->sound_to);
}

static int window_fill(struct window *out, struct reading *reading,
                       struct arena *arena)
{
    struct rows *rows = reading->rows;
    struct index *part = &out->part;
    const struct index_hints hints = rows_hints(rows);
    *out = (struct window){.begin = reading->begin,
                           .end = reading->end && !reading->pictures_done};
    rows_fill(rows, part, arena);
    index_make_part(part, rows_note(rows, 0), &hints, out->begin, arena);
    if (part->frame_count == 0)
        return AVERROR_INVALIDDATA;
    window_describe(out, rows);
    out->last_units =
        rows_note(rows, part->frames[part->frame_count - 1].packet)->duration;
    while (out->checked < part->frame_count &&
           (out->end || part->frames[out->checked].flicks <= reading->to))
        out->checked++;
    return 0;
}

/* Whether frame `k` can be decoded from an entry of the window as it would be
 * from the whole index: by an IDR, or the second open entry before it. */
static bool window_enters(const struct window *window, size_t k)
{
    int open = 0;
    if (window->begin)
        return true;
    for (size_t at = window->part.frames[k].packet + 1; at-- > 0;) {
        const uint8_t entry = window->part.packets[at].entry;
        open += entry == ENTRY_OPEN;
        if (entry == ENTRY_IDR || open == 2)
            return true;
    }
    return false;
}

static bool window_covers(const struct window *window,
                          const struct reading *reading, int64_t from)
{
    const struct index *part = &window->part;
    if (window->begin)
        return true;
    const size_t shown = index_shown(part, from);
    if (part->frames[shown].flicks > from || shown < FRAMES_AROUND ||
        !window_enters(window, shown - FRAMES_AROUND))
        return false;
    return !reading->rows->sound ||
           (part->sound_count > 0 &&
            rows_heard(reading->rows, 0)->to - part->start_flicks <
                from - SOUND_AROUND);
}

int window_read_range(struct lander *lander, struct index_range range,
                      struct arena *arena, struct window *out)
{
    int64_t back = FLICKS_PER_SECOND;
    for (; back <= BACK_MOST; back *= 2) {
        struct reading reading = {.lander = lander,
                                  .rows = lander->rows,
                                  .to = range.to_flicks,
                                  .whole = true};
        int ret = lander_go(lander, range.from_flicks - back, &reading.begin);
        if (ret >= 0)
            ret = reading_run(&reading);
        if (ret >= 0)
            ret = window_fill(out, &reading, arena);
        /* Behind the last entry there may be nothing: then further back. */
        if (ret < 0 && (ret != AVERROR_INVALIDDATA || reading.begin))
            return ret;
        if (ret >= 0 && window_covers(out, &reading, range.from_flicks))
            return 0;
    }
    return AVERROR_INVALIDDATA;
}

int window_read_here(struct lander *lander, bool begin, bool to_end,
                     struct arena *arena, struct window *out)
{
    struct reading reading = {.lander = lander,
                              .rows = lander->rows,
                              .to = FLICKS_NONE,
                              .begin = begin,
                              .to_end = to_end};
    int ret = reading_run(&reading);
    return ret < 0 ? ret : window_fill(out, &reading, arena);
}
