/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What EXIF says of a photo: which way up, and when it was taken. */
#ifndef REELPRESS_INGEST_PHOTO_EXIF_H
#define REELPRESS_INGEST_PHOTO_EXIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PHOTO_TAKEN_TEXT 20 /* "2022:06:28 14:30:05" and the closing zero */

struct photo_exif {
    int orientation; /* enum orientation; ORIENTATION_NORMAL without a word */
    bool adobe_rgb;  /* DCF's mark of the optional colour space, "R03" */
    char taken[PHOTO_TAKEN_TEXT]; /* "" without a sensible one */
};

/* Finds the block inside a whole JPEG, PNG, WebP or TIFF. */
void photo_exif_of_file(const uint8_t *bytes, size_t size,
                        struct photo_exif *out);
/* A bare block: TIFF header first, with or without "Exif" in front. */
void photo_exif_of_block(const uint8_t *block, size_t size,
                         struct photo_exif *out);

#endif
