/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Still pictures from files, decoded whole: photos and the logo. JPEG, PNG and
 * their kin by libavcodec, HEIC by libheif (FFmpeg gives one tile of it). */
#ifndef REELPRESS_RENDER_IMAGE_H
#define REELPRESS_RENDER_IMAGE_H

#include <stdbool.h>
#include <libavutil/frame.h>
#include "base/log.h"
#include "ingest/recording.h"

/* `name` is what the user calls the file. The caller frees the frame. */
int image_load(struct log *log, const char *path, const char *name,
               bool is_heif, AVFrame **out);
/* What conforming needs to know of it; `orientation` as EXIF says. */
void image_describe(const AVFrame *image, int orientation,
                    struct picture_stream *out);

#endif
