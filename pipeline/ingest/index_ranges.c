/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An index of parts of a recording. Owns what must be known of the whole
 * before parts of it can be trusted. In workers only. */
#include "ingest/index.h"

#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/memory.h"
#include "ingest/index_frames.h"
#include "ingest/index_lander.h"
#include "ingest/index_table.h"
#include "ingest/index_window.h"
#include "ingest/media.h"

/* Ranges that lie nearer are read as one. */
#define RANGE_GAP   (10 * FLICKS_PER_SECOND)
#define LOOKS       5
#define TAIL_FLICKS (3 * FLICKS_PER_SECOND)
#define TAIL_MOST   (96 * FLICKS_PER_SECOND)

struct survey {
    struct rows rows;
    struct lander lander;
    struct arena *arena;
    struct window head, tail, looks[LOOKS];
    size_t look_count;
    struct table table;
    bool constant_rate;
    AVRational rate;
    int64_t first_flicks, end_flicks;
};

/* ---- the whole ----------------------------------------------------------- */

static int survey_tail(struct survey *survey)
{
    struct window *tail = &survey->tail;
    int64_t before = TAIL_FLICKS;
    for (; before <= TAIL_MOST; before *= 4) {
        int ret = lander_go_end(&survey->lander, before);
        if (ret >= 0)
            ret = window_read_here(&survey->lander, false, true, survey->arena,
                                   tail);
        if (ret >= 0 && tail->part.frame_count >= 2 &&
            (!survey->rows.sound || tail->heard))
            return 0;
        if (ret < 0 && ret != AVERROR_INVALIDDATA)
            return ret;
    }
    return AVERROR_INVALIDDATA;
}

static int survey_ends(struct survey *survey)
{
    struct lander *lander = &survey->lander;
    struct window *head = &survey->head;
    int ret = window_read_here(lander, true, false, survey->arena, head);
    if (ret < 0)
        return ret;
    if (survey->rows.sound && !head->heard)
        return AVERROR_INVALIDDATA;
    survey->first_flicks = head->part.frames[0].flicks;
    lander->first_flicks = survey->first_flicks;
    ret = lander_learn(lander, 0, survey->first_flicks);
    if (ret >= 0)
        ret = lander_prove(lander, &head->part);
    if (ret < 0)
        return ret;
    ret = survey_tail(survey);
    if (ret < 0)
        return ret;
    /* A file that is short is soon read. */
    if (survey->tail.part.frames[0].flicks <=
        head->part.frames[head->part.frame_count - 1].flicks)
        return AVERROR_INVALIDDATA;
    return lander_learn(lander, survey->tail.part.packets[0].position,
                        survey->tail.part.frames[0].flicks);
}

static int survey_looks(struct survey *survey)
{
    const struct index *tail = &survey->tail.part;
    const int64_t end = tail->frames[tail->frame_count - 1].flicks;
    int64_t before = survey->first_flicks;
    for (int i = 0; i < LOOKS; i++) {
        struct window *look = &survey->looks[i];
        int ret = lander_go_part(&survey->lander, end, i + 1, LOOKS + 1);
        if (ret >= 0)
            ret = window_read_here(&survey->lander, false, false, survey->arena,
                                   look);
        if (ret < 0)
            return ret;
        if (look->part.frames[0].flicks < before)
            return AVERROR_INVALIDDATA;
        before = look->part.frames[0].flicks;
        survey->look_count++;
        ret = lander_learn(&survey->lander, look->part.packets[0].position,
                           before);
        if (ret < 0)
            return ret;
    }
    return 0;
}

static bool survey_is_plain(const struct survey *survey)
{
    if (survey->table.reordered) {
        for (size_t i = 0; i < survey->look_count; i++)
            if (!table_agrees(&survey->table, &survey->looks[i]))
                return false;
        return true;
    }
    bool plain = survey->tail.plain && !survey->tail.reordered &&
                 !survey->head.reordered;
    for (size_t i = 0; i < survey->look_count; i++)
        plain &= survey->looks[i].plain && !survey->looks[i].reordered;
    return plain;
}

static int survey_table(struct survey *survey)
{
    const struct index *index = &survey->table.index;
    if (!table_read(&survey->rows, &survey->head, &survey->tail, survey->arena,
                    &survey->table))
        return AVERROR_INVALIDDATA;
    survey->constant_rate = index->constant_rate;
    survey->rate = index->rate;
    survey->end_flicks = index->end_flicks;
    if (index->constant_rate)
        return 0;
    int ret = survey_looks(survey);
    return ret < 0 || survey_is_plain(survey) ? ret : AVERROR_INVALIDDATA;
}

