/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run of pictures of one shot's source, a recording's range or a photo,
 * conformed and pushed step by step. Knows no ticks. */
#ifndef REELPRESS_RENDER_SOURCE_H
#define REELPRESS_RENDER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/log.h"
#include "flow/frame_sink.h"
#include "plan/plan.h"
#include "render/conformer.h"
#include "render/reader.h"

struct render_kit;

struct source {
    struct log *log;
    struct render_kit *kit;        /* lent */
    struct picture_reader *reader; /* taken from the kit; NULL: a photo */
    int64_t decoded_before;
    int64_t needed; /* frames of the source, the margin included */
    AVFrame *photo; /* the photo, until it is pushed */
    struct picture_stream photo_facts;
    struct conformer *conformer;
    bool ended; /* nothing more is to be pushed */
};

/* Frames [first, end) of the shot's recording, with the margin that conforming
 * needs; not read for a photo. Opens the target. After a failure nothing is to
 * be closed. */
int source_open(struct source *source, struct log *log, struct render_kit *kit,
                const struct shot *shot, size_t first, size_t end, bool fields,
                struct frame_sink *target);
/* One more picture; AVERROR_EOF when there are no more or nobody wants them. */
int source_step(struct source *source);
int source_finish(struct source *source);
/* Adds what it took to the frames decoded and needed. */
void source_close(struct source *source, int64_t *decoded, int64_t *needed);

#endif
