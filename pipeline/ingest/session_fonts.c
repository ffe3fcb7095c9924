/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns which fonts there are beside the style's: those that recordings and
 * their scripts carry, which are taken out, and those of the house's folder;
 * and what they are called. Parses none of them itself. */
#include "ingest/session_fonts.h"

#include <string.h>

#include "base/memo.h"
#include "ingest/carried.h"
#include "ingest/fonts.h"
#include "subtitles/carried.h"

#define TOLD_ONE_BY_ONE 5

/* --- what is told --------------------------------------------------------- */

static void tell_font(struct fonts_run *run, struct carrier *carrier,
                      const char *name, const char *reason)
{
    if (carrier->told++ < TOLD_ONE_BY_ONE)
        fault_add(
            &run->session->faults, FAULT_WARNING,
            (struct fault_place){.file = carrier->file},
            _("the font \"%s\" that comes with it can't be used (%s), and "
              "the style's is drawn in its place; put the font in again, or "
              "take it out"),
            name, reason);
}

static void tell_rest(struct fonts_run *run, const struct carrier *carrier)
{
    if (carrier->told > TOLD_ONE_BY_ONE)
        fault_add(&run->session->faults, FAULT_WARNING,
                  (struct fault_place){.file = carrier->file},
                  _("%zu more fonts that come with it can't be used for "
                    "reasons like these"),
                  carrier->told - TOLD_ONE_BY_ONE);
}

/* A full disk is no fault of the font, and must not change what is drawn. */
static bool is_fonts_fault(int code)
{
    return code == AVERROR_INVALIDDATA || code == AVERROR_EXTERNAL ||
           code == AVERROR(ETIMEDOUT) || code == AVERROR(EFBIG);
}

static void tell_failure(struct fonts_run *run, const struct carrier *carrier,
                         const struct font_ask *ask)
{
    fault_add(&run->session->faults, FAULT_SESSION,
              (struct fault_place){.file = carrier->file},
              _("the fonts that come with it can't be taken out: %s"),
              ask->sentence);
}

/* --- carriers ------------------------------------------------------------- */

static void add_carrier(struct fonts_run *run, struct carrier carrier)
{
    for (size_t i = 0; i < run->carrier_count; i++) {
        if (strcmp(run->carriers[i].file, carrier.file) == 0)
            return;
    }
    *(struct carrier *)ARENA_PUSH(run->session->arena, run->carriers,
                                  run->carrier_count) = carrier;
}

/* Says whether there is a script at all. */
static bool find_carriers(struct fonts_run *run)
{
    struct session *session = run->session;
    bool any = false;
    for (size_t i = 0; i < session->recording_count; i++) {
        const struct recording *recording = session->recordings[i];
        const struct cues *cues = recording->cues;
        if (!cues || !cues->ass_script)
            continue;
        any = true;
        char *path = NULL;
        if (cues->carries_fonts &&
            files_resolve(&session->roots, recording->subtitles, session->arena,
                          &path) >= 0)
            add_carrier(run, (struct carrier){path, recording->subtitles,
                                              recording->charset, true});
        if (recording->carries_fonts)
            add_carrier(run,
                        (struct carrier){recording->path, recording->file});
    }
    return any;
}

/* Each font that was taken lies where it was put, and is still what it was. */
static bool fonts_are_there(const struct fonts_run *run, const json_t *fonts)
{
    struct arena *arena = run->session->arena;
    for (size_t i = 0; i < json_array_size(fonts); i++) {
        const char *digest = json_string_value(
            json_object_get(json_array_get(fonts, i), "digest"));
        char sum[DIGEST_TEXT];
        if (!digest)
            continue;
        if (strlen(digest) != DIGEST_TEXT - 1 ||
            strspn(digest, "0123456789abcdef") != DIGEST_TEXT - 1)
            return false;
        const char *path =
            carried_font_path(arena, run->options->store, digest);
        if (!files_exist(path) ||
            memo_digest(NULL, run->options->memo, path, sum) < 0 ||
            strcmp(sum, digest) != 0)
            return false;
    }
    return json_is_array(fonts);
}

