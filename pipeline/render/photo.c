/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what is done to a photo's pixels before it is conformed. Refuses to
 * know files' words on colour: profile.h. */
#include "render/photo.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <libavutil/common.h>
#include <libavutil/pixdesc.h>

#include "base/files.h"
#include "render/canvas.h"
#include "render/conform_graph.h"
#include "render/converter.h"
#include "render/image.h"
#include "render/inks.h"
#include "render/profile.h"

#define PHOTO_FILE_MOST ((size_t)512 << 20)
/* 16 bits in three planes are 6 bytes a pixel; no frame of ours has more than
 * a third of these. */
#define PHOTO_PIXEL_MOST 24e6

static int photo_pass(const char *filter, AVFrame **image)
{
    struct conform_graph *graph = NULL;
    AVFrame *out = NULL;
    int ret = conform_graph_create(*image, filter, &graph);
    AVFrame *copy = ret >= 0 ? av_frame_clone(*image) : NULL;
    if (ret >= 0)
        ret = copy ? conform_graph_push(graph, copy) : AVERROR(ENOMEM);
    if (ret >= 0)
        ret = conform_graph_pull(graph, &out);
    conform_graph_destroy(&graph);
    if (ret < 0)
        return ret;
    av_frame_free(image);
    *image = out;
    return 0;
}

/* --- what is transparent ---------------------------------------------------
 */

static bool photo_is_clear(const AVFrame *image)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(image->format);
    if (!(desc->flags & AV_PIX_FMT_FLAG_PAL))
        return desc->flags & AV_PIX_FMT_FLAG_ALPHA;
    const uint32_t *palette = (const uint32_t *)image->data[1];
    bool clear = false;
    for (int i = 0; i < 256; i++)
        clear |= palette[i] >> 24 != 0xff;
    return clear;
}

static int photo_canvas(int width, int height, AVFrame **out)
{
    struct canvas canvas;
    int ret = canvas_init(&canvas, width, height, AV_PIX_FMT_GBRP16);
    if (ret >= 0)
        ret = canvas_get(&canvas, out);
    canvas_clear(&canvas);
    if (ret >= 0) {
        (*out)->color_range = AVCOL_RANGE_JPEG;
        (*out)->colorspace = AVCOL_SPC_RGB;
    }
    return ret;
}

static uint16_t *photo_row(const AVFrame *image, int channel, int y)
{
    static const int plane_of[] = {2, 0, 1}; /* R, G, B in GBR */
    int plane = plane_of[channel];
    return (uint16_t *)(image->data[plane] +
                        (ptrdiff_t)y * image->linesize[plane]);
}

static int photo_lay_on_white(AVFrame **image)
{
    AVFrame *out = NULL;
    int ret = photo_pass("format=rgba64le", image);
    if (ret >= 0)
        ret = photo_canvas((*image)->width, (*image)->height, &out);
    if (ret < 0)
        return ret;
    for (int y = 0; y < out->height; y++) {
        const uint16_t *row =
            (const uint16_t *)((*image)->data[0] +
                               (ptrdiff_t)y * (*image)->linesize[0]);
        for (int c = 0; c < 3; c++) {
            uint16_t *restrict to = photo_row(out, c, y);
            for (int x = 0; x < out->width; x++) {
                uint32_t alpha = row[4 * x + 3], clear = 65535 - alpha;
                uint64_t sum = (uint64_t)row[4 * x + c] * alpha +
                               (uint64_t)65535 * clear + 32767;
                to[x] = (uint16_t)(sum / 65535);
            }
        }
    }
    ret = av_frame_copy_props(out, *image);
    out->color_range = AVCOL_RANGE_JPEG;
    out->colorspace = AVCOL_SPC_RGB;
    av_frame_free(image);
    *image = out;
    return ret;
}

/* --- colours -----------------------------------------------------------------
 */

