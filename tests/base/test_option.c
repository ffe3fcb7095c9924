/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/option.h: each type, each refusal, and load(print(x)) == x. */
#include "base/option.h"

#include <errno.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <libavutil/error.h>

#include <cmocka.h>

struct thing {
    bool clean;
    int64_t width;
    double loudness;
    const char *title;
    const char *style;
    int fit;
    uint32_t accent;
    int64_t cap;
    struct option_list covers;
    struct option_list folders;
    const struct yaml_node *outlets;
};

static const char *const fits[] = {"none", "inside", "fill", "blurred pad",
                                   NULL};

#define FIELD(field) offsetof(struct thing, field)
static const struct option table[] = {
    {"clean", OPTION_BOOL, FIELD(clean), .fallback = "no", .alias = "净版"},
    {"width", OPTION_INT, FIELD(width), 16, 8192, .fallback = "1920"},
    {"loudness", OPTION_REAL, FIELD(loudness), -40, 0, .fallback = "-23"},
    {"title", OPTION_TEXT, FIELD(title), .alias = "标题"},
    {"style", OPTION_TEXT, FIELD(style), .fallback = "formal"},
    {"fit", OPTION_CHOICE, FIELD(fit), .choices = fits, .fallback = "inside"},
    {"accent", OPTION_COLOUR, FIELD(accent), .fallback = "#c8102e"},
    {"cap", OPTION_BITS, FIELD(cap), .fallback = "8500k"},
    {"covers", OPTION_LIST, FIELD(covers), .fallback = "16x9, 4x3"},
    {"folders", OPTION_LIST, FIELD(folders), .maximum = 1},
    {"outlets", OPTION_NODE, FIELD(outlets)},
};
#define COUNT (sizeof(table) / sizeof(*table))

struct bench {
    struct arena *arena;
    struct faults faults;
    struct thing thing;
};

static int set_up(void **state)
{
    static struct bench bench;
    bench = (struct bench){.arena = arena_create()};
    bench.faults.arena = bench.arena;
    memset(&bench.thing, 0x55, sizeof(bench.thing));
    option_defaults(table, COUNT, &bench.thing, bench.arena);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    arena_destroy(&bench->arena);
    return 0;
}

static void load(struct bench *bench, const char *text)
{
    static const char *const skip[] = {"version", "extends", NULL};
    bench->faults.list = NULL;
    bench->faults.count = 0;
    const struct yaml_node *map =
        yaml_parse(bench->arena, &bench->faults, "p.yaml", text, strlen(text));
    option_load(table, COUNT, &bench->thing, map, "p.yaml", skip, bench->arena,
                &bench->faults);
}

static void defaults(void **state)
{
    const struct thing *thing = &((struct bench *)*state)->thing;
    assert_false(thing->clean);
    assert_int_equal(thing->width, 1920);
    assert_true(thing->loudness == -23);
    assert_null(thing->title);
    assert_string_equal(thing->style, "formal");
    assert_int_equal(thing->fit, 1);
    assert_int_equal(thing->accent, 0xc8102eff);
    assert_int_equal(thing->cap, 8500000);
    assert_int_equal(thing->covers.count, 2);
    assert_string_equal(thing->covers.items[1], "4x3");
    assert_int_equal(thing->folders.count, 0);
    assert_null(thing->outlets);
}

static void loading(void **state)
{
    struct bench *bench = *state;
    const struct thing *thing = &bench->thing;
    load(bench, "净版: 是\n"
                "width: １２８０\n"
                "Loudness: -14.5\n"
                "标题: 庆七一：讲党史\n"
                "style:\n"
                "fit: Blurred Pad\n"
                "accent: \"#11223380\"\n"
                "cap: 12M\n"
                "covers: [3x4, \"a, b\"]\n"
                "version: 3\n"
                "outlets: {日报: web-news}\n");
    assert_int_equal(bench->faults.count, 0);
    assert_true(thing->clean);
    assert_int_equal(thing->width, 1280);
    assert_true(thing->loudness == -14.5);
    assert_string_equal(thing->title, "庆七一：讲党史");
    assert_null(thing->style);
    assert_int_equal(thing->fit, 3);
    assert_int_equal(thing->accent, 0x11223380);
    assert_int_equal(thing->cap, 12000000);
    assert_int_equal(thing->covers.count, 2);
    assert_string_equal(thing->covers.items[1], "a, b");
    assert_int_equal(thing->outlets->kind, YAML_MAP);
    load(bench, "covers: 1x1， 9x16、3x4\nwidth:\n");
    assert_int_equal(bench->faults.count, 0);
    assert_int_equal(thing->covers.count, 3);
    assert_string_equal(thing->covers.items[1], "9x16");
    assert_int_equal(thing->width, 1280);
    load(bench, "");
    assert_int_equal(bench->faults.count, 0);
}

