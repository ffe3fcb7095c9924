/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faces: chains, coverage, widths, the size that ASS must be told, and the
 * character map that libass is given. Needs Noto Sans CJK SC. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <math.h>

#include <ft2build.h>
#include FT_FREETYPE_H

#include "base/text.h"
#include "script_fixture.h"
#include "subtitles/faces_parts.h"

#define ASSERT_NEAR(a, b, by) assert_true(fabs((a) - (b)) <= (by))

static void test_coverage(void **state)
{
    const struct fixture *fixture = *state;
    const struct faces *faces = fixture->faces;
    assert_int_equal(
        faces_missing(faces, 0, "同志们：㛃𬱖𠮷〇·，Hello 123\n"),
        0);
    assert_int_equal(faces_missing(faces, 0, "e\u0301\u200d\ufe0f\ufeff"), 0);
    assert_int_equal(faces_missing(faces, 0, "大\U0010FFFD家"), 0x10FFFD);
    assert_int_equal(faces_missing(faces, 99, "大"), 0x5927);
    assert_string_equal(faces_for(faces, 0, 0x5927)->family,
                        "Noto Sans CJK SC");
    assert_null(faces_for(faces, 0, 0x10FFFD));
    assert_null(faces_for(faces, 99, 'a'));
}

static void test_files(void **state)
{
    const struct fixture *fixture = *state;
    const struct faces *faces = fixture->faces;
    size_t count = faces_count(faces), size = 0;
    assert_true(count >= 2);
    for (size_t i = 0; i < count; i++) {
        void *bytes = faces_map(faces, i, &size);
        assert_non_null(bytes);
        assert_true(size > 1000);
        faces_unmap(bytes, size);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(faces_file(faces, i)->file,
                                    faces_file(faces, k)->file);
    }
    assert_null(faces_file(faces, count));
    assert_null(faces_map(faces, count, &size));
}

static void test_widths(void **state)
{
    const struct fixture *fixture = *state;
    const struct faces *faces = fixture->faces;
    struct face_line line;
    ASSERT_NEAR(faces_width(faces, 0, 64, 0, "同志们"), 192, 0.01);
    ASSERT_NEAR(faces_width(faces, 0, 64, 5, "同志们"), 207, 0.01);
    ASSERT_NEAR(faces_width(faces, 0, 64, 0, ""), 0, 0);
    ASSERT_NEAR(faces_width(faces, 99, 64, 0, "同"), 0, 0);
    /* Kerning pulls these together. */
    assert_true(faces_width(faces, 0, 100, 0, "AV") <
                faces_width(faces, 0, 100, 0, "A") +
                    faces_width(faces, 0, 100, 0, "V"));
    faces_measure(faces, 0, 100, 0, "一", &line);
    ASSERT_NEAR(line.ascent, 116, 0.5); /* the OS/2 window of Noto CJK */
    ASSERT_NEAR(line.descent, 28.8, 0.5);
    assert_true(line.ink_left > 0 && line.ink_right < 100);
    assert_true(line.ink_top > -60 && line.ink_bottom < -20);
    faces_measure(faces, 0, 100, 0, "g", &line);
    assert_true(line.ink_bottom > 5);
    faces_measure(faces, 0, 100, 0, " ", &line);
    assert_true(line.width > 0 && line.ink_right == 0);
}

static void test_positions(void **state)
{
    const struct fixture *fixture = *state;
    const struct faces *faces = fixture->faces;
    static const char *const texts[] = {
        "同志们，AVATAR fi 123。",
        "e\u0301大\U0001F600\u200d家",
        "مرحبا大",
        "\xFF\xFE大",
        "",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        double positions[64];
        size_t count = text_count(texts[i]);
        memset(positions, 0xFF, sizeof(positions));
        faces_positions(faces, 0, 64, 3, texts[i], positions);
        for (size_t k = 0; k < count; k++)
            assert_true(positions[k] <= positions[k + 1]);
        ASSERT_NEAR(positions[count], faces_width(faces, 0, 64, 3, texts[i]),
                    0.01);
        assert_true(isnan(positions[count + 1])); /* not one more */
    }
}

static void test_runs(void **state)
{
    const struct fixture *fixture = *state;
    const struct face_facts *facts = NULL;
    const char *text = "大家\U0001F600\ufe0f好";
    if (!faces_for(fixture->faces, 0, 0x1F600)) {
        skip();
        return;
    }
    size_t size = faces_run(fixture->faces, 0, text, &facts);
    assert_int_equal(size, strlen("大家"));
    assert_string_equal(facts->family, "Noto Sans CJK SC");
    text += size;
    size = faces_run(fixture->faces, 0, text, &facts);
    assert_int_equal(size, strlen("\U0001F600\ufe0f"));
    assert_string_not_equal(facts->family, "Noto Sans CJK SC");
    text += size;
    assert_int_equal(faces_run(fixture->faces, 0, text, &facts), 3);
    assert_int_equal(faces_run(fixture->faces, 0, "", &facts), 0);
}

static void test_ass_size(void **state)
{
    const struct fixture *fixture = *state;
    const struct face_facts *facts = faces_for(fixture->faces, 0, 0x4E00);
    ASSERT_NEAR(faces_ass_size(facts, fixture->faces, 64), 64 * 1.448, 0.01);
}