static int survey_grid(struct survey *survey)
{
    const struct index_hints hints = rows_hints(&survey->rows);
    struct index_sample samples[LOOKS + 2] = {
        {&survey->head.part, survey->head.checked},
        {&survey->tail.part, survey->tail.checked}};
    int ret = survey_looks(survey);
    if (ret < 0)
        return ret;
    for (int i = 0; i < LOOKS; i++)
        samples[i + 2] = (struct index_sample){&survey->looks[i].part,
                                               survey->looks[i].checked};
    if (!index_find_grid(samples, LOOKS + 2, &hints, survey->first_flicks,
                         &survey->rate))
        return AVERROR_INVALIDDATA;
    const struct index *tail = &survey->tail.part;
    const int64_t last = clock_ticks(
        tail->frames[tail->frame_count - 1].flicks - survey->first_flicks,
        survey->rate);
    survey->constant_rate = true;
    survey->end_flicks =
        survey->first_flicks + clock_flicks(last + 1, survey->rate);
    return 0;
}

static int survey_run(struct survey *survey)
{
    if (!lander_init(&survey->lander, &survey->rows))
        return AVERROR_INVALIDDATA;
    const AVStream *video = survey->rows.video;
    const bool mov =
        strncmp(survey->rows.format->iformat->name, "mov,", 4) == 0;
    const int entries = avformat_index_get_entries_count(video);
    int ret = survey_ends(survey);
    if (ret < 0)
        return ret;
    /* Of fragments that a "sidx" lists, libavformat knows those it has been
     * to: that is no table. */
    return mov && avformat_index_get_entries_count(video) == entries
               ? survey_table(survey)
               : survey_grid(survey);
}

/* ---- the parts ----------------------------------------------------------- */

/* A window's frames get the times that the whole recording gives them. */
static bool survey_lay(const struct survey *survey, struct window *window)
{
    struct index *part = &window->part;
    if (!survey->constant_rate)
        return window->plain && (survey->table.reordered || !window->reordered);
    if (!index_on_grid(part, survey->first_flicks, survey->rate))
        return false;
    for (size_t k = 0; k < part->frame_count; k++) {
        const int64_t at = part->frames[k].flicks - survey->first_flicks;
        part->frames[k].flicks =
            survey->first_flicks +
            clock_flicks(clock_ticks(at, survey->rate), survey->rate);
    }
    return true;
}

static bool windows_touch(const struct window *a, const struct window *b)
{
    return b->part.frames[0].pts <= a->part.frames[a->part.frame_count - 1].pts;
}

/* The ranges as windows that don't touch, in order. */
static int survey_read_windows(struct survey *survey,
                               const struct index_range *ranges, size_t count,
                               struct window *windows, size_t *window_count)
{
    struct index_range *asked =
        arena_alloc(survey->arena, count * sizeof(*asked));
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct index_range range = ranges[i];
        if (n > 0 && range.from_flicks < asked[n - 1].to_flicks + RANGE_GAP) {
            n--;
            range.from_flicks = asked[n].from_flicks;
            range.to_flicks = FFMAX(range.to_flicks, asked[n].to_flicks);
        }
        for (;;) {
            int ret = window_read_range(&survey->lander, range, survey->arena,
                                        &windows[n]);
            if (ret < 0)
                return ret;
            if (n == 0 || !windows_touch(&windows[n - 1], &windows[n]))
                break;
            n--;
            range.from_flicks = asked[n].from_flicks;
        }
        if (!survey_lay(survey, &windows[n]))
            return AVERROR_INVALIDDATA;
        asked[n++] = range;
    }
    *window_count = n;
    return 0;
}

/* Sound that comes late in a file reaches into the next window. */
static void index_add_sounds(struct index *index, const struct index *part)
{
    size_t first = 0;
    while (index->sound_count > 0 && first < part->sound_count &&
           part->sounds[first].pts <= index->sounds[index->sound_count - 1].pts)
        first++;
    memcpy(index->sounds + index->sound_count, part->sounds + first,
           (part->sound_count - first) * sizeof(*part->sounds));
    index->sound_count += part->sound_count - first;
}

