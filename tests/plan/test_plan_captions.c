/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts in clip time: cues over cuts, cells over rows, who speaks when. */
#include "plan/fixture.h"

static const AVRational R25 = {25, 1};

#define CUES(f, ...)                                                           \
    fixture_cues((f), (const struct cue[]){__VA_ARGS__},                       \
                 sizeof((const struct cue[]){__VA_ARGS__}) /                   \
                     sizeof(struct cue))
#define CUE(from, to, words)                                                   \
    {                                                                          \
        .start_flicks = MS(from), .end_flicks = MS(to), .text = (words),       \
        .row = 1                                                               \
    }

static struct preset *outlet(struct fixture *f)
{
    struct preset *preset = fixture_preset(f, "web-news");
    fixture_outlet(f, "新闻", "web-news");
    fixture_mute(preset);
    preset->captions = true;
    return preset;
}

/* The captions of the first film, in milliseconds. */
static void expect_captions(struct fixture *f, const char *want)
{
    struct buffer text = {0};
    const struct rendition *r = f->plan->renditions[0];
    for (size_t i = 0; i < r->script->caption_count; i++) {
        const struct script_caption *c = &r->script->captions[i];
        buffer_printf(&text, "%s%lld-%lld %s%s", i ? "; " : "",
                      (long long)c->start_tick * 40,
                      (long long)c->end_tick * 40, c->text,
                      c->estimated ? "*" : "");
    }
    assert_string_equal(want, buffer_text(&text));
    buffer_clear(&text);
}

static void test_cut_cues(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    r->cues = CUES(f, CUE(0, 2000, "在外"), CUE(8000, 11000, "入"),
                   CUE(12000, 14000, "中"), CUE(18000, 21000, "出"),
                   CUE(30000, 31000, "也在外"));
    fixture_row(f, NULL, r, MS(10000), MS(20000));
    outlet(f);
    fixture_plan(f);
    expect_captions(f, "0-1000 入; 2000-4000 中; 8000-10000 出");
}

static void test_scraps_and_short_ones(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    /* What is left of the first is 0.28 s: dropped. Of the second 0.4 s: it
     * is lengthened behind. The third is short by itself and has room only
     * before it. The fourth has no room at all. */
    r->cues = CUES(f, CUE(8000, 10280, "甲"), CUE(12000, 12400, "乙"),
                   CUE(15000, 15200, "丙"), CUE(15200, 15440, "丁"),
                   CUE(15440, 17000, "戊"), CUE(19600, 22000, "己"));
    fixture_row(f, NULL, r, MS(10000), MS(20000));
    outlet(f);
    fixture_plan(f);
    expect_captions(f, "2000-2840 乙; 4400-5200 丙; 5200-5440 丁; "
                       "5440-7000 戊; 9200-10000 己");
}

static void test_over_a_join(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    /* The second shot goes on where the first ends; the third does not. */
    r->cues = CUES(f, CUE(11000, 13000, "一"), CUE(13500, 16000, "二"));
    fixture_row(f, "一", r, MS(10000), MS(12000));
    fixture_row(f, "一", r, MS(12000), MS(14000));
    fixture_row(f, "一", r, MS(15000), MS(18000));
    outlet(f);
    fixture_plan(f);
    expect_captions(f, "1000-3000 一; 3200-4000 二; 4000-5000 二");
}

/* Two that overlap go on over a join, each once; what a cut leaves of another
 * does not hide behind the one it overlaps. */
static void test_overlaps_over_a_join(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    r->cues = CUES(f, CUE(8000, 10200, "零"), CUE(9000, 11000, "一"),
                   CUE(11400, 13000, "二"), CUE(11800, 14000, "三"),
                   CUE(11900, 12100, "四"));
    fixture_row(f, "一", r, MS(10000), MS(12000));
    fixture_row(f, "一", r, MS(12000), MS(14000));
    outlet(f);
    fixture_plan(f);
    expect_captions(f, "0-1000 一; 1000-1800 二; 1800-4000 三\n四");
}

