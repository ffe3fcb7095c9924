/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fonts inside scripts: what is taken out of the text, and that the bytes come
 * back as they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "make_font.h"
#include "subtitles/carried.h"
#include "subtitles/cues.h"

static const char head[] = "[Script Info]\r\nPlayResX: 640\r\n\r\n[fonts]\r\n";
static const char tail[] = "\r\n[Events]\r\nFormat: Layer, Start, End, Text\r\n"
                           "Dialogue: 0,0:00:01.00,0:00:02.00,词\r\n";

struct taken {
    struct buffer names, bytes;
    size_t sizes[8];
    size_t count;
    int ret; /* of the first */
};

static int take(void *opaque, const char *name, const void *bytes, size_t size)
{
    struct taken *taken = opaque;
    buffer_printf(&taken->names, "%s|", name);
    if (bytes)
        buffer_append(&taken->bytes, bytes, size);
    taken->sizes[taken->count++] = bytes ? size : SIZE_MAX;
    return taken->ret;
}

static void taken_clear(struct taken *taken)
{
    buffer_clear(&taken->names);
    buffer_clear(&taken->bytes);
}

static char *script_of(const char *fonts)
{
    struct buffer out = {0};
    buffer_printf(&out, "%s%s%s", head, fonts, tail);
    return out.data;
}

/* Every size of the last group, and bytes that look like headings. */
static void test_bytes_come_back(void **state)
{
    for (size_t size = 1; size < 200; size += size < 8 ? 1 : 61) {
        unsigned char bytes[200];
        struct buffer fonts = {0};
        struct taken taken = {0};
        for (size_t i = 0; i < size; i++)
            bytes[i] = (unsigned char)(i * 37 + size);
        put_carried("a b.ttf", (const char *)bytes, size, &fonts);
        put_carried("第二.otf", (const char *)bytes, 1, &fonts);
        char *script = script_of(fonts.data);
        assert_int_equal(carried_read(script, take, &taken), 0);
        assert_int_equal(taken.count, 2);
        assert_string_equal(taken.names.data, "a b.ttf|第二.otf|");
        assert_int_equal(taken.sizes[0], size);
        assert_int_equal(taken.sizes[1], 1);
        assert_memory_equal(taken.bytes.data, bytes, size);
        taken_clear(&taken);
        buffer_clear(&fonts);
        free(script);
    }
}

/* Data may begin with a bracket, and even close with one. */
static void test_data_is_no_heading(void **state)
{
    struct taken taken = {0};
    char *script = script_of("fontname: x.ttf\n[!!!\n[!!]\n[Events]\nAAAA\n");
    assert_int_equal(carried_read(script, take, &taken), 0);
    assert_int_equal(taken.count, 1);
    assert_int_equal(taken.sizes[0], 6);
    taken_clear(&taken);
    free(script);
}

static void test_odd_ones(void **state)
{
    static const struct {
        const char *fonts;
        size_t count, size; /* of the last */
    } cases[] = {
        {"", 0, 0},
        {"AAAA\n", 0, 0}, /* without a name */
        {"fontname:\n", 1, 0},
        {"fontname: a\nAAAA", 1, 3},
        {"fontname: a\nAAAAA\n", 1, 3},  /* one left over */
        {"fontname: a\nAA\nAA\n", 1, 3}, /* lines of any length */
        {"fontname: a\nAAAA\nlower\nAAAA\n", 1, 6},
        {"fontname: a\n\n\n  AAAA  \n\n", 1, 3},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct taken taken = {0};
        char *script = script_of(cases[i].fonts);
        assert_int_equal(carried_read(script, take, &taken), 0);
        assert_int_equal(taken.count, cases[i].count);
        if (taken.count)
            assert_int_equal(taken.sizes[taken.count - 1], cases[i].size);
        taken_clear(&taken);
        free(script);
    }
    struct taken stopped = {.ret = -5};
    char *two = script_of("fontname: a\nAAAA\nfontname: b\nAAAA\n");
    assert_int_equal(carried_read(two, take, &stopped), -5);
    assert_int_equal(stopped.count, 1);
    taken_clear(&stopped);
    free(two);
}

