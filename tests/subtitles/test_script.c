/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scripts: time to the tick at every rate, windows that change only where the
 * text does, and what gives way to what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "all_styles.h"
#include "base/buffer.h"
#include "base/text.h"

/* --- time ----------------------------------------------------------------- */

static int64_t read_time(const char *text)
{
    int hours, minutes, seconds, hundredths;
    assert_int_equal(
        sscanf(text, "%d:%d:%d.%d", &hours, &minutes, &seconds, &hundredths),
        4);
    return ((hours * 60 + minutes) * 60 + seconds) * INT64_C(1000) +
           hundredths * 10;
}

/* Start and end of the event whose words are `words`; false: none. */
static bool find_event(const char *script, const char *words, int64_t *start,
                       int64_t *end)
{
    const char *at = strstr(script, words);
    if (!at)
        return false;
    while (at > script && at[-1] != '\n')
        at--;
    assert_int_equal(strncmp(at, "Dialogue: ", 10), 0);
    const char *first = strchr(at, ',') + 1;
    *start = read_time(first);
    *end = read_time(strchr(first, ',') + 1);
    return true;
}

static void check_window(const struct script *script, int64_t first,
                         int64_t end, AVRational rate)
{
    struct buffer window = {0};
    script_window(script, first, end, &window);
    for (size_t c = 0; c < script->caption_count; c++) {
        const struct script_caption *caption = &script->captions[c];
        int64_t from = 0, to = 0;
        bool found =
            find_event(buffer_text(&window), caption->text, &from, &to);
        for (int64_t n = first; n < end; n++) {
            int64_t ms = script_ms(n - first, rate);
            bool shows = found && from <= ms && ms < to;
            bool should = caption->start_tick <= n && n < caption->end_tick;
            assert_int_equal(shows, should);
        }
    }
    buffer_clear(&window);
}

/* Every tick sees exactly its events, in whatever chunk it lies. */
static void test_every_tick(void **state)
{
    struct stage *stage = *state;
    static const AVRational rates[] = {
        {24000, 1001}, {24, 1},       {25, 1}, {30000, 1001}, {30, 1},
        {50, 1},       {60000, 1001}, {60, 1}, {100, 1},
    };
    for (size_t r = 0; r < COUNT(rates); r++) {
        struct script_frame frame =
            fixture_frame(&stage->fixtures[1], 640, 360);
        frame.rate = rates[r];
        struct script_caption captions[] = {
            {0, 1, "甲"},    {1, 8, "乙"},     {8, 97, "丙"},
            {98, 203, "丁"}, {203, 210, "戊"}, {500, 1000, "己"},
        };
        struct script_request request = {.captions = captions,
                                         .caption_count = COUNT(captions)};
        struct script *script =
            script_build(&frame, &request, stage->fixtures[1].arena);
        assert_int_equal(script->caption_count, COUNT(captions));
        for (int64_t first = 0; first < 700; first += 13)
            check_window(script, first, first + 40, rates[r]);
    }
}

static void test_origin(void **state)
{
    assert_int_equal(script_ms(0, (AVRational){25, 1}), SCRIPT_ORIGIN_MS);
    assert_int_equal(script_ms(1, (AVRational){30000, 1001}),
                     SCRIPT_ORIGIN_MS + 33);
    assert_int_equal(script_ms(-1, (AVRational){30000, 1001}),
                     SCRIPT_ORIGIN_MS - 34);
    assert_int_equal(script_ms(30000, (AVRational){30000, 1001}),
                     SCRIPT_ORIGIN_MS + 1001000);
}

static char *window_text(const struct script *script, int64_t first,
                         int64_t end, struct arena *arena)
{
    struct buffer out = {0};
    script_window(script, first, end, &out);
    char *text = arena_strdup(arena, buffer_text(&out));
    buffer_clear(&out);
    return text;
}

