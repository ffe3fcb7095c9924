/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/timecode.h against the forms that people write. */
#include "base/timecode.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <libavutil/error.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof(*(list)))
#define BAD         AVERROR(EINVAL)
#define RANGE       AVERROR(ERANGE)

struct sample {
    const char *text;
    int code;
    enum timecode_form form;
    int64_t ms;
    int64_t fields[4]; /* first, second, third, frames */
};

static const struct sample samples[] = {
    {NULL, 0, TIMECODE_NONE, 0, {0}},
    {"", 0, TIMECODE_NONE, 0, {0}},
    {" \u3000\t", 0, TIMECODE_NONE, 0, {0}},
    {"0", 0, TIMECODE_SECONDS, 0, {0}},
    {"95", 0, TIMECODE_SECONDS, 95000, {95}},
    {"3723.25", 0, TIMECODE_SECONDS, 3723250, {3723}},
    {"１．５", 0, TIMECODE_SECONDS, 1500, {1}},
    {"1。5", 0, TIMECODE_SECONDS, 1500, {1}},
    {" 7 ", 0, TIMECODE_SECONDS, 7000, {7}},
    {"0.0005", 0, TIMECODE_SECONDS, 1, {0}},
    {"62:03", 0, TIMECODE_MS, 3723000, {62, 3}},
    {"02:03.3", 0, TIMECODE_MS, 123300, {2, 3}},
    {"02:03,3", 0, TIMECODE_MS, 123300, {2, 3}},
    {"0:05", 0, TIMECODE_MS, 5000, {0, 5}},
    {"12；30", 0, TIMECODE_MS, 750000, {12, 30}},
    {"12∶30", 0, TIMECODE_MS, 750000, {12, 30}},
    {"1 : 30", 0, TIMECODE_MS, 90000, {1, 30}},
    {"1:02:03.250", 0, TIMECODE_HMS, 3723250, {1, 2, 3}},
    {"01:02:03,250", 0, TIMECODE_HMS, 3723250, {1, 2, 3}},
    {"１：０２：０３", 0, TIMECODE_HMS, 3723000, {1, 2, 3}},
    {"１：０２：０３．２５", 0, TIMECODE_HMS, 3723250, {1, 2, 3}},
    {"\u30001：02:03 ", 0, TIMECODE_HMS, 3723000, {1, 2, 3}},
    {"\u00a01:02:03\ufeff", 0, TIMECODE_HMS, 3723000, {1, 2, 3}},
    {"14:32:10", 0, TIMECODE_HMS, 52330000, {14, 32, 10}},
    {"62:03:00", 0, TIMECODE_HMS, 223380000, {62, 3, 0}},
    {"1.02.03", 0, TIMECODE_HMS, 3723000, {1, 2, 3}},
    {"１．０２．０３", 0, TIMECODE_HMS, 3723000, {1, 2, 3}},
    {"1；02；03", 0, TIMECODE_HMS, 3723000, {1, 2, 3}},
    {"01:02:03:12", 0, TIMECODE_HMSF, 3723000, {1, 2, 3, 12}},
    {"01:02:03;12", 0, TIMECODE_HMSF, 3723000, {1, 2, 3, 12}},
    {"01;02;03;12", 0, TIMECODE_HMSF, 3723000, {1, 2, 3, 12}},
    {"０１：０２：０３：１２", 0, TIMECODE_HMSF, 3723000, {1, 2, 3, 12}},
    {"1h2m3s", 0, TIMECODE_UNITS, 3723000, {1, 2, 3}},
    {"1H 2M 3S", 0, TIMECODE_UNITS, 3723000, {1, 2, 3}},
    {"1h", 0, TIMECODE_UNITS, 3600000, {1}},
    {"1.5h", 0, TIMECODE_UNITS, 5400000, {1}},
    {"90m", 0, TIMECODE_UNITS, 5400000, {0, 90}},
    {"90s", 0, TIMECODE_UNITS, 90000, {0, 0, 90}},
    {"90秒", 0, TIMECODE_UNITS, 90000, {0, 0, 90}},
    {"12分30秒", 0, TIMECODE_UNITS, 750000, {0, 12, 30}},
    {"１２分３０秒", 0, TIMECODE_UNITS, 750000, {0, 12, 30}},
    {"12分30", 0, TIMECODE_UNITS, 750000, {0, 12, 30}},
    {"12分", 0, TIMECODE_UNITS, 720000, {0, 12}},
    {"12分钟", 0, TIMECODE_UNITS, 720000, {0, 12}},
    {"1小时2分3秒", 0, TIMECODE_UNITS, 3723000, {1, 2, 3}},
    {"1小时2分3.25秒", 0, TIMECODE_UNITS, 3723250, {1, 2, 3}},
    {"1 小时 2 分 3 秒", 0, TIMECODE_UNITS, 3723000, {1, 2, 3}},
    {"1时02分", 0, TIMECODE_UNITS, 3720000, {1, 2}},
    {"1小時2分3秒", 0, TIMECODE_UNITS, 3723000, {1, 2, 3}},
    {"1小时3秒", 0, TIMECODE_UNITS, 3603000, {1, 0, 3}},
    {"1’30”", 0, TIMECODE_UNITS, 90000, {0, 1, 30}},
    {"1'30\"", 0, TIMECODE_UNITS, 90000, {0, 1, 30}},
    {"1′30″", 0, TIMECODE_UNITS, 90000, {0, 1, 30}},
    {"1'30''", 0, TIMECODE_UNITS, 90000, {0, 1, 30}},
    {"1'30", 0, TIMECODE_UNITS, 90000, {0, 1, 30}},
    {"90\"", 0, TIMECODE_UNITS, 90000, {0, 0, 90}},
    {"3 min 5 sec", 0, TIMECODE_UNITS, 185000, {0, 3, 5}},
    {"2s500ms", 0, TIMECODE_UNITS, 2500, {0, 0, 2}},
    {"500毫秒", 0, TIMECODE_UNITS, 500, {0}},
    {"下午2:32", 0, TIMECODE_DAYTIME, 52320000, {2, 32}},
    {"下午２：３２：１０", 0, TIMECODE_DAYTIME, 52330000, {2, 32, 10}},
    {"下午 2:32", 0, TIMECODE_DAYTIME, 52320000, {2, 32}},
    {"下午2点32分", 0, TIMECODE_DAYTIME, 52320000, {2, 32}},
    {"下午2时32分10秒", 0, TIMECODE_DAYTIME, 52330000, {2, 32, 10}},
    {"下午12:05", 0, TIMECODE_DAYTIME, 43500000, {12, 5}},
    {"下午14:32", 0, TIMECODE_DAYTIME, 52320000, {14, 32}},
    {"上午9:00", 0, TIMECODE_DAYTIME, 32400000, {9, 0}},
    {"上午12:05", 0, TIMECODE_DAYTIME, 300000, {12, 5}},
    {"凌晨1:00", 0, TIMECODE_DAYTIME, 3600000, {1, 0}},
    {"中午12:30", 0, TIMECODE_DAYTIME, 45000000, {12, 30}},
    {"中午1:00", 0, TIMECODE_DAYTIME, 46800000, {1, 0}},
    {"晚上7:30", 0, TIMECODE_DAYTIME, 70200000, {7, 30}},
    {"2:32 PM", 0, TIMECODE_DAYTIME, 52320000, {2, 32}},
    {"2:32:10pm", 0, TIMECODE_DAYTIME, 52330000, {2, 32, 10}},
    {"12:01 a.m.", 0, TIMECODE_DAYTIME, 60000, {12, 1}},
    {"14点32分", 0, TIMECODE_DAYTIME, 52320000, {14, 32}},
    {"14点", 0, TIMECODE_DAYTIME, 50400000, {14}},
    {"-5", BAD, TIMECODE_NONE, 0, {0}},
    {"－5", BAD, TIMECODE_NONE, 0, {0}},
    {"-0:05", BAD, TIMECODE_NONE, 0, {0}},
    {"+5", BAD, TIMECODE_NONE, 0, {0}},
    {"abc", BAD, TIMECODE_NONE, 0, {0}},
    {"开始", BAD, TIMECODE_NONE, 0, {0}},
    {"1:", BAD, TIMECODE_NONE, 0, {0}},
    {":30", BAD, TIMECODE_NONE, 0, {0}},
    {"1::2", BAD, TIMECODE_NONE, 0, {0}},
    {"5.", BAD, TIMECODE_NONE, 0, {0}},
    {"1 2", BAD, TIMECODE_NONE, 0, {0}},
    {"1:02 03", BAD, TIMECODE_NONE, 0, {0}},
    {"1e3", BAD, TIMECODE_NONE, 0, {0}},
    {"0x10", BAD, TIMECODE_NONE, 0, {0}},
    {"3,723", BAD, TIMECODE_NONE, 0, {0}},
    {"1:2:3:4:5", BAD, TIMECODE_NONE, 0, {0}},
    {"1:02;03", BAD, TIMECODE_NONE, 0, {0}},
    {"01:02:03:12.5", BAD, TIMECODE_NONE, 0, {0}},
    {"1.02.03.12", BAD, TIMECODE_NONE, 0, {0}},
    {"1.5:30", BAD, TIMECODE_NONE, 0, {0}},
    {"1.5分30秒", BAD, TIMECODE_NONE, 0, {0}},
    {"3秒2分", BAD, TIMECODE_NONE, 0, {0}},
    {"2分2分", BAD, TIMECODE_NONE, 0, {0}},
    {"分", BAD, TIMECODE_NONE, 0, {0}},
    {"1h2", 0, TIMECODE_UNITS, 3720000, {1, 2}},
    {"5秒3", BAD, TIMECODE_NONE, 0, {0}},
    {"1-02-03", BAD, TIMECODE_NONE, 0, {0}},
    {"下午", BAD, TIMECODE_NONE, 0, {0}},
    {"下午95", BAD, TIMECODE_NONE, 0, {0}},
    {"下午1:02:03:04", BAD, TIMECODE_NONE, 0, {0}},
    {"晚上12:00", BAD, TIMECODE_NONE, 0, {0}},
    {"1:75:00", RANGE, TIMECODE_NONE, 0, {0}},
    {"1:00:60", RANGE, TIMECODE_NONE, 0, {0}},
    {"1:75", RANGE, TIMECODE_NONE, 0, {0}},
    {"1h75m", RANGE, TIMECODE_NONE, 0, {0}},
    {"1分60秒", RANGE, TIMECODE_NONE, 0, {0}},
    {"下午25:00", RANGE, TIMECODE_NONE, 0, {0}},
    {"上午13:00", RANGE, TIMECODE_NONE, 0, {0}},
    {"01:02:03:1000", RANGE, TIMECODE_NONE, 0, {0}},
    {"9999999999", RANGE, TIMECODE_NONE, 0, {0}},
    {"99999999999999999999", RANGE, TIMECODE_NONE, 0, {0}},
    {"999999999999:00:00", RANGE, TIMECODE_NONE, 0, {0}},
    {"999999999999h", RANGE, TIMECODE_NONE, 0, {0}},
    {"1111111111111111111111111111111111111111111111111111111111111111111111"
     "11111111111111111111111",
     BAD,
     TIMECODE_NONE,
     0,
     {0}},
};

