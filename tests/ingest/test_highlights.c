/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole lists as evenings produce them: headings, inherited cells, encodings,
 * names that stand for two things, and noise. */
#include "ingest/highlights_fixture.h"

/* Wish: "row:clip/source" of each row, or "!words" of a FAULT_SESSION, or
 * "?words" of a warning after which the rows are read. */
static const struct {
    const char *text, *wish;
} lists[] = {
    {"source,start,end\ncam1,0,1\ncam2,0,1\n", "2:-/cam1 3:-/cam2"},
    {"素材,开始,结束\ncam1,0,1\n,2,3\n", "2:-/cam1 3:-/cam1"},
    {"短片,素材,开始,结束\n1,cam1,0,1\n,,2,3\n2,cam2,4,5\n",
     "2:1/cam1 3:1/cam1 4:2/cam2"},
    {"clip,source,start,end\n1,cam1,0,1\n单独,,2,3\n,,4,5\n1,,6,7\n",
     "2:1/cam1 3:-/cam1 4:-/cam1 5:1/cam1"},
    {"clip,source,start,end\n,cam1,0,1\n1,,2,3\nOWN,,4,5\n",
     "2:-/cam1 3:1/cam1 4:-/cam1"},
    {"clip,source,start,end\n1.0,cam1,0,1\n１,,2,3\n01,,4,5\n",
     "2:1/cam1 3:1/cam1 4:1/cam1"},
    {"clip,source,start,end\nOpen,cam1,0,1\nopen,,2,3\n",
     "2:Open/cam1 3:Open/cam1"},
    {"\n\n半条被子活动亮点,,\n\nsource,start,end\n\ncam1,0,1\n", "7:-/cam1"},
    {"活动亮点清单,,\n（2022年6月）,,\n素材,开始,结束\ncam1,0,1\n", "4:-/cam1"},
    {"sep=;\nsource;start;end\ncam1;0;1\n", "2:-/cam1"},
    {"source\tstart\tend\ncam1\t0\t1\n", "2:-/cam1"},
    {"素材，开始，结束\ncam1，0，1\n", "2:-/cam1"},
    {"SOURCE,Start Time,END\ncam1,0,1\n", "2:-/cam1"},
    {"素材：,开始（时:分:秒）,结束*\ncam1,0,1\n", "2:-/cam1"},
    {"\"素材\n（文件）\",\"开始\n时间\",结束\ncam1,0,1\n", "2:-/cam1"},
    {"ｓｏｕｒｃｅ,ｓｔａｒｔ,ｅｎｄ\ncam1,0,1\n", "2:-/cam1"},
    {"source,start,end,caption\ncam1,0,1,\"one\ntwo\"\ncam1,2,3,x\n",
     "2:-/cam1 3:-/cam1"},
    {"source,start,end\ncam1,0,1\nsource,start,end\ncam1,2,3\n",
     "2:-/cam1 4:-/cam1"},
    {"素材,開始,結束,標題,發言人\ncam1,0,1,題,李明\n", "2:-/cam1"},
    {"clip,source,start,end\nＡ,cam1,0,1\na,cam1,2,3\n單獨,cam1,3,4\n",
     "2:Ａ/cam1 3:Ａ/cam1 4:-/cam1"},
    {"source,start,end,审核\ncam1,0,1,已审\n", "?审核|not known"},
    {"source,start,end,标记,标题\ncam1,0,1,a,b\n", "?标记|not known"},
    {"source,start,end\ncam1,0,1\ncam1,0,1\n", "?exactly what row 2"},
    {"clip,source,start,end,poster\n1,cam1,0,1,yes\n1,cam1,2,3,yes\n",
     "?poster|row 2"},
    {"source,strat,end\ncam1,0,1\n", "!strat|did you mean|start"},
    {"素材,开始,结束,发言入\ncam1,0,1,李明\n", "!发言入|did you mean|发言人"},
    {"素材,开始时刻,结束\ncam1,0,1\n", "!开始时刻|did you mean|开始"},
    {"source,start,end,tilte\ncam1,0,1,x\n", "!tilte|did you mean|title"},
    {"source,start,end,开始\ncam1,0,1,2\n", "!both|start"},
    {"", "!empty"},
    {"\n\n,,\n", "!empty"},
    {"source,start,end\n", "!no rows below"},
    {"cam1,0:10,0:20\n", "!no row of headings"},
    {"sorce,strat,edn\ncam1,0,1\n", "!did you mean|source"},
    {"PK\3\4xxxx", "!workbook|CSV UTF-8"},
    {"source,start,end,note\ncam1,0,1,\"open\ncam1,2,3\n", "!2:|never closed"},
};

