/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures what was made against what was planned. Runs in a worker. */
#ifndef REELPRESS_CHECK_CHECK_H
#define REELPRESS_CHECK_CHECK_H

#include <stdbool.h>
#include <jansson.h>
#include "base/log.h"
#include "plan/plan.h"

/* Decodes a chunk file once: number of pictures, size, format, first packet an
 * IDR, no decoder error, mean luma of first and last picture, longest run of
 * black. Fills *figures (an object) in both cases; a difference from the plan
 * fails with its sentence. */
int check_chunk(struct log *log, const char *path,
                const struct rendition *rendition, size_t chunk,
                json_t **figures);

/* Proves a finished file: its picture packets are the chunks', byte for byte
 * and in order; pts uniform; seams decode clean (every seam, from some pictures
 * before it to some after, with `full` false, everything with `full`); sound
 * decoded in full: length within one AAC frame of the pictures', integrated
 * loudness within 0.5 LU of the target, true peak under the ceiling; container:
 * brand, moov first, tags, profile and level, size, rate and length limits of
 * the preset. */
int check_file(struct log *log, const char *path,
               const struct rendition *rendition,
               const char *const *chunk_paths, size_t chunk_count,
               const char *sound_path, bool full, json_t **figures);

/* For `reelpress verify`: any media file decodes from begin to end. */
int check_decodes(struct log *log, const char *path, json_t **figures);

/* A poster: size, sRGB chunk, limits of its cover; decodes. */
int check_poster(struct log *log, const char *png_path, const char *jpeg_path,
                 const struct poster *poster, json_t **figures);

#endif
