/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the saying of what a plan's run would make and what lies ready, from
 * what the queue found. Makes nothing. */
#include "produce/preview.h"

#include "base/files.h"
#include "produce/journal.h"
#include "produce/queue_parts.h"
#include "produce/reasons.h"
#include "produce/room.h"
#include "produce/run.h"
#include "produce/trimmer.h"

struct tally {
    size_t films, films_ready, chunks, chunks_ready, posters, posters_ready;
};

static size_t chunks_ready(const struct queue *queue, size_t index)
{
    const struct rendition_work *work = &queue->renditions[index];
    size_t count = queue->plan->renditions[index]->chunk_count, ready = 0;
    if (work->file == PRODUCT_READY)
        return count;
    for (size_t i = 0; i < count; i++)
        ready += queue_has_chunk(queue, index, i);
    return ready;
}

static void tally_count(const struct queue *queue, struct tally *tally)
{
    const struct plan *plan = queue->plan;
    *tally = (struct tally){0};
    for (size_t i = 0; i < plan->rendition_count; i++) {
        if (!plan->renditions[i]->wanted)
            continue;
        tally->films++;
        tally->films_ready += queue->renditions[i].file == PRODUCT_READY;
        tally->chunks += plan->renditions[i]->chunk_count;
        tally->chunks_ready += chunks_ready(queue, i);
    }
    for (size_t i = 0; i < plan->poster_count; i++) {
        if (!plan->posters[i]->wanted)
            continue;
        tally->posters++;
        tally->posters_ready += queue->poster_results[i].state == RESULT_REUSED;
    }
}

static bool sound_is_ready(const struct queue *queue,
                           const struct rendition *rendition)
{
    return !rendition->sound ||
           store_has(queue->store, rendition->sound->key, "sound");
}

/* "2, 3, 7": numbers of the chunks that are to be made, from 1. */
static const char *missing_text(const struct queue *queue, size_t index)
{
    const char *text = "";
    const struct rendition *rendition = queue->plan->renditions[index];
    for (size_t i = 0; i < rendition->chunk_count; i++) {
        if (!queue_has_chunk(queue, index, i))
            text = arena_printf(queue->arena, "%s%s%zu", text,
                                *text ? ", " : "", i + 1);
    }
    return text;
}

static const char *film_sentence(const struct queue *queue, size_t index)
{
    const struct rendition *rendition = queue->plan->renditions[index];
    size_t count = rendition->chunk_count;
    size_t missing = count - chunks_ready(queue, index);
    bool sound = sound_is_ready(queue, rendition);
    struct item item = {.kind = ITEM_FILE, .index = index};
    const char *name = queue_item_name(queue, &item);
    if (missing == count)
        return arena_printf(queue->arena,
                            sound ? _("%s: all pictures are new (chunks: "
                                      "%zu), its sound is there")
                                  : _("%s: all is new (chunks: %zu)"),
                            name, count);
    if (missing)
        return arena_printf(queue->arena,
                            sound ? _("%s: %zu of its %zu chunks are new (%s)")
                                  : _("%s: %zu of its %zu chunks are new (%s), "
                                      "and its sound"),
                            name, missing, count, missing_text(queue, index));
    return arena_printf(queue->arena,
                        sound ? _("%s: its chunks and its sound are there; the "
                                  "file is put together anew")
                              : _("%s: its chunks are there; its sound is new"),
                        name);
}

/* --- why ------------------------------------------------------------------ */

/* Of what the film lacks; where it lacks nothing, of what is written into it.
 */
static uint32_t film_reasons(const struct queue *queue, size_t index)
{
    const struct rendition *rendition = queue->plan->renditions[index];
    uint32_t set = 0;
    for (size_t i = 0; i < rendition->chunk_count; i++)
        if (!queue_has_chunk(queue, index, i))
            set |= reasons_of_chunk(queue->reasons, index, i);
    if (!sound_is_ready(queue, rendition))
        set |= reasons_of_sound(queue->reasons,
                                queue_sound_index(queue, rendition->sound));
    return set ? set : reasons_of_film(queue->reasons, index);
}

