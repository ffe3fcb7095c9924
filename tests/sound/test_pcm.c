/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of sound: long ones lie in a file that has no name, parts are the same
 * memory. */
#include "sound_media.h"

#include "base/files.h"
#include "sound/pcm.h"

#define LONG (PCM_MEMORY_MOST + 1)

static size_t files_left(void)
{
    char **names;
    size_t count = 0;
    struct arena *arena = arena_create();
    assert_true(files_list(NULL, folder, arena, &names, &count) >= 0);
    arena_destroy(&arena);
    return count;
}

static void long_ones_leave_memory_alone(void **state)
{
    char path[256];
    struct pcm pcm;
    snprintf(path, sizeof(path), "%s/x.sound", folder);
    assert_int_equal(pcm_init_long(NULL, &pcm, PCM_MEMORY_MOST, path), 0);
    assert_int_equal(pcm.mapped, 0);
    pcm_clear(&pcm);
    assert_int_equal(pcm_init_long(NULL, &pcm, LONG, path), 0);
    assert_int_equal(pcm.mapped, (size_t)LONG * 2 * sizeof(float));
    assert_int_equal(files_left(), 0);
    /* Silent, and its planes don't touch. */
    assert_true(pcm.plane[0][LONG - 1] == 0.0F && pcm.plane[1][0] == 0.0F);
    pcm.plane[0][LONG - 1] = 1.0F;
    assert_true(pcm.plane[1][0] == 0.0F);
    pcm.plane[1][LONG - 1] = 0.5F;
    pcm_clear(&pcm);
    assert_null(pcm.plane[0]);
    assert_int_equal(pcm.count, 0);
}

/* Where no file can be had, memory has to do. */
static void no_folder_is_no_failure(void **state)
{
    struct pcm pcm;
    assert_int_equal(pcm_init_long(NULL, &pcm, LONG, "/nowhere/x"), 0);
    assert_int_equal(pcm.mapped, 0);
    assert_true(pcm.plane[1][LONG - 1] == 0.0F);
    pcm_clear(&pcm);
    assert_int_equal(pcm_init_long(NULL, &pcm, LONG, NULL), 0);
    pcm_clear(&pcm);
}

static void parts_are_the_same_memory(void **state)
{
    struct pcm pcm, copy;
    assert_int_equal(pcm_init(NULL, &pcm, 10), 0);
    for (int i = 0; i < 10; i++)
        pcm.plane[0][i] = pcm.plane[1][i] = (float)i;
    struct pcm part = pcm_part(&pcm, 4, 3);
    pcm_scale(&part, 10.0);
    assert_true(pcm.plane[0][3] == 3.0F && pcm.plane[1][4] == 40.0F);
    assert_true(pcm.plane[0][6] == 60.0F && pcm.plane[0][7] == 7.0F);
    assert_int_equal(pcm_init(NULL, &copy, 2), 0);
    pcm_read(&copy, &pcm, 6);
    assert_true(copy.plane[1][0] == 60.0F && copy.plane[1][1] == 7.0F);
    pcm_clear(&copy);
    pcm_clear(&pcm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_ones_leave_memory_alone),
        cmocka_unit_test(no_folder_is_no_failure),
        cmocka_unit_test(parts_are_the_same_memory),
    };
    return cmocka_run_group_tests(tests, own_folder_make, own_folder_remove);
}
