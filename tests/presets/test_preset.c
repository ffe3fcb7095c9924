/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presets: the table, the files that come with the program, names, rates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/files.h"
#include "presets/preset.h"

struct fixture {
    struct arena *arena;
    struct faults faults;
    char folder[64];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    f->arena = arena_create();
    f->faults.arena = f->arena;
    snprintf(f->folder, sizeof(f->folder), "/tmp/reelpress-preset-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    files_remove_tree(NULL, f->folder);
    arena_destroy(&f->arena);
    free(f);
    return 0;
}

static void put_file(struct fixture *f, const char *name, const char *text)
{
    assert_int_equal(0, files_write(NULL, files_join(f->arena, f->folder, name),
                                    text, strlen(text)));
}

/* Loads the folder as a session's own, then the installed presets. */
static struct preset_catalogue load(struct fixture *f)
{
    struct preset_catalogue catalogue;
    const char *const folders[] = {f->folder, "presets"};
    presets_load(&catalogue, folders, 2, f->arena, &f->faults);
    return catalogue;
}

static void test_installed(void **state)
{
    struct fixture *f = *state;
    static const char *const names[][2] = {
        {"web-news", "新闻网站"}, {"douyin", "抖音"},    {"channels", "视频号"},
        {"bilibili", "B站"},      {"xuexi", "学习强国"}, {"mp", "公众号"},
        {"clean", "净版"},        {"square", "方形"},    {"kuaishou", "快手"},
        {"weibo", "微博"},
    };
    struct preset_catalogue catalogue = load(f);
    for (size_t i = 0; i < f->faults.count; i++)
        print_error("%s\n", f->faults.list[i].message);
    assert_int_equal(0, f->faults.count);
    assert_int_equal(sizeof(names) / sizeof(names[0]), catalogue.count);
    for (size_t i = 0; i < catalogue.count; i++) {
        const struct preset *preset = presets_find(&catalogue, names[i][0]);
        assert_non_null(preset);
        assert_ptr_equal(preset, presets_find(&catalogue, names[i][1]));
        assert_true(preset->about && preset->cover_count > 0);
        assert_true(preset->about_zh && *preset->about_zh);
        assert_true(preset->max_rate_bps > 0 && preset->buffer_bits > 0);
        if (i > 0)
            assert_true(
                strcmp(catalogue.list[i - 1].name, catalogue.list[i].name) < 0);
    }
}

static void test_figures(void **state)
{
    struct fixture *f = *state;
    struct preset_catalogue catalogue = load(f);
    const struct preset *p = presets_find(&catalogue, "视频号");
    assert_int_equal(10000000, p->max_total_bps);
    assert_true(p->max_rate_bps + p->audio_bit_rate_bps < p->max_total_bps);
    assert_int_equal(2, p->cover_count);
    assert_string_equal("3x4", p->covers[0].shape);
    assert_int_equal(1080, p->covers[0].width);
    assert_int_equal(1440, p->covers[0].height);
    assert_int_equal(5000000, p->covers[0].jpeg_bytes);
    assert_int_equal(0, p->covers[0].png_bytes);
    p = presets_find(&catalogue, "douyin");
    assert_true(p->safe_left == 60 && p->safe_right == 150 &&
                p->safe_top == 220 && p->safe_bottom == 480);
    p = presets_find(&catalogue, "clean");
    assert_false(p->captions || p->titles || p->straps || p->quotes ||
                 p->logo || p->music || p->card || p->transitions);
    assert_true(p->natural_sound);
    assert_int_equal(FIT_INSIDE, p->fit);
    assert_int_equal(LOGO_NONE, p->logo_corner);
    p = presets_find(&catalogue, "bilibili");
    assert_int_equal(5000000, p->covers[0].png_bytes);
}

static bool same_preset(const struct preset *a, const struct preset *b)
{
    struct buffer left = {0}, right = {0};
    preset_print(a, &left);
    preset_print(b, &right);
    bool same = strcmp(buffer_text(&left), buffer_text(&right)) == 0;
    buffer_clear(&left);
    buffer_clear(&right);
    return same && av_cmp_q(a->rate_cap, b->rate_cap) == 0 &&
           av_cmp_q(a->rate, b->rate) == 0 && a->crf == b->crf &&
           a->max_rate_bps == b->max_rate_bps && a->fit == b->fit &&
           a->cover_count == b->cover_count && a->titles == b->titles;
}

static void test_round_trip(void **state)
{
    struct fixture *f = *state;
    struct preset_catalogue before = load(f);
    for (size_t i = 0; i < before.count; i++) {
        struct buffer text = {0};
        preset_print(&before.list[i], &text);
        put_file(f, arena_printf(f->arena, "%s.yaml", before.list[i].name),
                 buffer_text(&text));
        buffer_clear(&text);
    }
    struct preset_catalogue after = load(f);
    assert_int_equal(0, f->faults.count);
    assert_int_equal(before.count, after.count);
    for (size_t i = 0; i < before.count; i++) {
        assert_true(same_preset(&before.list[i], &after.list[i]));
        assert_non_null(strstr(after.list[i].file, f->folder));
    }
}

static void test_own_hides_installed(void **state)
{
    struct fixture *f = *state;
    put_file(f, "douyin.yaml",
             "alias: 我们的抖音\nwidth: 720\nheight: 1280\n"
             "safe_left: 40\nsafe_right: 40\n");
    struct preset_catalogue catalogue = load(f);
    const struct preset *p = presets_find(&catalogue, "DOUYIN");
    assert_int_equal(720, p->width);
    assert_string_equal("我们的抖音", p->alias);
    assert_null(presets_find(&catalogue, "抖音"));
    assert_int_equal(10, catalogue.count);
    /* Defaults come from the table. */
    assert_int_equal(4, p->chunk_s);
    assert_true(p->captions && p->titles && !p->card);
}

/* What a preset does not say is in proportion to its frame; a 1080p frame's
 * are the table's own. */
static void test_proportions(void **state)
{
    struct fixture *f = *state;
    put_file(f, "tiny.yaml", "width: 64\nheight: 36\n");
    put_file(f, "plain.yaml", "alias: 平\n");
    put_file(f, "tall.yaml", "width: 720\nheight: 1280\nsafe_top: 200\n");
    struct preset_catalogue catalogue = load(f);
    assert_int_equal(0, f->faults.count);
    const struct preset *p = presets_find(&catalogue, "tiny");
    assert_int_equal(3, p->safe_left);
    assert_int_equal(1, p->safe_bottom);
    assert_int_equal(8, p->caption_px);
    p = presets_find(&catalogue, "plain");
    assert_int_equal(96, p->safe_right);
    assert_int_equal(54, p->safe_top);
    assert_int_equal(64, p->caption_px);
    p = presets_find(&catalogue, "tall");
    assert_int_equal(36, p->safe_left);
    assert_int_equal(200, p->safe_top);
    assert_int_equal(64, p->safe_bottom);
    assert_int_equal(42, p->caption_px);
}

/* A name goes before an alias, and an earlier folder's alias before a later
 * one's; two of one folder are a fault. */
static void test_aliases(void **state)
{
    struct fixture *f = *state;
    put_file(f, "zebra.yaml", "alias: 新闻网站\n");
    put_file(f, "aaa.yaml", "alias: web-news\n");
    struct preset_catalogue catalogue = load(f);
    assert_int_equal(0, f->faults.count);
    assert_string_equal("zebra", presets_find(&catalogue, "新闻网站")->name);
    assert_string_equal("web-news", presets_find(&catalogue, "web-news")->name);
    put_file(f, "zoo.yaml", "alias: 新闻网站\n");
    load(f);
    assert_int_equal(1, f->faults.count);
    assert_int_equal(FAULT_SESSION, f->faults.list[0].kind);
    assert_non_null(strstr(f->faults.list[0].message, "presets/zoo.yaml: "));
    assert_non_null(strstr(f->faults.list[0].message, "\"zebra\""));
}

static void expect_fault(struct fixture *f, const char *text, int row,
                         const char *word)
{
    f->faults.count = 0;
    put_file(f, "own.yaml", text);
    struct preset_catalogue catalogue = load(f);
    if (f->faults.count != 1)
        print_error("%d faults for: %s\n", (int)f->faults.count, text);
    assert_int_equal(1, f->faults.count);
    const struct fault *fault = &f->faults.list[0];
    assert_int_equal(FAULT_SESSION, fault->kind);
    assert_string_equal("presets/own.yaml", fault->file);
    assert_int_equal(row, fault->row);
    if (!strstr(fault->message, word))
        print_error("%s\n", fault->message);
    assert_non_null(strstr(fault->message, word));
    assert_null(presets_find(&catalogue, "own"));
}

static void test_faults(void **state)
{
    struct fixture *f = *state;
    expect_fault(f, "widht: 1920\n", 1, "width");
    expect_fault(f, "width: 1921\n", 1, "even");
    expect_fault(f, "alias: x\nrate: fast\n", 2, "rate");
    expect_fault(f, "rate: source<=\n", 1, "source<=30");
    expect_fault(f, "rate: 30000/0\n", 1, "rate");
    expect_fault(f, "rate: 999999999999\n", 1, "rate");
    expect_fault(f, "crf: 70\n", 1, "crf");
    expect_fault(f, "speed: quick\n", 1, "quick");
    expect_fault(f, "level: \"9\"\n", 1, "level");
    expect_fault(f, "profile: high:threads=4\n", 1, "threads");
    expect_fault(f, "covers: [3x4]\n", 1, "3x4");
    expect_fault(f, "covers: [3x4 1080x1440 gif<=2M]\n", 1, "gif");
    expect_fault(f, "covers: [a/b 1080x1440]\n", 1, "a/b");
    expect_fault(f, "safe_left: 1000\nsafe_right: 900\n", 1, "quarter");
    expect_fault(f, "safe_top: 500\nsafe_bottom: 400\nsafe_left: 1\n", 3,
                 "quarter");
    expect_fault(f, "max_rate: 10M\nmax_total_rate: 10M\n", 1, "lower");
    expect_fault(f, "constant_rate: yes\n", 1, "max_rate");
    expect_fault(f, "min_length: 9\nmax_length: 8\n", 1, "min_length");
}

static void test_broken_installed_is_a_warning(void **state)
{
    struct fixture *f = *state;
    char other[] = "/tmp/reelpress-preset-XXXXXX";
    assert_non_null(mkdtemp(other));
    put_file(f, "bad.yaml", "width: much\n");
    struct preset_catalogue catalogue;
    const char *const folders[] = {"no/such/folder", f->folder, other};
    presets_load(&catalogue, folders, 3, f->arena, &f->faults);
    files_remove_tree(NULL, other);
    assert_int_equal(0, catalogue.count);
    assert_int_equal(1, f->faults.count);
    assert_int_equal(FAULT_WARNING, f->faults.list[0].kind);
}

static void test_suggest(void **state)
{
    struct fixture *f = *state;
    struct preset_catalogue catalogue = load(f);
    assert_string_equal("web-news", presets_suggest(&catalogue, "webnews"));
    assert_string_equal("douyin", presets_suggest(&catalogue, "duoyin"));
    assert_null(presets_suggest(&catalogue, "zzzzzzzz"));
    struct preset_catalogue none = {0};
    assert_null(presets_suggest(&none, "douyin"));
    assert_null(presets_find(&none, "douyin"));
}

static void expect_rate(const struct preset *preset, int num, int den,
                        int want_num, int want_den)
{
    AVRational rate = preset_rate(preset, (AVRational){num, den});
    assert_int_equal(want_num, rate.num);
    assert_int_equal(want_den, rate.den);
}

static void test_rates(void **state)
{
    struct preset fixed = {.rate = {25, 1}};
    expect_rate(&fixed, 30, 1, 25, 1);
    expect_rate(&fixed, 0, 1, 25, 1);
    struct preset capped = {.rate = {0, 1}, .rate_cap = {30, 1}};
    expect_rate(&capped, 25, 1, 25, 1);
    expect_rate(&capped, 50, 1, 25, 1);
    expect_rate(&capped, 60000, 1001, 30000, 1001);
    expect_rate(&capped, 120, 1, 30, 1);
    expect_rate(&capped, 0, 1, 25, 1);
    struct preset slow = {.rate = {0, 1}, .rate_cap = {20, 1}};
    expect_rate(&slow, 0, 1, 20, 1);
    expect_rate(&slow, 30, 1, 15, 1);
    expect_rate(&slow, 2, 1, 16, 1);
    struct preset open = {.rate = {0, 1}, .rate_cap = {0, 1}};
    expect_rate(&open, 120, 1, 120, 1);
    expect_rate(&open, 0, 1, 25, 1);
}

static void test_odd_rates(void **state)
{
    struct preset fast = {.rate = {0, 1}, .rate_cap = {60, 1}};
    struct preset plain = {.rate = {0, 1}, .rate_cap = {30, 1}};
    struct preset pal = {.rate = {0, 1}, .rate_cap = {25, 1}};
    const AVRational standard[] = {{24000, 1001}, {24, 1},       {25, 1},
                                   {30000, 1001}, {30, 1},       {48, 1},
                                   {50, 1},       {60000, 1001}, {60, 1}};
    for (size_t i = 0; i < sizeof(standard) / sizeof(standard[0]); i++)
        expect_rate(&fast, standard[i].num, standard[i].den, standard[i].num,
                    standard[i].den);
    /* a phone's mean, and one that is a hair above the cap */
    expect_rate(&fast, 2987, 100, 30000, 1001);
    expect_rate(&plain, 2987, 100, 30000, 1001);
    expect_rate(&plain, 30004, 1000, 30, 1);
    expect_rate(&fast, 60013, 1000, 60, 1);
    expect_rate(&plain, 598, 10, 30000, 1001);
    expect_rate(&pal, 30, 1, 25, 1);
    /* every n-th picture */
    expect_rate(&fast, 90, 1, 30, 1);
    expect_rate(&fast, 100, 1, 50, 1);
    expect_rate(&fast, 240000, 1001, 60000, 1001);
    expect_rate(&plain, 48, 1, 24, 1);
    expect_rate(&fast, 75, 1, 25, 1);
    /* each n times */
    expect_rate(&fast, 10, 1, 30, 1);
    expect_rate(&fast, 12, 1, 24, 1);
    expect_rate(&fast, 25, 2, 25, 1);
    expect_rate(&plain, 15, 1, 30, 1);
    expect_rate(&plain, 15000, 1001, 30000, 1001);
    expect_rate(&pal, 15, 1, 25, 1);
    expect_rate(&fast, 149, 10, 30, 1);
    expect_rate(&fast, 1, 1, 25, 1);
    expect_rate(&fast, 2, 1, 30, 1);
    /* none fits evenly */
    expect_rate(&fast, 20, 1, 25, 1);
    expect_rate(&fast, 45, 1, 48, 1);
    expect_rate(&plain, 45, 1, 30, 1);
}

static void test_shapes(void **state)
{
    char text[24];
    struct preset p = {.width = 1920, .height = 1080};
    assert_string_equal("16:9", preset_shape(&p, text));
    p.width = 1080, p.height = 1920;
    assert_string_equal("9:16", preset_shape(&p, text));
    p.width = p.height = 1080;
    assert_string_equal("1:1", preset_shape(&p, text));
    p.width = 1800, p.height = 766;
    assert_string_equal("2.35:1", preset_shape(&p, text));
}

static void test_table(void **state)
{
    struct fixture *f = *state;
    struct preset_catalogue catalogue = load(f);
    struct buffer out = {0};
    presets_print(&catalogue, &out);
    assert_non_null(strstr(buffer_text(&out), "抖音        1080x1920  9:16"));
    buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_installed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_figures, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_round_trip, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_own_hides_installed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_aliases, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_proportions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_faults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_broken_installed_is_a_warning,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_suggest, set_up, tear_down),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_odd_rates),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test_setup_teardown(test_table, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
