/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workers: forked processes that do one item at a time and answer with one
 * report, over a socket pair. The main process stays one poll loop and never
 * starts a thread.
 *
 * A worker is a fork, so it sees by memory all that main had built when it was
 * forked (session, plan); a request carries only what changes. It keeps to the
 * duty that it was forked for: an item of another duty gets a fresh worker in
 * the place of one that idles. A worker that
 * dies or passes its deadline costs its item: the item is given once more to a
 * fresh worker, alone, then reported as failed with what happened (signal,
 * deadline, out of memory); so is one that is answered with ENOMEM, where main
 * tells what failed (tells_errors). Requests and replies are bytes; by habit
 * JSON. This file knows nothing of media. */
#ifndef REELPRESS_BASE_WORKER_H
#define REELPRESS_BASE_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buffer.h"
#include "base/log.h"

/* Runs in the worker, once per item. Messages given to `log` travel to main
 * and come out of main's log. 0, or the item's AVERROR with the sentence told
 * to `log`. `reply` is sent in both cases. */
typedef int worker_serve(void *context, const struct buffer *request,
                         struct buffer *reply, struct log *log);

/* What a worker is forked for. `start` and `serve` see main's memory as it was
 * at the fork. Duties are told apart by their address: it stays one duty's own
 * until workers_run returns. */
struct worker_duty {
    worker_serve *serve;
    /* Once in a new worker, before its first item: confine; or NULL. When it
     * fails, the worker serves nothing: its items fail with this code and the
     * sentence told to `log`. */
    int (*start)(void *context, struct log *log);
    void *context;        /* for serve and start */
    int items_per_worker; /* a fresh fork after so many; 0: never */
    struct log *log;      /* hears what its workers tell; NULL: the run's */
    bool finishes;        /* an item under way is ended also after *stop */
};

/* A worker that tells nothing for so long hangs; the work between two signs of
 * life adds to it. */
#define PATIENCE_S 120
/* A deadline that is `usual_ms` with the usual patience, with another one; 0:
 * the usual. Who asks for less patience means the whole. */
int worker_deadline_ms(int64_t usual_ms, int patience_s);

struct worker_item {
    int64_t id;                     /* the caller's */
    const struct worker_duty *duty; /* NULL: the job's */
    struct buffer request;          /* taken by the pool */
    /* What goes past it without a sign of life hangs; each worker_progress
     * lets the time begin anew. 0: none. */
    int deadline_ms;
};

struct worker_result {
    int64_t id;
    /* 0, or the item's AVERROR; AVERROR_EXTERNAL when it crashed twice,
     * AVERROR(ETIMEDOUT) when it passed its deadline */
    int code;
    const char *sentence; /* the first error in words; NULL when code is 0 */
    const struct buffer *reply; /* lent for the call */
};

struct worker_job {
    int count;               /* workers at once, from 1 */
    struct worker_duty duty; /* of items that name none */
    void *context;           /* for next, done, tick, progress */
    /* Main asks for work whenever a worker is free: true and a filled item, or
     * false when there is nothing just now (more may come with a result). */
    bool (*next)(void *context, struct worker_item *item);
    void (*done)(void *context, const struct worker_result *result);
    /* Called at least every 200 ms while work is under way; or NULL. */
    void (*tick)(void *context);
    /* A report on the way from serve (worker_progress); or NULL. Units of an
     * item that is tried again are taken back first (negative). */
    void (*progress)(void *context, int64_t id, int64_t units);
    /* True: a failed item's sentence reaches the log only through done(), which
     * tells it; false: the worker's errors come out of main's log too, which
     * then has all of them and not the first. */
    bool tells_errors;
    const volatile int *stop; /* set by a signal handler: end soon; or NULL */
};

/* Runs until next() has nothing and no item is under way. Returns 0,
 * AVERROR_EXIT when *stop ended it (workers are then killed and waited for,
 * done is not called for what was under way; items of a duty that finishes are
 * waited for and told), or an AVERROR when no worker can
 * be forked. Worker processes get SIGTERM when main dies (PR_SET_PDEATHSIG). */
int workers_run(struct log *log, const struct worker_job *job);

/* Inside serve: tells main that `units` more of planned work are done. Does
 * nothing outside a worker. */
void worker_progress(int64_t units);

#endif
