/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns how libav's words for pictures are put into zimg's. Refuses to know why
 * a picture is converted. */
#include "render/converter.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <libavutil/common.h>
#include <libavutil/cpu.h>
#include <libavutil/imgutils.h>
#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>
#include <zimg.h>

#include "render/canvas.h"

#define ZIMG_ROW_ALIGN 32 /* bytes; AVX2 */

struct converter {
    zimg_filter_graph *graph;
    void *scratch;          /* owned; aligned for zimg */
    struct canvas straight; /* for sources whose rows lie askew, or that zimg
                               wants rounded up to whole chroma samples */
    bool rounds;
    struct canvas inset; /* for places that lie askew in their frame */
    enum AVPixelFormat from, to;
};

bool converter_takes(enum AVPixelFormat format)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(format);
    if (!desc ||
        desc->flags & (AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_PAL |
                       AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL |
                       AV_PIX_FMT_FLAG_BAYER))
        return false;
    bool is_float = desc->flags & AV_PIX_FMT_FLAG_FLOAT;
    if (desc->nb_components > 1 && !(desc->flags & AV_PIX_FMT_FLAG_PLANAR))
        return false;
    if (desc->nb_components == 2)
        return false; /* grey with alpha */
    for (int i = 0; i < desc->nb_components; i++) {
        const AVComponentDescriptor *comp = &desc->comp[i];
        int bytes = is_float ? 4 : comp->depth > 8 ? 2 : 1;
        /* One component per plane, in the low bits. */
        if (comp->step != bytes || comp->shift || comp->depth > 32 ||
            (!is_float && comp->depth > 16))
            return false;
    }
    return av_pix_fmt_count_planes(format) == desc->nb_components &&
           desc->log2_chroma_w <= 2 && desc->log2_chroma_h <= 2;
}

static zimg_cpu_type_e converter_cpu(void)
{
#if defined(__x86_64__)
    /* Never automatic: AVX-512 kernels round otherwise than AVX2's. */
    if (av_get_cpu_flags() & AV_CPU_FLAG_AVX2)
        return ZIMG_CPU_X86_AVX2;
#endif
    return ZIMG_CPU_NONE;
}

static zimg_chroma_location_e converter_siting(enum AVChromaLocation chroma)
{
    switch (chroma) {
    case AVCHROMA_LOC_CENTER:
        return ZIMG_CHROMA_CENTER;
    case AVCHROMA_LOC_TOPLEFT:
        return ZIMG_CHROMA_TOP_LEFT;
    case AVCHROMA_LOC_TOP:
        return ZIMG_CHROMA_TOP;
    case AVCHROMA_LOC_BOTTOMLEFT:
        return ZIMG_CHROMA_BOTTOM_LEFT;
    case AVCHROMA_LOC_BOTTOM:
        return ZIMG_CHROMA_BOTTOM;
    default:
        return ZIMG_CHROMA_LEFT;
    }
}

/* What ISO/IEC 23091-2 numbers alike in both libraries goes through; curves of
 * one shape are one. */
static zimg_transfer_characteristics_e converter_curve(
    enum AVColorTransferCharacteristic transfer)
{
    switch (transfer) {
    case AVCOL_TRC_SMPTE2084:
        return ZIMG_TRANSFER_ST2084;
    case AVCOL_TRC_ARIB_STD_B67:
        return ZIMG_TRANSFER_ARIB_B67;
    case AVCOL_TRC_LINEAR:
        return ZIMG_TRANSFER_LINEAR;
    default:
        return ZIMG_TRANSFER_BT709;
    }
}

static void converter_describe(const struct frame_format *format,
                               zimg_image_format *out)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(format->format);
    zimg_image_format_default(out, ZIMG_API_VERSION);
    out->width = (unsigned)format->width;
    out->height = (unsigned)format->height;
    int depth = desc->comp[0].depth;
    out->depth = (unsigned)depth;
    out->pixel_type = desc->flags & AV_PIX_FMT_FLAG_FLOAT ? ZIMG_PIXEL_FLOAT
                      : depth > 8                         ? ZIMG_PIXEL_WORD
                                                          : ZIMG_PIXEL_BYTE;
    out->subsample_w = desc->log2_chroma_w;
    out->subsample_h = desc->log2_chroma_h;
    out->pixel_range = format->range == AVCOL_RANGE_JPEG ? ZIMG_RANGE_FULL
                                                         : ZIMG_RANGE_LIMITED;
    out->chroma_location = converter_siting(format->chroma);
    if (desc->flags & AV_PIX_FMT_FLAG_ALPHA)
        out->alpha = ZIMG_ALPHA_STRAIGHT;
    if (desc->flags & AV_PIX_FMT_FLAG_RGB) {
        out->color_family = ZIMG_COLOR_RGB;
        out->matrix_coefficients = ZIMG_MATRIX_RGB;
    } else if (desc->nb_components == 1) {
        out->color_family = ZIMG_COLOR_GREY;
    } else {
        out->color_family = ZIMG_COLOR_YUV;
        out->matrix_coefficients = (zimg_matrix_coefficients_e)format->matrix;
    }
}

