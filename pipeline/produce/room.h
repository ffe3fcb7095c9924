/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run will take of time and disk; and what is told when the disk is
 * full. */
#ifndef REELPRESS_PRODUCE_ROOM_H
#define REELPRESS_PRODUCE_ROOM_H

#include <stdbool.h>
#include <stdint.h>
#include "base/log.h"
#include "produce/queue.h"

/* What the queue, as it was set up, still takes; without the delivery's units.
 */
void room_estimate(const struct queue *queue, struct produce_need *out);

/* Where the disk is clearly too small it makes room in the store by what this
 * plan does not need, and warns of what is still missing. Negative, with its
 * sentence, only when nothing at all could be written. */
int room_check(struct log *log, const struct queue *queue);

/* Whether this error means that what is made can't be kept, so that any other
 * item would fail in the same way: the disk is full or became read-only. */
bool room_is_out(int code);
/* The one sentence for it; returns the queue's stuck_code. */
int room_tell_stuck(struct log *log, const struct queue *queue);

#endif
