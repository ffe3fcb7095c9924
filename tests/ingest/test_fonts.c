/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which file and face a style's families become. What the machine lacks is
 * skipped; the house folder is filled from what it has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/files.h"
#include "ingest/fonts.h"

struct rig {
    struct arena *arena;
    struct faults faults;
    struct faces *faces;
    char folder[40];
};

static int rig_open(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    rig->arena = arena_create();
    rig->faults.arena = rig->arena;
    memcpy(rig->folder, "/tmp/reelpress-test-XXXXXX", 27);
    assert_non_null(mkdtemp(rig->folder));
    *state = rig;
    return 0;
}

static int rig_close(void **state)
{
    struct rig *rig = *state;
    files_remove_tree(NULL, rig->folder);
    faces_destroy(&rig->faces);
    arena_destroy(&rig->arena);
    free(rig);
    return 0;
}

/* Loads a style of one font; the face that has `character` or NULL. */
static const struct face_facts *rig_load(struct rig *rig,
                                         struct style_font *font,
                                         const char *house, uint32_t character)
{
    const struct style style = {
        .name = "test", .file = "test.yaml", .fonts = font, .font_count = 1};
    faces_destroy(&rig->faces);
    rig->faults.count = 0;
    assert_int_equal(fonts_load(NULL, &style, house, NULL, rig->arena,
                                &rig->faults, &rig->faces),
                     0);
    assert_non_null(rig->faces);
    return faces_count(rig->faces) ? faces_for(rig->faces, 0, character) : NULL;
}

static void test_simplified_by_name(void **state)
{
    struct rig *rig = *state;
    struct style_font font = {.family = "Noto Sans CJK SC"};
    const struct face_facts *face = rig_load(rig, &font, NULL, 0x8bfb);
    if (!face)
        skip();
    assert_int_equal(rig->faults.count, 0);
    assert_string_equal(face->family, "Noto Sans CJK SC");
    assert_false(face->bold);
    assert_non_null(strstr(face->file, "Regular"));
    /* The collection's first face is the Japanese one. */
    struct style_font japanese = {.family = "Noto Sans CJK JP"};
    const int chinese = face->index;
    face = rig_load(rig, &japanese, NULL, 0x8bfb);
    assert_non_null(face);
    assert_true(face->index != chinese);
    font.bold = true;
    face = rig_load(rig, &font, NULL, 0x8bfb);
    assert_true(face->bold);
    assert_non_null(strstr(face->file, "Bold"));
}

static void test_chain(void **state)
{
    struct rig *rig = *state;
    const char *fallbacks[] = {"Noto Sans CJK SC", "No Such Family"};
    struct style_font font = {
        .family = "DejaVu Sans", .fallbacks = fallbacks, .fallback_count = 2};
    const struct face_facts *face = rig_load(rig, &font, NULL, 'A');
    if (!face || faces_count(rig->faces) < 2)
        skip();
    assert_string_equal(face->family, "DejaVu Sans");
    assert_string_equal(faces_for(rig->faces, 0, 0x8bfb)->family,
                        "Noto Sans CJK SC");
    assert_int_equal(rig->faults.count, 1);
    assert_int_equal(rig->faults.list[0].kind, FAULT_WARNING);
    assert_non_null(strstr(rig->faults.list[0].message, "No Such Family"));
}

static void test_missing(void **state)
{
    struct rig *rig = *state;
    struct style_font font = {.family = "Noto Serif CJK XX"};
    assert_null(rig_load(rig, &font, NULL, 'A'));
    assert_int_equal(rig->faults.count, 1);
    assert_true(faults_block(&rig->faults));
    const char *message = rig->faults.list[0].message;
    assert_non_null(strstr(message, "Noto Serif CJK XX"));
    assert_non_null(strstr(message, "fonts-noto-cjk"));
    assert_non_null(strstr(message, "session.yaml"));
}

static void test_house_goes_first(void **state)
{
    struct rig *rig = *state;
    struct style_font font = {.family = "DejaVu Sans"};
    const struct face_facts *face = rig_load(rig, &font, NULL, 'A');
    if (!face)
        skip();
    char *copy = files_join(rig->arena, rig->folder, "house.ttf");
    assert_int_equal(files_copy(NULL, face->file, copy), 0);
    char digest[DIGEST_TEXT];
    memcpy(digest, face->digest, DIGEST_TEXT);
    face = rig_load(rig, &font, rig->folder, 'A');
    assert_non_null(face);
    assert_string_equal(face->file, copy);
    assert_string_equal(face->digest, digest);
    /* What the house lacks comes from the system; a folder that isn't there
     * is no trouble here. */
    assert_non_null(rig_load(rig, &font, "/nowhere/at/all", 'A'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_simplified_by_name, rig_open,
                                        rig_close),
        cmocka_unit_test_setup_teardown(test_chain, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_missing, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_house_goes_first, rig_open,
                                        rig_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
