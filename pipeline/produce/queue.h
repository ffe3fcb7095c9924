/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is still to be made of a plan, item by item: which item may begin, and
 * what its end makes possible. Lives in the main process; opens no media.
 *
 *   run ───┐ (neighbouring spans, one decode for all renditions that lack them)
 *   sound ─┴▶ file (rate buffer, mux, check)
 *   poster (all covers of a clip)
 *
 * How long a run is follows from what is left to do and from the number of
 * workers, so it differs from machine to machine; no byte depends on it, as
 * each chunk is made as if it were alone.
 *
 * A file item may answer "chunk k is damaged": then it is made again; or
 * "chunk k breaks the rate buffer": then it goes one step down the ladder of
 * fills or of rates and is made again; or "the film has n bytes", more than its
 * outlet takes: then all its chunks are made again with another crf
 * (size_search.h). */
#ifndef REELPRESS_PRODUCE_QUEUE_H
#define REELPRESS_PRODUCE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>
#include "base/worker.h"
#include "encode/size_search.h"
#include "package/package.h"
#include "plan/plan.h"
#include "produce/produce.h"
#include "produce/store.h"

enum item_kind {
    ITEM_NONE,
    ITEM_RUN,
    ITEM_SOUND,
    ITEM_POSTER,
    ITEM_FILE,
};

enum product_state {
    PRODUCT_WANTED,
    PRODUCT_UNDER_WAY,
    PRODUCT_READY, /* lies in the store */
    PRODUCT_FAILED,
    PRODUCT_LEFT_OUT, /* this run is not asked for it, and it isn't there */
};

struct chunk_work {
    enum product_state state;
    int fill_step, rate_step;
    int remakes; /* how often it was damaged when the film was put together */
};

struct rendition_work {
    char key[DIGEST_TEXT]; /* the finished file's; independent of the fills,
                              which follow from what the key holds */
    struct chunk_work *chunks;
    struct size_search size; /* for the crf, where the film is too large */
    enum product_state file;
    int sound_remakes; /* as a chunk's */
    bool reused;
    int64_t units; /* of all its chunks */
};

/* The renditions of one clip. */
struct clip_work {
    size_t *renditions;
    size_t rendition_count;
    bool *begun; /* per span: some of its chunks were given to a worker */
};

struct chunk_place {
    size_t span, rendition;
};

struct item {
    enum item_kind kind;
    size_t index;               /* clip (run, poster), sound or rendition */
    struct chunk_place *chunks; /* of a run, span by span */
    size_t chunk_count;
    bool again; /* one span only, some of whose chunks another run had */
    int64_t units;
    int64_t units_told; /* by worker_progress */
};

struct reasons; /* reasons.h */

struct queue {
    struct arena *arena; /* lent */
    struct log *log;
    const struct plan *plan;
    const struct store *store;
    const struct produce_options *options;
    struct clip_work *clips;
    struct rendition_work *renditions;
    enum product_state *sounds;
    enum product_state *posters; /* per clip: all its covers together */
    struct result *rendition_results, *poster_results;
    const struct reasons *reasons; /* lent; NULL: nobody asks */
    json_t *timings;               /* for last-run.json */
    struct item *items;
    size_t item_count;
    int64_t units_done, units_total;
    int64_t units_waiting; /* of chunks that no worker has yet */
    int64_t units_in_hand; /* of items under way, as far as not told done */
    int stuck_code; /* what is made can't be kept: no item begins any more */
    int64_t check_cpu_us; /* spent by workers on proving what they made */
    struct produce_summary *summary;
    void (*event)(void *opaque, const struct produce_event *event);
    void *opaque;
    int64_t begin_ms;
};

/* Sets everything up and finds what the store has already. */
void queue_init(struct queue *queue);
void queue_clear(struct queue *queue);

/* struct worker_job's callbacks; the context is the queue. */
bool queue_next(void *context, struct worker_item *item);
void queue_done(void *context, const struct worker_result *result);
void queue_progress(void *context, int64_t id, int64_t units);
void queue_tick(void *context);

/* Takes a damaged product out of the store and wants it again: a film by its
 * rendition's number; behind them, a poster. */
void queue_damaged(struct queue *queue, size_t product);

/* Why the item is made, as a set of reasons.h; 0: not known. */
uint32_t queue_item_reasons(const struct queue *queue, const struct item *item);

/* "01-标题 · douyin": how an item is called towards people. In the arena. */
char *queue_item_name(const struct queue *queue, const struct item *item);

/* The poster's file key once the picture is chosen by rule: what `poster.key`
 * holds decides the choice, so it names the files. */
const char *queue_poster_key(const struct poster *poster);

#endif
