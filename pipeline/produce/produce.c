/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the run of one plan from the store's opening to the last rename. */
#include "produce/produce.h"

#include "base/files.h"
#include "package/package.h"
#include "produce/maker.h"
#include "produce/preview.h"
#include "produce/products.h"
#include "produce/queue.h"
#include "produce/room.h"
#include "produce/store.h"
#include "produce/trimmer.h"
#include "produce/workforce.h"
#include "render/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libavutil/time.h>

/* A worker is replaced after so many items: what libraries leak stays small. */
#define ITEMS_PER_WORKER 200
/* A product that is damaged twice on its way out tells of the disk. */
#define ROUNDS_MOST 3

/* The context of struct worker_job: main uses the queue, a worker the maker
 * that it finds beside it in its own copy of the memory. */
struct run {
    struct queue queue;
    struct maker maker;
    struct confinement confinement;
};

static int run_start(void *context, struct log *log)
{
    return confine_self(log, &((struct run *)context)->confinement);
}

static bool run_next(void *context, struct worker_item *item)
{
    return queue_next(&((struct run *)context)->queue, item);
}

static void run_done(void *context, const struct worker_result *result)
{
    queue_done(&((struct run *)context)->queue, result);
}

static void run_progress(void *context, int64_t id, int64_t units)
{
    queue_progress(&((struct run *)context)->queue, id, units);
}

static void run_tick(void *context)
{
    queue_tick(&((struct run *)context)->queue);
}

static int run_serve(void *context, const struct buffer *request,
                     struct buffer *reply, struct log *log)
{
    return maker_serve(&((struct run *)context)->maker, request, reply, log);
}

/* One readable script per rendition, for people who want to see what is
 * drawn and when. */
static int run_write_scripts(struct run *run, struct log *log)
{
    const struct plan *plan = run->queue.plan;
    struct arena *arena = arena_create();
    struct buffer text = {0};
    char *folder = files_join(arena, run->queue.options->store, "scripts");
    int ret = files_make_folders(log, folder);
    for (size_t i = 0; ret >= 0 && i < plan->rendition_count; i++) {
        const struct rendition *rendition = plan->renditions[i];
        if (!rendition->script || script_is_empty(rendition->script))
            continue;
        buffer_reset(&text);
        script_print(rendition->script, &text);
        ret =
            files_update(log, files_join(arena, folder, rendition->script_name),
                         text.data, text.size);
    }
    buffer_clear(&text);
    arena_destroy(&arena);
    return ret;
}

static bool run_has_failures(const struct run *run,
                             const struct package *package)
{
    const struct queue *queue = &run->queue;
    for (size_t i = 0; i < queue->plan->rendition_count; i++)
        for (size_t k = 0; k < package->rendition_count; k++)
            if (package->renditions[k] == queue->plan->renditions[i] &&
                queue->rendition_results[i].state == RESULT_FAILED)
                return true;
    for (size_t i = 0; i < queue->plan->poster_count; i++)
        for (size_t k = 0; k < package->poster_count; k++)
            if (package->posters[k] == queue->plan->posters[i] &&
                queue->poster_results[i].state == RESULT_FAILED)
                return true;
    return false;
}

static const char *incomplete_sentence(const struct run *run,
                                       const struct package *package)
{
    return run_has_failures(run, package)
               ? _("some of its films or posters failed; what is ready lies "
                   "in the folder, the zip was not made")
               : _("not all of its films were asked for or could be planned; "
                   "what is ready lies in the folder, the zip was not made");
}

static void run_tell_package(struct run *run, const struct package *package,
                             bool complete)
{
    struct queue *queue = &run->queue;
    struct produce_event event = {
        .kind = EVENT_ITEM,
        .units = queue->units_done,
        .total = queue->units_total,
        .elapsed_ms = av_gettime_relative() / 1000 - queue->begin_ms,
        .item = package->folder,
        .what = "package",
        .state = complete ? "made" : "incomplete",
        .sentence = complete ? NULL : incomplete_sentence(run, package),
    };
    queue->event(queue->opaque, &event);
}

/* What the last run delivered to an outlet that this one leaves alone. */
static json_t *last_package(const json_t *last, const char *folder)
{
    size_t i;
    json_t *package;
    json_array_foreach(json_object_get(last, "packages"), i, package)
    {
        const char *name =
            json_string_value(json_object_get(package, "folder"));
        if (name && !strcmp(name, folder))
            return package;
    }
    return NULL;
}

static int run_package(struct run *run, const struct package *package,
                       const struct results *results, const json_t *last,
                       json_t *written, struct log *log)
{
    struct queue *queue = &run->queue;
    json_t *object = NULL;
    if (!package->wanted) {
        json_array_append(written, last_package(last, package->folder));
        return 0;
    }
    int ret =
        package_write(log, queue->plan, package, results, queue->options->memo,
                      queue->options->out, last, &object);
    bool complete = json_is_true(json_object_get(object, "complete"));
    json_array_append_new(written, object);
    if (ret == AVERROR_INVALIDDATA && queue->damaged)
        return 0; /* the others are looked at, then all is made again */
    if (ret < 0)
        return ret;
    queue->summary->packages += complete;
    queue->summary->incomplete += !complete;
    run_tell_package(run, package, complete);
    return 0;
}

