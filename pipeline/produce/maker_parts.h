/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the maker share among themselves. */
#ifndef REELPRESS_PRODUCE_MAKER_PARTS_H
#define REELPRESS_PRODUCE_MAKER_PARTS_H

#include <jansson.h>
#include "produce/maker.h"

/* Fills maker->kit at first use. */
int maker_prepare_kit(struct maker *maker, struct log *log);
/* Of this process so far: what the checks take is told apart in the journal. */
int64_t maker_cpu_us(void);

/* Makes the chunks of a run, span by span; each has its key's name as soon as
 * it is finished and checked. */
int maker_run(struct maker *maker, const json_t *request, json_t *reply,
              struct arena *arena, struct log *log);

/* Puts a finished film together, or answers what has to be made anew first. */
int maker_film(struct maker *maker, const json_t *request, json_t *reply,
               struct arena *arena, struct log *log);

#endif
