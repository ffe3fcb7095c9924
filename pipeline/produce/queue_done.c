/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what an item's end means for the others, and the telling of it. */
#include "produce/queue_parts.h"

#include "base/files.h"
#include "produce/reasons.h"
#include "produce/setting.h"

#include <string.h>
#include <unistd.h>
#include <libavutil/time.h>

/* A product that is damaged more often on its way tells of the disk. */
#define REMAKES_MOST 2

static void queue_tell(struct queue *queue, const struct item *item,
                       const char *what, const char *state,
                       const char *sentence)
{
    struct produce_event event = {
        .kind = EVENT_ITEM,
        .units = queue->units_done,
        .total = queue->units_total,
        .item = queue_item_name(queue, item),
        .what = what,
        .state = state,
        .sentence = sentence,
    };
    queue->event(queue->opaque, &event);
}

char *queue_item_name(const struct queue *queue, const struct item *item)
{
    const struct plan *plan = queue->plan;
    switch (item->kind) {
    case ITEM_RUN:
    case ITEM_POSTER:
        return arena_strdup(queue->arena, plan->clips[item->index]->stem);
    case ITEM_SOUND:
        return arena_strdup(queue->arena,
                            plan->sounds[item->index]->clip->stem);
    default:
        return arena_printf(
            queue->arena, "%s · %s", plan->renditions[item->index]->clip->stem,
            preset_called(plan->renditions[item->index]->preset));
    }
}

uint32_t queue_item_reasons(const struct queue *queue, const struct item *item)
{
    const struct plan *plan = queue->plan;
    uint32_t set = 0;
    if (!queue->reasons)
        return 0;
    if (item->kind == ITEM_SOUND)
        return reasons_of_sound(queue->reasons, item->index);
    if (item->kind == ITEM_FILE)
        return reasons_of_film(queue->reasons, item->index);
    for (size_t i = 0; i < item->chunk_count; i++)
        set |= reasons_of_chunk(queue->reasons, item->chunks[i].rendition,
                                item->chunks[i].span);
    for (size_t i = 0; item->kind == ITEM_POSTER && i < plan->poster_count; i++)
        if (plan->posters[i]->clip == plan->clips[item->index] &&
            queue->poster_results[i].state != RESULT_REUSED)
            set |= reasons_of_poster(queue->reasons, i);
    return set;
}

/* What will not be made any more is planned no more. What workers have in hand
 * settles itself. */
static void queue_give_up(struct queue *queue, size_t index)
{
    const struct rendition *rendition = queue->plan->renditions[index];
    struct rendition_work *work = &queue->renditions[index];
    if (work->file == PRODUCT_WANTED)
        queue->units_total -= queue_file_units(rendition);
    for (size_t i = 0; i < rendition->chunk_count; i++) {
        if (work->chunks[i].state != PRODUCT_WANTED)
            continue;
        queue_set_chunk(queue, index, i, PRODUCT_FAILED);
        queue->units_total -= queue_chunk_units(rendition, i);
    }
}

static void queue_fail_rendition(struct queue *queue, size_t index,
                                 const char *sentence)
{
    struct rendition_work *work = &queue->renditions[index];
    struct result *result = &queue->rendition_results[index];
    if (work->file == PRODUCT_FAILED)
        return;
    queue_give_up(queue, index);
    work->file = PRODUCT_FAILED;
    result->state = RESULT_FAILED;
    result->sentence = arena_strdup(queue->arena, sentence);
    queue->summary->failed++;
    struct item item = {.kind = ITEM_FILE, .index = index};
    queue_tell(queue, &item, "clip", "failed", result->sentence);
}

/* The first span of a run that was not made is the one that failed: what came
 * before it lies in the store, what comes after it was not tried. So it is too
 * when the worker died and left no report. */
