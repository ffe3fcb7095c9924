/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A preset's rules as libx264's own parameter string: resolved to the last
 * figure, so that nothing depends on the machine, and printed with integers,
 * so that it does not depend on the locale. */
#include "plan/build.h"

#include <math.h>
#include <string.h>
#include <libavutil/common.h>

#define SIZE_STEPS_PER_CRF 2

const int *fill_ladder(const struct preset *preset)
{
    static const int open[FILL_STEPS] = {900, 400, 300, 200, 100, 50, 20};
    static const int constant[FILL_STEPS] = {900, 600, 500, 400, 300, 200, 100};
    return preset->constant_rate ? constant : open;
}

int rate_share(int rate_step)
{
    static const int ladder[RATE_STEPS + 1] = {1000, 750, 500, 350,
                                               250,  125, 60};
    return ladder[rate_step];
}

int size_steps(const struct preset *preset)
{
    if (preset->constant_rate || preset->crf >= SIZE_WORST_CRF)
        return 0;
    return (int)((SIZE_WORST_CRF - preset->crf) * SIZE_STEPS_PER_CRF);
}

/* ITU-T H.264 table A-1: macroblocks per second and per frame. */
static const struct {
    const char *name;
    int64_t per_second, per_frame;
} levels[] = {
    {"3.0", 40500, 1620},   {"3.1", 108000, 3600},  {"3.2", 216000, 5120},
    {"4.0", 245760, 8192},  {"4.1", 245760, 8192},  {"4.2", 522240, 8704},
    {"5.0", 589824, 22080}, {"5.1", 983040, 36864}, {"5.2", 2073600, 36864},
};
#define LEVEL_COUNT (sizeof(levels) / sizeof(levels[0]))

/* The preset's level, or the least above it that frame and rate need. */
static const char *level_for(const struct preset *preset, AVRational rate)
{
    int64_t blocks = ((preset->width + 15) / 16) * ((preset->height + 15) / 16);
    int64_t per_second =
        av_rescale_rnd(blocks, rate.num, rate.den, AV_ROUND_UP);
    bool reached = false;
    for (size_t i = 0; i < LEVEL_COUNT; i++) {
        reached = reached || strcmp(levels[i].name, preset->level) == 0;
        if (reached && per_second <= levels[i].per_second &&
            blocks <= levels[i].per_frame)
            return levels[i].name;
    }
    return levels[LEVEL_COUNT - 1].name;
}

/* A number with up to two decimals, whatever the locale's point is. */
static const char *decimal(double value, struct arena *arena)
{
    long hundredths = lround(value * 100);
    if (hundredths % 100 == 0)
        return arena_printf(arena, "%ld", hundredths / 100);
    return arena_printf(arena, "%ld.%02ld", hundredths / 100, hundredths % 100);
}

double size_step_crf(const struct preset *preset, int size_step)
{
    return preset->crf + (double)size_step / SIZE_STEPS_PER_CRF;
}

/* In kbit/s. To x264 a rate of 0 is none at all. */
static int rate_kbps(const struct preset *preset, int rate_step)
{
    int64_t kbps = preset->max_rate_bps * rate_share(rate_step) / 1000000;
    return (int)FFMAX(kbps, 1);
}

/* What decides how many bits a picture gets. */
static void put_quality(struct buffer *out, const struct preset *preset,
                        struct chunk_setting setting, struct arena *arena)
{
    if (preset->constant_rate)
        buffer_printf(out, ":bitrate=%d", rate_kbps(preset, setting.rate_step));
    else
        buffer_printf(out, ":crf=%s",
                      decimal(size_step_crf(preset, setting.size_step), arena));
}

static char *put_parameters(const struct preset *preset, AVRational rate,
                            struct chunk_setting setting, struct arena *arena)
{
    struct buffer out = {0};
    long keyint = lround(preset->keyint_s * rate.num / rate.den);
    buffer_printf(&out, "preset=%s", preset->speed);
    if (preset->tune)
        buffer_printf(&out, ":tune=%s", preset->tune);
    buffer_printf(&out, ":profile=%s:level=%s", preset->profile,
                  level_for(preset, rate));
    put_quality(&out, preset, setting, arena);
    if (preset->max_rate_bps > 0)
        buffer_printf(&out, ":vbv-maxrate=%d:vbv-bufsize=%d",
                      rate_kbps(preset, setting.rate_step),
                      (int)FFMAX(preset->buffer_bits / 1000, 1));
    buffer_printf(&out, ":keyint=%ld", keyint > 0 ? keyint : 1);
    /* One thread, and the same decisions on every processor: performance.md
     * §4.3. stitchable: equal parameter sets over all chunks. */
    buffer_puts(&out, ":threads=1:cpu-independent=1:stitchable=1:open-gop=0"
                      ":force-cfr=1");
    /* The library's word for the command line's "--range tv". */
    buffer_puts(&out, ":colorprim=bt709:transfer=bt709:colormatrix=bt709"
                      ":fullrange=off");
    buffer_printf(&out, ":fps=%d/%d:sar=1/1", rate.num, rate.den);
    char *text = arena_strdup(arena, buffer_text(&out));
    buffer_clear(&out);
    return text;
}

char *encoder_parameters(const struct preset *preset, AVRational rate,
                         struct arena *arena)
{
    return put_parameters(preset, rate, (struct chunk_setting){0}, arena);
}

char *rendition_encoder(const struct rendition *rendition,
                        struct chunk_setting setting, struct arena *arena)
{
    const struct preset *preset = rendition->preset;
    const char *text = rendition->encoder;
    if (setting.size_step || setting.rate_step)
        text =
            put_parameters(preset, rendition->timeline->rate, setting, arena);
    if (preset->max_rate_bps <= 0)
        return arena_strdup(arena, text);
    return arena_printf(arena, "%s:vbv-init=0.%03d", text,
                        fill_ladder(preset)[setting.fill_step]);
}
