/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the conversion context, what it was built for and its output's place.
 * Knows no file and no time but samples. */
#include "sound/resampler.h"

#include <libavutil/channel_layout.h>
#include <libavutil/common.h>
#include <libavutil/mathematics.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>

#include <math.h>
#include <stdbool.h>

void resampler_clear(struct resampler *resampler)
{
    swr_free(&resampler->swr);
    av_channel_layout_uninit(&resampler->layout);
    for (int c = 0; c < PCM_CHANNELS; c++)
        av_freep(&resampler->planes[c]);
    resampler->room = 0;
}

static int make_room(struct resampler *resampler, int count)
{
    if (count <= resampler->room)
        return 0;
    for (int c = 0; c < PCM_CHANNELS; c++) {
        int ret = av_reallocp_array(&resampler->planes[c], (size_t)count,
                                    sizeof(float));
        if (ret < 0) {
            resampler->room = 0;
            return ret;
        }
    }
    resampler->room = count;
    return 0;
}

/* Mono, and tracks of a recorder, which have no place: all in the middle at
 * the power that they have together. (The library's own matrix takes 3 dB off
 * mono, so that one clip's mono and stereo shots would differ.) */
static int mix_in_middle(SwrContext *swr, int channels)
{
    double *matrix = av_calloc((size_t)channels * 2, sizeof(*matrix));
    if (!matrix)
        return AVERROR(ENOMEM);
    for (int i = 0; i < channels * 2; i++)
        matrix[i] = 1.0 / sqrt(channels);
    int ret = swr_set_matrix(swr, matrix, channels);
    av_free(matrix);
    return ret;
}

static int build(struct resampler *resampler, const AVFrame *frame)
{
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    AVChannelLayout in = {0};
    int channels = frame->ch_layout.nb_channels;
    int ret = av_channel_layout_copy(&in, &frame->ch_layout);
    if (ret >= 0 && in.order == AV_CHANNEL_ORDER_UNSPEC && channels <= 2)
        av_channel_layout_default(&in, channels);
    bool placeless = in.order == AV_CHANNEL_ORDER_UNSPEC || channels == 1;
    if (ret >= 0)
        ret = swr_alloc_set_opts2(&resampler->swr, &stereo, AV_SAMPLE_FMT_FLTP,
                                  PCM_RATE, &in, frame->format,
                                  frame->sample_rate, 0, NULL);
    if (ret >= 0 && placeless)
        ret = mix_in_middle(resampler->swr, channels);
    if (ret >= 0)
        ret = swr_init(resampler->swr);
    if (ret >= 0)
        ret = av_channel_layout_copy(&resampler->layout, &frame->ch_layout);
    resampler->format = frame->format;
    resampler->sample_rate = frame->sample_rate;
    av_channel_layout_uninit(&in);
    if (ret < 0)
        swr_free(&resampler->swr);
    return ret;
}

static int convert(struct resampler *resampler, const uint8_t **in, int count)
{
    int64_t most = swr_get_out_samples(resampler->swr, count);
    if (most < 0)
        return (int)most;
    int ret = make_room(resampler, (int)FFMAX(most, 1));
    if (ret < 0)
        return ret;
    int got = swr_convert(resampler->swr, (uint8_t **)resampler->planes,
                          resampler->room, in, count);
    if (got < 0)
        return got;
    resampler->lay(resampler->opaque, (const float *const *)resampler->planes,
                   got, resampler->position);
    resampler->position += got;
    return 0;
}

int resampler_finish(struct resampler *resampler)
{
    if (!resampler->swr)
        return 0;
    int ret = convert(resampler, NULL, 0);
    swr_free(&resampler->swr);
    return ret;
}

int resampler_push(struct resampler *resampler, struct log *log,
                   const AVFrame *frame, int64_t position)
{
    int ret = 0;
    bool same =
        resampler->format == frame->format &&
        resampler->sample_rate == frame->sample_rate &&
        !av_channel_layout_compare(&resampler->layout, &frame->ch_layout);
    if (resampler->swr && !same)
        ret = resampler_finish(resampler);
    if (ret >= 0 && !resampler->swr) {
        ret = build(resampler, frame);
        resampler->position = position;
    }
    if (ret >= 0)
        ret = convert(resampler, (const uint8_t **)frame->extended_data,
                      frame->nb_samples);
    if (ret < 0)
        return log_fail(log, ret,
                        _("%s: its sound can't be brought to 48 kHz stereo: "
                          "%s"),
                        resampler->name, LOG_REASON(ret));
    return 0;
}
