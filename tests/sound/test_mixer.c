/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mixer: every shot's samples where the clip's clock wants them, and joins
 * that are heard as joins, not as faults. */
#include "sound_media.h"

#include "sound/mixer.h"

#define MOST_SHOTS 501

/* A clip built by hand, as the plan would. */
struct rig {
    struct shot shots[MOST_SHOTS];
    struct span spans[8];
    struct clip clip;
    struct timeline timeline;
    int64_t shot_tick[MOST_SHOTS + 1];
};

static void rig_add(struct rig *rig, const struct recording *recording,
                    int64_t in_frame, int64_t frames, AVRational rate)
{
    struct shot *shot = &rig->shots[rig->clip.shot_count];
    *shot = (struct shot){.recording = recording,
                          .in_flicks = clock_flicks(in_frame, rate),
                          .out_flicks = clock_flicks(in_frame + frames, rate),
                          .offset_flicks = rig->clip.length_flicks,
                          .crop_percent = -1};
    rig->clip.length_flicks += shot->out_flicks - shot->in_flicks;
    rig->clip.shot_count++;
}

static void rig_finish(struct rig *rig, AVRational rate, int64_t card_ticks)
{
    rig->clip.shots = rig->shots;
    rig->clip.spans = rig->spans;
    rig->timeline.clip = &rig->clip;
    rig->timeline.rate = rate;
    rig->timeline.shot_tick = rig->shot_tick;
    rig->timeline.transitions = true;
    for (size_t j = 0; j < rig->clip.shot_count; j++)
        rig->shot_tick[j] = clock_ticks(rig->shots[j].offset_flicks, rate);
    int64_t ticks = clock_ticks(rig->clip.length_flicks, rate);
    rig->shot_tick[rig->clip.shot_count] = ticks;
    rig->timeline.ticks = ticks + card_ticks;
    rig->timeline.card = card_ticks > 0;
    rig->timeline.samples = clock_samples(rig->timeline.ticks, rate, 48000);
}

static void rig_span(struct rig *rig, int shot, enum span_join join,
                     int64_t from, int64_t to)
{
    rig->spans[rig->clip.span_count++] = (struct span){.shot = shot,
                                                       .from_flicks = from,
                                                       .to_flicks = to,
                                                       .join = join,
                                                       .join_from_flicks = from,
                                                       .join_to_flicks = to};
}

static void mix(const struct rig *rig, struct pcm *pcm, struct mix_facts *facts)
{
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    assert_int_equal(mixer_mix(&log, &rig->timeline, NULL, pcm, facts), 0);
    assert_int_equal(pcm->count, rig->timeline.samples);
    log_clear(&log);
}

/* Away from its edges each shot is its source, sample for sample: the error
 * neither exists nor grows. */
static void check_interior(const struct rig *rig, const struct pcm *pcm)
{
    int64_t edge = 8 * 48;
    for (size_t j = 0; j < rig->clip.shot_count; j++) {
        int64_t first =
            clock_samples(rig->shot_tick[j], rig->timeline.rate, 48000);
        int64_t end =
            clock_samples(rig->shot_tick[j + 1], rig->timeline.rate, 48000);
        int64_t source = av_rescale_rnd(rig->shots[j].in_flicks, 48000,
                                        FLICKS_PER_SECOND, AV_ROUND_NEAR_INF);
        for (int64_t n = first + edge; n < end - edge; n += 7) {
            double wanted = media_noise(source + n - first, 0);
            if (fabs(pcm->plane[0][n] - wanted) > 1e-4)
                fail_msg("shot %zu sample %lld", j, (long long)(n - first));
        }
    }
}

static void no_drift_over_500_cuts(void **state)
{
    static struct rig rig;
    const AVRational rates[] = {{25, 1}, {30000, 1001}, {24000, 1001}, {50, 1}};
    char path[256];
    struct recording recording =
        media_write_wav("n.wav", path, 48000 * 30, 2, media_noise);
    for (size_t r = 0; r < FF_ARRAY_ELEMS(rates); r++) {
        memset(&rig, 0, sizeof(rig));
        size_t cuts = r ? 40 : 500;
        for (size_t j = 0; j <= cuts; j++)
            rig_add(&rig, &recording, (int64_t)(j * 977) % 600,
                    3 + (int64_t)(j * 13) % 9, rates[r]);
        rig_finish(&rig, rates[r], 0);
        struct pcm pcm;
        struct mix_facts facts;
        mix(&rig, &pcm, &facts);
        assert_int_equal(facts.silent_shots, 0);
        check_interior(&rig, &pcm);
        pcm_clear(&pcm);
    }
}

