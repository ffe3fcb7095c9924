/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of one recording by number: opens the file, begins at an entry
 * point, decodes on one thread, and hands out exactly the index's frames. Knows
 * no clips, no rates, and does nothing to a picture. Not thread-safe. */
#ifndef REELPRESS_RENDER_READER_H
#define REELPRESS_RENDER_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libavutil/frame.h>
#include "base/log.h"
#include "ingest/recording.h"

struct picture_reader;

/* The recording is lent and must outlive the reader; it has an index. */
int picture_reader_create(struct log *log, const struct recording *recording,
                          struct picture_reader **out);
void picture_reader_destroy(struct picture_reader **reader);
const struct recording *picture_reader_recording(
    const struct picture_reader *reader);

/* The frames [first, end) come next. Goes on with the decode under way where
 * the result is proven to be the same, else seeks. */
int picture_reader_seek(struct picture_reader *reader, struct log *log,
                        size_t first, size_t end);
/* The next frame, a reference of the caller's; pts is its number in the index.
 * A frame that the decoder could not give is the one before once more, told in
 * one warning per range. AVERROR_EOF after the last. */
int picture_reader_next(struct picture_reader *reader, struct log *log,
                        AVFrame **out);
/* Whether a seek to `first` would go on with the decode under way. */
bool picture_reader_continues(const struct picture_reader *reader,
                              size_t first);
/* All frames that the decoder gave since the reader was created. */
int64_t picture_reader_decoded(const struct picture_reader *reader);

#endif
