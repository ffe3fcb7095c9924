/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings a clip's sound to a loudness under a true-peak ceiling: one static
 * gain where the peaks allow it, else gain and limiter. */
#ifndef REELPRESS_SOUND_LEVELLER_H
#define REELPRESS_SOUND_LEVELLER_H

#include <stdbool.h>
#include "sound/loudness.h"

struct level_target {
    double lufs;
    double peak_dbtp; /* ceiling of the PCM: the codec's margin is off it */
};

struct level_result {
    struct loudness before, after;
    double gain_db; /* 0 for silence */
    bool limited;   /* the limiter worked */
    bool reached;   /* within 0.3 LU of the target */
};

/* No more is given to quiet sound: beyond it noise is all that comes up. */
#define LEVEL_MOST_DB 30.0

/* From `from`, which stays, into `to`, which is empty before. Digital silence
 * stays what it is. */
int leveller_apply(struct log *log, const struct pcm *from,
                   const struct level_target *target, struct pcm *to,
                   struct level_result *result);

#endif
