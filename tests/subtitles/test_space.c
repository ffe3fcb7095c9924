/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scripts' space: boxes that never leave the safe area nor lie over one
 * another, computed for 500 texts and compared with libass's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "all_styles.h"
#include "base/buffer.h"
#include "base/text.h"
#include "script_texts.h"

static const int shapes[][2] = {{1920, 1080}, {1080, 1920}, {1080, 1080},
                                {640, 360},   {360, 640},   {1280, 720}};

/* --- space ---------------------------------------------------------------- */

static bool boxes_meet(const struct script_box *a, const struct script_box *b)
{
    return a->left < b->right && b->left < a->right && a->top < b->bottom &&
           b->top < a->bottom;
}

static bool is_caption(const struct script_event *event)
{
    return strcmp(event->style, "Caption") == 0;
}

static void check_space(const struct script *script)
{
    const struct script_box *safe = &script->frame.safe;
    const struct script_box *logo = &script->frame.logo;
    for (size_t i = 0; i < script->count; i++) {
        const struct script_event *event = &script->events[i];
        const struct script_box *box = &event->box;
        if (box->left < safe->left || box->top < safe->top ||
            box->right > safe->right || box->bottom > safe->bottom)
            fail_msg("%dx%d %s: %d %d %d %d: %s", script->frame.width,
                     script->frame.height, event->style, box->left, box->top,
                     box->right, box->bottom, event->text);
        if (logo->right > logo->left && event->is_text)
            assert_false(boxes_meet(box, logo));
        for (size_t k = 0; k < script->count; k++) {
            const struct script_event *other = &script->events[k];
            if (!is_caption(event) || is_caption(other) ||
                event->start_tick >= other->end_tick ||
                other->start_tick >= event->end_tick)
                continue;
            if (boxes_meet(box, &other->box))
                fail_msg("%s over %s", event->text, other->text);
        }
    }
}

static struct script *make_script(struct stage *stage, int round,
                                  uint32_t *random, struct arena *arena)
{
    const int *shape = shapes[round % COUNT(shapes)];
    const struct fixture *fixture =
        &stage->fixtures[(size_t)round / COUNT(shapes) % COUNT(styles)];
    struct script_frame frame = fixture_frame(fixture, shape[0], shape[1]);
    if (round % 4 == 1)
        frame.logo = (struct script_box){frame.safe.left, frame.safe.top,
                                         frame.safe.left + shape[0] / 8,
                                         frame.safe.top + shape[1] / 12};
    struct script_caption captions[] = {
        {0, 60, make_text(random, 80, arena)},
        {60, 120, make_text(random, 40, arena)},
        {130, 140, make_text(random, 80, arena)},
        {140, 260, make_text(random, 20, arena)}};
    struct script_strap strap = {100, 150, make_text(random, 20, arena),
                                 make_text(random, 40, arena)};
    struct script_quote quote = {260, 360, make_text(random, 80, arena),
                                 make_text(random, 10, arena)};
    struct script_title title = {0, 100, make_text(random, 80, arena),
                                 make_text(random, 60, arena),
                                 make_text(random, 40, arena)};
    struct script_card card = {400,
                               450,
                               make_text(random, 20, arena),
                               make_text(random, 60, arena),
                               make_text(random, 30, arena),
                               make_text(random, 40, arena)};
    struct script_request request = {
        .captions = captions,
        .caption_count = COUNT(captions),
        .straps = &strap,
        .strap_count = 1,
        .quotes = &quote,
        .quote_count = 1,
        .title = &title,
        .card = &card,
    };
    return script_build(&frame, &request, arena);
}

/* More than 500 texts, in every style and shape. */
static void test_boxes(void **state)
{
    struct stage *stage = *state;
    uint32_t random = 11;
    for (int round = 0; round < 54; round++) {
        struct arena *arena = arena_create();
        check_space(make_script(stage, round, &random, arena));
        arena_destroy(&arena);
    }
}