static void queue_end_failed_run(struct queue *queue, const struct item *item,
                                 const char *sentence)
{
    const struct chunk_place *failed = NULL;
    for (size_t i = 0; i < item->chunk_count; i++) {
        const struct chunk_place *place = &item->chunks[i];
        struct rendition_work *work = &queue->renditions[place->rendition];
        if (queue_has_chunk(queue, place->rendition, place->span)) {
            queue_set_chunk(queue, place->rendition, place->span,
                            PRODUCT_READY);
            queue->summary->chunks_made++;
            continue;
        }
        if (!failed)
            failed = place;
        if (place->span == failed->span || work->file == PRODUCT_FAILED) {
            queue_set_chunk(queue, place->rendition, place->span,
                            PRODUCT_FAILED);
            queue_fail_rendition(queue, place->rendition, sentence);
            continue;
        }
        queue_set_chunk(queue, place->rendition, place->span, PRODUCT_WANTED);
        queue->units_done -= queue_chunk_units(
            queue->plan->renditions[place->rendition], place->span);
    }
}

static void queue_end_run(struct queue *queue, const struct item *item,
                          const struct worker_result *result,
                          const json_t *reply)
{
    struct produce_summary *summary = queue->summary;
    summary->frames_decoded +=
        json_integer_value(json_object_get(reply, "decoded"));
    /* Each range counts once, also when its presets were parted. */
    if (!item->again)
        summary->frames_needed +=
            json_integer_value(json_object_get(reply, "needed"));
    summary->frames_encoded +=
        json_integer_value(json_object_get(reply, "encoded"));
    if (result->code < 0) {
        queue_end_failed_run(queue, item, result->sentence);
        return;
    }
    for (size_t i = 0; i < item->chunk_count; i++)
        queue_set_chunk(queue, item->chunks[i].rendition, item->chunks[i].span,
                        PRODUCT_READY);
    summary->chunks_made += item->chunk_count;
}

static void queue_end_sound(struct queue *queue, const struct item *item,
                            const struct worker_result *result)
{
    bool failed = result->code < 0;
    queue->sounds[item->index] = failed ? PRODUCT_FAILED : PRODUCT_READY;
    for (size_t i = 0; failed && i < queue->plan->rendition_count; i++)
        if (queue->plan->renditions[i]->sound ==
                queue->plan->sounds[item->index] &&
            queue->renditions[i].file == PRODUCT_WANTED)
            queue_fail_rendition(queue, i, result->sentence);
}

/* A chunk that must be made again adds to what was planned. */
static void queue_remake(struct queue *queue, size_t rendition, size_t chunk)
{
    struct rendition_work *work = &queue->renditions[rendition];
    work->file = PRODUCT_WANTED;
    if (queue_has_chunk(queue, rendition, chunk)) {
        queue_set_chunk(queue, rendition, chunk, PRODUCT_READY);
        return;
    }
    queue_set_chunk(queue, rendition, chunk, PRODUCT_WANTED);
    queue->units_total +=
        queue_chunk_units(queue->plan->renditions[rendition], chunk);
}

/* All with another crf; or the film fails. */
static void queue_resize(struct queue *queue, const struct item *item,
                         int64_t bytes, int64_t sound_bytes)
{
    const struct rendition *rendition = queue->plan->renditions[item->index];
    struct rendition_work *work = &queue->renditions[item->index];
    int64_t cap = size_cap(rendition);
    work->file = PRODUCT_WANTED;
    queue->units_total += item->units;
    if (size_search_next(&work->size, bytes, sound_bytes, cap,
                         size_steps(rendition->preset)) < 0) {
        queue_fail_rendition(
            queue, item->index,
            arena_printf(queue->arena,
                         _("%s: even as coarse as can be shown the film has "
                           "%lld bytes, and %s takes %lld at most; make the "
                           "clip shorter or the preset's frame smaller"),
                         rendition->clip->stem, (long long)bytes,
                         preset_called(rendition->preset), (long long)cap));
        return;
    }
    queue_reset_fills(queue, item->index);
    for (size_t i = 0; i < rendition->chunk_count; i++)
        queue_remake(queue, item->index, i);
}

