/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the scaling of a picture with alpha into a box. Refuses to draw it. */
#include "render/logo.h"

#include <errno.h>
#include <stdlib.h>
#include <libavutil/common.h>

#include "render/canvas.h"
#include "render/conform_graph.h"
#include "render/converter.h"
#include "render/image.h"

static int logo_repack(AVFrame *image, AVFrame **out)
{
    struct conform_graph *graph = NULL;
    int ret = conform_graph_create(image, "format=rgba,format=gbrap", &graph);
    AVFrame *copy = ret >= 0 ? av_frame_clone(image) : NULL;
    if (ret >= 0)
        ret = copy ? conform_graph_push(graph, copy) : AVERROR(ENOMEM);
    if (ret >= 0)
        ret = conform_graph_pull(graph, out);
    conform_graph_destroy(&graph);
    return ret;
}

int logo_load(struct log *log, const char *path, const char *name,
              AVFrame **out)
{
    AVFrame *image = NULL;
    *out = NULL;
    int ret = image_load(log, path, name, false, &image);
    if (ret < 0)
        return ret;
    ret = logo_repack(image, out);
    av_frame_free(&image);
    if (ret < 0)
        log_fail(log, ret,
                 _("%s can't be used as a logo: %s; save it as PNG with 8 bits "
                   "per channel"),
                 name, LOG_REASON(ret));
    return ret;
}

static void logo_place(const AVFrame *picture, const struct script_box *box,
                       enum logo_corner corner, struct logo *out)
{
    int width = box->right - box->left, height = box->bottom - box->top;
    int64_t wide = (int64_t)width * picture->height;
    int64_t high = (int64_t)height * picture->width;
    out->width = width;
    out->height = height;
    if (wide > high)
        out->width = FFMAX((int)(high / picture->height), 1);
    else
        out->height = FFMAX((int)(wide / picture->width), 1);
    bool right = corner == LOGO_TOP_RIGHT || corner == LOGO_BOTTOM_RIGHT;
    bool bottom = corner == LOGO_BOTTOM_LEFT || corner == LOGO_BOTTOM_RIGHT;
    out->left = right ? box->right - out->width : box->left;
    out->top = bottom ? box->bottom - out->height : box->top;
}

static void logo_interleave(const AVFrame *from, uint8_t *rgba)
{
    static const int plane_of[] = {2, 0, 1, 3}; /* GBRA to RGBA */
    for (int y = 0; y < from->height; y++) {
        for (int c = 0; c < 4; c++) {
            const uint8_t *row = from->data[plane_of[c]] +
                                 (ptrdiff_t)y * from->linesize[plane_of[c]];
            for (int x = 0; x < from->width; x++)
                rgba[4 * x + c] = row[x];
        }
        rgba += (ptrdiff_t)4 * from->width;
    }
}

static int logo_scale(struct log *log, const AVFrame *picture,
                      const struct logo *logo, AVFrame **out)
{
    struct frame_format from = {
        .width = picture->width,
        .height = picture->height,
        .format = AV_PIX_FMT_GBRAP,
        .matrix = AVCOL_SPC_RGB,
        .range = AVCOL_RANGE_JPEG,
    };
    struct frame_format to = from;
    to.width = logo->width;
    to.height = logo->height;
    struct converter *converter = NULL;
    struct canvas canvas = {0};
    AVFrame *made = NULL;
    /* zimg weighs straight colours by their alpha, so edges don't darken. */
    int ret =
        converter_create(log, &from, NULL, &to, CONVERTER_SHARP, 0, &converter);
    if (ret >= 0)
        ret = canvas_init(&canvas, to.width, to.height, to.format);
    if (ret >= 0)
        ret = canvas_get(&canvas, &made);
    if (ret >= 0)
        ret = converter_run(converter, log, picture, made, 0, 0);
    converter_destroy(&converter);
    canvas_clear(&canvas);
    if (ret < 0)
        av_frame_free(&made);
    *out = made;
    return ret;
}

int logo_fit(struct log *log, const AVFrame *picture,
             const struct script_box *box, enum logo_corner corner,
             struct logo *out)
{
    *out = (struct logo){0};
    if (box->right <= box->left || box->bottom <= box->top)
        return 0;
    logo_place(picture, box, corner, out);
    AVFrame *scaled = NULL;
    int ret = logo_scale(log, picture, out, &scaled);
    if (ret < 0)
        return ret;
    out->rgba = malloc((size_t)out->width * (size_t)out->height * 4);
    if (out->rgba)
        logo_interleave(scaled, out->rgba);
    av_frame_free(&scaled);
    return out->rgba ? 0 : AVERROR(ENOMEM);
}

void logo_clear(struct logo *logo)
{
    free(logo->rgba);
    *logo = (struct logo){0};
}

struct overlay_picture logo_picture(const struct logo *logo)
{
    return (struct overlay_picture){
        .rgba = logo->rgba,
        .width = logo->width,
        .height = logo->height,
        .left = logo->left,
        .top = logo->top,
        .opacity = 255,
    };
}
