/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chunk files for tests: small H.264 pictures whose grey tells their number,
 * and AAC with clicks, written by libav and the chunk writer. */
#ifndef REELPRESS_TESTS_FILM_MEDIA_H
#define REELPRESS_TESTS_FILM_MEDIA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "flow/chunk_file.h"
#include "plan/plan.h"
#include "own_folder.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/common.h>
#include <libavutil/opt.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILM_WIDTH  128
#define FILM_HEIGHT 96
/* Grey of picture n: a flash on each second of 25. */
#define FILM_GREY(n) ((n) % 25 == 0 ? 230 : 40 + (int)((n) % 25) * 6)

static inline void film_drain(AVCodecContext *encoder, AVFormatContext *out)
{
    AVPacket *packet = av_packet_alloc();
    while (avcodec_receive_packet(encoder, packet) >= 0) {
        packet->stream_index = 0;
        packet->duration = 1;
        av_packet_rescale_ts(packet, encoder->time_base,
                             out->streams[0]->time_base);
        assert_true(av_write_frame(out, packet) >= 0);
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
}

static inline AVCodecContext *film_open_x264(AVRational rate,
                                             const char *parameters)
{
    const AVCodec *codec = avcodec_find_encoder_by_name("libx264");
    AVCodecContext *encoder = avcodec_alloc_context3(codec);
    encoder->width = FILM_WIDTH;
    encoder->height = FILM_HEIGHT;
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder->time_base = av_inv_q(rate);
    encoder->framerate = rate;
    encoder->color_primaries = AVCOL_PRI_BT709;
    encoder->color_trc = AVCOL_TRC_BT709;
    encoder->colorspace = AVCOL_SPC_BT709;
    encoder->color_range = AVCOL_RANGE_MPEG;
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    encoder->thread_count = 1;
    av_opt_set(encoder->priv_data, "preset", "veryfast", 0);
    av_opt_set(encoder->priv_data, "x264-params", parameters, 0);
    assert_true(avcodec_open2(encoder, codec, NULL) >= 0);
    return encoder;
}

static inline void film_push_grey(AVCodecContext *encoder, int64_t pts,
                                  int64_t number)
{
    AVFrame *frame = av_frame_alloc();
    frame->format = encoder->pix_fmt;
    frame->width = encoder->width;
    frame->height = encoder->height;
    frame->pts = pts;
    assert_true(av_frame_get_buffer(frame, 0) >= 0);
    for (int y = 0; y < frame->height; y++) {
        uint8_t *row = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
        /* A moving edge, so that B-frames have something to do. */
        for (int x = 0; x < frame->width; x++)
            row[x] = (uint8_t)(FILM_GREY(number) +
                               ((x + number) % 32 < 16 ? 3 : -3));
    }
    for (int p = 1; p < 3; p++)
        memset(frame->data[p], 128,
               (size_t)frame->linesize[p] * (size_t)frame->height / 2);
    assert_true(avcodec_send_frame(encoder, frame) >= 0);
    av_frame_free(&frame);
}

/* Encodes pictures [first, first + count) into an MP4 of their own: movenc
 * makes avcC and lengths of what x264 gives. */
static inline void film_encode(const char *path, AVRational rate,
                               const char *parameters, int64_t first,
                               int64_t count)
{
    AVCodecContext *encoder = film_open_x264(rate, parameters);
    AVFormatContext *out = NULL;
    avformat_alloc_output_context2(&out, NULL, "mp4", path);
    AVStream *stream = avformat_new_stream(out, NULL);
    avcodec_parameters_from_context(stream->codecpar, encoder);
    stream->time_base = encoder->time_base;
    assert_true(avio_open(&out->pb, path, AVIO_FLAG_WRITE) >= 0);
    assert_true(avformat_write_header(out, NULL) >= 0);
    for (int64_t n = 0; n < count; n++) {
        film_push_grey(encoder, n, first + n);
        film_drain(encoder, out);
    }
    avcodec_send_frame(encoder, NULL);
    film_drain(encoder, out);
    av_write_trailer(out);
    avio_closep(&out->pb);
    avformat_free_context(out);
    avcodec_free_context(&encoder);
}

/* The same as a chunk file: pts in ticks from 0, no dts. */
static inline void film_chunk(const char *path, AVRational rate,
                              const char *parameters, int64_t first,
                              int64_t count)
{
    char movie[600];
    snprintf(movie, sizeof(movie), "%s.mp4", path);
    film_encode(movie, rate, parameters, first, count);
    AVFormatContext *in = NULL;
    assert_true(avformat_open_input(&in, movie, NULL, NULL) >= 0);
    assert_true(avformat_find_stream_info(in, NULL) >= 0);
    struct chunk_writer *writer = NULL;
    assert_int_equal(chunk_writer_create(NULL, path, &writer), 0);
    struct packet_sink *sink = chunk_writer_sink(writer);
    const AVStream *stream = in->streams[0];
    assert_int_equal(sink->ops->open(sink, stream->codecpar, av_inv_q(rate)),
                     0);
    AVPacket *packet = av_packet_alloc();
    while (av_read_frame(in, packet) >= 0) {
        AVPacket *copy = av_packet_alloc();
        av_packet_move_ref(copy, packet);
        copy->pts = av_rescale_q(copy->pts, stream->time_base, av_inv_q(rate));
        copy->dts = AV_NOPTS_VALUE;
        copy->duration = 1;
        assert_int_equal(sink->ops->push(sink, copy), 0);
    }
    av_packet_free(&packet);
    assert_int_equal(sink->ops->finish(sink), 0);
    sink->ops->close(sink);
    chunk_writer_destroy(&writer);
    avformat_close_input(&in);
    unlink(movie);
}

static inline double film_click(int64_t n)
{
    int64_t at = n % 48000;
    return at < 96 ? 0.7 * sin(M_PI * (double)at / 12.0) : 0.0;
}

static inline void film_push_sound(AVCodecContext *encoder,
                                   struct packet_sink *sink)
{
    AVPacket *packet = av_packet_alloc();
    while (avcodec_receive_packet(encoder, packet) >= 0) {
        AVPacket *copy = av_packet_alloc();
        av_packet_move_ref(copy, packet);
        assert_int_equal(sink->ops->push(sink, copy), 0);
    }
    av_packet_free(&packet);
}

/* AAC with a click on each second, as sound_make would leave it. */
static inline void film_sound(const char *path, int64_t samples,
                              json_t *measures)
{
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
    AVCodecContext *encoder = avcodec_alloc_context3(codec);
    encoder->sample_fmt = AV_SAMPLE_FMT_FLTP;
    encoder->sample_rate = 48000;
    encoder->time_base = (AVRational){1, 48000};
    encoder->bit_rate = 128000;
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
    av_channel_layout_default(&encoder->ch_layout, 2);
    assert_true(avcodec_open2(encoder, codec, NULL) >= 0);
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    avcodec_parameters_from_context(parameters, encoder);
    struct chunk_writer *writer = NULL;
    assert_int_equal(chunk_writer_create(NULL, path, &writer), 0);
    struct packet_sink *sink = chunk_writer_sink(writer);
    chunk_writer_measures(writer, measures);
    assert_int_equal(sink->ops->open(sink, parameters, encoder->time_base), 0);
    for (int64_t at = 0; at < samples; at += 1024) {
        AVFrame *frame = av_frame_alloc();
        frame->format = AV_SAMPLE_FMT_FLTP;
        frame->sample_rate = 48000;
        frame->nb_samples = (int)FFMIN(1024, samples - at);
        frame->pts = at;
        av_channel_layout_default(&frame->ch_layout, 2);
        assert_true(av_frame_get_buffer(frame, 0) >= 0);
        for (int i = 0; i < frame->nb_samples; i++) {
            for (int c = 0; c < 2; c++)
                ((float *)frame->data[c])[i] = (float)film_click(at + i);
        }
        assert_true(avcodec_send_frame(encoder, frame) >= 0);
        av_frame_free(&frame);
        film_push_sound(encoder, sink);
    }
    avcodec_send_frame(encoder, NULL);
    film_push_sound(encoder, sink);
    assert_int_equal(sink->ops->finish(sink), 0);
    sink->ops->close(sink);
    chunk_writer_destroy(&writer);
    avcodec_parameters_free(&parameters);
    avcodec_free_context(&encoder);
}

#define FILM_X264   "crf=16:bframes=2:keyint=50:open-gop=0:stitchable=1"
#define FILM_CHUNKS 4

/* A rendition of four chunks of uneven lengths, and where they lie (in the
 * program's own folder). */
struct film_rig {
    struct preset preset;
    struct clip clip;
    struct timeline timeline;
    struct chunk chunks[FILM_CHUNKS];
    struct rendition rendition;
    struct session session;
    char paths[FILM_CHUNKS][300];
    const char *chunk_paths[FILM_CHUNKS];
    char sound_path[300];
};

static inline void film_rig_init(struct film_rig *rig, AVRational rate,
                                 const int64_t *lengths)
{
    *rig = (struct film_rig){
        .preset = {.name = "test",
                   .width = FILM_WIDTH,
                   .height = FILM_HEIGHT,
                   .profile = "high",
                   .level = "4.0",
                   .loudness_lufs = -15.0,
                   .true_peak_dbtp = -1.0},
        .clip = {.number = 1,
                 .id = "1",
                 .title = "半条被子",
                 .subtitle = "讲述",
                 .stem = "01-半条被子"},
        .session = {.series = "读书会",
                    .organizer = "市委办公室",
                    .credit = "市委办公室供图",
                    .copyright = "© 2022",
                    .title = "庆七一",
                    .language = "zh-CN",
                    .year = 2022,
                    .month = 6,
                    .day = 28},
    };
    int64_t tick = 0;
    for (size_t i = 0; i < FILM_CHUNKS; i++) {
        rig->chunks[i] =
            (struct chunk){.first_tick = tick, .end_tick = tick + lengths[i]};
        snprintf(rig->paths[i], sizeof(rig->paths[i]), "%s/%zu.chunk", folder,
                 i);
        rig->chunk_paths[i] = rig->paths[i];
        film_chunk(rig->paths[i], rate, FILM_X264, tick, lengths[i]);
        tick += lengths[i];
    }
    rig->timeline =
        (struct timeline){.clip = &rig->clip,
                          .rate = rate,
                          .ticks = tick,
                          .samples = clock_samples(tick, rate, 48000)};
    rig->rendition = (struct rendition){.clip = &rig->clip,
                                        .preset = &rig->preset,
                                        .timeline = &rig->timeline,
                                        .chunks = rig->chunks,
                                        .chunk_count = FILM_CHUNKS,
                                        .encoder = "preset=veryfast:level=4.0"};
    snprintf(rig->sound_path, sizeof(rig->sound_path), "%s/sound.chunk",
             folder);
}

#endif
