/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the memory of pictures that are drawn here. Refuses to know colours
 * beyond what is black. */
#include "render/canvas.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <libavutil/common.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>

int canvas_init(struct canvas *canvas, int width, int height,
                enum AVPixelFormat format)
{
    *canvas = (struct canvas){width, height, format, NULL};
    int size = av_image_get_buffer_size(format, width, height, CANVAS_ALIGN);
    if (size < 0)
        return size;
    /* av_malloc promises 16 to 64 bytes, as FFmpeg was built. */
    canvas->pool =
        av_buffer_pool_init((size_t)size + CANVAS_ALIGN * 2, av_buffer_alloc);
    return canvas->pool ? 0 : AVERROR(ENOMEM);
}

void canvas_clear(struct canvas *canvas)
{
    av_buffer_pool_uninit(&canvas->pool);
}

int canvas_get(const struct canvas *canvas, AVFrame **out)
{
    AVFrame *frame = av_frame_alloc();
    *out = NULL;
    if (!frame)
        return AVERROR(ENOMEM);
    frame->width = canvas->width;
    frame->height = canvas->height;
    frame->format = canvas->format;
    frame->buf[0] = av_buffer_pool_get(canvas->pool);
    int ret = AVERROR(ENOMEM);
    if (frame->buf[0]) {
        uint8_t *base =
            (uint8_t *)FFALIGN((uintptr_t)frame->buf[0]->data, CANVAS_ALIGN);
        ret = av_image_fill_arrays(frame->data, frame->linesize, base,
                                   canvas->format, canvas->width,
                                   canvas->height, CANVAS_ALIGN);
    }
    if (ret < 0) {
        av_frame_free(&frame);
        return ret;
    }
    frame->extended_data = frame->data;
    *out = frame;
    return 0;
}

static int canvas_shift_x(const AVPixFmtDescriptor *desc, int plane)
{
    return plane == 1 || plane == 2 ? desc->log2_chroma_w : 0;
}

static int canvas_shift_y(const AVPixFmtDescriptor *desc, int plane)
{
    return plane == 1 || plane == 2 ? desc->log2_chroma_h : 0;
}

void canvas_place(AVFrame *to, const AVFrame *from, int left, int top)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(from->format);
    int planes = av_pix_fmt_count_planes(from->format);
    for (int p = 0; p < planes; p++) {
        int sx = canvas_shift_x(desc, p), sy = canvas_shift_y(desc, p);
        int step = desc->comp[p].step;
        uint8_t *at = to->data[p] + (ptrdiff_t)(top >> sy) * to->linesize[p] +
                      (ptrdiff_t)(left >> sx) * step;
        av_image_copy_plane(at, to->linesize[p], from->data[p],
                            from->linesize[p],
                            AV_CEIL_RSHIFT(from->width, sx) * step,
                            AV_CEIL_RSHIFT(from->height, sy));
    }
}

void canvas_blacken(AVFrame *frame, bool full)
{
    ptrdiff_t linesize[4];
    for (int p = 0; p < 4; p++)
        linesize[p] = frame->linesize[p];
    av_image_fill_black(frame->data, linesize, frame->format,
                        full ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG,
                        frame->width, frame->height);
}
