/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/yaml.h: the tree with its places, and a sentence that names the
 * mistake for each mistake that people make. */
#include "base/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct reading {
    struct arena *arena;
    struct faults faults;
};

static int set_up(void **state)
{
    static struct reading reading;
    reading = (struct reading){.arena = arena_create()};
    reading.faults.arena = reading.arena;
    *state = &reading;
    return 0;
}

static int tear_down(void **state)
{
    struct reading *reading = *state;
    arena_destroy(&reading->arena);
    return 0;
}

static struct yaml_node *parse(struct reading *reading, const char *text)
{
    reading->faults.list = NULL;
    reading->faults.count = 0;
    return yaml_parse(reading->arena, &reading->faults, "s.yaml", text,
                      strlen(text));
}

static void trees(void **state)
{
    struct reading *reading = *state;
    const struct yaml_node *root = parse(reading, "\xef\xbb\xbf# comment\n"
                                                  "series: 读书会\n"
                                                  "date: 2022-06-28\n"
                                                  "empty:\n"
                                                  "outlets:\n"
                                                  "  郴州日报: web-news\n"
                                                  "  抖音: douyin\n"
                                                  "keep: [半条被子, \"a: b\"]\n"
                                                  "题: {李明: 主任}\n");
    assert_non_null(root);
    assert_int_equal(reading->faults.count, 0);
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->count, 6);
    const struct yaml_node *node = yaml_find(root, "series");
    assert_string_equal(node->text, "读书会");
    assert_int_equal(node->line, 2);
    assert_int_equal(node->column, 9);
    assert_int_equal(node->key_line, 2);
    assert_int_equal(node->key_column, 1);
    assert_string_equal(yaml_find(root, "date")->text, "2022-06-28");
    assert_int_equal(yaml_find(root, "empty")->kind, YAML_SCALAR);
    assert_string_equal(yaml_find(root, "empty")->text, "");
    node = yaml_find(root, "outlets");
    assert_int_equal(node->kind, YAML_MAP);
    assert_int_equal(node->count, 2);
    assert_string_equal(node->items[1].key, "抖音");
    assert_int_equal(node->items[1].key_line, 7);
    assert_int_equal(node->items[1].key_column, 3);
    assert_int_equal(node->items[1].column, 7);
    node = yaml_find(root, "keep");
    assert_int_equal(node->kind, YAML_LIST);
    assert_int_equal(node->count, 2);
    assert_string_equal(node->items[1].text, "a: b");
    assert_null(node->items[1].key);
    assert_string_equal(yaml_find(yaml_find(root, "题"), "李明")->text, "主任");
    assert_null(yaml_find(root, "none"));
    assert_null(yaml_find(NULL, "none"));
    assert_null(yaml_find(node, "none"));
}

static void empty_files(void **state)
{
    static const char *const texts[] = {"", "\n\n", "# nothing\n", "---\n",
                                        "\xef\xbb\xbf"};
    for (size_t i = 0; i < 5; i++) {
        const struct yaml_node *root = parse(*state, texts[i]);
        assert_non_null(root);
        assert_int_equal(root->kind, YAML_MAP);
        assert_int_equal(root->count, 0);
    }
}

