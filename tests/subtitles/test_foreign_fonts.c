/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A script's own fonts in its words and in the picture: by which names they are
 * found, who draws what they lack, and that nobody else's text sees them.
 * Letters of these fonts are boxes of the em's whole height but one pixel in
 * twenty, which no real letter is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "carried_set.h"
#include "script_fixture.h"
#include "subtitles/drawing.h"
#include "subtitles/foreign.h"
#include "subtitles/overlay.h"

enum { WIDTH = 640, HEIGHT = 360 };

struct stage {
    struct fixture fixture;
    struct set set;
    const struct faces *faces;
    struct overlay_library *library;
};

static const struct foreign *read_words(struct stage *stage, const char *style,
                                        const char *words)
{
    return foreign_read(
        arena_printf(
            stage->fixture.arena,
            "[Script Info]\nPlayResX: 640\nPlayResY: 360\n[V4+ Styles]\n"
            "Format: Name, Fontname, Fontsize, Bold, "
            "Italic, PrimaryColour\nStyle: A,%s,&H00FFFFFF\n[Events]\nFormat: "
            "Start, End, Style, "
            "Text\nDialogue: 0:00:01.00,0:00:02.00,A,%s\n",
            style, words),
        stage->faces, 1, NULL, stage->fixture.arena);
}

static void test_words(void **state)
{
    struct stage *stage = *state;
    static const struct {
        const char *style, *words, *wanted; /* %: of other ems */
    } cases[] = {
        /* Names as the script has them stay; what is lacking goes over. */
        {"abcdef+盒,20,0,0", "不忘初",
         "不忘{\\fnNoto Sans CJK SC\\fs28.96}初{\\fnabcdef+盒\\fs20.00}"},
        {"Noto Sans CJK SC,20,0,0", "{\\fnABCDEF+盒}不{\\fn}不",
         "{\\fnABCDEF+盒}不{\\fn}不"},
        {"Noto Sans CJK SC,20,0,0", "{\\fn ABCDEF+盒 \\i1}不",
         "{\\fnABCDEF+盒\\i1}不"},
        /* A full name means one face; a vertical one keeps its mark. */
        {"体 黑,20,0,0", "不", "不"},
        {"@ABCDEF+盒,20,0,0", "不", "不"},
        /* Regular has one letter, bold the other. */
        {"体,20,0,0", "忘{\\b1}不{\\b0}忘{\\b700}不",
         "忘{\\b1}不{\\b0}忘"
         "{\\b700}不"},
        {"体,20,-1,0", "不{\\b0}忘{\\b}不{\\r}不", "不{\\b0}忘{\\b}不{\\r}不"},
        /* A letter that only another carried font has. */
        {"Noto Sans CJK SC,20,0,0", "字\uE001",
         "字{\\fn符号\\fs13.81}\uE001{\\fnNoto Sans CJK SC\\fs20.00}"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct foreign *read =
            read_words(stage, cases[i].style, cases[i].words);
        assert_null(read->missing);
        assert_string_equal(read->events[0].words, cases[i].wanted);
    }
    const struct foreign *read = read_words(stage, "体,20,0,0", "不");
    assert_non_null(strstr(read->events[0].words, "{\\fnNoto Sans CJK SC"));
    read = read_words(stage, "微软雅黑,20,0,0", "{\\fnTestPost}不");
    assert_string_equal(read->missing, "微软雅黑, TestPost");
}

/* The chunk's document, of one event in the middle of the frame. */
static char *window_of(struct stage *stage, const char *style,
                       const char *words)
{
    static const struct foreign_frame frame = {.width = WIDTH,
                                               .height = HEIGHT};
    const struct foreign_rules rules = {.safe = {8, 8, WIDTH - 8, HEIGHT - 8},
                                        .caption_bottom = HEIGHT - 40,
                                        .caption_px = 20,
                                        .font = 1};
    struct arena *arena = stage->fixture.arena;
    struct buffer out = {0};
    const struct foreign *read = read_words(stage, style, words);
    struct foreign_fitted *fitted =
        foreign_fit(read, &frame, &rules, 0, 10000, arena);
    foreign_place(fitted, &rules, NULL, 0, arena);
    foreign_window(fitted, 0, 10000, 0, NULL, 0, &out);
    char *text = arena_strdup(arena, buffer_text(&out));
    buffer_clear(&out);
    return text;
}

/* The share of the text's box that is covered, 0 to 100. */
static int covered(struct stage *stage, const char *script)
{
    static const struct overlay_format format = {
        WIDTH, HEIGHT, AV_PIX_FMT_YUV420P, AVCOL_SPC_BT709, AVCOL_RANGE_MPEG};
    static const int black[3] = {16, 128, 128};
    struct overlay *overlay;
    bool shows;
    int left, top, right, bottom, lit = 0;
    assert_int_equal(
        overlay_create(NULL, stage->library, &format, script, NULL, &overlay),
        0);
    assert_int_equal(overlay_at(overlay, 1500, &shows), 0);
    assert_true(shows);
    assert_true(overlay_box(overlay, &left, &top, &right, &bottom));
    AVFrame *frame = drawing_frame(WIDTH, HEIGHT, AV_PIX_FMT_YUV420P, black);
    overlay_draw(overlay, frame);
    for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++)
            lit += frame->data[0][y * frame->linesize[0] + x] > 100;
    }
    av_frame_free(&frame);
    overlay_destroy(&overlay);
    return lit * 100 / ((right - left) * (bottom - top));
}

