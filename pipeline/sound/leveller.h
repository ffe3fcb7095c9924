/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings a clip's sound to a loudness under a true-peak ceiling: one static
 * gain where the peaks allow it, else gain and limiter. First the level is
 * found, then the sound is played at it. */
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
    double gain_db;      /* 0 for silence */
    bool limited;        /* the limiter worked, */
    double ceiling_dbtp; /* at this ceiling */
    bool reached;        /* within 0.3 LU of the target */
};

/* No more is given to quiet sound: beyond it noise is all that comes up. */
#define LEVEL_MOST_DB 30.0

/* `before` is what `from` measures. Digital silence stays what it is. */
int leveller_find(struct log *log, const struct pcm *from,
                  const struct loudness *before,
                  const struct level_target *target,
                  struct level_result *result);
/* Plays `from` at the level found, less `trim_db`, to the taker, in blocks. */
int leveller_play(struct log *log, const struct pcm *from,
                  const struct level_result *level, double trim_db,
                  int (*take)(void *taker, const struct pcm *block),
                  void *taker);

#endif