/* Named on both sides only where light itself is to be converted: it costs ten
 * times a change of matrix. */
static void converter_describe_light(const struct frame_format *from,
                                     const struct frame_format *to,
                                     zimg_image_format *source,
                                     zimg_image_format *target)
{
    bool linear =
        to->transfer == AVCOL_TRC_LINEAR || from->transfer == AVCOL_TRC_LINEAR;
    if (from->primaries == to->primaries && !linear)
        return;
    source->color_primaries = (zimg_color_primaries_e)from->primaries;
    target->color_primaries = (zimg_color_primaries_e)to->primaries;
    source->transfer_characteristics = converter_curve(from->transfer);
    target->transfer_characteristics = converter_curve(to->transfer);
}

static int converter_build(struct converter *converter,
                           const zimg_image_format *source,
                           const zimg_image_format *target,
                           enum converter_filter filter, double white_nits)
{
    zimg_graph_builder_params params;
    zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
    params.cpu_type = converter_cpu();
    params.resample_filter =
        filter == CONVERTER_SHARP ? ZIMG_RESIZE_SPLINE36 : ZIMG_RESIZE_BILINEAR;
    params.resample_filter_uv = params.resample_filter;
    if (target->depth < source->depth && target->pixel_type == ZIMG_PIXEL_BYTE)
        params.dither_type = ZIMG_DITHER_ORDERED;
    /* The exact curves cost ten times as much and differ in the fifth place. */
    params.allow_approximate_gamma = 1;
    if (white_nits > 0)
        params.nominal_peak_luminance = white_nits;
    converter->graph = zimg_filter_graph_build(source, target, &params);
    size_t size = 0;
    if (!converter->graph ||
        zimg_filter_graph_get_tmp_size(converter->graph, &size))
        return AVERROR(EINVAL);
    if (posix_memalign(&converter->scratch, CANVAS_ALIGN,
                       size ? size : CANVAS_ALIGN)) {
        converter->scratch = NULL;
        return AVERROR(ENOMEM);
    }
    return 0;
}

static struct frame_format converter_round(const struct frame_format *format)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(format->format);
    struct frame_format whole = *format;
    whole.width = FFALIGN(format->width, 1 << desc->log2_chroma_w);
    whole.height = FFALIGN(format->height, 1 << desc->log2_chroma_h);
    return whole;
}

int converter_create(struct log *log, const struct frame_format *from,
                     const struct converter_area *area,
                     const struct frame_format *to,
                     enum converter_filter filter, double white_nits,
                     struct converter **out)
{
    struct converter *converter = calloc(1, sizeof(*converter));
    *out = converter;
    if (!converter)
        return AVERROR(ENOMEM);
    converter->from = from->format;
    converter->to = to->format;
    zimg_image_format source, target;
    struct frame_format whole = converter_round(from);
    converter->rounds =
        whole.width != from->width || whole.height != from->height;
    const struct converter_area all = {0, 0, from->width, from->height};
    if (converter->rounds && !(area && area->width > 0))
        area = &all;
    converter_describe(&whole, &source);
    converter_describe(to, &target);
    converter_describe_light(from, to, &source, &target);
    if (area && area->width > 0) {
        source.active_region.left = area->left;
        source.active_region.top = area->top;
        source.active_region.width = area->width;
        source.active_region.height = area->height;
    }
    int ret = converter_build(converter, &source, &target, filter, white_nits);
    if (ret >= 0)
        ret = canvas_init(&converter->straight, whole.width, whole.height,
                          whole.format);
    if (ret >= 0)
        ret = canvas_init(&converter->inset, to->width, to->height, to->format);
    if (ret < 0) {
        char reason[256] = "";
        zimg_get_last_error(reason, sizeof(reason));
        log_fail(log, ret,
                 _("pictures of %dx%d %s can't be converted to %dx%d: %s; "
                   "convert the source with another program first"),
                 from->width, from->height, av_get_pix_fmt_name(from->format),
                 to->width, to->height, *reason ? reason : LOG_REASON(ret));
        converter_destroy(out);
    }
    return ret;
}

