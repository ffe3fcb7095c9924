/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files of the store a plan's products are. Knows keys, opens nothing
 * but the store's folder. */
#ifndef REELPRESS_PRODUCE_PRODUCTS_H
#define REELPRESS_PRODUCE_PRODUCTS_H

#include "plan/plan.h"
#include "produce/store.h"

/* The finished film's key: all that decides its bytes. The fills of its chunks
 * follow from what it holds. */
void products_film_key(const struct plan *plan,
                       const struct rendition *rendition,
                       char out[DIGEST_TEXT]);

/* The sums of what is written into the file beside its chunks and sound. */
void products_film_parts(const struct plan *plan,
                         const struct rendition *rendition,
                         struct key_parts *out);

/* Calls `visit` with key and kind of every file that this plan made, will make
 * or may come by on the fill ladder, whether it is there or not. Of a film that
 * was made coarser to fit, and of chunks of a lower rate, the steps between are
 * left out. */
void products_visit(const struct plan *plan, const struct store *store,
                    void (*visit)(void *opaque, const char *key,
                                  const char *kind),
                    void *opaque);

/* Marks what the plan uses as used now, so that it goes last (trimmer.h).
 * Films that were marked within the hour are passed over. */
void products_use(const struct plan *plan, const struct store *store);

#endif