static void test_pictures(void **state)
{
    struct stage *stage = *state;
    const char *box = window_of(stage, "ABCDEF+盒,80,0,0",
                                "{\\bord0\\shad0\\pos(192,144)}不");
    assert_non_null(strstr(box, arena_printf(stage->fixture.arena,
                                             "[Script Info]\n; Fonts: %s\n",
                                             faces_carried_id(stage->faces))));
    assert_true(covered(stage, box) > 90);
    /* By full name, bold by weight, turned by "@". */
    assert_true(covered(stage, window_of(stage, "体 黑,80,0,0",
                                         "{\\bord0\\shad0}不")) > 90);
    assert_true(covered(stage, window_of(stage, "体,80,0,0",
                                         "{\\bord0\\shad0\\b1}不")) > 90);
    assert_true(covered(stage, window_of(stage, "@ABCDEF+盒,80,0,0",
                                         "{\\bord0\\shad0\\pos(192,144)}不")) >
                90);
    /* What it lacks is a letter. */
    assert_true(covered(stage, window_of(stage, "ABCDEF+盒,80,0,0",
                                         "{\\bord0\\shad0}初")) < 60);
}

/* The same words in a document that carries nothing. */
static void test_others_do_not_see_them(void **state)
{
    struct stage *stage = *state;
    char *script = window_of(stage, "ABCDEF+盒,80,0,0",
                             "{\\bord0\\shad0\\pos(192,144)}不");
    assert_true(covered(stage, script) > 90);
    memcpy(strstr(script, "; Fonts: "), "; Notes: ", 9);
    assert_true(covered(stage, script) < 60);
}

/* Lines are broken by the carried font's own widths. */
static void test_breaks(void **state)
{
    struct stage *stage = *state;
    const char *four =
        strstr(window_of(stage, "宽,60,0,0", "不不不不"), "Dialogue:");
    assert_null(strstr(four, "\\N"));
    assert_true(strstr(four, "\\fscx") == NULL);
    const char *eleven = strstr(
        window_of(stage, "宽,60,0,0", "不不不不不不不不不不不"), "Dialogue:");
    assert_non_null(strstr(eleven, "不\\N不"));
}

int main(void)
{
    static struct stage stage;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_words, &stage),
        cmocka_unit_test_prestate(test_pictures, &stage),
        cmocka_unit_test_prestate(test_others_do_not_see_them, &stage),
        cmocka_unit_test_prestate(test_breaks, &stage),
    };
    static const struct make_font fonts[] = {
        {.family = "ABCDEF+盒", .letters = "不忘", .left = 1, .right = 999},
        {.family = "体", .letters = "忘", .left = 1, .right = 999},
        {.family = "体",
         .full = "体 黑",
         .postscript = "TestPost",
         .weight = 700,
         .letters = "不",
         .left = 1,
         .right = 999},
        {.family = "符号", .letters = "\uE001", .left = 1, .right = 999},
        {.family = "宽", .letters = "不", .advance = 2000},
    };
    int ret = 0;
    bool ready = fixture_open(&stage.fixture, "clean");
    for (size_t i = 0; ready && i < sizeof(fonts) / sizeof(fonts[0]); i++)
        set_add_made(&stage.set, &fonts[i], stage.fixture.arena);
    if (ready)
        stage.faces = set_carry(&stage.set, stage.fixture.faces);
    if (ready &&
        overlay_library_create(NULL, stage.fixture.faces, &stage.library) == 0)
        ret = cmocka_run_group_tests(tests, NULL, NULL);
    else
        ret = fixture_skipped();
    overlay_library_destroy(&stage.library);
    set_clear(&stage.set);
    fixture_close(&stage.fixture);
    return ret;
}