static void load_faults(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *text;
        int row, column;
        const char *words;
    } cases[] = {
        {"widht: 3\n", 1, 1, "did you mean \"width\"?"},
        {"a: 1\n", 1, 1, "use one of these: clean, width, loudness"},
        {"extnds: 1\n", 1, 1, "did you mean \"extends\"?"},
        {"标提: 1\n", 1, 1, "did you mean \"标题\"?"},
        {"width： : 1\n", 1, 1, "full-width colon"},
        {"width: 8\n", 1, 8, "it must lie between 16 and 8192"},
        {"width: 1e3\n", 1, 8, "whole number"},
        {"\nwidth: 12px\n", 2, 8, "\"12px\" can't be the value of \"width\""},
        {"loudness: loud\n", 1, 11, "write a number"},
        {"clean: maybe\n", 1, 8, "yes or no"},
        {"fit: insid\n", 1, 6, "did you mean \"inside\"?"},
        {"fit: zzz\n", 1, 6, "none, inside, fill, blurred pad"},
        {"accent: red\n", 1, 9, "#rrggbb"},
        {"accent: #ff0000\n", 1, 0, "in quotes"},
        {"cap: 12T\n", 1, 6, "8500k"},
        {"width: [1]\n", 1, 8, "one value"},
        {"covers: [[1]]\n", 1, 10, "list of texts"},
        {"covers: {a: 1}\n", 1, 13, "list of texts"},
        {"title: a\n标题: b\n", 2, 1, "means the same as \"title\" in line 1"},
        {"- a\n", 1, 0, "keys should stand here"},
    };
    int wrong = 0;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        load(bench, cases[i].text);
        const struct fault *fault = bench->faults.list;
        if (bench->faults.count == 1 && fault->row == cases[i].row &&
            (!cases[i].column || fault->column == cases[i].column) &&
            fault->kind == FAULT_SESSION &&
            strstr(fault->message, cases[i].words))
            continue;
        wrong++;
        print_error("%s--- %zu faults, %d:%d %s\n", cases[i].text,
                    bench->faults.count, fault ? fault->row : 0,
                    fault ? fault->column : 0, fault ? fault->message : "");
    }
    assert_int_equal(wrong, 0);
    /* All at once, and what is right is still taken. */
    load(bench, "widht: 3\nwidth: 640\nclean: maybe\n");
    assert_int_equal(bench->faults.count, 2);
    assert_int_equal(bench->thing.width, 640);
    /* A key given twice is told by the YAML reader, once. */
    load(bench, "width: 640\nwidth: 320\n");
    assert_int_equal(bench->faults.count, 1);
    assert_int_equal(bench->thing.width, 640);
}

static int set(struct bench *bench, size_t index, const char *text)
{
    return option_set(&table[index], &bench->thing, text, bench->arena, NULL);
}

static void setting(void **state)
{
    struct bench *bench = *state;
    struct thing *thing = &bench->thing;
    static const char *const yes[] = {"yes", "TRUE", "on", "1", " 是 "};
    static const char *const no[] = {"no", "False", "off", "0", "否"};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(set(bench, 0, yes[i]), 0);
        assert_true(thing->clean);
        assert_int_equal(set(bench, 0, no[i]), 0);
        assert_false(thing->clean);
    }
    assert_int_equal(set(bench, 1, "8193"), AVERROR(EINVAL));
    assert_int_equal(set(bench, 1, "99999999999999999999"), AVERROR(EINVAL));
    assert_int_equal(set(bench, 1, ""), AVERROR(EINVAL));
    assert_int_equal(set(bench, 2, "nan"), AVERROR(EINVAL));
    assert_int_equal(set(bench, 2, "0x10"), AVERROR(EINVAL));
    assert_int_equal(set(bench, 2, "-1,5"), AVERROR(EINVAL));
    static const struct {
        const char *text;
        int64_t bits;
    } bits[] = {{"0", 0},
                {"250", 250},
                {"8500k", 8500000},
                {"1.5M", 1500000},
                {"4G", 4000000000},
                {"12 m", 12000000},
                {"１２Ｍ", 12000000}};
    for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++) {
        assert_int_equal(set(bench, 7, bits[i].text), 0);
        assert_int_equal(thing->cap, bits[i].bits);
    }
    assert_int_equal(set(bench, 7, "-5k"), AVERROR(EINVAL));
    assert_int_equal(set(bench, 7, "k"), AVERROR(EINVAL));
    assert_int_equal(set(bench, 7, "99999999999G"), AVERROR(EINVAL));
    /* The command line's -p may be repeated; a folder may hold a comma. */
    thing->covers = (struct option_list){0};
    assert_int_equal(set(bench, 8, "a,,b"), 0);
    assert_int_equal(set(bench, 8, "c"), 0);
    assert_int_equal(thing->covers.count, 3);
    assert_string_equal(thing->covers.items[2], "c");
    assert_int_equal(set(bench, 9, "/data/读，书"), 0);
    assert_int_equal(thing->folders.count, 1);
    assert_string_equal(thing->folders.items[0], "/data/读，书");
    assert_int_equal(set(bench, 10, "x"), AVERROR(EINVAL));
}

