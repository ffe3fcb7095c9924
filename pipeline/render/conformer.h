/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures as they were shot to pictures as they are worked with: upright,
 * progressive, SDR, planar; not scaled. A frame sink: takes index numbers as
 * pts, gives positions, twice the index number (one more for a second field).
 * Rebuilds itself when a stream changes its size or format midway. */
#ifndef REELPRESS_RENDER_CONFORMER_H
#define REELPRESS_RENDER_CONFORMER_H

#include <stdbool.h>
#include "base/log.h"
#include "flow/frame_sink.h"
#include "ingest/recording.h"

/* Frames before and after those that are wanted, for the deinterlacer. */
#define CONFORM_MARGIN 2

struct conformer;

/* `name` for messages; `facts` say what the pictures are: both lent. `fields`
 * asks for every field of interlaced material as a picture. */
int conformer_create(struct log *log, const char *name,
                     const struct picture_stream *facts, bool fields,
                     struct frame_sink *target, struct conformer **out);
/* Its open takes no format (NULL): the facts say it. */
struct frame_sink *conformer_sink(struct conformer *conformer);
void conformer_destroy(struct conformer **conformer); /* after close */

/* Where chroma lies after turning; false when no name exists for it, as on
 * the right: then it must be moved to the centre first. */
bool conformer_turn_chroma(enum AVChromaLocation chroma, int orientation,
                           enum AVChromaLocation *out);

#endif