/* Full-range GBRP16, at most so many pixels. */
static int photo_widen(struct log *log, AVFrame **image)
{
    struct picture_stream facts;
    struct buffer filter = {0};
    image_describe(*image, ORIENTATION_NORMAL, &facts);
    conform_graph_describe(&facts, false, (*image)->format, &filter);
    int ret = filter.size ? photo_pass(filter.data, image) : 0;
    buffer_clear(&filter);
    if (ret < 0)
        return ret;
    image_describe(*image, ORIENTATION_NORMAL, &facts);
    double pixels = (double)facts.width * facts.height;
    double shrink =
        pixels > PHOTO_PIXEL_MOST ? sqrt(PHOTO_PIXEL_MOST / pixels) : 1.0;
    struct frame_format from = {
        .width = facts.width,
        .height = facts.height,
        .format = facts.format,
        .matrix = facts.matrix,
        .range = facts.range,
        .chroma = facts.chroma,
    };
    struct frame_format to = {
        .width = FFMAX((int)lrint(facts.width * shrink), 1),
        .height = FFMAX((int)lrint(facts.height * shrink), 1),
        .format = AV_PIX_FMT_GBRP16,
        .matrix = AVCOL_SPC_RGB,
        .range = AVCOL_RANGE_JPEG,
    };
    struct converter *converter = NULL;
    AVFrame *out = NULL;
    ret =
        converter_create(log, &from, NULL, &to, CONVERTER_SHARP, 0, &converter);
    if (ret >= 0)
        ret = photo_canvas(to.width, to.height, &out);
    if (ret >= 0)
        ret = converter_run(converter, log, *image, out, 0, 0);
    converter_destroy(&converter);
    if (ret < 0) {
        av_frame_free(&out);
        return ret;
    }
    av_frame_free(image);
    *image = out;
    return 0;
}

static int photo_recolour(struct log *log, const struct profile *profile,
                          AVFrame **image)
{
    int ret = photo_widen(log, image);
    if (ret < 0)
        return ret;
    AVFrame *frame = *image;
    int channels = profile_channels(profile);
    uint16_t *in = malloc((size_t)frame->width * 3 * sizeof(*in));
    uint16_t *out = malloc((size_t)frame->width * 3 * sizeof(*out));
    for (int y = 0; in && out && y < frame->height; y++) {
        for (int c = 0; c < channels; c++) {
            const uint16_t *row = photo_row(frame, c, y);
            for (int x = 0; x < frame->width; x++)
                in[channels * x + c] = row[x];
        }
        profile_run(profile, in, out, frame->width);
        for (int c = 0; c < 3; c++) {
            uint16_t *row = photo_row(frame, c, y);
            for (int x = 0; x < frame->width; x++)
                row[x] = out[3 * x + c];
        }
    }
    ret = in && out ? 0 : AVERROR(ENOMEM);
    free(in);
    free(out);
    return ret;
}

/* A profile of another kind of picture than this one is a writer's slip. */
static bool photo_suits(const struct profile *profile, const AVFrame *image)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(image->format);
    bool grey =
        desc->nb_components <= 2 && !(desc->flags & AV_PIX_FMT_FLAG_PAL);
    return profile_channels(profile) == (grey ? 1 : 3);
}

static int photo_finish(struct log *log, const struct buffer *file,
                        AVFrame **image)
{
    struct profile *profile = profile_find(*image, file);
    int ret = 0;
    if (inks_are_in(file)) {
        ret = inks_decode(file, profile, image);
    } else {
        bool suits = profile && photo_suits(profile, *image);
        if (photo_is_clear(*image))
            ret = photo_lay_on_white(image);
        if (ret >= 0 && suits)
            ret = photo_recolour(log, profile, image);
    }
    profile_destroy(&profile);
    return ret;
}

int photo_load(struct log *log, const struct photo *photo, AVFrame **out)
{
    struct buffer file = {0};
    int ret = image_load(log, photo->path, photo->file, photo->is_heif, out);
    if (ret < 0)
        return ret;
    ret = files_read(log, photo->path, PHOTO_FILE_MOST, &file);
    if (ret >= 0)
        ret = photo_finish(log, &file, out);
    buffer_clear(&file);
    if (ret >= 0)
        return 0;
    av_frame_free(out);
    return log_fail(log, ret,
                    _("the colours of the photo %s can't be read: %s; save it "
                      "again as JPEG in RGB"),
                    photo->file, LOG_REASON(ret));
}
