/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound: a clip's PCM from the same integer ranges as its pictures, joined
 * with short equal-power fades, music ducked under it, levelled to the preset's
 * loudness and true peak, encoded once. Runs in a worker. */
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
