/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loudness, limiter and leveller: the target is met, the ceiling held, silence
 * stays silence. */
#include "sound_media.h"

#include "collect.h"
#include "plain_limiter.h"
#include "sound/leveller.h"
#include "sound/limiter.h"

/* In place. */
static void limit(struct pcm *pcm, double ceiling_dbtp, bool *worked)
{
    struct collected out = {0};
    struct limiter *limiter;
    struct pcm block;
    assert_int_equal(pcm_init(NULL, &out.pcm, pcm->count), 0);
    assert_int_equal(pcm_init(NULL, &block, PCM_BLOCK), 0);
    assert_int_equal(limiter_create(NULL, pcm, 1.0, ceiling_dbtp, &limiter), 0);
    for (limiter_next(limiter, &block); block.count;
         limiter_next(limiter, &block))
        collect(&out, &block);
    assert_int_equal(out.at, pcm->count);
    *worked = limiter_worked(limiter);
    limiter_destroy(&limiter);
    pcm_clear(&block);
    pcm_clear(pcm);
    *pcm = out.pcm;
}

static struct pcm make(int64_t count, double gain, double (*at)(int64_t, int))
{
    struct pcm pcm;
    assert_int_equal(pcm_init(NULL, &pcm, count), 0);
    for (int64_t i = 0; i < count; i++) {
        for (int c = 0; c < 2; c++)
            pcm.plane[c][i] = (float)(gain * at(i, c));
    }
    return pcm;
}

/* EBU Tech 3341: 1 kHz at -23 dBFS in both channels is -23 LUFS. */
static void the_meter_is_calibrated(void **state)
{
    struct pcm pcm = make(48000 * 5, 2.0 * pow(10.0, -23.0 / 20.0), media_tone);
    struct loudness loud;
    assert_int_equal(loudness_measure(NULL, &pcm, &loud), 0);
    assert_false(loud.silent);
    assert_true(fabs(loud.lufs + 23.0) < 0.1);
    assert_true(fabs(loud.peak_dbtp + 23.0) < 0.1);
    pcm_clear(&pcm);
}

static void short_runs_and_silence_have_figures(void **state)
{
    struct loudness loud;
    struct pcm pcm = make(4800, 1.0, media_tone);
    assert_int_equal(loudness_measure(NULL, &pcm, &loud), 0);
    assert_false(loud.silent);
    assert_true(fabs(loud.lufs + 6.0) < 0.3);
    pcm_clear(&pcm);
    pcm = make(48000, 1.0, media_silence);
    assert_int_equal(loudness_measure(NULL, &pcm, &loud), 0);
    assert_true(loud.silent);
    pcm_clear(&pcm);
    pcm = make(0, 1.0, media_silence);
    assert_int_equal(loudness_measure(NULL, &pcm, &loud), 0);
    assert_true(loud.silent);
    pcm_clear(&pcm);
}

/* A sine at a quarter of the rate, between whose samples the peaks lie. */
static double between(int64_t n, int channel)
{
    (void)channel;
    return sin(M_PI / 2.0 * (double)n + M_PI / 4.0);
}

static void peaks_between_samples_are_held(void **state)
{
    struct pcm pcm = make(48000, 1.0, between);
    struct loudness loud;
    bool worked;
    assert_int_equal(loudness_measure(NULL, &pcm, &loud), 0);
    assert_true(loud.peak_dbtp > -0.3);
    limit(&pcm, -2.0, &worked);
    assert_true(worked);
    assert_int_equal(loudness_measure(NULL, &pcm, &loud), 0);
    assert_true(loud.peak_dbtp <= -1.9);
    pcm_clear(&pcm);
}

static void what_fits_is_left_alone(void **state)
{
    struct pcm pcm = make(48000, 0.5, media_tone);
    bool worked = true;
    limit(&pcm, -2.0, &worked);
    assert_false(worked);
    for (int64_t i = 0; i < pcm.count; i++)
        assert_true(pcm.plane[0][i] == (float)(0.5 * media_tone(i, 0)));
    pcm_clear(&pcm);
}

/* One loud sample in quiet sound: turned down before it, not at it, and let go
 * after; what is far from it is untouched. */
static void the_limiter_looks_ahead(void **state)
{
    struct pcm pcm = make(48000, 0.2, media_tone);
    bool worked;
    pcm.plane[0][24000] = 4.0F;
    limit(&pcm, -6.0, &worked);
    assert_true(worked);
    assert_true(fabs(pcm.plane[0][24000]) <= 0.502);
    assert_true(pcm.plane[0][23000] == (float)(0.2 * media_tone(23000, 0)));
    float turned = pcm.plane[1][24012] / (float)(0.2 * media_tone(24012, 1));
    assert_true(turned < 0.2F);
    float after = pcm.plane[1][47988] / (float)(0.2 * media_tone(47988, 1));
    assert_true(after > 0.98F);
    pcm_clear(&pcm);
}

