/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the record's form and file. Does not compare. */
#include "produce/reasons_parts.h"

#include "base/files.h"
#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE_TEXT 16 /* hex digits of a session's place in a file's name */

/* --- sums as text --------------------------------------------------------- */

void reasons_range(const struct clip *clip, char out[SUM_TEXT])
{
    uint64_t sum = 0;
    for (size_t i = 0; i < clip->shot_count; i++) {
        const struct shot *shot = &clip->shots[i];
        const int64_t times[] = {shot->in_flicks, shot->out_flicks};
        const char *source =
            shot->photo ? shot->photo->file : shot->recording->name;
        digest_mix(&sum, source, strlen(source));
        digest_mix(&sum, times, sizeof(times));
    }
    snprintf(out, SUM_TEXT, "%016" PRIx64, sum);
}

void reasons_poster_name(const struct poster *poster, char out[SUM_TEXT])
{
    snprintf(out, SUM_TEXT, "%dx%d %s", poster->cover->width,
             poster->cover->height, poster->lettering ? "titled" : "plain");
}

static json_t *sums_json(const struct key_parts *parts)
{
    struct buffer text = {0};
    for (int i = 0; i < KEY_PARTS; i++) {
        if (i)
            buffer_puts(&text, ",");
        if (parts->sums[i])
            buffer_printf(&text, "%" PRIx64, parts->sums[i]);
    }
    json_t *string = json_string(buffer_text(&text));
    buffer_clear(&text);
    return string;
}

bool reasons_read(const json_t *sums, struct key_parts *out)
{
    const char *text = json_string_value(sums);
    *out = (struct key_parts){0};
    for (int i = 0; text && i < KEY_PARTS; i++) {
        char *end;
        out->sums[i] = *text == ',' ? 0 : strtoull(text, &end, 16);
        text = strchr(text, ',');
        text = text ? text + 1 : NULL;
    }
    return json_is_string(sums);
}

/* The order of the sums; another one is of another version. */
static json_t *names_json(void)
{
    struct buffer text = {0};
    for (int i = 0; i < KEY_PARTS; i++)
        buffer_printf(&text, "%s%s", i ? "," : "", key_part_names[i]);
    json_t *string = json_string(buffer_text(&text));
    buffer_clear(&text);
    return string;
}

/* --- the file ------------------------------------------------------------- */

/* Sessions that share a work folder have one each. */
static const char *record_path(const struct plan *plan,
                               const struct store *store, struct arena *arena)
{
    const char *path = plan->session->path;
    uint8_t sum[DIGEST_BYTES];
    char text[DIGEST_TEXT];
    size_t length = strlen(path);
    if (!strncmp(store->folder, path, length) && store->folder[length] == '/')
        return files_join(arena, store->folder, "made.json");
    digest_of(path, length, sum);
    digest_text(sum, text);
    return arena_printf(arena, "%s/made-%.*s.json", store->folder, PLACE_TEXT,
                        text);
}

json_t *reasons_read_record(const struct plan *plan, const struct store *store)
{
    struct arena *arena = arena_create();
    json_t *record = json_read(record_path(plan, store, arena));
    json_t *names = names_json();
    if (record && !json_equal(json_object_get(record, "parts"), names)) {
        json_decref(record);
        record = NULL;
    }
    json_decref(names);
    arena_destroy(&arena);
    return record;
}

/* --- what the store has now ----------------------------------------------- */

static bool is_ready(const struct queue *queue, size_t rendition, size_t chunk)
{
    const struct rendition_work *work = &queue->renditions[rendition];
    return work->file == PRODUCT_READY ||
           work->chunks[chunk].state == PRODUCT_READY;
}

/* Of a film that is not whole, the chunks of before are kept too: what comes
 * in their place is compared with them. */
