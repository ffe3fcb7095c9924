/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole of sound: from recordings to a chunk file whose decoded sound has
 * the loudness, the peak and the length that were asked for. */
#include "sound_media.h"

#include "collect.h"
#include "flow/chunk_file.h"
#include "sound/aac.h"
#include "sound/ducker.h"
#include "sound/loudness.h"
#include "sound/sound.h"

static const struct preset preset = {.name = "web-news",
                                     .audio_bit_rate_bps = 192000,
                                     .sample_rate = 48000,
                                     .loudness_lufs = -15.0,
                                     .true_peak_dbtp = -1.0};

/* One shot, from the begin of a recording (or a photo without one), and music
 * where a bed is given. */
static void make(const struct recording *recording, int64_t ticks,
                 const struct recording *bed, const char *path)
{
    AVRational rate = {25, 1};
    struct shot shot = {.recording = recording,
                        .out_flicks = clock_flicks(ticks, rate)};
    struct clip clip = {.id = "1", .shots = &shot, .shot_count = 1};
    int64_t shot_tick[2] = {0, ticks};
    struct timeline timeline = {.clip = &clip,
                                .rate = rate,
                                .shot_tick = shot_tick,
                                .ticks = ticks,
                                .samples = clock_samples(ticks, rate, 48000)};
    struct session session = {.music_bed = bed, .music_level_lu = -18.0};
    struct plan plan = {.session = &session};
    struct sound sound = {.clip = &clip,
                          .timeline = &timeline,
                          .preset = &preset,
                          .music = bed != NULL};
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    assert_int_equal(sound_make(&log, &plan, &sound, path), 0);
    assert_null(log.first_error);
    log_clear(&log);
}

static void hear(const struct aac *aac, int64_t samples, struct pcm *pcm)
{
    struct collected heard = {0};
    assert_int_equal(pcm_init(NULL, &heard.pcm, samples), 0);
    assert_int_equal(aac_decode(NULL, aac, samples, collect, &heard), 0);
    assert_int_equal(heard.at, samples);
    *pcm = heard.pcm;
}

/* The file read back and decoded. */
static struct chunk_file *read_back(const char *path, struct pcm *pcm,
                                    int64_t samples)
{
    struct chunk_file *file = NULL;
    assert_int_equal(chunk_file_load(NULL, path, &file), 0);
    assert_int_equal(file->parameters->codec_id, AV_CODEC_ID_AAC);
    assert_int_equal(file->parameters->initial_padding, 1024);
    assert_int_equal(file->packets[0]->pts, -1024);
    assert_int_equal(file->time_base.den, 48000);
    int64_t end = 0;
    for (size_t i = 0; i < file->count; i++)
        end = file->packets[i]->pts + file->packets[i]->duration;
    assert_true(end >= samples && end < samples + 1024);
    struct aac aac = {file->parameters, file->packets, file->count};
    hear(&aac, samples, pcm);
    assert_int_equal(
        json_integer_value(json_object_get(file->measures, "samples")),
        samples);
    return file;
}

static double measure_of(const struct chunk_file *file, const char *name)
{
    return json_number_value(json_object_get(file->measures, name));
}

static double quiet(int64_t n, int channel)
{
    return 0.1 * media_speech(n, channel);
}

static double loud(int64_t n, int channel)
{
    return av_clipd(2.5 * media_speech(n, channel), -1.0, 1.0);
}