static void test_overlaps(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    r->cues = CUES(f, CUE(1000, 4000, "甲"), CUE(2000, 5000, "乙"),
                   CUE(6000, 8000, "丙"), CUE(6000, 9000, "丁"));
    fixture_row(f, NULL, r, 0, MS(10000));
    struct preset *preset = outlet(f);
    preset->captions = false;
    fixture_plan(f);
    /* Files get them too where nothing is drawn. */
    const struct script *script = f->plan->renditions[0]->script;
    assert_int_equal(3, script->caption_count);
    assert_int_equal(0, script->count);
    assert_int_equal(50, script->captions[0].end_tick);
    assert_int_equal(125, script->captions[1].end_tick);
    assert_int_equal(225, script->captions[2].end_tick);
    assert_non_null(strstr(script->captions[2].text, "丙"));
    assert_non_null(strstr(script->captions[2].text, "丁"));
}

static void test_cells(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    struct highlight *row = fixture_row(f, "一", r, 0, MS(10000));
    row->caption = "一二三四五，六七八九十。甲乙丙丁戊己庚辛壬癸！子丑寅卯辰"
                   "巳午未申酉，戌亥子丑寅卯辰巳午未";
    fixture_row(f, "一", r, MS(20000), MS(22000))->caption = "后一行";
    outlet(f);
    fixture_plan(f);
    /* Clauses of a sentence share a line while they fit; time by length; a
     * stop at the end is not shown, an exclamation is. */
    expect_captions(f, "0-2640 一二三四五，六七八九十*; 2640-5240 "
                       "甲乙丙丁戊己庚辛壬癸！*; 5240-7640 "
                       "子丑寅卯辰巳午未申酉*; 7640-10000 "
                       "戌亥子丑寅卯辰巳午未*; 10000-12000 后一行*");
    assert_true(f->plan->clips[0]->captions_estimated);
}

/* Under 5/6 s nothing is read: a short clause stands with its neighbour. */
static void test_short_clauses(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    fixture_row(f, "一", r, 0, MS(4000))->caption =
        "同志们好，今天我们一起重温半条被子的故事。好！";
    fixture_row(f, "一", r, MS(20000), MS(20600))->caption = "好！好！";
    outlet(f);
    fixture_plan(f);
    expect_captions(f, "0-4000 同志们好，今天我们一起\n"
                       "重温半条被子的故事。好！*; "
                       "4000-4600 好！好！*");
}

/* Two characters would be gone before they are read. */
static void test_short_beginning(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    fixture_row(f, NULL, r, 0, MS(4000))->caption =
        "今天，一二三四五六七八九十一二三四五六七八";
    outlet(f);
    fixture_plan(f);
    expect_captions(f, "0-4000 今天，一二三四五六七\n八九十一二三四五六七八*");
}

static void test_cells_yield_to_cues(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    r->cues = CUES(f, CUE(1000, 3000, "字幕"));
    fixture_row(f, "一", r, 0, MS(5000))->caption = "表里的";
    fixture_row(f, "一", r, MS(20000), MS(22000))->caption = "没有字幕处";
    outlet(f);
    fixture_plan(f);
    expect_captions(f, "1000-3000 字幕; 5000-7000 没有字幕处*");
}

static void test_latin_cell(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    struct highlight *row = fixture_row(f, NULL, r, 0, MS(10000));
    row->caption = "GDP grew 3.5 percent. See example.com, please";
    outlet(f);
    fixture_preset(f, "web-news")->caption_chars = 30;
    fixture_plan(f);
    expect_captions(f, "0-4920 GDP grew 3.5 percent.*; 4920-8640 "
                       "See example.com,*; 8640-10000 please*");
}

static void test_too_fast_cell(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    fixture_row(f, NULL, r, 0, MS(1000))->caption =
        "一二三四五六七八九十甲乙丙丁";
    outlet(f);
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_WARNING, 2, "14");
}

static void test_photos_share_a_cell(void **state)
{
    struct fixture *f = *state;
    fixture_photos(f, NULL, 3, MS(4000))->caption = "甲乙丙丁，戊己庚辛";
    outlet(f);
    fixture_plan(f);
    expect_captions(f, "0-12000 甲乙丙丁，戊己庚辛*");
}

