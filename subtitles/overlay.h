/* SPDX-License-Identifier: GPL-3.0-or-later */
/* struct overlay: libass behind one type. Time in, packed premultiplied tiles
 * in the frame's own YCbCr out, composed once per change at 4:4:4 and brought
 * to the frame's chroma siting; blend.h puts them on a frame. One overlay
 * serves one chunk at a time on one thread, asked in rising time. */
#ifndef REELPRESS_SUBTITLES_OVERLAY_H
#define REELPRESS_SUBTITLES_OVERLAY_H

#include <stdbool.h>
#include <stdint.h>
#include <libavutil/frame.h>
#include <libavutil/pixfmt.h>
#include "base/log.h"
#include "subtitles/faces.h"

struct overlay;
struct overlay_library; /* libass with the fonts loaded: one per worker */

/* Hands the faces' files to a libass without any font provider, so that only
 * chosen faces are ever drawn. What a script carries is loaded where a document
 * asks for it, into a libass of its own, and no other document sees it. The
 * faces are lent for the library's life. */
int overlay_library_create(struct log *log, const struct faces *faces,
                           struct overlay_library **out);
void overlay_library_destroy(struct overlay_library **library);

/* A picture drawn under the text at a fixed place (the logo): straight RGBA
 * rows of 4 * width bytes, lent for the overlay's life. */
struct overlay_picture {
    const uint8_t *rgba;
    int width, height;
    int left, top;
    int opacity; /* 0–255 */
};

struct overlay_format {
    int width, height;
    enum AVPixelFormat format; /* YUV420P, or RGBA-like GBRP for posters */
    enum AVColorSpace matrix;
    enum AVColorRange range;
    enum AVChromaLocation chroma; /* unspecified: left */
};

/* `script` is an ASS document or a few of them, one after the other, drawn in
 * that order (script_window's, or a foreign one). Empty text
 * with a picture draws only the picture; empty text without one makes an
 * overlay that never draws. `log` is lent for the overlay's life. */
int overlay_create(struct log *log, struct overlay_library *library,
                   const struct overlay_format *format, const char *script,
                   const struct overlay_picture *picture, struct overlay **out);
void overlay_destroy(struct overlay **overlay);

/* Composes for `ms`. False: nothing shows, the frame may pass untouched. */
int overlay_at(struct overlay *overlay, int64_t ms, bool *shows);
/* Draws what overlay_at composed onto a writable frame of the format. */
void overlay_draw(const struct overlay *overlay, AVFrame *frame);
/* The box of all that shows now, in pixels; false when nothing does. */
bool overlay_box(const struct overlay *overlay, int *left, int *top, int *right,
                 int *bottom);

#endif
