/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a finished film says of itself, held against the plan, and what its
 * outlet refuses. */
#ifndef REELPRESS_CHECK_LIMITS_H
#define REELPRESS_CHECK_LIMITS_H

#include <stdint.h>
#include <jansson.h>
#include "check/film_packets.h"

/* Tags, colour, size, rate, profile and level; bytes, mean rate and length.
 * Adds its figures. The film was read. A film under the outlet's least length
 * is warned of only: the plan said so before. */
int limits_check(const struct film *film, int64_t bytes, json_t *figures);

#endif
