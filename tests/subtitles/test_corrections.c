/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Corrections: what a list may look like, and that a text is corrected once,
 * longest first, and never made worse. */
#include "subtitles/corrections.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct arena *arena;
    struct faults faults;
    struct corrections corrections;
};

static struct fixture parsed(const char *text, size_t size)
{
    struct fixture it = {.arena = arena_create()};
    it.faults.arena = it.arena;
    corrections_parse(&it.corrections, "corrections.csv", text, size, it.arena,
                      &it.faults);
    return it;
}

static const struct {
    const char *list, *text, *result;
    size_t hits;
} cases[] = {
    {"wrong,right\n部暑,部署\n", "全面部暑工作", "全面部署工作", 1},
    {"部暑,部署\n", "部暑部暑", "部署部署", 2},
    {"错,对\n部暑,部署\n", "没有", "没有", 0},
    {"部暑，部署\n", "部暑", "部署", 1},
    {"部暑\t部署\n", "部暑", "部署", 1},
    {"部暑;部署\n", "部暑", "部署", 1},
    {"\"a,b\",\"c\"\n", "xa,by", "xcy", 1},
    /* Longest first, wherever it stands in the list and in the text. */
    {"a,1\nabc,2\n", "abca", "21", 2},
    {"ab,1\nbcd,2\n", "abcd", "a2", 1},
    /* Never what a correction put in. */
    {"甲,乙\n乙,丙\n", "甲乙", "乙丙", 2},
    {"aa,a\n", "aaaa", "aa", 2},
    {"甲,甲甲\n", "甲", "甲甲", 1},
    /* A text that is right already stays. */
    {"李明,李明同志\n", "李明同志和李明", "李明同志和李明同志", 1},
    {"沙洲,沙洲村\n", "沙洲村在沙洲", "沙洲村在沙洲村", 1},
    {"那个,\n", "那个我们那个去", "我们去", 2},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture it = parsed(cases[i].list, strlen(cases[i].list));
        const char *result =
            corrections_apply(&it.corrections, it.arena, cases[i].text);
        size_t hits = 0;
        for (size_t k = 0; k < it.corrections.count; k++)
            hits += it.corrections.list[k].hits;
        if (strcmp(result, cases[i].result) != 0 || hits != cases[i].hits)
            fail_msg("case %zu: <%s> with %zu hits", i, result, hits);
        if (!cases[i].hits)
            assert_ptr_equal(result, cases[i].text);
        assert_int_equal(faults_count(&it.faults, false), 0);
        arena_destroy(&it.arena);
    }
}

static const struct {
    const char *list, *word;
    int row;
    enum fault_kind kind;
} faulty[] = {
    {"部暑\n", "two cells", 1, FAULT_SESSION},
    {"a,b\n,部署\n", "two cells", 2, FAULT_SESSION},
    {"a,b\na,c\n", "row 1", 2, FAULT_SESSION},
    {"a,a\n", "itself", 1, FAULT_WARNING},
    {"那个,\n", "taken out", 1, FAULT_WARNING},
    {"a,b\n\"c,d\n", "never closed", 2, FAULT_SESSION},
};

static void test_faults(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(faulty) / sizeof(faulty[0]); i++) {
        struct fixture it = parsed(faulty[i].list, strlen(faulty[i].list));
        assert_true(it.faults.count >= 1);
        const struct fault *fault = &it.faults.list[0];
        if (!strstr(fault->message, faulty[i].word) ||
            fault->row != faulty[i].row || fault->kind != faulty[i].kind)
            fail_msg("case %zu: %s", i, fault->message);
        arena_destroy(&it.arena);
    }
}

static void test_encodings(void **state)
{
    (void)state;
    /* 错误,正确 / 部暑,部署 in GB18030. */
    static const char gb[] =
        "\xb4\xed\xce\xf3,\xd5\xfd\xc8\xb7\r\n\xb2\xbf\xca\xee,\xb2\xbf\xca\xf0"
        "\r\n";
    struct fixture it = parsed(gb, strlen(gb));
    assert_int_equal(it.corrections.count, 1);
    assert_string_equal(it.corrections.list[0].right, "部署");
    assert_int_equal(it.corrections.list[0].row, 2);
    assert_null(corrections_apply(&it.corrections, it.arena, NULL));
    arena_destroy(&it.arena);

    static const char zip[] = "PK\3\4\0\0\0\0\x08\0\xff\xff\0\0\1\2\3\4\5\6";
    it = parsed(zip, sizeof(zip));
    assert_int_equal(it.corrections.count, 0);
    assert_true(faults_block(&it.faults));
    arena_destroy(&it.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_encodings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
