/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The box that is said to contain a placed text contains what libass draws of
 * it: turned, sheared, clipped, moved, in the recording's shape and in another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "script_fixture.h"
#include "subtitles/foreign.h"
#include "subtitles/overlay.h"

struct stage {
    struct fixture fixture;
    struct overlay_library *library;
};

static const struct foreign_frame wide = {640, 360, {0, 0, 640, 360}, 640, 360};
static const struct foreign_frame high = {
    360, 640, {-389, 0, 749, 640}, 1920, 1080};

static struct foreign_fitted *fit(struct stage *stage,
                                  const struct foreign_frame *frame,
                                  const char *words)
{
    struct arena *arena = stage->fixture.arena;
    const struct foreign_rules rules = {
        .safe = {20, 20, frame->width - 20, frame->height - 20},
        .caption_bottom = frame->height - 30,
        .caption_px = 20,
        .font = 1,
    };
    const struct foreign *read = foreign_read(
        arena_printf(
            arena,
            "[Script Info]\nPlayResX: 640\nPlayResY: 360\n\n[V4+ Styles]\n"
            "Format: Name, Fontname, Fontsize, PrimaryColour, Outline, "
            "Shadow, Alignment, MarginL, MarginR, MarginV\nStyle: "
            "Default,Noto Sans CJK SC,40,&H00FFFFFF,2,0,2,10,10,10\n"
            "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, "
            "MarginR, MarginV, Effect, Text\n"
            "Dialogue: 0,0:00:00.00,0:00:10.00,Default,,0,0,0,,%s\n",
            words),
        stage->fixture.faces, 1, NULL, arena);
    struct foreign_fitted *fitted =
        foreign_fit(read, frame, &rules, 0, 10000, arena);
    foreign_place(fitted, &rules, NULL, 0, arena);
    return fitted;
}

/* Draws it over its ten seconds; the union of all boxes. */
static bool draw(struct stage *stage, const struct foreign_fitted *fitted,
                 const struct foreign_frame *frame, struct foreign_box *out)
{
    const struct overlay_format format = {frame->width, frame->height,
                                          AV_PIX_FMT_YUV420P, AVCOL_SPC_BT709,
                                          AVCOL_RANGE_MPEG};
    struct buffer text = {0};
    struct overlay *overlay;
    bool any = false;
    foreign_window(fitted, 0, 10000, 0, NULL, 0, &text);
    assert_int_equal(overlay_create(NULL, stage->library, &format,
                                    buffer_text(&text), NULL, &overlay),
                     0);
    for (int ms = 0; ms < 10000; ms += 500) {
        int left, top, right, bottom;
        bool shows;
        assert_int_equal(overlay_at(overlay, ms, &shows), 0);
        if (!shows || !overlay_box(overlay, &left, &top, &right, &bottom))
            continue;
        out->left = any && out->left < left ? out->left : left;
        out->top = any && out->top < top ? out->top : top;
        out->right = any && out->right > right ? out->right : right;
        out->bottom = any && out->bottom > bottom ? out->bottom : bottom;
        any = true;
    }
    overlay_destroy(&overlay);
    buffer_clear(&text);
    return any;
}

static void expect_inside(struct stage *stage,
                          const struct foreign_frame *frame, const char *words)
{
    const struct foreign_fitted *fitted = fit(stage, frame, words);
    const struct foreign_box *box = &fitted->list[0].box;
    struct foreign_box drawn;
    assert_true(fitted->list[0].in_picture);
    bool seen = draw(stage, fitted, frame, &drawn);
    if (!seen ||
        (drawn.left >= box->left - 3 && drawn.top >= box->top - 3 &&
         drawn.right <= box->right + 3 && drawn.bottom <= box->bottom + 3))
        return;
    fail_msg("%s: drawn %.0f %.0f %.0f %.0f, said %.1f %.1f %.1f %.1f", words,
             drawn.left, drawn.top, drawn.right, drawn.bottom, box->left,
             box->top, box->right, box->bottom);
}

