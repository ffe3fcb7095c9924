/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns which item comes next and what an item's end means. Does not know how
 * anything is made (maker.c) nor how workers run (base/worker.c). */
#include "produce/queue_parts.h"

#include "produce/products.h"

#include "base/clock.h"
#include "plan/plan.h"
#include "render/render.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libavutil/time.h>

/* Frames of 1920x1080 are the unit; the rest is weighed against them by what
 * it was seen to take beside a veryfast encode. */
#define UNITS_PER_SOUND_SECOND 1
#define UNITS_PER_FILE_FRAMES  25 /* so many frames of a file are one unit */

int64_t queue_chunk_units(const struct rendition *rendition, size_t chunk)
{
    const struct chunk *c = &rendition->chunks[chunk];
    int64_t pixels = rendition->preset->width * rendition->preset->height;
    return FFMAX(1,
                 (c->end_tick - c->first_tick) * pixels / RENDER_UNIT_PIXELS);
}

int64_t queue_file_units(const struct rendition *rendition)
{
    return 1 + rendition->timeline->ticks / UNITS_PER_FILE_FRAMES;
}

int64_t queue_sound_units(const struct sound *sound)
{
    return 1 + sound->timeline->samples / 48000 * UNITS_PER_SOUND_SECOND;
}

size_t queue_clip_index(const struct queue *queue, const struct clip *clip)
{
    for (size_t i = 0; i < queue->plan->clip_count; i++)
        if (queue->plan->clips[i] == clip)
            return i;
    return 0;
}

size_t queue_sound_index(const struct queue *queue, const struct sound *sound)
{
    for (size_t i = 0; i < queue->plan->sound_count; i++)
        if (queue->plan->sounds[i] == sound)
            return i;
    return 0;
}

const char *queue_poster_key(const struct poster *poster)
{
    return poster->key;
}

/* Whether the store holds the finished file with its figures; fills the
 * result when it does. */
bool queue_find_file(struct queue *queue, size_t index)
{
    struct rendition_work *work = &queue->renditions[index];
    struct result *result = &queue->rendition_results[index];
    if (!store_has(queue->store, work->key, "mp4"))
        return false;
    json_t *entry = store_read_json(queue->store, work->key);
    const char *digest = json_string_value(json_object_get(entry, "digest"));
    if (!digest || strlen(digest) != DIGEST_TEXT - 1) {
        json_decref(entry);
        return false;
    }
    memcpy(result->digest, digest, DIGEST_TEXT);
    result->bytes = json_integer_value(json_object_get(entry, "bytes"));
    result->figures = json_incref(json_object_get(entry, "figures"));
    result->path = store_path(queue->store, work->key, "mp4", queue->arena);
    json_decref(entry);
    return true;
}

/* Takes a digest of the poster's entry, and the path that goes with it. False:
 * the file or the digest is missing. */
static bool find_poster_file(const struct queue *queue, const char *key,
                             const json_t *entry, const char *name,
                             const char *kind, char digest[DIGEST_TEXT],
                             const char **path)
{
    const char *known = json_string_value(json_object_get(entry, name));
    if (!known || strlen(known) != DIGEST_TEXT - 1 ||
        !store_has(queue->store, key, kind))
        return false;
    memcpy(digest, known, DIGEST_TEXT);
    *path = store_path(queue->store, key, kind, queue->arena);
    return true;
}

bool queue_find_poster(struct queue *queue, size_t index)
{
    const struct poster *poster = queue->plan->posters[index];
    const char *key = queue_poster_key(poster);
    struct result found = {0};
    json_t *entry = store_read_json(queue->store, key);
    bool whole = find_poster_file(queue, key, entry, "digest", "png",
                                  found.digest, &found.path);
    if (whole && poster->cover->jpeg_bytes > 0)
        whole = find_poster_file(queue, key, entry, "jpeg_digest", "jpg",
                                 found.jpeg_digest, &found.jpeg_path);
    if (whole && poster->sheet)
        whole = find_poster_file(queue, key, entry, "sheet_digest", "sheet.jpg",
                                 found.sheet_digest, &found.sheet_path);
    if (whole) {
        found.bytes = json_integer_value(json_object_get(entry, "bytes"));
        found.figures = json_incref(json_object_get(entry, "figures"));
        found.state = queue->poster_results[index].state;
        queue->poster_results[index] = found;
    }
    json_decref(entry);
    return whole;
}

static void queue_init_rendition(struct queue *queue, size_t index)
{
    const struct rendition *rendition = queue->plan->renditions[index];
    struct rendition_work *work = &queue->renditions[index];
    work->chunks = arena_alloc(queue->arena,
                               rendition->chunk_count * sizeof *work->chunks);
    products_film_key(queue->plan, rendition, work->key);
    queue_reset_fills(queue, index);
    for (size_t i = 0; i < rendition->chunk_count; i++)
        work->units += queue_chunk_units(rendition, i);
    /* Decoding all of a film goes with putting it together. */
    bool again = rendition->wanted && queue->options->verify_full;
    if (!again && queue_find_file(queue, index)) {
        work->file = PRODUCT_READY;
        work->reused = true;
        queue->rendition_results[index].state = RESULT_REUSED;
        queue->summary->chunks_reused += rendition->chunk_count;
        queue->summary->reused++;
        return;
    }
    if (!rendition->wanted) {
        work->file = PRODUCT_LEFT_OUT;
        return;
    }
    queue_want_rendition(queue, index);
}

