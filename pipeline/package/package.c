/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what lies in one outlet's folder and in its zip. */
#include "package/package.h"

#include "base/files.h"
#include "package/archive.h"
#include "package/captions.h"
#include "package/delivery.h"
#include "package/notes.h"
#include "package/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUMS     "data/SHA256SUMS"
#define METADATA "data/metadata.json"
#define SHEETS   "data/"

static int place_captions(struct delivery *delivery, const struct plan *plan,
                          const struct rendition *rendition)
{
    const struct rendition *source = captions_source(plan, rendition);
    struct buffer text = {0};
    if (!source)
        return 0;
    const char *stem = rendition->clip->stem;
    captions_srt(source, &text);
    int ret = delivery_place_bytes(
        delivery, arena_printf(delivery->arena, "%s.srt", stem), text.data,
        text.size);
    buffer_reset(&text);
    captions_vtt(source, &text);
    if (ret >= 0)
        ret = delivery_place_bytes(
            delivery, arena_printf(delivery->arena, "%s.vtt", stem), text.data,
            text.size);
    buffer_clear(&text);
    return ret;
}

/* A damaged one is told, and the others are looked at all the same: so that
 * all of them are made again at once. */
static int place_product(struct delivery *delivery,
                         const struct results *results, const char *name,
                         const char *from, const char *digest)
{
    int ret = delivery_place_file(delivery, name, from, digest);
    if (ret != AVERROR_INVALIDDATA || !results->damaged)
        return ret;
    results->damaged(results->opaque, from);
    delivery->damaged = true;
    return 0;
}

static int place_films(struct delivery *delivery, const struct plan *plan,
                       const struct package *package,
                       const struct results *results, bool *complete)
{
    int ret = 0;
    for (size_t i = 0; ret >= 0 && i < package->rendition_count; i++) {
        const struct rendition *rendition = package->renditions[i];
        const struct result *result =
            results_of_rendition(results, plan, rendition);
        if (!result_is_ready(result)) {
            *complete = false;
            continue;
        }
        ret = place_product(
            delivery, results,
            arena_printf(delivery->arena, "%s.mp4", rendition->clip->stem),
            result->path, result->digest);
        if (ret >= 0)
            ret = place_captions(delivery, plan, rendition);
    }
    return ret;
}

/* Once for each clip: its covers have the same one. */
static int place_sheet(struct delivery *delivery, const struct plan *plan,
                       const struct package *package,
                       const struct results *results, size_t i)
{
    const struct poster *poster = package->posters[i];
    const struct result *result = results_of_poster(results, plan, poster);
    if (!result->sheet_path)
        return 0;
    for (size_t k = 0; k < i; k++) {
        if (package->posters[k]->clip == poster->clip &&
            result_is_ready(
                results_of_poster(results, plan, package->posters[k])))
            return 0;
    }
    return place_product(delivery, results,
                         notes_sheet_name(plan, poster->clip, delivery->arena),
                         result->sheet_path, result->sheet_digest);
}

static int place_posters(struct delivery *delivery, const struct plan *plan,
                         const struct package *package,
                         const struct results *results, bool *complete)
{
    int ret = 0;
    for (size_t i = 0; ret >= 0 && i < package->poster_count; i++) {
        const struct poster *poster = package->posters[i];
        const struct result *result = results_of_poster(results, plan, poster);
        if (!result_is_ready(result)) {
            *complete = false;
            continue;
        }
        ret =
            place_product(delivery, results,
                          arena_printf(delivery->arena, "%s.png", poster->stem),
                          result->path, result->digest);
        if (ret >= 0 && result->jpeg_path)
            ret = place_product(
                delivery, results,
                arena_printf(delivery->arena, "%s.jpg", poster->stem),
                result->jpeg_path, result->jpeg_digest);
        if (ret >= 0)
            ret = place_sheet(delivery, plan, package, results, i);
    }
    return ret;
}

