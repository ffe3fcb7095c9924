/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a recording's picture is stored and meant to be seen: size, shape,
 * turning, fields, colour. Owns the guesses for what nobody tagged. */
#include "ingest/recording_facts.h"

#include <stdlib.h>
#include <libavutil/pixdesc.h>
#include "base/compat.h"

int recording_orientation(const int32_t matrix[9])
{
    /* x' = a x + c y, y' = b x + d y, y downwards; 16.16 fixed point. */
    const int64_t a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
    if (llabs(a) + llabs(d) >= llabs(b) + llabs(c)) {
        if (a < 0)
            return d < 0 ? ORIENTATION_HALF_TURN : ORIENTATION_MIRROR;
        return d < 0 ? ORIENTATION_FLIP : ORIENTATION_NORMAL;
    }
    if (b > 0)
        return c < 0 ? ORIENTATION_QUARTER_RIGHT : ORIENTATION_TRANSPOSE;
    return c < 0 ? ORIENTATION_TRANSVERSE : ORIENTATION_QUARTER_LEFT;
}

static int describe_orientation(const AVStream *stream, const AVFrame *frame)
{
    int32_t matrix[9];
    size_t size = 0;
    const uint8_t *bytes =
        compat_stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    const AVFrameSideData *side =
        frame ? av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX)
              : NULL;
    if (!bytes && side) {
        bytes = side->data;
        size = side->size;
    }
    if (!bytes || size < sizeof(matrix))
        return ORIENTATION_NORMAL;
    for (size_t i = 0; i < sizeof(matrix); i++)
        ((uint8_t *)matrix)[i] = bytes[i];
    return recording_orientation(matrix);
}

static AVRational describe_sar(AVFormatContext *format, AVStream *stream,
                               AVFrame *frame)
{
    const AVRational square = {1, 1};
    AVRational sar = av_guess_sample_aspect_ratio(format, stream, frame);
    if (sar.num <= 0 || sar.den <= 0)
        return square;
    av_reduce(&sar.num, &sar.den, sar.num, sar.den, 1 << 16);
    /* No camera has pixels ten times as wide as high: a slip of a writer. */
    if (sar.num <= 0 || sar.den <= 0 || sar.num > 10 * (int64_t)sar.den ||
        sar.den > 10 * (int64_t)sar.num)
        return square;
    return sar;
}

/* Most decoders flag each frame; where none did, the container's word counts
 * for the codecs whose bits can't say it. */
static int describe_fields(const AVCodecParameters *parameters,
                           const struct recording_sample *sample)
{
    if (sample->interlaced * 2 > sample->pictures)
        return sample->top_first * 2 >= sample->interlaced
                   ? FIELDS_TOP_FIRST
                   : FIELDS_BOTTOM_FIRST;
    switch (parameters->codec_id) {
    case AV_CODEC_ID_MJPEG:
    case AV_CODEC_ID_RAWVIDEO:
    case AV_CODEC_ID_V210:
    case AV_CODEC_ID_DNXHD:
    case AV_CODEC_ID_HUFFYUV:
    case AV_CODEC_ID_FFVHUFF:
    case AV_CODEC_ID_FFV1:
        break;
    default:
        return FIELDS_PROGRESSIVE;
    }
    switch (parameters->field_order) {
    case AV_FIELD_TT:
    case AV_FIELD_TB:
        return FIELDS_TOP_FIRST;
    case AV_FIELD_BB:
    case AV_FIELD_BT:
        return FIELDS_BOTTOM_FIRST;
    default:
        return FIELDS_PROGRESSIVE;
    }
}

/* ---- colour -------------------------------------------------------------- */

static bool format_is_rgb(enum AVPixelFormat format)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(format);
    return d && (d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL));
}

static bool format_is_full_range(enum AVPixelFormat format)
{
    return format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_YUVJ422P ||
           format == AV_PIX_FMT_YUVJ444P || format == AV_PIX_FMT_YUVJ440P ||
           format == AV_PIX_FMT_YUVJ411P || format_is_rgb(format);
}

/* Reserved and unspecified are one, and so is a matrix that can't be. */
static void colour_forget_nonsense(struct picture_stream *p)
{
    if (p->matrix >= AVCOL_SPC_NB || p->matrix == AVCOL_SPC_RESERVED ||
        (p->matrix == AVCOL_SPC_RGB && !format_is_rgb(p->format)))
        p->matrix = AVCOL_SPC_UNSPECIFIED;
    if (!av_color_primaries_name(p->primaries) ||
        p->primaries == AVCOL_PRI_RESERVED0 ||
        p->primaries == AVCOL_PRI_RESERVED)
        p->primaries = AVCOL_PRI_UNSPECIFIED;
    if (!av_color_transfer_name(p->transfer) ||
        p->transfer == AVCOL_TRC_RESERVED0 || p->transfer == AVCOL_TRC_RESERVED)
        p->transfer = AVCOL_TRC_UNSPECIFIED;
}

