/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Not one pixel of text outside the safe area: 500 texts of 1 to 80 characters
 * in every style, shape and kind, drawn by the overlay and looked for in the
 * picture. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "all_styles.h"
#include "script_texts.h"
#include "subtitles/drawing.h"

static bool is_touched(const AVFrame *frame, int plane, int x, int y, int was)
{
    int now = frame->data[plane][y * frame->linesize[plane] + x];
    /* libass's rasteriser gives the pixel beyond an edge that lies on a
     * pixel's border a coverage of 1/255. */
    return abs(now - was) > 2;
}

/* The box of what differs from `codes` in a plane, right and bottom included;
 * false: nothing does. */
static bool touched_box(const AVFrame *frame, int plane, const int codes[3],
                        struct script_box *box)
{
    int width = plane ? frame->width / 2 : frame->width;
    int height = plane ? frame->height / 2 : frame->height;
    *box = (struct script_box){width, height, -1, -1};
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            if (!is_touched(frame, plane, x, y, codes[plane]))
                continue;
            box->left = x < box->left ? x : box->left;
            box->top = y < box->top ? y : box->top;
            box->right = x > box->right ? x : box->right;
            box->bottom = y > box->bottom ? y : box->bottom;
        }
    }
    return box->right >= 0;
}

/* Drawn on a frame of one colour: whatever differs from it is text, plate or
 * ornament, and none of it lies outside the safe area. */
static void check_drawn(struct stage *stage, size_t style,
                        const struct script *script, int64_t tick)
{
    static const int codes[3] = {120, 100, 140};
    const struct script_frame *of = &script->frame;
    const struct overlay_format format = {
        of->width,       of->height,       AV_PIX_FMT_YUV420P,
        AVCOL_SPC_BT709, AVCOL_RANGE_MPEG, AVCHROMA_LOC_LEFT};
    struct overlay *overlay = NULL;
    struct buffer window = {0};
    struct script_box box;
    bool shows = false;
    AVFrame *frame =
        drawing_frame(of->width, of->height, AV_PIX_FMT_YUV420P, codes);
    script_window(script, tick, tick + 1, &window);
    assert_int_equal(overlay_create(NULL, stage->libraries[style], &format,
                                    buffer_text(&window), NULL, &overlay),
                     0);
    assert_int_equal(overlay_at(overlay, script_ms(0, of->rate), &shows), 0);
    assert_true(shows);
    overlay_draw(overlay, frame);
    assert_true(touched_box(frame, 0, codes, &box));
    if (box.left < of->safe.left || box.top < of->safe.top ||
        box.right >= of->safe.right || box.bottom >= of->safe.bottom)
        fail_msg("%d,%d-%d,%d of %dx%d\n%s", box.left, box.top, box.right,
                 box.bottom, of->width, of->height, buffer_text(&window));
    /* A chroma sample covers two columns, and its filter one more. */
    for (int plane = 1; plane < 3; plane++) {
        if (!touched_box(frame, plane, codes, &box))
            continue;
        assert_true(2 * box.left >= of->safe.left - 2);
        assert_true(2 * box.right <= of->safe.right);
        assert_true(2 * box.top >= of->safe.top - 1);
        assert_true(2 * box.bottom <= of->safe.bottom);
    }
    av_frame_free(&frame);
    overlay_destroy(&overlay);
    buffer_clear(&window);
}

/* 500 texts of 1 to 80 characters, as each kind of text in turn. */
static struct script *make_one(const struct fixture *fixture, int round,
                               const char *text, struct arena *arena)
{
    static const int small[][2] = {{854, 480}, {480, 854}, {480, 480}};
    const int *shape = small[round % (int)COUNT(small)];
    struct script_frame frame = fixture_frame(fixture, shape[0], shape[1]);
    struct script_caption caption = {0, 100, text};
    struct script_title title = {0, 100, text, text, NULL};
    struct script_strap strap = {0, 100, "欧阳修远", text};
    struct script_quote quote = {0, 100, text, "徐解秀"};
    struct script_card card = {0, 100, "读书会", text, NULL, text};
    struct script_request request = {0};
    switch (round / (int)COUNT(small) % 6) {
    case 0:
        request.title = &title;
        break;
    case 1:
        request.quotes = &quote;
        request.quote_count = 1;
        break;
    case 2:
        request.card = &card;
        break;
    case 3:
        request.straps = &strap;
        request.strap_count = 1;
        break;
    default:
        request.captions = &caption;
        request.caption_count = 1;
    }
    return script_build(&frame, &request, arena);
}