static void test_lists(void **state)
{
    (void)state;
    size_t failed = 0;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct fixture it = fixture_open();
        struct buffer shown = {0};
        read_text(&it, lists[i].text);
        const struct highlights *list = &it.session.list;
        for (size_t k = 0; k < list->count; k++) {
            const struct highlight *row = &list->rows[k];
            buffer_printf(&shown, "%s%d:%s/%s", k ? " " : "", row->row,
                          row->clip ? row->clip : "-", row->source);
        }
        const char *wish = lists[i].wish;
        const struct faults *faults = &it.session.faults;
        if (!wish_holds(faults, FAULT_SESSION, wish, buffer_text(&shown))) {
            failed++;
            print_error("list %zu wants <%s>; got <%s>\n", i, wish,
                        buffer_text(&shown));
            show_faults(faults);
        }
        buffer_clear(&shown);
        arena_destroy(&it.arena);
    }
    assert_int_equal(failed, 0);
}

/* Cells below a heading that was mistyped are read: all that is wrong with
 * them is told at once, and not that they are missing. */
static void test_mistyped_heading(void **state)
{
    (void)state;
    struct fixture it = fixture_open();
    read_text(&it, "source,strat,end\ncam1,0,1\ncam1,0:75,2\n");
    const struct faults *faults = &it.session.faults;
    assert_int_equal(faults->count, 2);
    assert_true(has_fault(faults, FAULT_SESSION, "did you mean \"start\""));
    assert_true(has_fault(faults, FAULT_ROW, ":3: strat (B3): |59"));
    arena_destroy(&it.arena);
}

/* From an open quotation mark on nothing is what it seems. */
static void test_open_quote(void **state)
{
    (void)state;
    struct fixture it = fixture_open();
    read_text(&it, "source,start,end\ncam1,0,1\n\"cam1,2,3\ncam1,4,5\n");
    assert_int_equal(it.session.list.count, 1);
    assert_int_equal(it.session.faults.count, 1);
    arena_destroy(&it.arena);
}

/* A crossed-out cell is empty; 无 may be a word that was spoken. */
static void test_crossed_out(void **state)
{
    (void)state;
    struct fixture it = fixture_open();
    read_text(&it, "clip,source,start,end,title,quote,caption\n"
                   "1,cam1,0,1,-,——,无\n1,/,2,3,无,无,／\n");
    const struct highlight *rows = it.session.list.rows;
    assert_int_equal(it.session.faults.count, 0);
    assert_null(rows[0].title);
    assert_null(rows[0].quote);
    assert_string_equal(rows[0].caption, "无");
    assert_string_equal(rows[1].source, "cam1");
    assert_null(rows[1].title);
    assert_null(rows[1].quote);
    assert_null(rows[1].caption);
    arena_destroy(&it.arena);
}

/* Every way to read a fault's place is filled, with the list's own heading. */
static void test_places(void **state)
{
    (void)state;
    struct fixture it = fixture_open();
    read_text(&it, "片名\n\n备注,素材,开始,结束\n,cam1,abc,0:15\n");
    assert_int_equal(it.session.faults.count, 1);
    const struct fault *fault = &it.session.faults.list[0];
    assert_int_equal(fault->kind, FAULT_ROW);
    assert_string_equal(fault->file, "highlights.csv");
    assert_int_equal(fault->row, 4);
    assert_int_equal(fault->column, 3);
    assert_string_equal(fault->field, "开始");
    assert_non_null(strstr(fault->message, "highlights.csv:4: 开始 (C4): "));
    arena_destroy(&it.arena);
}

