/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound: a clip's PCM from the same integer ranges as its pictures, joined
 * with short equal-power fades, music ducked under it, levelled to the preset's
 * loudness and true peak, encoded once. Runs in a worker.
 *
 * A clip's mix is held whole, as it is gone through several times: as floats,
 * 8 bytes for each moment of 48,000 a second, 23 MB for a minute of film. One
 * of more than ten minutes, and a music bed of more than that, lies in a file
 * that is mapped, of which the system keeps in memory what it has room for. All
 * that is done to the mix is done block by block; only the coded sound is held,
 * 30 kB for each second. */
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

/* What making it takes at most: of memory, and of disk beside its path. */
int64_t sound_memory_bytes(const struct plan *plan, const struct sound *sound);
int64_t sound_scratch_bytes(const struct plan *plan, const struct sound *sound);

#endif