struct chunk_setting queue_setting(const struct queue *queue, size_t rendition,
                                   size_t chunk)
{
    const struct rendition_work *work = &queue->renditions[rendition];
    return (struct chunk_setting){work->chunks[chunk].fill_step,
                                  work->size.step,
                                  work->chunks[chunk].rate_step};
}

void queue_reset_fills(struct queue *queue, size_t rendition)
{
    size_t count = queue->plan->renditions[rendition]->chunk_count;
    for (size_t i = 0; i < count; i++) {
        struct chunk_work *work = &queue->renditions[rendition].chunks[i];
        work->fill_step = i ? FILL_OTHER : FILL_FIRST;
        work->rate_step = 0;
    }
}

void queue_want_rendition(struct queue *queue, size_t index)
{
    const struct rendition *rendition = queue->plan->renditions[index];
    struct rendition_work *work = &queue->renditions[index];
    work->file = PRODUCT_WANTED;
    queue->units_total += queue_file_units(rendition);
    for (size_t i = 0; i < rendition->chunk_count; i++) {
        work->chunks[i].state = PRODUCT_WANTED;
        if (queue_has_chunk(queue, index, i)) {
            work->chunks[i].state = PRODUCT_READY;
            queue->summary->chunks_reused++;
        } else {
            queue->units_total += queue_chunk_units(rendition, i);
            queue->units_waiting += queue_chunk_units(rendition, i);
        }
    }
}

static void queue_init_clips(struct queue *queue)
{
    const struct plan *plan = queue->plan;
    queue->clips =
        arena_alloc(queue->arena, plan->clip_count * sizeof *queue->clips);
    for (size_t i = 0; i < plan->rendition_count; i++) {
        size_t clip = queue_clip_index(queue, plan->renditions[i]->clip);
        struct clip_work *work = &queue->clips[clip];
        size_t *rendition =
            ARENA_PUSH(queue->arena, work->renditions, work->rendition_count);
        *rendition = i;
    }
    for (size_t i = 0; i < plan->clip_count; i++)
        queue->clips[i].begun =
            arena_alloc(queue->arena, plan->clips[i]->span_count *
                                          sizeof *queue->clips[i].begun);
}

static bool queue_needs_sound(const struct queue *queue,
                              const struct sound *sound)
{
    for (size_t i = 0; i < queue->plan->rendition_count; i++)
        if (queue->plan->renditions[i]->sound == sound &&
            queue->renditions[i].file == PRODUCT_WANTED)
            return true;
    return false;
}

static void queue_init_posters(struct queue *queue)
{
    const struct plan *plan = queue->plan;
    for (size_t c = 0; c < plan->clip_count; c++)
        queue->posters[c] = PRODUCT_READY;
    for (size_t i = 0; i < plan->poster_count; i++) {
        if (queue_find_poster(queue, i)) {
            queue->poster_results[i].state = RESULT_REUSED;
            queue->summary->reused++;
            continue;
        }
        if (!plan->posters[i]->wanted)
            continue;
        queue->posters[queue_clip_index(queue, plan->posters[i]->clip)] =
            PRODUCT_WANTED;
        queue->units_total += UNITS_PER_POSTER;
    }
}

void queue_init(struct queue *queue)
{
    const struct plan *plan = queue->plan;
    struct arena *arena = queue->arena;
    queue->begin_ms = av_gettime_relative() / 1000;
    queue->renditions =
        arena_alloc(arena, plan->rendition_count * sizeof *queue->renditions);
    queue->rendition_results = arena_alloc(
        arena, plan->rendition_count * sizeof *queue->rendition_results);
    queue->poster_results =
        arena_alloc(arena, plan->poster_count * sizeof *queue->poster_results);
    queue->sounds =
        arena_alloc(arena, plan->sound_count * sizeof *queue->sounds);
    queue->posters =
        arena_alloc(arena, plan->clip_count * sizeof *queue->posters);
    queue->timings = json_array();
    queue_init_clips(queue);
    for (size_t i = 0; i < plan->rendition_count; i++)
        queue_init_rendition(queue, i);
    for (size_t i = 0; i < plan->sound_count; i++) {
        if (!queue_needs_sound(queue, plan->sounds[i]) ||
            store_has(queue->store, plan->sounds[i]->key, "sound"))
            queue->sounds[i] = PRODUCT_READY;
        else
            queue->units_total += queue_sound_units(plan->sounds[i]);
    }
    queue_init_posters(queue);
}

void queue_clear(struct queue *queue)
{
    for (size_t i = 0; i < queue->plan->rendition_count; i++)
        json_decref(queue->rendition_results[i].figures);
    for (size_t i = 0; i < queue->plan->poster_count; i++)
        json_decref(queue->poster_results[i].figures);
    json_decref(queue->timings);
}
