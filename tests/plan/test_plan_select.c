/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which clips are made: those that are asked for, less those whose rows are
 * faulty. */
#include "plan/fixture.h"

static const AVRational R25 = {25, 1};

/* --- what is chosen --------------------------------------------------------
 */

static void three_clips(struct fixture *f)
{
    struct recording *r = fixture_recording(f, "cam1", R25, 6000);
    fixture_row(f, "10", r, 0, MS(20000))->title = "开场";
    fixture_row(f, "3", r, MS(30000), MS(50000))->title = "演讲";
    fixture_row(f, "尾声", r, MS(60000), MS(80000));
    fixture_outlet(f, "电视台", "clean");
}

static void expect_chosen(struct fixture *f, const char *word, int number)
{
    struct plan_options options = {.clips = &word, .clip_count = 1};
    const struct plan *plan = fixture_build(f, &options);
    assert_int_equal(0, f->session->faults.count);
    assert_int_equal(3, plan->clip_count); /* all stay planned */
    for (size_t i = 0; i < plan->clip_count; i++) {
        const struct clip *clip = plan->clips[i];
        assert_int_equal(clip->number == number, clip->wanted);
    }
    for (size_t i = 0; i < plan->rendition_count; i++)
        assert_int_equal(plan->renditions[i]->clip->number == number,
                         plan->renditions[i]->wanted);
    assert_true(plan->packages[0]->wanted);
    assert_true(plan->narrowed);
}

static size_t wanted_clips(const struct plan *plan)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->clip_count; i++)
        count += plan->clips[i]->wanted;
    return count;
}

static void test_choice(void **state)
{
    struct fixture *f = *state;
    three_clips(f);
    /* The list's own numbers are the clips', so that none means two. */
    expect_chosen(f, "10", 10);
    expect_chosen(f, "3", 3);
    expect_chosen(f, "03", 3);
    expect_chosen(f, "０３", 3);
    expect_chosen(f, "11", 11);
    expect_chosen(f, "演讲", 3);
    expect_chosen(f, "03-演讲", 3);
    expect_chosen(f, "尾声", 11);
    /* Several in one word, unless a clip is called so. */
    f->session->list.rows[0].title = "理想，信念";
    expect_chosen(f, "理想，信念", 10);
    expect_chosen(f, "理想,信念", 10);
    expect_chosen(f, "10-理想，信念", 10);
    const char *list = "3，尾声";
    struct plan_options two = {.clips = &list, .clip_count = 1};
    assert_int_equal(2, wanted_clips(fixture_build(f, &two)));
    assert_int_equal(0, f->session->faults.count);
    /* A title that two clips share means both. */
    f->session->list.rows[2].title = "演讲";
    const char *word = "演讲";
    struct plan_options both = {.clips = &word, .clip_count = 1};
    assert_int_equal(2, wanted_clips(fixture_build(f, &both)));
    assert_false(fixture_build(f, NULL)->narrowed);
    f->session->outlets_narrowed = true;
    assert_true(fixture_build(f, NULL)->narrowed);
}

static void test_unknown_choice(void **state)
{
    struct fixture *f = *state;
    three_clips(f);
    const char *words[] = {"尾生曲", "10"};
    struct plan_options options = {.clips = words, .clip_count = 2};
    assert_int_equal(0, fixture_build(f, &options)->clip_count);
    expect_only_fault(f, FAULT_SESSION, 0, "尾生曲");
    f->session->faults.count = 0;
    words[0] = "03-演奖";
    fixture_build(f, &options);
    expect_only_fault(f, FAULT_SESSION, 0, "03-演讲");
    /* What stands in the list's place is no number of the clip. */
    f->session->faults.count = 0;
    words[0] = "1";
    fixture_build(f, &options);
    expect_only_fault(f, FAULT_SESSION, 0, "\"1\"");
}

static void test_faulty_rows(void **state)
{
    struct fixture *f = *state;
    three_clips(f);
    f->session->list.rows[1].end_flicks = MS(500000);
    assert_int_equal(0, fixture_build(f, NULL)->clip_count);
    expect_only_fault(f, FAULT_ROW, 3, "cam1");
    f->session->faults.count = 0;
    struct plan_options partly = {.partly = true};
    const struct plan *plan = fixture_build(f, &partly);
    assert_int_equal(2, plan->clip_count);
    assert_int_equal(1, plan->dropped_clips);
    assert_int_equal(11, plan->clips[1]->number); /* numbers stay */
    /* Of a clip that is not asked for, faults hold nothing back. */
    f->session->faults.count = 0;
    const char *word = "10";
    struct plan_options one = {.clips = &word, .clip_count = 1};
    plan = fixture_build(f, &one);
    assert_int_equal(2, plan->clip_count);
    assert_int_equal(1, wanted_clips(plan));
    /* The session's faults hold back even with --partly. */
    f->session->faults.count = 0;
    f->session->month = f->session->day = f->session->year = 0;
    assert_int_equal(0, fixture_build(f, &partly)->clip_count);
    assert_int_equal(2, f->session->faults.count);
}

static void test_unresolved_rows(void **state)
{
    struct fixture *f = *state;
    three_clips(f);
    /* Told by ingest: not told again. */
    f->session->list.rows[0].recording = NULL;
    fault_add(&f->session->faults, FAULT_ROW,
              (struct fault_place){"highlights.csv", 2, 0, NULL}, "gone");
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_ROW, 2, "gone");
    /* Told by nobody: told here. */
    f->session->faults.count = 0;
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_ROW, 2, "source");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_choice),
        TEST(test_unknown_choice),
        TEST(test_faulty_rows),
        TEST(test_unresolved_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
