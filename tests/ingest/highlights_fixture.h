/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session in memory for the list's tests, and what a wish about it means:
 * probed recordings and photos that no file stands behind. */
#ifndef REELPRESS_TESTS_INGEST_HIGHLIGHTS_FIXTURE_H
#define REELPRESS_TESTS_INGEST_HIGHLIGHTS_FIXTURE_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "ingest/highlights.h"
#include "ingest/session.h"

#define S FLICKS_PER_SECOND

/* A session of probed recordings that no file stands behind. */
struct fixture {
    struct arena *arena;
    struct session session;
};

static inline struct recording *add_recording(struct fixture *it,
                                              const char *name, int64_t seconds,
                                              AVRational rate)
{
    struct arena *arena = it->arena;
    struct recording *recording = arena_alloc(arena, sizeof(*recording));
    struct index *index = arena_alloc(arena, sizeof(*index));
    index->rate = rate;
    index->constant_rate = true;
    *recording = (struct recording){
        .name = name,
        .file = arena_printf(arena, "recordings/%s.MP4", name),
        .path = arena_printf(arena, "/nowhere/recordings/%s.MP4", name),
        .usable = true,
        .end_flicks = seconds * S,
        .index = index,
        .starts_flicks = FLICKS_NONE,
    };
    struct recording **slot =
        ARENA_PUSH(arena, it->session.recordings, it->session.recording_count);
    *slot = recording;
    return recording;
}

static inline void add_photo(struct fixture *it, const char *file,
                             const char *taken)
{
    struct photo *photo = arena_alloc(it->arena, sizeof(*photo));
    *photo = (struct photo){.file = file,
                            .path = arena_printf(it->arena, "/n/%s", file),
                            .usable = true,
                            .taken = taken};
    struct photo **slot =
        ARENA_PUSH(it->arena, it->session.photos, it->session.photo_count);
    *slot = photo;
}

static inline void add_person(struct fixture *it, const char *name,
                              const char *role)
{
    struct person *person =
        ARENA_PUSH(it->arena, it->session.people, it->session.people_count);
    *person = (struct person){name, role};
}

static inline struct fixture fixture_open(void)
{
    struct fixture it = {.arena = arena_create()};
    it.session.arena = it.arena;
    it.session.faults.arena = it.arena;
    AVRational pal = {25, 1}, ntsc = {30000, 1001};
    add_recording(&it, "cam1", 5400, pal);
    add_recording(&it, "cam2", 2700, pal)->starts_flicks =
        ((14 * 60 + 30) * 60 + 5) * S;
    struct recording *tape = add_recording(&it, "tape", 1200, pal);
    tape->has_timecode = true;
    tape->timecode_frames = 10 * 3600 * 25;
    struct recording *drop = add_recording(&it, "drop", 7200, ntsc);
    drop->has_timecode = drop->timecode_drop = true;
    drop->timecode_frames = 107892; /* 01:00:00;00 */
    add_recording(&it, "night", 7200, pal)->starts_flicks = 23 * 3600 * S;
    add_recording(&it, "early", 7200, pal)->starts_flicks = 600 * S;
    add_recording(&it, "zoom", 5400, pal)->picture.stream = -1;
    struct recording *bad = add_recording(&it, "bad", 0, pal);
    bad->usable = false;
    bad->trouble = "the file ends in the middle";
    add_photo(&it, "photos/IMG_10.jpg", "2022:06:28 14:00:00");
    add_photo(&it, "photos/IMG_2.jpg", "2022:06:28 15:00:00");
    add_photo(&it, "photos/b10.jpg", NULL);
    add_photo(&it, "photos/b9.jpg", NULL);
    add_photo(&it, "photos/午餐/cam1x.jpg", NULL);
    add_person(&it, "李明", "主任");
    add_person(&it, "欧阳建国", "宣讲员");
    return it;
}

static inline void read_bytes(struct fixture *it, const char *bytes,
                              size_t size)
{
    highlights_parse(&it->session.list, "highlights.csv", bytes, size,
                     it->arena, &it->session.faults);
    highlights_resolve(&it->session, &it->session.faults);
}

static inline void read_text(struct fixture *it, const char *text)
{
    read_bytes(it, text, strlen(text));
}

static inline void show_faults(const struct faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        print_error("  [%d] %s\n", faults->list[i].kind,
                    faults->list[i].message);
}

/* All words, divided by |, stand in one fault of the kind. */
static inline bool has_fault(const struct faults *faults, enum fault_kind kind,
                             const char *words)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        bool all = fault->kind == kind;
        for (const char *at = words; all && *at;) {
            size_t size = strcspn(at, "|");
            char word[128];
            snprintf(word, sizeof(word), "%.*s", (int)size, at);
            all = strstr(fault->message, word) != NULL;
            at += size + (at[size] == '|');
        }
        if (all)
            return true;
    }
    return false;
}

/* "!words": a fault of the kind. "?words": a warning and nothing worse.
 * Otherwise: no fault at all, and what is shown is the wish itself. */
static inline bool wish_holds(const struct faults *faults, enum fault_kind kind,
                              const char *wish, const char *shown)
{
    if (*wish == '!')
        return has_fault(faults, kind, wish + 1);
    if (*wish == '?')
        return has_fault(faults, FAULT_WARNING, wish + 1) &&
               !faults_count(faults, false);
    return !faults->count && strcmp(shown, wish) == 0;
}

#endif
