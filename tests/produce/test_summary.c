/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary of several sessions: columns that stand under one another, also
 * with Chinese names, and lines that a terminal holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "produce/summary.h"

static const struct summary_row rows[] = {
    {"第67期",
     "s/第67期/out",
     NULL,
     {.made = 24, .reused = 3, .packages = 4, .elapsed_ms = 83400}},
    {"debate",
     "s/debate/out",
     NULL,
     {.made = 1,
      .failed = 12,
      .packages = 1,
      .incomplete = 2,
      .elapsed_ms = 3723000}},
    {"一个名字长得无论如何也放不进这张表里的活动", "s/x", "not made: …", {0}},
};

static void table(void **state)
{
    struct buffer text = {0};
    summary_print(rows, 3, &text);
    assert_string_equal(
        buffer_text(&text),
        "session                      made  as before  failed  packages     "
        "time  folder\n"
        "第67期                         24          3       0         4     "
        "1:23  s/第67期/out\n"
        "debate                          1          0      12    1 of 3  "
        "1:02:03  s/debate/out\n"
        "一个名字长得无论如何也放不…     –          –       –         –       "
        " "
        "–  not made: …\n");
    buffer_clear(&text);
}

/* However long names and folders are. */
static void width(void **state)
{
    struct summary_row row = rows[2];
    struct buffer text = {0};
    char folder[400];
    memset(folder, 'x', sizeof(folder));
    folder[sizeof(folder) - 1] = 0;
    row.trouble = NULL;
    row.out = folder;
    summary_print(&row, 1, &text);
    for (char *line = text.data, *end; (end = strchr(line, '\n'));
         line = end + 1) {
        *end = 0;
        assert_in_range(text_columns(line), 1, 100);
    }
    buffer_clear(&text);
}

static void json(void **state)
{
    json_t *event = summary_json(rows, 3);
    json_t *sessions = json_object_get(event, "sessions");
    assert_string_equal(json_string_value(json_object_get(event, "event")),
                        "summary");
    assert_int_equal(json_array_size(sessions), 3);
    json_t *second = json_array_get(sessions, 1);
    assert_int_equal(json_integer_value(json_object_get(second, "failed")), 12);
    assert_int_equal(json_integer_value(json_object_get(second, "elapsed_ms")),
                     3723000);
    assert_null(json_object_get(second, "trouble"));
    json_t *third = json_array_get(sessions, 2);
    assert_null(json_object_get(third, "out"));
    assert_non_null(json_object_get(third, "trouble"));
    json_decref(event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table),
        cmocka_unit_test(width),
        cmocka_unit_test(json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
