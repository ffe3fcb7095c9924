/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a plan: a queue of items over workers, the store that keeps what was
 * made, the journal of the run, and its progress. */
#ifndef REELPRESS_PRODUCE_PRODUCE_H
#define REELPRESS_PRODUCE_PRODUCE_H

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>
#include "base/buffer.h"
#include "base/log.h"
#include "base/memo.h"
#include "plan/plan.h"

/* A worker that tells nothing for so long hangs; the work between two signs of
 * life adds to it. */
#define PATIENCE_S 120

struct produce_options {
    const char *out;   /* the delivery folder */
    const char *store; /* the work folder, SESSION/.reelpress */
    struct memo *memo; /* of files that did not change; NULL: none */
    int jobs;
    int patience_s; /* how long a worker may be silent; 0: PATIENCE_S */
    bool verify_full;
    const volatile int *stop;
};

/* One step of the run, for the progress display and --json. */
enum produce_event_kind {
    EVENT_NONE,
    EVENT_START,    /* total units are known */
    EVENT_PROGRESS, /* units moved */
    EVENT_ITEM,     /* an item came to its end: name, state */
    EVENT_END,      /* after the last rename */
};

struct produce_event {
    enum produce_event_kind kind;
    int64_t units, total; /* frames to encode, plus weights for the rest */
    int64_t elapsed_ms;
    const char *item; /* "01-标题 · douyin" */
    const char *what; /* "clip", "poster", "sound", "package" */
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
};

/* Makes all that the plan lists. Failed items are told and counted, the others
 * made. 0, AVERROR_EXIT when stopped, or an AVERROR when nothing could be
 * made. */
int produce_run(struct log *log, const struct plan *plan,
                const struct produce_options *options,
                void (*event)(void *opaque, const struct produce_event *event),
                void *opaque, struct produce_summary *summary);

/* What a run would find in the store and what it would make: appended to
 * `text` for people, and as an object in `*json` (NULL: not wanted). Looks
 * only; the store need not be there. */
void produce_preview(const struct plan *plan,
                     const struct produce_options *options, struct buffer *text,
                     json_t **json);

#endif
