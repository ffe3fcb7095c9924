/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the curve from HDR to SDR. Refuses to know files and streams. */
#include "render/tonemapper.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <libavutil/common.h>

#include "render/canvas.h"
#include "render/converter.h"
#include "subtitles/blend.h"

/* Diffuse white of HDR programmes, cd/m² (ITU-R BT.2408); facts/delivery.md §8
 * finds it truer than zimg's 100. */
#define WHITE_NITS 203.0
#define PEAK_NITS  1000.0 /* what phones and HLG displays are graded for */
#define KNEE       0.3    /* of white; below it light stays as it is */

struct tonemapper {
    struct converter *in, *out;
    struct canvas light, picture;
    float a, b, scale; /* of the curve above the knee */
};

/* A Möbius curve: the straight line up to the knee, there with its slope on to
 * 1 at the peak. Solved for f(knee) = knee, f'(knee) = 1, f(peak) = 1. */
static void tonemapper_solve(struct tonemapper *tonemapper)
{
    double j = KNEE, peak = PEAK_NITS / WHITE_NITS;
    double a = -j * j * (peak - 1) / (j * j - 2 * j + peak);
    double b = (j * j - 2 * j * peak + peak) / (peak - 1);
    tonemapper->a = (float)a;
    tonemapper->b = (float)b;
    tonemapper->scale = (float)((b * b + 2 * b * j + j * j) / (b - a));
}

int tonemapper_create(struct log *log, const struct frame_format *from,
                      struct frame_format *to, struct tonemapper **out)
{
    struct tonemapper *tonemapper = calloc(1, sizeof(*tonemapper));
    *out = tonemapper;
    if (!tonemapper)
        return AVERROR(ENOMEM);
    struct frame_format light = *from;
    light.format = AV_PIX_FMT_GBRPF32;
    light.matrix = AVCOL_SPC_RGB;
    light.range = AVCOL_RANGE_JPEG;
    light.primaries = AVCOL_PRI_BT709;
    light.transfer = AVCOL_TRC_LINEAR;
    *to = *from;
    /* An odd side has no half. */
    bool odd = from->width % 2 || from->height % 2;
    to->format = odd ? AV_PIX_FMT_YUV444P10 : AV_PIX_FMT_YUV420P10;
    to->matrix = AVCOL_SPC_BT709;
    to->range = AVCOL_RANGE_MPEG;
    to->primaries = AVCOL_PRI_BT709;
    to->transfer = AVCOL_TRC_BT709;
    to->chroma = AVCHROMA_LOC_LEFT;
    tonemapper_solve(tonemapper);
    int ret = converter_create(log, from, NULL, &light, CONVERTER_SHARP,
                               WHITE_NITS, &tonemapper->in);
    if (ret >= 0)
        ret = converter_create(log, &light, NULL, to, CONVERTER_SHARP, 0,
                               &tonemapper->out);
    if (ret >= 0)
        ret = canvas_init(&tonemapper->light, from->width, from->height,
                          light.format);
    if (ret >= 0)
        ret = canvas_init(&tonemapper->picture, to->width, to->height,
                          to->format);
    if (ret < 0)
        tonemapper_destroy(out);
    return ret;
}

void tonemapper_destroy(struct tonemapper **tonemapper)
{
    if (!*tonemapper)
        return;
    converter_destroy(&(*tonemapper)->in);
    converter_destroy(&(*tonemapper)->out);
    canvas_clear(&(*tonemapper)->light);
    canvas_clear(&(*tonemapper)->picture);
    free(*tonemapper);
    *tonemapper = NULL;
}

/* The strongest of the three is bent and the others follow, so that hues stay.
 * What lies outside BT.709 has negative parts: they are cut. */
VECTOR_CLONES
static void tonemapper_row(const struct tonemapper *tonemapper,
                           float *restrict red, float *restrict green,
                           float *restrict blue, int width)
{
    float a = tonemapper->a, b = tonemapper->b, scale = tonemapper->scale;
    for (int x = 0; x < width; x++) {
        float r = FFMAX(red[x], 0.0f), g = FFMAX(green[x], 0.0f);
        float l = FFMAX(blue[x], 0.0f);
        float top = FFMAX(FFMAX(r, g), l);
        float bent = scale * (top + a) / (top + b);
        float gain = top > (float)KNEE ? FFMIN(bent, 1.0f) / top : 1.0f;
        red[x] = r * gain;
        green[x] = g * gain;
        blue[x] = l * gain;
    }
}

static float *tonemapper_line(AVFrame *frame, int plane, int y)
{
    return (float *)(void *)(frame->data[plane] +
                             (ptrdiff_t)y * frame->linesize[plane]);
}

int tonemapper_run(struct tonemapper *tonemapper, struct log *log,
                   const AVFrame *from, AVFrame **out)
{
    AVFrame *light = NULL, *picture = NULL;
    int ret = canvas_get(&tonemapper->light, &light);
    if (ret >= 0)
        ret = canvas_get(&tonemapper->picture, &picture);
    if (ret >= 0)
        ret = converter_run(tonemapper->in, log, from, light, 0, 0);
    for (int y = 0; ret >= 0 && y < light->height; y++)
        tonemapper_row(tonemapper, tonemapper_line(light, 2, y),
                       tonemapper_line(light, 0, y),
                       tonemapper_line(light, 1, y), light->width);
    if (ret >= 0)
        ret = converter_run(tonemapper->out, log, light, picture, 0, 0);
    av_frame_free(&light);
    if (ret < 0) {
        av_frame_free(&picture);
        return ret;
    }
    picture->pts = from->pts;
    picture->sample_aspect_ratio = from->sample_aspect_ratio;
    *out = picture;
    return 0;
}
