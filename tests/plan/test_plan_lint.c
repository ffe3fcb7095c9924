/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What would be refused later and is told now, and what people should know. */
#include "plan/fixture.h"

static const AVRational R25 = {25, 1};

static void test_missing_glyphs(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 6000);
    struct highlight *row = fixture_row(f, NULL, r, 0, MS(20000));
    /* A letter of a private range: no font has it. */
    row->title = "标\xee\x80\x80题\xee\x80\x80";
    fixture_outlet(f, "电视台", "clean");
    fixture_plan(f); /* nothing is drawn, nothing is missing */
    fixture_outlet(f, "日报", "web-news");
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_ROW, 2, "U+E000");
    f->session->faults.count = 0;
    row->title = NULL;
    fixture_speaker(f, row, "张\xee\x80\x81");
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_ROW, 2, "U+E001");
    f->session->faults.count = 0;
    row->speaker_count = 0;
    f->session->organizer = "\xee\x80\x82";
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_SESSION, 0, "session.yaml: ");
}

static void test_missing_glyph_in_cue(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 6000);
    struct cue cue = {MS(1000), MS(3000), "字\xee\x80\x80", NULL, 14};
    struct cues cues = {&cue, 1, "srt", "UTF-8", NULL};
    r->cues = &cues;
    r->subtitles = "subtitles/cam1.srt";
    fixture_row(f, NULL, r, 0, MS(20000));
    fixture_outlet(f, "日报", "web-news");
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_ROW, 2,
                      "highlights.csv:2: subtitles/cam1.srt:14: ");
}

static void test_limits(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 10000);
    struct highlight *row = fixture_row(f, NULL, r, 0, MS(301000));
    fixture_outlet(f, "日报", "web-news");
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_ROW, 2, "5:00");
    f->session->faults.count = 0;
    row->end_flicks = MS(100000);
    fixture_preset(f, "web-news")->min_length_s = 103;
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_ROW, 2, "1:43");
    f->session->faults.count = 0;
    fixture_preset(f, "web-news")->min_length_s = 0;
    fixture_preset(f, "web-news")->title_chars = 4;
    row->title = "五个字的题";
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_WARNING, 2, "5 characters");
    f->session->faults.count = 0;
    row->title = NULL;
    fixture_outlet(f, "公众号", "mp");
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_WARNING, 2, "mp");
}

static bool has_note(const struct fixture *f, const char *word)
{
    for (size_t i = 0; i < f->plan->note_count; i++) {
        if (strstr(f->plan->notes[i].text, word))
            return true;
    }
    return false;
}

static void test_notes(void **state)
{
    struct fixture *f = *state;
    struct recording *r =
        fixture_recording(f, "cam1", (AVRational){30, 1}, 6000);
    struct recording *unused = fixture_recording(f, "cam2", R25, 6000);
    unused->picture.hdr = true;
    fixture_row(f, NULL, r, 0, MS(20000));
    fixture_outlet(f, "日报", "web-news");
    fixture_plan(f);
    assert_true(has_note(f, "at 25 some are left out"));
    assert_true(has_note(f, "no subtitles"));
    assert_false(has_note(f, "HDR")); /* cam2 is not used */
    assert_false(has_note(f, "damaged"));
    r->picture.hdr = r->picture.guessed = true;
    ((struct index *)r->index)->constant_rate = false;
    ((struct index *)r->index)->packets[30].corrupt = 1;
    fixture_plan(f);
    assert_true(has_note(f, "HDR"));
    assert_true(has_note(f, "colours"));
    assert_true(has_note(f, "varying rate, about 30: its films have 25"));
    assert_true(has_note(f, "the rate varies"));
    assert_true(has_note(f, "damaged inside row 2"));
    assert_false(has_note(f, "left out"));
}

static void test_odd_rate_is_told(void **state)
{
    struct fixture *f = *state;
    struct recording *r =
        fixture_recording(f, "cam1", (AVRational){10, 1}, 6000);
    fixture_row(f, NULL, r, 0, MS(20000));
    fixture_outlet(f, "抖音", "douyin");
    fixture_plan(f);
    assert_true(has_note(f, "at 30 each is shown 3 times"));
    assert_int_equal(30, f->plan->timelines[0]->rate.num);
    ((struct index *)r->index)->rate = (AVRational){2987, 100};
    ((struct index *)r->index)->constant_rate = false;
    fixture_plan(f);
    assert_true(has_note(f, "about 29.87: its films have 29.97"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_missing_glyphs),   TEST(test_missing_glyph_in_cue),
        TEST(test_limits),           TEST(test_notes),
        TEST(test_odd_rate_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
