/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the sharing of one pool of workers among several plans' runs: which run
 * hands out the next item, when the next one is opened, and the sum of their
 * progress. Knows nothing of items (run.c, queue.c) nor of sessions. */
#include "produce/produce.h"

#include "base/machine.h"
#include "produce/room.h"
#include "produce/run.h"
#include "produce/workforce.h"

#include <assert.h>
#include <libavutil/time.h>

/* Under this a run says nothing of the machine's pace. */
#define UNITS_TELLING 200
#define MS_PER_HOUR   3600000
/* An item's id: its run's number above, the run's own id below. */
#define ID_BITS 32

struct production {
    const struct produce_job *job;
    struct arena *arena; /* of the runs: none gives its address to another */
    struct hand **hands; /* open runs, in the order of their opening */
    size_t count, room;
    int64_t opened; /* runs so far */
    bool exhausted; /* there is no further part */
    /* Has no room on a disk beside the runs under way; NULL: none such. */
    struct produce_part *waiting;
    int64_t closed_units; /* done by runs that are closed */
    int64_t begin_ms;
};

/* A run in the production's hands. */
struct hand {
    struct production *production;
    int64_t number;
    struct run run;
};

/* --- progress ------------------------------------------------------------- */

static int64_t elapsed_ms(const struct production *production)
{
    return av_gettime_relative() / 1000 - production->begin_ms;
}

static int64_t units_done(const struct production *production)
{
    int64_t units = production->closed_units;
    for (size_t i = 0; i < production->count; i++)
        units += production->hands[i]->run.queue.units_done;
    return units;
}

static int64_t units_total(const struct production *production)
{
    int64_t units = production->closed_units + *production->job->units_beyond;
    for (size_t i = 0; i < production->count; i++)
        units += production->hands[i]->run.queue.units_total;
    return units;
}

/* 0: too little was done to tell. */
static int64_t pace(const struct production *production)
{
    int64_t done = units_done(production), ms = elapsed_ms(production);
    return done < UNITS_TELLING || ms <= 0 ? 0
                                           : av_rescale(done, MS_PER_HOUR, ms);
}

/* What a run tells of itself is told of all together. */
static void hand_event(void *opaque, const struct produce_event *of_run)
{
    const struct hand *hand = opaque;
    const struct production *production = hand->production;
    struct produce_event event = *of_run;
    event.units = units_done(production);
    event.total = units_total(production);
    event.elapsed_ms = elapsed_ms(production);
    event.session = hand->run.part->session;
    production->job->event(production->job->opaque, &event);
}

/* --- opening and closing -------------------------------------------------- */

static void production_add(struct production *production, struct hand *hand)
{
    if (production->count == production->room)
        ARENA_PUSH(production->arena, production->hands, production->room);
    production->hands[production->count++] = hand;
}

/* What the runs under way still need. */
static void production_claim(const struct production *production,
                             struct disks *disks)
{
    for (size_t i = 0; i < production->count; i++) {
        const struct queue *queue = &production->hands[i]->run.queue;
        struct produce_need need;
        room_estimate(queue, &need);
        room_claim(queue->options, &need, disks);
    }
}

static struct produce_part *production_part(struct production *production)
{
    struct produce_part *part = production->waiting;
    production->waiting = NULL;
    if (part || production->exhausted)
        return part;
    part = production->job->next(production->job->opaque);
    production->exhausted = !part;
    return part;
}

/* False when no further part can be opened now; one that never can is done. */
static bool production_open(struct production *production)
{
    const struct produce_job *job = production->job;
    /* Room comes with a run's end. */
    if (production->waiting && production->count)
        return false;
    struct produce_part *part = production_part(production);
    if (!part)
        return false;
    struct hand *hand = arena_alloc(production->arena, sizeof *hand);
    hand->production = production;
    hand->number = ++production->opened;
    struct disks disks = {0};
    production_claim(production, &disks);
    part->code = run_open(&hand->run, part, &disks, hand_event, hand);
    disks_clear(&disks);
    if (part->code == AVERROR(EAGAIN)) {
        production->waiting = part;
        return false;
    }
    if (part->code < 0)
        job->done(job->opaque, part);
    else
        production_add(production, hand);
    return true;
}

static void production_close(struct production *production, size_t index,
                             int code)
{
    const struct produce_job *job = production->job;
    struct hand *hand = production->hands[index];
    struct produce_part *part = hand->run.part;
    run_close(&hand->run, code, pace(production));
    production->closed_units += hand->run.queue.units_done;
    production->count--;
    for (size_t i = index; i < production->count; i++)
        production->hands[i] = production->hands[i + 1];
    job->done(job->opaque, part);
}

/* --- struct worker_job's callbacks ---------------------------------------- */

static size_t hand_of(const struct production *production, int64_t id)
{
    size_t i = 0;
    while (production->hands[i]->number != id >> ID_BITS)
        i++;
    return i;
}

static int64_t run_id(int64_t id)
{
    return id & ((INT64_C(1) << ID_BITS) - 1);
}

/* The runs that began first end first. */
static bool production_next(void *context, struct worker_item *item)
{
    struct production *production = context;
    do {
        for (size_t i = 0; i < production->count; i++) {
            struct hand *hand = production->hands[i];
            if (!run_next(&hand->run, item))
                continue;
            item->id |= hand->number << ID_BITS;
            return true;
        }
    } while (production_open(production));
    return false;
}

static void production_done(void *context, const struct worker_result *result)
{
    struct production *production = context;
    size_t index = hand_of(production, result->id);
    struct run *run = &production->hands[index]->run;
    struct worker_result own = *result;
    own.id = run_id(result->id);
    run_done(run, &own);
    if (run->state == RUN_OVER)
        production_close(production, index, 0);
}

static void production_progress(void *context, int64_t id, int64_t units)
{
    struct production *production = context;
    run_progress(&production->hands[hand_of(production, id)]->run, run_id(id),
                 units);
}

/* While all workers are busy with the last items that could be handed out, the
 * next session is planned, so that none of them waits for it. */
static void production_tick(void *context)
{
    struct production *production = context;
    bool dealt_out = true;
    for (size_t i = 0; i < production->count; i++)
        dealt_out &= run_is_dealt_out(&production->hands[i]->run);
    if (dealt_out)
        production_open(production);
    if (production->count)
        queue_tick(&production->hands[0]->run.queue);
}

int produce_run(const struct produce_job *job)
{
    struct production production = {
        .job = job,
        .arena = arena_create(),
        .begin_ms = av_gettime_relative() / 1000,
    };
    struct worker_job work = {
        .count = job->jobs,
        .context = &production,
        .next = production_next,
        .done = production_done,
        .tick = production_tick,
        .progress = production_progress,
        .tells_errors = true,
        .stop = job->stop,
    };
    assert(job->jobs > 0 && job->next && job->done && job->event);
    int ret = workers_run(job->log, &work);
    while (production.count)
        production_close(&production, 0, ret < 0 ? ret : AVERROR_BUG);
    if (production.waiting) {
        production.waiting->code = ret < 0 ? ret : AVERROR_BUG;
        job->done(job->opaque, production.waiting);
    }
    arena_destroy(&production.arena);
    return ret;
}

int produce_jobs(struct log *log, const struct plan *plan, int jobs)
{
    return workforce_jobs(log, plan, jobs, machine_memory(""));
}