void converter_destroy(struct converter **converter)
{
    if (!*converter)
        return;
    zimg_filter_graph_free((*converter)->graph);
    free((*converter)->scratch);
    canvas_clear(&(*converter)->straight);
    canvas_clear(&(*converter)->inset);
    free(*converter);
    *converter = NULL;
}

static bool converter_is_straight(const AVFrame *frame)
{
    for (int p = 0; p < 4 && frame->data[p]; p++) {
        if ((uintptr_t)frame->data[p] % ZIMG_ROW_ALIGN ||
            frame->linesize[p] % ZIMG_ROW_ALIGN)
            return false;
    }
    return true;
}

/* The first plane's last column and row once more, where the canvas is larger;
 * chroma's are there already. */
static void converter_pad(AVFrame *to, const AVFrame *from)
{
    int step = av_pix_fmt_desc_get(to->format)->comp[0].step;
    for (int y = 0; y < from->height; y++) {
        uint8_t *row = to->data[0] + (ptrdiff_t)y * to->linesize[0];
        for (int x = from->width; x < to->width; x++)
            memcpy(row + (ptrdiff_t)x * step, row + (ptrdiff_t)(x - 1) * step,
                   (size_t)step);
    }
    for (int y = from->height; y < to->height; y++) {
        uint8_t *row = to->data[0] + (ptrdiff_t)y * to->linesize[0];
        memcpy(row, row - to->linesize[0], (size_t)to->width * (size_t)step);
    }
}

/* Which of libav's planes is zimg's: GBR lies there as RGB. */
static int converter_plane(enum AVPixelFormat format, int plane)
{
    static const int gbr[] = {2, 0, 1, 3};
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(format);
    return desc->flags & AV_PIX_FMT_FLAG_RGB ? gbr[plane] : plane;
}

/* Bytes from a plane's begin to the place in it. */
static ptrdiff_t converter_offset(const AVFrame *frame, int plane, int left,
                                  int top)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    bool chroma = plane == 1 || plane == 2;
    int x = left >> (chroma ? desc->log2_chroma_w : 0);
    int y = top >> (chroma ? desc->log2_chroma_h : 0);
    return (ptrdiff_t)y * frame->linesize[plane] + x * desc->comp[plane].step;
}

static bool converter_is_askew(const AVFrame *frame, int left, int top)
{
    int planes = av_pix_fmt_count_planes(frame->format);
    for (int p = 0; p < planes; p++) {
        if (converter_offset(frame, p, left, top) % ZIMG_ROW_ALIGN)
            return true;
    }
    return false;
}

static int converter_process(struct converter *converter, struct log *log,
                             const AVFrame *from, AVFrame *to, int left,
                             int top)
{
    zimg_image_buffer_const source = {.version = ZIMG_API_VERSION};
    zimg_image_buffer target = {.version = ZIMG_API_VERSION};
    int planes = av_pix_fmt_count_planes(converter->from);
    for (int p = 0; p < planes; p++) {
        int q = converter_plane(converter->from, p);
        source.plane[p].data = from->data[q];
        source.plane[p].stride = from->linesize[q];
        source.plane[p].mask = ZIMG_BUFFER_MAX;
    }
    planes = av_pix_fmt_count_planes(converter->to);
    for (int p = 0; p < planes; p++) {
        int q = converter_plane(converter->to, p);
        target.plane[p].data = to->data[q] + converter_offset(to, q, left, top);
        target.plane[p].stride = to->linesize[q];
        target.plane[p].mask = ZIMG_BUFFER_MAX;
    }
    if (!zimg_filter_graph_process(converter->graph, &source, &target,
                                   converter->scratch, NULL, NULL, NULL, NULL))
        return 0;
    char reason[256] = "";
    zimg_get_last_error(reason, sizeof(reason));
    return log_fail(log, AVERROR_EXTERNAL, _("a picture can't be scaled: %s"),
                    reason);
}

int converter_run(struct converter *converter, struct log *log,
                  const AVFrame *from, AVFrame *to, int left, int top)
{
    AVFrame *copy = NULL, *inset = NULL;
    int ret = 0;
    if (converter->rounds || !converter_is_straight(from)) {
        ret = canvas_get(&converter->straight, &copy);
        if (ret >= 0) {
            canvas_place(copy, from, 0, 0);
            converter_pad(copy, from);
        }
    }
    bool askew = converter_is_askew(to, left, top);
    if (ret >= 0 && askew)
        ret = canvas_get(&converter->inset, &inset);
    if (ret >= 0)
        ret = converter_process(converter, log, copy ? copy : from,
                                askew ? inset : to, askew ? 0 : left,
                                askew ? 0 : top);
    if (ret >= 0 && askew)
        canvas_place(to, inset, left, top);
    av_frame_free(&copy);
    av_frame_free(&inset);
    return ret;
}
