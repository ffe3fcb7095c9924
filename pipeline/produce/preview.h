/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is new and what lies ready, in words. produce_preview, for the plan
 * command, is in produce.h. */
#ifndef REELPRESS_PRODUCE_PREVIEW_H
#define REELPRESS_PRODUCE_PREVIEW_H

#include "base/log.h"
#include "produce/queue.h"

/* One line for each film and poster that is made: what of it is new. Only to
 * a log that listens to LOG_LEVEL_VERBOSE. */
void preview_tell(struct log *log, const struct queue *queue);

#endif
