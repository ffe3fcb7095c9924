/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Session folders in a temporary place: small media made once and linked in,
 * the two files as a test gives them, and a look at the faults found. */
#ifndef REELPRESS_TESTS_INGEST_SESSION_FIXTURE_H
#define REELPRESS_TESTS_INGEST_SESSION_FIXTURE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "ingest/make_media.h"
#include "ingest/session.h"

/* Made once for all tests: <folder> holds the media that sessions get. */
struct place {
    struct arena *arena;
    char *folder;
    int sessions;
};

static inline void put(const char *folder, const char *name, const void *bytes,
                       size_t size)
{
    char *path = make_path(folder, name), above[1024];
    const char *slash = strrchr(name, '/');
    snprintf(above, sizeof(above), "%s/%.*s", folder,
             slash ? (int)(slash - name) : 0, name);
    assert_int_equal(files_make_folders(NULL, above), 0);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    if (size)
        assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    free(path);
}

static inline void put_text(const char *folder, const char *name,
                            const char *text)
{
    put(folder, name, text, strlen(text));
}

static inline void put_media(const struct place *place, const char *folder,
                             const char *media, const char *name)
{
    struct buffer bytes = {0};
    char *from = make_path(place->folder, media);
    assert_int_equal(files_read(NULL, from, 1 << 26, &bytes), 0);
    put(folder, name, bytes.data, bytes.size);
    buffer_clear(&bytes);
    free(from);
}

static inline int place_open(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    if (!place)
        return -1;
    place->arena = arena_create();
    place->folder = make_folder();
    char *film = make_path(place->folder, "film.mp4");
    char *mute = make_path(place->folder, "mute.mkv");
    char *sound = make_path(place->folder, "sound.wav");
    make_media(film, &(struct make_media){.container = "mp4",
                                          .video = "mpeg4",
                                          .frames = 75,
                                          .sound = "aac",
                                          .seconds = 3});
    make_media(mute, &(struct make_media){.container = "matroska",
                                          .video = "mpeg4",
                                          .frames = 50});
    make_media(sound, &(struct make_media){.container = "wav",
                                           .sound = "pcm_s16le",
                                           .seconds = 4});
    put_text(place->folder, "empty.mp4", "");
    put_text(place->folder, "noise.mp4", "this is no recording at all");
    put_text(place->folder, "data/readme", "presets and styles");
    char cwd[4096];
    assert_non_null(getcwd(cwd, sizeof(cwd)));
    char *presets = make_path(cwd, "presets");
    char *styles = make_path(cwd, "subtitles/styles");
    char *to_presets = make_path(place->folder, "data/presets");
    char *to_styles = make_path(place->folder, "data/styles");
    assert_int_equal(symlink(presets, to_presets), 0);
    assert_int_equal(symlink(styles, to_styles), 0);
    free(presets);
    free(styles);
    free(to_presets);
    free(to_styles);
    free(film);
    free(mute);
    free(sound);
    *state = place;
    return 0;
}

static inline int place_close(void **state)
{
    struct place *place = *state;
    int ret = files_remove_tree(NULL, place->folder);
    arena_destroy(&place->arena);
    free(place->folder);
    free(place);
    return ret;
}

/* A fresh session folder with the two files. */
static inline char *session_folder(struct place *place, const char *yaml,
                                   const char *list)
{
    char name[32];
    snprintf(name, sizeof(name), "s%d", place->sessions++);
    char *folder = files_join(place->arena, place->folder, name);
    assert_int_equal(files_make_folders(NULL, folder), 0);
    if (yaml)
        put_text(folder, "session.yaml", yaml);
    if (list)
        put_text(folder, "highlights.csv", list);
    return folder;
}

static inline struct ingest_options options_of(const struct place *place,
                                               const char *folder)
{
    return (struct ingest_options){
        .store = files_join(place->arena, folder, ".reelpress"),
        .data_folder = files_join(place->arena, place->folder, "data"),
        .jobs = 2,
    };
}

static inline struct session *ingest(struct place *place, const char *folder)
{
    struct ingest_options options = options_of(place, folder);
    struct session *session = NULL;
    assert_int_equal(session_ingest(NULL, folder, &options, &session), 0);
    assert_non_null(session);
    return session;
}

static inline void show_faults(const struct session *session)
{
    for (size_t i = 0; i < session->faults.count; i++)
        print_error("  [%d] %s\n", session->faults.list[i].kind,
                    session->faults.list[i].message);
}

static inline const struct fault *find_fault(const struct session *session,
                                             enum fault_kind kind,
                                             const char *word)
{
    for (size_t i = 0; i < session->faults.count; i++) {
        const struct fault *fault = &session->faults.list[i];
        if (fault->kind == kind && strstr(fault->message, word))
            return fault;
    }
    return NULL;
}

static inline void expect_fault(const struct session *session,
                                enum fault_kind kind, const char *word)
{
    if (find_fault(session, kind, word))
        return;
    print_error("no fault of kind %d with <%s> among:\n", kind, word);
    show_faults(session);
    fail();
}

static inline void expect_no_faults(const struct session *session)
{
    if (session->faults.count)
        show_faults(session);
    assert_int_equal(session->faults.count, 0);
}

#endif
