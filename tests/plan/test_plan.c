/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole plan: what is shared, what is chosen, what is refused, and how it
 * is told. Golden texts lie in tests/plan/golden; REELPRESS_GOLDEN=write
 * writes them anew. */
#include "plan/fixture.h"

#include "base/files.h"
#include "base/text.h"

static const AVRational R25 = {25, 1};

/* A session like those that the office has. */
static void full_session(struct fixture *f)
{
    struct recording *a = fixture_recording(f, "cam1", R25, 6000);
    struct recording *b =
        fixture_recording(f, "手机", (AVRational){30, 1}, 3600);
    b->sound.stream = -1;
    b->picture.orientation = ORIENTATION_QUARTER_RIGHT;
    a->picture.fields = FIELDS_TOP_FIRST;
    fixture_outlet(f, "郴州日报", "web-news");
    fixture_outlet(f, "视频号", "channels");
    fixture_outlet(f, "抖音", "douyin");
    fixture_outlet(f, "电视台", "clean");
    struct highlight *row = fixture_row(f, "1", a, MS(3480), MS(15000));
    row->title = "半条被子的故事";
    row->subtitle = "宣讲员讲述沙洲村往事";
    fixture_speaker(f, row, "李明");
    row->role = "市委办公室主任";
    row->caption = "那一夜，三位女红军借宿在她家。";
    row = fixture_row(f, "1", b, MS(62000), MS(71960));
    row->transition = TRANSITION_DISSOLVE;
    row->crop_percent = 30;
    fixture_speaker(f, row, "王芳");
    row = fixture_row(f, "参观", a, MS(100000), MS(112000));
    row->title = "参观";
    row->quote = "什么是共产党？";
    row->poster = true;
    row->poster_flicks = MS(105000);
    row = fixture_photos(f, "参观", 2, MS(4000));
    row->transition = TRANSITION_FADE;
}

/* --- golden texts ----------------------------------------------------------
 */

/* Keys differ from version to version of the libraries. */
static void mask_keys(char *text)
{
    for (char *at = text; *at; at++) {
        size_t digits = strspn(at, "0123456789abcdef");
        if (digits == 64)
            memset(at, '#', 64);
        at += digits ? digits - 1 : 0;
    }
}

static void expect_golden(const char *name, char *text)
{
    char path[128];
    struct buffer want = {0};
    snprintf(path, sizeof(path), "tests/plan/golden/%s", name);
    mask_keys(text);
    const char *mode = getenv("REELPRESS_GOLDEN");
    if (mode && strcmp(mode, "write") == 0)
        assert_int_equal(0, files_write(NULL, path, text, strlen(text)));
    assert_int_equal(0, files_read(NULL, path, 1 << 24, &want));
    assert_string_equal(buffer_text(&want), text);
    buffer_clear(&want);
}

static void test_table(void **state)
{
    struct fixture *f = *state;
    struct buffer out = {0};
    full_session(f);
    plan_print(fixture_plan(f), &out);
    for (const char *at = buffer_text(&out), *end; *at; at = end + 1) {
        end = strchr(at, '\n');
        char *line = arena_strndup(f->arena, at, (size_t)(end - at));
        assert_true(text_columns(line) <= 100);
        assert_true(end == at || end[-1] != ' ');
    }
    expect_golden("plan.txt", out.data);
    buffer_clear(&out);
}

static void test_json(void **state)
{
    struct fixture *f = *state;
    full_session(f);
    json_t *json = plan_json(fixture_plan(f));
    char *text = json_dumps(json, JSON_INDENT(1) | JSON_SORT_KEYS);
    expect_golden("plan.json", text);
    free(text);
    json_decref(json);
}

/* However long the names are, nothing is wider than the terminal. */
static void test_wide_table(void **state)
{
    struct fixture *f = *state;
    struct buffer out = {0};
    const char *words =
        "一段很长很长很长很长很长很长很长很长很长很长很长的名字";
    struct recording *r = fixture_recording(
        f, arena_printf(f->arena, "%s%s", words, words), R25, 150000);
    struct highlight *row = fixture_row(f, words, r, MS(3600000), MS(5400480));
    row->title = arena_printf(f->arena, "%s%s%s", words, words, words);
    for (int i = 0; i < 9; i++)
        fixture_speaker(f, row, "司马相如");
    row = fixture_row(f, words, r, MS(3700000), MS(5500480));
    row->transition = TRANSITION_DISSOLVE;
    row->transition_flicks = MS(12340);
    f->session->title = row->title;
    fixture_outlet(f, words, "bilibili");
    fixture_outlet(f, "日报", "bilibili");
    plan_print(fixture_build(f, NULL), &out);
    assert_int_equal(1, f->plan->clip_count);
    for (const char *at = buffer_text(&out), *end; *at; at = end + 1) {
        end = strchr(at, '\n');
        char *line = arena_strndup(f->arena, at, (size_t)(end - at));
        if (text_columns(line) > 100)
            print_error("%s\n", line);
        assert_true(text_columns(line) <= 100);
    }
    buffer_clear(&out);
}