static void test_file_in_clip_time(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    r->cues = CUES(f, CUE(1000, 3000, "旧"));
    fixture_row(f, NULL, r, 0, MS(5000))->title = "标题";
    struct clip_captions files[] = {
        {"01-标题", "subtitles/clips/01-标题.srt",
         CUES(f, CUE(500, 2500, "新"), CUE(4000, 9000, "尾"),
              CUE(6000, 7000, "外"))},
        {"9", "subtitles/clips/9.srt", CUES(f, CUE(0, 1000, "谁"))}};
    f->session->clip_captions = files;
    f->session->clip_caption_count = 2;
    outlet(f);
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_WARNING, 0, "subtitles/clips/9.srt");
    expect_captions(f, "520-2520 新; 4000-5000 尾");
    assert_false(f->plan->clips[0]->captions_estimated);
}

static void test_corrections(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    r->cues = CUES(f, CUE(1000, 3000, "半条背子的故事"));
    struct highlight *row = fixture_row(f, NULL, r, 0, MS(5000));
    row->title = "半条背子";
    struct correction list[] = {{"背子", "被子", 2, 7}, {"无", "有", 3, 0}};
    f->session->corrections = (struct corrections){list, 2};
    outlet(f);
    fixture_plan(f);
    expect_captions(f, "1000-3000 半条被子的故事");
    assert_string_equal("01-半条被子", f->plan->clips[0]->stem);
    assert_int_equal(2, list[0].hits);
    bool told = false;
    for (size_t i = 0; i < f->plan->note_count; i++)
        told = told || (strstr(f->plan->notes[i].text, "被子") &&
                        strstr(f->plan->notes[i].text, "2 texts"));
    assert_true(told);
}

/* --- who speaks ------------------------------------------------------------
 */

static void test_people(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    struct person people[] = {{"李明", "市委办公室主任"}, {"王芳", "宣讲员"}};
    f->session->people = people;
    f->session->people_count = 2;
    struct highlight *row = fixture_row(f, "一", r, 0, MS(5000));
    fixture_speaker(f, row, "李明");
    fixture_speaker(f, row, "王芳");
    row = fixture_row(f, "一", r, MS(5000), MS(10000));
    fixture_speaker(f, row, "张三");
    row->role = "村民";
    row = fixture_row(f, "一", r, MS(15000), MS(20000));
    fixture_speaker(f, row, "李明");
    row->role = "市委办公室主任";
    row = fixture_row(f, "一", r, MS(25000), MS(30000));
    fixture_speaker(f, row, "甲");
    fixture_speaker(f, row, "乙");
    row->role = "教师、学生";
    /* Who has a role somewhere is not listed without it too. */
    row = fixture_row(f, "一", r, MS(35000), MS(40000));
    fixture_speaker(f, row, "甲");
    fixture_speaker(f, row, "丙");
    row = fixture_row(f, "一", r, MS(45000), MS(50000));
    fixture_speaker(f, row, "丙");
    row->role = "记者";
    outlet(f);
    const struct clip *clip = fixture_plan(f)->clips[0];
    static const char *const want[] = {"李明 市委办公室主任",
                                       "王芳 宣讲员",
                                       "张三 村民",
                                       "甲 教师",
                                       "乙 学生",
                                       "丙 记者"};
    assert_int_equal(6, clip->people_count);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(want[i], clip->people[i]);
}

/* First and last tick of every text event that holds the word. */
static void expect_shown(struct fixture *f, const char *word, int64_t start,
                         int64_t end)
{
    const struct script *script = f->plan->renditions[0]->script;
    int64_t from = INT64_MAX, to = -1;
    for (size_t i = 0; i < script->count; i++) {
        const struct script_event *event = &script->events[i];
        if (!strstr(event->text, word))
            continue;
        from = event->start_tick < from ? event->start_tick : from;
        to = event->end_tick > to ? event->end_tick : to;
    }
    if (from != start || to != end)
        print_error("%s: %d to %d\n", word, (int)from, (int)to);
    assert_int_equal(start, from);
    assert_int_equal(end, to);
}

static bool is_noted(const struct fixture *f, const char *words)
{
    bool noted = false;
    for (size_t i = 0; i < f->plan->note_count; i++)
        noted = noted || strstr(f->plan->notes[i].text, words);
    return noted;
}

