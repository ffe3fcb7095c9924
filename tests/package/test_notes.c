/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the desk reads: names once each, captions as running text. */
#include "package/notes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void expect(const struct buffer *text, const char *words)
{
    if (strstr(buffer_text(text), words))
        return;
    print_error("no <%s> in:\n%s\n", words, buffer_text(text));
    fail();
}

/* Two clips of one recipient; the first has captions. */
static void print(struct session *session, struct buffer *out)
{
    static const char *first[] = {"王芳芳 老师", "李明"};
    static const char *second[] = {"李明", "王芳"};
    static struct script_caption captions[] = {
        {.start_tick = 0, .end_tick = 25, .text = "今天我们来讲\n半条被子"},
        {.start_tick = 25, .end_tick = 50, .text = "in plain\nEnglish"},
        {.start_tick = 50, .end_tick = 75, .text = "他说\nOK"},
    };
    struct clip clips[] = {
        {.number = 1,
         .title = "甲",
         .stem = "01-甲",
         .people = first,
         .people_count = 2},
        {.number = 2,
         .title = "乙",
         .stem = "02-乙",
         .people = second,
         .people_count = 2},
    };
    struct script script = {.captions = captions, .caption_count = 3};
    struct preset preset = {.name = "small", .width = 64, .height = 36};
    struct timeline timeline = {.rate = {25, 1}, .ticks = 75};
    struct rendition films[] = {
        {.clip = &clips[0],
         .preset = &preset,
         .timeline = &timeline,
         .script = &script},
        {.clip = &clips[1], .preset = &preset, .timeline = &timeline},
    };
    const struct rendition *list[] = {&films[0], &films[1]};
    struct rendition *planned[] = {&films[0], &films[1]};
    struct clip *planned_clips[] = {&clips[0], &clips[1]};
    struct plan plan = {.session = session,
                        .clips = planned_clips,
                        .clip_count = 2,
                        .renditions = planned,
                        .rendition_count = 2};
    struct package package = {
        .folder = "网站", .renditions = list, .rendition_count = 2};
    struct result made[] = {{.state = RESULT_MADE}, {.state = RESULT_MADE}};
    struct results results = {.renditions = made};
    notes_print(&plan, &package, &results, out);
}

static void test_chinese(void **state)
{
    struct session session = {
        .title = "测试之夜", .series = "读书会", .language = "zh-CN"};
    struct buffer text = {0};
    print(&session, &text);
    expect(&text, "\xEF\xBB\xBF读书会 · 测试之夜\r\n");
    /* A name that is part of another is a name. */
    expect(&text, "人物：王芳芳 老师；李明；王芳\r\n");
    expect(&text, "  0:00  今天我们来讲半条被子\r\n");
    expect(&text, "in plain English\r\n");
    expect(&text, "他说 OK\r\n");
    buffer_clear(&text);
}

static void test_other_languages(void **state)
{
    struct session session = {.title = "An evening", .language = "en"};
    struct buffer text = {0};
    print(&session, &text);
    expect(&text, "\xEF\xBB\xBF"
                  "An evening\r\n");
    expect(&text, "王芳芳 老师; 李明; 王芳\r\n");
    buffer_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chinese),
        cmocka_unit_test(test_other_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
