/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads back what the test media carry: prints, for a media file,
 *
 *   tags CODEC WIDTHxHEIGHT RATE MATRIX PRIMARIES TRANSFER RANGE PROFILE
 *   frame K PTS_US NUMBER FLASH     for each picture (NUMBER -1: unreadable)
 *   click US                        each onset of a click
 *   sound SAMPLES RATE FIRST_US     samples decoded, after trimming
 *   picture COUNT DURATION_US
 *
 * usage: measure FILE [left right y [flash_x flash_y]], as fractions of the
 * frame: where the 16 squares of the number lie, and the patch that flashes. */
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BITS         16
#define CLICK_LEVEL  0.5 /* above the hum, under the limited clicks */
#define CLICK_GAP_US 200000

struct measure {
    double left, right, y, flash_x, flash_y;
    int64_t frames, last_pts_us, last_duration_us;
    int64_t samples, first_sound_us, last_click_us;
    int sample_rate;
};

static int luma_at(const AVFrame *frame, double x, double y)
{
    int px = (int)(x * frame->width), py = (int)(y * frame->height);
    int sum = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++) {
            int cx = FFMIN(FFMAX(px + dx, 0), frame->width - 1);
            int cy = FFMIN(FFMAX(py + dy, 0), frame->height - 1);
            sum += frame->data[0][cy * frame->linesize[0] + cx];
        }
    return sum / 9;
}

static int number_in(const struct measure *m, const AVFrame *frame)
{
    int number = 0;
    for (int bit = 0; bit < BITS; bit++) {
        double x = m->left + (m->right - m->left) * (bit + 0.5) / BITS;
        int luma = luma_at(frame, x, m->y);
        if (luma > 90 && luma < 150)
            return -1;
        number = number * 2 + (luma >= 150);
    }
    return number;
}

static void take_picture(struct measure *m, const AVFrame *frame,
                         AVRational base)
{
    int64_t us =
        av_rescale_q(frame->best_effort_timestamp, base, AV_TIME_BASE_Q);
    printf("frame %lld %lld %d %d\n", (long long)m->frames, (long long)us,
           number_in(m, frame), luma_at(frame, m->flash_x, m->flash_y) > 128);
    m->frames++;
    m->last_pts_us = us;
    m->last_duration_us =
        av_rescale_q(frame->pkt_duration, base, AV_TIME_BASE_Q);
}

static void take_sound(struct measure *m, const AVFrame *frame, AVRational base)
{
    int64_t us = av_rescale_q(frame->pts, base, AV_TIME_BASE_Q);
    const float *samples = (const float *)frame->data[0];
    if (!m->samples)
        m->first_sound_us = us;
    m->samples += frame->nb_samples;
    m->sample_rate = frame->sample_rate;
    if (frame->format != AV_SAMPLE_FMT_FLTP)
        return;
    for (int i = 0; i < frame->nb_samples; i++) {
        int64_t at = us + av_rescale(i, 1000000, frame->sample_rate);
        if (fabsf(samples[i]) > CLICK_LEVEL) {
            if (m->last_click_us < 0 || at - m->last_click_us > CLICK_GAP_US)
                printf("click %lld\n", (long long)at);
            m->last_click_us = at;
        }
    }
}

static void drain(struct measure *m, AVCodecContext *decoder,
                  const AVPacket *packet, AVFrame *frame, AVRational base)
{
    avcodec_send_packet(decoder, packet);
    while (avcodec_receive_frame(decoder, frame) >= 0) {
        if (decoder->codec_type == AVMEDIA_TYPE_VIDEO)
            take_picture(m, frame, base);
        else
            take_sound(m, frame, base);
        av_frame_unref(frame);
    }
}

static void print_tags(const AVStream *stream)
{
    const AVCodecParameters *p = stream->codecpar;
    printf("tags %s %dx%d %d/%d %s %s %s %s %s\n",
           avcodec_get_name(p->codec_id), p->width, p->height,
           stream->avg_frame_rate.num, stream->avg_frame_rate.den,
           av_color_space_name(p->color_space),
           av_color_primaries_name(p->color_primaries),
           av_color_transfer_name(p->color_trc),
           av_color_range_name(p->color_range),
           avcodec_profile_name(p->codec_id, p->profile));
}

static int run(struct measure *m, const char *path)
{
    AVFormatContext *format = NULL;
    AVCodecContext *decoders[2] = {0};
    int streams[2];
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    int ret = avformat_open_input(&format, path, NULL, NULL);
    if (ret < 0 || avformat_find_stream_info(format, NULL) < 0)
        return 1;
    streams[0] =
        av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    streams[1] =
        av_find_best_stream(format, AVMEDIA_TYPE_AUDIO, -1, -1, NULL, 0);
    for (int i = 0; i < 2; i++) {
        if (streams[i] < 0)
            continue;
        const AVStream *stream = format->streams[streams[i]];
        decoders[i] = avcodec_alloc_context3(
            avcodec_find_decoder(stream->codecpar->codec_id));
        avcodec_parameters_to_context(decoders[i], stream->codecpar);
        decoders[i]->pkt_timebase = stream->time_base;
        if (avcodec_open2(decoders[i], NULL, NULL) < 0)
            return 1;
        if (!i)
            print_tags(stream);
    }
    while (av_read_frame(format, packet) >= 0) {
        for (int i = 0; i < 2; i++)
            if (packet->stream_index == streams[i])
                drain(m, decoders[i], packet, frame,
                      format->streams[streams[i]]->time_base);
        av_packet_unref(packet);
    }
    for (int i = 0; i < 2; i++)
        if (decoders[i])
            drain(m, decoders[i], NULL, frame,
                  format->streams[streams[i]]->time_base);
    printf("sound %lld %d %lld\n", (long long)m->samples, m->sample_rate,
           (long long)m->first_sound_us);
    printf("picture %lld %lld\n", (long long)m->frames,
           (long long)(m->last_pts_us + m->last_duration_us));
    for (int i = 0; i < 2; i++)
        avcodec_free_context(&decoders[i]);
    av_frame_free(&frame);
    av_packet_free(&packet);
    avformat_close_input(&format);
    return 0;
}

int main(int argc, char **argv)
{
    struct measure m = {.left = 0.35,
                        .right = 0.65,
                        .y = 0.2,
                        .flash_x = 0.5,
                        .flash_y = 0.5,
                        .last_click_us = -1};
    double *fields[] = {&m.left, &m.right, &m.y, &m.flash_x, &m.flash_y};
    if (argc < 2)
        return 2;
    for (int i = 2; i < argc && i < 7; i++)
        *fields[i - 2] = strtod(argv[i], NULL);
    av_log_set_level(AV_LOG_ERROR);
    return run(&m, argv[1]);
}
