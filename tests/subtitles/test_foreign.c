/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording's own ASS script: what is kept of it, which events a window
 * holds, and that a chunk's picture is the one libass gives for the whole
 * file at that moment, wherever the chunk begins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "script_fixture.h"
#include "subtitles/drawing.h"
#include "subtitles/foreign.h"
#include "subtitles/overlay.h"

enum { WIDTH = 640, HEIGHT = 360 };

static const char head[] =
    "[Script Info]\n; an editor's note\nTitle: 标题\nScriptType: v4.00+\n"
    "PlayResX: 320\nPlayResY: 180\nYCbCr Matrix: TV.709\n\n"
    "[Aegisub Project Garbage]\nLast Style Storage: Default\n\n"
    "[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, "
    "SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, "
    "StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, "
    "Alignment, MarginL, MarginR, MarginV, Encoding\n"
    "Style: Default,微软雅黑,20,&H0000FFFF,&H000000FF,&H00800000,&H80000000,"
    "0,0,0,0,100,100,0,0,1,2,1,2,10,10,10,1\n"
    "Style: Sign, Noto Sans CJK SC ,24,&H00FFFFFF,&H000000FF,&H00000000,"
    "&H80000000,0,0,0,0,100,100,0,0,1,2,1,8,10,10,10,1\n\n"
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, "
    "MarginV, Effect, Text\n";

static const char events[] =
    "Dialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,单独的一条\n"
    "Dialogue: 0,0:00:10.00,0:00:14.00,Default,,0,0,0,,{\\kf100}不忘"
    "{\\kf100}初心\n"
    "Comment: 0,0:00:10.00,0:00:14.00,Default,,0,0,0,,不是字幕\n"
    "Dialogue: 0,0:00:12.00,0:00:18.00,Default,甲,0,0,5,,牢记使命\n"
    "Dialogue: 0,0:00:14.00,0:00:20.00,Default,,0,0,0,,砥砺, 前行\n"
    "Dialogue: 2,0:00:11.00,0:00:19.00,Sign,,0,0,0,,{\\move(20,20,200,90)"
    "\\fnSimHei\\blur1\\t(0,8000,\\frz40)}移动的字\n"
    "Dialogue: 2,0:00:15.00,0:00:19.00,Sign,,0,0,0,,{\\pos(200,60)\\p1}m 0 0 l "
    "40 0 40 40 0 40{\\p0}\n"
    "Dialogue: 0,0:00:30.00,0:00:29.00,Default,,0,0,0,,倒着的\n";

struct stage {
    struct fixture fixture;
    struct overlay_library *library;
    struct foreign *foreign;
    char *script;
};

static const struct foreign_frame own_frame = {.width = WIDTH,
                                               .height = HEIGHT};

/* A safe area that the script's own margins keep to. */
static struct foreign_rules rules_of(const struct stage *stage)
{
    return (struct foreign_rules){
        .safe = {8, 8, WIDTH - 8, HEIGHT - 8},
        .caption_bottom = HEIGHT - 40,
        .caption_px = 20,
        .font = 1,
    };
}

static char *window_of(struct stage *stage, int64_t first, int64_t end)
{
    struct buffer out = {0};
    struct foreign_rules rules = rules_of(stage);
    struct foreign_fitted *fitted = foreign_fit(
        stage->foreign, &own_frame, &rules, 0, 100000, stage->fixture.arena);
    foreign_place(fitted, &rules, NULL, 0, stage->fixture.arena);
    foreign_window(fitted, first, end, 1000, NULL, 0, &out);
    char *text = arena_strdup(stage->fixture.arena, buffer_text(&out));
    buffer_clear(&out);
    return text;
}

static void test_what_is_kept(void **state)
{
    struct stage *stage = *state;
    const char *info = stage->foreign->info, *styles = stage->foreign->styles;
    assert_int_equal(stage->foreign->count, 6);
    assert_int_equal(stage->foreign->order_count, 4);
    assert_int_equal(stage->foreign->play_x, 320);
    assert_int_equal(stage->foreign->play_y, 180);
    assert_non_null(strstr(info, "YCbCr Matrix: TV.709\n"));
    assert_non_null(
        strstr(styles, "Style: Default,Noto Sans CJK SC,20,&H0000FFFF,"));
    assert_non_null(strstr(styles, "Style: Sign,Noto Sans CJK SC,24,"));
    assert_null(strstr(info, "Title"));
    assert_null(strstr(styles, "Garbage"));
    assert_int_equal(stage->foreign->style_count, 2);
    assert_int_equal(stage->foreign->style_list[1].alignment, 8);
    assert_string_equal(stage->foreign->missing, "微软雅黑, SimHei");
    const struct foreign_event *moved = &stage->foreign->events[4];
    assert_true(moved->placed && moved->fixed);
    assert_string_equal(moved->layer, "2");
    assert_string_equal(moved->style_name, "Sign");
    assert_string_equal(moved->words,
                        "{\\move(20,20,200,90)\\fnNoto Sans CJK SC\\blur1"
                        "\\t(0,8000,\\frz40)}移动的字");
    assert_string_equal(stage->foreign->events[3].words, "砥砺, 前行");
    assert_false(stage->foreign->events[3].fixed);
}

