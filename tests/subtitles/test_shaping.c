/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is measured is what is drawn: lines of many scripts and directions, as
 * captions in every style, against the box of what the overlay draws. Scripts
 * whose fonts are not installed are passed over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/text.h"
#include "script_fixture.h"
#include "subtitles/overlay.h"

enum { WIDTH = 1920, HEIGHT = 1080, CHAINS = 3 };

static const char *const families[] = {
    "DejaVu Sans",       "Noto Sans Thai", "Noto Sans Devanagari",
    "Noto Naskh Arabic", "FreeSans",       "Loma",
    "Lohit Devanagari",
};

static const char *const lines[] = {
    "同志们，大家好 AVATAR fi 123",
    "مرحبا بالعالم",
    "مرحبا بكم في مهرجان القراءة السابع والستين!",
    "שלום עולם (1934)",
    "今天 مرحبا 的朋友",
    "欢迎 שלום 与 مرحبا，Hello 67!",
    "Hello مرحبا world",
    "مرحبا 2022 年 Hello",
    "السلام «عليكم» (أ) [ب]",
    "— שָׁלוֹם — לְכֻלָּם",
    "สวัสดีครับ 大家好 น้ำใจ",
    "नमस्ते दुनिया क्षत्रिय 你好",
    "Ångström ﬁ é 大 e\u0301 Ђ Ω",
    "💡 灯 🎉 好",
    "لا إله AV لله",
    "۱۲۳ و 123 — ٤٥٦",
};

struct stage {
    struct fixture fixture;
    struct overlay_library *library;
};

static void draw_box(struct stage *stage, const struct script *script,
                     struct script_box *box)
{
    const struct overlay_format format = {
        WIDTH,           HEIGHT,           AV_PIX_FMT_YUV420P,
        AVCOL_SPC_BT709, AVCOL_RANGE_MPEG, AVCHROMA_LOC_LEFT};
    struct overlay *overlay = NULL;
    struct buffer window = {0};
    bool shows = false;
    script_window(script, 50, 51, &window);
    assert_int_equal(overlay_create(NULL, stage->library, &format,
                                    buffer_text(&window), NULL, &overlay),
                     0);
    assert_int_equal(
        overlay_at(overlay, script_ms(0, script->frame.rate), &shows), 0);
    assert_true(
        overlay_box(overlay, &box->left, &box->top, &box->right, &box->bottom));
    overlay_destroy(&overlay);
    buffer_clear(&window);
}

/* The overlay's tiles count in pairs of pixels; the event's box holds a pixel
 * of raster on each side. */
static void expect_near(const char *text, const char *edge, int measured,
                        int drawn)
{
    if (abs(measured - drawn) > 3)
        fail_msg("%s: %s measured %d, drawn %d", text, edge, measured, drawn);
}

/* `spacing` as titles have it. */
static void check_line(struct stage *stage, const char *text, double spacing,
                       struct arena *arena)
{
    struct script_frame frame = fixture_frame(&stage->fixture, WIDTH, HEIGHT);
    struct style spaced = *frame.style;
    spaced.roles[ROLE_CAPTION].spacing = spacing;
    frame.style = &spaced;
    struct script_caption caption = {0, 100, text};
    struct script_request request = {.captions = &caption, .caption_count = 1};
    frame.caption_chars = 0;
    const struct script *script = script_build(&frame, &request, arena);
    struct script_box drawn;
    assert_int_equal(script->count, 1);
    const struct script_box *box = &script->events[0].box;
    draw_box(stage, script, &drawn);
    expect_near(text, "left", box->left, drawn.left);
    expect_near(text, "right", box->right, drawn.right);
    expect_near(text, "top", box->top, drawn.top);
    expect_near(text, "bottom", box->bottom, drawn.bottom);
}

static void test_lines(void **state)
{
    struct stage *stage = *state;
    const struct style *style = stage->fixture.style;
    size_t font = style->roles[ROLE_CAPTION].font, passed = 0;
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        if (faces_missing(stage->fixture.faces, font, lines[i])) {
            printf("passed over: %s\n", lines[i]);
            passed++;
            continue;
        }
        struct arena *arena = arena_create();
        check_line(stage, lines[i], 0, arena);
        check_line(stage, lines[i], 9, arena);
        arena_destroy(&arena);
    }
    assert_true(passed < sizeof(lines) / sizeof(*lines));
}

static int stage_open(struct stage *stage, const char *style)
{
    if (!fixture_open(&stage->fixture, style))
        return -1;
    for (size_t i = 0; i < stage->fixture.style->font_count; i++) {
        for (size_t k = 0; k < sizeof(families) / sizeof(*families); k++) {
            struct face_facts facts;
            if (fixture_find(families[k], stage->fixture.style->fonts[i].bold,
                             stage->fixture.arena, &facts))
                faces_add(NULL, stage->fixture.faces, i, &facts);
        }
    }
    return overlay_library_create(NULL, stage->fixture.faces, &stage->library);
}

int main(void)
{
    static struct stage stages[CHAINS];
    static const char *const styles[CHAINS] = {"formal", "clean", "lively"};
    int ret = 0;
    for (size_t i = 0; i < CHAINS && ret == 0; i++) {
        if (stage_open(&stages[i], styles[i]) < 0) {
            ret = fixture_skipped();
        } else {
            struct CMUnitTest tests[] = {
                cmocka_unit_test_prestate(test_lines, &stages[i]),
            };
            ret = cmocka_run_group_tests_name(styles[i], tests, NULL, NULL);
        }
        overlay_library_destroy(&stages[i].library);
        fixture_close(&stages[i].fixture);
    }
    return ret;
}