static int run_deliver(struct run *run, struct log *log)
{
    struct queue *queue = &run->queue;
    const struct plan *plan = queue->plan;
    const char *out = queue->options->out;
    struct results results = {queue->rendition_results, queue->poster_results,
                              queue_damaged, queue};
    json_t *last = package_last_report(out);
    json_t *written = json_array();
    int ret = files_make_folders(log, out);
    for (size_t i = 0; ret >= 0 && i < plan->package_count; i++)
        ret = run_package(run, plan->packages[i], &results, last, written, log);
    if (ret >= 0 && !queue->damaged)
        ret = package_page(log, plan, &results, out);
    if (ret >= 0 && !queue->damaged)
        ret = package_report(log, plan, &results, written, out);
    json_decref(written);
    json_decref(last);
    return ret;
}

/* What this run did and how long it took: never part of what is delivered. */
static void run_write_journal(struct run *run, struct log *log)
{
    struct queue *queue = &run->queue;
    const struct produce_summary *s = queue->summary;
    struct arena *arena = arena_create();
    json_t *journal = json_pack(
        "{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:O}", "version",
        REELPRESS_VERSION, "elapsed_ms",
        (json_int_t)(av_gettime_relative() / 1000 - queue->begin_ms), "made",
        (json_int_t)s->made, "reused", (json_int_t)s->reused, "failed",
        (json_int_t)s->failed, "chunks_made", (json_int_t)s->chunks_made,
        "chunks_reused", (json_int_t)s->chunks_reused, "frames_decoded",
        (json_int_t)s->frames_decoded, "frames_needed",
        (json_int_t)s->frames_needed, "frames_encoded",
        (json_int_t)s->frames_encoded, "check_cpu_ms",
        (json_int_t)(queue->check_cpu_us / 1000), "pace_units_per_hour",
        (json_int_t)room_pace(queue), "items", queue->timings);
    char *text = json_dumps(journal, JSON_INDENT(1));
    if (text)
        files_write(log, files_join(arena, queue->options->store, JOURNAL_FILE),
                    text, strlen(text));
    free(text);
    json_decref(journal);
    arena_destroy(&arena);
}

/* Makes and delivers; once more what turns out damaged on its way out. */
static int run_rounds(struct run *run, struct log *log,
                      const struct worker_job *job)
{
    struct queue *queue = &run->queue;
    for (int round = 0; round < ROUNDS_MOST; round++) {
        queue->damaged = 0;
        int ret = workers_run(log, job);
        if (ret >= 0 && queue->stuck_code)
            ret = room_tell_stuck(log, queue);
        if (ret >= 0)
            ret = run_deliver(run, log);
        if (ret < 0 || !queue->damaged)
            return ret;
    }
    return log_fail(log, AVERROR(EIO),
                    _("%s: what is written there comes back damaged again and "
                      "again; check the disk, or name another folder with "
                      "--store"),
                    queue->options->store);
}

static int run_make(struct run *run, struct log *log)
{
    struct queue *queue = &run->queue;
    struct worker_job job = {
        .count = queue->options->jobs,
        .items_per_worker = ITEMS_PER_WORKER,
        .serve = run_serve,
        .start = run_start,
        .context = run,
        .next = run_next,
        .done = run_done,
        .tick = run_tick,
        .progress = run_progress,
        .tells_errors = true,
        .stop = queue->options->stop,
    };
    struct produce_event event = {.kind = EVENT_START,
                                  .total = queue->units_total};
    queue->event(queue->opaque, &event);
    session_confine(queue->plan->session, &run->confinement);
    confinement_write(&run->confinement, queue->options->store);
    int ret = run_rounds(run, log, &job);
    /* On a full disk the one sentence is told already. */
    run_write_journal(run, room_is_out(ret) ? NULL : log);
    if (queue->summary->made)
        store_trim(log, queue->store, queue->plan, STORE_BYTES_MOST);
    return ret;
}

int produce_run(struct log *log, const struct plan *plan,
                const struct produce_options *options,
                void (*event)(void *opaque, const struct produce_event *event),
                void *opaque, struct produce_summary *summary)
{
    struct arena *arena = arena_create();
    struct produce_options within = *options;
    struct store store;
    struct run run = {.queue = {.arena = arena,
                                .log = log,
                                .plan = plan,
                                .store = &store,
                                .options = &within,
                                .summary = summary,
                                .event = event,
                                .opaque = opaque}};
    run.maker.queue = &run.queue;
    run.confinement.arena = arena;
    within.jobs =
        workforce_jobs(log, plan, options->jobs, workforce_memory(""));
    memset(summary, 0, sizeof *summary);
    int ret = store_open(log, &store, options->store);
    if (ret < 0)
        goto done;
    queue_init(&run.queue);
    products_use(plan, &store);
    preview_tell(log, &run.queue);
    ret = room_check(log, &run.queue);
    if (ret >= 0)
        ret = run_write_scripts(&run, log);
    if (ret >= 0)
        ret = run_make(&run, log);
    struct produce_event end = {
        .kind = EVENT_END,
        .units = run.queue.units_done,
        .total = run.queue.units_total,
        .elapsed_ms = av_gettime_relative() / 1000 - run.queue.begin_ms,
    };
    event(opaque, &end);
    queue_clear(&run.queue);
    store_close(&store);
done:
    arena_destroy(&arena);
    return ret;
}
