/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One plan on its way: from the opening of its store over its items to the
 * delivery and the last rename. Hands out work and is told of results; whose
 * workers do it, and what else they do, it does not know. */
#ifndef REELPRESS_PRODUCE_RUN_H
#define REELPRESS_PRODUCE_RUN_H

#include "base/confine.h"
#include "base/worker.h"
#include "produce/maker.h"
#include "produce/produce.h"
#include "produce/queue.h"

enum run_state {
    RUN_MAKING,
    RUN_DELIVERING, /* its one item is the delivery */
    RUN_OVER,
};

/* Main uses the queue, a worker the maker that it finds beside it in its own
 * copy of the memory. */
struct run {
    struct arena *arena;
    struct produce_part *part;
    struct store store;
    struct queue queue;
    struct maker maker;
    struct reasons *reasons;
    struct confinement confinement;
    /* A delivery is a fork of its own, as it has to know all results; and has
     * the rights of main, as it puts what is ready into the user's folders. */
    struct worker_duty making, delivering;
    enum run_state state;
    size_t under_way; /* items that workers have */
    size_t given;     /* items handed out so far */
    int rounds;       /* deliveries tried */
    int64_t delivery_units;
    int64_t begin_ms; /* when its first item was handed out; 0: not yet */
    int code;         /* the part's, so far */
};

/* Ids of items are the queue's, and this one. */
#define RUN_DELIVERY_ID INT32_MAX

/* Opens the store, looks what is there and whether there is room for the rest
 * beside what `disks` say that other runs need, and writes the scripts. `run`
 * must be zero and stay where it is. On failure (told) there is nothing to
 * close; AVERROR(EAGAIN) is none: the others' end has to be waited for. */
int run_open(struct run *run, struct produce_part *part, struct disks *disks,
             void (*event)(void *opaque, const struct produce_event *event),
             void *opaque);
/* Something to do: true and a filled item. The delivery comes when all is made
 * and no item is under way. */
bool run_next(struct run *run, struct worker_item *item);
void run_done(struct run *run, const struct worker_result *result);
void run_progress(struct run *run, int64_t id, int64_t units);
/* All that can be handed out now is, and something was. */
bool run_is_dealt_out(const struct run *run);
/* Writes the journal with the pace of the machine (units per hour; 0: this run
 * tells nothing of it), trims the store, tells the end, and sets the part's
 * results; `code` counts when the run's own is none. */
void run_close(struct run *run, int code, int64_t pace);

/* run_deliver.c: the delivery's request and serve (in a worker), and what its
 * result means. */
int64_t run_delivery_units(const struct queue *queue);
void run_ask_delivery(struct run *run, struct worker_item *item);
int run_deliver(void *context, const struct buffer *request,
                struct buffer *reply, struct log *log);
void run_end_delivery(struct run *run, const struct worker_result *result);

#endif