/* Corrections are done in words; a face is asked for what ours lack. */
static void test_words(void **state)
{
    struct stage *stage = *state;
    struct correction list[] = {{"初心", "本心", 1, 0}, {"pos", "xxx", 2, 0}};
    struct corrections corrections = {list, 2};
    const struct foreign *read = foreign_read(
        "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,X,,0,0,0,,{\\pos(1,2)}"
        "不忘初心\\NԱ\n",
        stage->fixture.faces, 1, &corrections, stage->fixture.arena);
    assert_int_equal(read->count, 1);
    assert_non_null(strstr(read->events[0].words, "{\\pos(1,2)}不忘本心\\N"));
    assert_int_equal(list[0].hits, 0);
    const struct face_facts *other = faces_for(stage->fixture.faces, 1, 0x531);
    if (other) {
        char *tag =
            arena_printf(stage->fixture.arena, "{\\fn%s\\fs", other->family);
        assert_non_null(strstr(read->events[0].words, tag));
    }
}

static void test_windows(void **state)
{
    struct stage *stage = *state;
    assert_string_equal(window_of(stage, 3000, 10000), "");
    assert_string_equal(window_of(stage, 20000, 90000), "");
    const char *one = window_of(stage, 2000, 4000);
    assert_non_null(strstr(one, "[Script Info]\n" FOREIGN_CLOCK "1000\n"));
    assert_non_null(strstr(one, "单独的一条"));
    assert_null(strstr(one, "不忘"));
    /* At 16 s the first of the run has gone, but the second stands where it
     * does because of it; as it has its place the first is not needed. */
    const char *run = window_of(stage, 16000, 17000);
    assert_null(strstr(run, "不忘"));
    assert_non_null(strstr(run, "牢记"));
    assert_null(strstr(run, "单独"));
    assert_null(strstr(window_of(stage, 19000, 20000), "移动"));
}

static void draw(struct stage *stage, const char *script, int64_t ms,
                 AVFrame *frame)
{
    const struct overlay_format format = {
        WIDTH,           HEIGHT,           AV_PIX_FMT_YUV420P,
        AVCOL_SPC_BT709, AVCOL_RANGE_MPEG, AVCHROMA_LOC_LEFT};
    struct overlay *overlay = NULL;
    bool shows = false;
    assert_int_equal(
        overlay_create(NULL, stage->library, &format, script, NULL, &overlay),
        0);
    assert_int_equal(overlay_at(overlay, ms, &shows), 0);
    if (shows)
        overlay_draw(overlay, frame);
    overlay_destroy(&overlay);
}

static bool frames_equal(const AVFrame *a, const AVFrame *b)
{
    for (int i = 0; i < 3; i++) {
        for (int y = 0; y < (i ? HEIGHT / 2 : HEIGHT); y++) {
            if (memcmp(a->data[i] + y * a->linesize[i],
                       b->data[i] + y * b->linesize[i],
                       i ? WIDTH / 2 : WIDTH) != 0)
                return false;
        }
    }
    return true;
}

static AVFrame *ground(void)
{
    return drawing_frame(WIDTH, HEIGHT, AV_PIX_FMT_YUV420P,
                         (int[]){90, 120, 130});
}

/* A clip's script whose shot shows the recording from 9.96 s on. */
static struct script *clip_script(struct stage *stage, AVRational rate,
                                  const struct script_foreign *foreign,
                                  const struct script_quote *quote)
{
    struct script_frame frame = fixture_frame(&stage->fixture, WIDTH, HEIGHT);
    struct script_request request = {
        .foreigns = foreign,
        .foreign_count = 1,
        .quotes = quote,
        .quote_count = quote ? 1 : 0,
    };
    frame.rate = rate;
    frame.safe = (struct script_box){8, 8, WIDTH - 8, HEIGHT - 8};
    return script_build(&frame, &request, stage->fixture.arena);
}

/* The file itself as libass reads it, at the recording's time: families that
 * nobody has are drawn in the first face there too. */
