/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the making of a finished film out of its chunks and its sound: whether
 * they are whole, hold the rate buffer and the outlet's size; then the file and
 * its check. Does not know how a chunk is made. */
#include "produce/maker_parts.h"

#include "base/files.h"
#include "check/check.h"
#include "encode/muxer.h"
#include "encode/size_search.h"
#include "flow/chunk_file.h"
#include "produce/setting.h"

#include <unistd.h>

struct film {
    const struct store *store;
    const struct rendition *rendition;
    const char *key;
    const char **chunk_paths;
    char (*chunk_keys)[DIGEST_TEXT];
    size_t chunk_count;
    const struct chunk_setting *settings;
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
    out->store = store;
    out->rendition = maker->queue->plan->renditions[index];
    out->key = maker->queue->renditions[index].key;
    out->least_bytes = json_integer_value(json_object_get(request, "least"));
    out->chunk_count = out->rendition->chunk_count;
    out->chunk_paths =
        arena_alloc(arena, out->chunk_count * sizeof *out->chunk_paths);
    out->chunk_keys =
        arena_alloc(arena, out->chunk_count * sizeof *out->chunk_keys);
    struct chunk_setting *settings =
        arena_alloc(arena, out->chunk_count * sizeof *settings);
    for (size_t i = 0; i < out->chunk_count; i++) {
        settings[i] = setting_read(json_array_get(list, i));
        chunk_key(&out->rendition->chunks[i], settings[i], out->chunk_keys[i]);
        out->chunk_paths[i] =
            store_path(store, out->chunk_keys[i], "chunk", arena);
    }
    out->settings = settings;
    if (out->rendition->sound)
        out->sound_path =
            store_path(store, out->rendition->sound->key, "sound", arena);
}

/* What the chunks' sizes say. */
struct weight {
    int damaged;  /* the first chunk that is; -1: none */
    int offender; /* breaks the rate buffer; -1: none does */
    int since;    /* see muxer_rate_offender */
    int64_t peak_bps;
};

static int film_weigh(struct log *log, struct film *film, struct arena *arena,
                      struct weight *out)
{
    int **sizes = arena_alloc(arena, film->chunk_count * sizeof *sizes);
    size_t *counts = arena_alloc(arena, film->chunk_count * sizeof *counts);
    *out = (struct weight){.damaged = -1, .offender = -1};
    for (size_t i = 0; i < film->chunk_count; i++) {
        struct chunk_file *chunk = NULL;
        int ret = chunk_file_load(log, film->chunk_paths[i], &chunk);
        if (ret < 0) {
            if (ret != AVERROR_INVALIDDATA && ret != AVERROR(ENOENT))
                return ret;
            out->damaged = (int)i;
            store_remove(film->store, film->chunk_keys[i], "chunk");
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
    out->offender =
        muxer_rate_offender(film->rendition, (const int *const *)sizes, counts,
                            film->chunk_count, &out->since, &out->peak_bps);
    return 0;
}

/* Answers which chunk is to be coded anew, so that the rate buffer holds. */
static int film_step_down(struct log *log, const struct film *film,
                          const struct weight *weight, json_t *reply)
{
    struct chunk_setting next;
    int chunk =
        muxer_rate_step(film->settings, weight->since, weight->offender, &next);
    if (chunk < 0)
        return log_fail(log, AVERROR(EINVAL),
                        _("%s: part %d does not fit into %s's rate limit "
                          "however coarsely it is coded; raise the preset's "
                          "max_rate or buffer, or make its frame smaller"),
                        film->rendition->clip->stem, weight->offender + 1,
                        preset_called(film->rendition->preset));
    json_object_set_new(reply, "offender", json_integer(chunk));
    json_object_set_new(reply, "setting", setting_json(next));
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
    store_remove(film->store, film->rendition->sound->key, "sound");
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

/* What each chunk was coded with: says which ones are the film's. */
static json_t *film_settings(const struct film *film)
{
    json_t *list = json_array();
    for (size_t i = 0; i < film->chunk_count; i++)
        json_array_append_new(list, setting_json(film->settings[i]));
    return list;
}

static void film_tell_settings(const struct film *film, json_t *figures)
{
    int size_step = film->settings[0].size_step;
    json_int_t slower = 0;
    for (size_t i = 0; i < film->chunk_count; i++)
        slower += film->settings[i].rate_step > 0;
    if (size_step)
        json_object_set_new(
            figures, "crf",
            json_real(size_step_crf(film->rendition->preset, size_step)));
    if (slower)
        json_object_set_new(figures, "chunks_slower", json_integer(slower));
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
    film_tell_settings(film, figures);
    ret = digest_file(log, path, digest);
    if (ret < 0)
        goto done;
    entry = json_pack("{s:s,s:I,s:o,s:O}", "digest", digest, "bytes",
                      (json_int_t)files_size(path), "settings",
                      film_settings(film), "figures", figures);
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

int maker_film(struct maker *maker, const json_t *request, json_t *reply,
               struct arena *arena, struct log *log)
{
    struct film film = {0};
    struct weight weight;
    film_read(maker, request, arena, &film);
    bool sound_damaged;
    int ret = film_prove_sound(log, &film, &sound_damaged);
    if (ret >= 0 && sound_damaged) {
        json_object_set_new(reply, "sound", json_true());
        return 0;
    }
    if (ret >= 0)
        ret = film_weigh(log, &film, arena, &weight);
    if (ret < 0)
        return ret;
    if (weight.damaged >= 0) {
        json_object_set_new(reply, "damaged", json_integer(weight.damaged));
        return 0;
    }
    /* Before the rate buffer: another crf begins that ladder anew. */
    if (film_misses_size(&film, film.sound_bytes + film.picture_bytes, false,
                         reply))
        return 0;
    if (weight.offender >= 0)
        return film_step_down(log, &film, &weight, reply);
    char *path = store_temporary(maker->queue->store, film.key, "mp4", arena);
    ret =
        muxer_write(log, maker->queue->plan->session, film.rendition,
                    film.chunk_paths, film.chunk_count, film.sound_path, path);
    if (ret < 0 || film_misses_size(&film, files_size(path), true, reply)) {
        unlink(path);
        return ret;
    }
    return film_finish(maker, &film, path, weight.peak_bps, reply, log);
}
