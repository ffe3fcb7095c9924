/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subtitle readers: what each format may look like, and what hands, converters
 * and accidents make of it. With REELPRESS_CORPUS set, every file there is
 * read or refused with a reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/files.h"
#include "subtitles/cues.h"

#define MS (FLICKS_PER_SECOND / 1000)

struct read {
    struct arena *arena;
    struct faults faults;
    struct cues *cues;
};

static void read_bytes(struct read *read, const char *file, const char *bytes,
                       size_t size)
{
    memset(read, 0, sizeof(*read));
    read->arena = read->faults.arena = arena_create();
    read->cues = cues_parse(file, bytes, size, read->arena, &read->faults);
}

static void read_text(struct read *read, const char *file, const char *text)
{
    read_bytes(read, file, text, strlen(text));
}

static void read_done(struct read *read)
{
    arena_destroy(&read->arena);
}

static void assert_cue(const struct read *read, size_t i, int64_t start_ms,
                       int64_t end_ms, const char *text)
{
    assert_non_null(read->cues);
    assert_true(i < read->cues->count);
    const struct cue *cue = &read->cues->list[i];
    assert_string_equal(cue->text, text);
    assert_int_equal(cue->start_flicks, start_ms * MS);
    assert_int_equal(cue->end_flicks, end_ms * MS);
}

static void test_srt(void **state)
{
    struct read read;
    read_text(&read, "a.srt",
              "1\n00:00:01,000 --> 00:00:02,500\n<i>同志们</i>\n大家好\n\n"
              "2\n00:00:03,000 --> 00:00:04,000\n第二条\n");
    assert_string_equal(read.cues->format, "srt");
    assert_string_equal(read.cues->encoding, "UTF-8");
    assert_int_equal(read.cues->count, 2);
    assert_cue(&read, 0, 1000, 2500, "同志们\n大家好");
    assert_cue(&read, 1, 3000, 4000, "第二条");
    assert_int_equal(read.cues->list[1].row, 7);
    assert_int_equal(read.faults.count, 0);
    read_done(&read);
}

/* Each of these has one plain intent. */
static void test_srt_repaired(void **state)
{
    static const char *const texts[] = {
        /* no number, points, no last line end */
        "00:00:01.000 --> 00:00:02.000\n好",
        /* number twice, a blank line after the timing */
        "1\n1\n00:00:01,000 --> 00:00:02,000\n\n好\n\n",
        /* full-width, short fraction, blanks inside */
        "１\n００：００：０１，０ --> 00: 00: 02, 000\n好\n",
        /* other arrows, a colon before the thousandths */
        "1\n00:00:01:000 -> 00:00:02:000\n好\n",
        "1\n00:00:01,000 → 00:00:02,000\n好\n",
        "1\n00:00:01,000 —> 00:00:02,000\n好\n",
        /* no hours, tags, position after the times */
        "1\n00:01,000 --> 00:02,000 X1:10 X2:20\n{\\an8}<font "
        "color=\"#ff0000\">"
        "好</font>\n",
        /* number on the timing line, CR line ends */
        "1 00:00:01,000 --> 00:00:02,000\r好\r\r",
        "\357\273\2771\r\n00:00:01,000 --> 00:00:02,000\r\n好\r\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct read read;
        read_text(&read, "a.srt", texts[i]);
        assert_non_null(read.cues);
        assert_int_equal(read.cues->count, 1);
        assert_cue(&read, 0, 1000, 2000, "好");
        assert_int_equal(read.faults.count, 0);
        read_done(&read);
    }
}

static void test_srt_lost_blank_line(void **state)
{
    struct read read;
    read_text(&read, "a.srt",
              "1\n00:00:01,000 --> 00:00:02,000\n甲\n2\n"
              "00:00:03,000 --> 00:00:04,000\n乙\n\n还有\n3\n"
              "00:00:05,000 --> 00:00:06,000\n2022\n\n"
              "00:00:07,000 --> 00:00:08,000\n<李明> 1 < 2 & 3 &lt; 4\n");
    assert_int_equal(read.cues->count, 4);
    assert_cue(&read, 0, 1000, 2000, "甲");
    assert_cue(&read, 1, 3000, 4000, "乙\n还有");
    assert_cue(&read, 2, 5000, 6000, "2022"); /* a text, not a number */
    assert_cue(&read, 3, 7000, 8000, "<李明> 1 < 2 & 3 < 4");
    read_done(&read);
}

