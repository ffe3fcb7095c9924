/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What looks right on a frame, as far as boxes tell: edges that line up, sizes
 * that keep their order, what keeps off whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "all_styles.h"

enum { FORMAL, CLEAN, LIVELY };

static const int wide[2] = {1920, 1080}, upright[2] = {1080, 1920};

static const struct script *build(struct stage *stage, size_t style,
                                  const int size[2],
                                  const struct script_request *request)
{
    struct fixture *fixture = &stage->fixtures[style];
    struct script_frame frame = fixture_frame(fixture, size[0], size[1]);
    return script_build(&frame, request, fixture->arena);
}

/* The n-th line of a role; NULL: there are fewer. */
static const struct script_event *line_of(const struct script *script,
                                          const char *role, size_t n)
{
    for (size_t i = 0; i < script->count; i++) {
        const struct script_event *event = &script->events[i];
        if (event->is_text && strcmp(event->style, role) == 0 && n-- == 0)
            return event;
    }
    return NULL;
}

static int width_of(const struct script_event *event)
{
    assert_non_null(event);
    return event->box.right - event->box.left;
}

static int height_of(const struct script_event *event)
{
    assert_non_null(event);
    return event->box.bottom - event->box.top;
}

static const struct script *titled(struct stage *stage, size_t style,
                                   const int size[2], const char *text)
{
    const struct script_title title = {0, 100, text, "庆七一·讲党史",
                                       "读书会第67期·2022年6月28日"};
    return build(stage, style, size, &(struct script_request){.title = &title});
}

static const struct script *named(struct stage *stage, size_t style,
                                  const int size[2], const char *name,
                                  const char *role)
{
    const struct script_strap strap = {0, 100, name, role};
    return build(stage, style, size,
                 &(struct script_request){.straps = &strap, .strap_count = 1});
}

static const struct script *quoted(struct stage *stage, size_t style,
                                   const int size[2], const char *text)
{
    const struct script_quote quote = {0, 100, text, "徐解秀"};
    return build(stage, style, size,
                 &(struct script_request){.quotes = &quote, .quote_count = 1});
}

/* --- titles --------------------------------------------------------------- */

static void test_headline_is_one_line(void **state)
{
    for (size_t style = 0; style < COUNT(styles); style++) {
        const struct script *script =
            titled(*state, style, wide, "半条被子的故事——沙洲村纪行");
        assert_non_null(line_of(script, "Title", 0));
        assert_null(line_of(script, "Title", 1));
        assert_false(script->overflow);
    }
}

/* In upright frames a landscape picture begins at 0.342 of the height; in wide
 * ones heads are in the upper half. */
static void test_titles_keep_off_who_speaks(void **state)
{
    for (size_t style = 0; style < COUNT(styles); style++) {
        const struct script *script =
            titled(*state, style, upright, "半条被子的故事——沙洲村纪行");
        for (size_t i = 0; i < script->count; i++)
            assert_true(script->events[i].box.bottom <= 657);
        script = titled(*state, style, wide, "沙洲村的今天");
        for (size_t i = 0; i < script->count; i++)
            assert_true(script->events[i].box.top >= 540);
    }
}

static void check_edge(const struct script *script, const char *const *roles)
{
    const struct script_event *first = line_of(script, roles[0], 0);
    assert_non_null(first);
    for (; *roles; roles++) {
        const struct script_event *event = line_of(script, *roles, 0);
        assert_non_null(event);
        assert_in_range(event->box.left, first->box.left - 1,
                        first->box.left + 1);
    }
}

static void test_lines_begin_on_one_edge(void **state)
{
    static const char *const title[] = {"Title", "Subtitle", "Line", NULL};
    static const char *const strap[] = {"Name", "Post", NULL};
    for (size_t style = 0; style < COUNT(styles); style++) {
        if (style != LIVELY)
            check_edge(titled(*state, style, wide, "沙洲村的今天"), title);
        check_edge(named(*state, style, wide, "欧阳修远", "宣讲团成员"), strap);
    }
}

/* --- straps --------------------------------------------------------------- */

static void test_short_names_are_wide(void **state)
{
    const struct script *two = named(*state, FORMAL, wide, "李明", "主任");
    const struct script *three = named(*state, FORMAL, wide, "李小明", "主任");
    double ratio = (double)width_of(line_of(two, "Name", 0)) /
                   width_of(line_of(three, "Name", 0));
    assert_true(ratio > 0.74 && ratio < 0.86);
}

