/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns how the chunks that wait are dealt out: long runs first, so that a
 * decode goes on instead of beginning anew; shorter ones as the end comes
 * near, so that all workers end together. Does not know how one is made. */
#include "produce/queue_parts.h"

#include "ingest/index.h"

#include <string.h>

/* A run is at most so large a part of one worker's share of what waits: the
 * rest evens out what was estimated wrongly. */
#define SHARE_DIVISOR 2
/* A range's presets are parted among workers, each with a decode of its own,
 * when together they are more than a share and this part of it (a fourth):
 * parting what is nearly even costs more than it evens. */
#define SLACK_DIVISOR 4

bool queue_has_chunk(const struct queue *queue, size_t rendition, size_t chunk)
{
    char key[DIGEST_TEXT];
    chunk_key(&queue->plan->renditions[rendition]->chunks[chunk],
              queue_setting(queue, rendition, chunk), key);
    return store_has(queue->store, key, "chunk");
}

void queue_set_chunk(struct queue *queue, size_t rendition, size_t chunk,
                     enum product_state state)
{
    struct chunk_work *work = &queue->renditions[rendition].chunks[chunk];
    int64_t units =
        queue_chunk_units(queue->plan->renditions[rendition], chunk);
    if (work->state == PRODUCT_WANTED)
        queue->units_waiting -= units;
    if (state == PRODUCT_WANTED)
        queue->units_waiting += units;
    work->state = state;
}

static bool queue_waits_for(const struct queue *queue, size_t rendition,
                            size_t span)
{
    const struct rendition_work *work = &queue->renditions[rendition];
    return span < queue->plan->renditions[rendition]->chunk_count &&
           work->file == PRODUCT_WANTED &&
           work->chunks[span].state == PRODUCT_WANTED;
}

static int64_t queue_span_units(const struct queue *queue, size_t clip,
                                size_t span)
{
    const struct clip_work *work = &queue->clips[clip];
    int64_t units = 0;
    for (size_t i = 0; i < work->rendition_count; i++) {
        size_t rendition = work->renditions[i];
        if (queue_waits_for(queue, rendition, span))
            units +=
                queue_chunk_units(queue->plan->renditions[rendition], span);
    }
    return units;
}

/* Renditions that agree in all share one chunk: it is made once. */
static bool item_has_same(const struct queue *queue, const struct item *item,
                          size_t rendition, size_t span)
{
    const char *key = queue->plan->renditions[rendition]->chunks[span].base_key;
    for (size_t i = 0; i < item->chunk_count; i++) {
        const struct chunk_place *place = &item->chunks[i];
        const struct rendition *other =
            queue->plan->renditions[place->rendition];
        if (place->span == span && !strcmp(other->chunks[span].base_key, key))
            return true;
    }
    return false;
}

static void item_add_chunk(struct queue *queue, struct item *item,
                           size_t rendition, size_t span)
{
    struct chunk_place *place =
        ARENA_PUSH(queue->arena, item->chunks, item->chunk_count);
    *place = (struct chunk_place){span, rendition};
    item->units += queue_chunk_units(queue->plan->renditions[rendition], span);
    queue_set_chunk(queue, rendition, span, PRODUCT_UNDER_WAY);
}

/* Chunks of one span of all renditions that lack it, as far as they fit under
 * the limit; at least one. False when some had to stay. */
static bool item_add_span(struct queue *queue, struct item *item, size_t span,
                          int64_t limit)
{
    const struct clip_work *work = &queue->clips[item->index];
    bool whole = true;
    if (!item->chunk_count)
        item->again = work->begun[span];
    work->begun[span] = true;
    for (size_t i = 0; i < work->rendition_count; i++) {
        size_t rendition = work->renditions[i];
        if (!queue_waits_for(queue, rendition, span))
            continue;
        int64_t units =
            queue_chunk_units(queue->plan->renditions[rendition], span);
        if (!item->chunk_count || item->units + units <= limit ||
            item_has_same(queue, item, rendition, span))
            item_add_chunk(queue, item, rendition, span);
        else
            whole = false;
    }
    return whole;
}

/* Whether the pictures of a span can be had without beginning a decode anew
 * when the one before it was just made: a shot's run, the card on its last
 * picture, a dissolve under which the shot before runs on. */
static bool span_goes_on(const struct clip *clip, size_t span)
{
    const struct span *now = &clip->spans[span], *before = now - 1;
    if (before->shot < 0)
        return false;
    const struct shot *shot = &clip->shots[before->shot];
    bool same = now->shot == before->shot || now->shot < 0;
    bool beyond = now->shot == before->shot + 1 && now->join == JOIN_DISSOLVE;
    if (!same && !beyond)
        return false;
    return shot->photo || shot->recording->index->closed;
}

/* What one worker has to do until all end together: what others have in hand
 * is theirs. `more`: taken from what waits, and in nobody's hand yet. */
static int64_t queue_share(const struct queue *queue, int64_t more)
{
    int64_t left = queue->units_waiting + queue->units_in_hand + more;
    return left / queue->options->jobs;
}

static void item_extend(struct queue *queue, struct item *item, size_t span)
{
    const struct clip *clip = queue->plan->clips[item->index];
    int64_t limit = queue_share(queue, item->units) / SHARE_DIVISOR;
    for (size_t s = span + 1; s < clip->span_count; s++) {
        int64_t units = queue_span_units(queue, item->index, s);
        if (!units || item->units + units > limit ||
            queue->clips[item->index].begun[s] || !span_goes_on(clip, s))
            return;
        item_add_span(queue, item, s, INT64_MAX);
    }
}

struct item *queue_find_run(struct queue *queue)
{
    int jobs = queue->options->jobs;
    int64_t share = queue_share(queue, 0);
    int64_t limit = jobs > 1 ? share + share / SLACK_DIVISOR : INT64_MAX;
    for (size_t c = 0; c < queue->plan->clip_count; c++) {
        for (size_t s = 0; s < queue->plan->clips[c]->span_count; s++) {
            if (!queue_span_units(queue, c, s))
                continue;
            struct item item = {.kind = ITEM_RUN, .index = c};
            if (item_add_span(queue, &item, s, limit) && !item.again)
                item_extend(queue, &item, s);
            struct item *kept =
                ARENA_PUSH(queue->arena, queue->items, queue->item_count);
            *kept = item;
            return kept;
        }
    }
    return NULL;
}