/* A change touches the windows at it and no others. */
static void test_windows_are_local(void **state)
{
    struct stage *stage = *state;
    struct arena *arena = stage->fixtures[0].arena;
    struct script_frame frame = fixture_frame(&stage->fixtures[0], 1280, 720);
    struct script_caption captions[] = {{0, 150, "第一条字幕"},
                                        {150, 480, "第二条字幕"}};
    struct script_title title = {0, 400, "标题", "副标题", "读书会第67期"};
    struct script_request request = {
        .captions = captions, .caption_count = 2, .title = &title};
    const struct script *before = script_build(&frame, &request, arena);
    captions[1].text = "第二条改过的字幕";
    captions[1].end_tick = 470;
    title.end_tick = 410;
    const struct script *after = script_build(&frame, &request, arena);
    for (int64_t first = 0; first < 500; first += 100) {
        const char *one = window_text(before, first, first + 100, arena);
        const char *two = window_text(after, first, first + 100, arena);
        if (first == 0)
            assert_string_equal(one, two);
        else
            assert_string_not_equal(one, two);
    }
    assert_string_equal(window_text(before, 500, 600, arena), "");

    /* The same words standing still give the same text at any place. */
    captions[1].end_tick = 2000;
    title.end_tick = 100;
    const struct script *still = script_build(&frame, &request, arena);
    const char *later = window_text(still, 500, 600, arena);
    assert_string_equal(later, window_text(still, 1700, 1800, arena));
    /* Nor has the look of what isn't there a say. */
    assert_non_null(strstr(later, "Style: Caption,"));
    assert_null(strstr(later, "Style: Title,"));
    assert_null(strstr(later, "Style: Shape,"));
    const char *titled = window_text(still, 0, 100, arena);
    assert_non_null(strstr(titled, "Style: Title,"));
    assert_non_null(strstr(titled, "Style: Shape,"));
    assert_null(strstr(titled, "Style: Quote,"));
}

/* --- what gives way ------------------------------------------------------- */

static void test_giving_way(void **state)
{
    struct stage *stage = *state;
    struct script_frame frame = fixture_frame(&stage->fixtures[0], 1280, 720);
    static const struct script_caption captions[] = {
        {0, 300, "一直说到金句之后的字幕"},
        {300, 330, "被金句盖住"},
        {480, 600, "到片尾为止"},
    };
    static const struct script_strap straps[] = {{0, 100, "李明", "主任"},
                                                 {200, 340, "王芳", NULL}};
    static const struct script_quote quotes[] = {{250, 350, "金句", "李明"}};
    static const struct script_title title = {0, 100, "标题", NULL, NULL};
    static const struct script_card card = {500, 550, "系列", NULL, NULL, NULL};
    struct script_request request = {
        .captions = captions,
        .caption_count = 3,
        .straps = straps,
        .strap_count = 2,
        .quotes = quotes,
        .quote_count = 1,
        .title = &title,
        .card = &card,
    };
    const struct script *script =
        script_build(&frame, &request, stage->fixtures[0].arena);
    assert_int_equal(script->caption_count, 2);
    assert_int_equal(script->captions[0].end_tick, 250);
    assert_int_equal(script->captions[1].start_tick, 480);
    assert_int_equal(script->captions[1].end_tick, 500);
    for (size_t i = 0; i < script->count; i++) {
        const struct script_event *event = &script->events[i];
        assert_true(event->end_tick > event->start_tick);
        if (strcmp(event->style, "Name") != 0)
            continue;
        if (strstr(event->text, "李明"))
            assert_int_equal(event->start_tick, 100);
        else
            assert_int_equal(event->end_tick, 250);
    }
}

static void test_split_in_time(void **state)
{
    struct stage *stage = *state;
    struct script_frame frame = fixture_frame(&stage->fixtures[1], 1920, 1080);
    struct script_caption caption = {
        100, 400,
        "同志们，朋友们，今天我们在这里举行读书会，主要有三个目的：第一，重温党"
        "的"
        "历史；第二，学习先进人物；第三，交流读书心得。"};
    struct script_request request = {.captions = &caption, .caption_count = 1};
    const struct script *script =
        script_build(&frame, &request, stage->fixtures[1].arena);
    assert_true(script->caption_count >= 2);
    assert_int_equal(script->captions[0].start_tick, 100);
    for (size_t i = 0; i < script->caption_count; i++) {
        int lines = 1;
        for (const char *at = script->captions[i].text; *at; at++)
            lines += *at == '\n';
        assert_true(lines <= 2);
        if (i)
            assert_int_equal(script->captions[i].start_tick,
                             script->captions[i - 1].end_tick);
    }
    assert_int_equal(script->captions[script->caption_count - 1].end_tick, 400);
    assert_false(script->overflow);

    caption.end_tick = 110; /* too short to be split: set smaller */
    script = script_build(&frame, &request, stage->fixtures[1].arena);
    assert_int_equal(script->caption_count, 1);
    assert_true(script->overflow);
}