static void test_latin_is_not_spaced(void **state)
{
    const struct script *script =
        named(*state, FORMAL, wide, "Anna Wolf", "Professor");
    assert_non_null(strstr(line_of(script, "Name", 0)->text, "\\fsp0"));
    script = named(*state, FORMAL, wide, "欧阳修远", "教授");
    assert_null(strstr(line_of(script, "Name", 0)->text, "\\fsp"));
}

static void test_long_name_leaves_its_post(void **state)
{
    const struct script *usual =
        named(*state, FORMAL, upright, "Anna Wolf", "访问教授");
    const struct script *longer =
        named(*state, FORMAL, upright,
              "Aleksandra Konstantinovna Wolfeschlegel", "访问教授");
    double name = (double)height_of(line_of(longer, "Name", 0)) /
                  height_of(line_of(usual, "Name", 0));
    double post = (double)height_of(line_of(longer, "Post", 0)) /
                  height_of(line_of(usual, "Post", 0));
    assert_true(post > 1.15 * name);
}

/* --- quotes and cards ----------------------------------------------------- */

static void test_quotes_fill_their_cards(void **state)
{
    static const char longest[] =
        "同志们一致表示，要把学习教育的成果转化为推动高质量发展的强大动力，"
        "为建设社会主义现代化新湖南贡献自己的一份力量和智慧。";
    for (size_t style = 0; style < COUNT(styles); style++) {
        const struct script *one = quoted(*state, style, wide, "为人民服务");
        const struct script *many = quoted(*state, style, wide, longest);
        /* What fits into one line is larger, but never at the cost of one. */
        assert_true(height_of(line_of(one, "Quote", 0)) >
                    1.3 * height_of(line_of(many, "Quote", 0)));
        assert_null(line_of(quoted(*state, style, wide, "把故事讲给更多的人听"),
                            "Quote", 1));
        /* Who said it is to be read even so. */
        assert_true(height_of(line_of(many, "Line", 0)) >
                    0.78 * height_of(line_of(one, "Line", 0)));
    }
}

static void test_cards_stand_in_the_middle(void **state)
{
    /* The safe area of upright frames is lopsided. */
    const struct script *script = quoted(*state, FORMAL, upright, "为人民服务");
    int left = 1080, right = 0;
    for (size_t i = 0; i < script->count; i++) {
        const struct script_box *box = &script->events[i].box;
        left = box->left < left ? box->left : left;
        right = box->right > right ? box->right : right;
    }
    assert_in_range(left + right, 1078, 1082);
}

static void test_organisers_stand_whole(void **state)
{
    static const char *const names[] = {"中共郴州市委办公室", "郴州市图书馆",
                                        "郴州市融媒体中心"};
    const struct script_card card = {
        0,
        50,
        "读书会第67期",
        "庆七一·讲党史",
        "中共郴州市委办公室　郴州市图书馆　郴州市融媒体中心",
        NULL};
    for (size_t i = 0; i < COUNT(styles); i++) {
        const struct script *script =
            build(*state, i, upright, &(struct script_request){.card = &card});
        size_t found = 0;
        for (size_t n = 0; line_of(script, "Card", n); n++)
            for (size_t k = 0; k < COUNT(names); k++)
                found +=
                    strstr(line_of(script, "Card", n)->text, names[k]) != NULL;
        assert_int_equal(found, COUNT(names));
    }
}

int main(void)
{
    static struct stage stage;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_headline_is_one_line, &stage),
        cmocka_unit_test_prestate(test_titles_keep_off_who_speaks, &stage),
        cmocka_unit_test_prestate(test_lines_begin_on_one_edge, &stage),
        cmocka_unit_test_prestate(test_short_names_are_wide, &stage),
        cmocka_unit_test_prestate(test_latin_is_not_spaced, &stage),
        cmocka_unit_test_prestate(test_long_name_leaves_its_post, &stage),
        cmocka_unit_test_prestate(test_quotes_fill_their_cards, &stage),
        cmocka_unit_test_prestate(test_cards_stand_in_the_middle, &stage),
        cmocka_unit_test_prestate(test_organisers_stand_whole, &stage),
    };
    int status = SKIPPED;
    if (stage_open(&stage))
        status = cmocka_run_group_tests(tests, NULL, NULL);
    else
        fixture_skipped();
    stage_close(&stage);
    return status;
}
