/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run will take of time and disk; and what is told when the disk is
 * full. */
#ifndef REELPRESS_PRODUCE_ROOM_H
#define REELPRESS_PRODUCE_ROOM_H

#include <stdbool.h>
#include <stdint.h>
#include "base/log.h"
#include "produce/disks.h"
#include "produce/queue.h"

/* What the queue, as it was set up, still takes; without the delivery's units.
 */
void room_estimate(const struct queue *queue, struct produce_need *out);

/* Adds the need to that of the disks it falls on. */
void room_claim(const struct produce_options *options,
                const struct produce_need *need, struct disks *disks);

/* Before a run begins: `disks` hold what those under way still need, and get
 * its own. Where room is missing it is made in the store by what this plan does
 * not need. Negative, with its sentence, when the run can't be afforded;
 * AVERROR(EAGAIN), without one, when it has to wait for the others' end. */
int room_check(struct log *log, const struct queue *queue, struct disks *disks);

/* Whether this error means that what is made can't be kept, so that any other
 * item would fail in the same way: the disk is full or became read-only. */
bool room_is_out(int code);
/* The session's folder was moved away, or its disk is gone. */
bool room_gone(const struct queue *queue);
/* The one sentence for it; returns the queue's stuck_code. */
int room_tell_stuck(struct log *log, const struct queue *queue);

#endif