static int place_texts(struct delivery *delivery, const struct plan *plan,
                       const struct package *package,
                       const struct results *results)
{
    struct buffer text = {0};
    json_t *metadata = notes_metadata(plan, package, results);
    char *json = json_dumps(metadata, JSON_INDENT(2) | JSON_SORT_KEYS);
    notes_print(plan, package, results, &text);
    int ret = delivery_place_bytes(
        delivery, word(plan->session, WORD_NOTES_FILE), text.data, text.size);
    if (ret >= 0)
        ret = json
                  ? delivery_place_bytes(delivery, METADATA, json, strlen(json))
                  : AVERROR(ENOMEM);
    free(json);
    json_decref(metadata);
    buffer_clear(&text);
    return ret;
}

/* The name inside the outlet's folder: what stands after its first slash. */
static const char *inner_name(const char *path)
{
    const char *slash = strchr(path, '/');
    return slash ? slash + 1 : path;
}

/* As sha256sum writes it: a name with a backslash or a line end is escaped and
 * its line begins with a backslash. */
static int place_sums(struct delivery *delivery)
{
    struct buffer text = {0};
    size_t i;
    const json_t *file;
    json_array_foreach(delivery->files, i, file)
    {
        const char *name =
            inner_name(json_string_value(json_object_get(file, "path")));
        bool escape = strpbrk(name, "\\\n") != NULL;
        buffer_printf(&text, "%s%s  ", escape ? "\\" : "",
                      json_string_value(json_object_get(file, "sha256")));
        for (; *name; name++) {
            if (*name == '\\')
                buffer_puts(&text, "\\\\");
            else if (*name == '\n')
                buffer_puts(&text, "\\n");
            else
                buffer_append(&text, name, 1);
        }
        buffer_puts(&text, "\n");
    }
    int ret = delivery_place_bytes(delivery, SUMS, text.data, text.size);
    buffer_clear(&text);
    return ret;
}

/* All that a zip's bytes follow from. */
static void zip_key(const struct delivery *delivery, const struct plan *plan,
                    char out[DIGEST_TEXT])
{
    const struct session *session = plan->session;
    struct digest *digest = digest_create();
    size_t i;
    const json_t *file;
    digest_field_text(digest, "zip 1");
    digest_field_text(digest, archive_version());
    digest_field_int(digest, session->year * 10000 + session->month * 100 +
                                 session->day);
    json_array_foreach(delivery->files, i, file)
    {
        digest_field_text(digest,
                          json_string_value(json_object_get(file, "path")));
        digest_field_text(digest,
                          json_string_value(json_object_get(file, "sha256")));
    }
    digest_finish_text(digest, out);
    digest_destroy(&digest);
}

static int write_zip(struct delivery *delivery, const struct plan *plan,
                     const struct package *package, const char *key)
{
    struct arena *arena = delivery->arena;
    const struct session *session = plan->session;
    size_t count = json_array_size(delivery->files);
    struct archive_member *members =
        arena_alloc(arena, count * sizeof *members);
    for (size_t i = 0; i < count; i++) {
        const char *path = json_string_value(
            json_object_get(json_array_get(delivery->files, i), "path"));
        members[i].name = arena_strdup(arena, inner_name(path));
        members[i].path = files_join(arena, delivery->out, path);
    }
    const char *zip = files_join(arena, delivery->out, package->zip);
    char *temporary = files_temporary(arena, zip);
    int ret = archive_write(delivery->log, temporary, zip, members, count,
                            session->year, session->month, session->day);
    if (ret >= 0)
        ret = delivery_move_file(delivery, package->zip, temporary, key);
    if (ret < 0)
        unlink(temporary);
    return ret;
}

static int place_zip(struct delivery *delivery, const struct plan *plan,
                     const struct package *package)
{
    char key[DIGEST_TEXT];
    zip_key(delivery, plan, key);
    delivery->folder = NULL; /* it lies beside the outlet's folder */
    if (delivery_has(delivery, package->zip, key))
        return 0;
    return write_zip(delivery, plan, package, key);
}

