/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker's side: makes one item of a plan and answers with a report. All
 * that parses media on behalf of a run happens here. */
#ifndef REELPRESS_PRODUCE_MAKER_H
#define REELPRESS_PRODUCE_MAKER_H

#include "base/buffer.h"
#include "base/log.h"
#include "produce/queue.h"

/* A worker's own: created empty before the fork, filled at first use. */
struct maker {
    const struct queue *queue; /* as it was when the worker was forked */
    struct render_kit *kit;
};

/* Requests and replies are JSON, written by queue.c and read there:
 *   run     {"kind":1,"index":clip,"list":[[span,rendition,setting],…]}
 *             → {"decoded":n,"needed":n,"encoded":n,"check_cpu_us":n}
 *   sound   {"kind":2,"index":sound,"list":[]}          → {}
 *   poster  {"kind":3,"index":clip,"list":[]}           → {}
 *   file    {"kind":4,"index":rendition,"list":[setting,…],"least":bytes}
 *             → {"check_cpu_us":n}, {"offender":chunk,"setting":setting}: that
 *               chunk is to be made with it, {"damaged":chunk},
 *               {"sound":true}, which is damaged too, or {"bytes":n,
 *               "sound_bytes":n}: larger than the outlet takes, or smaller
 *               than it shall be;
 *               with a failure, {"rejected":true}: the film that failed its
 *               check lies in the store as KEY.rejected, for main to put out
 * What was made lies in the store, beside a document of its figures. */
int maker_serve(struct maker *maker, const struct buffer *request,
                struct buffer *reply, struct log *log);

#endif
