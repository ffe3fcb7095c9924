/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording's sound at 48 kHz stereo, any range of it, aligned by its time
 * stamps. One open file, one thread. */
#ifndef REELPRESS_SOUND_READER_H
#define REELPRESS_SOUND_READER_H

#include "base/log.h"
#include "ingest/recording.h"
#include "sound/pcm.h"

struct sound_reader;

/* `recording` is lent, has a sound stream and outlives the reader. */
int sound_reader_create(struct log *log, const struct recording *recording,
                        struct sound_reader **out);
void sound_reader_destroy(struct sound_reader **reader);
const struct recording *sound_reader_recording(
    const struct sound_reader *reader);

/* Fills `out`, which is silent, the first sample of which lies at `from_flicks`
 * of the recording's clock (to half a sample). Where the recording has no sound
 * (before it, after it, in gaps of its stamps, where it does not decode) it
 * stays so. Mono comes on both channels, more than two are mixed down. */
int sound_reader_read(struct sound_reader *reader, struct log *log,
                      int64_t from_flicks, const struct pcm *out);

#endif
