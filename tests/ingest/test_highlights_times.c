/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times as evenings write them: each is read exactly, or refused with the
 * words that help. */
#include "ingest/highlights_fixture.h"

/* `wish`: "ms-ms", the same with "?words" for a warning too, or "!words" of a
 * fault that holds the row back. */
static const struct {
    const char *row, *wish;
} ranges[] = {
    /* The plain forms. */
    {"cam1,1:02:03.250,1:02:05", "3723250-3725000"},
    {"cam1,62:03,62:05", "3723000-3725000"},
    {"cam1,3723.25,3725", "3723250-3725000"},
    {"cam1,1h2m3s,1h2m5s", "3723000-3725000"},
    {"cam1,1小时2分3秒,1小时2分5秒", "3723000-3725000"},
    {"cam1,12分30秒,12分40秒", "750000-760000"},
    {"cam1,00:02:03:12,00:02:04:00", "123480-124000"},
    {"cam2,14:32:10,14:32:20", "125000-135000"},
    {"cam2,下午2:32,下午2:33", "115000-175000"},
    {"cam1,0:10,,5", "10000-15000"},
    {"cam1,0:10,,0:05", "10000-15000"},
    {"cam1,0:10,,5秒", "10000-15000"},
    {"cam1,0:10,0:15,5", "10000-15000"},
    {"cam1,0:10,0:15,5.04", "10000-15000"},
    {"cam1,0:10,0:15,5.1", "!end and duration|clear one"},
    {"cam1,0,5", "0-5000"},
    {"cam1,0:00,0:05", "0-5000"},
    {"cam1,95,100", "95000-100000"},
    /* Full width, blanks, other signs. */
    {"ｃａｍ１,１：０２：０３,１：０２：０５", "3723000-3725000"},
    {"cam1,１小时２分３秒,１小时２分５秒", "3723000-3725000"},
    {"cam1,1分半,1小时半", "90000-5400000"},
    {"cam2,下午2点半,下午2点半", "!outside cam2"},
    {"cam2,下午3点,下午3点半", "!outside cam2|15:15:05"},
    {"night,下午11点半,,5", "1800000-1805000"},
    {"cam1,'0:10,'0:15", "10000-15000"},
    {"cam1,0:10,0:15,/", "10000-15000"},
    {"cam1,0:10,——,5", "10000-15000"},
    {"cam1,　0:10　, 0:15 ", "10000-15000"},
    {"cam1,0：10。5,0：15", "10500-15000"},
    {"cam1,1.02.03,1.02.05", "3723000-3725000"},
    {"cam1,1'30\",1'40\"", "90000-100000"},
    {"cam1,1′30″,1′40″", "90000-100000"},
    {"cam1,\"0:10,5\",0:15", "10500-15000"},
    {"cam1,\"10,5\",15", "10500-15000"},
    {"cam1,\"1,723\",1730", "!two ways|1.723|1723"},
    {"cam1,1:02:03,1:02:05,", "3723000-3725000"},
    /* Names. */
    {"CAM1,0:10,0:15", "10000-15000"},
    {"cam1.mp4,0:10,0:15", "10000-15000"},
    {"recordings/cam1.MP4,0:10,0:15", "10000-15000"},
    {"recordings\\cam1.MP4,0:10,0:15", "10000-15000"},
    {"./recordings/cam1.MP4,0:10,0:15", "10000-15000"},
    {"/nowhere/recordings/cam1.MP4,0:10,0:15", "10000-15000"},
    {"camm1,0:10,0:15", "!camm1|did you mean|cam1"},
    {"cam3,0:10,0:15", "!cam3|did you mean"},
    {"whatever,0:10,0:15", "!no recording or photo|whatever"},
    {"bad,0:10,0:15", "!bad|the file ends in the middle"},
    {"zoom,0:10,0:15", "!zoom|sound only|recorder"},
    {"D:\\素材\\C0001.MP4,0:10,0:15", "!outside|--media"},
    {",0:10,0:15", "!names no source|cam1"},
    /* Missing and crossed. */
    {"cam1,,0:15", "!no start"},
    {"cam1,0:10,", "!neither end nor duration"},
    {"cam1,,", "!no start"},
    {"cam1,1:10,0:40", "!end 0:40|before start 1:10|duration"},
    {"cam1,0:10,0:10", "!both 0:10|nothing to show"},
    {"cam1,0:10,,0", "!nothing to show"},
    {"cam1,0:10,0:05,5", "!before start"},
    /* The recording's end. */
    {"cam1,1:29:50,1:30:00", "5390000-5400000"},
    {"cam1,1:29:50,1:30:00.03", "5390000-5400000"},
    {"cam1,1:29:50,1:30:00.4", "5390000-5400000?a little beyond|cut to"},
    {"cam1,1:29:50,1:30:00.6", "!1:30:00.6|beyond the end|1:30:00"},
    {"cam1,1:29:50,,11", "!beyond the end of cam1|1:30:00"},
    {"cam1,1:29:50,,10.3", "5390000-5400000?a little beyond"},
    {"cam1,1:30:00,,5", "!start 1:30:00|end of cam1"},
    {"cam1,1:40:05,1:40:10", "!1:40:05|beyond the end of cam1"},
    {"cam1,99999,,5", "!99999|beyond the end"},
    {"cam1,1:29:50,2:00:05", "!2:00:05|beyond"},
    /* What spreadsheets make of times. */
    {"cam1,02:03.3,02:10", "!start (B2)|02:03.3|0:02:03.300|1:02:03.300"},
    {"cam1,02:03,02:03.9", "!02:03.9|0:02:03.9|1:02:03.9"},
    {"cam1,0:02:03.3,0:02:10", "123300-130000"},
    {"cam1,2:03.25,2:10", "123250-130000"},
    {"cam1,02:03.25,02:10", "123250-130000"},
    {"cam1,45:00.5,46:00", "2700500-2760000"},
    {"cam2,02:03.3,02:10", "123300-130000"},
    {"cam1,62:03:00,62:05:00", "!62:03:00|62 hours 3 minutes|62 minutes 3"},
    {"cam1,12:30:00,12:40:00", "!12:30:00|12 hours|12 minutes|0:12:30"},
    {"cam1,1:02:00,1:03:00", "3720000-3780000"},
    {"cam1,62:03:12,62:05:00", "!62:03:12|beyond the end"},
    {"cam1,0.0430555,0.0431", "!0.0430555|fraction of a day|1:02:00"},
    {"cam1,0.00072916667,5:00", "!fraction of a day|1:03"},
    {"cam1,0.5,1.25", "500-1250"},
    {"cam1,0.125,1", "125-1000"},
    {"cam1,44740.0430555,5:00", "!44740.0430555|two ways|1:02:00"},
    {"cam1,2022/6/28 0:01:02,0:01:10", "!date|two ways|1:02"},
    {"cam1,1900/1/0 0:01:02,0:01:10", "!date|1:02"},
    {"cam1,1899-12-31 0:01:02,0:01:10", "!date|1:02"},
    {"cam1,2022-06-28,0:01:10", "!is a date"},
    {"cam1,2022年6月28日,0:01:10", "!is a date"},
    {"cam1,1:02:03 AM,1:02:10", "!1:02:03 AM|two ways|01:02:03|starts"},
    {"cam1,12:02:03 AM,0:02:10", "!two ways|0:02:03"},
    {"cam1,下午2:32,0:10", "!time of the day|starts"},
    {"cam1,########,0:15", "!########|wider"},
    {"cam1,#VALUE!,0:15", "!#VALUE!|formula"},
    {"cam1,#REF!,0:15", "!#REF!|formula"},
    {"cam1,0:10,,62:03:00", "!62:03:00|62 minutes 3 seconds"},
    {"cam1,0:10,,0:30:00", "10000-1810000"},
    {"cam1,3.72E+03,1:10:00", "!3.72E+03|is no time"},
    /* What is no time. */
    {"cam1,abc,0:15", "!\"abc\"|is no time|1:02:03.250"},
    {"cam1,1:75:00,1:80:00", "!1:75:00|59"},
    {"cam1,0:61,2:00", "!0:61|59"},
    {"cam1,-5,0:15", "!\"-5\" is below zero"},
    {"cam1,0:10,,－3", "!below zero"},
    {"cam1,999999999999,0:15", "!too large"},
    {"cam1,1:2:3:4:5,0:15", "!is no time"},
    {"cam1,0:10-0:20,", "!two times|0:10|0:20|end"},
    {"cam1,0:10~0:20,", "!two times|0:20"},
    {"cam1,0:10——0:20,", "!two times|0:20"},
    {"cam1,0:10至0:20,", "!two times|0:20"},
    {"cam1,开头,结尾", "!开头|is no time"},
    {"cam1,0:10,？", "!is no time"},
    /* The clock on the wall. */
    {"cam2,14:30:05,14:30:10", "0-5000"},
    {"cam2,0:02:05,0:02:10", "125000-130000"},
    {"cam2,14:29:00,14:31:00", "!14:29:00|outside cam2|14:30:05|15:15:05"},
    {"cam2,16:00:30,16:01:00", "!outside cam2|clock on the wall"},
    {"cam2,14:32,14:35", "!14:32|two ways|0:14:32|14:32:00"},
    {"cam2,15:02,15:03:00", "!two ways|0:15:02|15:02:00"},
    {"cam2,0:14:32,0:14:40", "872000-880000"},
    {"cam2,02:05,02:10", "125000-130000"},
    {"cam2,下午1:00,下午2:33", "!outside cam2"},
    {"cam2,2:32 PM,2:33 PM", "115000-175000"},
    {"cam2,14:32:10,,10", "125000-135000"},
    {"cam2,14:32:10,0:02:15", "125000-135000"},
    /* 时 is said of the clock and of lengths, 小时 of lengths. */
    {"cam2,14时32分10秒,14时32分20秒", "125000-135000"},
    {"cam2,0时2分5秒,0时2分10秒", "125000-130000"},
    {"cam2,14小时32分,14小时33分", "!beyond the end of cam2"},
    {"cam2,16时32分,16时33分", "!outside cam2|clock on the wall"},
    {"early,0时20分0秒,0时21分0秒", "!two ways|0:20:00|0:10:00"},
    {"cam1,14时32分10秒,14时33分", "!starts"},
    {"night,23:30:00,0:30:00", "!0:30:00|two ways|0:30:00|1:30:00"},
    {"night,23:30:00,00:59:59", "!two ways"},
    {"night,23:59:00,,2分", "3540000-3660000"},
    {"early,0:20:00,0:21:00", "!two ways|0:20:00|0:10:00"},
    {"early,20:00,21:00", "1200000-1260000"},
    /* Frames and time codes. */
    {"cam1,00:00:03:12,00:00:05:00", "3480-5000"},
    {"cam1,00:00:03:25,00:00:05:00", "!frame 25|only 25"},
    {"tape,10:05:00:00,10:05:10:00", "300000-310000"},
    {"tape,00:05:00:00,00:05:10:00", "300000-310000"},
    {"tape,11:05:00:00,11:05:10:00", "!beyond the end of tape|time code"},
    {"tape,10:05:00,10:05:10", "!10:05:00|10 minutes 5 seconds"},
    {"drop,01:10:00;00,01:10:10;00", "599999-610009"},
    {"drop,00:01:00:02,00:01:10:00", "60127-70070"},
    {"cam1,0:10,,00:00:05:12", "10000-15480"},
    {"cam1,0:10,,00:00:05:30", "!counts frames"},
    /* Photos. */
    {"IMG_10.jpg,,", "0-4000"},
    {"IMG_10,,", "0-4000"},
    {"photos/IMG_10.jpg,,,6", "0-6000"},
    {"photos,,,2.5秒", "0-2500"},
    {"photos,0:10,0:15", "!a photo has no start|duration"},
    {"午餐,,", "0-4000"},
    {"photos/午餐/,,", "0-4000"},
    {"IMG_3.jpg,,", "!did you mean|IMG_"},
    {"photos,,,下午2:32", "!time of the day"},
};

