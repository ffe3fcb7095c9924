/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A foreign font as numbers: names, letters, kerning; what is damaged; and the
 * file between worker and main. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/digest.h"
#include "base/files.h"
#include "make_font.h"
#include "subtitles/face_table.h"

static const struct make_font plain = {.family = "ABCDEF+测试体",
                                       .full = "测试体 粗",
                                       .postscript = "TestBold",
                                       .weight = 700,
                                       .letters = "AVfi不忘𠮷",
                                       .advance = 600,
                                       .left = 50,
                                       .right = 500,
                                       .bottom = -40,
                                       .top = 650,
                                       .kern = 80,
                                       .kern_before = 'A',
                                       .kern_after = 'V'};

struct bench {
    struct arena *arena;
    struct buffer font;
    struct log log;
};

static int bench_open(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    bench->arena = arena_create();
    log_init(&bench->log, LOG_LEVEL_NONE, NULL, NULL);
    make_font(&plain, &bench->font);
    *state = bench;
    return 0;
}

static int bench_close(void **state)
{
    struct bench *bench = *state;
    arena_destroy(&bench->arena);
    buffer_clear(&bench->font);
    log_clear(&bench->log);
    free(bench);
    return 0;
}

/* Parses the bytes from a block of just their size, for the sanitizers. */
static int read_names(struct bench *bench, const void *bytes, size_t size,
                      struct face_names **list, size_t *count)
{
    void *copy = malloc(size ? size : 1);
    memcpy(copy, bytes, size);
    int ret =
        face_names_read(&bench->log, copy, size, bench->arena, list, count);
    free(copy);
    return ret;
}

static void test_names(void **state)
{
    struct bench *bench = *state;
    struct face_names *list;
    size_t count;
    assert_int_equal(
        read_names(bench, bench->font.data, bench->font.size, &list, &count),
        0);
    assert_int_equal(count, 1);
    assert_int_equal(list->family_count, 1);
    assert_string_equal(list->families[0], "ABCDEF+测试体");
    assert_string_equal(list->full_names[0], "测试体 粗");
    assert_string_equal(list->postscript, "TestBold");
    assert_false(list->is_postscript);
    assert_int_equal(list->weight, 700);
    assert_int_equal(list->slant, 0);
}

static enum face_match match(const struct face_names *names, const char *name)
{
    return face_names_match(names, name, strlen(name));
}

/* By family in any case; by full name for TrueType outlines, by PostScript
 * name for the others, by either where they agree. */
static void test_matches(void **state)
{
    const char *families[] = {"Foo Sans", "富体"};
    const char *full[] = {"Foo Sans Bold"};
    struct face_names names = {.families = families,
                               .family_count = 2,
                               .full_names = full,
                               .full_name_count = 1,
                               .postscript = "FooSans-Bold"};
    assert_int_equal(match(&names, "foo SANS"), FACE_FAMILY);
    assert_int_equal(match(&names, "富体"), FACE_FAMILY);
    assert_int_equal(match(&names, "Foo"), FACE_NO_MATCH);
    assert_int_equal(match(&names, "Foo Sans Bold Italic"), FACE_NO_MATCH);
    assert_int_equal(match(&names, "foo sans bold"), FACE_ITSELF);
    assert_int_equal(match(&names, "FooSans-Bold"), FACE_NO_MATCH);
    names.is_postscript = true;
    assert_int_equal(match(&names, "foo sans bold"), FACE_NO_MATCH);
    assert_int_equal(match(&names, "foosans-bold"), FACE_ITSELF);
    names.postscript = NULL;
    assert_int_equal(match(&names, "foosans-bold"), FACE_NO_MATCH);
}

static void test_table(void **state)
{
    struct bench *bench = *state;
    struct face_table *table;
    assert_int_equal(face_table_make(&bench->log, bench->font.data,
                                     bench->font.size, 0, bench->arena, &table),
                     0);
    assert_int_equal(table->units, FONT_UNITS);
    assert_int_equal(table->ascender, FONT_ASCENT);
    assert_int_equal(table->descender, FONT_DESCENT);
    assert_int_equal(table->letter_count, 8); /* and the blank */
    const struct face_letter *letter = face_table_find(table, 0x20BB7);
    assert_non_null(letter);
    assert_int_equal(letter->advance, 600);
    assert_int_equal(letter->left, 50);
    assert_int_equal(letter->right, 500);
    assert_int_equal(letter->bottom, -40);
    assert_int_equal(letter->top, 650);
    assert_int_equal(face_table_find(table, ' ')->right, 0);
    assert_null(face_table_find(table, 'B'));
    assert_null(face_table_find(table, 0x10FFFF));
    assert_int_equal(table->box.right, 500);
    assert_int_equal(table->pair_count, 1);
    assert_int_equal(face_table_pair(table, 'A', 'V'), -80);
    assert_int_equal(face_table_pair(table, 'V', 'A'), 0);
    assert_int_equal(face_table_make(NULL, bench->font.data, bench->font.size,
                                     1, bench->arena, &table),
                     AVERROR_INVALIDDATA);
}

/* A file cut off anywhere, and one with a wrong byte anywhere, is refused or
 * read, in bounds. */
