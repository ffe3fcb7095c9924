/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/text.h: decoding, folding, composition, the nearest word. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static int set_up(void **state)
{
    *state = arena_create();
    return 0;
}

static int tear_down(void **state)
{
    arena_destroy((struct arena **)state);
    return 0;
}

static void every_character_round_trips(void **state)
{
    for (uint32_t c = 1; c <= 0x10ffff; c++) {
        char bytes[5];
        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        int length = text_encode(c, bytes);
        const char *at = bytes;
        if (!text_is_utf8(bytes, (size_t)length) || text_next(&at) != c ||
            at != bytes + length || bytes[length])
            fail_msg("U+%04X", (unsigned)c);
    }
    char bytes[5];
    assert_int_equal(text_encode(0xd800, bytes), 3);
    assert_string_equal(bytes, "\xef\xbf\xbd");
}

static void bad_bytes_are_replaced_one_by_one(void **state)
{
    static const char *const bad[] = {
        "\x80",         "\xff",     "\xc0\xaf",         "\xc1\xbf",
        "\xe0\x80\xaf", "\xe4\xb8", "\xed\xa0\x80",     "\xf0\x80\x80\x80",
        "\xf4\x90\x80", "\xe4",     "\xf5\x80\x80\x80", "\xe4\x41\x41",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        const char *at = bad[i];
        assert_false(text_is_utf8(bad[i], strlen(bad[i])));
        assert_int_equal(text_next(&at), 0xfffd);
        assert_ptr_equal(at, bad[i] + 1);
    }
    assert_true(text_is_utf8("\0a", 2));
    assert_false(text_is_utf8("读", 2));
    const char *end = "";
    assert_int_equal(text_next(&end), 0);
    assert_string_equal(end, "");
    assert_int_equal(text_count("a读\xff𠮷"), 4);
}

static void columns(void **state)
{
    assert_int_equal(text_columns("abc"), 3);
    assert_int_equal(text_columns("读书会"), 6);
    assert_int_equal(text_columns("，（１）"), 8);
    assert_int_equal(text_columns("e\u0301é"), 2);
    assert_int_equal(text_columns("𠮷\u200b·"), 3);
    assert_true(text_is_wide(0x3000));
    assert_false(text_is_wide(0xb7));
}

static void trimming(void **state)
{
    struct arena *arena = *state;
    assert_true(text_is_blank(NULL));
    assert_true(text_is_blank(""));
    assert_true(text_is_blank(" \t\r\n\u3000\u00a0\ufeff"));
    assert_false(text_is_blank("\u3000。"));
    assert_string_equal(text_trim(arena, "\u3000 读 书\u00a0\n"), "读 书");
    assert_string_equal(text_trim(arena, " \u3000"), "");
    assert_string_equal(text_trim(arena, ""), "");
    assert_string_equal(text_trim(arena, NULL), "");
}