static void test_no_pixel_outside(void **state)
{
    struct stage *stage = *state;
    uint32_t random = 2022;
    for (int round = 0; round < 500; round++) {
        size_t style = (size_t)round % COUNT(styles);
        struct arena *arena = arena_create();
        const char *text = make_text(&random, 80, arena);
        /* Blanks alone are no text. */
        if (text_is_blank(text))
            text = "字";
        check_drawn(stage, style,
                    make_one(&stage->fixtures[style], round / 3, text, arena),
                    round % 2 ? 50 : 4); /* at rest, and coming in */
        arena_destroy(&arena);
    }
}

/* What ASS reads as words and nothing else. */
static const char *plain_words(const char *text, struct arena *arena)
{
    struct buffer out = {0};
    for (; *text; text++) {
        if (*text == '\n' || *text == '\r')
            buffer_puts(&out, "\\N");
        else if (!strchr("{}\\", *text))
            buffer_append(&out, text, 1);
    }
    const char *words = arena_strdup(arena, buffer_text(&out));
    buffer_clear(&out);
    return text_is_blank(words) ? "字" : words;
}

/* A recording's own script: dialogue of any size, place and length, in frames
 * of the recording's shape, cropped, and boxed. */
static struct script *make_foreign(const struct fixture *fixture, int round,
                                   const char *text, struct arena *arena)
{
    static const struct foreign_frame frames[] = {
        {854, 480, {0}, 1920, 1080},
        {480, 854, {-519, 0, 999, 854}, 1920, 1080},
        {480, 854, {0, 292, 480, 562}, 1920, 1080},
        {480, 480, {-186, 0, 667, 480}, 1920, 1080},
    };
    struct script_foreign *foreign = arena_alloc(arena, sizeof(*foreign));
    const struct foreign_frame *of = &frames[round % (int)COUNT(frames)];
    struct script_frame frame = fixture_frame(fixture, of->width, of->height);
    const char *script = arena_printf(
        arena,
        "[Script Info]\nPlayResX: 1920\nPlayResY: 1080\n"
        "ScaledBorderAndShadow: yes\n[V4+ Styles]\n"
        "Format: Name, Fontname, Fontsize, PrimaryColour, Bold, ScaleX, "
        "ScaleY, "
        "BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV\n"
        "Style: Default,%s,%d,&H00FFFFFF,%d,%d,%d,1,%d,%d,%d,%d,%d,%d\n"
        "[Events]\nFormat: Start, End, Style, MarginL, MarginR, MarginV, "
        "Text\nDialogue: 0:00:00.00,0:00:04.00,Default,0,0,0,%s%s\n",
        round % 2 ? "Noto Sans CJK SC" : "No Such Family", 30 + round % 7 * 20,
        -(round % 3 == 0), 80 + round % 5 * 15, 80 + round % 4 * 15, round % 6,
        round % 4, 1 + round % 9, round % 11 * 20, round % 13 * 20,
        round % 8 * 10, round % 10 ? "" : "{\\fs140\\b1}",
        plain_words(text, arena));
    *foreign = (struct script_foreign){
        .end_tick = 100,
        .foreign =
            foreign_read(script, fixture->faces,
                         fixture->style->roles[ROLE_CAPTION].font, NULL, arena),
        .frame = *of,
    };
    struct script_request request = {.foreigns = foreign, .foreign_count = 1};
    return script_build(&frame, &request, arena);
}

static void test_foreign_inside(void **state)
{
    struct stage *stage = *state;
    uint32_t random = 1934;
    for (int round = 0; round < 500; round++) {
        size_t style = (size_t)round % COUNT(styles);
        struct arena *arena = arena_create();
        const char *text = make_text(&random, 80, arena);
        check_drawn(stage, style,
                    make_foreign(&stage->fixtures[style], round, text, arena),
                    50);
        arena_destroy(&arena);
    }
}

int main(void)
{
    static struct stage stage;
    bool ready = stage_open(&stage);
    struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_no_pixel_outside, &stage),
        cmocka_unit_test_prestate(test_foreign_inside, &stage),
    };
    int ret =
        ready ? cmocka_run_group_tests(tests, NULL, NULL) : fixture_skipped();
    stage_close(&stage);
    return ret;
}