/* Quiet and loud by turns, with peaks between samples and at both ends. */
static double restless(int64_t n, int channel)
{
    static const double gains[] = {0.02, 1.5, 0.4, 3.0, 0.3};
    return media_noise(n, channel) * gains[n / 1700 % 5];
}

/* Block by block the same as in one piece, to the bit. */
static void blocks_are_not_heard(void **state)
{
    static const int64_t counts[] = {
        0,   1,    2,    9,    191,  192,  193,  255,  256,  257,   384,   385,
        386, 4607, 4799, 4800, 4801, 5184, 9600, 9985, 9986, 96000, 100003};
    for (size_t k = 0; k < FF_ARRAY_ELEMS(counts); k++) {
        struct pcm pcm = make(counts[k], 1.0, restless), whole;
        bool worked, wanted;
        assert_int_equal(pcm_copy(NULL, &whole, &pcm), 0);
        limit(&pcm, -6.0, &worked);
        plain_limit(&whole, -6.0, &wanted);
        assert_int_equal(worked, wanted);
        for (int c = 0; counts[k] && c < PCM_CHANNELS; c++)
            assert_memory_equal(pcm.plane[c], whole.plane[c],
                                (size_t)counts[k] * sizeof(float));
        pcm_clear(&whole);
        pcm_clear(&pcm);
    }
}

static double steady(int64_t n, int channel)
{
    (void)n;
    return channel ? 0.2 : 0.0;
}

/* What is turned down glides: a step in the gain would be a click. */
static void the_limiter_glides(void **state)
{
    struct pcm pcm = make(48000, 1.0, steady);
    bool worked;
    pcm.plane[0][24000] = 4.0F;
    limit(&pcm, -6.0, &worked);
    for (int64_t i = 1; i < pcm.count; i++)
        assert_true(fabs(pcm.plane[1][i] - pcm.plane[1][i - 1]) < 0.002);
    pcm_clear(&pcm);
}

static void level(double gain, int64_t count, double (*at)(int64_t, int),
                  struct level_result *result)
{
    const struct level_target target = {.lufs = -15.0, .peak_dbtp = -1.5};
    struct pcm from = make(count, gain, at);
    struct collected out = {0};
    struct loudness loud;
    assert_int_equal(loudness_measure(NULL, &from, &loud), 0);
    assert_int_equal(leveller_find(NULL, &from, &loud, &target, result), 0);
    assert_int_equal(pcm_init(NULL, &out.pcm, count), 0);
    assert_int_equal(leveller_play(NULL, &from, result, 0.0, collect, &out), 0);
    assert_int_equal(out.at, count);
    pcm_clear(&from);
    struct pcm pcm = out.pcm;
    assert_int_equal(loudness_measure(NULL, &pcm, &loud), 0);
    assert_int_equal(loud.silent, result->after.silent);
    if (!loud.silent) {
        assert_true(fabs(loud.lufs - result->after.lufs) < 0.01);
        assert_true(loud.peak_dbtp <= target.peak_dbtp + 0.03);
    }
    pcm_clear(&pcm);
}

static void speech_meets_the_target(void **state)
{
    static const double gains[] = {0.1, 0.3, 1.0, 3.0};
    for (size_t k = 0; k < FF_ARRAY_ELEMS(gains); k++) {
        struct level_result result;
        level(gains[k], 48000 * 12, media_speech, &result);
        assert_true(result.reached);
        assert_true(fabs(result.after.lufs + 15.0) <= 0.3);
    }
    struct level_result brief;
    level(0.2, 48000 * 2, media_speech, &brief);
    assert_true(brief.reached);
    level(0.1, 9600, media_tone, &brief);
    assert_true(brief.reached);
}

static void too_quiet_is_raised_so_far_only(void **state)
{
    struct level_result result;
    level(0.005, 48000 * 5, media_tone, &result);
    assert_false(result.reached);
    assert_true(fabs(result.gain_db - LEVEL_MOST_DB) < 1e-9);
    level(1.0, 48000 * 5, media_silence, &result);
    assert_true(result.before.silent && result.after.silent);
    assert_true(result.gain_db == 0.0 && !result.limited);
}

/* Clicks alone can't be loud under a ceiling: the ceiling wins. */
static double clicks(int64_t n, int channel)
{
    (void)channel;
    return n % 48000 < 48 ? 0.9 : 0.0;
}

static void clicks_end_at_the_ceiling(void **state)
{
    struct level_result result;
    level(1.0, 48000 * 6, clicks, &result);
    assert_true(result.limited && !result.reached);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_meter_is_calibrated),
        cmocka_unit_test(short_runs_and_silence_have_figures),
        cmocka_unit_test(peaks_between_samples_are_held),
        cmocka_unit_test(what_fits_is_left_alone),
        cmocka_unit_test(the_limiter_looks_ahead),
        cmocka_unit_test(the_limiter_glides),
        cmocka_unit_test(blocks_are_not_heard),
        cmocka_unit_test(speech_meets_the_target),
        cmocka_unit_test(too_quiet_is_raised_so_far_only),
        cmocka_unit_test(clicks_end_at_the_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
