/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the step from an item's request to files in the store, checked before
 * they get their keys' names. Does not know what comes before or after. */
#include "produce/maker_parts.h"

#include "base/files.h"
#include "check/check.h"
#include "encode/muxer.h"
#include "encode/size_search.h"
#include "flow/chunk_file.h"
#include "poster/poster.h"
#include "poster/sheet.h"
#include "render/render.h"
#include "sound/sound.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- sound ---------------------------------------------------------------- */

static int maker_sound(struct maker *maker, const json_t *request,
                       struct arena *arena, struct log *log)
{
    const struct plan *plan = maker->queue->plan;
    size_t index =
        (size_t)json_integer_value(json_object_get(request, "index"));
    const struct sound *sound = plan->sounds[index];
    char *path =
        store_temporary(maker->queue->store, sound->key, "sound", arena);
    int ret = sound_make(log, plan, sound, path);
    if (ret >= 0)
        ret =
            store_publish(log, maker->queue->store, path, sound->key, "sound");
    else
        unlink(path);
    return ret;
}

/* --- a finished film ------------------------------------------------------ */

struct film {
    const struct rendition *rendition;
    const char *key;
    const char **chunk_paths;
    char (*chunk_keys)[DIGEST_TEXT];
    size_t chunk_count;
    const int *fills;
    int size_step;
    int64_t least_bytes; /* less shall not be delivered: see size_search.h */
    const char *sound_path;
    int64_t sound_bytes, picture_bytes; /* of the packets, once weighed */
};

static void film_read(const struct maker *maker, const json_t *request,
                      struct arena *arena, struct film *out)
{
    size_t index =
        (size_t)json_integer_value(json_object_get(request, "index"));
    const json_t *list = json_object_get(request, "list");
    const struct store *store = maker->queue->store;
    out->rendition = maker->queue->plan->renditions[index];
    out->key = maker->queue->renditions[index].key;
    out->size_step =
        (int)json_integer_value(json_object_get(request, "size_step"));
    out->least_bytes = json_integer_value(json_object_get(request, "least"));
    out->chunk_count = out->rendition->chunk_count;
    out->chunk_paths =
        arena_alloc(arena, out->chunk_count * sizeof *out->chunk_paths);
    out->chunk_keys =
        arena_alloc(arena, out->chunk_count * sizeof *out->chunk_keys);
    int *fills = arena_alloc(arena, out->chunk_count * sizeof *fills);
    for (size_t i = 0; i < out->chunk_count; i++) {
        fills[i] = (int)json_integer_value(json_array_get(list, i));
        chunk_key(&out->rendition->chunks[i],
                  (struct chunk_setting){fills[i], out->size_step},
                  out->chunk_keys[i]);
        out->chunk_paths[i] =
            store_path(store, out->chunk_keys[i], "chunk", arena);
    }
    out->fills = fills;
    if (out->rendition->sound)
        out->sound_path =
            store_path(store, out->rendition->sound->key, "sound", arena);
}

/* The first chunk that is damaged (*damaged) or breaks the rate buffer
 * (*offender); -1: none. */
static int film_weigh(struct log *log, struct film *film, struct arena *arena,
                      int *damaged, int *offender, int64_t *peak_bps)
{
    int **sizes = arena_alloc(arena, film->chunk_count * sizeof *sizes);
    size_t *counts = arena_alloc(arena, film->chunk_count * sizeof *counts);
    *damaged = *offender = -1;
    for (size_t i = 0; i < film->chunk_count; i++) {
        struct chunk_file *chunk = NULL;
        int ret = chunk_file_load(log, film->chunk_paths[i], &chunk);
        if (ret < 0) {
            if (ret != AVERROR_INVALIDDATA && ret != AVERROR(ENOENT))
                return ret;
            *damaged = (int)i;
            unlink(film->chunk_paths[i]);
            return 0;
        }
        counts[i] = chunk->count;
        sizes[i] = arena_alloc(arena, chunk->count * sizeof **sizes);
        for (size_t k = 0; k < chunk->count; k++) {
            sizes[i][k] = chunk->packets[k]->size;
            film->picture_bytes += sizes[i][k];
        }
        chunk_file_destroy(&chunk);
    }
    *offender = muxer_rate_offender(film->rendition, (const int *const *)sizes,
                                    counts, film->chunk_count, peak_bps);
    return 0;
}

/* Whether the film's sound is there and whole; one that isn't goes. */
static int film_prove_sound(struct log *log, struct film *film, bool *damaged)
{
    struct chunk_file *sound = NULL;
    *damaged = false;
    if (!film->sound_path)
        return 0;
    int ret = chunk_file_load(log, film->sound_path, &sound);
    for (size_t k = 0; ret >= 0 && k < sound->count; k++)
        film->sound_bytes += sound->packets[k]->size;
    chunk_file_destroy(&sound);
    if (ret != AVERROR_INVALIDDATA && ret != AVERROR(ENOENT))
        return ret;
    *damaged = true;
    unlink(film->sound_path);
    return 0;
}

