/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the order of work: finished films first, since they free the user's
 * wait, then sound, then pictures clip by clip (queue_run.c), posters last:
 * they are small, and fill the gap while the last pictures are made. */
#include "produce/queue_parts.h"

#include "produce/setting.h"

#include <stdlib.h>

/* What an item may be silent for per planned unit, beyond the patience that
 * each is given. Runs tell of each picture: only what lies between two spans
 * counts there, their checks. */
#define DEADLINE_UNIT_MS 3000

static bool rendition_is_complete(const struct queue *queue, size_t index)
{
    const struct rendition *rendition = queue->plan->renditions[index];
    const struct rendition_work *work = &queue->renditions[index];
    for (size_t i = 0; i < rendition->chunk_count; i++)
        if (work->chunks[i].state != PRODUCT_READY)
            return false;
    return !rendition->sound ||
           queue->sounds[queue_sound_index(queue, rendition->sound)] ==
               PRODUCT_READY;
}

static struct item *queue_find_ready_file(struct queue *queue)
{
    for (size_t i = 0; i < queue->plan->rendition_count; i++) {
        if (queue->renditions[i].file != PRODUCT_WANTED ||
            !rendition_is_complete(queue, i))
            continue;
        struct item *item =
            ARENA_PUSH(queue->arena, queue->items, queue->item_count);
        *item = (struct item){.kind = ITEM_FILE, .index = i};
        item->units = queue_file_units(queue->plan->renditions[i]);
        queue->renditions[i].file = PRODUCT_UNDER_WAY;
        return item;
    }
    return NULL;
}

static struct item *queue_find_sound(struct queue *queue)
{
    for (size_t i = 0; i < queue->plan->sound_count; i++) {
        if (queue->sounds[i] != PRODUCT_WANTED)
            continue;
        struct item *item =
            ARENA_PUSH(queue->arena, queue->items, queue->item_count);
        *item = (struct item){.kind = ITEM_SOUND, .index = i};
        item->units = queue_sound_units(queue->plan->sounds[i]);
        queue->sounds[i] = PRODUCT_UNDER_WAY;
        return item;
    }
    return NULL;
}

static struct item *queue_find_poster_work(struct queue *queue)
{
    for (size_t i = 0; i < queue->plan->clip_count; i++) {
        if (queue->posters[i] != PRODUCT_WANTED)
            continue;
        struct item *item =
            ARENA_PUSH(queue->arena, queue->items, queue->item_count);
        *item = (struct item){.kind = ITEM_POSTER, .index = i};
        for (size_t p = 0; p < queue->plan->poster_count; p++)
            if (queue->plan->posters[p]->clip == queue->plan->clips[i] &&
                queue->plan->posters[p]->wanted &&
                queue->poster_results[p].state == RESULT_NONE)
                item->units += UNITS_PER_POSTER;
        queue->posters[i] = PRODUCT_UNDER_WAY;
        return item;
    }
    return NULL;
}

static json_t *item_chunks(const struct queue *queue, const struct item *item)
{
    json_t *list = json_array();
    for (size_t i = 0; i < item->chunk_count; i++) {
        const struct chunk_place *place = &item->chunks[i];
        struct chunk_setting setting =
            queue_setting(queue, place->rendition, place->span);
        json_array_append_new(list,
                              json_pack("[I,I,o]", (json_int_t)place->span,
                                        (json_int_t)place->rendition,
                                        setting_json(setting)));
    }
    return list;
}

/* Each chunk's steps on the ladders, and what holds for the whole film. */
static json_t *item_settings(const struct queue *queue, const struct item *item,
                             json_t *request)
{
    const struct rendition *rendition = queue->plan->renditions[item->index];
    const struct rendition_work *work = &queue->renditions[item->index];
    json_t *list = json_array();
    for (size_t i = 0; i < rendition->chunk_count; i++)
        json_array_append_new(
            list, setting_json(queue_setting(queue, item->index, i)));
    json_object_set_new(
        request, "least",
        json_integer(size_least(&work->size, size_cap(rendition))));
    return list;
}

static void item_request(const struct queue *queue, const struct item *item,
                         struct buffer *out)
{
    json_t *request = json_pack("{s:i,s:I}", "kind", item->kind, "index",
                                (json_int_t)item->index);
    json_t *list = item->kind == ITEM_RUN ? item_chunks(queue, item)
                   : item->kind == ITEM_FILE
                       ? item_settings(queue, item, request)
                       : json_array();
    json_object_set_new(request, "list", list);
    char *text = json_dumps(request, JSON_COMPACT);
    buffer_puts(out, text ? text : "{}");
    free(text);
    json_decref(request);
}

static int item_deadline_ms(const struct queue *queue, const struct item *item)
{
    int64_t units = item->units;
    if (item->kind == ITEM_RUN) {
        units = 0;
        for (size_t i = 0; i < item->chunk_count &&
                           item->chunks[i].span == item->chunks[0].span;
             i++)
            units += queue_chunk_units(
                queue->plan->renditions[item->chunks[i].rendition],
                item->chunks[i].span);
    }
    return worker_deadline_ms(PATIENCE_S * 1000 + units * DEADLINE_UNIT_MS,
                              queue->options->patience_s);
}

bool queue_next(void *context, struct worker_item *out)
{
    struct queue *queue = context;
    if (queue->stuck_code)
        return false;
    struct item *item = queue_find_ready_file(queue);
    if (!item)
        item = queue_find_sound(queue);
    if (!item)
        item = queue_find_run(queue);
    if (!item)
        item = queue_find_poster_work(queue);
    if (!item)
        return false;
    queue->units_in_hand += item->units;
    out->id = item - queue->items;
    out->deadline_ms = item_deadline_ms(queue, item);
    item_request(queue, item, &out->request);
    return true;
}