/* "… chunks are new, because captions changed". */
static const char *film_line(const struct queue *queue, size_t index)
{
    const char *sentence = film_sentence(queue, index);
    uint32_t set = film_reasons(queue, index);
    return set ? arena_printf(queue->arena, _("%s, because %s"), sentence,
                              reasons_text(set, queue->arena))
               : sentence;
}

static const char *poster_line(const struct queue *queue, size_t index)
{
    uint32_t set = reasons_of_poster(queue->reasons, index);
    const char *sentence =
        arena_printf(queue->arena, _("%s: this poster is new"),
                     queue->plan->posters[index]->stem);
    return set ? arena_printf(queue->arena, _("%s, because %s"), sentence,
                              reasons_text(set, queue->arena))
               : sentence;
}

struct clip_tally {
    size_t films, chunks, missing, posters;
    bool sound;
    uint32_t reasons;
};

static void clip_count(const struct queue *queue, const struct clip *clip,
                       struct clip_tally *tally)
{
    const struct plan *plan = queue->plan;
    *tally = (struct clip_tally){0};
    for (size_t i = 0; i < plan->rendition_count; i++) {
        const struct rendition *rendition = plan->renditions[i];
        if (rendition->clip != clip)
            continue;
        tally->chunks += rendition->wanted ? rendition->chunk_count : 0;
        if (queue->renditions[i].file != PRODUCT_WANTED)
            continue;
        tally->films++;
        tally->missing += rendition->chunk_count - chunks_ready(queue, i);
        tally->sound |= !sound_is_ready(queue, rendition);
        tally->reasons |= film_reasons(queue, i);
    }
    for (size_t i = 0; i < plan->poster_count; i++) {
        if (plan->posters[i]->clip != clip || !plan->posters[i]->wanted ||
            queue->poster_results[i].state != RESULT_NONE)
            continue;
        tally->posters++;
        tally->reasons |= reasons_of_poster(queue->reasons, i);
    }
}

/* "3 of 18 chunks, its sound, posters". */
static const char *clip_list(const struct clip_tally *tally,
                             struct arena *arena)
{
    const char *text = "";
    const char *const names[] = {
        tally->missing ? arena_printf(arena, _("%zu of %zu chunks"),
                                      tally->missing, tally->chunks)
                       : NULL,
        tally->sound ? _("its sound") : NULL,
        tally->films && !tally->missing && !tally->sound ? _("its files")
                                                         : NULL,
        tally->posters ? _("its posters") : NULL,
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i])
            text = *text ? arena_printf(arena, _("%s, %s"), text, names[i])
                         : names[i];
    return text;
}

/* Where nothing was made before, all is new, and it need not be said. */
static void tell_clips(struct log *log, const struct queue *queue)
{
    for (size_t i = 0; i < queue->plan->clip_count; i++) {
        const struct clip *clip = queue->plan->clips[i];
        struct clip_tally tally;
        clip_count(queue, clip, &tally);
        if (tally.reasons)
            log_info(log, _("%s: %s, because %s"), clip->stem,
                     clip_list(&tally, queue->arena),
                     reasons_text(tally.reasons, queue->arena));
    }
}

void preview_tell(struct log *log, const struct queue *queue)
{
    const struct plan *plan = queue->plan;
    if (log && log->level == LOG_LEVEL_INFO)
        tell_clips(log, queue);
    if (!log || log->level < LOG_LEVEL_VERBOSE)
        return;
    for (size_t i = 0; i < plan->rendition_count; i++) {
        if (queue->renditions[i].file == PRODUCT_WANTED)
            log_verbose(log, "%s", film_line(queue, i));
    }
    for (size_t i = 0; i < plan->poster_count; i++) {
        if (plan->posters[i]->wanted &&
            queue->poster_results[i].state == RESULT_NONE)
            log_verbose(log, "%s", poster_line(queue, i));
    }
}

/* --- for `reelpress plan` ---------------------------------------------------
 */