/* Two languages and two voices stay on lines of their own, in no more room than
 * any caption; three that are shown at once are one text. */
static void test_apart(void **state)
{
    struct stage *stage = *state;
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"不忘初心\u2028Stay true to our mission",
         "不忘初心\nStay true to our mission"},
        {"- 你是谁？\u2028- 我是李明。", "- 你是谁？\n- 我是李明。"},
        {"好\u2028OK", "好\nOK"},
        {"中国共产党第二十次全国代表大会\u2028The 20th National Congress of "
         "the Communist Party of China",
         "中国共产党第二十次全国代表大会\nThe 20th National Congress of\nthe "
         "Communist Party of China"},
        {"一 \u2028 二\u2028三", "一 二 三"},
        {"\u2028二", "二"},
    };
    for (int shape = 0; shape < 2; shape++) {
        struct script_frame frame = fixture_frame(
            &stage->fixtures[1], shape ? 1080 : 1920, shape ? 1920 : 1080);
        for (size_t i = 0; i < COUNT(cases); i++) {
            struct script_caption caption = {0, 100, cases[i].text};
            struct script_request request = {.captions = &caption,
                                             .caption_count = 1};
            const struct script *script =
                script_build(&frame, &request, stage->fixtures[1].arena);
            assert_int_equal(script->caption_count, 1);
            assert_string_equal(script->captions[0].text, cases[i].shown);
            const struct script *plain = script_build(
                &frame,
                &(struct script_request){
                    .captions =
                        &(struct script_caption){
                            0, 100, "同志们好，今天我们在这里一起学习党的历史"},
                    .caption_count = 1},
                stage->fixtures[1].arena);
            for (size_t k = 0; k < script->count; k++) {
                assert_true(script->events[k].box.top >=
                            plain->events[0].box.top - 8);
                assert_true(script->events[k].box.bottom <= frame.safe.bottom);
            }
        }
    }
}

static void test_print(void **state)
{
    struct stage *stage = *state;
    struct script_frame frame = fixture_frame(&stage->fixtures[1], 1920, 1080);
    struct script_caption caption = {25, 60, "同志们好"};
    struct script_request request = {.captions = &caption, .caption_count = 1};
    const struct script *script =
        script_build(&frame, &request, stage->fixtures[1].arena);
    struct buffer out = {0};
    script_print(script, &out);
    const char *text = buffer_text(&out);
    static const char *const lines[] = {
        "[Script Info]\nScriptType: v4.00+\nPlayResX: 1920\nPlayResY: 1080\n",
        "WrapStyle: 2\nScaledBorderAndShadow: yes\n",
        "YCbCr Matrix: None\n",
        "\nStyle: Caption,Noto Sans CJK SC,89.78,&H00FFFFFF,",
        "\nDialogue: 5,0:00:01.00,0:00:02.40,Caption,,0,0,0,,{\\an7\\pos(",
    };
    for (size_t i = 0; i < COUNT(lines); i++)
        assert_non_null(strstr(text, lines[i]));
    buffer_clear(&out);
}

static void test_nothing(void **state)
{
    struct stage *stage = *state;
    struct script_frame frame = fixture_frame(&stage->fixtures[1], 640, 360);
    struct script_request request = {0};
    struct arena *arena = stage->fixtures[1].arena;
    const struct script *script = script_build(&frame, &request, arena);
    assert_int_equal(script->count, 0);
    assert_string_equal(window_text(script, 0, 100, arena), "");
    struct script_title blank = {0, 1, " ", NULL, ""};
    assert_int_equal(script_poster(&frame, &blank, arena)->count, 0);
}

int main(void)
{
    static struct stage stage;
    bool ready = stage_open(&stage);
    struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_origin, &stage),
        cmocka_unit_test_prestate(test_every_tick, &stage),
        cmocka_unit_test_prestate(test_windows_are_local, &stage),
        cmocka_unit_test_prestate(test_giving_way, &stage),
        cmocka_unit_test_prestate(test_split_in_time, &stage),
        cmocka_unit_test_prestate(test_apart, &stage),
        cmocka_unit_test_prestate(test_print, &stage),
        cmocka_unit_test_prestate(test_nothing, &stage),
    };
    int ret =
        ready ? cmocka_run_group_tests(tests, NULL, NULL) : fixture_skipped();
    stage_close(&stage);
    return ret;
}