/* What failed its check is kept for people to look at. Main puts it there: a
 * worker may write nowhere but in the store. */
static void film_reject(const struct maker *maker, const struct film *film,
                        const char *path, json_t *reply)
{
    struct log quiet;
    log_init(&quiet, LOG_LEVEL_NONE, NULL, NULL);
    if (store_publish(&quiet, maker->queue->store, path, film->key,
                      "rejected") >= 0)
        json_object_set_new(reply, "rejected", json_true());
    log_clear(&quiet);
}

/* Larger than the outlet takes, or, where it had to be made coarser, smaller
 * than it need be: then the film is not made, its size is answered. Without
 * the container (not `whole`) only too much can be told. */
static bool film_misses_size(const struct film *film, int64_t bytes, bool whole,
                             json_t *reply)
{
    int64_t cap = size_cap(film->rendition);
    if (!cap || (bytes <= cap && (!whole || bytes >= film->least_bytes)))
        return false;
    json_object_set_new(reply, "bytes", json_integer(bytes));
    json_object_set_new(reply, "sound_bytes", json_integer(film->sound_bytes));
    return true;
}

static int film_finish(const struct maker *maker, const struct film *film,
                       const char *path, int64_t peak_bps, json_t *reply,
                       struct log *log)
{
    const struct store *store = maker->queue->store;
    json_t *figures = NULL;
    json_t *entry = NULL;
    char digest[DIGEST_TEXT];
    int64_t begin_us = maker_cpu_us();
    int ret = check_file(log, path, film->rendition, film->chunk_paths,
                         film->chunk_count, film->sound_path,
                         maker->queue->options->verify_full, &figures);
    json_object_set_new(reply, "check_cpu_us",
                        json_integer(maker_cpu_us() - begin_us));
    if (ret < 0) {
        film_reject(maker, film, path, reply);
        goto done;
    }
    json_object_set_new(figures, "peak_rate_bps", json_integer(peak_bps));
    if (film->size_step)
        json_object_set_new(
            figures, "crf",
            json_real(size_step_crf(film->rendition->preset, film->size_step)));
    ret = digest_file(log, path, digest);
    if (ret < 0)
        goto done;
    entry = json_pack("{s:s,s:I,s:i,s:O}", "digest", digest, "bytes",
                      (json_int_t)files_size(path), "size_step",
                      film->size_step, "figures", figures);
    ret = store_write_json(log, store, film->key, entry);
    if (ret >= 0)
        ret = store_publish(log, store, path, film->key, "mp4");
done:
    json_decref(figures);
    json_decref(entry);
    if (ret < 0)
        unlink(path);
    return ret;
}

static int maker_film(struct maker *maker, const json_t *request, json_t *reply,
                      struct arena *arena, struct log *log)
{
    struct film film = {0};
    int damaged, offender;
    int64_t peak_bps = 0;
    film_read(maker, request, arena, &film);
    bool sound_damaged;
    int ret = film_prove_sound(log, &film, &sound_damaged);
    if (ret >= 0 && sound_damaged) {
        json_object_set_new(reply, "sound", json_true());
        return 0;
    }
    if (ret >= 0)
        ret = film_weigh(log, &film, arena, &damaged, &offender, &peak_bps);
    if (ret < 0)
        return ret;
    if (damaged >= 0) {
        json_object_set_new(reply, "damaged", json_integer(damaged));
        return 0;
    }
    /* Before the rate buffer: another crf begins that ladder anew. */
    if (film_misses_size(&film, film.sound_bytes + film.picture_bytes, false,
                         reply))
        return 0;
    if (offender >= 0 && film.fills[offender] + 1 < FILL_STEPS) {
        json_object_set_new(reply, "offender", json_integer(offender));
        return 0;
    }
    if (offender >= 0)
        return log_fail(log, AVERROR(EINVAL),
                        _("%s: part %d does not fit into %s's rate limit at "
                          "any setting; lower the preset's crf's quality or "
                          "its frame"),
                        film.rendition->clip->stem, offender + 1,
                        film.rendition->preset->name);
    char *path = store_temporary(maker->queue->store, film.key, "mp4", arena);
    ret =
        muxer_write(log, maker->queue->plan->session, film.rendition,
                    film.chunk_paths, film.chunk_count, film.sound_path, path);
    if (ret < 0 || film_misses_size(&film, files_size(path), true, reply)) {
        unlink(path);
        return ret;
    }
    return film_finish(maker, &film, path, peak_bps, reply, log);
}

/* --- posters ---------------------------------------------------------------
 */

static int poster_keep_sheet(const struct maker *maker,
                             const struct poster *poster,
                             const struct buffer *sheet, struct arena *arena,
                             char digest[DIGEST_TEXT], struct log *log)
{
    const struct store *store = maker->queue->store;
    const char *key = queue_poster_key(poster);
    uint8_t sum[DIGEST_BYTES];
    digest[0] = '\0';
    if (!poster->sheet)
        return 0;
    digest_of(sheet->data, sheet->size, sum);
    digest_text(sum, digest);
    char *path = store_temporary(store, key, "sheet.jpg", arena);
    int ret = files_write(log, path, sheet->data, sheet->size);
    return ret < 0 ? ret : store_publish(log, store, path, key, "sheet.jpg");
}

