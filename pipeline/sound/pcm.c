/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the planes of a run of sound and the plain arithmetic on them: scaling,
 * adding, fading. Knows no time but samples. */
#include "sound/pcm.h"

#include <libavutil/common.h>
#include <libavutil/mem.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>

int pcm_init(struct log *log, struct pcm *pcm, int64_t count)
{
    *pcm = (struct pcm){.count = count};
    for (int c = 0; c < PCM_CHANNELS; c++) {
        pcm->plane[c] = av_calloc((size_t)FFMAX(count, 1), sizeof(float));
        if (!pcm->plane[c]) {
            pcm_clear(pcm);
            return log_fail(log, AVERROR(ENOMEM),
                            _("there is not enough memory for the sound of "
                              "this clip; make fewer things at once (-j)"));
        }
    }
    return 0;
}

int pcm_copy(struct log *log, struct pcm *to, const struct pcm *from)
{
    int ret = pcm_init(log, to, from->count);
    if (ret < 0)
        return ret;
    for (int c = 0; c < PCM_CHANNELS; c++)
        memcpy(to->plane[c], from->plane[c],
               (size_t)from->count * sizeof(float));
    return 0;
}

void pcm_clear(struct pcm *pcm)
{
    for (int c = 0; c < PCM_CHANNELS; c++)
        av_freep(&pcm->plane[c]);
    pcm->count = 0;
}

void pcm_scale(struct pcm *pcm, double factor)
{
    float by = (float)factor;
    for (int c = 0; c < PCM_CHANNELS; c++) {
        float *restrict plane = pcm->plane[c];
        for (int64_t i = 0; i < pcm->count; i++)
            plane[i] *= by;
    }
}

void pcm_add(struct pcm *to, int64_t at, const struct pcm *from)
{
    int64_t first = FFMAX(at, 0);
    int64_t end = FFMIN(at + from->count, to->count);
    for (int c = 0; c < PCM_CHANNELS; c++) {
        float *restrict sum = to->plane[c];
        const float *restrict part = from->plane[c];
        for (int64_t i = first; i < end; i++)
            sum[i] += part[i - at];
    }
}

static double fade_gain(int64_t i, int64_t from, int64_t to, bool even)
{
    if (i < from)
        return 0.0;
    if (i >= to)
        return 1.0;
    /* Half a sample in: both sides of a crossfade meet their squares' sum. */
    double part = ((double)(i - from) + 0.5) / (double)(to - from);
    return even ? part : sin(M_PI_2 * part);
}

void pcm_fade_in(struct pcm *pcm, int64_t from, int64_t to, int even)
{
    int64_t end = FFMIN(to, pcm->count);
    for (int64_t i = 0; i < end; i++) {
        float gain = (float)fade_gain(i, from, to, even);
        for (int c = 0; c < PCM_CHANNELS; c++)
            pcm->plane[c][i] *= gain;
    }
}

void pcm_fade_out(struct pcm *pcm, int64_t from, int64_t to, int even)
{
    for (int64_t i = FFMAX(from, 0); i < pcm->count; i++) {
        /* The mirror of the fade in, so that the two are each other's. */
        float gain = (float)fade_gain(from + to - 1 - i, from, to, even);
        for (int c = 0; c < PCM_CHANNELS; c++)
            pcm->plane[c][i] *= gain;
    }
}

double pcm_power(const struct pcm *pcm, int channel)
{
    double sum = 0.0;
    const float *plane = pcm->plane[channel];
    for (int64_t i = 0; i < pcm->count; i++)
        sum += (double)plane[i] * plane[i];
    return pcm->count ? sum / (double)pcm->count : 0.0;
}
