/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader: any range of any container lies where its stamps say. */
#include "sound_media.h"

#include "sound/reader.h"

static const char *path_of(const char *name, char out[256])
{
    snprintf(out, 256, "%s/%s", folder, name);
    return out;
}

static void read_range(const struct recording *recording, int64_t from_flicks,
                       int64_t count, struct pcm *out)
{
    struct sound_reader *reader = NULL;
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    assert_int_equal(sound_reader_create(&log, recording, &reader), 0);
    assert_int_equal(pcm_init(&log, out, count), 0);
    assert_int_equal(sound_reader_read(reader, &log, from_flicks, out), 0);
    sound_reader_destroy(&reader);
    assert_null(reader);
    log_clear(&log);
}

static int64_t flicks_of(int64_t samples)
{
    return clock_from_stamp(samples, (AVRational){1, 48000});
}

static void wav_is_exact(void **state)
{
    char path[256];
    struct media_request request = {.format = "wav",
                                    .codec = AV_CODEC_ID_PCM_S16LE,
                                    .rate = 48000,
                                    .channels = 2,
                                    .count = 48000 * 4,
                                    .at = media_noise};
    media_write(path_of("a.wav", path), &request);
    struct recording recording = media_recording(path, request.count, 48000);
    const int64_t froms[] = {0, 1, 4799, 48001, 96123, 190000};
    for (size_t k = 0; k < FF_ARRAY_ELEMS(froms); k++) {
        struct pcm pcm;
        read_range(&recording, flicks_of(froms[k]), 5000, &pcm);
        for (int64_t i = 0; i < 5000; i++) {
            for (int c = 0; c < 2; c++) {
                double wanted = froms[k] + i < request.count
                                    ? media_noise(froms[k] + i, c)
                                    : 0.0;
                assert_true(fabs(pcm.plane[c][i] - wanted) < 1e-4);
            }
        }
        pcm_clear(&pcm);
    }
}

static void before_the_begin_is_silence(void **state)
{
    char path[256];
    struct media_request request = {.format = "wav",
                                    .codec = AV_CODEC_ID_PCM_S16LE,
                                    .rate = 48000,
                                    .channels = 1,
                                    .count = 48000,
                                    .at = media_noise};
    media_write(path_of("m.wav", path), &request);
    struct recording recording = media_recording(path, request.count, 48000);
    struct pcm pcm;
    read_range(&recording, -flicks_of(1000), 2000, &pcm);
    for (int64_t i = 0; i < 2000; i++) {
        double wanted = i < 1000 ? 0.0 : media_noise(i - 1000, 0);
        /* Mono is on both, at its own level. */
        assert_true(fabs(pcm.plane[0][i] - wanted) < 1e-4);
        assert_true(pcm.plane[0][i] == pcm.plane[1][i]);
    }
    pcm_clear(&pcm);
}

static double tone_44(int64_t n, int channel)
{
    (void)channel;
    return 0.5 * sin(2.0 * M_PI * 1000.0 * (double)n / 44100.0);
}

static void other_rates_stay_in_phase(void **state)
{
    char path[256];
    struct media_request request = {.format = "wav",
                                    .codec = AV_CODEC_ID_PCM_S16LE,
                                    .rate = 44100,
                                    .channels = 2,
                                    .count = 44100 * 3,
                                    .at = tone_44};
    media_write(path_of("b.wav", path), &request);
    struct recording recording = media_recording(path, request.count, 44100);
    struct pcm pcm;
    int64_t from = 48000 + 17;
    read_range(&recording, flicks_of(from), 48000, &pcm);
    /* Half a sample is the grain: at 1 kHz that is 0.033 of the amplitude. */
    for (int64_t i = 0; i < 48000; i++)
        assert_true(fabs(pcm.plane[0][i] - media_tone(from + i, 0)) < 0.034);
    pcm_clear(&pcm);
}

static double click(int64_t n, int channel)
{
    (void)channel;
    return n % 24000 < 24 ? 0.8 : 0.0;
}

/* Where the loudest run of 24 samples begins in [from, to). */
static int64_t find_click(const struct pcm *pcm, int64_t from, int64_t to)
{
    int64_t best = -1;
    double most = 0.0;
    for (int64_t i = from; i + 24 < to; i++) {
        double sum = 0.0;
        for (int k = 0; k < 24; k++)
            sum += pcm->plane[0][i + k];
        if (sum > most) {
            most = sum;
            best = i;
        }
    }
    return best;
}