/* Building twice gives the same to the last byte. */
static void test_pure(void **state)
{
    struct fixture *f = *state;
    char *texts[2];
    full_session(f);
    for (int i = 0; i < 2; i++) {
        json_t *json = plan_json(fixture_plan(f));
        texts[i] = json_dumps(json, JSON_SORT_KEYS);
        json_decref(json);
    }
    assert_string_equal(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
}

static void test_empty_table(void **state)
{
    struct fixture *f = *state;
    struct buffer out = {0};
    f->session->year = 0;
    plan_print(fixture_build(f, NULL), &out);
    assert_non_null(strstr(buffer_text(&out), "clips 0"));
    assert_null(strstr(buffer_text(&out), "Films"));
    json_t *json = plan_json(f->plan);
    assert_int_equal(0, json_array_size(json_object_get(json, "clips")));
    json_decref(json);
    buffer_clear(&out);
}

static void test_faults_told(void **state)
{
    struct fixture *f = *state;
    struct buffer out = {0};
    struct faults *faults = &f->session->faults;
    fault_add(faults, FAULT_ROW, (struct fault_place){"a.csv", 3, 2, "end"},
              "cause; remedy");
    fault_add(faults, FAULT_WARNING, (struct fault_place){0}, "mind");
    plan_print_faults(faults, &out);
    assert_string_equal("a.csv:3: cause; remedy\nmind (a warning)\n",
                        buffer_text(&out));
    json_t *json = plan_faults_json(faults);
    char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(
        "[{\"column\":2,\"field\":\"end\",\"file\":\"a.csv\",\"kind\":\"row\","
        "\"message\":\"a.csv:3: cause; remedy\",\"row\":3},{\"column\":null,"
        "\"field\":null,\"file\":null,\"kind\":\"warning\",\"message\":"
        "\"mind\",\"row\":null}]",
        text);
    free(text);
    json_decref(json);
    buffer_clear(&out);
}

/* --- sharing ---------------------------------------------------------------
 */

static void test_sharing(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 6000);
    fixture_row(f, NULL, r, 0, MS(20000))->title = "标题";
    fixture_outlet(f, "甲报", "web-news");
    fixture_outlet(f, "乙报", "web-news");
    fixture_outlet(f, "学习强国", "xuexi");
    fixture_outlet(f, "微博", "weibo");
    fixture_outlet(f, "电视台", "clean");
    const struct plan *plan = fixture_plan(f);
    /* The same preset twice is one film; equal sound, timeline and cover are
     * made once. */
    assert_int_equal(4, plan->rendition_count);
    assert_int_equal(2, plan->timeline_count); /* with and without card */
    assert_int_equal(2, plan->sound_count);
    assert_ptr_equal(plan->renditions[0]->sound, plan->renditions[2]->sound);
    assert_int_equal(3, plan->poster_count);
    assert_string_equal("01-标题-封面16x9", plan->posters[0]->stem);
    assert_string_equal("01-标题-封面16x9-1920x1080", plan->posters[1]->stem);
    assert_string_equal("01-标题-封面16x9-净", plan->posters[2]->stem);
    assert_null(plan->posters[2]->script);
    /* 6 % of the shorter side stay free. */
    const struct script_box *safe = &plan->posters[0]->script->frame.safe;
    assert_int_equal(64, safe->left);
    assert_int_equal(64, safe->top);
    assert_int_equal(1920 - 64, safe->right);
    assert_int_equal(1080 - 64, safe->bottom);
    assert_int_equal(5, plan->package_count);
    assert_ptr_equal(plan->packages[0]->renditions[0],
                     plan->packages[1]->renditions[0]);
    assert_string_equal("20220628-读书会67期-乙报.zip", plan->packages[1]->zip);
    assert_string_equal("01-标题.web-news.ass",
                        plan->renditions[0]->script_name);
    /* Chunk i is span i, in every film. */
    for (size_t i = 0; i < plan->rendition_count; i++) {
        const struct rendition *rendition = plan->renditions[i];
        assert_int_equal(rendition->timeline->span_count,
                         rendition->chunk_count);
        for (size_t k = 0; k < rendition->chunk_count; k++)
            assert_int_equal(k, rendition->chunks[k].span);
    }
}