static void test_too_large(void **state)
{
    struct buffer fonts = {0};
    struct taken taken = {0};
    buffer_puts(&fonts, "fontname: huge.ttf\n");
    static char line[1 << 20];
    memset(line, 'A', sizeof(line) - 1);
    line[sizeof(line) - 1] = '\n';
    for (size_t size = 0; size < CARRIED_BYTES_MOST / 3 * 4;
         size += sizeof(line) - 1)
        buffer_append(&fonts, line, sizeof(line));
    buffer_puts(&fonts, "fontname: small.ttf\nAAAA\n");
    char *script = script_of(fonts.data);
    assert_int_equal(carried_read(script, take, &taken), 0);
    assert_int_equal(taken.count, 2);
    assert_true(taken.sizes[0] == SIZE_MAX);
    assert_int_equal(taken.sizes[1], 3);
    taken_clear(&taken);
    buffer_clear(&fonts);
    free(script);
}

static void test_strip(void **state)
{
    struct buffer out = {0};
    bool fonts = true;
    const char *bare = "[Script Info]\n\n[Events]\nDialogue: [Fonts]\n";
    assert_false(carried_strip(bare, strlen(bare), &out, &fonts));
    assert_false(fonts);
    assert_int_equal(out.size, 0);

    const char *both = "a\r\n[Fonts]\r\nfontname: a\r\nAAAA\r\n\r\n[Graphics]\n"
                       "filename: b.bmp\nAAAA\n[Events]\nDialogue: AAAA\n";
    assert_true(carried_strip(both, strlen(both), &out, &fonts));
    assert_true(fonts);
    assert_string_equal(out.data, "a\r\n[Fonts]\r\n\r\n\r\n\r\n[Graphics]\n\n\n"
                                  "[Events]\nDialogue: AAAA\n");
    buffer_reset(&out);
    const char *pictures = "[Graphics]\nfilename: b.bmp\nAAAA\n";
    assert_true(carried_strip(pictures, strlen(pictures), &out, &fonts));
    assert_false(fonts);
    buffer_clear(&out);
}

/* Lines keep their numbers, and a foreign encoding is found in spite of many
 * ASCII bytes. */
static void test_cues(void **state)
{
    struct faults faults = {.arena = arena_create()};
    struct buffer script = {0}, wide = {0};
    buffer_puts(&script, head);
    put_carried("a.ttf", head, sizeof(head), &script);
    for (int i = 0; i < 4000; i++)
        buffer_puts(&script, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n");
    size_t lines = 1;
    buffer_puts(&script,
                "\r\n[Events]\r\nFormat: Layer, Start, End, Text\r\n"
                /* 读书会的同志们 */
                "Dialogue: 0,0:00:01.00,0:00:02.00,"
                "\xb6\xc1\xca\xe9\xbb\xe1\xb5\xc4\xcd\xac\xd6\xbe\xc3\xc7\r\n");
    for (size_t i = 0; i + 2 < script.size; i++)
        lines += script.data[i] == '\n';
    struct cues *cues =
        cues_parse("a.ass", script.data, script.size, faults.arena, &faults);
    assert_non_null(cues);
    assert_true(cues->carries_fonts);
    assert_string_equal(cues->encoding, "GB18030");
    assert_string_equal(cues->list[0].text, "读书会的同志们");
    assert_int_equal(cues->list[0].row, lines);
    assert_null(strstr(cues->ass_script, "AAAA"));
    assert_null(strstr(cues->ass_script, "fontname"));

    buffer_append(&wide, "\xff\xfe", 2);
    static const char small[] =
        "[Script Info]\n[Fonts]\nfontname: a\nAAAA\n[Events]\nFormat: Start, "
        "End, Text\nDialogue: 0:00:01.00,0:00:02.00,words\n";
    for (size_t i = 0; small[i]; i++)
        buffer_append(&wide, (const char[2]){small[i]}, 2);
    cues = cues_parse("a.ass", wide.data, wide.size, faults.arena, &faults);
    assert_non_null(cues);
    assert_true(cues->carries_fonts);
    assert_int_equal(cues->list[0].row, 7);
    assert_null(strstr(cues->ass_script, "AAAA"));
    assert_int_equal(faults.count, 0);
    buffer_clear(&script);
    buffer_clear(&wide);
    arena_destroy(&faults.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_come_back),
        cmocka_unit_test(test_data_is_no_heading),
        cmocka_unit_test(test_odd_ones),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_strip),
        cmocka_unit_test(test_cues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
