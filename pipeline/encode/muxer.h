/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chunks and sound into one MP4: faststart, one sample entry, dts by one rule
 * over the whole file, packet durations set, no clock in it. */
#ifndef REELPRESS_ENCODE_MUXER_H
#define REELPRESS_ENCODE_MUXER_H

#include <stddef.h>
#include "base/log.h"
#include "plan/plan.h"

/* Writes `path` (a temporary the caller publishes) from the chunk files in
 * order and the sound's file (NULL: no sound). Titles, credit, copyright and
 * date from the session go into the file's tags. Chunks with different
 * parameter sets are refused. */
int muxer_write(struct log *log, const struct session *session,
                const struct rendition *rendition,
                const char *const *chunk_paths, size_t chunk_count,
                const char *sound_path, const char *path);

/* Whether the chunks, in order, hold the preset's rate buffer: simulates the
 * leaky bucket (H.264 annex C, as x264 fills it) over all packet sizes.
 * Returns the first chunk that underflows, or -1. The buffer was last full
 * before or in chunk `*since`: those from there on emptied it. `*peak_bps` is
 * the highest mean rate over any second. */
int muxer_rate_offender(const struct rendition *rendition,
                        const int *const *sizes, const size_t *counts,
                        size_t chunk_count, int *since, int64_t *peak_bps);

/* Which chunk is coded anew when the offender underflows, and its setting then:
 * the offender with a lower fill; past the last one at a lower rate, in turn
 * with the chunk before it, which may have left it nothing; then those before
 * that. -1: all since the buffer was full have the lowest rate. */
int muxer_rate_step(const struct chunk_setting *settings, int since,
                    int offender, struct chunk_setting *next);

#endif
