/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A true-peak limiter that looks ahead: peaks between samples are found by
 * fourfold oversampling (as ITU-R BS.1770-4 annex 2 has it), both channels are
 * turned down together. */
#ifndef REELPRESS_SOUND_LIMITER_H
#define REELPRESS_SOUND_LIMITER_H

#include <stdbool.h>
#include "base/log.h"
#include "sound/pcm.h"

/* Keeps `pcm` under `ceiling_dbtp`, in place. *worked: whether anything had to
 * be turned down. */
int limiter_limit(struct log *log, struct pcm *pcm, double ceiling_dbtp,
                  bool *worked);

#endif