static void test_pictures_are_the_file_s(void **state)
{
    struct stage *stage = *state;
    const AVRational rates[] = {{25, 1}, {30, 1}, {50, 1}};
    for (size_t r = 0; r < 3; r++) {
        struct script_foreign foreign = {
            .start_tick = 50,
            .end_tick = 1000,
            .start_flicks = FLICKS_PER_SECOND * 996 / 100,
            .file = "cam1.ass",
            .foreign = stage->foreign,
            .frame = own_frame,
        };
        const struct script *script =
            clip_script(stage, rates[r], &foreign, NULL);
        int shown = 0;
        for (int64_t first = 50; first < 550; first += 45) {
            struct buffer window = {0};
            int64_t n = first + 37 % (first + 1);
            AVFrame *one = ground(), *two = ground(), *none = ground();
            script_window(script, first, first + 45, &window);
            draw(stage, buffer_text(&window), script_ms(n - first, rates[r]),
                 one);
            /* The recording's time under the tick, rounded as ours is. */
            int64_t ms = 9960 + (n - 50) * 1000 * rates[r].den / rates[r].num;
            draw(stage, stage->script, ms, two);
            /* Two that stand at once are stacked by us, a pixel or two apart
             * from where libass would. */
            bool stacked = ms >= 12000 && ms < 18000;
            assert_true(stacked || frames_equal(one, two));
            shown += !frames_equal(one, none);
            av_frame_free(&one);
            av_frame_free(&two);
            av_frame_free(&none);
            buffer_clear(&window);
        }
        assert_true(shown > 3);
    }
}

/* An event that begins on a whole frame shows from that frame on, at rates
 * whose frames lie between milliseconds, wherever the chunk begins. */
static void test_events_begin_on_their_frame(void **state)
{
    struct stage *stage = *state;
    const AVRational rate = {30, 1};
    struct script_foreign foreign = {.start_tick = 0,
                                     .end_tick = 1000,
                                     .file = "cam1.ass",
                                     .foreign = stage->foreign,
                                     .frame = own_frame};
    const struct script *script = clip_script(stage, rate, &foreign, NULL);
    for (int64_t first = 20; first <= 30; first++) {
        for (int64_t n = 29; n <= 30; n++) {
            struct buffer window = {0};
            AVFrame *one = ground(), *none = ground();
            script_window(script, first, first + 40, &window);
            draw(stage, buffer_text(&window), script_ms(n - first, rate), one);
            if (n >= first)
                assert_int_equal(frames_equal(one, none), n < 30);
            av_frame_free(&one);
            av_frame_free(&none);
            buffer_clear(&window);
        }
    }
}

/* Under a quote nothing of it is seen; before and behind it is. */
static void test_quotes_hide_it(void **state)
{
    struct stage *stage = *state;
    struct script_foreign foreign = {
        .start_tick = 0,
        .end_tick = 500,
        .start_flicks = 10 * FLICKS_PER_SECOND,
        .file = "cam1.ass",
        .foreign = stage->foreign,
        .frame = own_frame,
    };
    struct script_quote quote = {50, 150, "金句", NULL};
    const AVRational rate = {25, 1};
    const struct script *with = clip_script(stage, rate, &foreign, &quote);
    assert_int_equal(with->hole_count, 1);
    struct script only = *with;
    only.foreign_count = 0;
    for (int64_t n = 30; n < 200; n += 60) {
        struct buffer both = {0}, alone = {0};
        AVFrame *one = ground(), *two = ground();
        script_window(with, 20, 220, &both);
        script_window(&only, 20, 220, &alone);
        draw(stage, buffer_text(&both), script_ms(n - 20, rate), one);
        draw(stage, buffer_text(&alone), script_ms(n - 20, rate), two);
        bool quoted =
            n >= with->holes[0].start_tick && n < with->holes[0].end_tick;
        assert_int_equal(frames_equal(one, two), quoted);
        av_frame_free(&one);
        av_frame_free(&two);
        buffer_clear(&both);
        buffer_clear(&alone);
    }
}

/* Moving the clip's first frame leaves the text of a chunk that shows the same
 * stretch of the recording. */
static void test_text_does_not_depend_on_the_clip(void **state)
{
    struct stage *stage = *state;
    struct buffer texts[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++) {
        struct script_foreign foreign = {
            .start_tick = 0,
            .end_tick = 500,
            .start_flicks = (10 + i) * FLICKS_PER_SECOND,
            .file = "cam1.ass",
            .foreign = stage->foreign,
            .frame = own_frame,
        };
        const struct script *script =
            clip_script(stage, (AVRational){25, 1}, &foreign, NULL);
        script_window(script, 50 - 25 * i, 150 - 25 * i, &texts[i]);
    }
    assert_string_equal(buffer_text(&texts[0]), buffer_text(&texts[1]));
    assert_true(texts[0].size > 0);
    buffer_clear(&texts[0]);
    buffer_clear(&texts[1]);
}