static void test_usual_texts_fit(void **state)
{
    struct stage *stage = *state;
    static const struct script_caption captions[] = {
        {110, 150, "今天，我们在郴州市图书馆一起学习党的百年奋斗历史"}};
    static const struct script_strap straps[] = {
        {105, 190, "欧阳修远", "郴州市图书馆宣讲团成员"}};
    static const struct script_quote quotes[] = {
        {205, 295, "什么是共产党？就是自己有一条被子，也要剪下半条给老百姓的人",
         "徐解秀"}};
    static const struct script_title title = {
        0, 100, "半条被子的故事——沙洲村纪行", "庆七一·讲党史",
        "读书会第67期　2022年6月28日"};
    static const struct script_card card = {300,
                                            350,
                                            "读书会第67期",
                                            "半条被子的故事——沙洲村纪行",
                                            "中共郴州市委办公室",
                                            "市委办公室供图　© 2022"};
    struct script_request request = {
        .captions = captions,
        .caption_count = 1,
        .straps = straps,
        .strap_count = 1,
        .quotes = quotes,
        .quote_count = 1,
        .title = &title,
        .card = &card,
    };
    for (size_t s = 0; s < COUNT(styles); s++) {
        for (size_t i = 0; i < COUNT(shapes); i++) {
            struct script_frame frame =
                fixture_frame(&stage->fixtures[s], shapes[i][0], shapes[i][1]);
            const struct script *script =
                script_build(&frame, &request, stage->fixtures[s].arena);
            check_space(script);
            assert_false(script->overflow);
        }
    }
}

static void test_posters(void **state)
{
    struct stage *stage = *state;
    static const int covers[][2] = {{1920, 1080}, {1080, 1440}, {1440, 1080},
                                    {1080, 1920}, {1800, 766},  {1080, 1080},
                                    {1280, 800}};
    uint32_t random = 5;
    for (int round = 0; round < 42; round++) {
        struct arena *arena = arena_create();
        const int *cover = covers[round % COUNT(covers)];
        const struct fixture *fixture =
            &stage->fixtures[(size_t)round % COUNT(styles)];
        struct script_frame frame = fixture_frame(fixture, cover[0], cover[1]);
        struct script_title title = {
            0, 1, round < 7 ? "庆七一·讲党史" : make_text(&random, 80, arena),
            make_text(&random, 40, arena), make_text(&random, 30, arena)};
        const struct script *script = script_poster(&frame, &title, arena);
        assert_true(script->count > 0);
        if (round < 7)
            assert_false(script->overflow && title.subtitle == NULL);
        for (size_t i = 0; i < script->count; i++) {
            const struct script_event *event = &script->events[i];
            assert_int_equal(event->start_tick, 0);
            assert_int_equal(event->end_tick, 1);
            if (!event->is_text)
                continue;
            assert_true(event->box.left >= frame.safe.left);
            assert_true(event->box.top >= frame.safe.top);
            assert_true(event->box.right <= frame.safe.right);
            assert_true(event->box.bottom <= frame.safe.bottom);
        }
        arena_destroy(&arena);
    }
}

/* --- what libass makes of it ---------------------------------------------- */

/* The union of the boxes of what shows at a tick. */
static bool boxes_at(const struct script *script, int64_t tick,
                     struct script_box *all)
{
    bool any = false;
    for (size_t i = 0; i < script->count; i++) {
        const struct script_event *event = &script->events[i];
        const struct script_box *box = &event->box;
        if (event->start_tick > tick || event->end_tick <= tick)
            continue;
        if (!any)
            *all = *box;
        any = true;
        all->left = box->left < all->left ? box->left : all->left;
        all->top = box->top < all->top ? box->top : all->top;
        all->right = box->right > all->right ? box->right : all->right;
        all->bottom = box->bottom > all->bottom ? box->bottom : all->bottom;
    }
    return any;
}

/* libass's ink against ours: inside, and to a few pixels as large. */
static void check_picture(struct stage *stage, size_t style,
                          const struct script *script, int64_t tick)
{
    struct overlay *overlay = NULL;
    struct overlay_format format = {script->frame.width, script->frame.height,
                                    AV_PIX_FMT_GBRP,     AVCOL_SPC_RGB,
                                    AVCOL_RANGE_JPEG,    AVCHROMA_LOC_LEFT};
    struct script_box box = {0};
    struct buffer window = {0};
    bool shows = false;
    int left, top, right, bottom;
    if (!boxes_at(script, tick, &box))
        return;
    script_window(script, tick, tick + 1, &window);
    if (!stage->libraries[style])
        assert_int_equal(overlay_library_create(NULL,
                                                stage->fixtures[style].faces,
                                                &stage->libraries[style]),
                         0);
    assert_int_equal(overlay_create(NULL, stage->libraries[style], &format,
                                    buffer_text(&window), NULL, &overlay),
                     0);
    assert_int_equal(
        overlay_at(overlay, script_ms(0, script->frame.rate), &shows), 0);
    assert_true(shows);
    assert_true(overlay_box(overlay, &left, &top, &right, &bottom));
    if (left < box.left - 1 || top < box.top - 1 || right > box.right + 1 ||
        bottom > box.bottom + 1 || left > box.left + 6 ||
        right < box.right - 6 || top > box.top + 6 || bottom < box.bottom - 6)
        fail_msg("%d,%d-%d,%d drawn, %d,%d-%d,%d computed\n%s", left, top,
                 right, bottom, box.left, box.top, box.right, box.bottom,
                 buffer_text(&window));
    overlay_destroy(&overlay);
    buffer_clear(&window);
}

