/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns which of the fonts serve which recording's script: those that it names.
 * Their letters are measured in workers and come back as tables. */
#include "ingest/session_fonts.h"

#include <string.h>

#include "ingest/carried.h"

/* --- what scripts ask for ------------------------------------------------- */

static bool any_is_in(const char *script, const char *const *names,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasestr(script, names[i]))
            return true;
    }
    return false;
}

/* The script may name it: more than that is its reader's to know. What is
 * attached to recordings is often a whole collection. */
static bool script_names(const char *script, const struct face_names *names)
{
    return any_is_in(script, (const char *const *)names->families,
                     names->family_count) ||
           any_is_in(script, (const char *const *)names->full_names,
                     names->full_name_count) ||
           (names->postscript && any_is_in(script, &names->postscript, 1));
}

typedef void face_visit(struct fonts_run *run, struct carried_file *file,
                        struct carried_face *face, void *opaque);

static void visit_file(struct fonts_run *run, struct carried_file *file,
                       const char *script, face_visit *visit, void *opaque)
{
    for (size_t i = 0; file && i < file->count; i++) {
        if (script_names(script, &file->faces[i].names))
            visit(run, file, &file->faces[i], opaque);
    }
}

/* Of the house's files those stay out in which the style found its own. */
static bool style_has(const struct fonts_run *run,
                      const struct carried_file *file)
{
    const struct faces *faces = run->session->faces;
    for (size_t i = 0; i < faces_count(faces); i++) {
        if (strcmp(faces_file(faces, i)->digest, file->digest) == 0)
            return true;
    }
    return false;
}

static const struct carrier *carrier_at(const struct fonts_run *run,
                                        const char *file)
{
    for (size_t i = 0; file && i < run->carrier_count; i++) {
        if (strcmp(run->carriers[i].file, file) == 0)
            return &run->carriers[i];
    }
    return NULL;
}

/* The faces that the recording's script may name: those of the script itself
 * first, in the order in which they are carried, the house's last. */
static void visit_faces(struct fonts_run *run,
                        const struct recording *recording, face_visit *visit,
                        void *opaque)
{
    if (!recording->cues || !recording->cues->ass_script)
        return;
    const char *script = recording->cues->ass_script;
    const struct carrier *carriers[2] = {
        recording->cues->carries_fonts ? carrier_at(run, recording->subtitles)
                                       : NULL,
        recording->carries_fonts ? carrier_at(run, recording->file) : NULL,
    };
    for (size_t c = 0; c < 2; c++) {
        const json_t *fonts = carriers[c] ? carriers[c]->fonts : NULL;
        for (size_t i = 0; i < json_array_size(fonts); i++) {
            const json_t *digest =
                json_object_get(json_array_get(fonts, i), "digest");
            visit_file(run, font_file_find(run, json_string_value(digest)),
                       script, visit, opaque);
        }
    }
    for (size_t i = run->house_first; i < run->file_count; i++) {
        if (!style_has(run, &run->files[i]))
            visit_file(run, &run->files[i], script, visit, opaque);
    }
}

static void load_table(struct fonts_run *run, struct carried_face *face)
{
    struct arena *arena = run->session->arena;
    const char *path = carried_table_path(
        arena, run->options->store, face->facts.digest, face->facts.index);
    face->table = face_table_load(path, face->facts.digest, arena);
}

struct table_asks {
    struct font_asks asks;
    struct carried_file **files; /* of each question */
    struct carried_face **faces;
    size_t count;
};

static void ask_table(struct fonts_run *run, struct carried_file *file,
                      struct carried_face *face, void *opaque)
{
    struct table_asks *tables = opaque;
    struct arena *arena = run->session->arena;
    if (!face->table)
        load_table(run, face);
    for (size_t i = 0; i < tables->count; i++) {
        if (tables->faces[i] == face)
            return;
    }
    if (face->table)
        return;
    size_t count = tables->count;
    *(struct carried_file **)ARENA_PUSH(arena, tables->files, count) = file;
    *(struct carried_face **)ARENA_PUSH(arena, tables->faces, tables->count) =
        face;
    font_asks_add(
        &tables->asks,
        json_pack("{s:s,s:s,s:s,s:i,s:s}", "kind", "table", "path", file->path,
                  "digest", file->digest, "index", face->facts.index, "table",
                  carried_table_path(arena, run->options->store, file->digest,
                                     face->facts.index)),
        file->path, NULL);
}

static int ask_tables(struct fonts_run *run)
{
    const struct session *session = run->session;
    struct table_asks tables = {
        .asks = {.session = run->session, .options = run->options}};
    for (size_t i = 0; i < session->recording_count; i++)
        visit_faces(run, session->recordings[i], ask_table, &tables);
    int ret = font_asks_run(run->log, &tables.asks);
    for (size_t i = 0; ret >= 0 && i < tables.count; i++) {
        font_settle(run, tables.files[i], &tables.asks.list[i]);
        load_table(run, tables.faces[i]);
    }
    font_asks_clear(&tables.asks);
    return ret;
}

/* --- sets ----------------------------------------------------------------- */

struct set_request {
    struct face_facts *facts;
    struct face_names *names;
    const struct face_table **tables;
    size_t count;
};

static void add_to_set(struct fonts_run *run, struct carried_file *file,
                       struct carried_face *face, void *opaque)
{
    struct set_request *set = opaque;
    struct arena *arena = run->session->arena;
    size_t count = set->count;
    for (size_t i = 0; i < set->count; i++) {
        if (set->tables[i] == face->table)
            return;
    }
    if (!face->table)
        return;
    *(struct face_facts *)ARENA_PUSH(arena, set->facts, count) = face->facts;
    count = set->count;
    *(struct face_names *)ARENA_PUSH(arena, set->names, count) = face->names;
    *(const struct face_table **)ARENA_PUSH(arena, set->tables, set->count) =
        face->table;
}

static int make_sets(struct fonts_run *run)
{
    struct session *session = run->session;
    size_t font = session->style->roles[ROLE_CAPTION].font;
    for (size_t i = 0; i < session->recording_count; i++) {
        struct recording *recording = session->recordings[i];
        struct set_request set = {0};
        visit_faces(run, recording, add_to_set, &set);
        if (!set.count)
            continue;
        recording->faces =
            faces_carry(run->log, session->faces, font, set.facts, set.names,
                        set.tables, set.count);
        if (!recording->faces)
            return AVERROR(EIO);
    }
    return 0;
}

int font_sets_make(struct fonts_run *run)
{
    int ret = ask_tables(run);
    return ret < 0 ? ret : make_sets(run);
}
