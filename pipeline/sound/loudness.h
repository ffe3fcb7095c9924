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

struct meter;

/* Hears a sound block by block; the log is lent. */
int meter_create(struct log *log, struct meter **out);
/* Takes the next block, of any size; `meter` is a struct meter. */
int meter_take(void *meter, const struct pcm *block);
/* A run shorter than the meter's block of 400 ms is measured as if it were
 * repeated. */
int meter_finish(struct meter *meter, struct loudness *out);
void meter_destroy(struct meter **meter);

int loudness_measure(struct log *log, const struct pcm *pcm,
                     struct loudness *out);

#endif
