/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of faces with what a script carries: which face a name means, who draws
 * what it lacks, and that what is measured by numbers is what the font itself
 * would give. Needs Noto Sans CJK SC. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "carried_set.h"
#include "script_fixture.h"
#include "subtitles/faces_parts.h"

static const struct face_facts *lead(const struct faces *faces,
                                     const char *name, int weight, bool italic)
{
    const struct face_wish wish = {name, strlen(name), weight, italic};
    return faces_lead(faces, faces_chain(faces, &wish, 1));
}

static void test_sets(void **state)
{
    struct fixture *fixture = *state;
    struct set set = {0}, twice = {0};
    set_add_made(&set, &(struct make_font){.family = "盒", .letters = "不忘"},
                 fixture->arena);
    const struct faces *faces = set_carry(&set, fixture->faces);
    assert_non_null(faces);
    assert_int_equal(faces_carried_count(faces), 1);
    assert_int_equal(faces_count(faces), faces_count(fixture->faces) + 1);
    assert_string_equal(faces_file(faces, 0)->digest, set.facts[0].digest);
    assert_string_equal(faces_file(faces, 1)->file,
                        faces_file(fixture->faces, 0)->file);
    assert_int_equal(strlen(faces_carried_id(faces)), 64);
    assert_string_equal(faces_carried_id(fixture->faces), "");
    assert_ptr_equal(faces_carried(fixture->faces, faces_carried_id(faces)),
                     faces);
    assert_null(faces_carried(fixture->faces, ""));
    /* The same fonts are the same set; a file that is gone is told. */
    assert_ptr_equal(set_carry(&set, fixture->faces), faces);
    set_add_made(&twice, &(struct make_font){.family = "匣", .letters = "不"},
                 fixture->arena);
    unlink(twice.paths[0]);
    assert_null(set_carry(&twice, fixture->faces));
    size_t size;
    void *bytes = faces_map(faces, 0, &size);
    assert_non_null(bytes);
    faces_unmap(bytes, size);
    set_clear(&set);
}

static void test_chains(void **state)
{
    struct fixture *fixture = *state;
    struct set set = {0};
    set_add_made(&set,
                 &(struct make_font){.family = "ABCDEF+盒", .letters = "不忘"},
                 fixture->arena);
    set_add_made(&set,
                 &(struct make_font){.family = "符号", .letters = "\uE001"},
                 fixture->arena);
    const struct faces *faces = set_carry(&set, fixture->faces);
    const struct face_wish wish = {"abcdef+盒", strlen("abcdef+盒"), 400};
    size_t font = faces_chain(faces, &wish, 1);
    assert_string_equal(faces_lead(faces, font)->family, "ABCDEF+盒");
    assert_true(faces_carry_name(faces, wish.family, wish.size));
    assert_false(faces_carry_name(fixture->faces, wish.family, wish.size));
    /* What it lacks comes from the style, else from another that is carried.
     */
    assert_string_equal(faces_for(faces, font, 0x4E0D)->family, "ABCDEF+盒");
    assert_string_equal(faces_for(faces, font, 0x521D)->family,
                        "Noto Sans CJK SC");
    assert_string_equal(faces_for(faces, font, 0xE001)->family, "符号");
    assert_string_equal(faces_for(faces, 1, 0xE001)->family, "符号");
    assert_string_equal(faces_for(faces, 1, 0x4E0D)->family,
                        "Noto Sans CJK SC");
    assert_int_equal(faces_missing(faces, 1, "不忘初心\uE001"), 0);
    /* Nobody else's text sees them. */
    assert_int_equal(faces_missing(fixture->faces, 1, "\uE001"), 0xE001);
    const struct face_wish other = {"Noto Sans CJK SC", 16, 700};
    assert_true(
        lead(faces, "Noto Sans CJK SC", 700, false) ==
        faces_lead(fixture->faces, faces_chain(fixture->faces, &other, 1)));
    set_clear(&set);
}

