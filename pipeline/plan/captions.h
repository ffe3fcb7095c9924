/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the two files that make captions. */
#ifndef REELPRESS_PLAN_CAPTIONS_H
#define REELPRESS_PLAN_CAPTIONS_H

#include <stdio.h>
#include "base/text.h"
#include "plan/build.h"

struct draft_caption *draft_add_caption(struct builder *builder,
                                        struct draft *draft, int64_t start,
                                        int64_t end, const char *text);

/* The words of a row's `caption` cell, broken at clauses and spread over
 * [start, end) of the clip by their number of characters. */
void caption_spread(struct builder *builder, struct draft *draft,
                    const struct highlight *row, int64_t start, int64_t end);

#endif