static void joining_lines(void **state)
{
    struct arena *arena = *state;
    static const char *const cases[][2] = {
        {"在实验室里，我们每天\n都在问", "在实验室里，我们每天都在问"},
        {"去更远的地方——\n以及……\n火星", "去更远的地方——以及……火星"},
        {"a line\nof words", "a line of words"},
        {"他说\nOK", "他说 OK"},
        {"他说：\n“好。”\n他走了", "他说：“好。”他走了"},
        {"- 你好\n- 再见", "- 你好 - 再见"},
        {"안녕\n하세요", "안녕 하세요"},
        {"", ""},
        {"\n", " "},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(cases[i][1], text_join_lines(arena, cases[i][0]));
}

static void width_folding(void **state)
{
    struct arena *arena = *state;
    assert_string_equal(text_fold_width(arena, "１：０２：０３．５"),
                        "1:02:03.5");
    assert_string_equal(text_fold_width(arena, "１。５"), "1.5");
    assert_string_equal(text_fold_width(arena, "1。5。"), "1.5。");
    assert_string_equal(text_fold_width(arena, "好。5"), "好。5");
    assert_string_equal(text_fold_width(arena, "ＡＢ\u3000（读）～"),
                        "AB (读)~");
    assert_string_equal(text_fold_width(arena, NULL), "");
}

static void equality(void **state)
{
    assert_true(text_equal_fold("WEB-News", "web-nEWS"));
    assert_true(text_equal_fold("", ""));
    assert_false(text_equal_fold("a", "ab"));
    assert_false(text_equal_fold("ab", "a"));
    assert_false(text_equal_fold("@", "`"));
    assert_true(text_equal_fold("读A", "读a"));
    assert_false(text_equal_fold(NULL, "a"));
}

static void composition(void **state)
{
    assert_true(text_equal_composed("Café", "Cafe\u0301"));
    assert_true(text_equal_composed("Cafe\u0301", "Café"));
    assert_true(text_equal_composed("\u1ea5", "a\u0302\u0301")); /* ấ */
    assert_true(text_equal_composed("\u1ea5", "\u00e2\u0301"));
    assert_true(text_equal_composed("ガイド", "カ\u3099イト\u3099"));
    assert_true(text_equal_composed("한글", "\u1112\u1161\u11ab\u1100"
                                            "\u1173\u11af"));
    assert_true(text_equal_composed("é", "é"));
    assert_true(text_equal_composed("视频", "视频"));
    assert_false(text_equal_composed("é", "e"));
    assert_false(text_equal_composed("e", "e\u0301"));
    assert_false(text_equal_composed("a", "A"));
    assert_false(text_equal_composed("视频", "视"));
    assert_false(text_equal_composed("カ", "ガ"));
}

static void nearest_words(void **state)
{
    static const char *const words[] = {
        "clip",     "source", "start",  "end",        "duration", "title",
        "subtitle", "quote",  "poster", "transition", "标题",     "副标题",
        "短片",     "素材",   "开始",   "结束",       "发言人",   "fps",
    };
    static const char *const pairs[][2] = {
        {"cilp", "clip"},
        {"tilte", "title"},
        {"titel", "title"},
        {"Titlle", "title"},
        {"sbutitle", "subtitle"},
        {"transitoin", "transition"},
        {"duratoin", "duration"},
        {"sorce", "source"},
        {"ｔｉｔｌｅ", "title"},
        {"END", "end"},
        {"标提", "标题"},
        {"影片", "短片"},
        {"副标提", "副标题"},
        {"发言者", "发言人"},
        {"fpz", "fps"},
        {"题", NULL},
        {"标", NULL},
        {"ed", NULL},
        {"xx", NULL},
        {"", NULL},
        {"whatever", NULL},
        {"主讲", NULL},
        {"tttttt", NULL},
    };
    for (size_t i = 0; i < COUNT(pairs); i++) {
        const char *got = text_nearest(pairs[i][0], words, COUNT(words));
        if (!got || !pairs[i][1])
            assert_ptr_equal(got, pairs[i][1]);
        else
            assert_string_equal(got, pairs[i][1]);
    }
    char word[200];
    memset(word, 'a', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    assert_null(text_nearest(word, words, COUNT(words)));
    assert_null(text_nearest("title", NULL, 0));
    /* Two characters: one may be wrong, none missing. */
    static const char *const longer[] = {"副标题"};
    assert_null(text_nearest("标题", longer, 1));
    assert_null(text_nearest("ab", (const char *const[]){"ac"}, 1));
    /* The nearer one, not the first. */
    static const char *const both[] = {"subtitles", "subtitle"};
    assert_string_equal(text_nearest("subtitel", both, 2), "subtitle");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_round_trips),
        cmocka_unit_test(bad_bytes_are_replaced_one_by_one),
        cmocka_unit_test(columns),
        cmocka_unit_test_setup_teardown(trimming, set_up, tear_down),
        cmocka_unit_test_setup_teardown(width_folding, set_up, tear_down),
        cmocka_unit_test_setup_teardown(joining_lines, set_up, tear_down),
        cmocka_unit_test(equality),
        cmocka_unit_test(composition),
        cmocka_unit_test(nearest_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
