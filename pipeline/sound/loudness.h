/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How loud a run of sound is: ITU-R BS.1770-4 by libebur128. */
#ifndef REELPRESS_SOUND_LOUDNESS_H
#define REELPRESS_SOUND_LOUDNESS_H

#include <stdbool.h>
#include "base/log.h"
#include "sound/pcm.h"

struct loudness {
    bool silent;      /* nothing above the gate of -70 LUFS: no figures */
    double lufs;      /* integrated */
    double peak_dbtp; /* true peak, four times oversampled */
};

/* A run shorter than the meter's block of 400 ms is measured as if it were
 * repeated. */
int loudness_measure(struct log *log, const struct pcm *pcm,
                     struct loudness *out);

#endif
