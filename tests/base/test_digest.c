/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/digest.h against FIPS 180-4's own examples. */
#include "base/digest.h"

#include "scratch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define SUM_ABC                                                                \
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define SUM_EMPTY                                                              \
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define SUM_MILLION                                                            \
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static void known_sums(void **state)
{
    uint8_t sum[DIGEST_BYTES];
    char text[DIGEST_TEXT];
    digest_of("abc", 3, sum);
    digest_text(sum, text);
    assert_string_equal(text, SUM_ABC);
    digest_of(NULL, 0, sum);
    digest_text(sum, text);
    assert_string_equal(text, SUM_EMPTY);
    struct digest *digest = digest_create();
    for (int i = 0; i < 100000; i++)
        digest_add(digest, "aaaaaaaaaa", 10);
    digest_finish_text(digest, text);
    assert_string_equal(text, SUM_MILLION);
    digest_destroy(&digest);
    assert_null(digest);
    digest_destroy(&digest);
}

static void fields_sum(const char *a, const char *b, char out[DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    digest_field_text(digest, a);
    digest_field_text(digest, b);
    digest_finish_text(digest, out);
    digest_destroy(&digest);
}

static void fields_do_not_run_together(void **state)
{
    char one[DIGEST_TEXT], other[DIGEST_TEXT];
    fields_sum("ab", "c", one);
    fields_sum("a", "bc", other);
    assert_string_not_equal(one, other);
    fields_sum(NULL, "x", one);
    fields_sum("", "x", other);
    assert_string_equal(one, other);
}

/* Keys are compared between machines: the layout is part of the contract. */
static void layout(void **state)
{
    static const uint8_t bytes[] = {
        2, 0, 0, 0, 0, 0,    0,    0,   'a', 'b', 8,   0,   0,
        0, 0, 0, 0, 0, 0xfe, 0xff, 255, 255, 255, 255, 255, 255};
    uint8_t one[DIGEST_BYTES], other[DIGEST_BYTES];
    digest_of(bytes, sizeof(bytes), one);
    struct digest *digest = digest_create();
    digest_field(digest, "ab", 2);
    digest_field_int(digest, -2);
    digest_finish(digest, other);
    digest_destroy(&digest);
    assert_memory_equal(one, other, DIGEST_BYTES);
}

static void files(void **state)
{
    struct scratch *scratch = *state;
    const char *path = scratch_path(scratch, "a");
    char text[DIGEST_TEXT];
    struct buffer bytes = {0};
    for (int i = 0; i < 100000; i++)
        buffer_puts(&bytes, "aaaaaaaaaa");
    assert_int_equal(files_write(NULL, path, bytes.data, bytes.size), 0);
    buffer_clear(&bytes);
    assert_int_equal(digest_file(NULL, path, text), 0);
    assert_string_equal(text, SUM_MILLION);
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    const char *none = scratch_path(scratch, "none");
    assert_int_equal(digest_file(&log, none, text), AVERROR(ENOENT));
    assert_non_null(strstr(log.first_error, none));
    log_clear(&log);
    assert_true(digest_file(NULL, scratch->folder, text) < 0);
    const char *pipe = scratch_path(scratch, "pipe");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(digest_file(NULL, pipe, text), AVERROR(EINVAL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_sums),
        cmocka_unit_test(fields_do_not_run_together),
        cmocka_unit_test(layout),
        cmocka_unit_test_setup_teardown(files, scratch_create, scratch_destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