/* A file that was cut off in front of a cue; a number that is spoken stays. */
static void test_srt_last_number(void **state)
{
    static const struct {
        const char *end, *last;
    } cases[] = {
        {"\n3\n", "二"},    {"\n3", "二"},    {"\n3\n\n\n", "二"},
        {"\n7\n", "二\n7"}, {"3\n", "二\n3"}, {"\n3 个\n", "二\n3 个"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct read read;
        char text[256];
        snprintf(text, sizeof(text),
                 "1\n00:00:01,000 --> 00:00:02,000\n一\n\n"
                 "2\n00:00:03,000 --> 00:00:04,000\n二\n%s",
                 cases[i].end);
        read_text(&read, "a.srt", text);
        assert_int_equal(read.cues->count, 2);
        assert_cue(&read, 1, 3000, 4000, cases[i].last);
        read_done(&read);
    }
}

/* A tag takes its blank with it. */
static void test_srt_tags_among_blanks(void **state)
{
    struct read read;
    read_text(&read, "a.srt",
              "1\n00:00:01,000 --> 00:00:02,000\n"
              "This is {\\an8} the first, <i>not</i> {\\b1}  the\n"
              "{\\an8} last  one\n");
    assert_cue(&read, 0, 1000, 2000, "This is the first, not  the\nlast  one");
    read_done(&read);
}

static void test_srt_left_out(void **state)
{
    struct read read;
    read_text(&read, "a.srt",
              "1\n00:00:02,000 --> 00:00:01,000\n倒\n\n"
              "2\n00:99:02,000 --> 00:99:03,000\n坏\n\n"
              "3\n00:00:04,000 --> \n缺\n\n"
              "4\n-00:00:03,000 --> -00:00:02,000\n早\n\n"
              "5\n-00:00:01,000 --> 00:00:02,000\n好\n\n"
              "6\n00:00:04,000 --> 00:00:05,000\n \n\n"
              "7\n99999999:00:04,000 --> 00:00:05,000\n大\n\n");
    assert_int_equal(read.cues->count, 1);
    assert_cue(&read, 0, 0, 2000, "好");
    assert_int_equal(read.faults.count, 5);
    for (size_t i = 0; i < read.faults.count; i++)
        assert_int_equal(read.faults.list[i].kind, FAULT_WARNING);
    assert_int_equal(read.faults.list[0].row, 2);
    assert_int_equal(read.faults.list[1].row, 6);
    assert_int_equal(read.faults.list[2].row, 10);
    assert_non_null(strstr(read.faults.list[0].message, "a.srt:2: "));
    read_done(&read);
}

static void test_order(void **state)
{
    struct read read;
    read_text(&read, "a.srt",
              "00:00:05,000 --> 00:00:06,000\n丙\n\n"
              "00:00:01,000 --> 00:00:02,000\n甲\n\n"
              "00:00:05,000 --> 00:00:07,000\n丁\n\n"
              "00:00:01,000 --> 00:00:03,000\n乙\n");
    assert_int_equal(read.cues->count, 4);
    assert_string_equal(read.cues->list[0].text, "甲");
    assert_string_equal(read.cues->list[1].text, "乙");
    assert_string_equal(read.cues->list[2].text, "丙");
    assert_string_equal(read.cues->list[3].text, "丁");
    read_done(&read);
}

static void test_vtt(void **state)
{
    struct read read;
    read_text(&read, "a.vtt",
              "WEBVTT - 标题\nKind: captions\n\nNOTE 说明\n00:00 --> x\n\n"
              "STYLE\n::cue { color: red }\n\nREGION\nid:a\n\n"
              "第一\n00:01.000 --> 00:02.000 align:start line:0\n"
              "<v.loud 李 明>大家<b>好</b> &amp; &#x4F60;<rt>dà</rt></v>\n\n"
              "00:00:03.000 --> 00:00:04.000\n<00:00:03.500><c.red>乙\n"
              "00:00:05.000 --> 00:00:06.000\n丙\n4\n"
              "00:00:07.000 --> 00:00:08.000\n丁\n");
    assert_string_equal(read.cues->format, "vtt");
    assert_int_equal(read.cues->count, 4);
    assert_cue(&read, 0, 1000, 2000, "大家好 & 你");
    assert_string_equal(read.cues->list[0].voice, "李 明");
    assert_cue(&read, 1, 3000, 4000, "乙");
    assert_null(read.cues->list[1].voice);
    assert_cue(&read, 2, 5000, 6000, "丙");
    assert_cue(&read, 3, 7000, 8000, "丁");
    assert_int_equal(read.faults.count, 0);
    read_done(&read);

    /* The header is lost, the name tells; an unreadable cue is told. */
    read_text(&read, "a.vtt",
              "00:01.000 --> 00:02.000\n甲\n\n00:61.000 --> 00:62.000\n乙\n");
    assert_string_equal(read.cues->format, "vtt");
    assert_int_equal(read.cues->count, 1);
    assert_int_equal(read.faults.count, 1);
    assert_int_equal(read.faults.list[0].row, 4);
    read_done(&read);
}

/* Arrows in names, in the header and in words are no timings; a timing that is
 * damaged still is told, and in the file's order. */
static void test_vtt_arrows(void **state)
{
    struct read read;
    read_text(&read, "a.vtt",
              "WEBVTT\nNames may not contain \"-->\".\n\n"
              "-->one\n00:01.000 --> 00:02.000\n甲 --> 乙\n\n"
              "two-->\n00:03.000 --> 00:04.000\n丙\nthree-->\n"
              "00:05.000 --> 00:06.000\n丁\n\n"
              "O0:07.000 --> 00:08.000\n戊\n");
    assert_int_equal(read.cues->count, 3);
    assert_cue(&read, 0, 1000, 2000, "甲 --> 乙");
    assert_cue(&read, 1, 3000, 4000, "丙");
    assert_cue(&read, 2, 5000, 6000, "丁");
    assert_int_equal(read.faults.count, 1);
    assert_int_equal(read.faults.list[0].row, 15);
    read_done(&read);
}

static void test_ass(void **state)
{
    struct read read;
    static const char text[] =
        "[Script Info]\nTitle: x\n[V4+ Styles]\nFormat: Name, Fontname\n"
        "Style: A,Arial\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, "
        "Effect, Text\n"
        "Comment: 0,0:00:00.00,0:00:01.00,A,,0,0,0,,不算\n"
        "Dialogue: 0,0:00:03.00,0:00:04.50,A,李明,0,0,0,,{\\i1}你好,{\\b1}"
        "世界\\N第二行\\h\\{x\\}\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,A,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}"
        "\n"
        "Dialogue: 0,0:00:05.00,x,A,,0,0,0,,坏\n"
        "Dialogue: 0,0:00:05.00\n";
    read_text(&read, "a.ass", text);
    assert_string_equal(read.cues->format, "ass");
    assert_int_equal(read.cues->count, 1);
    assert_cue(&read, 0, 3000, 4500, "你好,世界\n第二行 {x}");
    assert_string_equal(read.cues->list[0].voice, "李明");
    assert_string_equal(read.cues->ass_script, text);
    assert_int_equal(read.faults.count, 2);
    assert_int_equal(read.faults.list[0].row, 11);
    read_done(&read);

    /* SSA: other fields, times first. */
    read_text(&read, "a.ssa",
              "[Events]\nFormat: Marked, Start, End, Text\n"
              "Dialogue: Marked=0,0:00:01.00,0:00:02.00,甲,乙\n");
    assert_cue(&read, 0, 1000, 2000, "甲,乙");
    read_done(&read);
}

static void test_lrc(void **state)
{
    struct read read;
    read_text(&read, "a.lrc",
              "[ti:歌]\n[offset:500]\n[00:10.50][00:30.00]副歌\n"
              "[00:12.00]<00:12.00>主<00:12.50>歌\n[00:14]\n[00:50.5]尾\n");
    assert_string_equal(read.cues->format, "lrc");
    assert_int_equal(read.cues->count, 4);
    assert_cue(&read, 0, 10000, 11500, "副歌");
    assert_cue(&read, 1, 11500, 13500, "主歌");
    assert_cue(&read, 2, 29500, 36500, "副歌");
    assert_cue(&read, 3, 50000, 57000, "尾");
    read_done(&read);
}

static void test_refused(void **state)
{
    static const struct {
        const char *file, *text, *reason;
    } cases[] = {
        {"a.srt", "", "no subtitle"},
        {"a.srt", "只有一段话，没有时间。\n", "no subtitle"},
        {"a.ttml", "<?xml version=\"1.0\"?>\n<tt xmlns=\"x\">\n", "TTML"},
        {"a.smi", "<SAMI>\n<BODY>\n", "SAMI"},
        {"a.scc", "Scenarist_SCC V1.0\n\n00:00:00:00\t9420\n", "SCC"},
        {"a.sub", "{0}{25}甲\n", "MicroDVD"},
        {"a.srt", "1\n00:00:02,000 --> 00:00:01,000\n倒\n", "none of its 1"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct read read;
        read_text(&read, cases[i].file, cases[i].text);
        assert_null(read.cues);
        assert_true(read.faults.count > 0);
        const struct fault *last = &read.faults.list[read.faults.count - 1];
        assert_int_equal(last->kind, FAULT_WARNING);
        assert_string_equal(last->file, cases[i].file);
        if (!strstr(last->message, cases[i].reason))
            fail_msg("%s", last->message);
        read_done(&read);
    }
}

static void test_encodings(void **state)
{
    /* 1 / 00:00:01,000 --> 00:00:02,000 / 同志们大家好 in GB18030 */
    static const char gb[] = "1\n00:00:01,000 --> 00:00:02,000\n"
                             "\xCD\xAC\xD6\xBE\xC3\xC7\xB4\xF3\xBC\xD2\xBA\xC3"
                             "\n";
    static const char utf16[] = "\xFF\xFE"
                                "1\0\n\0"
                                "0\0"
                                "0\0:\0"
                                "0\0"
                                "1\0"
                                "-\0-\0>\0"
                                "0\0"
                                "0\0:\0"
                                "0\0"
                                "2\0\n\0"
                                "\x7D\x59\n";
    struct read read;
    read_text(&read, "a.srt", gb);
    assert_cue(&read, 0, 1000, 2000, "同志们大家好");
    assert_string_equal(read.cues->encoding, "GB18030");
    read_done(&read);
    read_bytes(&read, "a.srt", utf16, sizeof(utf16));
    assert_cue(&read, 0, 1000, 2000, "好");
    assert_string_equal(read.cues->encoding, "UTF-16LE");
    read_done(&read);
}

/* A thousand bad cues are not a thousand sentences. */
static void test_many_faults(void **state)
{
    struct buffer text = {0};
    struct read read;
    for (int i = 0; i < 1000; i++)
        buffer_puts(&text, "00:00:02,000 --> 00:00:01,000\n倒\n\n");
    buffer_puts(&text, "00:00:02,000 --> 00:00:03,000\n好\n\n");
    read_bytes(&read, "a.srt", text.data, text.size);
    assert_int_equal(read.cues->count, 1);
    assert_true(read.faults.count < 20);
    read_done(&read);
    buffer_clear(&text);
}

/* Every prefix and many damaged copies of a file of each format: nothing may
 * crash (run under AddressSanitizer), and what is read is in order. */
/* What sums up stands behind what it sums up. */
static void test_summary_is_last(void **state)
{
    struct read read;
    struct buffer text = {0};
    for (int i = 0; i < 20; i++)
        buffer_printf(&text, "%d\n00:00:02,000 --> 00:00:01,000\n倒\n\n",
                      i + 1);
    read_text(&read, "a.srt", buffer_text(&text));
    faults_sort(&read.faults);
    size_t count = read.faults.count;
    assert_int_equal(count, 14);
    assert_non_null(strstr(read.faults.list[count - 2].message, "8 more"));
    assert_non_null(strstr(read.faults.list[count - 1].message, "none of"));
    buffer_clear(&text);
    read_done(&read);
}

static void test_damage(void **state)
{
    static const char *const texts[] = {
        "1\n00:00:01,000 --> 00:00:02,500\n<i>同志</i>{\\an8}&amp;\n\n2\n",
        "WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000 line:0\n<v 李>&#x41;<rt>",
        /* The parentheses tell clang that no comma is missing. */
        ("[Events]\nFormat: Start, End, Text\n"
         "Dialogue: 0:00:01.00,0:00:02.00,{\\p1}m{\\p0}\\Nx\\{"),
        "[00:01.00]甲<00:02.00>乙\n[offset:9]\n[00:03.00][00:04.00]\n",
    };
    uint32_t random = 1;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        size_t size = strlen(texts[i]);
        for (int round = 0; round < 2000; round++) {
            struct read read;
            char *copy = malloc(size);
            memcpy(copy, texts[i], size);
            size_t used = round < (int)size ? (size_t)round : size;
            for (int k = 0; round >= (int)size && k < 4; k++) {
                random = random * 1664525 + 1013904223;
                copy[(random >> 8) % size] = (char)(random >> 24);
            }
            char *exact = malloc(used ? used : 1);
            memcpy(exact, copy, used);
            read_bytes(&read, "a.srt", exact, used);
            for (size_t c = 0; read.cues && c < read.cues->count; c++) {
                const struct cue *cue = &read.cues->list[c];
                assert_true(cue->end_flicks > cue->start_flicks);
                assert_true(cue->start_flicks >= 0);
                if (c)
                    assert_true(cue[-1].start_flicks <= cue->start_flicks);
            }
            read_done(&read);
            free(exact);
            free(copy);
        }
    }
}

static void test_corpus(void **state)
{
    const char *corpus = getenv("REELPRESS_CORPUS");
    if (!corpus) {
        skip();
        return;
    }
    struct arena *arena = arena_create();
    const char *folder = files_join(arena, corpus, "subs");
    char **names;
    size_t count;
    assert_int_equal(files_list(NULL, folder, arena, &names, &count), 0);
    assert_true(count > 50);
    for (size_t i = 0; i < count; i++) {
        struct buffer bytes = {0};
        struct read read;
        assert_int_equal(files_read(NULL, files_join(arena, folder, names[i]),
                                    1 << 20, &bytes),
                         0);
        read_bytes(&read, names[i], buffer_text(&bytes), bytes.size);
        printf("%-56s %s %zu cues\n", names[i],
               read.cues ? read.cues->format : "refused",
               read.cues ? read.cues->count : 0);
        for (size_t k = 0; k < read.faults.count; k++)
            printf("    %s\n", read.faults.list[k].message);
        if (!read.cues)
            assert_true(read.faults.count > 0);
        read_done(&read);
        buffer_clear(&bytes);
    }
    arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_srt),
        cmocka_unit_test(test_srt_repaired),
        cmocka_unit_test(test_srt_lost_blank_line),
        cmocka_unit_test(test_srt_left_out),
        cmocka_unit_test(test_srt_last_number),
        cmocka_unit_test(test_srt_tags_among_blanks),
        cmocka_unit_test(test_vtt_arrows),
        cmocka_unit_test(test_summary_is_last),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_vtt),
        cmocka_unit_test(test_ass),
        cmocka_unit_test(test_lrc),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_many_faults),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