/* Lines cut out of a file, with neither styles nor a script's type. */
static void test_fragment_is_drawn(void **state)
{
    struct stage *stage = *state;
    struct script_foreign foreign = {
        .end_tick = 500,
        .file = "cam1.ass",
        .frame = own_frame,
        .foreign =
            foreign_read("[Events]\nFormat: Start, End, Text\n"
                         "Dialogue: 0:00:01.00,0:00:09.00,没有样式的一行\n",
                         stage->fixture.faces, 1, NULL, stage->fixture.arena),
    };
    const AVRational rate = {25, 1};
    const struct script *script = clip_script(stage, rate, &foreign, NULL);
    struct buffer window = {0};
    AVFrame *one = ground(), *none = ground();
    script_window(script, 50, 100, &window);
    draw(stage, buffer_text(&window), script_ms(10, rate), one);
    assert_false(frames_equal(one, none));
    av_frame_free(&one);
    av_frame_free(&none);
    buffer_clear(&window);
}

/* A fall-back character in the middle of a family that the author chose. */
static void test_family_returns(void **state)
{
    struct stage *stage = *state;
    const struct face_facts *other = faces_for(stage->fixture.faces, 1, 0x531);
    if (!other)
        skip();
    const struct foreign *read = foreign_read(
        "[V4+ Styles]\nFormat: Name, Fontname, Fontsize\n"
        "Style: A,Noto Sans CJK SC,20\nStyle: B,Noto Serif CJK SC,20\n"
        "[Events]\nFormat: Start, End, Style, Text\n"
        "Dialogue: 0:00:01.00,0:00:02.00,A,{\\b1\\i1\\fnNoto Serif CJK SC}"
        "字Ա字{\\fn}字Ա{\\rB}字Ա\n",
        stage->fixture.faces, 1, NULL, stage->fixture.arena);
    const struct faces *faces = stage->fixture.faces;
    const char *away[2]; /* from Sans, from Serif: ems stay as they are */
    for (int i = 0; i < 2; i++) {
        const char *name = i ? "Noto Serif CJK SC" : "Noto Sans CJK SC";
        const struct face_wish wish = {name, strlen(name), 700, true};
        size_t font = faces_chain(faces, &wish, 1);
        double whole = faces_ass_size(faces_for(faces, font, ' '), faces, 20);
        away[i] = arena_printf(stage->fixture.arena, "{\\fn%s\\fs%.2f}Ա",
                               other->family,
                               20 * faces_ass_size(other, faces, 20) / whole);
    }
    char *expected = arena_printf(
        stage->fixture.arena,
        "{\\b1\\i1\\fnNoto Serif CJK SC}字%s{\\fnNoto Serif CJK SC\\fs20.00}字"
        "{\\fn}字%s{\\fnNoto Sans CJK SC\\fs20.00}{\\rB}字%s"
        "{\\fnNoto Serif CJK SC\\fs20.00}",
        away[1], away[0], away[1]);
    assert_string_equal(read->events[0].words, expected);
}

int main(void)
{
    static struct stage stage;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_what_is_kept, &stage),
        cmocka_unit_test_prestate(test_words, &stage),
        cmocka_unit_test_prestate(test_windows, &stage),
        cmocka_unit_test_prestate(test_pictures_are_the_file_s, &stage),
        cmocka_unit_test_prestate(test_events_begin_on_their_frame, &stage),
        cmocka_unit_test_prestate(test_quotes_hide_it, &stage),
        cmocka_unit_test_prestate(test_text_does_not_depend_on_the_clip,
                                  &stage),
        cmocka_unit_test_prestate(test_fragment_is_drawn, &stage),
        cmocka_unit_test_prestate(test_family_returns, &stage),
    };
    int ret = 0;
    if (fixture_open(&stage.fixture, "clean") &&
        overlay_library_create(NULL, stage.fixture.faces, &stage.library) ==
            0) {
        stage.script = arena_printf(stage.fixture.arena, "%s%s", head, events);
        stage.foreign = foreign_read(stage.script, stage.fixture.faces, 1, NULL,
                                     stage.fixture.arena);
        ret = cmocka_run_group_tests(tests, NULL, NULL);
    } else {
        ret = fixture_skipped();
    }
    overlay_library_destroy(&stage.library);
    fixture_close(&stage.fixture);
    return ret;
}