/* libass takes the first map of Microsoft's: it must know all characters. */
static void test_character_map(void **state)
{
    const struct fixture *fixture = *state;
    FT_Library library;
    assert_int_equal(FT_Init_FreeType(&library), 0);
    for (size_t i = 0; i < faces_count(fixture->faces); i++) {
        const struct face_facts *facts = faces_file(fixture->faces, i);
        size_t size;
        void *bytes = faces_map(fixture->faces, i, &size);
        FT_Face face;
        assert_int_equal(
            FT_New_Memory_Face(library, bytes, (FT_Long)size, 0, &face), 0);
        /* Of a collection only what the style names is left. */
        assert_string_equal(face->family_name, facts->family);
        assert_int_equal(face->num_faces, 1);
        for (int k = 0; k < face->num_charmaps; k++) {
            FT_CharMap map = face->charmaps[k];
            if (map->platform_id != 3 || map->encoding_id == 0)
                continue;
            assert_int_equal(FT_Set_Charmap(face, map), 0);
            break;
        }
        bool cjk = strstr(facts->family, "CJK") != NULL;
        assert_int_not_equal(FT_Get_Char_Index(face, cjk ? 0x20BB7 : 0x1F600),
                             0);
        FT_Done_Face(face);
        faces_unmap(bytes, size);
    }
    FT_Done_FreeType(library);
}

/* Damaged tables are left as they are, and nothing is read outside. */
static void test_damaged_maps(void **state)
{
    const struct fixture *fixture = *state;
    size_t size;
    uint8_t *bytes = faces_map(fixture->faces, 0, &size);
    uint32_t random = 9;
    for (int round = 0; round < 3000; round++) {
        size_t used = (size_t)round % 700;
        uint8_t *copy = malloc(used + 1);
        memcpy(copy, bytes, used);
        for (int k = 0; k < 8 && used; k++) {
            random = random * 1664525 + 1013904223;
            copy[(random >> 8) % used] = (uint8_t)(random >> 24);
        }
        uint8_t *exact = realloc(copy, used ? used : 1);
        int chosen[] = {(int)(random >> 20 & 15), (int)(random >> 16 & 31)};
        faces_trim_collection(exact, used, chosen, 2);
        faces_widen_cmap(exact, used);
        free(exact);
    }
    faces_unmap(bytes, size);
}

static void test_collections(void **state)
{
    uint8_t want[] = "ttcf\0\1\0\0\0\0\0\2\0\0\0B\0\0\0D\0\0\0C\0\0\0D";
    uint8_t all[] = "ttcf\0\1\0\0\0\0\0\4\0\0\0A\0\0\0B\0\0\0C\0\0\0D";
    uint8_t copy[sizeof(all)];
    memcpy(copy, all, sizeof(all));
    faces_trim_collection(copy, sizeof(copy) - 1, (int[]){1, 3}, 2);
    assert_memory_equal(copy, want, sizeof(want));
    /* What is not there is not guessed: all stay. */
    memcpy(copy, all, sizeof(all));
    faces_trim_collection(copy, sizeof(copy) - 1, (int[]){1, 4}, 2);
    assert_memory_equal(copy, all, sizeof(all));
    faces_trim_collection(copy, sizeof(copy) - 2, (int[]){1, 3}, 2);
    assert_memory_equal(copy, all, sizeof(all));
    copy[3] = 'g';
    faces_trim_collection(copy, sizeof(copy) - 1, (int[]){1, 3}, 2);
    assert_int_equal(copy[11], 4);
}

static void test_refused(void **state)
{
    const struct fixture *fixture = *state;
    struct faces *faces = faces_create();
    struct log log;
    log_init(&log, LOG_LEVEL_NONE, NULL, NULL);
    struct face_facts facts = {.family = "X", .file = "/nowhere/x.ttf"};
    assert_true(faces_add(&log, faces, 0, &facts) < 0);
    assert_non_null(strstr(log.first_error, "/nowhere/x.ttf"));
    log_clear(&log);
    facts.file = "CMakeLists.txt";
    assert_true(faces_add(&log, faces, 0, &facts) < 0);
    assert_non_null(log.first_error);
    log_clear(&log);
    faces_destroy(&faces);
    assert_null(faces);
    faces_destroy(&faces);

    assert_non_null(faces_suggest(fixture->faces, 0x4E00, fixture->arena));
    assert_null(faces_suggest(fixture->faces, 0x10FFFD, fixture->arena));
}

int main(void)
{
    struct fixture fixture = {0};
    if (!fixture_open(&fixture, "clean")) {
        fixture_close(&fixture);
        return fixture_skipped();
    }
    struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_coverage, &fixture),
        cmocka_unit_test_prestate(test_files, &fixture),
        cmocka_unit_test_prestate(test_widths, &fixture),
        cmocka_unit_test_prestate(test_positions, &fixture),
        cmocka_unit_test_prestate(test_runs, &fixture),
        cmocka_unit_test_prestate(test_ass_size, &fixture),
        cmocka_unit_test_prestate(test_character_map, &fixture),
        cmocka_unit_test_prestate(test_damaged_maps, &fixture),
        cmocka_unit_test(test_collections),
        cmocka_unit_test_prestate(test_refused, &fixture),
    };
    int ret = cmocka_run_group_tests(tests, NULL, NULL);
    fixture_close(&fixture);
    return ret;
}
