/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal of a run in the work folder: what it did and how long it took.
 * Never part of what is delivered. */
#ifndef REELPRESS_PRODUCE_JOURNAL_H
#define REELPRESS_PRODUCE_JOURNAL_H

#include <stdint.h>
#include "base/log.h"
#include "produce/queue.h"

/* Replaces the last run's. `pace` in units per hour; 0: this run says nothing
 * of the machine's, the last known one stays. */
void journal_write(struct log *log, const struct queue *queue,
                   int64_t elapsed_ms, int64_t pace);
/* Units per hour at which the run before went on; 0: not known. */
int64_t journal_last_pace(const struct store *store);

#endif
