/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns names of recordings and photos: what a name in the list fits, and what
 * of the folders' files thereby enters the session. Opens no media. */
#include "ingest/session_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char *const recording_endings[] = {
    "mp4", "mov",  "m4v",  "mkv",  "webm", "avi", "mts", "m2ts", "ts",  "mxf",
    "mpg", "mpeg", "vob",  "wmv",  "asf",  "flv", "f4v", "3gp",  "3g2", "dv",
    "ogv", "rm",   "rmvb", "mp3",  "wav",  "m4a", "aac", "flac", "ogg", "opus",
    "oga", "wma",  "aif",  "aiff", "caf",  "amr", "ac3", "mka",  "mp2", NULL,
};

/* Where files lie that a row may name without their folder. */
static const char *const source_folders[] = {"", "photos", "照片",
                                             "recordings"};
#define FOLDER_COUNT (sizeof(source_folders) / sizeof(source_folders[0]))

bool source_is_recording(const char *path)
{
    return files_has_ending(path, recording_endings);
}

struct recording *session_add_recording(struct session *session,
                                        const char *name, const char *file,
                                        const char *path)
{
    struct recording **slot = ARENA_PUSH(session->arena, session->recordings,
                                         session->recording_count);
    *slot = arena_alloc(session->arena, sizeof(**slot));
    **slot = (struct recording){
        .name = name,
        .file = file,
        .path = path,
        .picture.stream = -1,
        .sound.stream = -1,
        .starts_flicks = FLICKS_NONE,
    };
    return *slot;
}

static void session_add_photo(struct session *session, const char *file,
                              const char *path)
{
    for (size_t i = 0; i < session->photo_count; i++) {
        if (strcmp(session->photos[i]->path, path) == 0)
            return;
    }
    struct photo **slot =
        ARENA_PUSH(session->arena, session->photos, session->photo_count);
    *slot = arena_alloc(session->arena, sizeof(**slot));
    (*slot)->file = file;
    (*slot)->path = path;
}

/* --- what a name fits ---------------------------------------------------- */

/* As a path: blanks and "./" in front and slashes behind go, back-slashes turn
 * round. */
static char *name_tidy(struct arena *arena, const char *name)
{
    char *tidy = text_trim(arena, name);
    for (char *c = tidy; *c; c++) {
        if (*c == '\\')
            *c = '/';
    }
    while (strncmp(tidy, "./", 2) == 0)
        tidy += 2;
    size_t size = strlen(tidy);
    while (size > 1 && tidy[size - 1] == '/')
        tidy[--size] = '\0';
    return tidy;
}

/* A name in one of the ways that it is looked for. */
struct wish {
    struct arena *arena;
    const char *name;
    bool is_folded; /* its full-width signs, and so the files' */
};

/* As written, as a path, and with the width of its signs folded: full-width
 * signs may be in a file's name, in the cell, or in both. */
#define WISHES 3
static struct wish wish_of(struct arena *arena, const char *name, int pass)
{
    const char *tidy = pass ? name_tidy(arena, name) : text_trim(arena, name);
    return (struct wish){
        .arena = arena,
        .name = pass == 2 ? text_fold_width(arena, tidy) : tidy,
        .is_folded = pass == 2,
    };
}

/* Blanks around a file's name, which nobody sees, are not asked for. */
static bool names_agree(const struct wish *wish, const char *file)
{
    file = text_trim(wish->arena, file);
    if (text_equal_fold(file, wish->name) ||
        text_equal_composed(file, wish->name))
        return true;
    return wish->is_folded &&
           text_equal_fold(text_fold_width(wish->arena, file), wish->name);
}

static bool file_fits(const struct wish *wish, const char *file,
                      const char *path)
{
    return names_agree(wish, file) || names_agree(wish, files_name(file)) ||
           names_agree(wish, files_stem(wish->arena, file)) ||
           (*path && strcmp(path, wish->name) == 0);
}

static void match_count(struct source_match *match, const char *file)
{
    match->count++;
    if (match->count == 1)
        match->first = file;
    else if (match->count == 2)
        match->second = file;
}

static void match_add_photo(struct source_match *match, struct arena *arena,
                            const struct photo *photo)
{
    const struct photo **slot =
        ARENA_PUSH(arena, match->photos, match->photo_count);
    *slot = photo;
}