static struct preset *full_outlet(struct fixture *f)
{
    struct preset *preset = outlet(f);
    preset->titles = preset->straps = preset->quotes = true;
    return preset;
}

/* Title, then quote, then strap; the next speaker at once; the same speaker
 * in the next row not again. */
static void test_order_of_texts(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 3000);
    struct highlight *row = fixture_row(f, "一", r, 0, MS(20000));
    row->title = "标题";
    row->quote = "金句";
    fixture_speaker(f, row, "李明");
    row = fixture_row(f, "一", r, MS(30000), MS(40000));
    fixture_speaker(f, row, "李明");
    row = fixture_row(f, "一", r, MS(50000), MS(60000));
    fixture_speaker(f, row, "王芳");
    fixture_speaker(f, row, "张三");
    full_outlet(f);
    fixture_plan(f);
    expect_shown(f, "标题", 0, 100);
    expect_shown(f, "金句", 100, 200);
    expect_shown(f, "王芳", 750, 850);
    expect_shown(f, "张三", 850, 950);
    /* The name under the quote, then the strap: to the strap's end. */
    expect_shown(f, "李明", 100, 300);
}

static void test_short_first_row(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 3000);
    struct highlight *row = fixture_row(f, NULL, r, 0, MS(5000));
    row->title = "标题";
    fixture_speaker(f, row, "李明");
    full_outlet(f);
    fixture_plan(f);
    expect_shown(f, "标题", 0, 63);
    expect_shown(f, "李明", 63, 125);
}

/* A quote makes the title give way as a strap does; it bears the name, so
 * nobody misses the strap that has no time. */
static void test_quote_in_a_short_first_row(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 3000);
    struct highlight *row = fixture_row(f, NULL, r, 0, MS(5000));
    row->title = "标题";
    row->quote = "金句";
    fixture_speaker(f, row, "李明");
    struct preset *preset = full_outlet(f);
    preset->straps = false;
    fixture_plan(f);
    expect_shown(f, "标题", 0, 63);
    expect_shown(f, "金句", 63, 125);
    preset->straps = true;
    fixture_plan(f);
    expect_shown(f, "金句", 63, 125);
    assert_false(is_noted(f, "name strap"));
}

static void test_no_time_for_a_strap(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 3000);
    struct highlight *row = fixture_row(f, "一", r, 0, MS(5000));
    row = fixture_row(f, "一", r, MS(7000), MS(7500));
    fixture_speaker(f, row, "李明");
    full_outlet(f);
    fixture_plan(f);
    expect_shown(f, "李明", INT64_MAX, -1);
    assert_true(is_noted(f, "name strap of row 3"));
}

static void test_card(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 3000);
    fixture_row(f, NULL, r, 0, MS(5000));
    outlet(f)->card = true;
    const struct plan *plan = fixture_plan(f);
    expect_shown(f, "市委办公室供图", 125, 175);
    assert_int_equal(175, plan->timelines[0]->ticks);
    assert_int_equal(3, plan->renditions[0]->chunk_count);
    /* Nothing to say: no card. */
    struct session *s = f->session;
    s->series = s->title = s->organizer = s->credit = NULL;
    plan = fixture_plan(f);
    assert_int_equal(125, plan->timelines[0]->ticks);
    assert_int_equal(2, plan->clips[0]->span_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_cut_cues),
        TEST(test_scraps_and_short_ones),
        TEST(test_over_a_join),
        TEST(test_overlaps_over_a_join),
        TEST(test_overlaps),
        TEST(test_cells),
        TEST(test_short_clauses),
        TEST(test_short_beginning),
        TEST(test_cells_yield_to_cues),
        TEST(test_latin_cell),
        TEST(test_too_fast_cell),
        TEST(test_photos_share_a_cell),
        TEST(test_file_in_clip_time),
        TEST(test_corrections),
        TEST(test_people),
        TEST(test_order_of_texts),
        TEST(test_short_first_row),
        TEST(test_quote_in_a_short_first_row),
        TEST(test_no_time_for_a_strap),
        TEST(test_card),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
