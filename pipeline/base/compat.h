/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seams between FFmpeg 5.1 (Debian 12) and later versions. Nothing else in
 * the tree asks for a library's version. */
#ifndef REELPRESS_BASE_COMPAT_H
#define REELPRESS_BASE_COMPAT_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

/* Side data of a stream moved from the stream to its parameters in 6.1. */
static inline const uint8_t *compat_stream_side_data(
    const AVStream *stream, enum AVPacketSideDataType type, size_t *size)
{
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    const AVPacketSideData *side =
        av_packet_side_data_get(stream->codecpar->coded_side_data,
                                stream->codecpar->nb_coded_side_data, type);
    if (size)
        *size = side ? side->size : 0;
    return side ? side->data : NULL;
#else
    return av_stream_get_side_data(stream, type, size);
#endif
}

/* Key and interlacing became frame flags in 6.1. */
static inline int compat_frame_is_interlaced(const AVFrame *frame)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 29, 100)
    return !!(frame->flags & AV_FRAME_FLAG_INTERLACED);
#else
    return frame->interlaced_frame;
#endif
}

static inline int compat_frame_is_top_first(const AVFrame *frame)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 29, 100)
    return !!(frame->flags & AV_FRAME_FLAG_TOP_FIELD_FIRST);
#else
    return frame->top_field_first;
#endif
}

#endif
