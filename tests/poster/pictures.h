/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures for the poster tests, painted pixel by pixel, and a picture source
 * that scales them by nearest neighbour. */
#ifndef REELPRESS_TESTS_PICTURES_H
#define REELPRESS_TESTS_PICTURES_H

#include <stdlib.h>

#include <libavutil/common.h>
#include <libavutil/frame.h>

#include "flow/frame_sink.h"
#include "flow/picture_source.h"

/* 0xRRGGBB of a pixel. */
typedef uint32_t pictures_paint(const void *opaque, int x, int y);

static inline AVFrame *pictures_new(int width, int height,
                                    enum AVPixelFormat format)
{
    AVFrame *frame = av_frame_alloc();
    frame->width = width;
    frame->height = height;
    frame->format = format;
    frame->sample_aspect_ratio = (AVRational){1, 1};
    if (av_frame_get_buffer(frame, 0) < 0)
        abort();
    return frame;
}

static inline AVFrame *pictures_rgb(int width, int height,
                                    pictures_paint *paint, const void *opaque)
{
    AVFrame *frame = pictures_new(width, height, AV_PIX_FMT_GBRP);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            uint32_t rgb = paint(opaque, x, y);
            frame->data[0][y * frame->linesize[0] + x] = (uint8_t)(rgb >> 8);
            frame->data[1][y * frame->linesize[1] + x] = (uint8_t)rgb;
            frame->data[2][y * frame->linesize[2] + x] = (uint8_t)(rgb >> 16);
        }
    }
    return frame;
}

/* BT.709 limited, chroma of the upper left of each four pixels. */
static inline AVFrame *pictures_yuv(const AVFrame *rgb)
{
    AVFrame *frame = pictures_new(rgb->width, rgb->height, AV_PIX_FMT_YUV420P);
    for (int y = 0; y < rgb->height; y++) {
        for (int x = 0; x < rgb->width; x++) {
            double g = rgb->data[0][y * rgb->linesize[0] + x];
            double b = rgb->data[1][y * rgb->linesize[1] + x];
            double r = rgb->data[2][y * rgb->linesize[2] + x];
            double luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
            frame->data[0][y * frame->linesize[0] + x] =
                (uint8_t)(16.5 + luma * 219 / 255);
            frame->data[1][y / 2 * frame->linesize[1] + x / 2] =
                (uint8_t)(128.5 + (b - luma) / 1.8556 * 224 / 255);
            frame->data[2][y / 2 * frame->linesize[2] + x / 2] =
                (uint8_t)(128.5 + (r - luma) / 1.5748 * 224 / 255);
        }
    }
    return frame;
}

static inline AVFrame *pictures_painted(int width, int height,
                                        pictures_paint *paint,
                                        const void *opaque)
{
    AVFrame *rgb = pictures_rgb(width, height, paint, opaque);
    AVFrame *yuv = pictures_yuv(rgb);
    av_frame_free(&rgb);
    return yuv;
}

/* Fills or, for any other mode, distorts; enough for a test. */
static inline int pictures_fit(struct picture_source *source, struct log *log,
                               const AVFrame *picture, int width, int height,
                               enum AVPixelFormat format, enum fit_mode fit,
                               int crop_percent, AVFrame **out)
{
    int from_width = picture->width, from_height = picture->height;
    if (fit == FIT_FILL && from_width * height > width * from_height)
        from_width = width * from_height / height;
    else if (fit == FIT_FILL)
        from_height = height * from_width / width;
    int left = (picture->width - from_width) * crop_percent / 100;
    int top = (picture->height - from_height) * crop_percent / 100;
    AVFrame *rgb = pictures_new(width, height, AV_PIX_FMT_GBRP);
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                rgb->data[i][y * rgb->linesize[i] + x] =
                    picture->data[i][(top + y * from_height / height) *
                                         picture->linesize[i] +
                                     left + x * from_width / width];
    if (format == AV_PIX_FMT_GBRP) {
        *out = rgb;
        return 0;
    }
    *out = pictures_yuv(rgb);
    av_frame_free(&rgb);
    return 0;
}

#endif
