/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs plans: queues of items over one pool of workers, the store that keeps
 * what was made, the journal of each run, and its progress.
 *
 *   next() ─▶ part ─┬▶ its items ─▶ its delivery ─▶ done()
 *   next() ─▶ part ─┴▶ …               one pool of workers serves them all
 *
 * The next part is asked for when those before have no item to hand out any
 * more, so that no processor waits for a session's last film, and no more
 * plans lie in memory than workers need. */
#ifndef REELPRESS_PRODUCE_PRODUCE_H
#define REELPRESS_PRODUCE_PRODUCE_H

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>
#include "base/buffer.h"
#include "base/log.h"
#include "base/memo.h"
#include "plan/plan.h"
#include "produce/disks.h"

struct produce_options {
    const char *out;   /* the delivery folder */
    const char *store; /* the work folder, SESSION/.reelpress */
    struct memo *memo; /* of files that did not change; NULL: none */
    int jobs;          /* workers at once, from 1 */
    int patience_s;    /* worker_deadline_ms */
    bool verify_full;
};

/* One step of a run, for the progress display and --json. */
enum produce_event_kind {
    EVENT_NONE,
    EVENT_START,    /* a session's items begin to be handed out */
    EVENT_PROGRESS, /* units moved */
    EVENT_ITEM,     /* an item came to its end: name, state */
    EVENT_END,      /* after a session's last rename */
};

struct produce_event {
    enum produce_event_kind kind;
    /* Frames to encode, plus weights for the rest; of all the run's sessions
     * together, those that are still to come as they were estimated. */
    int64_t units, total;
    int64_t elapsed_ms;  /* since the run's begin */
    const char *session; /* the part's name */
    const char *item;    /* "01-标题 · douyin" */
    const char *what;    /* "clip", "poster", "sound", "package" */
    const char
        *state; /* "made", "reused", "failed"; a package's: "incomplete" */
    const char *sentence; /* why it failed; NULL */
};

struct produce_summary {
    size_t made, reused, failed; /* renditions and posters */
    size_t packages, incomplete;
    size_t chunks_made, chunks_reused;
    /* Of pictures that went into chunks: handed out by decoders; in the ranges
     * that were to be shown, each once however many renditions show it;
     * encoded, over all renditions. */
    int64_t frames_decoded, frames_needed, frames_encoded;
    int64_t elapsed_ms; /* from its first item to its last rename */
};

/* What a plan's run would take. */
struct produce_need {
    int64_t units;
    int64_t pace; /* units per hour of the run before; 0: not known */
    /* Estimated from frame, rate and quality: films differ by a factor of two
     * either way. */
    int64_t store_bytes; /* chunks, sound, films, posters */
    int64_t out_bytes;   /* copies in the outlets' folders, and zips */
    size_t films, posters;
};

/* One plan of a run. The owner sets all but the results, and keeps it and all
 * that it names until done(). */
struct produce_part {
    struct log *log;     /* hears of its items; its address is its own until
                            produce_run returns */
    const char *session; /* its name, for events */
    const struct plan *plan;
    struct produce_options options;
    /* Results. */
    struct produce_summary summary;
    int code; /* 0, AVERROR_EXIT when stopped, or an AVERROR when nothing could
                 be made or not all be delivered; told */
};

struct produce_job {
    struct log *log;
    int jobs;
    /* Of the parts that next() has not given yet, as produce_need told them:
     * kept by the owner, as some may fall away. */
    const int64_t *units_beyond;
    const volatile int *stop;
    /* The next part; NULL: there is none any more. Main waits meanwhile, its
     * workers don't. */
    struct produce_part *(*next)(void *opaque);
    /* The part has come to its end; it is used no more. */
    void (*done)(void *opaque, struct produce_part *part);
    void (*event)(void *opaque, const struct produce_event *event);
    void *opaque;
};

/* Makes all that the parts' plans list. Failed items are told and counted, the
 * others made; a part that fails stops no other. 0, AVERROR_EXIT when stopped,
 * or an AVERROR when no worker could be had. done() is called once for each
 * part that next() gave. */
int produce_run(const struct produce_job *job);

/* How many of `jobs` workers the machine's memory allows for this plan. */
int produce_jobs(struct log *log, const struct plan *plan, int jobs);
/* Adds what is needed to the disks it falls on, too. Looks only; the store
 * need not be there. */
void produce_estimate(const struct plan *plan,
                      const struct produce_options *options,
                      struct disks *disks, struct produce_need *out);
void produce_need_add(struct produce_need *sum,
                      const struct produce_need *need);
/* Of all runs together, before the first: tells what is to be made, about how
 * long it takes with so many workers and how much it needs, and warns of disks
 * that are too small for it; nothing when nothing is to be made. */
void produce_tell_need(struct log *log, const struct produce_need *need,
                       int jobs, const struct disks *disks);

/* What a run would find in the store and what it would make: appended to
 * `text` for people, and as an object in `*json` (NULL: not wanted). Looks
 * only; the store need not be there. */
void produce_preview(const struct plan *plan,
                     const struct produce_options *options, struct buffer *text,
                     json_t **json);

#endif
