/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures: from a span of a clip to the chunks of all renditions that lack
 * it, decoded and conformed once. And single pictures for posters. Runs in a
 * worker. */
#ifndef REELPRESS_RENDER_RENDER_H
#define REELPRESS_RENDER_RENDER_H

#include <stdint.h>
#include <jansson.h>
#include "base/log.h"
#include "flow/picture_source.h"
#include "plan/plan.h"
#include "subtitles/overlay.h"

/* What a worker keeps from item to item: fonts in libass, the logo's pixels,
 * an open reader. Created once per worker and plan. */
struct render_kit;

int render_kit_create(struct log *log, const struct session *session,
                      struct render_kit **out);
void render_kit_destroy(struct render_kit **kit);
/* The fonts in libass, created at first use; owned by the kit. */
int render_kit_library(struct render_kit *kit, struct log *log,
                       struct overlay_library **out);

/* One rendition that lacks the span. */
struct render_target {
    const struct rendition *rendition;
    struct chunk_setting setting;
    const char *path; /* the chunk file is written here, whole or not at all */
};

/* Planned work is counted in these: one picture of 1920x1080 encoded. */
#define RENDER_UNIT_PIXELS (1920 * 1080)

struct render_stats {
    int64_t frames_decoded; /* handed out by the decoder, pre-roll included */
    int64_t frames_needed;  /* of the sources, each once however many renditions
                               show it; a photo is one */
    int64_t frames_pushed;  /* to encoders, all renditions together */
    int64_t pixels_pushed;
};

/* Makes chunk number `span` of every target, all of one clip. Called for the
 * spans of a shot one after the other with the same kit, it goes on with the
 * decode under way where the pictures are proven to be the same. Each time that
 * RENDER_UNIT_PIXELS more are encoded it tells worker_progress(). */
int render_span(struct log *log, struct render_kit *kit,
                const struct clip *clip, size_t span,
                const struct render_target *targets, size_t target_count,
                struct render_stats *stats);

/* The kit as a source of single pictures, for posters. Owned by the kit. */
struct picture_source *render_kit_pictures(struct render_kit *kit);

#endif