static int ask_carriers(struct fonts_run *run, struct font_asks *asks)
{
    struct arena *arena = run->session->arena;
    for (size_t i = 0; i < run->carrier_count; i++) {
        const struct carrier *carrier = &run->carriers[i];
        const char *charset = carrier->charset ? carrier->charset : "";
        const char *kind = carrier->is_script ? "script" : "recording";
        struct font_ask *ask = font_asks_add(
            asks,
            json_pack("{s:s,s:s,s:s}", "kind", kind, "path", carrier->path,
                      "charset", charset),
            carrier->path,
            arena_printf(arena, "fonts %s %s %s", kind, charset, run->facts));
        json_t *known = font_ask_recall(asks, ask);
        if (fonts_are_there(run, known))
            ask->answer = known;
        else
            json_decref(known);
    }
    int ret = font_asks_run(run->log, asks);
    for (size_t i = 0; ret >= 0 && i < asks->count; i++) {
        const struct font_ask *ask = &asks->list[i];
        struct carrier *carrier = &run->carriers[i];
        if (!ask->answer)
            tell_failure(run, carrier, ask);
        else if (fonts_are_there(run, ask->answer))
            carrier->fonts = ask->answer;
    }
    return ret;
}

/* --- files and their names ------------------------------------------------ */

struct carried_file *font_file_find(const struct fonts_run *run,
                                    const char *digest)
{
    for (size_t i = 0; digest && i < run->file_count; i++) {
        if (strcmp(run->files[i].digest, digest) == 0)
            return &run->files[i];
    }
    return NULL;
}

static void add_files(struct fonts_run *run, struct carrier *carrier)
{
    struct arena *arena = run->session->arena;
    for (size_t i = 0; i < json_array_size(carrier->fonts); i++) {
        const json_t *font = json_array_get(carrier->fonts, i);
        const char *digest = json_string_value(json_object_get(font, "digest"));
        const char *name = json_string_value(json_object_get(font, "name"));
        const char *trouble =
            json_string_value(json_object_get(font, "trouble"));
        if (trouble)
            tell_font(run, carrier, name ? name : "?", trouble);
        if (!digest || font_file_find(run, digest))
            continue;
        struct carried_file *file =
            ARENA_PUSH(arena, run->files, run->file_count);
        file->digest = arena_strdup(arena, digest);
        file->name = arena_strdup(arena, name ? name : "?");
        file->path = carried_font_path(arena, run->options->store, digest);
        file->carrier = carrier;
    }
}

/* As many as a script may carry. */
static void add_house(struct fonts_run *run)
{
    struct arena *arena = run->session->arena;
    size_t count;
    const char **paths =
        fonts_in_folder(run->session->fonts_path, arena, &count);
    run->house_first = run->file_count;
    for (size_t i = 0; i < count && i < CARRIED_FONTS_MOST; i++) {
        char digest[DIGEST_TEXT];
        if (memo_digest(NULL, run->options->memo, paths[i], digest) < 0 ||
            font_file_find(run, digest))
            continue;
        struct carried_file *file =
            ARENA_PUSH(arena, run->files, run->file_count);
        file->digest = arena_strdup(arena, digest);
        file->name = files_name(paths[i]);
        file->path = paths[i];
    }
}

/* A list of strings, as if a stranger had sent it. */
static const char **take_names(const json_t *list, size_t *count,
                               struct arena *arena)
{
    const char **out = NULL;
    *count = 0;
    for (size_t i = 0; i < json_array_size(list) && i < FACE_NAMES_MOST; i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (name && *name)
            *(const char **)ARENA_PUSH(arena, out, *count) =
                arena_strdup(arena, name);
    }
    return out;
}