/* Names follow the session's language, not the program's. Upright covers keep
 * their letters in what profiles show of them. */
static void test_covers_abroad(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 6000);
    fixture_row(f, NULL, r, 0, MS(20000))->title = "Title";
    f->session->language = "en";
    fixture_outlet(f, "Kuaishou", "kuaishou");
    fixture_outlet(f, "TV", "clean");
    const struct plan *plan = fixture_plan(f);
    assert_string_equal("01-Title-cover9x16", plan->posters[0]->stem);
    assert_string_equal("01-Title-cover16x9-clean",
                        plan->posters[plan->poster_count - 1]->stem);
    const struct script_box *safe = &plan->posters[0]->script->frame.safe;
    assert_true(safe->top >= 240);
    assert_true(safe->bottom <= 1679);
}

static void test_folders(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 6000);
    fixture_row(f, NULL, r, 0, MS(20000));
    fixture_outlet(f, "日报/社", "clean");
    fixture_outlet(f, "日报:社", "clean");
    fixture_outlet(f, "Rejected", "clean");
    fixture_outlet(f, "rejected", "clean");
    fixture_outlet(f, NULL, "clean");
    fixture_outlet(f, "index.html", "clean");
    fixture_outlet(f, "report.json", "clean");
    fixture_outlet(f, "20220628-读书会67期-日报社.zip", "clean");
    const struct plan *plan = fixture_plan(f);
    static const char *const want[] = {
        "日报社",       "日报社-2",
        "Rejected_",    "rejected_-2",
        "clean",        "index.html_",
        "report.json_", "20220628-读书会67期-日报社.zip_"};
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
        assert_string_equal(want[i], plan->packages[i]->folder);
}

static void test_rate_of_first_recording(void **state)
{
    struct fixture *f = *state;
    struct recording *r =
        fixture_recording(f, "cam1", (AVRational){60, 1}, 6000);
    fixture_photos(f, "一", 1, MS(4000));
    fixture_row(f, "一", r, 0, MS(20000));
    fixture_photos(f, "二", 2, MS(4000));
    fixture_outlet(f, "视频号", "channels");
    const struct plan *plan = fixture_plan(f);
    assert_int_equal(30, plan->timelines[0]->rate.num);
    assert_int_equal(25, plan->timelines[1]->rate.num);
}

static void test_logo(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 6000);
    fixture_row(f, NULL, r, 0, MS(20000));
    fixture_outlet(f, "日报", "web-news");
    fixture_outlet(f, "电视台", "clean");
    fixture_outlet(f, "视频号", "channels");
    assert_int_equal(0, fixture_plan(f)->renditions[0]->logo.right);
    f->session->logo_path = "/x/logo.png";
    const struct plan *plan = fixture_plan(f);
    const struct script_box *box = &plan->renditions[0]->logo;
    assert_int_equal(1920 - 96, box->right);
    assert_int_equal(54, box->top);
    assert_true(box->bottom - box->top <= 1080 * 12 / 100);
    assert_int_equal(0, plan->renditions[1]->logo.right);
    assert_int_equal(60, plan->renditions[2]->logo.left);
    assert_int_equal(220, plan->renditions[2]->logo.top);
}

static void test_no_outlets(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 6000);
    fixture_row(f, NULL, r, 0, MS(20000));
    assert_int_equal(0, fixture_build(f, NULL)->clip_count);
    expect_only_fault(f, FAULT_SESSION, 0, "outlets");
}

static void test_empty_list(void **state)
{
    struct fixture *f = *state;
    fixture_outlet(f, "电视台", "clean");
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_SESSION, 0, "no rows");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_table),
        TEST(test_json),
        TEST(test_pure),
        TEST(test_wide_table),
        TEST(test_empty_table),
        TEST(test_faults_told),
        TEST(test_sharing),
        TEST(test_covers_abroad),
        TEST(test_folders),
        TEST(test_rate_of_first_recording),
        TEST(test_logo),
        TEST(test_no_outlets),
        TEST(test_empty_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
