/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Media whose pictures carry their number as sixteen blocks of luma across the
 * middle, and the reading back of it. For this room's tests. */
#ifndef REELPRESS_TESTS_NUMBERED_H
#define REELPRESS_TESTS_NUMBERED_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>

#define NUMBER_BITS   16
#define NUMBER_ONE    200
#define NUMBER_ZERO   50
#define NUMBER_TOP    30  /* above the blocks */
#define NUMBER_BOTTOM 220 /* below them */

struct media {
    const char *codec, *options; /* "bf=2:g=12" */
    int width, height;
    AVRational rate;
    int count;
    bool interlaced;           /* fields carry 2k and 2k + 1, top first */
    int rotation;              /* degrees clockwise that a player turns it */
    enum AVPixelFormat format; /* 0: yuv420p */
    enum AVColorSpace matrix;
    enum AVColorRange range;
    /* 8 bit: a flat picture of this colour instead; y < 0: numbers. */
    int flat[3];
    bool is_flat;
    bool variable; /* every fifth picture is left out */
    bool grain;    /* on a grain that moves, all of it, with every picture */
};

/* Rows `first`, `first + step`, … get the number's blocks. */
static inline void number_draw(AVFrame *frame, int number, int first, int step)
{
    for (int y = first; y < frame->height; y += step) {
        uint8_t *row = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
        bool band = y >= frame->height / 4 && y < frame->height * 3 / 4;
        for (int x = 0; x < frame->width; x++) {
            int bit = x * NUMBER_BITS / frame->width;
            int on = number >> (NUMBER_BITS - 1 - bit) & 1;
            int edge = y < frame->height / 4 ? NUMBER_TOP : NUMBER_BOTTOM;
            row[x] = (uint8_t)(!band ? edge : on ? NUMBER_ONE : NUMBER_ZERO);
        }
    }
}

/* Fields carry this of their number: its last bits change within a parity too,
 * so that lines of another field are seen for what they are. */
static inline int field_code(int number)
{
    return number ^ number >> 1;
}

/* In the picture's middle, whatever stands above and below; -1: unreadable. */
static inline int number_read_area(const AVFrame *frame, int left, int width)
{
    int number = 0;
    const uint8_t *row =
        frame->data[0] + (ptrdiff_t)(frame->height / 2) * frame->linesize[0];
    for (int bit = 0; bit < NUMBER_BITS; bit++) {
        int level = row[left + (2 * bit + 1) * width / (2 * NUMBER_BITS)];
        if (level > 100 && level < 150)
            return -1;
        number = number << 1 | (level >= 150);
    }
    return number;
}

static inline int number_read(const AVFrame *frame)
{
    return number_read_area(frame, 0, frame->width);
}

static inline void media_paint(const struct media *media, AVFrame *frame, int k)
{
    for (int p = 0; p < 3; p++) {
        int lines = p ? (frame->height + 1) / 2 : frame->height;
        int level = media->is_flat ? media->flat[p] : 128;
        memset(frame->data[p], level, (size_t)frame->linesize[p] * lines);
    }
    if (media->is_flat)
        return;
    if (media->interlaced) {
        number_draw(frame, field_code(2 * k), 0, 2);
        number_draw(frame, field_code(2 * k + 1), 1, 2);
    } else {
        number_draw(frame, k, 0, 1);
    }
    for (int i = 0; media->grain && i < frame->height * frame->width; i++) {
        const int x = i % frame->width, y = i / frame->width;
        const uint32_t seed = (uint32_t)(y * 4096 + x + 2 * k) * 2654435761u;
        frame->data[0][(ptrdiff_t)y * frame->linesize[0] + x] +=
            (uint8_t)((seed ^ seed >> 15) * 2246822519u >> 28);
    }
}

static inline void media_drain(AVCodecContext *encoder, AVFormatContext *out)
{
    AVPacket *packet = av_packet_alloc();
    while (avcodec_receive_packet(encoder, packet) >= 0) {
        packet->duration = 1;
        av_packet_rescale_ts(packet, encoder->time_base,
                             out->streams[0]->time_base);
        assert_int_equal(0, av_interleaved_write_frame(out, packet));
    }
    av_packet_free(&packet);
}

