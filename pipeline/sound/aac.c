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

struct aac_encoder {
    struct log *log;
    struct aac *out;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;  /* under way */
    int64_t waiting; /* samples in it */
    int64_t at;      /* its first one's place */
};

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

static int collect(struct aac_encoder *encoder)
{
    for (;;) {
        int ret = avcodec_receive_packet(encoder->codec, encoder->packet);
        if (ret == AVERROR(EAGAIN) || ret == AVERROR_EOF)
            return 0;
        if (ret >= 0)
            ret = keep_packet(encoder->out, encoder->packet);
        if (ret < 0)
            return ret;
    }
}

int aac_encoder_create(struct log *log, int64_t bit_rate_bps, struct aac *out,
                       struct aac_encoder **result)
{
    struct aac_encoder *encoder = av_mallocz(sizeof(*encoder));
    *out = (struct aac){0};
    *result = encoder;
    if (!encoder)
        return log_fail(log, AVERROR(ENOMEM), _("there is not enough memory"));
    encoder->log = log;
    encoder->out = out;
    int ret = open_encoder(log, bit_rate_bps, &encoder->codec);
    if (ret >= 0) {
        encoder->packet = av_packet_alloc();
        encoder->frame = av_frame_alloc();
        if (!encoder->packet || !encoder->frame)
            ret =
                log_fail(log, AVERROR(ENOMEM), _("there is not enough memory"));
    }
    if (ret < 0)
        aac_encoder_destroy(result);
    return ret;
}

void aac_encoder_destroy(struct aac_encoder **encoder)
{
    struct aac_encoder *e = *encoder;
    if (!e)
        return;
    av_frame_free(&e->frame);
    av_packet_free(&e->packet);
    avcodec_free_context(&e->codec);
    av_freep(encoder);
}

static int fail(struct aac_encoder *encoder, int code)
{
    aac_clear(encoder->out);
    return log_fail(encoder->log, code, _("the sound can't be encoded: %s"),
                    LOG_REASON(code));
}

static int begin_frame(struct aac_encoder *encoder)
{
    AVFrame *frame = encoder->frame;
    frame->nb_samples = encoder->codec->frame_size;
    frame->format = AV_SAMPLE_FMT_FLTP;
    frame->sample_rate = PCM_RATE;
    frame->pts = encoder->at;
    av_channel_layout_default(&frame->ch_layout, PCM_CHANNELS);
    return av_frame_get_buffer(frame, 0);
}

/* The last one may be shorter than the others. */
static int send_frame(struct aac_encoder *encoder)
{
    encoder->frame->nb_samples = (int)encoder->waiting;
    int ret = avcodec_send_frame(encoder->codec, encoder->frame);
    av_frame_unref(encoder->frame);
    encoder->at += encoder->waiting;
    encoder->waiting = 0;
    return ret < 0 ? ret : collect(encoder);
}

int aac_encoder_take(void *opaque, const struct pcm *block)
{
    struct aac_encoder *encoder = opaque;
    int64_t size = encoder->codec->frame_size;
    int ret = 0;
    for (int64_t i = 0; ret >= 0 && i < block->count;) {
        int64_t part = FFMIN(size - encoder->waiting, block->count - i);
        if (!encoder->waiting)
            ret = begin_frame(encoder);
        for (int c = 0; ret >= 0 && c < PCM_CHANNELS; c++)
            memcpy((float *)encoder->frame->extended_data[c] + encoder->waiting,
                   block->plane[c] + i, (size_t)part * sizeof(float));
        encoder->waiting += part;
        i += part;
        if (ret >= 0 && encoder->waiting == size)
            ret = send_frame(encoder);
    }
    return ret < 0 ? fail(encoder, ret) : 0;
}

int aac_encoder_finish(struct aac_encoder *encoder)
{
    struct aac *out = encoder->out;
    int ret = encoder->waiting ? send_frame(encoder) : 0;
    if (ret >= 0)
        ret = avcodec_send_frame(encoder->codec, NULL);
    if (ret >= 0)
        ret = collect(encoder);
    if (ret >= 0 && !(out->parameters = avcodec_parameters_alloc()))
        ret = AVERROR(ENOMEM);
    if (ret >= 0)
        ret = avcodec_parameters_from_context(out->parameters, encoder->codec);
    return ret < 0 ? fail(encoder, ret) : 0;
}

/* --- back ----------------------------------------------------------------- */

struct hearing {
    int64_t at;    /* the next decoded sample's place; priming lies before 0 */
    int64_t count; /* samples wanted */
    int (*take)(void *taker, const struct pcm *block);
    void *taker;
};

static int take_frames(AVCodecContext *decoder, AVFrame *frame,
                       struct hearing *hearing)
{
    for (;;) {
        int ret = avcodec_receive_frame(decoder, frame);
        if (ret == AVERROR(EAGAIN) || ret == AVERROR_EOF)
            return 0;
        if (ret < 0)
            return ret;
        int64_t first = FFMAX(hearing->at, 0);
        int64_t end = FFMIN(hearing->at + frame->nb_samples, hearing->count);
        struct pcm block = {.count = end - first};
        for (int c = 0; first < end && c < PCM_CHANNELS; c++)
            block.plane[c] =
                (float *)frame->extended_data[c] + (first - hearing->at);
        hearing->at += frame->nb_samples;
        if (first < end)
            ret = hearing->take(hearing->taker, &block);
        av_frame_unref(frame);
        if (ret < 0)
            return ret;
    }
}

/* Silence for what did not come. */
static int take_rest(struct log *log, struct hearing *hearing)
{
    struct pcm block;
    int ret = pcm_init(log, &block, PCM_BLOCK);
    for (int64_t at = FFMAX(hearing->at, 0); ret >= 0 && at < hearing->count;
         at += block.count) {
        block.count = FFMIN(PCM_BLOCK, hearing->count - at);
        ret = hearing->take(hearing->taker, &block);
    }
    pcm_clear(&block);
    return ret;
}

static int decode_all(const struct aac *aac, struct hearing *hearing)
{
    AVCodecContext *decoder = NULL;
    AVFrame *frame = av_frame_alloc();
    int ret = frame ? 0 : AVERROR(ENOMEM);
    if (ret >= 0)
        ret = decoder_create(aac->parameters, &decoder);
    if (ret >= 0)
        ret = avcodec_open2(decoder, NULL, NULL);
    if (ret >= 0)
        hearing->at = -(int64_t)aac->parameters->initial_padding;
    for (size_t i = 0; ret >= 0 && i < aac->count; i++) {
        ret = avcodec_send_packet(decoder, aac->packets[i]);
        if (ret >= 0)
            ret = take_frames(decoder, frame, hearing);
    }
    if (ret >= 0)
        ret = avcodec_send_packet(decoder, NULL);
    if (ret >= 0)
        ret = take_frames(decoder, frame, hearing);
    av_frame_free(&frame);
    avcodec_free_context(&decoder);
    return ret;
}

int aac_decode(struct log *log, const struct aac *aac, int64_t count,
               int (*take)(void *taker, const struct pcm *block), void *taker)
{
    struct hearing hearing = {.count = count, .take = take, .taker = taker};
    int ret = decode_all(aac, &hearing);
    if (ret >= 0)
        ret = take_rest(log, &hearing);
    if (ret < 0)
        return log_fail(log, ret, _("the encoded sound does not decode: %s"),
                        LOG_REASON(ret));
    return 0;
}
