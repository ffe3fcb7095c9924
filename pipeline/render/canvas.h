/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of one size and format to draw on, from a pool: rows and planes lie
 * on 64 bytes, as zimg's and our own loops want them. It knows nothing of what
 * is drawn. Not thread-safe. */
#ifndef REELPRESS_RENDER_CANVAS_H
#define REELPRESS_RENDER_CANVAS_H

#include <stdbool.h>
#include <libavutil/buffer.h>
#include <libavutil/frame.h>
#include <libavutil/pixfmt.h>

#define CANVAS_ALIGN 64

struct canvas {
    int width, height;
    enum AVPixelFormat format;
    AVBufferPool *pool; /* owned; frames outlive it */
};

int canvas_init(struct canvas *canvas, int width, int height,
                enum AVPixelFormat format);
void canvas_clear(struct canvas *canvas);
/* A frame with undefined content. AVERROR(ENOMEM). */
int canvas_get(const struct canvas *canvas, AVFrame **out);

/* Copies a picture of the same format into another at even `left` and `top`,
 * the whole of `from`. */
void canvas_place(AVFrame *to, const AVFrame *from, int left, int top);
/* The pixels of the format's black; limited range unless `full`. */
void canvas_blacken(AVFrame *frame, bool full);

#endif
