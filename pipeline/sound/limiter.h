/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A true-peak limiter that looks ahead: peaks between samples are found by
 * fourfold oversampling (as ITU-R BS.1770-4 annex 2 has it), both channels are
 * turned down together. */
#ifndef REELPRESS_SOUND_LIMITER_H
#define REELPRESS_SOUND_LIMITER_H

#include <stdbool.h>
#include "base/log.h"
#include "sound/pcm.h"

struct limiter;

/* Plays `from`, which is lent, times `factor` and kept under `ceiling_dbtp`. */
int limiter_create(struct log *log, const struct pcm *from, double factor,
                   double ceiling_dbtp, struct limiter **out);
/* Fills the block, which has room for PCM_BLOCK samples, with the next ones and
 * sets its count: 0 at the end. */
void limiter_next(struct limiter *limiter, struct pcm *block);
/* Whether anything had to be turned down so far. */
bool limiter_worked(const struct limiter *limiter);
void limiter_destroy(struct limiter **limiter);

#endif