static void forms(void **state)
{
    int wrong = 0;
    for (size_t i = 0; i < COUNT(samples); i++) {
        const struct sample *sample = &samples[i];
        struct timecode got;
        memset(&got, 0x55, sizeof(got));
        int code = timecode_parse(sample->text, &got);
        if (code == sample->code && got.form == sample->form &&
            clock_ms(got.flicks) == sample->ms &&
            got.first == sample->fields[0] && got.second == sample->fields[1] &&
            got.third == sample->fields[2] && got.frames == sample->fields[3])
            continue;
        wrong++;
        print_error("%s: code %d form %d %lld ms, fields %lld %lld %lld %lld\n",
                    sample->text, code, (int)got.form,
                    (long long)clock_ms(got.flicks), (long long)got.first,
                    (long long)got.second, (long long)got.third,
                    (long long)got.frames);
    }
    assert_int_equal(wrong, 0);
}

static void marks(void **state)
{
    struct timecode time;
    assert_int_equal(timecode_parse("01:02:03;12", &time), 0);
    assert_true(time.drop_frame);
    assert_int_equal(timecode_parse("01:02:03:12", &time), 0);
    assert_false(time.drop_frame);
    assert_int_equal(timecode_parse("1;02;03", &time), 0);
    assert_false(time.drop_frame);
    assert_int_equal(timecode_parse("02:03.3", &time), 0);
    assert_true(time.has_fraction);
    assert_int_equal(timecode_parse("02:03.0", &time), 0);
    assert_true(time.has_fraction);
    assert_int_equal(timecode_parse("02:03", &time), 0);
    assert_false(time.has_fraction);
}

