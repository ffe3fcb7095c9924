/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds produce/disks.h: folders of one file system share its room, also those
 * that are still to be created. */
#include "produce/disks.h"

#include "base/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void folders_of_one_disk_share_its_room(void **state)
{
    struct scratch *scratch = *state;
    struct disks disks = {0};
    struct disk *disk = disks_find(&disks, scratch->folder);
    assert_true(disk->free_bytes > 0);
    disks_add(&disks, scratch_path(scratch, "not/there/yet"), 5);
    disks_add(&disks, scratch->folder, 7);
    assert_int_equal(disks.count, 1);
    assert_int_equal(disk->need_bytes, 12);
    assert_string_equal(disk->folder, scratch->folder);
    disks_add(&disks, "/proc/self", 3);
    assert_int_equal(disks.count, 2);
    assert_int_equal(disk->need_bytes, 12);
    disks_clear(&disks);
    assert_int_equal(disks.count, 0);
}

static void what_is_missing_is_what_can_not_be_freed(void **state)
{
    struct disk disk = {.free_bytes = 100, .need_bytes = 100};
    assert_int_equal(disk_missing(&disk), 0);
    disk.need_bytes = 150;
    assert_int_equal(disk_missing(&disk), 50);
    disk.spare_bytes = 30;
    assert_int_equal(disk_missing(&disk), 20);
    disk.free_bytes = -1;
    assert_int_equal(disk_missing(&disk), 0);
}

static void sizes_are_for_people(void **state)
{
    assert_string_equal(SIZE_TEXT(1), "1 MB");
    assert_string_equal(SIZE_TEXT(INT64_C(3) << 29), "1.5 GB");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, scratch_create, scratch_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(folders_of_one_disk_share_its_room),
        TEST(what_is_missing_is_what_can_not_be_freed),
        TEST(sizes_are_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