static bool is_listed(const json_t *files, const char *path)
{
    size_t i;
    const json_t *file;
    json_array_foreach(files, i, file)
    {
        if (!strcmp(json_string_value(json_object_get(file, "path")), path))
            return true;
    }
    return false;
}

/* What a film or cover that is still planned would be called: it stays even
 * when this run did not make it. */
static bool is_planned(const struct package *package, const char *path)
{
    const char *name = inner_name(path);
    for (size_t i = 0; i < package->rendition_count; i++) {
        const char *stem = package->renditions[i]->clip->stem;
        size_t size = strlen(stem);
        if (!strncmp(name, SHEETS, strlen(SHEETS)) &&
            !strncmp(name + strlen(SHEETS), stem, size) &&
            name[strlen(SHEETS) + size] == '-')
            return true;
        if (!strncmp(name, stem, size) &&
            (!strcmp(name + size, ".mp4") || !strcmp(name + size, ".srt") ||
             !strcmp(name + size, ".vtt")))
            return true;
    }
    for (size_t i = 0; i < package->poster_count; i++) {
        size_t size = strlen(package->posters[i]->stem);
        if (!strncmp(name, package->posters[i]->stem, size) &&
            name[size] == '.')
            return true;
    }
    return false;
}

/* Takes away what the last run delivered here and nobody plans any more; an
 * incomplete package loses its old zip, which would say more than is true.
 * While clips are left out for their faults nothing goes: what they were
 * called before can't be told from what nobody wants. */
static void withdraw_old(struct delivery *delivery, const struct plan *plan,
                         const struct package *package, bool complete)
{
    const char *path;
    json_t *digest;
    size_t size = strlen(package->folder);
    json_object_foreach(delivery->last, path, digest)
    {
        bool inside =
            !strncmp(path, package->folder, size) && path[size] == '/';
        if (inside && !plan->dropped_clips &&
            !is_listed(delivery->files, path) &&
            (complete || !is_planned(package, path)))
            delivery_withdraw(delivery, path);
        else if (inside && !is_listed(delivery->files, path))
            delivery_keep(delivery, path);
        if (!complete && !strcmp(path, package->zip))
            delivery_withdraw(delivery, path);
    }
}

int package_write(struct log *log, const struct plan *plan,
                  const struct package *package, const struct results *results,
                  struct memo *memo, const char *out, const json_t *last_report,
                  json_t **written)
{
    bool complete = plan->dropped_clips == 0;
    struct delivery delivery = {
        .log = log,
        .arena = arena_create(),
        .memo = memo,
        .out = out,
        .folder = package->folder,
        .edited = word(plan->session, WORD_EDITED),
        .last = delivery_last_files(last_report),
        .begun = json_object_get(last_report, "begun"),
        .foreign = json_object_get(last_report, "foreign") != NULL,
        .files = json_array(),
    };
    delivery_sweep(&delivery);
    int ret = place_films(&delivery, plan, package, results, &complete);
    if (ret >= 0)
        ret = place_posters(&delivery, plan, package, results, &complete);
    if (ret >= 0 && delivery.damaged)
        ret = AVERROR_INVALIDDATA;
    if (ret >= 0)
        ret = place_texts(&delivery, plan, package, results);
    if (ret >= 0)
        ret = place_sums(&delivery);
    if (ret >= 0 && complete)
        ret = place_zip(&delivery, plan, package);
    if (ret >= 0)
        withdraw_old(&delivery, plan, package, complete);
    *written = json_pack("{s:s,s:s,s:s,s:b,s:O}", "recipient",
                         package->outlet->recipient ? package->outlet->recipient
                                                    : package->folder,
                         "folder", package->folder, "preset",
                         package->outlet->preset->name, "complete",
                         ret >= 0 && complete, "files", delivery.files);
    if (complete && ret >= 0)
        json_object_set_new(*written, "zip", json_string(package->zip));
    json_decref(delivery.files);
    json_decref(delivery.last);
    arena_destroy(&delivery.arena);
    return ret;
}