/* A fraction is exact in flicks: 1/3 s to nine digits is still the nearest. */
static void fractions_are_exact(void **state)
{
    struct timecode time;
    for (int64_t ms = 0; ms < 1000; ms++) {
        char text[32];
        snprintf(text, sizeof(text), "1:02:03.%03d", (int)ms);
        assert_int_equal(timecode_parse(text, &time), 0);
        assert_true(time.flicks ==
                    3723 * FLICKS_PER_SECOND + ms * (FLICKS_PER_SECOND / 1000));
    }
    assert_int_equal(timecode_parse("0.333333333333333333", &time), 0);
    assert_true(time.flicks == FLICKS_PER_SECOND / 3);
}

static void printing(void **state)
{
    static const struct {
        int64_t ms;
        const char *text;
    } cases[] = {
        {0, "0:00"},
        {3480, "0:03.480"},
        {40000, "0:40"},
        {60000, "1:00"},
        {3723250, "1:02:03.250"},
        {3599999, "59:59.999"},
        {3600000, "1:00:00"},
        {5, "0:00.005"},
        {-3480, "-0:03.480"},
        {360000000, "100:00:00"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(
            TIMECODE_TEXT(cases[i].ms * (FLICKS_PER_SECOND / 1000)),
            cases[i].text);
    assert_string_equal(TIMECODE_TEXT(60 * FLICKS_PER_SECOND - 1), "1:00");
    assert_string_equal(TIMECODE_TEXT(FLICKS_NONE), "?");
    assert_true(strlen(TIMECODE_TEXT(INT64_MAX)) > 0);
    assert_true(strlen(TIMECODE_TEXT(-INT64_MAX)) > 0);
    struct buffer out = {0};
    buffer_puts(&out, "end ");
    timecode_print(&out, FLICKS_PER_SECOND);
    assert_string_equal(buffer_text(&out), "end 0:01");
    buffer_clear(&out);
}

static void printing_reads_back(void **state)
{
    for (int64_t ms = 0; ms < 20000000; ms += 997) {
        struct timecode time;
        int64_t flicks = ms * (FLICKS_PER_SECOND / 1000);
        assert_int_equal(timecode_parse(TIMECODE_TEXT(flicks), &time), 0);
        assert_true(time.flicks == flicks);
    }
}

static void dates(void **state)
{
    static const struct {
        const char *text;
        int code, year, month, day;
    } cases[] = {
        {"2022-06-28", 0, 2022, 6, 28},
        {"2022/6/28", 0, 2022, 6, 28},
        {"2022.6.28", 0, 2022, 6, 28},
        {"2022年6月28日", 0, 2022, 6, 28},
        {"2022年6月28号", 0, 2022, 6, 28},
        {"２０２２年６月２８日", 0, 2022, 6, 28},
        {" 2022 年 6 月 28 日 ", 0, 2022, 6, 28},
        {"20220628", 0, 2022, 6, 28},
        {"2024-02-29", 0, 2024, 2, 29},
        {"2000-02-29", 0, 2000, 2, 29},
        {"2023-02-29", RANGE, 0, 0, 0},
        {"2100-02-29", RANGE, 0, 0, 0},
        {"2022-13-01", RANGE, 0, 0, 0},
        {"2022-00-01", RANGE, 0, 0, 0},
        {"2022-04-31", RANGE, 0, 0, 0},
        {"2022-04-00", RANGE, 0, 0, 0},
        {"1899-01-01", RANGE, 0, 0, 0},
        {"3000-01-01", RANGE, 0, 0, 0},
        {"22-06-28", BAD, 0, 0, 0},
        {"2022-06", BAD, 0, 0, 0},
        {"2022-06/28", BAD, 0, 0, 0},
        {"2022年6-28", BAD, 0, 0, 0},
        {"2022-6-28日", BAD, 0, 0, 0},
        {"2022062", BAD, 0, 0, 0},
        {"202206281", BAD, 0, 0, 0},
        {"", BAD, 0, 0, 0},
        {"昨天", BAD, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int year = 0, month = 0, day = 0;
        int code = timecode_parse_date(cases[i].text, &year, &month, &day);
        if (code != cases[i].code || year != cases[i].year ||
            month != cases[i].month || day != cases[i].day)
            fail_msg("%s: %d %d-%d-%d", cases[i].text, code, year, month, day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms),
        cmocka_unit_test(marks),
        cmocka_unit_test(fractions_are_exact),
        cmocka_unit_test(printing),
        cmocka_unit_test(printing_reads_back),
        cmocka_unit_test(dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