static void add_face(struct fonts_run *run, struct carried_file *file,
                     const json_t *told)
{
    struct arena *arena = run->session->arena;
    json_int_t index = json_integer_value(json_object_get(told, "index"));
    json_int_t weight = json_integer_value(json_object_get(told, "weight"));
    json_int_t slant = json_integer_value(json_object_get(told, "slant"));
    struct carried_face face = {.facts = {.file = file->path}};
    struct face_names *names = &face.names;
    names->families = take_names(json_object_get(told, "families"),
                                 &names->family_count, arena);
    names->full_names = take_names(json_object_get(told, "full"),
                                   &names->full_name_count, arena);
    names->postscript = arena_strdup(
        arena, json_string_value(json_object_get(told, "postscript")));
    names->is_postscript = json_is_true(json_object_get(told, "curves"));
    if (!names->family_count || index < 0 || index >= FACE_FACES_MOST)
        return;
    names->index = face.facts.index = (int)index;
    names->weight = weight >= 100 && weight <= 900 ? (int)weight : 400;
    names->slant = slant > 0 && slant <= 110 ? (int)slant : 0;
    memcpy(face.facts.digest, file->digest, DIGEST_TEXT);
    *(struct carried_face *)ARENA_PUSH(arena, file->faces, file->count) = face;
}

/* A font that can't be used stays without faces. Of the house's the user sees
 * that it is missing. */
void font_settle(struct fonts_run *run, const struct carried_file *file,
                 const struct font_ask *ask)
{
    if (ask->answer || !file->carrier)
        return;
    if (is_fonts_fault(ask->code))
        tell_font(run, file->carrier, file->name, ask->sentence);
    else
        tell_failure(run, file->carrier, ask);
}

static int ask_names(struct fonts_run *run, struct font_asks *asks)
{
    const char *memo =
        arena_printf(run->session->arena, "font names %s", run->facts);
    for (size_t i = 0; i < run->file_count; i++) {
        const char *path = run->files[i].path;
        struct font_ask *ask = font_asks_add(
            asks, json_pack("{s:s,s:s}", "kind", "names", "path", path), path,
            memo);
        ask->answer = font_ask_recall(asks, ask);
    }
    int ret = font_asks_run(run->log, asks);
    for (size_t i = 0; ret >= 0 && i < run->file_count; i++) {
        struct carried_file *file = &run->files[i];
        const json_t *faces = asks->list[i].answer;
        font_settle(run, file, &asks->list[i]);
        for (size_t k = 0; k < json_array_size(faces) && k < FACE_FACES_MOST;
             k++)
            add_face(run, file, json_array_get(faces, k));
    }
    return ret;
}

int session_carry_fonts(struct log *log, struct session *session,
                        const struct ingest_options *options)
{
    struct fonts_run run = {
        .log = log,
        .session = session,
        .options = options,
        .facts = session_facts_name(session->arena),
    };
    struct font_asks carriers = {.session = session, .options = options};
    struct font_asks names = {.session = session, .options = options};
    if (!session->style || !session->faces)
        return 0;
    if (!find_carriers(&run) || (!run.carrier_count && !session->fonts_path))
        return 0;
    int ret = files_make_folders(
        log, files_join(session->arena, options->store, "fonts"));
    if (ret >= 0)
        ret = ask_carriers(&run, &carriers);
    for (size_t i = 0; ret >= 0 && i < run.carrier_count; i++)
        add_files(&run, &run.carriers[i]);
    if (ret >= 0)
        add_house(&run);
    if (ret >= 0)
        ret = ask_names(&run, &names);
    if (ret >= 0)
        ret = font_sets_make(&run);
    for (size_t i = 0; i < run.carrier_count; i++)
        tell_rest(&run, &run.carriers[i]);
    font_asks_clear(&carriers);
    font_asks_clear(&names);
    return ret;
}
