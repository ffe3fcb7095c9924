/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound: a clip's PCM from the same integer ranges as its pictures, joined
 * with short equal-power fades, music ducked under it, levelled to the preset's
 * loudness and true peak, encoded once. Runs in a worker.
 *
 * A clip's sound is held whole: as floats, 8 bytes for each moment of 48,000 a
 * second, the mix and its levelled copy, and as much again while a limiter
 * works: at most 24 bytes, 69 MB for a minute of film, 0.35 GB for five, 4.1 GB
 * for an hour. The film's own recording is read in one such piece per shot,
 * before the copy is made. */
#ifndef REELPRESS_SOUND_SOUND_H
#define REELPRESS_SOUND_SOUND_H

#include <jansson.h>
#include "base/log.h"
#include "plan/plan.h"

/* Writes the AAC packets as a chunk file at `path`, with measures: loudness
 * before and after (LUFS, null for silence), true peak (dBTP), gain, samples,
 * whether a limiter worked, music, silent shots. A clip without any sound
 * becomes digital silence, and says so. */
int sound_make(struct log *log, const struct plan *plan,
               const struct sound *sound, const char *path);

#endif
