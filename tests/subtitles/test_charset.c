/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which encoding a file is in: texts of a publicity office in every encoding
 * that its programs write, long and short, with and without a mark. */
#include "subtitles/charset.h"

#include <errno.h>
#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"

static const char *const simplified[] = {
    "素材,开始,结束,标题\ncam1,1:02:03,1:02:30,半条被子的故事\n",
    "1\n00:00:01,000 --> 00:00:03,500\n各位领导、各位同志，大家下午好！\n\n",
    "title: 庆七一·讲党史\nseries: 读书会\n",
    "李明\n",
    "短片;开始;时长\n一;0:10;5\n",
    "第六十七期读书会：沙洲村里说初心。“什么是共产党？”",
    "错,对\n部暑,部署\n",
    "开始,结束,发言人\n1:00,2:00,王芳\n",
    "模式\n",
    "联通,1\n",
};

static const char *const traditional[] = {
    "素材,開始,結束,標題\ncam1,1:02:03,1:02:30,半條被子的故事\n",
    "1\n00:00:01,000 --> 00:00:03,500\n各位來賓，大家下午好！\n\n",
    "讀書會：我們今天要談的是一個關於初心的故事。",
    "片名：歡迎光臨臺北國際書展\n地點：世界貿易中心\n",
};

static size_t encode(const char *text, const char *to, char *out, size_t room)
{
    iconv_t table = iconv_open(to, "UTF-8");
    assert_true(table != (iconv_t)-1);
    char *in = (char *)(uintptr_t)text, *at = out;
    size_t left = strlen(text), space = room;
    assert_int_not_equal(iconv(table, &in, &left, &at, &space), (size_t)-1);
    iconv_close(table);
    return room - space;
}

static void expect(const char *bytes, size_t size, const char *wanted,
                   const char *text, const char *name)
{
    struct buffer out = {0};
    const char *found = NULL;
    int ret = charset_decode(bytes, size, wanted, &out, &found);
    if (ret < 0 || strcmp(buffer_text(&out), text) != 0 ||
        strcmp(found, name) != 0)
        fail_msg("<%s> as %s: got %d <%s> as %s", text, name, ret,
                 buffer_text(&out), found ? found : "-");
    buffer_clear(&out);
}

static void expect_encoded(const char *text, const char *to, const char *mark,
                           const char *name)
{
    char bytes[2048];
    size_t size = strlen(mark);
    if (strncmp(to, "UTF-16", 6) == 0 && *mark)
        size = 2;
    memcpy(bytes, mark, size);
    size += encode(text, to, bytes + size, sizeof(bytes) - size);
    expect(bytes, size, NULL, text, name);
}

static void test_simplified(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(simplified) / sizeof(simplified[0]); i++) {
        const char *text = simplified[i];
        expect_encoded(text, "UTF-8", "", "UTF-8");
        expect_encoded(text, "UTF-8", "\xef\xbb\xbf", "UTF-8");
        expect_encoded(text, "GB18030", "", "GB18030");
        expect_encoded(text, "UTF-16LE", "\xff\xfe", "UTF-16LE");
        expect_encoded(text, "UTF-16BE", "\xfe\xff", "UTF-16BE");
    }
}

static void test_utf16_without_mark(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        expect_encoded(simplified[i], "UTF-16LE", "", "UTF-16LE");
        expect_encoded(simplified[i], "UTF-16BE", "", "UTF-16BE");
    }
    expect_encoded("start,end\n1,2\n", "UTF-16LE", "", "UTF-16LE");
}

static void test_traditional(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(traditional) / sizeof(traditional[0]); i++) {
        expect_encoded(traditional[i], "BIG5", "", "Big5");
        expect_encoded(traditional[i], "GB18030", "", "GB18030");
    }
}

static void test_rare_characters(void **state)
{
    (void)state;
    expect_encoded("发言人：㛃、𠮷田，〇〇七·李明的家乡在沙洲村\n", "GB18030",
                   "", "GB18030");
    expect_encoded("发言人：㛃、𠮷田\n", "UTF-16LE", "\xff\xfe", "UTF-16LE");
}