static void index_add_window(const struct survey *survey, struct index *index,
                             const struct window *window)
{
    const struct index *part = &window->part;
    struct index_stretch *stretch = &index->stretches[index->stretch_count++];
    stretch->first_packet = index->packet_count;
    stretch->first_frame = index->frame_count;
    if (!survey->constant_rate)
        stretch->number = table_number(&survey->table, window);
    memcpy(index->packets + index->packet_count, part->packets,
           part->packet_count * sizeof(*part->packets));
    for (size_t k = 0; k < part->frame_count; k++) {
        struct index_frame frame = part->frames[k];
        frame.packet += (uint32_t)index->packet_count;
        index->frames[index->frame_count++] = frame;
    }
    index->packet_count += part->packet_count;
    stretch->end_packet = index->packet_count;
    stretch->end_frame = index->frame_count;
    index_add_sounds(index, part);
    index->closed &= part->closed;
}

static struct index *survey_index(const struct survey *survey,
                                  const struct window *windows, size_t count,
                                  struct arena *arena)
{
    size_t packets = 0, frames = 0, sounds = 0;
    struct index *index = arena_alloc(arena, sizeof(*index));
    *index = survey->head.part;
    index->packet_count = index->frame_count = index->sound_count = 0;
    for (size_t i = 0; i < count; i++) {
        packets += windows[i].part.packet_count;
        frames += windows[i].part.frame_count;
        sounds += windows[i].part.sound_count;
    }
    index->packets = arena_alloc(arena, packets * sizeof(*index->packets));
    index->frames = arena_alloc(arena, frames * sizeof(*index->frames));
    index->sounds = arena_alloc(arena, sounds * sizeof(*index->sounds));
    index->stretches = arena_alloc(arena, count * sizeof(*index->stretches));
    index->closed = true;
    index->constant_rate = survey->constant_rate;
    index->rate = survey->rate;
    index->first_flicks = survey->first_flicks;
    index->end_flicks = survey->end_flicks;
    if (survey->rows.sound) {
        index->sound_first_flicks =
            survey->head.sound_from - index->start_flicks;
        index->sound_end_flicks = survey->tail.sound_to - index->start_flicks;
    }
    index->partial = true;
    index->read_error = media_medium_error(survey->rows.format);
    for (size_t i = 0; i < count; i++)
        index_add_window(survey, index, &windows[i]);
    return index;
}

/* Asked times outside of the recording ask for its nearest part. */
static struct index_range *survey_clip(const struct survey *survey,
                                       const struct index_wish *wish)
{
    const int64_t first = survey->first_flicks;
    const int64_t last = FFMAX(survey->end_flicks - 1, first);
    struct index_range *ranges =
        arena_alloc(survey->arena, wish->count * sizeof(*ranges));
    for (size_t i = 0; i < wish->count; i++)
        ranges[i] = (struct index_range){
            av_clip64(wish->ranges[i].from_flicks, first, last),
            av_clip64(wish->ranges[i].to_flicks, first, last)};
    return ranges;
}

static int survey_answer(struct survey *survey, const struct index_wish *wish,
                         struct arena *arena, struct index **out)
{
    struct window *windows =
        arena_alloc(survey->arena, wish->count * sizeof(*windows));
    size_t count = 0;
    int ret = survey_run(survey);
    if (ret >= 0)
        ret = survey_read_windows(survey, survey_clip(survey, wish),
                                  wish->count, windows, &count);
    if (ret < 0)
        return ret;
    struct index *index = survey_index(survey, windows, count, arena);
    index->ranges = arena_alloc(arena, wish->count * sizeof(*index->ranges));
    index->range_count = wish->count;
    if (wish->count > 0)
        memcpy(index->ranges, wish->ranges,
               wish->count * sizeof(*index->ranges));
    *out = index;
    return 0;
}

int index_build_ranges(struct log *log, const char *path, int video, int sound,
                       const struct index_wish *wish, struct arena *arena,
                       struct index **out)
{
    *out = NULL;
    if (wish->whole || video < 0)
        return index_build(log, path, video, sound, arena, out);
    struct survey *survey = calloc(1, sizeof(*survey));
    if (!survey)
        memory_gone();
    survey->arena = arena_create();
    int ret = rows_open(&survey->rows, log, path, video, sound);
    const bool opened = ret >= 0;
    if (opened)
        ret = survey_answer(survey, wish, arena, out);
    rows_close(&survey->rows);
    arena_destroy(&survey->arena);
    free(survey);
    if (ret >= 0 || !opened)
        return ret;
    return index_build(log, path, video, sound, arena, out);
}