static void test_damaged(void **state)
{
    struct bench *bench = *state;
    struct face_names *list;
    size_t count, refused = 0;
    for (size_t size = 0; size < bench->font.size; size += 3) {
        log_clear(&bench->log);
        int ret = read_names(bench, bench->font.data, size, &list, &count);
        assert_true(ret < 0 ? bench->log.first_error != NULL : count > 0);
        refused += ret < 0;
    }
    /* Only the names and what comes behind them may be missing. */
    assert_true(refused * 3 > bench->font.size * 8 / 10);
    unsigned seed = 67;
    for (int i = 0; i < 4000; i++) {
        struct face_table *table;
        struct buffer copy = {0};
        buffer_append(&copy, bench->font.data, bench->font.size);
        for (int k = 0; k <= i % 3; k++) {
            seed = seed * 1103515245 + 12345;
            copy.data[(seed >> 8) % copy.size] = (char)(seed >> 3);
        }
        if (read_names(bench, copy.data, copy.size, &list, &count) >= 0)
            face_table_make(NULL, copy.data, copy.size, list->index,
                            bench->arena, &table);
        buffer_clear(&copy);
    }
}

/* A letter whose outline is no outline is left to others; a font of none but
 * such is refused. */
static void test_damaged_letters(void **state)
{
    struct bench *bench = *state;
    struct face_table *table;
    char *glyf =
        memmem(bench->font.data, bench->font.size, "\0\1\0\x32\xff\xd8", 6);
    assert_non_null(glyf);
    /* 'A' is the second of all outlines: far too many points. */
    memset(glyf + FONT_GLYPH_BYTES + 10, 0x7F, 2);
    assert_int_equal(face_table_make(&bench->log, bench->font.data,
                                     bench->font.size, 0, bench->arena, &table),
                     0);
    assert_int_equal(table->letter_count, 7);
    assert_null(face_table_find(table, 'A'));
    assert_non_null(face_table_find(table, 'V'));
    /* Only the blank is left. */
    for (int i = 0; i < 8; i++)
        memset(glyf + i * FONT_GLYPH_BYTES + 10, 0x7F, 2);
    assert_int_equal(face_table_make(&bench->log, bench->font.data,
                                     bench->font.size, 0, bench->arena, &table),
                     AVERROR_INVALIDDATA);
    assert_string_equal(bench->log.first_error,
                        "none of its letters can be drawn");
}

static void test_refusals(void **state)
{
    struct bench *bench = *state;
    struct face_names *list;
    size_t count;
    static const char *const texts[] = {"", "wOF2 and some more bytes",
                                        "<html><body>404</body></html>"};
    for (size_t i = 0; i < 3; i++) {
        log_clear(&bench->log);
        assert_int_equal(
            read_names(bench, texts[i], strlen(texts[i]), &list, &count),
            AVERROR_INVALIDDATA);
        assert_string_equal(bench->log.first_error,
                            "it is no TrueType or OpenType font");
    }
    struct buffer nameless = {0};
    make_font(&(struct make_font){.letters = "A"}, &nameless);
    log_clear(&bench->log);
    assert_int_equal(
        read_names(bench, nameless.data, nameless.size, &list, &count),
        AVERROR_INVALIDDATA);
    assert_string_equal(bench->log.first_error,
                        "it has no name or no letters to be known by");
    buffer_clear(&nameless);
}

static void test_file(void **state)
{
    struct bench *bench = *state;
    struct face_table *table;
    char path[] = "/tmp/reelpress-test-XXXXXX", font[DIGEST_TEXT];
    uint8_t sum[DIGEST_BYTES];
    close(mkstemp(path));
    digest_of(bench->font.data, bench->font.size, sum);
    digest_text(sum, font);
    assert_int_equal(face_table_make(&bench->log, bench->font.data,
                                     bench->font.size, 0, bench->arena, &table),
                     0);
    assert_int_equal(face_table_save(NULL, path, font, table), 0);
    const struct face_table *read = face_table_load(path, font, bench->arena);
    assert_non_null(read);
    assert_int_equal(read->units, table->units);
    assert_int_equal(read->descender, table->descender);
    assert_int_equal(read->letter_count, table->letter_count);
    assert_memory_equal(read->letters, table->letters,
                        table->letter_count * sizeof(*table->letters));
    assert_memory_equal(&read->box, &table->box, sizeof(read->box));
    assert_int_equal(face_table_pair(read, 'A', 'V'), -80);

    char other[DIGEST_TEXT];
    memcpy(other, font, sizeof(other));
    other[0] = other[0] == 'a' ? 'b' : 'a';
    assert_null(face_table_load(path, other, bench->arena));
    /* What was changed is no table, and what only looks whole is none. */
    struct buffer bytes = {0};
    assert_int_equal(files_read(NULL, path, 1 << 20, &bytes), 0);
    for (size_t i = 0; i < bytes.size; i += 7) {
        bytes.data[i] ^= 1;
        assert_int_equal(files_write(NULL, path, bytes.data, bytes.size), 0);
        assert_null(face_table_load(path, font, bench->arena));
        bytes.data[i] ^= 1;
    }
    table->letters[0].character = table->letters[1].character;
    assert_int_equal(face_table_save(NULL, path, font, table), 0);
    assert_null(face_table_load(path, font, bench->arena));
    unlink(path);
    assert_null(face_table_load(path, font, bench->arena));
    buffer_clear(&bytes);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_names),   TEST(test_matches),         TEST(test_table),
        TEST(test_damaged), TEST(test_damaged_letters), TEST(test_refusals),
        TEST(test_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
