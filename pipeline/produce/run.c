/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the run of one plan from the store's opening to its closing. */
#include "produce/run.h"

#include "base/files.h"
#include "package/package.h"
#include "produce/journal.h"
#include "produce/preview.h"
#include "produce/products.h"
#include "produce/reasons.h"
#include "produce/room.h"
#include "produce/trimmer.h"

#include <string.h>
#include <libavutil/time.h>

/* A worker is replaced after so many items: what libraries leak stays small. */
#define ITEMS_PER_WORKER 200

static int64_t now_ms(void)
{
    return av_gettime_relative() / 1000;
}

/* --- in a worker ---------------------------------------------------------- */

static int run_start(void *context, struct log *log)
{
    return confine_self(log, &((struct run *)context)->confinement);
}

static int run_serve(void *context, const struct buffer *request,
                     struct buffer *reply, struct log *log)
{
    return maker_serve(&((struct run *)context)->maker, request, reply, log);
}

/* --- in main -------------------------------------------------------------- */

/* One readable script per rendition, for people who want to see what is
 * drawn and when. No film waits for them; a full disk is told now, though. */
static int run_write_scripts(const struct run *run)
{
    const struct plan *plan = run->part->plan;
    struct arena *arena = arena_create();
    struct buffer text = {0};
    struct log log;
    char *folder = files_join(arena, run->store.folder, "scripts");
    log_init(&log, LOG_LEVEL_NONE, NULL, NULL);
    int ret = files_make_folders(&log, folder);
    for (size_t i = 0; ret >= 0 && i < plan->rendition_count; i++) {
        const struct rendition *rendition = plan->renditions[i];
        if (!rendition->script || script_is_empty(rendition->script))
            continue;
        buffer_reset(&text);
        script_print(rendition->script, &text);
        ret = files_update(&log,
                           files_join(arena, folder, rendition->script_name),
                           text.data, text.size);
    }
    if (ret < 0 && room_is_out(ret))
        log_fail(run->part->log, ret, "%s", log.first_error);
    else if (ret < 0)
        log_verbose(run->part->log, "%s", log.first_error);
    log_clear(&log);
    buffer_clear(&text);
    arena_destroy(&arena);
    return room_is_out(ret) ? ret : 0;
}

static void run_set_duties(struct run *run)
{
    struct produce_part *part = run->part;
    run->making = (struct worker_duty){.serve = run_serve,
                                       .start = run_start,
                                       .context = run,
                                       .items_per_worker = ITEMS_PER_WORKER,
                                       .log = part->log};
    run->delivering = (struct worker_duty){.serve = run_deliver,
                                           .context = run,
                                           .items_per_worker = 1,
                                           .log = part->log,
                                           .finishes = true};
    run->confinement.arena = run->arena;
    session_confine(part->plan->session, &run->confinement);
    confinement_write(&run->confinement, part->options.store);
}

static void run_clear(struct run *run)
{
    reasons_destroy(&run->reasons);
    queue_clear(&run->queue);
    store_close(&run->store);
    arena_destroy(&run->arena);
}

int run_open(struct run *run, struct produce_part *part, struct disks *disks,
             void (*event)(void *opaque, const struct produce_event *event),
             void *opaque)
{
    int ret = store_open(part->log, &run->store, part->options.store);
    if (ret < 0) {
        store_close(&run->store);
        return ret;
    }
    run->arena = arena_create();
    run->part = part;
    part->summary = (struct produce_summary){0};
    run->queue = (struct queue){.arena = run->arena,
                                .log = part->log,
                                .plan = part->plan,
                                .store = &run->store,
                                .options = &part->options,
                                .summary = &part->summary,
                                .event = event,
                                .opaque = opaque};
    run->maker.queue = &run->queue;
    run->reasons = reasons_load(part->plan, &run->store);
    run->queue.reasons = run->reasons;
    queue_init(&run->queue);
    run->delivery_units = run_delivery_units(&run->queue);
    run->queue.units_total += run->delivery_units;
    ret = room_check(part->log, &run->queue, disks);
    if (ret >= 0) {
        products_use(part->plan, &run->store);
        preview_tell(part->log, &run->queue);
        ret = run_write_scripts(run);
    }
    if (ret >= 0) {
        run_set_duties(run);
        return 0;
    }
    run_clear(run);
    return ret;
}