static void test_pictures(void **state)
{
    struct stage *stage = *state;
    static const int64_t ticks[] = {40, 70, 118, 135, 200, 310, 430};
    uint32_t random = 3;
    for (int round = 3; round < 18; round += 2) {
        struct arena *arena = arena_create();
        const struct script *script = make_script(stage, round, &random, arena);
        for (size_t i = 0; i < COUNT(ticks); i++)
            check_picture(stage, (size_t)round / COUNT(shapes) % COUNT(styles),
                          script, ticks[i]);
        arena_destroy(&arena);
    }
}

/* Words that look like tags are words. */
static void test_escapes(void **state)
{
    struct stage *stage = *state;
    struct script_frame frame = fixture_frame(&stage->fixtures[1], 640, 360);
    struct script_caption caption = {0, 50, "{\\b1}甲\\N乙\\h{丙}"};
    struct script_request request = {.captions = &caption, .caption_count = 1};
    const struct script *script =
        script_build(&frame, &request, stage->fixtures[1].arena);
    assert_int_equal(script->count, 1);
    const char *words = strchr(script->events[0].text, '}') + 1;
    assert_string_equal(words, "\\{＼b1\\}甲＼N乙＼h\\{丙\\}");
    check_picture(stage, 1, script, 0);
}

/* A character that the face lacks comes from the next in the chain. */
static void test_fallback(void **state)
{
    struct stage *stage = *state;
    struct script_frame frame = fixture_frame(&stage->fixtures[1], 640, 360);
    struct script_caption caption = {0, 50, "大家好\xF0\x9F\x98\x80再见"};
    struct script_request request = {.captions = &caption, .caption_count = 1};
    const struct face_facts *face =
        faces_for(stage->fixtures[1].faces, 1, 0x1F600);
    if (!face) {
        skip();
        return;
    }
    const struct script *script =
        script_build(&frame, &request, stage->fixtures[1].arena);
    char *tag =
        arena_printf(stage->fixtures[1].arena, "{\\fn%s\\b1\\fs", face->family);
    assert_non_null(strstr(script->events[0].text, tag));
    assert_non_null(strstr(script->events[0].text, "{\\fnNoto Sans CJK SC"));
    check_picture(stage, 1, script, 0);
}

/* Kerning as libass has it: a line of many pairs is as wide as computed. */
static void test_kerning(void **state)
{
    struct stage *stage = *state;
    struct script_frame frame = fixture_frame(&stage->fixtures[1], 1920, 1080);
    struct script_caption caption = {0, 50, "AVATAR WAVE To. Yo, AVAVAVA"};
    struct script_request request = {.captions = &caption, .caption_count = 1};
    const struct script *script =
        script_build(&frame, &request, stage->fixtures[1].arena);
    check_picture(stage, 1, script, 0);
}

int main(void)
{
    static struct stage stage;
    bool ready = stage_open(&stage);
    struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_boxes, &stage),
        cmocka_unit_test_prestate(test_usual_texts_fit, &stage),
        cmocka_unit_test_prestate(test_posters, &stage),
        cmocka_unit_test_prestate(test_pictures, &stage),
        cmocka_unit_test_prestate(test_escapes, &stage),
        cmocka_unit_test_prestate(test_fallback, &stage),
        cmocka_unit_test_prestate(test_kerning, &stage),
    };
    int ret =
        ready ? cmocka_run_group_tests(tests, NULL, NULL) : fixture_skipped();
    stage_close(&stage);
    return ret;
}
