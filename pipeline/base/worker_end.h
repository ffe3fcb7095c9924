/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a worker ended that left its item undone, in words. For worker.c. A
 * status is waitpid's; -1: not known. `is_late`: main sent it off at its
 * deadline, so that the status says nothing. */
#ifndef REELPRESS_BASE_WORKER_END_H
#define REELPRESS_BASE_WORKER_END_H

#include <stdbool.h>
#include "base/buffer.h"
#include "base/log.h"

/* For want of memory, as far as can be told. */
bool worker_end_is_memory(int status);
/* As a phrase: "signal 6, Aborted". */
void worker_end_describe(int status, bool is_late, struct buffer *out);
/* Tells what follows from its having ended so twice; returns the code. */
int worker_end_fail(struct log *log, int status, bool is_late, int deadline_ms);

#endif
