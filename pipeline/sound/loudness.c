/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the use of libebur128. Knows no target. */
#include "sound/loudness.h"

#include <ebur128.h>
#include <math.h>
#include <stdlib.h>
#include <libavutil/common.h>

/* Handed to the library at a time, whatever comes in. */
#define STEP 4800
/* What is shorter is heard again until it is so long. */
#define LEAST (PCM_RATE / 2)

struct meter {
    struct log *log;
    ebur128_state *state;
    int64_t count;
    float step[STEP * PCM_CHANNELS];
    int64_t waiting;                   /* samples in `step` */
    float begin[LEAST * PCM_CHANNELS]; /* the first samples */
};

int meter_create(struct log *log, struct meter **out)
{
    struct meter *meter = calloc(1, sizeof(*meter));
    *out = meter;
    if (meter) {
        meter->log = log;
        meter->state = ebur128_init(PCM_CHANNELS, PCM_RATE,
                                    EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK);
    }
    if (!meter || !meter->state) {
        meter_destroy(out);
        return log_fail(log, AVERROR(ENOMEM), _("there is not enough memory"));
    }
    return 0;
}

void meter_destroy(struct meter **meter)
{
    if (!*meter)
        return;
    if ((*meter)->state)
        ebur128_destroy(&(*meter)->state);
    free(*meter);
    *meter = NULL;
}

static int meter_fail(struct meter *meter, int code)
{
    return log_fail(meter->log, code,
                    _("the loudness of the sound can't be measured; there may "
                      "be too little memory"));
}

static int feed(struct meter *meter, const float *mixed, int64_t count)
{
    if (ebur128_add_frames_float(meter->state, mixed, (size_t)count))
        return meter_fail(meter, AVERROR(ENOMEM));
    return 0;
}

int meter_take(void *opaque, const struct pcm *block)
{
    struct meter *meter = opaque;
    for (int64_t i = 0; i < block->count; i++) {
        float *to = meter->step + meter->waiting * PCM_CHANNELS;
        for (int c = 0; c < PCM_CHANNELS; c++)
            to[c] = block->plane[c][i];
        if (meter->count < LEAST)
            for (int c = 0; c < PCM_CHANNELS; c++)
                meter->begin[meter->count * PCM_CHANNELS + c] = to[c];
        meter->count++;
        if (++meter->waiting < STEP)
            continue;
        meter->waiting = 0;
        int ret = feed(meter, meter->step, STEP);
        if (ret < 0)
            return ret;
    }
    return 0;
}

static int repeat(struct meter *meter)
{
    int ret = 0;
    for (int64_t heard = meter->count; ret >= 0 && heard < LEAST;
         heard += meter->count) {
        for (int64_t at = 0; ret >= 0 && at < meter->count; at += STEP)
            ret = feed(meter, meter->begin + at * PCM_CHANNELS,
                       FFMIN(STEP, meter->count - at));
    }
    return ret;
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

int meter_finish(struct meter *meter, struct loudness *out)
{
    *out = (struct loudness){.silent = true};
    if (!meter->count)
        return 0;
    int ret = 0;
    if (meter->waiting)
        ret = feed(meter, meter->step, meter->waiting);
    meter->waiting = 0;
    if (ret >= 0)
        ret = repeat(meter);
    if (ret < 0)
        return ret;
    ret = read_figures(meter->state, out);
    return ret < 0 ? meter_fail(meter, ret) : 0;
}

int loudness_measure(struct log *log, const struct pcm *pcm,
                     struct loudness *out)
{
    struct meter *meter;
    int ret = meter_create(log, &meter);
    if (ret >= 0)
        ret = meter_take(meter, pcm);
    if (ret >= 0)
        ret = meter_finish(meter, out);
    meter_destroy(&meter);
    return ret;
}
