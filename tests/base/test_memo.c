/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memo believes a stat only where that proves the bytes. */
#include "base/memo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/scratch.h"

static void set_age(const char *path, int64_t seconds)
{
    int64_t then = memo_now() / 1000000000 - seconds;
    struct timespec times[2] = {{.tv_sec = then}, {.tv_sec = then}};
    assert_int_equal(0, utimensat(AT_FDCWD, path, times, 0));
}

static char *write_file(struct scratch *scratch, const char *name,
                        const char *text)
{
    char *path = scratch_path(scratch, name);
    assert_int_equal(0, files_write(NULL, path, text, strlen(text)));
    return path;
}

/* Read so long after the file's own time; no clock of ours has a say. */
static void keep_after(struct memo *memo, const char *path, int64_t rest_ns,
                       const char *value)
{
    struct file_stamp stamp;
    assert_int_equal(0, files_stamp(path, &stamp));
    memo_keep(memo, "what", path, &stamp, stamp.mtime_ns + rest_ns, value);
}

static void keep(struct memo *memo, const char *path, const char *value)
{
    keep_after(memo, path, MEMO_SETTLE_NS + 1, value);
}

/* Another byte in the same length under the same mtime, once the file system's
 * clock, which can be as coarse as 10 ms, has gone on. */
static void change_behind_its_time(const char *path)
{
    struct stat before, after;
    assert_int_equal(0, stat(path, &before));
    struct timespec times[2] = {before.st_atim, before.st_mtim};
    do {
        int descriptor = open(path, O_WRONLY);
        assert_int_equal(1, write(descriptor, "9", 1));
        close(descriptor);
        assert_int_equal(0, utimensat(AT_FDCWD, path, times, 0));
        assert_int_equal(0, stat(path, &after));
    } while (after.st_ctim.tv_sec == before.st_ctim.tv_sec &&
             after.st_ctim.tv_nsec == before.st_ctim.tv_nsec);
}

static struct memo *reload(struct memo **memo, const char *file)
{
    assert_int_equal(0, memo_save(NULL, *memo));
    memo_destroy(memo);
    return *memo = memo_load(file);
}

static void test_keeps_over_runs(void **state)
{
    struct scratch *scratch = *state;
    char *file = scratch_path(scratch, "memo");
    char *path = write_file(scratch, "读书 会.mp4", "bytes");
    struct memo *memo = memo_load(file);
    assert_null(memo_find(memo, "what", path));
    set_age(path, 10);
    keep(memo, path, "{\"a\":1}");
    assert_string_equal(memo_find(memo, "what", path), "{\"a\":1}");
    reload(&memo, file);
    assert_string_equal(memo_find(memo, "what", path), "{\"a\":1}");
    assert_null(memo_find(memo, "other", path));
    memo_destroy(&memo);
    assert_null(memo);
    memo_destroy(&memo);
}

static void test_any_change_is_seen(void **state)
{
    struct scratch *scratch = *state;
    struct memo *memo = memo_load(scratch_path(scratch, "memo"));
    char *path = write_file(scratch, "a", "12345");
    set_age(path, 10);
    keep(memo, path, "old");
    assert_non_null(memo_find(memo, "what", path));
    /* Same length, same mtime: the ctime tells. */
    change_behind_its_time(path);
    assert_null(memo_find(memo, "what", path));
    /* Another file under the name. */
    keep(memo, path, "new");
    assert_string_equal(memo_find(memo, "what", path), "new");
    write_file(scratch, "a", "12345");
    set_age(path, 10);
    assert_null(memo_find(memo, "what", path));
    unlink(path);
    assert_null(memo_find(memo, "what", path));
    memo_destroy(&memo);
}

static void test_fresh_files_are_not_believed(void **state)
{
    struct scratch *scratch = *state;
    struct memo *memo = memo_load(scratch_path(scratch, "memo"));
    char *path = write_file(scratch, "a", "12345");
    keep_after(memo, path, MEMO_SETTLE_NS, "too early");
    assert_null(memo_find(memo, "what", path));
    /* Nor one from the future, by a server's clock. */
    keep_after(memo, path, INT64_C(-3600000000000), "too early");
    assert_null(memo_find(memo, "what", path));
    keep_after(memo, path, MEMO_SETTLE_NS + 1, "just right");
    assert_non_null(memo_find(memo, "what", path));
    write_file(scratch, "a", "54321");
    /* Nor one that changed while it was read. */
    struct file_stamp before;
    set_age(path, 10);
    assert_int_equal(0, files_stamp(path, &before));
    set_age(path, 8);
    memo_keep(memo, "what", path, &before, memo_now(), "torn");
    assert_null(memo_find(memo, "what", path));
    memo_destroy(&memo);
}

