/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds produce/workforce.h: what is free by the kernel's files, as they are on
 * a bare machine, in a container and under a service's limit; and how many
 * workers that makes. */
#include "produce/workforce.h"

#include "base/scratch.h"
#include "sound/sound.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MB (INT64_C(1) << 20)

static void place(struct scratch *scratch, const char *name, const char *text)
{
    char *path = scratch_path(scratch, name);
    char *folder =
        arena_strndup(scratch->arena, path, (size_t)(files_name(path) - path));
    assert_int_equal(files_make_folders(NULL, folder), 0);
    assert_int_equal(files_write(NULL, path, text, strlen(text)), 0);
}

static void bare(void **state)
{
    struct scratch *scratch = *state;
    assert_int_equal(workforce_memory(scratch->folder), -1);
    place(scratch, "proc/meminfo",
          "MemTotal:        8000000 kB\nMemFree:          100000 kB\n"
          "MemAvailable:    4096000 kB\nBuffers: 1 kB\n");
    assert_int_equal(workforce_memory(scratch->folder), 4000 * MB);
    /* A kernel with groups and no limits; an old one's groups. */
    place(scratch, "proc/self/cgroup", "1:name=systemd:/x\n0::/user/a.scope\n");
    place(scratch, "sys/fs/cgroup/user/memory.max", "max\n");
    assert_int_equal(workforce_memory(scratch->folder), 4000 * MB);
    place(scratch, "proc/self/cgroup", "4:memory:/docker/abc\n");
    assert_int_equal(workforce_memory(scratch->folder), 4000 * MB);
}

static void limited(void **state)
{
    struct scratch *scratch = *state;
    place(scratch, "proc/meminfo", "MemAvailable:    4096000 kB\n");
    place(scratch, "proc/self/cgroup", "0::/user/a.scope\n");
    place(scratch, "sys/fs/cgroup/user/memory.max", "2097152000\n");
    place(scratch, "sys/fs/cgroup/user/memory.current", "1572864000\n");
    assert_int_equal(workforce_memory(scratch->folder), 500 * MB);
    /* Files that were read don't count. */
    place(scratch, "sys/fs/cgroup/user/memory.stat",
          "anon 5\nfile 9\ninactive_file 524288000\nactive_file 7\n");
    assert_int_equal(workforce_memory(scratch->folder), 1000 * MB);
    place(scratch, "sys/fs/cgroup/user/a.scope/memory.max", "104857600\n");
    assert_int_equal(workforce_memory(scratch->folder), 100 * MB);
    place(scratch, "sys/fs/cgroup/user/a.scope/memory.current", "999999999\n");
    assert_int_equal(workforce_memory(scratch->folder), 0);
}

/* A container sees its own group as the root. */
static void contained(void **state)
{
    struct scratch *scratch = *state;
    place(scratch, "proc/meminfo", "MemAvailable:    4096000 kB\n");
    place(scratch, "proc/self/cgroup", "0::/\n");
    place(scratch, "sys/fs/cgroup/memory.max", "1048576000\n");
    place(scratch, "sys/fs/cgroup/memory.current", "0\n");
    assert_int_equal(workforce_memory(scratch->folder), 1000 * MB);
}

static void own(void **state)
{
    int64_t available = workforce_memory("");
    assert_true(available > 16 * MB && available < (INT64_C(1) << 50));
}

/* --- jobs ------------------------------------------------------------------
 */

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

#define RUN(test)                                                              \
    cmocka_unit_test_setup_teardown(test, scratch_create, scratch_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN(bare), RUN(limited), RUN(contained),
        RUN(own),  RUN(jobs),    RUN(long_sounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