/* The nearest in weight and slant, the first of equals; a full name at once. */
static void test_weights(void **state)
{
    struct fixture *fixture = *state;
    struct set set = {0};
    static const struct {
        const char *full;
        int weight;
    } made[] = {{"体 细", 300}, {"体 粗", 700}, {"体 黑", 900}};
    for (size_t i = 0; i < 3; i++)
        set_add_made(&set,
                     &(struct make_font){.family = "体",
                                         .full = made[i].full,
                                         .weight = made[i].weight,
                                         .letters = "不"},
                     fixture->arena);
    set_add_made(
        &set,
        &(struct make_font){.family = "Noto Sans CJK SC", .letters = "不"},
        fixture->arena);
    const struct faces *faces = set_carry(&set, fixture->faces);
    const struct {
        const char *name;
        int weight;
        bool italic;
        size_t face;
    } cases[] = {
        {"体", 400, false, 0},
        {"体", 700, false, 1},
        {"体", 800, false, 1},
        {"体", 850, false, 2},
        {"体", 400, true, 0},
        {"体 黑", 400, false, 2},
        {"Noto Sans CJK SC", 400, false, 3},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(
            lead(faces, cases[i].name, cases[i].weight, cases[i].italic)
                ->digest,
            set.facts[cases[i].face].digest);
    /* A bold one of that family is the style's. */
    assert_string_equal(
        lead(faces, "Noto Sans CJK SC", 700, false)->file,
        lead(fixture->faces, "Noto Sans CJK SC", 700, false)->file);
    set_clear(&set);
}

/* The style's own face as numbers: lines come out as wide. */
static void test_measures(void **state)
{
    static const char *const lines[] = {
        "不忘初心，牢记使命。",       "AVATAR To. Wave",
        "2022年6月28日 “Type”—We’re", "效率 fi ——《书》…… e\u0301 x",
        "㛃𬱖𠮷〇·",
    };
    struct fixture *fixture = *state;
    struct set set = {0};
    struct buffer bytes = {0};
    const struct face_facts *own = faces_lead(fixture->faces, 1);
    assert_int_equal(files_read(NULL, own->file, 1 << 28, &bytes), 0);
    set_add(&set, bytes.data, bytes.size, own->index & 0xFFFF, fixture->arena);
    const struct faces *faces = set_carry(&set, fixture->faces);
    const struct face_wish wish = {own->family, strlen(own->family),
                                   own->bold ? 700 : 400};
    size_t font = faces_chain(faces, &wish, 1);
    assert_string_equal(faces_lead(faces, font)->file, set.paths[0]);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct face_line real, numbers;
        faces_measure(fixture->faces, 1, 100, 0, lines[i], &real);
        faces_measure(faces, font, 100, 0, lines[i], &numbers);
        assert_true(fabs(real.width - numbers.width) < 0.5);
        assert_true(fabs(real.ascent - numbers.ascent) < 0.01);
        assert_true(fabs(real.descent - numbers.descent) < 0.01);
        assert_true(fabs(real.ink_left - numbers.ink_left) < 1.5);
        assert_true(fabs(real.ink_right - numbers.ink_right) < 1.5);
        assert_true(fabs(real.ink_top - numbers.ink_top) < 3);
        assert_true(fabs(real.ink_bottom - numbers.ink_bottom) < 3);
    }
    buffer_clear(&bytes);
    set_clear(&set);
}

int main(void)
{
    static struct fixture fixture;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_sets, &fixture),
        cmocka_unit_test_prestate(test_chains, &fixture),
        cmocka_unit_test_prestate(test_weights, &fixture),
        cmocka_unit_test_prestate(test_measures, &fixture),
    };
    int ret = 0;
    if (fixture_open(&fixture, "clean"))
        ret = cmocka_run_group_tests(tests, NULL, NULL);
    else
        ret = fixture_skipped();
    fixture_close(&fixture);
    return ret;
}