/* Staff see a coarser film, and should know why. */
static void queue_tell_coarser(const struct queue *queue, size_t index)
{
    const struct rendition *rendition = queue->plan->renditions[index];
    const struct result *result = &queue->rendition_results[index];
    const json_t *crf = json_object_get(result->figures, "crf");
    int64_t slower =
        json_integer_value(json_object_get(result->figures, "chunks_slower"));
    if (slower)
        log_info(queue->log,
                 _("%s · %s: %lld of its %zu chunks coded more coarsely so "
                   "that the film holds max_rate and buffer; higher ones or a "
                   "smaller frame would be finer"),
                 rendition->clip->stem, preset_called(rendition->preset),
                 (long long)slower, rendition->chunk_count);
    if (crf)
        log_info(queue->log,
                 _("%s · %s: coded more coarsely (crf %.1f, not %.1f) so that "
                   "the film stays within %.1f MB; a shorter clip would be "
                   "finer"),
                 rendition->clip->stem, preset_called(rendition->preset),
                 json_number_value(crf), rendition->preset->crf,
                 (double)size_cap(rendition) / 1e6);
}

/* True, and the film has failed, when what is made comes back damaged again
 * and again: then it is the disk. */
static bool queue_tires(struct queue *queue, size_t index, int *remakes)
{
    if ((*remakes)++ < REMAKES_MOST)
        return false;
    queue->renditions[index].file = PRODUCT_WANTED;
    queue_fail_rendition(
        queue, index,
        arena_printf(queue->arena,
                     _("%s: what is written there comes back damaged again "
                       "and again; check the disk, or name another folder "
                       "with --store"),
                     queue->options->store));
    return true;
}

/* True when the file has to wait for chunks that are made again, or can't be
 * made. */
static bool queue_file_waits(struct queue *queue, const struct item *item,
                             const json_t *reply)
{
    const json_t *offender = json_object_get(reply, "offender");
    const json_t *damaged = json_object_get(reply, "damaged");
    const struct rendition *rendition = queue->plan->renditions[item->index];
    struct rendition_work *work = &queue->renditions[item->index];
    if (json_is_true(json_object_get(reply, "sound"))) {
        if (queue_tires(queue, item->index, &work->sound_remakes))
            return true;
        work->file = PRODUCT_WANTED;
        queue->units_total += item->units;
        queue_want_sound(queue, queue_sound_index(queue, rendition->sound));
        return true;
    }
    if (json_object_get(reply, "bytes")) {
        queue_resize(queue, item,
                     json_integer_value(json_object_get(reply, "bytes")),
                     json_integer_value(json_object_get(reply, "sound_bytes")));
        return true;
    }
    size_t k = (size_t)json_integer_value(offender ? offender : damaged);
    if ((!offender && !damaged) || k >= rendition->chunk_count)
        return false;
    if (!offender && queue_tires(queue, item->index, &work->chunks[k].remakes))
        return true;
    if (offender) {
        struct chunk_setting next =
            setting_read(json_object_get(reply, "setting"));
        work->chunks[k].fill_step = next.fill_step;
        work->chunks[k].rate_step = next.rate_step;
    }
    queue->units_total += item->units;
    queue_remake(queue, item->index, k);
    return true;
}

/* Out of the store, with the reason beside it. */
static void queue_keep_rejected(const struct queue *queue, size_t index,
                                const char *sentence)
{
    const struct rendition *rendition = queue->plan->renditions[index];
    struct arena *arena = arena_create();
    char *from = store_path(queue->store, queue->renditions[index].key,
                            "rejected", arena);
    char *folder = files_join(arena, queue->options->out, "rejected");
    char *name = arena_printf(arena, "%s/%s.%s.mp4", folder,
                              rendition->clip->stem, rendition->preset->name);
    char *text = arena_printf(arena, "%s\n", sentence ? sentence : "");
    struct log quiet;
    log_init(&quiet, LOG_LEVEL_NONE, NULL, NULL);
    if (files_make_folders(&quiet, folder) >= 0 &&
        files_copy(&quiet, from, name) >= 0)
        files_write(&quiet, arena_printf(arena, "%s.txt", name), text,
                    strlen(text));
    unlink(from);
    log_clear(&quiet);
    arena_destroy(&arena);
}

