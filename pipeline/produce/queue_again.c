/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what is wanted again after it was believed to be there, or was tried
 * without effect: damaged products, and items that found no room. */
#include "produce/queue_parts.h"

#include "produce/room.h"

/* --- no room, or no place ------------------------------------------------- */

static void put_back_run(struct queue *queue, const struct item *item)
{
    for (size_t i = 0; i < item->chunk_count; i++) {
        const struct chunk_place *place = &item->chunks[i];
        if (queue_has_chunk(queue, place->rendition, place->span)) {
            queue_set_chunk(queue, place->rendition, place->span,
                            PRODUCT_READY);
            queue->summary->chunks_made++;
            continue;
        }
        queue_set_chunk(queue, place->rendition, place->span, PRODUCT_WANTED);
        queue->units_done -= queue_chunk_units(
            queue->plan->renditions[place->rendition], place->span);
    }
}

bool queue_put_back(struct queue *queue, const struct item *item, int code)
{
    if (code < 0 && (room_gone(queue) || store_is_gone(queue->store)))
        code = AVERROR(ENOENT);
    else if (!room_is_out(code))
        return false;
    queue->stuck_code = code;
    if (item->kind == ITEM_RUN) {
        put_back_run(queue, item);
        return true;
    }
    queue->units_done -= item->units;
    if (item->kind == ITEM_SOUND)
        queue->sounds[item->index] = PRODUCT_WANTED;
    else if (item->kind == ITEM_POSTER)
        queue->posters[item->index] = PRODUCT_WANTED;
    else
        queue->renditions[item->index].file = PRODUCT_WANTED;
    return true;
}

/* --- damaged in the store ------------------------------------------------- */

void queue_want_sound(struct queue *queue, size_t index)
{
    const struct sound *sound = queue->plan->sounds[index];
    if (queue->sounds[index] == PRODUCT_WANTED ||
        queue->sounds[index] == PRODUCT_UNDER_WAY ||
        store_has(queue->store, sound->key, "sound"))
        return;
    queue->sounds[index] = PRODUCT_WANTED;
    queue->units_total += queue_sound_units(sound);
}

static void queue_want_film(struct queue *queue, size_t index)
{
    const struct rendition *rendition = queue->plan->renditions[index];
    struct rendition_work *work = &queue->renditions[index];
    struct result *result = &queue->rendition_results[index];
    if (work->file == PRODUCT_WANTED)
        return;
    store_remove(queue->store, work->key, "mp4");
    if (result->state == RESULT_REUSED) {
        queue->summary->reused--;
        queue->summary->chunks_reused -= rendition->chunk_count;
    } else {
        queue->summary->made--;
    }
    json_decref(result->figures);
    *result = (struct result){0};
    queue_want_rendition(queue, index);
    if (rendition->sound)
        queue_want_sound(queue, queue_sound_index(queue, rendition->sound));
}

static void queue_want_poster(struct queue *queue, size_t index)
{
    const struct poster *poster = queue->plan->posters[index];
    struct result *result = &queue->poster_results[index];
    store_remove(queue->store, queue_poster_key(poster), "png");
    if (result->state == RESULT_REUSED)
        queue->summary->reused--;
    else
        queue->summary->made--;
    json_decref(result->figures);
    *result = (struct result){0};
    queue->posters[queue_clip_index(queue, poster->clip)] = PRODUCT_WANTED;
    queue->units_total += UNITS_PER_POSTER;
}

void queue_damaged(struct queue *queue, size_t product)
{
    size_t films = queue->plan->rendition_count;
    bool is_film = product < films;
    if (!is_film && product - films >= queue->plan->poster_count)
        return;
    const char *path = is_film ? queue->rendition_results[product].path
                               : queue->poster_results[product - films].path;
    if (!path)
        return;
    log_verbose(queue->log, _("%s is damaged in the work folder: made again"),
                path);
    if (is_film)
        queue_want_film(queue, product);
    else
        queue_want_poster(queue, product - films);
}
