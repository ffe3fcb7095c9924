/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The music bed: looped to the clip's length, set below the speech, turned
 * further down while somebody speaks. */
#ifndef REELPRESS_SOUND_DUCKER_H
#define REELPRESS_SOUND_DUCKER_H

#include <stdbool.h>
#include "base/log.h"
#include "ingest/recording.h"
#include "sound/pcm.h"

/* Adds the bed to the programme, in place; a long bed is kept beside `scratch`,
 * as pcm_init_long has it. Under speech it lies `level_lu`
 * (its sign is not read) below the programme's integrated loudness; in pauses
 * it comes up by 9 LU, though never nearer to it than 6. Without speech the
 * music is the programme. It begins over half a second and ends over 1.5 s.
 * *used is false when the bed turned out silent. */
int ducker_add_bed(struct log *log, struct pcm *programme,
                   const struct recording *bed, double level_lu,
                   const char *scratch, bool *used);

#endif