static bool range_holds(const struct fixture *it, const char *wish)
{
    const struct faults *faults = &it->session.faults;
    if (it->session.list.count != 1)
        return false;
    const struct highlight *row = &it->session.list.rows[0];
    if (*wish == '!')
        return has_fault(faults, FAULT_ROW, wish + 1) &&
               faults_hit_row(faults, "highlights.csv", row->row);
    int64_t from = 0, to = 0;
    if (sscanf(wish, "%" SCNd64 "-%" SCNd64, &from, &to) != 2)
        return false;
    const char *warning = strchr(wish, '?');
    if (warning ? !has_fault(faults, FAULT_WARNING, warning + 1)
                : faults->count)
        return false;
    return !faults_count(faults, false) &&
           clock_ms(row->start_flicks) == from &&
           clock_ms(row->end_flicks) == to;
}

static void test_ranges(void **state)
{
    (void)state;
    size_t failed = 0;
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        struct fixture it = fixture_open();
        struct buffer text = {0};
        /* Commas in front of a missing cell are left out in the table. */
        buffer_printf(&text, "source,start,end,duration\n%s\n", ranges[i].row);
        read_text(&it, buffer_text(&text));
        if (!range_holds(&it, ranges[i].wish)) {
            failed++;
            const struct highlight *row = it.session.list.rows;
            print_error("%s wants %s; got %zu rows, %" PRId64 "-%" PRId64 "\n",
                        ranges[i].row, ranges[i].wish, it.session.list.count,
                        row ? clock_ms(row->start_flicks) : -1,
                        row ? clock_ms(row->end_flicks) : -1);
            show_faults(&it.session.faults);
        }
        buffer_clear(&text);
        arena_destroy(&it.arena);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