static int poster_keep(const struct maker *maker, const struct poster *poster,
                       const char *png, const char *jpeg, const char *sheet,
                       json_t *figures, struct log *log)
{
    const struct store *store = maker->queue->store;
    const char *key = queue_poster_key(poster);
    char digest[DIGEST_TEXT], second[DIGEST_TEXT] = "";
    json_t *entry = NULL;
    int ret = digest_file(log, png, digest);
    if (ret >= 0 && jpeg)
        ret = digest_file(log, jpeg, second);
    if (ret < 0)
        return ret;
    entry = json_pack("{s:s,s:s,s:s,s:I,s:O?}", "digest", digest, "jpeg_digest",
                      second, "sheet_digest", sheet, "bytes",
                      (json_int_t)files_size(png), "figures", figures);
    ret = store_write_json(log, store, key, entry);
    if (ret >= 0 && jpeg)
        ret = store_publish(log, store, jpeg, key, "jpg");
    if (ret >= 0)
        ret = store_publish(log, store, png, key, "png");
    json_decref(entry);
    return ret;
}

static int maker_cover(struct maker *maker, const struct poster *poster,
                       const struct poster_choice *choice,
                       const struct buffer *sheet, struct arena *arena,
                       struct log *log)
{
    const struct store *store = maker->queue->store;
    const char *key = queue_poster_key(poster);
    char sheet_digest[DIGEST_TEXT];
    struct overlay_library *library = NULL;
    json_t *figures = NULL, *checked = NULL;
    char *png = store_temporary(store, key, "png", arena);
    char *jpeg = poster->cover->jpeg_bytes
                     ? store_temporary(store, key, "jpg", arena)
                     : NULL;
    int ret = render_kit_library(maker->kit, log, &library);
    if (ret >= 0)
        ret = poster_make(log, render_kit_pictures(maker->kit), library,
                          maker->queue->plan->session, poster, choice, png,
                          jpeg, &figures);
    if (ret >= 0)
        ret = check_poster(log, png, jpeg, poster, &checked);
    if (ret >= 0 && figures && choice->figures)
        json_object_set(figures, "choice", choice->figures);
    if (ret >= 0)
        ret = poster_keep_sheet(maker, poster, sheet, arena, sheet_digest, log);
    if (ret >= 0)
        ret = poster_keep(maker, poster, png, jpeg, sheet_digest, figures, log);
    if (ret < 0) {
        unlink(png);
        if (jpeg)
            unlink(jpeg);
    }
    json_decref(figures);
    json_decref(checked);
    return ret;
}

static int maker_posters(struct maker *maker, const json_t *request,
                         struct arena *arena, struct log *log)
{
    const struct plan *plan = maker->queue->plan;
    size_t clip = (size_t)json_integer_value(json_object_get(request, "index"));
    struct poster_choice choice = {0};
    struct overlay_library *library = NULL;
    struct buffer sheet = {0};
    int ret = maker_prepare_kit(maker, log);
    if (ret >= 0)
        ret = poster_choose(log, render_kit_pictures(maker->kit),
                            plan->clips[clip], &choice);
    if (ret >= 0)
        ret = render_kit_library(maker->kit, log, &library);
    if (ret >= 0)
        ret = sheet_make(log, render_kit_pictures(maker->kit), library,
                         plan->session, plan->clips[clip], &choice, &sheet);
    for (size_t i = 0; ret >= 0 && i < plan->poster_count; i++) {
        const struct poster *poster = plan->posters[i];
        if (poster->clip != plan->clips[clip] || !poster->wanted ||
            maker->queue->poster_results[i].state != RESULT_NONE)
            continue;
        ret = maker_cover(maker, poster, &choice, &sheet, arena, log);
    }
    buffer_clear(&sheet);
    json_decref(choice.figures);
    return ret;
}

int maker_serve(struct maker *maker, const struct buffer *request,
                struct buffer *reply, struct log *log)
{
    struct arena *arena = arena_create();
    json_t *asked = json_loads(buffer_text(request), 0, NULL);
    json_t *answer = json_object();
    int ret = AVERROR_BUG;
    switch (json_integer_value(json_object_get(asked, "kind"))) {
    case ITEM_RUN:
        ret = maker_run(maker, asked, answer, arena, log);
        break;
    case ITEM_SOUND:
        ret = maker_sound(maker, asked, arena, log);
        break;
    case ITEM_FILE:
        ret = maker_film(maker, asked, answer, arena, log);
        break;
    case ITEM_POSTER:
        ret = maker_posters(maker, asked, arena, log);
        break;
    }
    char *text = json_dumps(answer, JSON_COMPACT);
    buffer_puts(reply, text ? text : "{}");
    free(text);
    json_decref(answer);
    json_decref(asked);
    arena_destroy(&arena);
    return ret;
}