static void test_western(void **state)
{
    (void)state;
    static const char text[] = "caf\xe9 and d\xe9j\xe0 vu, it\x92s fine\n";
    expect(text, strlen(text), NULL, "café and déjà vu, it’s fine\n",
           "Windows-1252");
    expect("Łódź żółw\n", strlen("Łódź żółw\n"), NULL, "Łódź żółw\n", "UTF-8");
    expect("Привет, ёлка\n", strlen("Привет, ёлка\n"), NULL, "Привет, ёлка\n",
           "UTF-8");
    expect("plain\n", 6, NULL, "plain\n", "UTF-8");
}

static void test_line_ends(void **state)
{
    (void)state;
    expect("a\r\nb\rc\nd\r\n", 10, NULL, "a\nb\nc\nd\n", "UTF-8");
    expect("a\x1a", 2, NULL, "a", "UTF-8");
    expect("", 0, NULL, "", "UTF-8");
    expect("\xef\xbb\xbf", 3, NULL, "", "UTF-8");
}

static void test_wanted(void **state)
{
    (void)state;
    char bytes[256];
    size_t size = encode("中文", "BIG5", bytes, sizeof(bytes));
    expect(bytes, size, "Big5", "中文", "Big5");
    size = encode("中文", "GB18030", bytes, sizeof(bytes));
    expect(bytes, size, "gbk", "中文", "GB18030");
    expect(bytes, size, "GB18030", "中文", "GB18030");
    expect("\xe9", 1, "windows-1252", "é", "Windows-1252");
    size = encode("中", "UTF-16LE", bytes, sizeof(bytes));
    expect(bytes, size, "UTF-16LE", "中", "UTF-16LE");

    struct buffer out = {0};
    const char *name = NULL;
    assert_int_equal(charset_decode("a", 1, "klingon", &out, &name),
                     AVERROR(EILSEQ));
    buffer_clear(&out);
}

/* One byte lost in a file of UTF-8 must not turn all of it to GB18030. */
static void test_broken_utf8(void **state)
{
    (void)state;
    char bytes[1024];
    size_t size = 0;
    for (int i = 0; i < 10; i++)
        size += encode("各位领导大家好\n", "UTF-8", bytes + size,
                       sizeof(bytes) - size);
    struct buffer out = {0};
    const char *name = NULL;
    assert_int_equal(charset_decode(bytes, size - 2, NULL, &out, &name), 0);
    assert_string_equal(name, "UTF-8");
    assert_non_null(strstr(buffer_text(&out), "各位领导大家好\n各位"));
    assert_non_null(strstr(buffer_text(&out), "\xef\xbf\xbd"));
    buffer_clear(&out);
}

static void test_no_text(void **state)
{
    (void)state;
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1"
                              "\x08\x02\0\0\0\x90wS\xde\0\0\0\x0c";
    struct buffer out = {0};
    const char *name = NULL;
    assert_int_equal(charset_decode(png, sizeof(png), NULL, &out, &name),
                     AVERROR(EILSEQ));
    static const char controls[] = "abc\1\2\3\4def\5\6\7\10";
    assert_int_equal(
        charset_decode(controls, sizeof(controls) - 1, NULL, &out, &name),
        AVERROR(EILSEQ));
    char noise[512];
    unsigned seed = 7;
    for (size_t i = 0; i < sizeof(noise); i++) {
        seed = seed * 1103515245u + 12345u;
        noise[i] = (char)(seed >> 16);
    }
    assert_int_equal(charset_decode(noise, sizeof(noise), NULL, &out, &name),
                     AVERROR(EILSEQ));
    buffer_clear(&out);
}

/* No prefix of any encoding makes it crash or give broken UTF-8. */
static void test_prefixes(void **state)
{
    (void)state;
    static const char *const names[] = {"UTF-8", "UTF-16LE", "GB18030"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char bytes[1024];
        size_t size = encode(simplified[1], names[i], bytes, sizeof(bytes));
        for (size_t cut = 0; cut <= size; cut++) {
            char *copy = malloc(cut ? cut : 1);
            assert_non_null(copy);
            memcpy(copy, bytes, cut);
            struct buffer out = {0};
            const char *name = NULL;
            charset_decode(copy, cut, NULL, &out, &name);
            buffer_clear(&out);
            free(copy);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simplified),
        cmocka_unit_test(test_utf16_without_mark),
        cmocka_unit_test(test_traditional),
        cmocka_unit_test(test_rare_characters),
        cmocka_unit_test(test_western),
        cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_wanted),
        cmocka_unit_test(test_broken_utf8),
        cmocka_unit_test(test_no_text),
        cmocka_unit_test(test_prefixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
