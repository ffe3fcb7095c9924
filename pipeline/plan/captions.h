/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the two files that make captions. */
#ifndef REELPRESS_PLAN_CAPTIONS_H
#define REELPRESS_PLAN_CAPTIONS_H

#include <stdio.h>
#include "base/text.h"
#include "plan/build.h"

/* Nothing shorter can be read (Netflix 215758617). */
#define CAPTION_LEAST (FLICKS_PER_SECOND * 5 / 6)

struct draft_caption *draft_add_caption(struct builder *builder,
                                        struct draft *draft, int64_t start,
                                        int64_t end, const char *text);

/* The words of a row's `caption` cell, broken at clauses and spread over
 * [start, end) of the clip by their number of characters. A clause that would
 * show for less than CAPTION_LEAST stands with a neighbour where two lines
 * hold both. */
void caption_spread(struct builder *builder, struct draft *draft,
                    const struct highlight *row, int64_t start, int64_t end);

#endif