static enum AVColorSpace colour_matrix_of(enum AVColorPrimaries primaries)
{
    switch (primaries) {
    case AVCOL_PRI_BT709:
        return AVCOL_SPC_BT709;
    case AVCOL_PRI_BT470BG:
        return AVCOL_SPC_BT470BG;
    case AVCOL_PRI_SMPTE170M:
    case AVCOL_PRI_SMPTE240M:
        return AVCOL_SPC_SMPTE170M;
    case AVCOL_PRI_BT2020:
        return AVCOL_SPC_BT2020_NCL;
    default:
        return AVCOL_SPC_UNSPECIFIED;
    }
}

static enum AVColorPrimaries colour_primaries_of(enum AVColorSpace matrix)
{
    switch (matrix) {
    case AVCOL_SPC_BT709:
        return AVCOL_PRI_BT709;
    case AVCOL_SPC_BT470BG:
        return AVCOL_PRI_BT470BG;
    case AVCOL_SPC_SMPTE170M:
        return AVCOL_PRI_SMPTE170M;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
        return AVCOL_PRI_BT2020;
    default:
        return AVCOL_PRI_UNSPECIFIED;
    }
}

static void colour_guess_matrix(struct picture_stream *p)
{
    /* 720 lines, or a letterboxed 1280x544. */
    const bool is_hd = p->height >= 720 || p->width >= 1280;
    const bool is_625 = p->height == 576 || p->height == 288;
    if (format_is_rgb(p->format))
        p->matrix = AVCOL_SPC_RGB;
    if (p->matrix == AVCOL_SPC_UNSPECIFIED)
        p->matrix = colour_matrix_of(p->primaries);
    if (p->matrix == AVCOL_SPC_UNSPECIFIED && p->hdr)
        p->matrix = AVCOL_SPC_BT2020_NCL;
    if (p->matrix == AVCOL_SPC_UNSPECIFIED)
        p->matrix = is_hd    ? AVCOL_SPC_BT709
                    : is_625 ? AVCOL_SPC_BT470BG
                             : AVCOL_SPC_SMPTE170M;
    if (p->primaries == AVCOL_PRI_UNSPECIFIED)
        p->primaries = colour_primaries_of(p->matrix);
    if (p->primaries == AVCOL_PRI_UNSPECIFIED)
        p->primaries = p->hdr ? AVCOL_PRI_BT2020 : AVCOL_PRI_BT709;
}

void recording_guess_colour(struct picture_stream *p)
{
    colour_forget_nonsense(p);
    p->hdr = p->transfer == AVCOL_TRC_SMPTE2084 ||
             p->transfer == AVCOL_TRC_ARIB_STD_B67;
    p->guessed =
        (p->matrix == AVCOL_SPC_UNSPECIFIED && !format_is_rgb(p->format)) ||
        p->primaries == AVCOL_PRI_UNSPECIFIED ||
        p->transfer == AVCOL_TRC_UNSPECIFIED;
    colour_guess_matrix(p);
    if (p->transfer == AVCOL_TRC_UNSPECIFIED)
        p->transfer =
            format_is_rgb(p->format) ? AVCOL_TRC_IEC61966_2_1 : AVCOL_TRC_BT709;
    if (format_is_full_range(p->format))
        p->range = AVCOL_RANGE_JPEG;
    else if (p->range != AVCOL_RANGE_JPEG)
        p->range = AVCOL_RANGE_MPEG;
    if (p->chroma == AVCHROMA_LOC_UNSPECIFIED || p->chroma >= AVCHROMA_LOC_NB)
        p->chroma = AVCHROMA_LOC_LEFT;
}

static void describe_colour(const AVCodecParameters *parameters,
                            const AVFrame *frame, struct picture_stream *out)
{
    out->matrix = frame->colorspace;
    if (out->matrix == AVCOL_SPC_UNSPECIFIED)
        out->matrix = parameters->color_space;
    out->primaries = frame->color_primaries;
    if (out->primaries == AVCOL_PRI_UNSPECIFIED)
        out->primaries = parameters->color_primaries;
    out->transfer = frame->color_trc;
    if (out->transfer == AVCOL_TRC_UNSPECIFIED)
        out->transfer = parameters->color_trc;
    out->range = frame->color_range;
    if (out->range == AVCOL_RANGE_UNSPECIFIED)
        out->range = parameters->color_range;
    out->chroma = frame->chroma_location;
    if (out->chroma == AVCHROMA_LOC_UNSPECIFIED)
        out->chroma = parameters->chroma_location;
    recording_guess_colour(out);
}

void recording_describe(AVFormatContext *format, AVStream *stream,
                        const struct recording_sample *sample,
                        struct picture_stream *out)
{
    AVFrame *frame = sample->picture;
    *out = (struct picture_stream){.stream = stream->index};
    out->codec = avcodec_get_name(stream->codecpar->codec_id);
    out->width = frame->width; /* what is decoded, not what a header claims */
    out->height = frame->height;
    out->format = frame->format;
    out->sar = describe_sar(format, stream, frame);
    out->orientation = describe_orientation(stream, frame);
    out->fields = describe_fields(stream->codecpar, sample);
    describe_colour(stream->codecpar, frame, out);
}
