/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions in memory for the plan's tests: recordings are only their indexes,
 * whose packets carry made-up digests. No file is opened but fonts. */
#ifndef REELPRESS_TESTS_PLAN_FIXTURE_H
#define REELPRESS_TESTS_PLAN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ingest/fonts.h"
#include "plan/build.h"

#define SECOND FLICKS_PER_SECOND
#define MS(n)  ((n) * (FLICKS_PER_SECOND / 1000))
#define GOP    50

struct fixture {
    struct arena *arena;
    struct session *session;
    struct plan *plan;
};

/* The real style and faces: no script is built without. */
static inline void fixture_style(struct fixture *f)
{
    struct session *s = f->session;
    const char *const folders[] = {"subtitles/styles"};
    struct fault_place nowhere = {0};
    s->style_name = "formal";
    s->style = style_load("formal", folders, 1, f->arena, &s->faults, nowhere);
    assert_non_null(s->style);
    assert_int_equal(0, fonts_load(NULL, s->style, NULL, NULL, f->arena,
                                   &s->faults, &s->faces));
    s->faults.count = 0; /* fall-back families may be missing here */
}

static inline int fixture_set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    f->arena = arena_create();
    struct session *s = arena_alloc(f->arena, sizeof(*s));
    f->session = s;
    s->arena = f->arena;
    s->faults.arena = f->arena;
    s->name = "67";
    s->series = "读书会";
    s->number = "67";
    s->title = "庆七一·讲党史";
    s->year = 2022;
    s->month = 6;
    s->day = 28;
    s->organizer = "市委办公室";
    s->credit = "市委办公室供图";
    s->language = "zh-CN";
    s->highlights_file = "highlights.csv";
    s->list.encoding = "UTF-8";
    const char *const folders[] = {"presets"};
    presets_load(&s->presets, folders, 1, f->arena, &s->faults);
    assert_int_equal(0, s->faults.count);
    fixture_style(f);
    *state = f;
    return 0;
}

static inline int fixture_tear_down(void **state)
{
    struct fixture *f = *state;
    plan_destroy(&f->plan);
    faces_destroy(&f->session->faces);
    arena_destroy(&f->arena);
    free(f);
    return 0;
}

static inline struct preset *fixture_preset(struct fixture *f, const char *name)
{
    struct preset *preset =
        (struct preset *)presets_find(&f->session->presets, name);
    assert_non_null(preset);
    return preset;
}

static inline void fixture_outlet(struct fixture *f, const char *recipient,
                                  const char *preset)
{
    struct session *s = f->session;
    struct outlet *outlet = ARENA_PUSH(f->arena, s->outlets, s->outlet_count);
    outlet->recipient = recipient;
    outlet->preset_name = preset;
    outlet->wanted = true;
    outlet->preset = fixture_preset(f, preset);
}

/* Takes the text out of a preset's films, for tests of the clock. */
static inline void fixture_mute(struct preset *p)
{
    p->captions = p->titles = p->straps = p->quotes = p->card = false;
}

static inline void fill_digest(uint8_t *out, const char *name, size_t i)
{
    uint8_t sum[DIGEST_BYTES];
    char text[128];
    snprintf(text, sizeof(text), "%s %d", name, (int)i);
    digest_of(text, strlen(text), sum);
    memcpy(out, sum, INDEX_DIGEST_BYTES);
}

static inline void fill_sound(struct fixture *f, struct recording *r,
                              struct index *index)
{
    int64_t packets = av_rescale(index->end_flicks, 48000, 1024 * SECOND);
    r->sound = (struct sound_stream){.stream = 1,
                                     .codec = "aac",
                                     .channels = 2,
                                     .sample_rate = 48000,
                                     .end_flicks = index->end_flicks,
                                     .digest = r->name};
    index->sound_time_base = (AVRational){1, 48000};
    index->sound_count = (size_t)packets;
    index->sounds =
        arena_alloc(f->arena, index->sound_count * sizeof(*index->sounds));
    for (size_t i = 0; i < index->sound_count; i++) {
        index->sounds[i].pts = (int64_t)i * 1024;
        fill_digest(index->sounds[i].digest, r->name, 1000000 + i);
    }
}

/* A recording whose frames are shown at the given times; a GOP of 50 in
 * display order, each led by an IDR. */