static json_t *film_json(const struct reasons *reasons,
                         const struct queue *queue, size_t index)
{
    const struct rendition *rendition = queue->plan->renditions[index];
    const json_t *then = reasons_film_then(reasons, index);
    bool whole = queue->renditions[index].file == PRODUCT_READY;
    struct key_parts parts, words = {0};
    json_t *chunks = json_array();
    for (size_t i = 0; i < rendition->chunk_count; i++)
        if (is_ready(queue, index, i))
            json_array_append_new(chunks,
                                  sums_json(&rendition->chunks[i].parts));
    if (!whole && then)
        json_array_extend(chunks, json_object_get(then, "chunks"));
    if (!whole && !json_array_size(chunks)) {
        json_decref(chunks);
        return NULL;
    }
    json_t *film = json_pack("{s:s,s:o}", "name", rendition->preset->name,
                             "chunks", chunks);
    if (rendition->script)
        parts_add_words(&words, rendition->script);
    products_film_parts(queue->plan, rendition, &parts);
    if (whole) {
        json_object_set_new(film, "words", sums_json(&words));
        json_object_set_new(film, "parts", sums_json(&parts));
    } else if (then) {
        json_object_set(film, "words", json_object_get(then, "words"));
        json_object_set(film, "parts", json_object_get(then, "parts"));
    }
    return film;
}

static void add_entry(json_t *list, const char *name,
                      const struct key_parts *parts)
{
    json_array_append_new(
        list, json_pack("{s:s,s:o}", "name", name, "parts", sums_json(parts)));
}

static json_t *films_json(const struct reasons *reasons,
                          const struct queue *queue, const struct clip *clip)
{
    json_t *list = json_array();
    for (size_t i = 0; i < queue->plan->rendition_count; i++) {
        json_t *film = queue->plan->renditions[i]->clip == clip
                           ? film_json(reasons, queue, i)
                           : NULL;
        if (film)
            json_array_append_new(list, film);
    }
    return list;
}

static json_t *sounds_json(const struct queue *queue, const struct clip *clip)
{
    json_t *list = json_array();
    for (size_t i = 0; i < queue->plan->sound_count; i++) {
        const struct sound *sound = queue->plan->sounds[i];
        if (sound->clip == clip && store_has(queue->store, sound->key, "sound"))
            add_entry(list, sound->preset->name, &sound->parts);
    }
    return list;
}

static json_t *posters_json(const struct queue *queue, const struct clip *clip)
{
    json_t *list = json_array();
    char name[SUM_TEXT];
    for (size_t i = 0; i < queue->plan->poster_count; i++) {
        const struct poster *poster = queue->plan->posters[i];
        if (poster->clip != clip || !result_is_ready(&queue->poster_results[i]))
            continue;
        reasons_poster_name(poster, name);
        add_entry(list, name, &poster->parts);
    }
    return list;
}

static bool is_whole(const struct queue *queue, const struct clip *clip)
{
    for (size_t i = 0; i < queue->plan->rendition_count; i++)
        if (queue->plan->renditions[i]->clip == clip &&
            queue->renditions[i].file != PRODUCT_READY)
            return false;
    return true;
}

static json_t *clip_json(const struct reasons *reasons,
                         const struct queue *queue, size_t index)
{
    const struct clip *clip = queue->plan->clips[index];
    char range[SUM_TEXT];
    reasons_range(clip, range);
    const json_t *then = reasons->clips[index];
    json_t *now = json_pack(
        "{s:s,s:s*,s:s,s:o,s:o,s:o}", "id", clip->id, "title", clip->title,
        "range", range, "films", films_json(reasons, queue, clip), "sounds",
        sounds_json(queue, clip), "posters", posters_json(queue, clip));
    /* What this run left out stays as it was made. */
    const char *const lists[] = {"films", "sounds", "posters"};
    for (size_t i = 0; then && i < 3; i++)
        if (!json_array_size(json_object_get(now, lists[i])))
            json_object_set(now, lists[i], json_object_get(then, lists[i]));
    if (then && !is_whole(queue, clip))
        json_object_set(now, "range", json_object_get(then, "range"));
    return now;
}

void reasons_keep(const struct reasons *reasons, const struct queue *queue)
{
    struct arena *arena = arena_create();
    json_t *clips = json_array();
    for (size_t i = 0; i < queue->plan->clip_count; i++)
        json_array_append_new(clips, clip_json(reasons, queue, i));
    json_t *record =
        json_pack("{s:o,s:o}", "parts", names_json(), "clips", clips);
    char *text = json_dumps(record, JSON_COMPACT);
    /* One that can't be kept costs an explanation, nobody a word. */
    if (text)
        files_update(NULL, record_path(queue->plan, queue->store, arena), text,
                     strlen(text));
    free(text);
    json_decref(record);
    arena_destroy(&arena);
}