static void any_speech_comes_out_at_the_target(void **state)
{
    static const struct {
        const char *name;
        int channels;
        int64_t ticks;
        double (*at)(int64_t, int);
    } kinds[] = {
        {"quiet.wav", 2, 250, quiet},       {"loud.wav", 2, 250, loud},
        {"mono.wav", 1, 250, media_speech}, {"short.wav", 2, 40, quiet},
        {"brief.wav", 2, 7, media_tone},
    };
    for (size_t k = 0; k < FF_ARRAY_ELEMS(kinds); k++) {
        char path[256], out[300];
        struct recording recording =
            media_write_wav(kinds[k].name, path, kinds[k].ticks * 1920,
                            kinds[k].channels, kinds[k].at);
        snprintf(out, sizeof(out), "%s.sound", path);
        make(&recording, kinds[k].ticks, NULL, out);
        struct pcm pcm;
        struct loudness heard;
        struct chunk_file *file = read_back(out, &pcm, kinds[k].ticks * 1920);
        assert_int_equal(loudness_measure(NULL, &pcm, &heard), 0);
        if (fabs(heard.lufs + 15.0) > 0.5 || heard.peak_dbtp > -1.0)
            fail_msg("%s: %f LUFS, %f dBTP", kinds[k].name, heard.lufs,
                     heard.peak_dbtp);
        assert_true(fabs(heard.lufs - measure_of(file, "loudness")) < 0.02);
        assert_true(json_is_true(json_object_get(file->measures, "reached")));
        chunk_file_destroy(&file);
        pcm_clear(&pcm);
    }
}

static void a_photo_is_silent_and_says_so(void **state)
{
    char out[256];
    snprintf(out, sizeof(out), "%s/p.sound", folder);
    make(NULL, 100, NULL, out);
    struct pcm pcm;
    struct chunk_file *file = read_back(out, &pcm, 192000);
    for (int64_t i = 0; i < pcm.count; i++)
        assert_true(pcm.plane[0][i] == 0.0F && pcm.plane[1][i] == 0.0F);
    assert_true(json_is_null(json_object_get(file->measures, "loudness")));
    assert_true(json_is_true(json_object_get(file->measures, "silent")));
    assert_true(measure_of(file, "silent_shots") == 1.0);
    chunk_file_destroy(&file);
    pcm_clear(&pcm);
}

static void music_is_the_programme_without_speech(void **state)
{
    char path[256], out[256];
    struct recording bed =
        media_write_wav("bed.wav", path, 48000 * 3, 2, media_tone);
    snprintf(out, sizeof(out), "%s/m.sound", folder);
    make(NULL, 250, &bed, out);
    struct pcm pcm;
    struct loudness heard;
    struct chunk_file *file = read_back(out, &pcm, 480000);
    assert_int_equal(loudness_measure(NULL, &pcm, &heard), 0);
    assert_true(fabs(heard.lufs + 15.0) <= 0.5);
    assert_true(json_is_true(json_object_get(file->measures, "music")));
    /* The bed of 3 s goes on to the end; the end is faded. */
    double power = 0.0;
    for (int64_t i = 384000; i < 386400; i++)
        power += pow(pcm.plane[0][i], 2.0);
    assert_true(power / 2400.0 > 1e-4);
    for (int64_t i = 479990; i < 480000; i++)
        assert_true(fabs(pcm.plane[0][i]) < 0.01);
    chunk_file_destroy(&file);
    pcm_clear(&pcm);
}

/* Power of the 1 kHz bed under speech and in the pause after it: 18 LU below
 * the speech and 9 more in the pause. */
static double speech_then_pause(int64_t n, int channel)
{
    if (n > 48000 * 8)
        return 0.0;
    double t = (double)n / 48000.0;
    return 0.3 * sin(2.0 * M_PI * 300.0 * t) * (fmod(t, 0.5) < 0.45);
}

static double power_at_1k(const struct pcm *pcm, int64_t from, int64_t count)
{
    double a = 0.0, b = 0.0;
    for (int64_t i = from; i < from + count; i++) {
        double w =
            0.5 - 0.5 * cos(2.0 * M_PI * (double)(i - from) / (double)count);
        a += w * pcm->plane[0][i] * cos(2.0 * M_PI * (double)i / 48.0);
        b += w * pcm->plane[0][i] * sin(2.0 * M_PI * (double)i / 48.0);
    }
    return 10.0 * log10((a * a + b * b) / ((double)count * (double)count));
}