/* From a camera whose clock is a year ahead. */
static void test_files_of_tomorrow_are_believed(void **state)
{
    struct scratch *scratch = *state;
    struct memo *memo = memo_load(scratch_path(scratch, "memo"));
    char *path = write_file(scratch, "a", "1");
    set_age(path, -365 * 86400);
    struct file_stamp stamp;
    assert_int_equal(0, files_stamp(path, &stamp));
    memo_keep(memo, "what", path, &stamp, memo_now(), "one");
    assert_string_equal(memo_find(memo, "what", path), "one");
    assert_int_equal(0, files_write(NULL, path, "2", 1));
    assert_null(memo_find(memo, "what", path));
    memo_destroy(&memo);
}

static void test_placed_files_are_believed_at_once(void **state)
{
    struct scratch *scratch = *state;
    struct memo *memo = memo_load(scratch_path(scratch, "memo"));
    char *path = write_file(scratch, "a", "12345");
    char wrong[DIGEST_TEXT], found[DIGEST_TEXT];
    memset(wrong, 'a', DIGEST_TEXT - 1);
    wrong[DIGEST_TEXT - 1] = 0;
    /* A digest that can't have been read from the file shows where the answer
     * comes from. */
    memo_placed(memo, path, wrong);
    assert_int_equal(0, memo_digest(NULL, memo, path, found));
    assert_string_equal(found, wrong);
    write_file(scratch, "a", "54321");
    assert_int_equal(0, memo_digest(NULL, memo, path, found));
    assert_string_not_equal(found, wrong);
    memo_destroy(&memo);
}

static void test_without_a_memo(void **state)
{
    struct scratch *scratch = *state;
    char *path = write_file(scratch, "a", "12345");
    char found[DIGEST_TEXT], wanted[DIGEST_TEXT];
    assert_int_equal(0, digest_file(NULL, path, wanted));
    assert_int_equal(0, memo_digest(NULL, NULL, path, found));
    assert_string_equal(found, wanted);
    memo_placed(NULL, path, wanted);
    assert_null(memo_find(NULL, "what", path));
    assert_int_equal(0, memo_save(NULL, NULL));
}

static void test_a_damaged_memo_is_empty(void **state)
{
    struct scratch *scratch = *state;
    char *file = scratch_path(scratch, "memo");
    char *path = write_file(scratch, "a", "12345");
    struct buffer good = {0};
    struct memo *memo = memo_load(file);
    set_age(path, 10);
    keep(memo, path, "value");
    reload(&memo, file);
    memo_destroy(&memo);
    assert_int_equal(0, files_read(NULL, file, 1 << 20, &good));
    for (size_t i = 0; i < good.size; i++) {
        good.data[i] ^= 1;
        assert_int_equal(0, files_write(NULL, file, good.data, good.size));
        good.data[i] ^= 1;
        memo = memo_load(file);
        assert_null(memo_find(memo, "what", path));
        memo_destroy(&memo);
    }
    for (size_t size = 0; size < good.size; size += 7) {
        assert_int_equal(0, files_write(NULL, file, good.data, size));
        memo = memo_load(file);
        assert_null(memo_find(memo, "what", path));
        memo_destroy(&memo);
    }
    buffer_clear(&good);
}

static void test_gone_files_leave_the_memo(void **state)
{
    struct scratch *scratch = *state;
    char *file = scratch_path(scratch, "memo");
    char *a = write_file(scratch, "a", "1"), *b = write_file(scratch, "b", "2");
    struct memo *memo = memo_load(file);
    set_age(a, 10);
    set_age(b, 10);
    keep(memo, a, "first");
    keep(memo, b, "second");
    reload(&memo, file);
    int64_t size = files_size(file);
    unlink(a);
    keep(memo, b, "second");
    reload(&memo, file);
    assert_true(files_size(file) < size);
    assert_string_equal(memo_find(memo, "what", b), "second");
    memo_destroy(&memo);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, scratch_create, scratch_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_keeps_over_runs),
        TEST(test_any_change_is_seen),
        TEST(test_fresh_files_are_not_believed),
        TEST(test_files_of_tomorrow_are_believed),
        TEST(test_placed_files_are_believed_at_once),
        TEST(test_without_a_memo),
        TEST(test_a_damaged_memo_is_empty),
        TEST(test_gone_files_leave_the_memo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
