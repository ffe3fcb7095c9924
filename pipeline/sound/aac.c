/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the AAC encoder's settings and the way back through the decoder. Knows
 * no loudness and no file. */
#include "sound/aac.h"

#include "flow/decoder.h"

#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/common.h>
#include <libavutil/mem.h>

#include <string.h>

void aac_clear(struct aac *aac)
{
    for (size_t i = 0; i < aac->count; i++)
        av_packet_free(&aac->packets[i]);
    av_freep(&aac->packets);
    aac->count = 0;
    avcodec_parameters_free(&aac->parameters);
}

static int open_encoder(struct log *log, int64_t bit_rate_bps,
                        AVCodecContext **out)
{
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
    if (!codec)
        return log_fail(log, AVERROR_ENCODER_NOT_FOUND,
                        _("FFmpeg's AAC encoder is missing; install a complete "
                          "libavcodec"));
    AVCodecContext *encoder = avcodec_alloc_context3(codec);
    if (!encoder)
        return log_fail(log, AVERROR(ENOMEM), _("there is not enough memory"));
    encoder->sample_fmt = AV_SAMPLE_FMT_FLTP;
    encoder->sample_rate = PCM_RATE;
    encoder->time_base = (AVRational){1, PCM_RATE};
    encoder->bit_rate = bit_rate_bps;
    encoder->profile = FF_PROFILE_AAC_LOW;
    encoder->thread_count = 1;
    /* Bit-exact leaves the library's version out of the stream. */
    encoder->flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER;
    av_channel_layout_default(&encoder->ch_layout, PCM_CHANNELS);
    int ret = avcodec_open2(encoder, codec, NULL);
    if (ret < 0) {
        avcodec_free_context(&encoder);
        return log_fail(log, ret,
                        _("the AAC encoder refuses %lld bit/s; set the "
                          "preset's audio_rate between 64k and 320k"),
                        (long long)bit_rate_bps);
    }
    *out = encoder;
    return 0;
}

static int keep_packet(struct aac *aac, AVPacket *packet)
{
    int ret =
        av_reallocp_array(&aac->packets, aac->count + 1, sizeof(*aac->packets));
    if (ret < 0) {
        aac->count = 0;
        return ret;
    }
    aac->packets[aac->count] = av_packet_alloc();
    if (!aac->packets[aac->count])
        return AVERROR(ENOMEM);
    av_packet_move_ref(aac->packets[aac->count++], packet);
    return 0;
}

static int collect(AVCodecContext *encoder, AVPacket *packet, struct aac *aac)
{
    for (;;) {
        int ret = avcodec_receive_packet(encoder, packet);
        if (ret == AVERROR(EAGAIN) || ret == AVERROR_EOF)
            return 0;
        if (ret >= 0)
            ret = keep_packet(aac, packet);
        if (ret < 0)
            return ret;
    }
}

static int encode_all(AVCodecContext *encoder, const struct pcm *pcm,
                      struct aac *aac)
{
    int ret = 0;
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    if (!packet || !frame) {
        ret = AVERROR(ENOMEM);
        goto done;
    }
    for (int64_t at = 0; ret >= 0 && at < pcm->count;
         at += encoder->frame_size) {
        frame->nb_samples = (int)FFMIN(encoder->frame_size, pcm->count - at);
        frame->format = AV_SAMPLE_FMT_FLTP;
        frame->sample_rate = PCM_RATE;
        frame->pts = at;
        av_channel_layout_default(&frame->ch_layout, PCM_CHANNELS);
        ret = av_frame_get_buffer(frame, 0);
        for (int c = 0; ret >= 0 && c < PCM_CHANNELS; c++)
            memcpy(frame->extended_data[c], pcm->plane[c] + at,
                   (size_t)frame->nb_samples * sizeof(float));
        if (ret >= 0)
            ret = avcodec_send_frame(encoder, frame);
        av_frame_unref(frame);
        if (ret >= 0)
            ret = collect(encoder, packet, aac);
    }
    if (ret >= 0)
        ret = avcodec_send_frame(encoder, NULL);
    if (ret >= 0)
        ret = collect(encoder, packet, aac);
done:
    av_frame_free(&frame);
    av_packet_free(&packet);
    return ret;
}

int aac_encode(struct log *log, const struct pcm *pcm, int64_t bit_rate_bps,
               struct aac *out)
{
    *out = (struct aac){0};
    AVCodecContext *encoder = NULL;
    int ret = open_encoder(log, bit_rate_bps, &encoder);
    if (ret < 0)
        return ret;
    ret = encode_all(encoder, pcm, out);
    if (ret >= 0 && !(out->parameters = avcodec_parameters_alloc()))
        ret = AVERROR(ENOMEM);
    if (ret >= 0)
        ret = avcodec_parameters_from_context(out->parameters, encoder);
    avcodec_free_context(&encoder);
    if (ret < 0) {
        aac_clear(out);
        return log_fail(log, ret, _("the sound can't be encoded: %s"),
                        LOG_REASON(ret));
    }
    return 0;
}

static int take_frames(AVCodecContext *decoder, AVFrame *frame, int64_t *at,
                       struct pcm *out)
{
    for (;;) {
        int ret = avcodec_receive_frame(decoder, frame);
        if (ret == AVERROR(EAGAIN) || ret == AVERROR_EOF)
            return 0;
        if (ret < 0)
            return ret;
        int64_t first = FFMAX(*at, 0);
        int64_t end = FFMIN(*at + frame->nb_samples, out->count);
        for (int c = 0; first < end && c < PCM_CHANNELS; c++)
            memcpy(out->plane[c] + first,
                   (float *)frame->extended_data[c] + (first - *at),
                   (size_t)(end - first) * sizeof(float));
        *at += frame->nb_samples;
        av_frame_unref(frame);
    }
}

static int decode_all(const struct aac *aac, struct pcm *out)
{
    AVCodecContext *decoder = NULL;
    AVFrame *frame = av_frame_alloc();
    int ret = frame ? 0 : AVERROR(ENOMEM);
    if (ret >= 0)
        ret = decoder_create(aac->parameters, &decoder);
    if (ret >= 0)
        ret = avcodec_open2(decoder, NULL, NULL);
    int64_t at = -(int64_t)(ret >= 0 ? aac->parameters->initial_padding : 0);
    for (size_t i = 0; ret >= 0 && i < aac->count; i++) {
        ret = avcodec_send_packet(decoder, aac->packets[i]);
        if (ret >= 0)
            ret = take_frames(decoder, frame, &at, out);
    }
    if (ret >= 0)
        ret = avcodec_send_packet(decoder, NULL);
    if (ret >= 0)
        ret = take_frames(decoder, frame, &at, out);
    av_frame_free(&frame);
    avcodec_free_context(&decoder);
    return ret;
}

int aac_decode(struct log *log, const struct aac *aac, int64_t count,
               struct pcm *out)
{
    int ret = pcm_init(log, out, count);
    if (ret < 0)
        return ret;
    ret = decode_all(aac, out);
    if (ret < 0) {
        pcm_clear(out);
        return log_fail(log, ret, _("the encoded sound does not decode: %s"),
                        LOG_REASON(ret));
    }
    return 0;
}