static void music_makes_room_for_speech(void **state)
{
    char path[256];
    struct recording bed =
        media_write_wav("bed2.wav", path, 48000 * 20, 2, media_tone);
    struct pcm pcm;
    pcm_init(NULL, &pcm, 48000 * 16);
    for (int64_t i = 0; i < pcm.count; i++)
        pcm.plane[0][i] = pcm.plane[1][i] = (float)speech_then_pause(i, 0);
    bool used = false;
    assert_int_equal(ducker_add_bed(NULL, &pcm, &bed, -18.0, NULL, &used), 0);
    assert_true(used);
    double under = power_at_1k(&pcm, 48000 * 4, 48000);
    double pause = power_at_1k(&pcm, 48000 * 12, 48000);
    assert_true(fabs(pause - under - 9.0) < 0.5);
    /* Down before the speech begins, up only after its hold and release. */
    double just_after = power_at_1k(&pcm, 48000 * 8 + 2400, 9600);
    assert_true(just_after - under < 1.0);
    pcm_clear(&pcm);
}

static void the_same_bytes_twice(void **state)
{
    char path[256], one[300], two[300];
    struct recording recording =
        media_write_wav("twice.wav", path, 96000, 2, media_speech);
    snprintf(one, sizeof(one), "%s.1", path);
    snprintf(two, sizeof(two), "%s.2", path);
    make(&recording, 50, NULL, one);
    make(&recording, 50, NULL, two);
    char sums[2][DIGEST_TEXT];
    assert_int_equal(digest_file(NULL, one, sums[0]), 0);
    assert_int_equal(digest_file(NULL, two, sums[1]), 0);
    assert_string_equal(sums[0], sums[1]);
}

static void aac_comes_back_in_its_place(void **state)
{
    struct pcm pcm, heard;
    struct aac aac;
    assert_int_equal(pcm_init(NULL, &pcm, 48000 + 100), 0);
    for (int64_t i = 0; i < pcm.count; i++)
        pcm.plane[0][i] = pcm.plane[1][i] = (float)media_tone(i, 0);
    struct aac_encoder *encoder;
    assert_int_equal(aac_encoder_create(NULL, 192000, &aac, &encoder), 0);
    assert_int_equal(aac_encoder_take(encoder, &pcm), 0);
    assert_int_equal(aac_encoder_finish(encoder), 0);
    aac_encoder_destroy(&encoder);
    for (size_t i = 0; i < aac.count; i++)
        assert_null(memmem(aac.packets[i]->data, (size_t)aac.packets[i]->size,
                           "Lavc", 4));
    hear(&aac, pcm.count, &heard);
    for (int64_t i = 2048; i < pcm.count - 200; i++)
        assert_true(fabs(heard.plane[0][i] - pcm.plane[0][i]) < 0.05);
    aac_clear(&aac);
    pcm_clear(&heard);
    pcm_clear(&pcm);
}

static void nothing_is_left_of_a_failure(void **state)
{
    struct recording gone = media_recording("/nowhere/x.wav", 48000, 48000);
    struct shot shot = {.recording = &gone, .out_flicks = FLICKS_PER_SECOND};
    struct clip clip = {.id = "1", .shots = &shot, .shot_count = 1};
    int64_t shot_tick[2] = {0, 25};
    struct timeline timeline = {.clip = &clip,
                                .rate = {25, 1},
                                .shot_tick = shot_tick,
                                .ticks = 25,
                                .samples = 48000};
    struct session session = {0};
    struct plan plan = {.session = &session};
    struct sound sound = {
        .clip = &clip, .timeline = &timeline, .preset = &preset};
    char out[256];
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    snprintf(out, sizeof(out), "%s/gone.sound", folder);
    assert_true(sound_make(&log, &plan, &sound, out) < 0);
    assert_non_null(log.first_error);
    assert_int_equal(access(out, F_OK), -1);
    log_clear(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_speech_comes_out_at_the_target),
        cmocka_unit_test(a_photo_is_silent_and_says_so),
        cmocka_unit_test(music_is_the_programme_without_speech),
        cmocka_unit_test(music_makes_room_for_speech),
        cmocka_unit_test(the_same_bytes_twice),
        cmocka_unit_test(aac_comes_back_in_its_place),
        cmocka_unit_test(nothing_is_left_of_a_failure),
    };
    return cmocka_run_group_tests(tests, own_folder_make, own_folder_remove);
}
