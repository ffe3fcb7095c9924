/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why something is made: what of it is another than when the store's products
 * were made. A record beside them keeps the sums of their keys' components
 * (plan/parts.h); it explains, nothing else hangs on it. */
#ifndef REELPRESS_PRODUCE_REASONS_H
#define REELPRESS_PRODUCE_REASONS_H

#include <stdint.h>
#include "produce/queue.h"

/* A set of reasons is bits of enum key_part, and of these. 0: not known. */
#define REASON(part) (UINT32_C(1) << (part))
#define REASON_NEW   REASON(KEY_PARTS)     /* nothing like it was made yet */
#define REASON_LOST  REASON(KEY_PARTS + 1) /* made, and gone since */

struct reasons;

/* Reads the record of this plan's session; a store without one knows no
 * reasons. `plan` and `store` are lent. */
struct reasons *reasons_load(const struct plan *plan,
                             const struct store *store);
void reasons_destroy(struct reasons **reasons);
bool reasons_are_known(const struct reasons *reasons);

uint32_t reasons_of_chunk(const struct reasons *reasons, size_t rendition,
                          size_t chunk);
/* Of the whole: its chunks, its sound, and what else is written into it. */
uint32_t reasons_of_film(const struct reasons *reasons, size_t rendition);
uint32_t reasons_of_sound(const struct reasons *reasons, size_t sound);
uint32_t reasons_of_poster(const struct reasons *reasons, size_t poster);

/* "captions changed, the title changed"; "" for the empty set. */
const char *reasons_text(uint32_t set, struct arena *arena);
/* The reasons' names, as files have them. */
json_t *reasons_json(uint32_t set);

/* Writes what the store has now in the record's place. */
void reasons_keep(const struct reasons *reasons, const struct queue *queue);

#endif
