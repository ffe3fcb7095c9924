/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run will take of time and disk, told before it begins; and what is
 * told when the disk is full after all. */
#ifndef REELPRESS_PRODUCE_ROOM_H
#define REELPRESS_PRODUCE_ROOM_H

#include <stdbool.h>
#include <stdint.h>
#include "base/log.h"
#include "produce/queue.h"

/* What is still to be written, estimated from frame, rate and quality: films
 * differ by a factor of two either way. */
struct room_need {
    int64_t store_bytes; /* chunks, sound, films, posters */
    int64_t out_bytes;   /* copies in the outlets' folders, and zips */
};
void room_estimate(const struct queue *queue, struct room_need *out);

/* Tells what is to be made, about how long it takes and how much it needs;
 * where the disk is clearly too small it makes room in the store by what this
 * plan does not need, and warns of what is still missing. Negative, with its
 * sentence, only when nothing at all could be written. */
int room_check(struct log *log, const struct queue *queue);

/* Whether this error means that what is made can't be kept, so that any other
 * item would fail in the same way: the disk is full or became read-only. */
bool room_is_out(int code);
/* The one sentence for it; returns the queue's stuck_code. */
int room_tell_stuck(struct log *log, const struct queue *queue);

/* Units per hour at which the run before went on, from its journal; 0: not
 * known. And what this run has to say for the next. */
int64_t room_last_pace(const struct store *store);
int64_t room_pace(const struct queue *queue);

#endif
