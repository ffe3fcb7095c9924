/* SPDX-License-Identifier: GPL-3.0-or-later */
/* struct photo: one still picture, probed in a worker. */
#ifndef REELPRESS_INGEST_PHOTO_H
#define REELPRESS_INGEST_PHOTO_H

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>
#include "base/arena.h"
#include "base/digest.h"
#include "base/log.h"
#include "ingest/recording.h"

struct photo {
    const char *file; /* as written or found, relative to its root */
    const char *path;
    bool usable;
    const char *trouble;
    int trouble_code;
    int width, height; /* stored, before turning */
    int orientation; /* enum orientation, from EXIF (HEIC: 1, already turned) */
    bool is_heif;    /* decoded by libheif, else by libavcodec */
    bool drawn;      /* it has clear parts or a palette: a graphic */
    const char
        *taken; /* EXIF DateTimeOriginal "2022:06:28 14:30:05"; or NULL */
    char digest[DIGEST_TEXT]; /* of the file's bytes */
};

bool photo_is_photo(const char *path); /* by its ending */

/* In a worker: {"ok":true,…} or {"ok":false,"code":…,"trouble":"…"}. */
json_t *photo_probe(struct log *log, const char *path);
void photo_adopt(struct photo *photo, const json_t *facts, struct arena *arena);

#endif