static inline struct recording *fixture_frames(struct fixture *f,
                                               const char *name,
                                               const int64_t *times,
                                               size_t count, int64_t end,
                                               AVRational rate, bool constant)
{
    struct recording *r = arena_alloc(f->arena, sizeof(*r));
    struct index *index = arena_alloc(f->arena, sizeof(*index));
    struct session *s = f->session;
    struct recording **room =
        ARENA_PUSH(f->arena, s->recordings, s->recording_count);
    *room = r;
    r->name = name;
    r->file = arena_printf(f->arena, "recordings/%s.mp4", name);
    r->usable = true;
    r->starts_flicks = FLICKS_NONE;
    r->end_flicks = end;
    r->picture = (struct picture_stream){.stream = 0,
                                         .codec = "h264",
                                         .width = 1920,
                                         .height = 1080,
                                         .sar = {1, 1},
                                         .orientation = ORIENTATION_NORMAL,
                                         .format = AV_PIX_FMT_YUV420P,
                                         .matrix = AVCOL_SPC_BT709,
                                         .primaries = AVCOL_PRI_BT709,
                                         .transfer = AVCOL_TRC_BT709,
                                         .range = AVCOL_RANGE_MPEG,
                                         .chroma = AVCHROMA_LOC_LEFT};
    index->time_base = (AVRational){1, 90000};
    index->frame_count = index->packet_count = count;
    index->frames = arena_alloc(f->arena, count * sizeof(*index->frames));
    index->packets = arena_alloc(f->arena, count * sizeof(*index->packets));
    for (size_t i = 0; i < count; i++) {
        index->frames[i].flicks = times[i];
        index->frames[i].pts = av_rescale(times[i], 90000, SECOND);
        index->frames[i].packet = (uint32_t)i;
        index->packets[i].pts = index->packets[i].dts = index->frames[i].pts;
        index->packets[i].entry = i % GOP ? ENTRY_NONE : ENTRY_IDR;
        fill_digest(index->packets[i].digest, name, i);
    }
    index->constant_rate = constant;
    index->rate = rate;
    index->first_flicks = times[0];
    index->end_flicks = end;
    index->closed = true;
    fill_sound(f, r, index);
    r->index = index;
    return r;
}

static inline struct recording *fixture_recording(struct fixture *f,
                                                  const char *name,
                                                  AVRational rate,
                                                  size_t frames)
{
    int64_t *times = arena_alloc(f->arena, frames * sizeof(*times));
    for (size_t i = 0; i < frames; i++)
        times[i] = clock_flicks((int64_t)i, rate);
    return fixture_frames(f, name, times, frames,
                          clock_flicks((int64_t)frames, rate), rate, true);
}

static inline struct photo *fixture_photo(struct fixture *f, const char *file)
{
    struct photo *photo = arena_alloc(f->arena, sizeof(*photo));
    struct photo **room =
        ARENA_PUSH(f->arena, f->session->photos, f->session->photo_count);
    *room = photo;
    photo->file = file;
    photo->usable = true;
    photo->width = 4000;
    photo->height = 3000;
    photo->orientation = ORIENTATION_NORMAL;
    snprintf(photo->digest, sizeof(photo->digest), "%s", file);
    return photo;
}

/* Room for 64 rows, so that pointers to them stay. */
static inline struct highlight *fixture_row(struct fixture *f, const char *clip,
                                            const struct recording *recording,
                                            int64_t start, int64_t end)
{
    struct highlights *list = &f->session->list;
    if (!list->rows)
        list->rows = arena_alloc(f->arena, 64 * sizeof(*list->rows));
    assert_true(list->count < 64);
    struct highlight *row = &list->rows[list->count++];
    row->file = "highlights.csv";
    row->row = (int)list->count + 1;
    row->clip = clip;
    row->recording = recording;
    row->start_flicks = start;
    row->end_flicks = end;
    row->crop_percent = -1;
    row->poster_flicks = FLICKS_NONE;
    return row;
}

static inline struct highlight *fixture_photos(struct fixture *f,
                                               const char *clip, size_t count,
                                               int64_t length)
{
    const struct photo **photos =
        arena_alloc(f->arena, count * sizeof(*photos));
    for (size_t i = 0; i < count; i++)
        photos[i] = fixture_photo(
            f, arena_printf(f->arena, "photos/%d.jpg", (int)i + 1));
    struct highlight *row = fixture_row(f, clip, NULL, 0, length);
    row->photos = photos;
    row->photo_count = count;
    return row;
}

static inline void fixture_speaker(struct fixture *f, struct highlight *row,
                                   const char *name)
{
    const char **room = ARENA_PUSH(f->arena, row->speakers, row->speaker_count);
    *room = name;
}

static inline struct plan *fixture_build(struct fixture *f,
                                         const struct plan_options *options)
{
    plan_destroy(&f->plan);
    assert_int_equal(0, plan_build(NULL, f->session, options, &f->plan));
    return f->plan;
}

/* Builds, and shows every fault when there is one. */
static inline struct plan *fixture_plan(struct fixture *f)
{
    struct plan *plan = fixture_build(f, NULL);
    for (size_t i = 0; i < f->session->faults.count; i++)
        print_error("%s\n", f->session->faults.list[i].message);
    assert_int_equal(0, f->session->faults.count);
    assert_true(plan->clip_count > 0);
    return plan;
}

/* The only fault there is, of the kind, saying the word. */
static inline void expect_only_fault(struct fixture *f, enum fault_kind kind,
                                     int row, const char *word)
{
    const struct faults *faults = &f->session->faults;
    for (size_t i = 0; faults->count != 1 && i < faults->count; i++)
        print_error("%s\n", faults->list[i].message);
    assert_int_equal(1, faults->count);
    if (!strstr(faults->list[0].message, word))
        print_error("%s\n", faults->list[0].message);
    assert_non_null(strstr(faults->list[0].message, word));
    assert_int_equal(kind, faults->list[0].kind);
    assert_int_equal(row, faults->list[0].row);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

/* What a subtitle file of the recording would have held. */
static inline struct cues *fixture_cues(struct fixture *f,
                                        const struct cue *list, size_t count)
{
    struct cues *cues = arena_alloc(f->arena, sizeof(*cues));
    cues->list = arena_alloc(f->arena, count * sizeof(*list));
    memcpy(cues->list, list, count * sizeof(*list));
    cues->count = count;
    cues->format = "srt";
    return cues;
}

#endif
