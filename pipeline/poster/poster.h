/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Posters: which picture, how it is laid out, PNG and its JPEG twin. Runs in a
 * worker. */
#ifndef REELPRESS_POSTER_POSTER_H
#define REELPRESS_POSTER_POSTER_H

#include <stdint.h>
#include <jansson.h>
#include "base/log.h"
#include "flow/picture_source.h"
#include "plan/plan.h"
#include "poster/movement.h"
#include "subtitles/overlay.h"

/* So many candidates are shown to people. */
#define POSTER_BEST 5

struct poster_choice {
    int64_t flicks; /* in the poster shot's recording; 0 for a photo */
    struct movement movement; /* around that time: lays the covers out */
    /* What people may choose from, the chosen one first; times like `flicks`.
     * None for a photo and for what the list asked for. */
    int64_t best[POSTER_BEST];
    size_t best_count;
    json_t *figures; /* scores of the chosen one, candidates seen; owned */
};

/* Chooses the picture of a clip: the list's own time, else the best scored
 * candidate of the poster shot (else of all shots): sharp, well exposed, still,
 * colourful, not within half a second of a cut, not in a transition. */
int poster_choose(struct log *log, struct picture_source *pictures,
                  const struct clip *clip, struct poster_choice *out);

/* Writes PNG and, where the cover asks for one, JPEG at the two paths
 * (`jpeg_path` NULL: none). sRGB, gAMA, cHRM, pHYs and iTXt title, author,
 * description, copyright, creation time (the session's date) are set. The JPEG
 * is brought under the cover's limit by its quality, told when it can't be. */
int poster_make(struct log *log, struct picture_source *pictures,
                struct overlay_library *library, const struct session *session,
                const struct poster *poster, const struct poster_choice *choice,
                const char *png_path, const char *jpeg_path, json_t **figures);

#endif
