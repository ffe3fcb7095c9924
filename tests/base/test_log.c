/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/log.h: levels, the first error, one line per message. */
#include "base/log.h"

#include "base/buffer.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void hear(void *opaque, enum log_level level, const char *message)
{
    buffer_printf(opaque, "%d:%s|", (int)level, message);
}

static void levels(void **state)
{
    static const char *const heard[] = {"", "1:e 1|", "1:e 1|2:w 2|",
                                        "1:e 1|2:w 2|3:i 3|",
                                        "1:e 1|2:w 2|3:i 3|4:v 4|"};
    for (int level = LOG_LEVEL_NONE; level <= LOG_LEVEL_VERBOSE; level++) {
        struct buffer out = {0};
        struct log log;
        log_init(&log, (enum log_level)level, hear, &out);
        assert_int_equal(log_fail(&log, AVERROR(EIO), "e %d", 1), AVERROR(EIO));
        log_warn(&log, "w %d", 2);
        log_info(&log, "i %d", 3);
        log_verbose(&log, "v %d", 4);
        assert_string_equal(buffer_text(&out), heard[level]);
        assert_string_equal(log.first_error, "e 1");
        log_clear(&log);
        buffer_clear(&out);
    }
}

static void first_error_stays(void **state)
{
    struct log log;
    log_init(&log, LOG_LEVEL_INFO, NULL, NULL);
    log_warn(&log, "no error");
    assert_null(log.first_error);
    log_fail(&log, AVERROR(EIO), "one");
    log_fail(&log, AVERROR(ENOENT), "two");
    assert_string_equal(log.first_error, "one");
    assert_int_equal(log.first_code, AVERROR(EIO));
    log_clear(&log);
    assert_null(log.first_error);
    assert_int_equal(log.first_code, 0);
}

static void nobody_listens(void **state)
{
    log_warn(NULL, "%s", "x");
    log_info(NULL, "%s", "x");
    log_verbose(NULL, "%s", "x");
    assert_int_equal(log_fail(NULL, AVERROR_EOF, "x"), AVERROR_EOF);
}

static void one_line(void **state)
{
    struct buffer out = {0};
    struct log log;
    log_init(&log, LOG_LEVEL_INFO, hear, &out);
    log_info(&log, "a\nb%s\r\n", "\tc");
    assert_string_equal(buffer_text(&out), "3:a b c|");
    log_fail(&log, AVERROR(EIO), "名\n字\n");
    assert_string_equal(log.first_error, "名 字");
    log_clear(&log);
    buffer_clear(&out);
}

static void reasons(void **state)
{
    assert_string_equal(LOG_REASON(AVERROR(ENOENT)),
                        "No such file or directory");
    assert_string_equal(LOG_REASON(AVERROR_EOF), "End of file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels),         cmocka_unit_test(first_error_stays),
        cmocka_unit_test(nobody_listens), cmocka_unit_test(one_line),
        cmocka_unit_test(reasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