static void containers_agree(void **state)
{
    static const struct {
        const char *name, *format;
        int shift;     /* what the container does not tell of priming */
        int tolerance; /* samples: its stamps' grain */
    } kinds[] = {
        {"c.mp4", "mp4", 0, 1},
        {"c.mkv", "matroska", 1024, 60},
        {"c.ts", "mpegts", 1024, 20},
        {"c.aac", "adts", 1024, 1},
    };
    for (size_t k = 0; k < FF_ARRAY_ELEMS(kinds); k++) {
        char path[256];
        struct media_request request = {.format = kinds[k].format,
                                        .codec = AV_CODEC_ID_AAC,
                                        .rate = 48000,
                                        .channels = 2,
                                        .count = 48000 * 20,
                                        .at = click};
        media_write(path_of(kinds[k].name, path), &request);
        struct recording recording =
            media_recording(path, request.count, 48000);
        const int64_t froms[] = {0, 12000, 36000 + 333, 48000 * 15 + 7777};
        for (size_t f = 0; f < FF_ARRAY_ELEMS(froms); f++) {
            struct pcm pcm;
            read_range(&recording, flicks_of(froms[f]), 48000, &pcm);
            int64_t first = (froms[f] + 23999) / 24000 * 24000;
            if (first == 0)
                first = 24000;
            int64_t wanted = first - froms[f] + kinds[k].shift;
            int64_t found = find_click(&pcm, FFMAX(wanted - 4000, 0),
                                       FFMIN(wanted + 4000, 48000));
            if (llabs(found - wanted) > kinds[k].tolerance)
                fail_msg("%s from %lld: click at %lld, not %lld", kinds[k].name,
                         (long long)froms[f], (long long)found,
                         (long long)wanted);
            pcm_clear(&pcm);
        }
    }
}

static void gaps_are_silence(void **state)
{
    char path[256];
    struct media_request request = {.format = "matroska",
                                    .codec = AV_CODEC_ID_PCM_S16LE,
                                    .rate = 48000,
                                    .channels = 2,
                                    .count = 48000 * 2,
                                    .at = media_noise,
                                    .gap_at = 48000,
                                    .gap = 24000};
    media_write(path_of("g.mkv", path), &request);
    struct recording recording =
        media_recording(path, request.count + 24000, 48000);
    struct pcm pcm;
    read_range(&recording, 0, 48000 * 2 + 24000, &pcm);
    for (int64_t i = 48000 + 100; i < 72000 - 100; i++)
        assert_true(pcm.plane[0][i] == 0.0F);
    /* Stamps of Matroska are whole milliseconds; here they are exact. */
    for (int64_t i = 72000; i < 119000; i++)
        assert_true(fabs(pcm.plane[0][i] - media_noise(i - 24000, 0)) < 1e-4);
    pcm_clear(&pcm);
}

static double centre_only(int64_t n, int channel)
{
    return channel == 2 ? media_tone(n, 0) : 0.0;
}

static void surround_is_mixed_down(void **state)
{
    char path[256];
    struct media_request request = {.format = "wav",
                                    .codec = AV_CODEC_ID_PCM_S16LE,
                                    .rate = 48000,
                                    .channels = 6,
                                    .count = 48000,
                                    .at = centre_only};
    media_write(path_of("s.wav", path), &request);
    struct recording recording = media_recording(path, request.count, 48000);
    struct pcm pcm;
    read_range(&recording, 0, 48000, &pcm);
    double left = pcm_power(&pcm, 0), right = pcm_power(&pcm, 1);
    assert_true(left > 0.01 && fabs(left - right) < 1e-6);
    pcm_clear(&pcm);
}

static void hear_warning(void *opaque, enum log_level level,
                         const char *message)
{
    (void)message;
    *(int *)opaque += level == LOG_LEVEL_WARNING;
}

/* A seek into a program stream lands amid a packet of sound: that is no damage,
 * and nobody is alarmed. */
static void torn_packets_are_no_damage(void **state)
{
    (void)state;
    char path[256];
    struct media_request request = {.format = "mpeg",
                                    .codec = AV_CODEC_ID_MP2,
                                    .rate = 48000,
                                    .channels = 2,
                                    .count = 48000 * 20,
                                    .at = media_tone};
    media_write(path_of("p.mpg", path), &request);
    struct recording recording = media_recording(path, request.count, 48000);
    for (int i = 1; i < 19; i++) {
        struct sound_reader *reader = NULL;
        struct pcm pcm;
        struct log log;
        int warnings = 0;
        log_init(&log, LOG_LEVEL_WARNING, hear_warning, &warnings);
        assert_int_equal(sound_reader_create(&log, &recording, &reader), 0);
        assert_int_equal(pcm_init(&log, &pcm, 4800), 0);
        assert_int_equal(
            sound_reader_read(reader, &log, flicks_of(48000 * i), &pcm), 0);
        assert_int_equal(warnings, 0);
        assert_true(pcm_power(&pcm, 0) > 0.1);
        pcm_clear(&pcm);
        sound_reader_destroy(&reader);
        log_clear(&log);
    }
}

static void a_missing_file_is_told(void **state)
{
    struct recording recording = media_recording("/nowhere/x.wav", 1, 48000);
    struct sound_reader *reader = NULL;
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    assert_true(sound_reader_create(&log, &recording, &reader) < 0);
    assert_null(reader);
    assert_non_null(log.first_error);
    log_clear(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wav_is_exact),
        cmocka_unit_test(before_the_begin_is_silence),
        cmocka_unit_test(other_rates_stay_in_phase),
        cmocka_unit_test(containers_agree),
        cmocka_unit_test(gaps_are_silence),
        cmocka_unit_test(surround_is_mixed_down),
        cmocka_unit_test(torn_packets_are_no_damage),
        cmocka_unit_test(a_missing_file_is_told),
    };
    return cmocka_run_group_tests(tests, own_folder_make, own_folder_remove);
}