/* No gap over a millisecond, no step, no block that comes twice. */
static void a_tone_goes_through_cuts(void **state)
{
    static struct rig rig;
    AVRational rate = {25, 1};
    char path[256];
    struct recording recording =
        media_write_wav("t.wav", path, 48000 * 30, 2, media_tone);
    /* 977 frames of 40 ms are whole periods; a shift of the recorder by a
     * third of one makes each join one of two phases. */
    struct recording other = recording;
    struct recording shifted = recording;
    other.recorder = &shifted;
    other.has_offset = true;
    other.recorder_offset = FLICKS_PER_SECOND / 3000;
    for (size_t j = 0; j <= 40; j++)
        rig_add(&rig, j % 2 ? &other : &recording, (int64_t)(j * 97) % 600, 12,
                rate);
    rig_finish(&rig, rate, 0);
    struct pcm pcm;
    struct mix_facts facts;
    mix(&rig, &pcm, &facts);
    assert_int_equal(facts.recorder_shots, 20);
    for (int64_t n = 480; n + 480 < pcm.count; n += 12) {
        double power = 0.0;
        for (int64_t i = n; i < n + 48; i++) {
            power += pow(pcm.plane[0][i], 2.0);
            double step = fabs(pcm.plane[0][i + 1] - pcm.plane[0][i]);
            assert_true(step < 0.5 * 1.5 * 2.0 * M_PI * 1000.0 / 48000.0);
        }
        assert_true(sqrt(power / 48.0) > 0.1);
    }
    pcm_clear(&pcm);
}

static void what_just_goes_on_is_untouched(void **state)
{
    static struct rig rig;
    AVRational rate = {25, 1};
    char path[256];
    struct recording recording =
        media_write_wav("c.wav", path, 48000 * 10, 2, media_noise);
    rig_add(&rig, &recording, 10, 50, rate);
    rig_add(&rig, &recording, 60, 50, rate);
    rig_finish(&rig, rate, 0);
    struct pcm pcm;
    struct mix_facts facts;
    mix(&rig, &pcm, &facts);
    for (int64_t n = 480; n < pcm.count - 480; n++)
        assert_true(fabs(pcm.plane[1][n] - media_noise(19200 + n, 1)) < 1e-4);
    pcm_clear(&pcm);
}

static double ones(int64_t n, int channel)
{
    (void)n;
    (void)channel;
    return 0.5;
}

static void transitions_follow_the_pictures(void **state)
{
    static struct rig rig;
    AVRational rate = {25, 1};
    char path[256], other_path[256];
    struct recording a = media_write_wav("x.wav", path, 48000 * 20, 2, ones);
    struct recording b =
        media_write_wav("y.wav", other_path, 48000 * 20, 2, ones);
    int64_t second = FLICKS_PER_SECOND;
    rig_add(&rig, &a, 0, 100, rate);
    rig_add(&rig, &b, 0, 100, rate);
    rig_add(&rig, &a, 100, 100, rate);
    rig_span(&rig, 0, JOIN_FADE_OUT, 4 * second - second * 2 / 5, 4 * second);
    rig_span(&rig, 1, JOIN_FADE_IN, 0, second * 2 / 5);
    rig_span(&rig, 2, JOIN_DISSOLVE, 0, second);
    rig_finish(&rig, rate, 50);
    struct pcm pcm;
    struct mix_facts facts;
    mix(&rig, &pcm, &facts);
    const float *p = pcm.plane[0];
    assert_true(fabs(p[48000 * 3]) > 0.49);
    /* Halfway down is 3 dB down; the join itself is silence. */
    assert_true(fabs(p[48000 * 4 - 9600] - 0.5 * M_SQRT1_2) < 1e-3);
    assert_true(fabs(p[48000 * 4 - 1]) < 1e-3 && fabs(p[48000 * 4]) < 1e-3);
    assert_true(fabs(p[48000 * 4 + 9600] - 0.5 * M_SQRT1_2) < 1e-3);
    /* The dissolve: outgoing runs on; both at 3 dB down in its middle. */
    assert_true(fabs(p[48000 * 8 + 24000] - 0.5 * 2.0 * M_SQRT1_2) < 1e-3);
    assert_true(fabs(p[48000 * 9 + 10] - 0.5) < 1e-3);
    /* The card is silent, its edge faded. */
    assert_true(fabs(p[48000 * 12 - 1]) < 0.01);
    for (int64_t n = 48000 * 12; n < pcm.count; n++)
        assert_true(p[n] == 0.0F);
    pcm_clear(&pcm);

    /* `clean` has cuts in their place. */
    rig.timeline.transitions = false;
    mix(&rig, &pcm, &facts);
    assert_true(fabs(pcm.plane[0][48000 * 4 - 9600] - 0.5) < 1e-3);
    assert_true(fabs(pcm.plane[0][48000 * 8 + 24000] - 0.5) < 1e-3);
    pcm_clear(&pcm);
}

