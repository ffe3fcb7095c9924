/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording's own ASS script in a frame of another shape: what is broken,
 * placed, moved and stacked, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "script_fixture.h"
#include "subtitles/foreign.h"

static const char head[] =
    "[Script Info]\nPlayResX: 320\nPlayResY: 180\n\n"
    "[V4+ Styles]\nFormat: Name, Fontname, Fontsize, Outline, Shadow, "
    "Alignment, MarginL, MarginR, MarginV\n"
    "Style: Default,Noto Sans CJK SC,20,2,1,2,10,10,10\n"
    "Style: Sign,Noto Sans CJK SC,24,2,1,8,10,10,10\n\n"
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, "
    "MarginV, Effect, Text\n";

/* The tags that foreign_place wrote for the event with these words. */
static const struct foreign_shown *find_shown(
    const struct foreign_fitted *fitted, const char *word)
{
    for (size_t i = 0; i < fitted->count; i++) {
        if (strstr(fitted->list[i].words, word))
            return &fitted->list[i];
    }
    fail_msg("nothing shows %s", word);
    return NULL;
}

static const struct foreign_fitted *fit_high(
    struct fixture *fixture, const char *lines,
    const struct foreign_obstacle *under)
{
    static const struct foreign_frame high = {
        360, 640, {-389, 0, 749, 640}, 1920, 1080};
    const struct foreign_rules rules = {
        .safe = {20, 70, 310, 480},
        .caption_bottom = 470,
        .caption_px = 20,
        .font = 1,
    };
    struct arena *arena = fixture->arena;
    const struct foreign *read =
        foreign_read(arena_printf(arena, "%s%s", head, lines), fixture->faces,
                     1, NULL, arena);
    struct foreign_fitted *fitted =
        foreign_fit(read, &high, &rules, 0, 60000, arena);
    foreign_place(fitted, &rules, under, under ? 1 : 0, arena);
    return fitted;
}

/* In an upright frame: dialogue is broken, keeps to the safe area and to the
 * captions' line, stacks, and gives way to titles; what is placed follows the
 * picture, is moved in where it would be cut, and is dialogue where it is too
 * wide. */
static void test_upright(void **state)
{
    struct fixture *fixture = *state;
    const struct foreign_obstacle title = {0, 4000, {20, 70, 310, 150}};
    const struct foreign_fitted *fitted = fit_high(
        fixture,
        "Dialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,这是一句作者没有断行"
        "的很长很长的对白\n"
        "Dialogue: 0,0:00:02.00,0:00:05.00,Default,,0,0,0,,站在上面\n"
        "Dialogue: 0,0:00:01.00,0:00:03.00,Sign,,0,0,0,,让开标题\n"
        "Dialogue: 0,0:00:05.00,0:00:06.00,Sign,,0,0,0,,在顶上\n"
        "Dialogue: 0,0:00:08.00,0:00:09.00,Sign,,0,0,0,,{\\pos(160,60)}中间\n"
        "Dialogue: "
        "0,0:00:08.00,0:00:09.00,Sign,,0,0,0,,{\\pos(100,90)}半截在外\n"
        "Dialogue: "
        "0,0:00:08.00,0:00:09.00,Sign,,0,0,0,,{\\pos(160,150)}作者放得"
        "下而这里放不下的很长的一行字\n",
        &title);
    assert_false(fitted->same_shape);
    const struct foreign_shown *one = find_shown(fitted, "这是一句");
    assert_non_null(strstr(one->words, "\\N"));
    assert_int_equal((int)one->box.bottom, 470);
    assert_true(one->box.left >= 20 && one->box.right <= 310);
    assert_non_null(strstr(one->tags, "\\an2\\pos("));
    const struct foreign_shown *two = find_shown(fitted, "站在上面");
    assert_true(two->box.bottom <= one->box.top);
    assert_true(find_shown(fitted, "让开标题")->box.top >= 150);
    assert_true(find_shown(fitted, "在顶上")->box.top < 80);
    const struct foreign_shown *placed = find_shown(fitted, "中间");
    assert_true(placed->in_picture);
    assert_string_equal(placed->tags, "");
    placed = find_shown(fitted, "半截");
    assert_true(placed->in_picture && placed->box.left >= 20);
    assert_non_null(strstr(placed->tags, "\\pos("));
    placed = find_shown(fitted, "作者放得");
    assert_false(placed->in_picture);
    assert_non_null(strstr(placed->words, "\\N"));
    assert_true(placed->box.left >= 20 && placed->box.right <= 310);

    struct buffer window = {0};
    foreign_window(fitted, 0, 60000, 0, NULL, 0, &window);
    const char *text = buffer_text(&window);
    assert_non_null(strstr(text, "; Margins: 0 0 -389 -389\n"));
    assert_non_null(strstr(text, "PlayResX: 320\nPlayResY: 180\n"));
    assert_non_null(strstr(text, "\n[Script Info]\n")); /* and the dialogue's */
    buffer_clear(&window);
}

int main(void)
{
    static struct fixture fixture;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_upright, &fixture),
    };
    int ret = 0;
    if (fixture_open(&fixture, "clean"))
        ret = cmocka_run_group_tests(tests, NULL, NULL);
    else
        ret = fixture_skipped();
    fixture_close(&fixture);
    return ret;
}