static void test_known_ones(void **state)
{
    static const char *const words[] = {
        "{\\an5\\pos(320,180)}字母 gjp",
        "{\\an5\\pos(320,180)\\frz90}转了的字",
        "{\\an1\\pos(320,180)\\frz-45}两行\\N转了的字",
        "{\\an7\\pos(200,100)\\frx60\\fry30}立起来的字",
        "{\\an5\\pos(320,180)\\org(0,0)\\frz10}绕着角",
        "{\\an5\\pos(320,180)\\fax0.5}斜的字",
        "{\\an5\\pos(320,180)\\fay-0.3}斜的字很长",
        "{\\an5\\pos(320,180)\\clip(300,100,340,260)}剪掉的字很长",
        "{\\an5\\pos(320,180)\\clip(m 300 100 l 340 100 340 260)}剪掉的字",
        "{\\an5\\pos(320,180)\\clip(4,m 2400 800 l 2720 800 2720 2080)}剪掉",
        "{\\move(100,100,500,300)\\frz30}走着的字",
        "{\\an5\\pos(320,180)\\t(\\frz360)}转着的字",
        "{\\an5\\pos(320,180)\\t(0,5000,\\fscx150\\fscy150)}大起来",
        "{\\clip(0,0,640,360)}没有放的字",
        "{\\an9\\clip(0,0,640,360)}没有放的字",
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        expect_inside(*state, &wide, words[i]);
}

/* Not much larger either, where nothing changes. */
static void test_is_no_larger(void **state)
{
    static const char *const words[] = {
        "{\\an5\\pos(320,180)\\frz90}转了的字",
        "{\\an5\\pos(320,180)\\frz45}转了的字",
        "{\\an5\\pos(320,180)\\frz180}转了的字",
        "{\\an5\\pos(320,180)\\fry70}转了的字",
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const struct foreign_fitted *fitted = fit(*state, &wide, words[i]);
        const struct foreign_box *box = &fitted->list[0].box;
        struct foreign_box drawn;
        assert_true(draw(*state, fitted, &wide, &drawn));
        assert_true(drawn.left - box->left < 25);
        assert_true(drawn.top - box->top < 25);
        assert_true(box->right - drawn.right < 25);
        assert_true(box->bottom - drawn.bottom < 25);
    }
}

static int any_of(unsigned *seed, int from, int to)
{
    *seed = *seed * 1103515245 + 12345;
    return from + (int)(*seed >> 8) % (to - from + 1);
}

static void test_random_ones(void **state)
{
    struct stage *stage = *state;
    unsigned seed = 67;
    for (int i = 0; i < 300; i++) {
        struct buffer words = {0};
        buffer_printf(&words, "{\\an%d\\pos(%d,%d)", any_of(&seed, 1, 9),
                      any_of(&seed, 100, 540), any_of(&seed, 80, 280));
        if (any_of(&seed, 0, 1))
            buffer_printf(&words, "\\frz%d", any_of(&seed, -360, 360));
        if (any_of(&seed, 0, 2) == 0)
            buffer_printf(&words, "\\frx%d\\fry%d", any_of(&seed, -80, 80),
                          any_of(&seed, -80, 80));
        if (any_of(&seed, 0, 3) == 0)
            buffer_printf(&words, "\\org(%d,%d)", any_of(&seed, 0, 640),
                          any_of(&seed, 0, 360));
        if (any_of(&seed, 0, 3) == 0)
            buffer_printf(&words, "\\fax0.%d", any_of(&seed, 1, 9));
        if (any_of(&seed, 0, 3) == 0)
            buffer_printf(&words, "\\clip(%d,%d,%d,%d)", any_of(&seed, 0, 300),
                          any_of(&seed, 0, 160), any_of(&seed, 320, 640),
                          any_of(&seed, 170, 360));
        if (any_of(&seed, 0, 3) == 0)
            buffer_printf(&words, "\\t(0,3000,\\frz%d)",
                          any_of(&seed, -720, 720));
        buffer_puts(&words, any_of(&seed, 0, 1) ? "}不忘初心 Ag\\N牢记使命"
                                                : "}同志们gj");
        const struct foreign_frame *frame = any_of(&seed, 0, 1) ? &wide : &high;
        const struct foreign_fitted *fitted =
            fit(stage, frame, buffer_text(&words));
        if (fitted->list[0].in_picture)
            expect_inside(stage, frame, buffer_text(&words));
        buffer_clear(&words);
    }
}

int main(void)
{
    static struct stage stage;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_known_ones, &stage),
        cmocka_unit_test_prestate(test_is_no_larger, &stage),
        cmocka_unit_test_prestate(test_random_ones, &stage),
    };
    int ret = 0;
    if (fixture_open(&stage.fixture, "clean") &&
        overlay_library_create(NULL, stage.fixture.faces, &stage.library) == 0)
        ret = cmocka_run_group_tests(tests, NULL, NULL);
    else
        ret = fixture_skipped();
    overlay_library_destroy(&stage.library);
    fixture_close(&stage.fixture);
    return ret;
}
