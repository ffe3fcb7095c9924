/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds produce/workforce.h: what a worker needs, and how many that makes. */
#include "produce/workforce.h"

#include "sound/sound.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MB (INT64_C(1) << 20)

static void hear(void *opaque, enum log_level level, const char *message)
{
    *(int *)opaque += level == LOG_LEVEL_VERBOSE && strstr(message, "workers");
}

static void jobs(void **state)
{
    struct preset wide = {.width = 1920, .height = 1080};
    struct preset tall = {.width = 1080, .height = 1920};
    struct recording recording = {.picture = {.width = 1920, .height = 1080}};
    struct shot shot = {.recording = &recording};
    struct clip clip = {.shots = &shot, .shot_count = 1}, other = {0};
    struct rendition all[] = {
        {.clip = &clip, .preset = &wide, .wanted = true},
        {.clip = &clip, .preset = &tall, .wanted = true},
        {.clip = &clip, .preset = &wide, .wanted = true},
        {.clip = &clip, .preset = &wide, .wanted = false},
        {.clip = &other, .preset = &wide, .wanted = true},
    };
    struct rendition *renditions[] = {all, all + 1, all + 2, all + 3, all + 4};
    struct clip *clips[] = {&other, &clip};
    struct plan plan = {.clip_count = 2, .rendition_count = 5};
    memcpy(&plan.clips, &(void *){clips}, sizeof(plan.clips));
    memcpy(&plan.renditions, &(void *){renditions}, sizeof(plan.renditions));
    int told = 0;
    struct log log;
    log_init(&log, LOG_LEVEL_VERBOSE, hear, &told);

    /* Seen: 754 MB. */
    int64_t need = workforce_need(&plan);
    assert_in_range(need, 754 * MB * 3 / 4, 754 * MB * 5 / 4);
    assert_int_equal(workforce_jobs(&log, &plan, 8, 64000 * MB), 8);
    assert_int_equal(workforce_jobs(&log, &plan, 8, -1), 8);
    assert_int_equal(told, 0);
    assert_int_equal(workforce_jobs(&log, &plan, 8, 3 * need + 300 * MB), 3);
    assert_int_equal(told, 1);
    assert_int_equal(workforce_jobs(&log, &plan, 8, 100 * MB), 1);
    assert_int_equal(workforce_jobs(&log, &plan, 8, 0), 1);
    assert_int_equal(told, 3);
    assert_int_equal(workforce_jobs(&log, &plan, 1, 0), 1);
    assert_int_equal(told, 3);
}

/* Sound counts where it takes more than the pictures, and no more than ten
 * minutes of mix and bed, beside the packets of the whole. */
static void long_sounds(void **state)
{
    struct session session = {.music_bed = &(struct recording){0}};
    struct preset tiny = {
        .width = 64, .height = 64, .audio_bit_rate_bps = 192000};
    struct timeline timeline = {.samples = INT64_C(60) * 48000};
    struct sound sound = {.timeline = &timeline, .preset = &tiny};
    struct clip clip = {0};
    struct rendition rendition = {
        .clip = &clip, .preset = &tiny, .sound = &sound, .wanted = true};
    struct rendition *renditions[] = {&rendition};
    struct clip *clips[] = {&clip};
    struct plan plan = {
        .session = &session, .clip_count = 1, .rendition_count = 1};
    memcpy(&plan.clips, &(void *){clips}, sizeof(plan.clips));
    memcpy(&plan.renditions, &(void *){renditions}, sizeof(plan.renditions));
    int64_t least = workforce_need(&plan);
    timeline.samples *= 10;
    assert_in_range(workforce_need(&plan) - least, 190 * MB, 260 * MB);
    assert_int_equal(sound_scratch_bytes(&plan, &sound), 0);
    timeline.samples *= 6;
    int64_t hour = workforce_need(&plan) - least;
    assert_in_range(hour, 300 * MB, 500 * MB);
    assert_int_equal(sound_scratch_bytes(&plan, &sound),
                     INT64_C(3600) * 48000 * 8);
    sound.music = true;
    assert_in_range(workforce_need(&plan) - least - hour, 200 * MB, 240 * MB);
    assert_int_equal(sound_scratch_bytes(&plan, &sound),
                     INT64_C(3600) * 48000 * 16);
    rendition.wanted = false;
    assert_true(workforce_need(&plan) < least);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs),
        cmocka_unit_test(long_sounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
