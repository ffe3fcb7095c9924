/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the decoding of one still picture. Refuses to turn or scale it. */
#include "render/image.h"

#include <errno.h>
#include <string.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/dict.h>
#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>
#include <libheif/heif.h>

static int image_receive(AVFormatContext *format, int stream,
                         AVCodecContext *decoder, AVFrame *frame)
{
    AVPacket *packet = av_packet_alloc();
    int ret = packet ? AVERROR(EAGAIN) : AVERROR(ENOMEM);
    while (ret == AVERROR(EAGAIN)) {
        ret = av_read_frame(format, packet);
        bool ours = ret >= 0 && packet->stream_index == stream;
        if (ret >= 0 && !ours)
            ret = AVERROR(EAGAIN);
        else if (ret == AVERROR_EOF)
            ret = avcodec_send_packet(decoder, NULL);
        else if (ours)
            ret = avcodec_send_packet(decoder, packet);
        av_packet_unref(packet);
        if (ret >= 0)
            ret = avcodec_receive_frame(decoder, frame);
    }
    av_packet_free(&packet);
    return ret;
}

static int image_decode(const char *path, AVFrame *frame)
{
    AVFormatContext *format = NULL;
    AVCodecContext *decoder = NULL;
    AVDictionary *options = NULL;
    const AVCodec *codec = NULL;
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    /* image2 would take % in a name for a number of a series. */
    av_dict_set(&options, "pattern_type", "none", 0);
    /* "file:" in front, or a name like "data:x.png" would be a protocol. */
    char *url = av_asprintf("file:%s", path);
    int ret = url ? avformat_open_input(&format, url, NULL, &options)
                  : AVERROR(ENOMEM);
    av_free(url);
    av_dict_free(&options);
    if (ret >= 0)
        ret = avformat_find_stream_info(format, NULL);
    if (ret >= 0)
        ret =
            av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    int stream = ret;
    if (ret >= 0) {
        decoder = avcodec_alloc_context3(codec);
        ret = decoder ? avcodec_parameters_to_context(
                            decoder, format->streams[stream]->codecpar)
                      : AVERROR(ENOMEM);
    }
    if (ret >= 0) {
        decoder->thread_count = 1;
        decoder->flags |= AV_CODEC_FLAG_BITEXACT;
        ret = avcodec_open2(decoder, codec, NULL);
    }
    if (ret >= 0)
        ret = image_receive(format, stream, decoder, frame);
    avcodec_free_context(&decoder);
    avformat_close_input(&format);
    return ret;
}

#define HEIF_PROFILE_MOST ((size_t)16 << 20)

static int image_copy_heif(const struct heif_image *image, AVFrame *frame)
{
    frame->width = heif_image_get_width(image, heif_channel_interleaved);
    frame->height = heif_image_get_height(image, heif_channel_interleaved);
    frame->format = AV_PIX_FMT_RGB24;
    frame->color_range = AVCOL_RANGE_JPEG;
    frame->colorspace = AVCOL_SPC_RGB;
    int ret = av_frame_get_buffer(frame, 0);
    int stride = 0;
    const uint8_t *from =
        heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    if (ret >= 0 && !from)
        ret = AVERROR_INVALIDDATA;
    for (int y = 0; ret >= 0 && y < frame->height; y++)
        memcpy(frame->data[0] + (ptrdiff_t)y * frame->linesize[0],
               from + (ptrdiff_t)y * stride, (size_t)frame->width * 3);
    return ret;
}

/* Phones photograph in Display P3 and say so in an ICC profile, some in the
 * codes of video. */
static void image_name_primaries(const struct heif_image_handle *handle,
                                 AVFrame *frame)
{
    size_t size = heif_image_handle_get_raw_color_profile_size(handle);
    AVFrameSideData *icc =
        size > 0 && size <= HEIF_PROFILE_MOST
            ? av_frame_new_side_data(frame, AV_FRAME_DATA_ICC_PROFILE, size)
            : NULL;
    if (icc &&
        heif_image_handle_get_raw_color_profile(handle, icc->data).code ==
            heif_error_Ok)
        return;
    av_frame_remove_side_data(frame, AV_FRAME_DATA_ICC_PROFILE);
    struct heif_color_profile_nclx *profile = NULL;
    struct heif_error error =
        heif_image_handle_get_nclx_color_profile(handle, &profile);
    if (error.code == heif_error_Ok && profile)
        frame->color_primaries =
            (enum AVColorPrimaries)profile->color_primaries;
    heif_nclx_color_profile_free(profile);
}

static int image_decode_heif(const char *path, AVFrame *frame)
{
    struct heif_context *context = heif_context_alloc();
    struct heif_image_handle *handle = NULL;
    struct heif_image *image = NULL;
    if (!context)
        return AVERROR(ENOMEM);
    struct heif_error error = heif_context_read_from_file(context, path, NULL);
    if (error.code == heif_error_Ok)
        error = heif_context_get_primary_image_handle(context, &handle);
    /* Through RGB, as libheif knows matrix and range of each tile; turned and
     * cropped as the file says. */
    if (error.code == heif_error_Ok)
        error = heif_decode_image(handle, &image, heif_colorspace_RGB,
                                  heif_chroma_interleaved_RGB, NULL);
    int ret = AVERROR_INVALIDDATA;
    if (error.code == heif_error_Ok) {
        ret = image_copy_heif(image, frame);
        image_name_primaries(handle, frame);
    }
    heif_image_release(image);
    heif_image_handle_release(handle);
    heif_context_free(context);
    return ret;
}

int image_load(struct log *log, const char *path, const char *name,
               bool is_heif, AVFrame **out)
{
    AVFrame *frame = av_frame_alloc();
    *out = NULL;
    if (!frame)
        return AVERROR(ENOMEM);
    int ret =
        is_heif ? image_decode_heif(path, frame) : image_decode(path, frame);
    if (ret < 0) {
        av_frame_free(&frame);
        return log_fail(log, ret,
                        _("%s can't be read as a picture: %s; save it again "
                          "as JPEG or PNG"),
                        name, LOG_REASON(ret));
    }
    frame->pts = 0;
    *out = frame;
    return 0;
}

void image_describe(const AVFrame *image, int orientation,
                    struct picture_stream *out)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(image->format);
    bool rgb = desc->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL);
    *out = (struct picture_stream){
        .width = image->width,
        .height = image->height,
        .sar = {1, 1}, /* cameras write resolutions there, not shapes */
        .orientation = orientation,
        .format = image->format,
        .matrix = rgb ? AVCOL_SPC_RGB : image->colorspace,
        .primaries = image->color_primaries,
        .transfer = AVCOL_TRC_BT709,
        .range = image->color_range,
        .chroma = image->chroma_location,
    };
    /* JFIF: BT.601's matrix, full range, chroma in the middle, sRGB. */
    if (!rgb && out->matrix == AVCOL_SPC_UNSPECIFIED)
        out->matrix = AVCOL_SPC_SMPTE170M;
    if (out->range == AVCOL_RANGE_UNSPECIFIED)
        out->range = AVCOL_RANGE_JPEG;
    if (out->chroma == AVCHROMA_LOC_UNSPECIFIED)
        out->chroma = AVCHROMA_LOC_CENTER;
    if (out->primaries == AVCOL_PRI_UNSPECIFIED)
        out->primaries = AVCOL_PRI_BT709;
}
