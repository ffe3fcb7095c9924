/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many workers the machine's memory allows: what one of them needs against
 * what is free. */
#ifndef REELPRESS_PRODUCE_WORKFORCE_H
#define REELPRESS_PRODUCE_WORKFORCE_H

#include <stdint.h>
#include "base/log.h"
#include "plan/plan.h"

/* Bytes that a worker holds at most while it makes the plan's largest clip in
 * all the presets that are wanted, within about a quarter. */
int64_t workforce_need(const struct plan *plan);

/* `jobs`, or fewer, from 1, when `available` bytes (-1: not known) don't
 * suffice for so many; told as verbose. */
int workforce_jobs(struct log *log, const struct plan *plan, int jobs,
                   int64_t available);

#endif
