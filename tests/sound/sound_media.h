/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings for the sound tests: written by libav at test time in a folder of
 * their own. Knows nothing of what is tested. */
#ifndef REELPRESS_TESTS_SOUND_MEDIA_H
#define REELPRESS_TESTS_SOUND_MEDIA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "plan/plan.h"
#include "own_folder.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/common.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What to write: `at` gives a sample (-1 … 1) by its number and channel. */
struct media_request {
    const char *format; /* libavformat's short name */
    enum AVCodecID codec;
    int rate, channels;
    int64_t count;
    double (*at)(int64_t n, int channel);
    int64_t gap_at, gap; /* stamps jump by `gap` samples there */
};

static inline void media_put(AVFrame *frame, int i, int c, double value)
{
    int channels = frame->ch_layout.nb_channels;
    if (frame->format == AV_SAMPLE_FMT_FLTP)
        ((float *)frame->extended_data[c])[i] = (float)value;
    else if (frame->format == AV_SAMPLE_FMT_S16)
        ((int16_t *)frame->data[0])[i * channels + c] =
            (int16_t)lrint(value * 32767.0);
    else
        fail();
}

static inline void media_drain(AVCodecContext *encoder, AVFormatContext *out)
{
    AVPacket *packet = av_packet_alloc();
    while (avcodec_receive_packet(encoder, packet) >= 0) {
        packet->stream_index = 0;
        av_packet_rescale_ts(packet, encoder->time_base,
                             out->streams[0]->time_base);
        assert_true(av_write_frame(out, packet) >= 0);
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
}

static inline void media_encode(AVCodecContext *encoder, AVFormatContext *out,
                                const struct media_request *request)
{
    int step = encoder->frame_size ? encoder->frame_size : 1000;
    for (int64_t at = 0; at < request->count; at += step) {
        AVFrame *frame = av_frame_alloc();
        frame->format = encoder->sample_fmt;
        frame->sample_rate = request->rate;
        frame->nb_samples = (int)FFMIN(step, request->count - at);
        frame->pts = at;
        if (request->gap && at >= request->gap_at)
            frame->pts += request->gap;
        av_channel_layout_copy(&frame->ch_layout, &encoder->ch_layout);
        assert_true(av_frame_get_buffer(frame, 0) >= 0);
        for (int i = 0; i < frame->nb_samples; i++) {
            for (int c = 0; c < request->channels; c++)
                media_put(frame, i, c, request->at(at + i, c));
        }
        assert_true(avcodec_send_frame(encoder, frame) >= 0);
        av_frame_free(&frame);
        media_drain(encoder, out);
    }
    avcodec_send_frame(encoder, NULL);
    media_drain(encoder, out);
}

static inline void media_write(const char *path,
                               const struct media_request *request)
{
    const AVCodec *codec = avcodec_find_encoder(request->codec);
    AVCodecContext *encoder = avcodec_alloc_context3(codec);
    encoder->sample_fmt = codec->sample_fmts[0];
    encoder->sample_rate = request->rate;
    encoder->bit_rate = 256000;
    encoder->time_base = (AVRational){1, request->rate};
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_channel_layout_default(&encoder->ch_layout, request->channels);
    assert_true(avcodec_open2(encoder, codec, NULL) >= 0);
    AVFormatContext *out = NULL;
    avformat_alloc_output_context2(&out, NULL, request->format, path);
    AVStream *stream = avformat_new_stream(out, NULL);
    avcodec_parameters_from_context(stream->codecpar, encoder);
    stream->time_base = encoder->time_base;
    assert_true(avio_open(&out->pb, path, AVIO_FLAG_WRITE) >= 0);
    assert_true(avformat_write_header(out, NULL) >= 0);
    media_encode(encoder, out, request);
    av_write_trailer(out);
    avio_closep(&out->pb);
    avformat_free_context(out);
    avcodec_free_context(&encoder);
}

/* A recording of sound only, as probing would describe it. */
static inline struct recording media_recording(const char *path,
                                               int64_t samples, int rate)
{
    return (struct recording){
        .name = "cam",
        .file = "cam",
        .path = path,
        .usable = true,
        .picture = {.stream = -1},
        .sound = {.stream = 0,
                  .channels = 2,
                  .sample_rate = rate,
                  .end_flicks =
                      clock_from_stamp(samples, (AVRational){1, rate})},
    };
}

static inline struct recording media_write_wav(const char *name, char path[256],
                                               int64_t count, int channels,
                                               double (*at)(int64_t, int))
{
    snprintf(path, 256, "%s/%s", folder, name);
    struct media_request request = {.format = "wav",
                                    .codec = AV_CODEC_ID_PCM_S16LE,
                                    .rate = 48000,
                                    .channels = channels,
                                    .count = count,
                                    .at = at};
    media_write(path, &request);
    return media_recording(path, count, 48000);
}

/* White noise that a sample's number alone gives. */
static inline double media_noise(int64_t n, int channel)
{
    uint64_t x = (uint64_t)n * 2 + (uint64_t)channel + 1;
    x *= UINT64_C(0x9E3779B97F4A7C15);
    x ^= x >> 29;
    x *= UINT64_C(0xBF58476D1CE4E5B9);
    x ^= x >> 32;
    return ((double)(x & 0xffff) / 32768.0 - 1.0) * 0.5;
}

static inline double media_tone(int64_t n, int channel)
{
    (void)channel;
    return 0.5 * sin(2.0 * M_PI * 1000.0 * (double)n / 48000.0);
}

static inline double media_silence(int64_t n, int channel)
{
    (void)n;
    (void)channel;
    return 0.0;
}

/* Something like speech: bursts of harmonics of 3 syllables a second, pauses
 * in between, a level that wanders. */
static inline double media_speech(int64_t n, int channel)
{
    (void)channel;
    double t = (double)n / 48000.0;
    double gate = fmod(t, 4.0) < 3.0 ? 1.0 : 0.0;
    double syllable = pow(sin(M_PI * 3.0 * t), 2.0);
    double voice = 0.0;
    for (int h = 1; h <= 12; h++)
        voice += sin(2.0 * M_PI * 140.0 * h * t + h * h) / h;
    return 0.15 * gate * syllable * voice * (0.7 + 0.3 * sin(0.9 * t)) +
           0.0005 * media_noise(n, channel);
}

#endif