static void compare(const struct thing *a, const struct thing *b)
{
    assert_int_equal(a->clean, b->clean);
    assert_int_equal(a->width, b->width);
    assert_true(a->loudness == b->loudness);
    assert_string_equal(a->title ? a->title : "NULL",
                        b->title ? b->title : "NULL");
    assert_string_equal(a->style ? a->style : "NULL",
                        b->style ? b->style : "NULL");
    assert_int_equal(a->fit, b->fit);
    assert_int_equal(a->accent, b->accent);
    assert_int_equal(a->cap, b->cap);
    assert_int_equal(a->covers.count, b->covers.count);
    for (size_t i = 0; i < a->covers.count; i++)
        assert_string_equal(a->covers.items[i], b->covers.items[i]);
}

static const char *const hard_texts[] = {
    "plain",
    "庆七一：讲党史",
    "a: b",
    "# no comment",
    " blanks ",
    "\"quoted\"",
    "back\\slash",
    "two\nlines\ttab",
    "yes",
    "~",
    "[a, b]",
    "- a",
    "{x}",
    "*a",
    "&a",
    "!t",
    "%d",
    "@a",
    "'",
    "读\u2028书\ufeff",
    "\xc2\x85\u00a0"
    "x",
    "𠮷",
    "a, b",
    ":",
    "?",
    "a #b",
    "0x10",
    "--- a",
    "...",
    "<<",
    "=",
    "\x01\x7f",
    "a:b",
    "“引号”",
    "，",
    NULL,
};

#define TEXTS (sizeof(hard_texts) / sizeof(*hard_texts))

static void print_reads_back(void **state)
{
    struct bench *bench = *state;
    static const double numbers[] = {0,        -14.5,         -0.1,
                                     -1.0 / 3, -39.999999999, -1e-9};
    static const int64_t caps[] = {0, 1, 999, 1000, 8500000, 4000000000};
    for (size_t i = 0; i < TEXTS; i++) {
        const char *items[] = {hard_texts[i], "b",
                               hard_texts[(i + 1) % (TEXTS - 1)]};
        struct thing thing = {.clean = i % 2,
                              .width = 16 + (int64_t)i,
                              .loudness = numbers[i % 6],
                              .title = hard_texts[i],
                              .style = hard_texts[(i + 7) % TEXTS],
                              .fit = (int)(i % 4),
                              .accent = (uint32_t)(0x1234567u * i | i % 2),
                              .cap = caps[i % 6],
                              .covers = {items, hard_texts[i] ? i % 4 : 0}};
        struct buffer out = {0};
        option_print(table, COUNT, &thing, &out);
        option_defaults(table, COUNT, &bench->thing, bench->arena);
        load(bench, buffer_text(&out));
        if (bench->faults.count)
            fail_msg("%s%s", buffer_text(&out), bench->faults.list[0].message);
        compare(&bench->thing, &thing);
        buffer_clear(&out);
    }
}

/* Other YAML readers take these words for no texts. */
static void words_are_quoted(void **state)
{
    struct bench *bench = *state;
    struct buffer out = {0};
    bench->thing.title = "Yes";
    bench->thing.style = "null";
    option_print(table, COUNT, &bench->thing, &out);
    assert_non_null(strstr(buffer_text(&out), "title: \"Yes\"\n"));
    assert_non_null(strstr(buffer_text(&out), "style: \"null\"\n"));
    buffer_clear(&out);
}

static void printed_form(void **state)
{
    struct bench *bench = *state;
    struct buffer out = {0};
    option_print(table, COUNT, &bench->thing, &out);
    assert_string_equal(buffer_text(&out), "clean: no\n"
                                           "width: 1920\n"
                                           "loudness: -23\n"
                                           "style: formal\n"
                                           "fit: inside\n"
                                           "accent: \"#c8102e\"\n"
                                           "cap: 8500k\n"
                                           "covers: [16x9, 4x3]\n");
    buffer_clear(&out);
}

/* A comma is the decimal sign in much of the world. */
static void locale_has_no_say(void **state)
{
    struct bench *bench = *state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
        skip();
    load(bench, "loudness: -14.5\n");
    assert_int_equal(bench->faults.count, 0);
    struct buffer out = {0};
    option_print(table, COUNT, &bench->thing, &out);
    assert_non_null(strstr(buffer_text(&out), "loudness: -14.5\n"));
    buffer_clear(&out);
    setlocale(LC_ALL, "C");
}

#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BENCH(defaults),         ON_BENCH(loading),
        ON_BENCH(load_faults),      ON_BENCH(setting),
        ON_BENCH(print_reads_back), ON_BENCH(printed_form),
        ON_BENCH(words_are_quoted), ON_BENCH(locale_has_no_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