static void run_tell(const struct run *run, enum produce_event_kind kind)
{
    const struct queue *queue = &run->queue;
    struct produce_event event = {
        .kind = kind, .units = queue->units_done, .total = queue->units_total};
    queue->event(queue->opaque, &event);
}

static void run_give(struct run *run)
{
    if (!run->given) {
        run->begin_ms = now_ms();
        run_tell(run, EVENT_START);
    }
    run->given++;
    run->under_way++;
}

bool run_next(struct run *run, struct worker_item *item)
{
    if (run->state == RUN_MAKING && queue_next(&run->queue, item)) {
        item->duty = &run->making;
        run_give(run);
        return true;
    }
    if (run->state != RUN_MAKING || run->under_way)
        return false;
    run->state = RUN_DELIVERING;
    run_ask_delivery(run, item);
    run_give(run);
    return true;
}

bool run_is_dealt_out(const struct run *run)
{
    return run->given &&
           (run->state != RUN_MAKING || !run->queue.units_waiting);
}

/* Everything that was asked for failed, and nothing else is there. */
static bool run_has_nothing(const struct run *run)
{
    const struct queue *queue = &run->queue;
    const struct plan *plan = queue->plan;
    size_t failed = 0;
    for (size_t i = 0; i < plan->rendition_count; i++) {
        const struct result *result = &queue->rendition_results[i];
        bool is_failed = result->state == RESULT_FAILED;
        if (!is_failed &&
            (plan->renditions[i]->wanted || result_is_ready(result)))
            return false;
        failed += is_failed;
    }
    for (size_t i = 0; i < plan->poster_count; i++) {
        const struct result *result = &queue->poster_results[i];
        bool is_failed = result->state == RESULT_FAILED;
        if (!is_failed && (plan->posters[i]->wanted || result_is_ready(result)))
            return false;
        failed += is_failed;
    }
    return failed > 0;
}

/* What is made can't be kept: the rest is not tried. Then, and where nothing
 * was made, nothing is delivered: what lies in out/ stays as it was. */
static void run_settle(struct run *run)
{
    if (run->state != RUN_MAKING || run->under_way)
        return;
    if (run->queue.stuck_code) {
        run->code = room_tell_stuck(run->part->log, &run->queue);
        run->state = RUN_OVER;
    } else if (run_has_nothing(run)) {
        run->state = RUN_OVER; /* and never at 100 % */
    }
}

void run_done(struct run *run, const struct worker_result *result)
{
    run->under_way--;
    if (run->state == RUN_DELIVERING)
        run_end_delivery(run, result);
    else
        queue_done(&run->queue, result);
    run_settle(run);
}

void run_progress(struct run *run, int64_t id, int64_t units)
{
    if (id != RUN_DELIVERY_ID)
        queue_progress(&run->queue, id, units);
}

void run_close(struct run *run, int code, int64_t pace)
{
    struct produce_part *part = run->part;
    struct log *log = part->log;
    part->code = run->code < 0 ? run->code : code;
    if (run->begin_ms)
        part->summary.elapsed_ms = now_ms() - run->begin_ms;
    /* Of a disk that takes nothing the one sentence is told already. */
    bool is_told = run->queue.stuck_code || room_is_out(part->code) ||
                   store_is_gone(&run->store);
    journal_write(is_told ? NULL : log, &run->queue, part->summary.elapsed_ms,
                  pace);
    if (part->summary.made)
        store_trim(log, &run->store, part->plan, STORE_BYTES_MOST);
    reasons_keep(run->reasons, &run->queue);
    run_tell(run, EVENT_END);
    run_clear(run);
}
