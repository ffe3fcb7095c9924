/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps the store within its bound: what was used longest ago goes first, what
 * the plan needs never goes. */
#ifndef REELPRESS_PRODUCE_TRIMMER_H
#define REELPRESS_PRODUCE_TRIMMER_H

#include <stdint.h>
#include "base/log.h"
#include "plan/plan.h"
#include "produce/store.h"

/* A month of sessions, each with some eight films: what is mended after a week
 * still finds its chunks. */
#define STORE_BYTES_MOST (INT64_C(20) << 30)

/* Removes products, indexes and carried fonts until those that are left take at
 * most `limit` bytes of disk, or only such are left as this plan needs. Does
 * nothing while other runs use the store. Returns the bytes that were freed.
 * Removing fails in silence: another run tries again. */
int64_t store_trim(struct log *log, const struct store *store,
                   const struct plan *plan, int64_t limit);
/* The bytes of disk that all of these take. */
int64_t store_size(const struct store *store);
/* Those of them that this plan does not need. */
int64_t store_spare(const struct store *store, const struct plan *plan);

#endif
