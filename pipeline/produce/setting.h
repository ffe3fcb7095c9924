/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chunk's setting as it stands in requests, replies and the entries of
 * finished films: [fill_step, size_step, rate_step]. */
#ifndef REELPRESS_PRODUCE_SETTING_H
#define REELPRESS_PRODUCE_SETTING_H

#include <jansson.h>
#include "plan/plan.h"

json_t *setting_json(struct chunk_setting setting);
/* The first steps where there is none; steps outside their ladders are cut to
 * their ends. */
struct chunk_setting setting_read(const json_t *list);

#endif
