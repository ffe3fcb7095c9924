/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done where the system gives no memory for a few bytes, so that there
 * is nothing to go on with. */
#ifndef REELPRESS_BASE_MEMORY_H
#define REELPRESS_BASE_MEMORY_H

/* A worker ends in a way that main knows (worker.h); main ends with a sentence
 * and the status of a run that made nothing. */
_Noreturn void memory_gone(void);

#endif