static void queue_end_file(struct queue *queue, const struct item *item,
                           const struct worker_result *result,
                           const json_t *reply)
{
    if (result->code < 0) {
        if (json_is_true(json_object_get(reply, "rejected")))
            queue_keep_rejected(queue, item->index, result->sentence);
        queue_fail_rendition(queue, item->index, result->sentence);
        return;
    }
    if (queue_file_waits(queue, item, reply))
        return;
    if (!queue_find_file(queue, item->index)) {
        queue_fail_rendition(queue, item->index,
                             _("the finished film vanished from the work "
                               "folder; run the command again"));
        return;
    }
    queue->renditions[item->index].file = PRODUCT_READY;
    queue->rendition_results[item->index].state = RESULT_MADE;
    queue->summary->made++;
    queue_tell_coarser(queue, item->index);
    queue_tell(queue, item, "clip", "made", NULL);
}

static void queue_end_poster(struct queue *queue, const struct item *item,
                             const struct worker_result *result)
{
    const struct clip *clip = queue->plan->clips[item->index];
    bool failed = result->code < 0;
    queue->posters[item->index] = failed ? PRODUCT_FAILED : PRODUCT_READY;
    for (size_t i = 0; i < queue->plan->poster_count; i++) {
        struct result *poster = &queue->poster_results[i];
        if (queue->plan->posters[i]->clip != clip ||
            !queue->plan->posters[i]->wanted || poster->state != RESULT_NONE)
            continue;
        if (!failed && queue_find_poster(queue, i)) {
            poster->state = RESULT_MADE;
            queue->summary->made++;
            continue;
        }
        poster->state = RESULT_FAILED;
        poster->sentence = arena_strdup(
            queue->arena, failed ? result->sentence
                                 : _("the poster vanished from the work "
                                     "folder; run the command again"));
        queue->summary->failed++;
    }
    queue_tell(queue, item, "poster", failed ? "failed" : "made",
               failed ? result->sentence : NULL);
}

void queue_done(void *context, const struct worker_result *result)
{
    struct queue *queue = context;
    /* A copy: what follows may push items and so move the array. */
    struct item item = queue->items[result->id];
    json_t *reply = json_loadb(
        result->reply && result->reply->data ? result->reply->data : "{}",
        result->reply && result->reply->size ? result->reply->size : 2, 0,
        NULL);
    queue->units_done += item.units - item.units_told;
    queue->units_in_hand -= item.units - item.units_told;
    queue->check_cpu_us +=
        json_integer_value(json_object_get(reply, "check_cpu_us"));
    if (queue_put_back(queue, &item, result->code))
        queue_tick(queue);
    else if (item.kind == ITEM_RUN)
        queue_end_run(queue, &item, result, reply);
    else if (item.kind == ITEM_SOUND)
        queue_end_sound(queue, &item, result);
    else if (item.kind == ITEM_POSTER)
        queue_end_poster(queue, &item, result);
    else
        queue_end_file(queue, &item, result, reply);
    json_array_append_new(
        queue->timings,
        json_pack("{s:s,s:i,s:I,s:I,s:b,s:I,s:o}", "item",
                  queue_item_name(queue, &item), "kind", item.kind, "chunks",
                  (json_int_t)item.chunk_count, "span",
                  (json_int_t)(item.chunk_count ? item.chunks->span : 0), "ok",
                  result->code >= 0, "end_ms",
                  (json_int_t)(av_gettime_relative() / 1000 - queue->begin_ms),
                  "why", reasons_json(queue_item_reasons(queue, &item))));
    json_decref(reply);
    queue_tick(queue);
}

void queue_progress(void *context, int64_t id, int64_t units)
{
    struct queue *queue = context;
    struct item *item = &queue->items[id];
    /* Negative where a tried item is tried again. */
    units = FFMIN(units, item->units - item->units_told);
    item->units_told += units;
    queue->units_done += units;
    queue->units_in_hand -= units;
}

void queue_tick(void *context)
{
    struct queue *queue = context;
    struct produce_event event = {
        .kind = EVENT_PROGRESS,
        .units = queue->units_done,
        .total = queue->units_total,
    };
    queue->event(queue->opaque, &event);
}
