/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A clip's programme: each shot's sound on the timeline's samples, joined as
 * its pictures are. */
#ifndef REELPRESS_SOUND_MIXER_H
#define REELPRESS_SOUND_MIXER_H

#include "base/log.h"
#include "plan/plan.h"
#include "sound/pcm.h"

struct mix_facts {
    int silent_shots;    /* photos, recordings without sound or outside it */
    int recorder_shots;  /* taken from an external recorder */
    int one_sided_shots; /* one channel was dead: the other is on both */
};

/* Fills *out with timeline->samples samples; a long one lies beside `scratch`,
 * as pcm_init_long has it.
 *
 * - Shot j has the samples from clock_samples(shot_tick[j]) on; the first one
 *   lies at its in-point.
 * - A cut where sound goes on at both sides is an equal-power crossfade of
 *   8 ms, half of it on each side, for which each source runs on or begins
 *   earlier; where the recording just goes on, nothing is heard of it.
 * - A dissolve is one over the transition, the outgoing source running on; a
 *   fade goes through silence. Other edges are faded over 8 ms.
 * - An end card is silent. */
int mixer_mix(struct log *log, const struct timeline *timeline,
              const char *scratch, struct pcm *out, struct mix_facts *facts);

#endif
