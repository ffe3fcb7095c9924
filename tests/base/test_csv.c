/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spreadsheet text as cells: quotes, row numbers and separators, as Excel, WPS
 * and people write them. */
#include "base/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"

/* Rows as text: "1:a|b 2:c|d", so that a case is one line. */
static void shown(const struct csv *csv, struct buffer *out)
{
    for (size_t i = 0; i < csv->count; i++) {
        buffer_printf(out, "%s%d:", i ? " / " : "", csv->rows[i].row);
        for (size_t k = 0; k < csv->rows[i].count; k++)
            buffer_printf(out, "%s%s", k ? "|" : "", csv->rows[i].cells[k]);
    }
}

static const struct {
    const char *text, *rows, *separator;
    int open_quote;
} cases[] = {
    {"", "", ",", 0},
    {"\n\n\n", "", ",", 0},
    {",,,\n", "", ",", 0},
    {"a,b\n1,2\n", "1:a|b / 2:1|2", ",", 0},
    {"a,b\n1,2", "1:a|b / 2:1|2", ",", 0},
    {"a,b\r\n1,2\r\n", "1:a|b / 2:1|2", ",", 0},
    {"a,b\r1,2\r", "1:a|b / 2:1|2", ",", 0},
    {"a,b\n\n1,2\n", "1:a|b / 3:1|2", ",", 0},
    {"\n\na,b\n", "3:a|b", ",", 0},
    {"a,b\n , \n1,2\n", "1:a|b / 3:1|2", ",", 0},
    {"a,b\n　,\n1,2\n", "1:a|b / 3:1|2", ",", 0},
    {"a;b\n1;2\n", "1:a|b / 2:1|2", ";", 0},
    {"a\tb\n1\t2\n", "1:a|b / 2:1|2", "\t", 0},
    {"a，b\n1，2\n", "1:a|b / 2:1|2", "，", 0},
    /* ，inside texts never divides when something else does. */
    {"a,b\n说，好,2\n", "1:a|b / 2:说，好|2", ",", 0},
    {"a\tb\n1,5\t2\n1,5\t3\n", "1:a|b / 2:1,5|2 / 3:1,5|3", "\t", 0},
    {"a;b\n1,5;2\n1,5;3\n", "1:a|b / 2:1,5|2 / 3:1,5|3", ";", 0},
    {"a,b,c\nx;y,2,3\nz;w,5,6\n", "1:a|b|c / 2:x;y|2|3 / 3:z;w|5|6", ",", 0},
    {"a\n1\n2\n", "1:a / 2:1 / 3:2", ",", 0},
    {"sep=;\na;b\n1;2\n", "1:a|b / 2:1|2", ";", 0},
    {"sep=,\r\na,b;c\r\n", "1:a|b;c", ",", 0},
    {"SEP=\t\na\tb\n", "1:a|b", "\t", 0},
    {"\"sep=;\"\na;b\n", "1:a|b", ";", 0},
    {"sep=;", "", ";", 0},
    {"separate,b\n1,2\n", "1:separate|b / 2:1|2", ",", 0},
    {"\"a\",\"b\"\n", "1:a|b", ",", 0},
    {"\"a,b\",c\n", "1:a,b|c", ",", 0},
    {"\"a\"\"b\",c\n", "1:a\"b|c", ",", 0},
    {"\"\"\"\",c\n", "1:\"|c", ",", 0},
    {"\"\",c\n", "1:|c", ",", 0},
    {"\"a\nb\",c\nd,e\n", "1:a\nb|c / 2:d|e", ",", 0},
    {"\"a\r\nb\",c\r\nd,e\r\n", "1:a\nb|c / 2:d|e", ",", 0},
    {"\"a\rb\",c\nd,e\n", "1:a\nb|c / 2:d|e", ",", 0},
    {"x,y\n\"a\n\nb\n\",c\nd,e\n", "1:x|y / 2:a\n\nb\n|c / 3:d|e", ",", 0},
    {"a, \"b,c\"\n", "1:a|b,c", ",", 0},
    {"a,b \"c\"\n", "1:a|b \"c\"", ",", 0},
    {"a,5\" disc\n", "1:a|5\" disc", ",", 0},
    {"\"a\"x,b\n", "1:ax|b", ",", 0},
    {"a,\n", "1:a|", ",", 0},
    {",a\n", "1:|a", ",", 0},
    {"x,y\n\"a,b\nc,d\n", "1:x|y / 2:a,b\nc,d\n", ",", 2},
    {"x,y\n\n\"a", "1:x|y / 3:a", ",", 3},
    {"清单,,\n,,\na,b,c\n1,2,3\n", "1:清单|| / 3:a|b|c / 4:1|2|3", ",", 0},
    {"a,b,c\n1\n1,2\n1,2,3,4\n", "1:a|b|c / 2:1 / 3:1|2 / 4:1|2|3|4", ",", 0},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_create();
        struct buffer rows = {0};
        struct csv csv;
        csv_parse(&csv, cases[i].text, strlen(cases[i].text), arena);
        shown(&csv, &rows);
        if (strcmp(buffer_text(&rows), cases[i].rows) != 0 ||
            strcmp(csv.separator, cases[i].separator) != 0 ||
            csv.open_quote_row != cases[i].open_quote)
            fail_msg("case %zu <%s>: <%s> by <%s>, open %d", i, cases[i].text,
                     buffer_text(&rows), csv.separator, csv.open_quote_row);
        buffer_clear(&rows);
        arena_destroy(&arena);
    }
}

static void test_zero_bytes(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct csv csv;
    csv_parse(&csv, "a\0b,c\n", 6, arena);
    assert_string_equal(csv.rows[0].cells[0], "a b");
    assert_string_equal(csv.rows[0].cells[1], "c");
    arena_destroy(&arena);
}

/* Every prefix of an ugly text is read without stepping out of it. */
static void test_prefixes(void **state)
{
    (void)state;
    static const char text[] = "sep=;\r\n\"a\"\"\r\n\";，\r\"x\"y;\"\"\n\"";
    for (size_t size = 0; size < sizeof(text); size++) {
        struct arena *arena = arena_create();
        char *copy = arena_strndup(arena, text, size);
        struct csv csv;
        csv_parse(&csv, copy, size, arena);
        assert_non_null(csv.separator);
        arena_destroy(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_zero_bytes),
        cmocka_unit_test(test_prefixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
