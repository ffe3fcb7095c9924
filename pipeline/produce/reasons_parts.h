/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of reasons share among themselves.
 *
 * The record:
 * {"parts":"program,preset,…","clips":[{"id":…,"title":…,"range":sum,
 *   "films":[{"name":preset,"parts":sums,"words":sums,"chunks":[sums,…]},…],
 *   "sounds":[{"name":preset,"parts":sums},…],
 *   "posters":[{"name":"16x9 1280x720","parts":sums},…]},…]}
 * with sums as text, one for each of "parts", parted by commas, "" for 0. */
#ifndef REELPRESS_PRODUCE_REASONS_PARTS_H
#define REELPRESS_PRODUCE_REASONS_PARTS_H

#include "produce/products.h"
#include "produce/reasons.h"

#define SUM_TEXT 48 /* any short name or sum, with its closing zero */

struct reasons {
    struct arena *arena;
    const struct plan *plan;
    json_t *record;       /* NULL: none */
    const json_t **clips; /* per clip of the plan: the record's; NULL: new */
};

/* What a clip's rows show, and when, as a sum. */
void reasons_range(const struct clip *clip, char out[SUM_TEXT]);
void reasons_poster_name(const struct poster *poster, char out[SUM_TEXT]);
/* False when it is none. */
bool reasons_read(const json_t *sums, struct key_parts *out);
const json_t *reasons_film_then(const struct reasons *reasons,
                                size_t rendition);
/* A new reference; NULL when there is none that is understood. */
json_t *reasons_read_record(const struct plan *plan, const struct store *store);

#endif
