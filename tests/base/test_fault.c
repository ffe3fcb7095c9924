/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/fault.h: places in front, order, what blocks what. */
#include "base/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"

static void places(void **state)
{
    struct arena *arena = arena_create();
    struct faults faults = {.arena = arena};
    char file[] = "list.csv", field[] = "end";
    fault_add(&faults, FAULT_ROW, (struct fault_place){file, 7, 3, field},
              "end %s lies before start", "0:40");
    memset(file, 'x', sizeof(file) - 1);
    memset(field, 'x', sizeof(field) - 1);
    fault_add(&faults, FAULT_WARNING, (struct fault_place){"a.yaml"}, "%%");
    fault_add(&faults, FAULT_SESSION, (struct fault_place){0}, "nothing");
    struct fault_place text = {"a.yaml", 2, 9, "key", .in_text = true};
    struct fault_place cell = {"list.csv", 7, 3, "end", .cell = "end (C7)"};
    fault_add(&faults, FAULT_SESSION, text, "in a text");
    fault_add(&faults, FAULT_ROW, cell, "in a cell");
    assert_int_equal(faults.count, 5);
    assert_string_equal(faults.list[3].message, "a.yaml:2:9: in a text");
    assert_string_equal(faults.list[4].message,
                        "list.csv:7: end (C7): in a cell");
    assert_string_equal(faults.list[0].message,
                        "list.csv:7: end 0:40 lies before start");
    assert_string_equal(faults.list[0].file, "list.csv");
    assert_string_equal(faults.list[0].field, "end");
    assert_int_equal(faults.list[0].row, 7);
    assert_int_equal(faults.list[0].column, 3);
    assert_string_equal(faults.list[1].message, "a.yaml: %");
    assert_string_equal(faults.list[2].message, "nothing");
    assert_null(faults.list[2].file);
    arena_destroy(&arena);
}

static void counting(void **state)
{
    struct arena *arena = arena_create();
    struct faults faults = {.arena = arena};
    assert_false(faults_block(&faults));
    assert_int_equal(faults_count(&faults, true), 0);
    fault_add(&faults, FAULT_WARNING, (struct fault_place){"l", 4}, "w");
    fault_add(&faults, FAULT_ROW, (struct fault_place){"l", 5}, "r");
    assert_false(faults_block(&faults));
    assert_int_equal(faults_count(&faults, true), 2);
    assert_int_equal(faults_count(&faults, false), 1);
    assert_false(faults_hit_row(&faults, "l", 4));
    assert_true(faults_hit_row(&faults, "l", 5));
    assert_false(faults_hit_row(&faults, "m", 5));
    fault_add(&faults, FAULT_SESSION, (struct fault_place){0}, "s");
    assert_true(faults_block(&faults));
    assert_int_equal(faults_count(&faults, false), 2);
    arena_destroy(&arena);
}

/* As a user goes through the files; equals stay in the order they came. */
static void sorting(void **state)
{
    static const struct fault_place found[] = {
        {"session.yaml", 9, 1}, {"list.csv", 7, 3}, {"session.yaml", 2, 5},
        {"list.csv", 4, 8},     {NULL, 0, 0},       {"list.csv", 7, 1},
        {"list.csv", 0, 0},     {"list.csv", 4, 8}, {"session.yaml", 2, 1},
        {NULL, 0, 0},
    };
    struct arena *arena = arena_create();
    struct faults faults = {.arena = arena};
    struct buffer order = {0};
    for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++)
        fault_add(&faults, FAULT_ROW, found[i], "%zu", i);
    faults_sort(&faults);
    for (size_t i = 0; i < faults.count; i++)
        buffer_printf(&order, "%s|", faults.list[i].message);
    assert_string_equal(buffer_text(&order),
                        "session.yaml:2: 8|session.yaml:2: 2|"
                        "session.yaml:9: 0|list.csv: 6|list.csv:4: 3|"
                        "list.csv:4: 7|list.csv:7: 5|list.csv:7: 1|4|9|");
    buffer_clear(&order);
    faults = (struct faults){.arena = arena};
    faults_sort(&faults);
    assert_int_equal(faults.count, 0);
    arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places),
        cmocka_unit_test(counting),
        cmocka_unit_test(sorting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
