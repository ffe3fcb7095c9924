/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns a decoder and a loudness meter. Knows no target. */
#include "check/listener.h"

#include "flow/decoder.h"

#include <libavutil/channel_layout.h>
#include <libavutil/common.h>
#include <libavutil/mem.h>

#include <math.h>
#include <string.h>

int listener_open(struct log *log, const AVCodecParameters *parameters,
                  AVRational base, struct listener *listener)
{
    *listener = (struct listener){.first_pts = AV_NOPTS_VALUE, .silent = true};
    listener->frame = av_frame_alloc();
    int ret = listener->frame ? 0 : AVERROR(ENOMEM);
    if (ret >= 0)
        ret = decoder_create(parameters, &listener->decoder);
    if (ret >= 0) {
        listener->decoder->pkt_timebase = base;
        ret = avcodec_open2(listener->decoder, NULL, NULL);
    }
    if (ret < 0) {
        listener_close(listener);
        return log_fail(log, ret, _("%s sound can't be decoded: %s"),
                        avcodec_get_name(parameters->codec_id),
                        LOG_REASON(ret));
    }
    return 0;
}

void listener_close(struct listener *listener)
{
    if (listener->meter)
        ebur128_destroy(&listener->meter);
    av_freep(&listener->mixed);
    av_freep(&listener->head);
    av_frame_free(&listener->frame);
    avcodec_free_context(&listener->decoder);
}

static int start_meter(struct listener *listener)
{
    const AVFrame *frame = listener->frame;
    unsigned channels = (unsigned)frame->ch_layout.nb_channels;
    listener->meter = ebur128_init(channels, (unsigned long)frame->sample_rate,
                                   EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK);
    listener->head = av_calloc((size_t)frame->sample_rate / 2 * channels,
                               sizeof(*listener->head));
    return listener->meter && listener->head ? 0 : AVERROR(ENOMEM);
}

static void keep_head(struct listener *listener, int channels)
{
    const AVFrame *frame = listener->frame;
    int64_t most = frame->sample_rate / 2 - listener->head_count;
    int64_t count = FFMIN(most, frame->nb_samples);
    if (count <= 0)
        return;
    memcpy(listener->head + listener->head_count * channels, listener->mixed,
           (size_t)(count * channels) * sizeof(float));
    listener->head_count += count;
}

/* Only planar float is measured: what AAC decodes to. Other formats (verify
 * of foreign files) are decoded and counted. */
static int measure(struct listener *listener)
{
    const AVFrame *frame = listener->frame;
    int channels = frame->ch_layout.nb_channels;
    if (frame->format != AV_SAMPLE_FMT_FLTP || channels > 2)
        return 0;
    int ret = listener->meter ? 0 : start_meter(listener);
    int needed = frame->nb_samples * channels;
    if (ret >= 0 && needed > listener->room) {
        ret = av_reallocp_array(&listener->mixed, (size_t)needed,
                                sizeof(*listener->mixed));
        listener->room = ret < 0 ? 0 : needed;
    }
    if (ret < 0)
        return ret;
    for (int c = 0; c < channels; c++) {
        const float *plane = (const float *)frame->extended_data[c];
        for (int i = 0; i < frame->nb_samples; i++)
            listener->mixed[i * channels + c] = plane[i];
    }
    keep_head(listener, channels);
    if (ebur128_add_frames_float(listener->meter, listener->mixed,
                                 (size_t)frame->nb_samples))
        return AVERROR(ENOMEM);
    return 0;
}

int listener_take(struct listener *listener, struct log *log,
                  const AVPacket *packet)
{
    int ret = avcodec_send_packet(listener->decoder, packet);
    if (ret < 0 && ret != AVERROR_EOF)
        listener->faults++;
    for (;;) {
        ret = avcodec_receive_frame(listener->decoder, listener->frame);
        if (ret == AVERROR(EAGAIN) || ret == AVERROR_EOF)
            return 0;
        if (ret < 0) {
            listener->faults++;
            return 0;
        }
        if (listener->first_pts == AV_NOPTS_VALUE)
            listener->first_pts = listener->frame->pts;
        listener->samples += listener->frame->nb_samples;
        ret = measure(listener);
        av_frame_unref(listener->frame);
        if (ret < 0)
            return log_fail(log, ret, _("there is not enough memory"));
    }
}

/* The meter's blocks are 400 ms: a shorter run is heard again until there is
 * one, as sound's own meter does. */
static int repeat_short(struct listener *listener)
{
    int64_t rate = listener->decoder->sample_rate;
    int64_t fed = listener->samples;
    while (listener->head_count && fed < rate / 2) {
        if (ebur128_add_frames_float(listener->meter, listener->head,
                                     (size_t)listener->head_count))
            return AVERROR(ENOMEM);
        fed += listener->head_count;
    }
    return 0;
}

int listener_finish(struct listener *listener, struct log *log)
{
    int ret = listener_take(listener, log, NULL);
    if (ret < 0 || !listener->meter)
        return ret;
    ret = repeat_short(listener);
    double peak = 0.0, one;
    for (unsigned c = 0; c < listener->meter->channels; c++) {
        if (!ebur128_true_peak(listener->meter, c, &one))
            peak = fmax(peak, one);
    }
    if (ret < 0 || ebur128_loudness_global(listener->meter, &listener->lufs))
        return log_fail(log, AVERROR(ENOMEM), _("there is not enough memory"));
    listener->silent = !isfinite(listener->lufs) || peak <= 0.0;
    listener->peak_dbtp = listener->silent ? 0.0 : 20.0 * log10(peak);
    return 0;
}
