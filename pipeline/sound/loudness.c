/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the use of libebur128. Knows no target. */
#include "sound/loudness.h"

#include <ebur128.h>
#include <libavutil/common.h>

#include <math.h>

#define STEP 4800

static int feed(ebur128_state *state, const struct pcm *pcm)
{
    float mixed[STEP * PCM_CHANNELS];
    for (int64_t at = 0; at < pcm->count; at += STEP) {
        int64_t count = FFMIN(STEP, pcm->count - at);
        for (int64_t i = 0; i < count; i++) {
            for (int c = 0; c < PCM_CHANNELS; c++)
                mixed[i * PCM_CHANNELS + c] = pcm->plane[c][at + i];
        }
        if (ebur128_add_frames_float(state, mixed, (size_t)count))
            return AVERROR(ENOMEM);
    }
    return 0;
}

static int read_figures(ebur128_state *state, struct loudness *out)
{
    double peak = 0.0;
    for (unsigned c = 0; c < PCM_CHANNELS; c++) {
        double one;
        if (ebur128_true_peak(state, c, &one))
            return AVERROR_EXTERNAL;
        peak = fmax(peak, one);
    }
    if (ebur128_loudness_global(state, &out->lufs))
        return AVERROR_EXTERNAL;
    out->silent = !isfinite(out->lufs) || peak <= 0.0;
    out->peak_dbtp = out->silent ? -INFINITY : 20.0 * log10(peak);
    return 0;
}

int loudness_measure(struct log *log, const struct pcm *pcm,
                     struct loudness *out)
{
    *out = (struct loudness){.silent = true};
    if (!pcm->count)
        return 0;
    ebur128_state *state = ebur128_init(
        PCM_CHANNELS, PCM_RATE, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK);
    if (!state)
        return log_fail(log, AVERROR(ENOMEM), _("there is not enough memory"));
    int64_t fed = 0;
    int ret;
    do {
        ret = feed(state, pcm);
        fed += pcm->count;
    } while (ret >= 0 && fed < pcm_ms(500));
    if (ret >= 0)
        ret = read_figures(state, out);
    ebur128_destroy(&state);
    if (ret < 0)
        return log_fail(log, ret,
                        _("the loudness of the sound can't be "
                          "measured; there may be too little "
                          "memory"));
    return 0;
}