/* Each mistake: its line, its column (0: any), words of its sentence. */
static const struct mistake {
    const char *text;
    int row, column;
    const char *words;
} mistakes[] = {
    {"series: a\nnumber：67\ntitle: b\n", 2, 7, "full-width colon"},
    {"series: a\nnumber：67\n", 2, 7, "full-width colon"},
    {"series：读书会\n", 1, 7, "full-width colon"},
    {"outlets:\n  郴州日报：web-news\n  视频号: channels\n", 2, 7,
     "full-width colon"},
    {"people: {李明：主任, 王芳: 员}\n", 1, 10, "full-width colon"},
    {"a: 1\n\tb: 2\n", 2, 1, "tab"},
    {"a:\n\tb: 2\n", 2, 1, "tab"},
    {"a: \"one\nb: 2\n", 1, 4, "quotation mark"},
    {"a: 'one\nb: 2\n", 1, 4, "quotation mark"},
    {"a: \"one\" two\nb: 2\n", 1, 0, "closing quotation mark"},
    {"a: 1\nb: 2\na: 3\n", 3, 1, "twice, first in line 1"},
    {"m:\n  a: 1\n  a: 3\n", 3, 3, "twice, first in line 2"},
    {"a: &x 1\n", 1, 4, "\"&\" and \"*\""},
    {"a: *x\n", 1, 0, "\"&\" and \"*\""},
    {"a: !tag 1\n", 1, 4, "\"!\""},
    {"a: !!str 1\n", 1, 4, "\"!\""},
    {"&x a: 1\n", 1, 1, "\"&\" and \"*\""},
    {"a: 1\n---\nb: 2\n", 2, 1, "second document"},
    {"a: [1, 2\nb: 3\n", 1, 4, "bracket that opens here"},
    {"a: {b: 1\nc: 3\n", 1, 4, "bracket that opens here"},
    {"t: a\ndate:2022\no: 1\n", 2, 6, "blank is missing"},
    {"日期:2022\no: 1\n", 1, 4, "blank is missing"},
    {"p:\n  李明:主任\n  王芳: 员\n", 2, 6, "blank is missing"},
    {"a: b: c\n", 1, 5, "colon with a blank in it"},
    {"a: @b\n", 1, 4, "can't begin with this sign"},
    {"a: - b\n", 1, 4, "can't begin with this sign"},
    {"a:\n  b: 1\n c: 2\n", 3, 1, "exactly under one another"},
    {"a: [1]]\n", 1, 0, "can't be read"},
    {"? [a]\n: 1\n", 1, 3, "where a key should"},
    {"a: 1\n  b: 2\n", 2, 1, "exactly under one another"},
    {"just words\n", 1, 1, "no key"},
    {"a: \xff\n", 0, 0, "not UTF-8"},
    {"a: 1\nb: \x01\n", 2, 0, "0x01"},
};

static void mistakes_are_named(void **state)
{
    struct reading *reading = *state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
        const struct mistake *mistake = &mistakes[i];
        parse(reading, mistake->text);
        const struct fault *fault = reading->faults.list;
        if (fault && reading->faults.count == 1 &&
            (!mistake->row || fault->row == mistake->row) &&
            (!mistake->column || fault->column == mistake->column) &&
            fault->kind == FAULT_SESSION &&
            strncmp(fault->message, "s.yaml:", 7) == 0 &&
            strstr(fault->message, mistake->words))
            continue;
        wrong++;
        print_error("%s--- %zu faults, %d:%d %s\n", mistake->text,
                    reading->faults.count, fault ? fault->row : 0,
                    fault ? fault->column : 0, fault ? fault->message : "");
    }
    assert_int_equal(wrong, 0);
}

static void what_is_right_is_left_alone(void **state)
{
    static const char *const texts[] = {
        "title: 庆七一：讲党史\n",
        "title: \"庆七一：讲\"\nnote: 'a：b'\n",
        "list:\n  - 一：二\n  - 三\n",
        "url: http://example.org/a:b\n",
        "a: \"tab\\t\"\n",
        "a: |\n  one\n  two：three\n",
    };
    struct reading *reading = *state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        assert_non_null(parse(reading, texts[i]));
        assert_int_equal(reading->faults.count, 0);
    }
}

static void depth_is_bounded(void **state)
{
    struct reading *reading = *state;
    char text[2001];
    memset(text, '[', 2000);
    text[2000] = '\0';
    assert_null(parse(reading, text));
    assert_int_equal(reading->faults.count, 1);
    assert_non_null(strstr(reading->faults.list[0].message, "levels"));
}

/* Whatever the bytes: an answer, and a fault where there is no tree. */
static void no_bytes_break_it(void **state)
{
    struct reading *reading = *state;
    static const char seed[] = "a: {b: [1, \"c\"], 读：d}\n'e': |\n f\n- g\n";
    uint32_t random = 1;
    for (int i = 0; i < 20000; i++) {
        char text[sizeof(seed)];
        memcpy(text, seed, sizeof(seed));
        for (int j = 0; j < 3; j++) {
            random = random * 1664525 + 1013904223;
            text[(random >> 8) % (sizeof(seed) - 1)] =
                ":{}[]\"'-\n\t &*!|#\xff\xe8?"[(random >> 20) % 20];
        }
        if (!parse(reading, text))
            assert_true(reading->faults.count > 0);
    }
}

#define READING(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        READING(trees),
        READING(empty_files),
        READING(mistakes_are_named),
        READING(what_is_right_is_left_alone),
        READING(depth_is_bounded),
        READING(no_bytes_break_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
