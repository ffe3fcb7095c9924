/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Title styles: the shipped ones are whole, and what is wrong in one that
 * somebody wrote is told with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/files.h"
#include "subtitles/style.h"

static const char *const shipped[] = {"subtitles/styles"};
static const struct fault_place place = {"session.yaml", 12, 8, "style"};

static void test_shipped(void **state)
{
    static const char *const names[][2] = {
        {"formal", "庄重"}, {"clean", "简洁"}, {"lively", "活泼"}};
    for (size_t i = 0; i < 3; i++) {
        struct faults faults = {.arena = arena_create()};
        const struct style *style =
            style_load(names[i][0], shipped, 1, faults.arena, &faults, place);
        const struct style *alias =
            style_load(names[i][1], shipped, 1, faults.arena, &faults, place);
        assert_int_equal(faults.count, 0);
        assert_non_null(style);
        assert_string_equal(style->name, names[i][0]);
        assert_string_equal(style->alias, names[i][1]);
        assert_string_equal(alias->name, style->name);
        assert_true(style->font_count >= 2);
        for (int role = 0; role < ROLE_COUNT; role++) {
            assert_true(style->roles[role].size >= 32);
            assert_true(style->roles[role].font < style->font_count);
            assert_true(style->roles[role].line_height >= 1);
        }
        /* Never the collection's first, which is Japanese. */
        assert_non_null(strstr(style->fonts[0].family, " SC"));
        arena_destroy(&faults.arena);
    }
}

static void test_unknown(void **state)
{
    struct faults faults = {.arena = arena_create()};
    assert_null(style_load("formel", shipped, 1, faults.arena, &faults, place));
    assert_int_equal(faults.count, 1);
    assert_int_equal(faults.list[0].kind, FAULT_SESSION);
    assert_int_equal(faults.list[0].row, 12);
    assert_non_null(strstr(faults.list[0].message, "session.yaml:12: "));
    assert_non_null(strstr(faults.list[0].message, "\"formal\""));
    assert_non_null(strstr(faults.list[0].message, "lively (活泼)"));
    arena_destroy(&faults.arena);
}

static const struct style *read_own(const char *text, struct faults *faults)
{
    char folder[] = "/tmp/reelpress-style-XXXXXX";
    faults->arena = arena_create();
    assert_non_null(mkdtemp(folder));
    const char *path = files_join(faults->arena, folder, "own.yaml");
    const char *folders[] = {"/nowhere", folder, shipped[0]};
    assert_int_equal(files_write(NULL, path, text, strlen(text)), 0);
    const struct style *style =
        style_load("own", folders, 3, faults->arena, faults, place);
    assert_int_equal(files_remove_tree(NULL, folder), 0);
    return style;
}

static void test_own(void **state)
{
    struct faults faults = {0};
    const struct style *style =
        read_own("fonts:\n  a: {family: One}\n  b: {family: Two, bold: yes, "
                 "fallbacks: [Three, Four]}\naccent: \"#11223380\"\n"
                 "title_form: boxes\nroles:\n  title: {font: b, size: 99}\n",
                 &faults);
    assert_int_equal(faults.count, 0);
    assert_int_equal(style->font_count, 2);
    assert_true(style->fonts[1].bold);
    assert_int_equal(style->fonts[1].fallback_count, 2);
    assert_string_equal(style->fonts[1].fallbacks[1], "Four");
    assert_int_equal(style->accent, 0x11223380);
    assert_int_equal(style->title_form, TITLE_BOXES);
    assert_int_equal(style->roles[ROLE_TITLE].font, 1);
    assert_int_equal(style->roles[ROLE_TITLE].size, 99);
    assert_int_equal(style->roles[ROLE_CAPTION].font, 0);
    assert_true(style->roles[ROLE_CAPTION].size > 0);
    arena_destroy(&faults.arena);
}

static void test_faults(void **state)
{
    static const struct {
        const char *text, *words;
        int row;
    } cases[] = {
        {"alias: x\n", "no fonts", 0},
        {"fonts:\n  a: {bold: yes}\n", "names no family", 2},
        {"fonts:\n  a: {family: A}\nroles:\n  title: {font: b}\n",
         "no font \"b\"", 4},
        {"fonts:\n  a: {family: A}\nroles:\n  titel: {size: 9}\n",
         "did you mean \"title\"", 4},
        {"fonts:\n  a: {family: A}\naccents: \"#fff\"\n", "accent", 3},
        {"fonts:\n  a: {family: A}\nfade_in: soon\n", "", 3},
        {"fonts: [A]\nroles: 3\n", "", 1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct faults faults = {0};
        read_own(cases[i].text, &faults);
        assert_true(faults.count > 0);
        assert_int_equal(faults.list[0].kind, FAULT_SESSION);
        if (!strstr(faults.list[0].message, cases[i].words))
            fail_msg("%s", faults.list[0].message);
        if (cases[i].row)
            assert_int_equal(faults.list[0].row, cases[i].row);
        arena_destroy(&faults.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_own),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