static inline AVCodecContext *media_encoder(const struct media *media,
                                            bool global)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(media->codec);
    assert_non_null(codec);
    AVCodecContext *encoder = avcodec_alloc_context3(codec);
    encoder->width = media->width;
    encoder->height = media->height;
    encoder->pix_fmt = media->format ? media->format : AV_PIX_FMT_YUV420P;
    encoder->time_base = av_inv_q(media->rate);
    encoder->framerate = media->rate;
    encoder->thread_count = 1;
    encoder->colorspace = media->matrix;
    encoder->color_range = media->range;
    if (media->interlaced)
        encoder->flags |=
            AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
    if (global)
        encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    AVDictionary *options = NULL;
    if (media->options)
        av_dict_parse_string(&options, media->options, "=", ",", 0);
    assert_true(avcodec_open2(encoder, codec, &options) >= 0);
    assert_int_equal(0, av_dict_count(options));
    av_dict_free(&options);
    return encoder;
}

static inline void media_rotate(AVStream *stream, int degrees)
{
    int32_t *matrix = (int32_t *)(void *)av_stream_new_side_data(
        stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(int32_t));
    av_display_rotation_set(matrix, -degrees);
}

/* Writes the file; its kind follows from the name. */
static inline void media_write(const struct media *media, const char *path)
{
    AVFormatContext *out = NULL;
    assert_true(avformat_alloc_output_context2(&out, NULL, NULL, path) >= 0);
    AVCodecContext *encoder =
        media_encoder(media, out->oformat->flags & AVFMT_GLOBALHEADER);
    AVStream *stream = avformat_new_stream(out, NULL);
    stream->time_base = encoder->time_base;
    stream->avg_frame_rate = media->rate;
    avcodec_parameters_from_context(stream->codecpar, encoder);
    if (media->rotation)
        media_rotate(stream, media->rotation);
    assert_true(avio_open(&out->pb, path, AVIO_FLAG_WRITE) >= 0);
    assert_true(avformat_write_header(out, NULL) >= 0);
    for (int k = 0; k < media->count; k++) {
        if (media->variable && k % 5 == 3)
            continue;
        AVFrame *frame = av_frame_alloc();
        frame->width = media->width;
        frame->height = media->height;
        frame->format = encoder->pix_fmt;
        assert_true(av_frame_get_buffer(frame, 0) >= 0);
        media_paint(media, frame, k);
        frame->pts = k;
        frame->interlaced_frame = media->interlaced;
        frame->top_field_first = media->interlaced;
        assert_true(avcodec_send_frame(encoder, frame) >= 0);
        av_frame_free(&frame);
        media_drain(encoder, out);
    }
    avcodec_send_frame(encoder, NULL);
    media_drain(encoder, out);
    assert_true(av_write_trailer(out) >= 0);
    avio_closep(&out->pb);
    avcodec_free_context(&encoder);
    avformat_free_context(out);
}

/* What most tests shoot with. */
static const struct media camera = {
    .codec = "libx264",
    .options = "bf=2,g=25,preset=veryfast,crf=6",
    .width = 320,
    .height = 192,
    .rate = {25, 1},
    .count = 110,
};

static inline int level_at(const AVFrame *frame, int plane, int x, int y)
{
    return frame->data[plane][(ptrdiff_t)y * frame->linesize[plane] + x];
}

/* How a number lies in a picture that was turned. */
struct turn {
    int orientation;
    bool upended;  /* the blocks stand in a column */
    bool reversed; /* the first block is at the right or the bottom */
    bool far;      /* what was above lies at the bottom or the right */
};

static inline int read_turned(const AVFrame *frame, const struct turn *turn)
{
    int number = 0;
    for (int i = 0; i < NUMBER_BITS; i++) {
        int bit = turn->reversed ? NUMBER_BITS - 1 - i : i;
        int length = turn->upended ? frame->height : frame->width;
        int at = (2 * bit + 1) * length / (2 * NUMBER_BITS);
        int level = turn->upended ? level_at(frame, 0, frame->width / 2, at)
                                  : level_at(frame, 0, at, frame->height / 2);
        number = number << 1 | (level > 125);
    }
    return number;
}

#endif