static void preview_text(const struct queue *queue, struct buffer *out)
{
    struct tally tally;
    struct produce_need need;
    tally_count(queue, &tally);
    room_estimate(queue, &need);
    buffer_printf(out, "\n%s\n  ", _("There already"));
    buffer_printf(out,
                  _("films %zu of %zu · chunks %zu of %zu · posters %zu of "
                    "%zu\n"),
                  tally.films_ready, tally.films, tally.chunks_ready,
                  tally.chunks, tally.posters_ready, tally.posters);
    /* Where all is new, one line for each would say nothing. */
    if (!tally.chunks_ready && !tally.films_ready)
        return;
    for (size_t i = 0; i < queue->plan->rendition_count; i++) {
        if (queue->renditions[i].file == PRODUCT_WANTED)
            buffer_printf(out, "  %s\n", film_line(queue, i));
    }
}

static json_t *film_json(const struct queue *queue, size_t index)
{
    const struct rendition *rendition = queue->plan->renditions[index];
    json_t *chunks = json_array();
    bool ready = queue->renditions[index].file == PRODUCT_READY;
    for (size_t i = 0; !ready && i < rendition->chunk_count; i++) {
        if (!queue_has_chunk(queue, index, i))
            json_array_append_new(chunks, json_integer((json_int_t)i));
    }
    return json_pack("{s:I,s:b,s:o,s:b,s:o}", "rendition", (json_int_t)index,
                     "ready", ready, "new_chunks", chunks, "new_sound",
                     !ready && !sound_is_ready(queue, rendition), "why",
                     reasons_json(ready ? 0 : film_reasons(queue, index)));
}

static json_t *preview_json(const struct queue *queue)
{
    struct tally tally;
    struct produce_need need;
    json_t *films = json_array();
    tally_count(queue, &tally);
    room_estimate(queue, &need);
    for (size_t i = 0; i < queue->plan->rendition_count; i++) {
        if (queue->plan->renditions[i]->wanted)
            json_array_append_new(films, film_json(queue, i));
    }
    return json_pack(
        "{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "films_ready",
        (json_int_t)tally.films_ready, "chunks", (json_int_t)tally.chunks,
        "chunks_ready", (json_int_t)tally.chunks_ready, "posters_ready",
        (json_int_t)tally.posters_ready, "units",
        (json_int_t)queue->units_total, "bytes_estimated",
        (json_int_t)(need.store_bytes + need.out_bytes), "pace_units_per_hour",
        (json_int_t)journal_last_pace(queue->store), "films", films);
}

/* A queue that is only looked at. */
struct look {
    struct store store;
    struct reasons *reasons;
    struct produce_summary summary;
    struct queue queue;
};

static void look_open(struct look *look, const struct plan *plan,
                      const struct produce_options *options)
{
    *look = (struct look){.store = {.folder = options->store, .users = -1}};
    look->queue = (struct queue){.arena = arena_create(),
                                 .plan = plan,
                                 .store = &look->store,
                                 .options = options,
                                 .summary = &look->summary};
    look->reasons = reasons_load(plan, &look->store);
    look->queue.reasons = look->reasons;
    queue_init(&look->queue);
}

static void look_close(struct look *look)
{
    reasons_destroy(&look->reasons);
    queue_clear(&look->queue);
    arena_destroy(&look->queue.arena);
}

void produce_preview(const struct plan *plan,
                     const struct produce_options *options, struct buffer *text,
                     json_t **json)
{
    struct look look;
    look_open(&look, plan, options);
    if (text)
        preview_text(&look.queue, text);
    if (json)
        *json = preview_json(&look.queue);
    look_close(&look);
}

void produce_estimate(const struct plan *plan,
                      const struct produce_options *options,
                      struct disks *disks, struct produce_need *out)
{
    struct look look;
    look_open(&look, plan, options);
    room_estimate(&look.queue, out);
    room_claim(options, out, disks);
    /* What a run can free is asked for only where it is needed. */
    struct disk *disk = disks_find(disks, options->store);
    if (out->store_bytes && disk_missing(disk))
        disk->spare_bytes += store_spare(&look.store, plan);
    out->units += run_delivery_units(&look.queue);
    look_close(&look);
}