static double left_only(int64_t n, int channel)
{
    return channel ? 0.0 : media_noise(n, 0);
}

static void dead_channels_and_silent_shots(void **state)
{
    static struct rig rig;
    AVRational rate = {25, 1};
    char path[256];
    struct recording one =
        media_write_wav("l.wav", path, 48000 * 5, 2, left_only);
    struct recording mute = one;
    mute.sound.stream = -1;
    struct photo photo = {.file = "p.jpg"};
    rig_add(&rig, &one, 0, 50, rate);
    rig_add(&rig, &mute, 0, 50, rate);
    rig_add(&rig, NULL, 0, 50, rate);
    rig.shots[2].photo = &photo;
    rig_finish(&rig, rate, 0);
    struct pcm pcm;
    struct mix_facts facts;
    mix(&rig, &pcm, &facts);
    assert_int_equal(facts.silent_shots, 2);
    assert_int_equal(facts.one_sided_shots, 1);
    for (int64_t n = 1000; n < 90000; n += 11)
        assert_true(pcm.plane[1][n] == pcm.plane[0][n] &&
                    fabs(pcm.plane[1][n] - media_noise(n, 0)) < 1e-4);
    for (int64_t n = 96000; n < pcm.count; n++)
        assert_true(pcm.plane[0][n] == 0.0F);
    pcm_clear(&pcm);
}

static void short_sound_ends_in_silence(void **state)
{
    static struct rig rig;
    AVRational rate = {25, 1};
    char path[256];
    struct recording brief =
        media_write_wav("s.wav", path, 48000, 2, media_noise);
    rig_add(&rig, &brief, 0, 75, rate);
    rig_finish(&rig, rate, 0);
    struct pcm pcm;
    struct mix_facts facts;
    mix(&rig, &pcm, &facts);
    assert_true(fabs(pcm.plane[0][47000] - media_noise(47000, 0)) < 1e-4);
    for (int64_t n = 48000; n < pcm.count; n++)
        assert_true(pcm.plane[0][n] == 0.0F);
    pcm_clear(&pcm);
}

/* The recorder where it ran, the camera where it did not. */
static void the_recorder_is_heard(void **state)
{
    static struct rig rig;
    AVRational rate = {25, 1};
    char path[256], other_path[256];
    struct recording camera =
        media_write_wav("cam.wav", path, 48000 * 20, 2, ones);
    struct recording zoom =
        media_write_wav("zoom.wav", other_path, 48000 * 8, 1, media_noise);
    camera.recorder = &zoom;
    camera.has_offset = true;
    camera.recorder_offset = -2 * FLICKS_PER_SECOND;
    rig_add(&rig, &camera, 100, 50, rate);
    rig_add(&rig, &camera, 400, 50, rate);
    rig_finish(&rig, rate, 0);
    struct pcm pcm;
    struct mix_facts facts;
    mix(&rig, &pcm, &facts);
    assert_int_equal(facts.recorder_shots, 1);
    for (int64_t n = 1000; n < 90000; n += 11)
        assert_true(fabs(pcm.plane[0][n] - media_noise(96000 + n, 0)) < 1e-4);
    assert_true(fabs(pcm.plane[0][96000 + 48000] - 0.5) < 1e-3);
    pcm_clear(&pcm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_drift_over_500_cuts),
        cmocka_unit_test(a_tone_goes_through_cuts),
        cmocka_unit_test(what_just_goes_on_is_untouched),
        cmocka_unit_test(transitions_follow_the_pictures),
        cmocka_unit_test(dead_channels_and_silent_shots),
        cmocka_unit_test(short_sound_ends_in_silence),
        cmocka_unit_test(the_recorder_is_heard),
    };
    return cmocka_run_group_tests(tests, own_folder_make, own_folder_remove);
}