/* One row's fault is told once and holds back those that inherit it. */
static void test_inherited_fault(void **state)
{
    (void)state;
    struct fixture it = fixture_open();
    read_text(&it, "source,start,end\ncam9x,0,1\n,2,3\ncam1,4,5\n");
    const struct faults *faults = &it.session.faults;
    assert_int_equal(faults->count, 2);
    assert_true(has_fault(faults, FAULT_ROW, ":3: |row 2"));
    assert_true(faults_hit_row(faults, "highlights.csv", 3));
    assert_false(faults_hit_row(faults, "highlights.csv", 4));
    arena_destroy(&it.arena);
}

static void test_photo_folder(void **state)
{
    (void)state;
    struct fixture it = fixture_open();
    read_text(&it, "source,duration\nphotos,2\n");
    const struct highlight *row = &it.session.list.rows[0];
    static const char *const order[] = {"photos/IMG_10.jpg", "photos/IMG_2.jpg",
                                        "photos/b9.jpg", "photos/b10.jpg"};
    assert_int_equal(it.session.faults.count, 0);
    assert_int_equal(row->photo_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(row->photos[i]->file, order[i]);
    assert_null(row->recording);
    arena_destroy(&it.arena);
}

static void test_ambiguous_name(void **state)
{
    (void)state;
    struct fixture it = fixture_open();
    struct recording *other =
        add_recording(&it, "C1.MOV", 100, (AVRational){25, 1});
    other->file = "recordings/C1.MOV";
    other = add_recording(&it, "C1.MXF", 100, (AVRational){25, 1});
    other->file = "recordings/C1.MXF";
    read_text(&it, "source,start,end\nC1,0,1\nC1.MXF,0,1\n");
    const struct faults *faults = &it.session.faults;
    assert_int_equal(faults->count, 1);
    assert_true(
        has_fault(faults, FAULT_ROW, "C1.MOV|C1.MXF|two ways|one of the two"));
    assert_ptr_equal(it.session.list.rows[1].recording, other);
    arena_destroy(&it.arena);
}

/* Full-width signs in the cell, in the file's name or in both. */
static void test_width_of_names(void **state)
{
    (void)state;
    static const char *const names[] = {"开场（一）", "开场(二)", "a\\b"};
    static const char *const cells[] = {"开场(一)", "开场（一）", "开场（二）",
                                        "开场(二)", "a\\b"};
    struct fixture it = fixture_open();
    struct buffer text = {0};
    for (size_t i = 0; i < 3; i++)
        add_recording(&it, names[i], 100, (AVRational){25, 1})->file =
            arena_printf(it.arena, "recordings/%s.mp4", names[i]);
    buffer_puts(&text, "source,start,end,title\n");
    for (size_t i = 0; i < 5; i++)
        buffer_printf(&text, "%s,0,1,%zu\n", cells[i], i);
    read_text(&it, buffer_text(&text));
    show_faults(&it.session.faults);
    assert_int_equal(it.session.faults.count, 0);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(it.session.list.rows[i].recording->name,
                            names[i / 2]);
    /* Where both are there, the one as written is meant. */
    add_recording(&it, "开场（二）", 100, (AVRational){25, 1});
    read_text(&it, "source,start,end\n开场（二）,0,1\n开场(二),0,1\n");
    assert_int_equal(it.session.faults.count, 0);
    assert_string_equal(it.session.list.rows[1].recording->name, "开场(二)");
    buffer_clear(&text);
    arena_destroy(&it.arena);
}

static void test_only_recording(void **state)
{
    (void)state;
    struct fixture it = fixture_open();
    it.session.recording_count = 1;
    read_text(&it, "start,end,title\n0:10,0:20,甲\n");
    assert_int_equal(it.session.faults.count, 0);
    assert_string_equal(it.session.list.rows[0].recording->name, "cam1");
    assert_string_equal(it.session.list.rows[0].title, "甲");
    arena_destroy(&it.arena);

    /* A recorder is no choice. */
    it = fixture_open();
    it.session.recordings[0]->recorder = it.session.recordings[1];
    it.session.recording_count = 2;
    read_text(&it, "start,end\n0:10,0:20\n");
    assert_int_equal(it.session.faults.count, 0);
    assert_string_equal(it.session.list.rows[0].recording->name, "cam1");
    arena_destroy(&it.arena);
}

/* The same list in the encodings that spreadsheets write. */
static void test_encodings(void **state)
{
    (void)state;
    /* 素材,开始,结束,标题 / cam1,0:10,0:20,沙洲村 */
    static const char gb[] =
        "\xcb\xd8\xb2\xc4,\xbf\xaa\xca\xbc,\xbd\xe1\xca\xf8,\xb1\xea\xcc\xe2"
        "\r\ncam1,0:10,0:20,\xc9\xb3\xd6\xde\xb4\xe5\r\n";
    static const char utf16[] =
        "\xff\xfe\x20\x7d\x50\x67\x09\x00\x00\x5f\xcb\x59\x09\x00\xd3\x7e\x5f"
        "\x67\x09\x00\x07\x68\x98\x98\x0d\x00\x0a\x00\x63\x00\x61\x00\x6d\x00"
        "\x31\x00\x09\x00\x30\x00\x3a\x00\x31\x00\x30\x00\x09\x00\x30\x00\x3a"
        "\x00\x32\x00\x30\x00\x09\x00\x99\x6c\x32\x6d\x51\x67\x0d\x00\x0a\x00";
    /* source,start,end,title / cam1,0:10,0:20,歡迎光臨臺北 in Big5. */
    static const char big5[] =
        "source,start,end,title\r\ncam1,0:10,0:20,"
        "\xc5\x77\xaa\xef\xa5\xfa\xc1\x7b\xbb\x4f\xa5\x5f\r\n";
    static const struct {
        const char *bytes;
        size_t size;
        const char *encoding, *separator, *title;
    } files[] = {
        {gb, sizeof(gb) - 1, "GB18030", ",", "沙洲村"},
        {utf16, sizeof(utf16) - 1, "UTF-16LE", "\t", "沙洲村"},
        {big5, sizeof(big5) - 1, "Big5", ",", "歡迎光臨臺北"},
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct fixture it = fixture_open();
        read_bytes(&it, files[i].bytes, files[i].size);
        show_faults(&it.session.faults);
        assert_int_equal(it.session.faults.count, 0);
        assert_int_equal(it.session.list.count, 1);
        assert_string_equal(it.session.list.encoding, files[i].encoding);
        assert_string_equal(it.session.list.separator, files[i].separator);
        const struct highlight *row = &it.session.list.rows[0];
        assert_string_equal(row->title, files[i].title);
        assert_int_equal(clock_ms(row->end_flicks), 20000);
        arena_destroy(&it.arena);
    }
}

/* Whatever the bytes, nothing crashes and something is said. */
static void test_noise(void **state)
{
    (void)state;
    static const char *const bits[] = {
        "cam1", ",",       "\n",     "\"",   "0:10",       "：",
        "单独", "start",   "source", "end",  "\t",         ";",
        "，",   "0.04305", "李明",   "\xff", "2022/6/28 ", "-",
    };
    unsigned seed = 1;
    for (int round = 0; round < 400; round++) {
        struct fixture it = fixture_open();
        struct buffer text = {0};
        if (round % 2)
            buffer_puts(&text, "source,start,end,duration,poster,crop\n");
        for (int i = 0; i < 60; i++) {
            seed = seed * 1103515245u + 12345u;
            buffer_puts(&text,
                        bits[(seed >> 16) % (sizeof(bits) / sizeof(bits[0]))]);
        }
        read_bytes(&it, buffer_text(&text), text.size);
        for (size_t i = 0; i < it.session.list.count; i++) {
            const struct highlight *row = &it.session.list.rows[i];
            bool resolved = row->recording || row->photo_count;
            assert_true(resolved || it.session.faults.count);
        }
        buffer_clear(&text);
        arena_destroy(&it.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_mistyped_heading),
        cmocka_unit_test(test_open_quote),
        cmocka_unit_test(test_crossed_out),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_inherited_fault),
        cmocka_unit_test(test_photo_folder),
        cmocka_unit_test(test_ambiguous_name),
        cmocka_unit_test(test_width_of_names),
        cmocka_unit_test(test_only_recording),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