static bool photo_lies_in(const struct photo *photo, const char *folder)
{
    size_t size = (size_t)(files_name(photo->file) - photo->file);
    if (!size)
        return false;
    size--;
    const char *file = photo->file;
    for (size_t i = 0; i < FOLDER_COUNT; i++) {
        size_t prefix = strlen(source_folders[i]);
        if (prefix && (size <= prefix || file[prefix] != '/' ||
                       strncmp(file, source_folders[i], prefix) != 0))
            continue;
        size_t skip = prefix ? prefix + 1 : 0;
        if (size - skip == strlen(folder) &&
            strncasecmp(file + skip, folder, size - skip) == 0)
            return true;
    }
    /* An absolute name. */
    size = (size_t)(files_name(photo->path) - photo->path);
    return size > 1 && size - 1 == strlen(folder) &&
           strncmp(photo->path, folder, size - 1) == 0;
}

/* By time taken, those without one behind; then by name, numbers by value. */
static int photo_order(const void *a, const void *b)
{
    const struct photo *left = *(const struct photo *const *)a;
    const struct photo *right = *(const struct photo *const *)b;
    if (!left->taken != !right->taken)
        return left->taken ? -1 : 1;
    int order = left->taken ? strcmp(left->taken, right->taken) : 0;
    if (!order)
        order = strverscmp(files_name(left->file), files_name(right->file));
    return order ? order : strcmp(left->file, right->file);
}

static void match_recordings(const struct session *session,
                             const struct wish *wish, struct source_match *out)
{
    /* The user's own names go before anything that a file is called. */
    for (size_t i = 0; i < session->recording_count; i++) {
        const struct recording *recording = session->recordings[i];
        if (!names_agree(wish, recording->name))
            continue;
        out->recording = recording;
        match_count(out, recording->file);
    }
    for (size_t i = 0; !out->count && i < session->recording_count; i++) {
        const struct recording *recording = session->recordings[i];
        if (names_agree(wish, recording->file)) {
            out->recording = recording;
            match_count(out, recording->file);
            return;
        }
    }
    for (size_t i = 0; !out->recording && i < session->recording_count; i++) {
        const struct recording *recording = session->recordings[i];
        if (!file_fits(wish, recording->file, recording->path))
            continue;
        out->recording = recording;
        match_count(out, recording->file);
        for (size_t k = i + 1; k < session->recording_count; k++) {
            const struct recording *other = session->recordings[k];
            /* One file under two names is no question. */
            if (file_fits(wish, other->file, other->path) &&
                strcmp(other->path, recording->path) != 0)
                match_count(out, other->file);
        }
    }
}

static void match_photos(const struct session *session, const struct wish *wish,
                         struct source_match *out)
{
    struct arena *arena = wish->arena;
    const char *name = wish->name;
    for (size_t i = 0; i < session->photo_count; i++) {
        const struct photo *photo = session->photos[i];
        if (file_fits(wish, photo->file, photo->path)) {
            match_add_photo(out, arena, photo);
            match_count(out, photo->file);
        }
    }
    for (size_t i = 0; !out->count && i < session->photo_count; i++) {
        if (photo_lies_in(session->photos[i], name)) {
            match_add_photo(out, arena, session->photos[i]);
            out->folder = true;
        }
    }
    if (out->folder) {
        qsort(out->photos, out->photo_count, sizeof(*out->photos), photo_order);
        match_count(out, name);
    }
}

void source_match(const struct session *session, const char *name,
                  struct arena *arena, struct source_match *out)
{
    *out = (struct source_match){0};
    for (int pass = 0; pass < WISHES && !out->count; pass++) {
        struct wish wish = wish_of(arena, name, pass);
        match_recordings(session, &wish, out);
        bool own_name =
            out->recording && names_agree(&wish, out->recording->name);
        if (!own_name)
            match_photos(session, &wish, out);
    }
    if (out->count > 1) {
        out->recording = NULL;
        out->photo_count = 0;
    }
}

const struct recording *source_only(const struct session *session)
{
    const struct recording *only = NULL;
    for (size_t i = 0; i < session->recording_count; i++) {
        const struct recording *recording = session->recordings[i];
        bool serves = false;
        for (size_t k = 0; k < session->recording_count; k++)
            serves |= session->recordings[k]->recorder == recording;
        if (serves)
            continue;
        if (only)
            return NULL;
        only = recording;
    }
    return only;
}

/* --- what a name brings in ----------------------------------------------- */

static void session_admit_file(struct session *session, const char *file,
                               const char *path)
{
    if (photo_is_photo(path)) {
        session_add_photo(session, file, path);
        return;
    }
    for (size_t i = 0; i < session->recording_count; i++) {
        if (strcmp(session->recordings[i]->path, path) == 0)
            return;
    }
    session_add_recording(session, files_name(file), file, path);
}

static void session_admit_folder(struct session *session, const char *file,
                                 const char *path)
{
    struct arena *arena = session->arena;
    char **names = NULL;
    size_t count = 0;
    if (files_list(NULL, path, arena, &names, &count) < 0)
        return;
    for (size_t i = 0; i < count; i++) {
        if (photo_is_photo(names[i]))
            session_add_photo(session, files_join(arena, file, names[i]),
                              files_join(arena, path, names[i]));
    }
}

/* Files of one folder whose name or stem is `name`, in any case. */
static void session_admit_stem(struct session *session, const char *root,
                               const char *folder, const struct wish *wish)
{
    struct arena *arena = session->arena;
    const char *path = *folder ? files_join(arena, root, folder) : root;
    char **names = NULL;
    size_t count = 0;
    if (!files_is_folder(path) ||
        files_list(NULL, path, arena, &names, &count) < 0)
        return;
    for (size_t i = 0; i < count; i++) {
        const char *file = files_join(arena, folder, names[i]);
        const char *full = files_join(arena, path, names[i]);
        if (!file_fits(wish, file, full))
            continue;
        if (files_is_folder(full))
            session_admit_folder(session, file, full);
        else if (photo_is_photo(names[i]) || source_is_recording(names[i]))
            session_admit_file(session, file, full);
    }
}

void source_admit(struct session *session, const char *name)
{
    struct arena *arena = session->arena;
    struct source_match match = {0};
    source_match(session, name, arena, &match);
    if (match.recording || match.count > 1)
        return;
    for (int pass = 0; pass < WISHES; pass++) {
        struct wish wish = wish_of(arena, name, pass);
        for (size_t i = 0; i < FOLDER_COUNT; i++) {
            char *path = NULL;
            const char *file = files_join(arena, source_folders[i], wish.name);
            int ret = files_resolve(&session->roots, file, arena, &path);
            if (ret == AVERROR(EACCES))
                return;
            if (ret < 0)
                continue;
            if (files_is_folder(path))
                session_admit_folder(session, file, path);
            else
                session_admit_file(session, file, path);
            return;
        }
        for (size_t root = 0; root < session->roots.count; root++) {
            for (size_t i = 0; i < FOLDER_COUNT; i++)
                session_admit_stem(session, session->roots.folders[root],
                                   source_folders[i], &wish);
        }
    }
}

/* A file's name in the ways that a row may write it. */
static void names_add(const char ***names, size_t *count, struct arena *arena,
                      const char *file)
{
    const char *all[] = {files_name(file), files_stem(arena, file), file};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        *(const char **)arena_push(arena, names, count, sizeof(**names)) =
            all[i];
}

const char **source_names(const struct session *session, struct arena *arena,
                          size_t *count)
{
    const char **names = NULL;
    *count = 0;
    for (size_t i = 0; i < session->recording_count; i++) {
        const char **name = ARENA_PUSH(arena, names, *count);
        *name = session->recordings[i]->name;
        names_add(&names, count, arena, session->recordings[i]->file);
    }
    for (size_t i = 0; i < session->photo_count; i++)
        names_add(&names, count, arena, session->photos[i]->file);
    for (size_t i = 0; session->path && i < FOLDER_COUNT; i++) {
        char **listed = NULL;
        size_t listed_count = 0;
        const char *folder =
            files_join(arena, session->path, source_folders[i]);
        if (!files_is_folder(folder) ||
            files_list(NULL, folder, arena, &listed, &listed_count) < 0)
            continue;
        for (size_t k = 0; k < listed_count; k++) {
            if (photo_is_photo(listed[k]) || source_is_recording(listed[k]))
                names_add(&names, count, arena,
                          files_join(arena, source_folders[i], listed[k]));
        }
    }
    return names;
}
