/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock of a clip: ranges to frames, ticks to frames, shots in order. */
#include "plan/fixture.h"

static const AVRational R25 = {25, 1};

static const struct shot *only_shot(struct fixture *f)
{
    if (f->session->outlet_count == 0) {
        fixture_outlet(f, "净版", "clean");
        fixture_outlet(f, "新闻", "web-news");
    }
    fixture_mute(fixture_preset(f, "web-news"));
    struct plan *plan = fixture_plan(f);
    assert_int_equal(1, plan->clips[0]->shot_count);
    return &plan->clips[0]->shots[0];
}

/* The design's own example: 0:03.48 to 0:05.00 is frames 87 to 124. */
static void test_range_of_the_design(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 500);
    fixture_row(f, NULL, r, MS(3480), MS(5000));
    const struct shot *shot = only_shot(f);
    assert_int_equal(87, shot->first_frame);
    assert_int_equal(125, shot->end_frame);
    const struct timeline *t = f->plan->timelines[0];
    assert_int_equal(38, t->ticks);
    assert_int_equal(38 * 1920, t->samples);
    for (int64_t n = 0; n < 38; n++)
        assert_int_equal(87 + n, shot_frame_at(shot, n, t->rate));
}

static void test_nearest_frame(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 500);
    /* 3.5 s lies between frames 87 (3.48) and 88 (3.52): a tie, the earlier;
     * 5.03 s is nearer to frame 126 (5.04). */
    fixture_row(f, NULL, r, MS(3500), MS(5030));
    const struct shot *shot = only_shot(f);
    assert_int_equal(87, shot->first_frame);
    assert_int_equal(126, shot->end_frame);
}

static void test_to_the_very_end(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 100);
    fixture_row(f, NULL, r, MS(2000), MS(4000));
    const struct shot *shot = only_shot(f);
    assert_int_equal(50, shot->first_frame);
    assert_int_equal(100, shot->end_frame);
    assert_int_equal(4 * SECOND, shot->out_flicks);
}

/* Every rate to its own: each frame exactly once, at any in-point. */
static void test_same_rate_once_each(void **state)
{
    struct fixture *f = *state;
    static const AVRational rates[] = {
        {25, 1}, {24000, 1001}, {30000, 1001}, {60000, 1001},
        {50, 1}, {2997, 125},   {12787, 431}};
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        struct recording *r = fixture_recording(f, "cam", rates[i], 900);
        for (size_t first = 0; first < 40; first += 13) {
            struct shot shot = {
                .recording = r, .first_frame = first, .end_frame = first + 700};
            shot.in_flicks = index_time(r->index, first);
            shot.out_flicks = index_time(r->index, first + 700);
            assert_int_equal(
                700, clock_ticks(shot.out_flicks - shot.in_flicks, rates[i]));
            for (int64_t n = 0; n < 700; n++)
                assert_int_equal(first + (size_t)n,
                                 shot_frame_at(&shot, n, rates[i]));
        }
    }
}

static void test_half_and_double_rate(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", (AVRational){50, 1}, 500);
    struct shot shot = {.recording = r, .first_frame = 10, .end_frame = 110};
    shot.in_flicks = index_time(r->index, 10);
    shot.out_flicks = index_time(r->index, 110);
    for (int64_t n = 0; n < 50; n++)
        assert_int_equal(10 + 2 * n, shot_frame_at(&shot, n, R25));
    for (int64_t n = 0; n < 200; n++)
        assert_int_equal(10 + n / 2,
                         shot_frame_at(&shot, n, (AVRational){100, 1}));
    /* 30 to 25: five of six, in order, none twice. */
    r = fixture_recording(f, "cam30", (AVRational){30, 1}, 300);
    shot = (struct shot){.recording = r, .first_frame = 0, .end_frame = 300};
    shot.out_flicks = index_time(r->index, 300);
    for (int64_t n = 0; n < 250; n++)
        assert_int_equal(n * 6 / 5, shot_frame_at(&shot, n, R25));
}

/* A slide on the screen, or frames that the file has lost: the row is as long
 * as was asked, and shows what stands there. */
static void test_picture_that_stands_long(void **state)
{
    struct fixture *f = *state;
    static const int64_t times[] = {0, MS(40), MS(10000), MS(10040)};
    struct recording *r =
        fixture_frames(f, "screen", times, 4, MS(20000), R25, false);
    fixture_row(f, NULL, r, MS(4000), MS(6000));
    const struct shot *shot = only_shot(f);
    assert_int_equal(1, shot->first_frame);
    assert_int_equal(2, shot->end_frame);
    assert_true(shot->in_flicks == MS(4000) && shot->out_flicks == MS(6000));
    assert_int_equal(50, f->plan->timelines[0]->ticks);
    for (int64_t n = 0; n < 50; n++)
        assert_int_equal(1, shot_frame_at(shot, n, R25));
}

static void test_over_a_hole(void **state)
{
    struct fixture *f = *state;
    static const int64_t times[] = {0, MS(40), MS(10000), MS(10040)};
    struct recording *r =
        fixture_frames(f, "hole", times, 4, MS(20000), R25, false);
    fixture_row(f, NULL, r, MS(9000), MS(11000));
    const struct shot *shot = only_shot(f);
    assert_int_equal(1, shot->first_frame);
    assert_int_equal(4, shot->end_frame);
    assert_int_equal(50, f->plan->timelines[0]->ticks);
    assert_int_equal(1, shot_frame_at(shot, 24, R25));
    assert_int_equal(2, shot_frame_at(shot, 25, R25));
    assert_int_equal(3, shot_frame_at(shot, 26, R25));
    assert_int_equal(3, shot_frame_at(shot, 49, R25));
}

static void test_variable_rate(void **state)
{
    struct fixture *f = *state;
    static const int64_t times[] = {MS(100), MS(133), MS(200), MS(233),
                                    MS(900), MS(933), MS(966), MS(1000)};
    struct recording *r = fixture_frames(f, "phone", times, 8, MS(1033),
                                         (AVRational){30, 1}, false);
    fixture_row(f, NULL, r, 0, MS(1033));
    const struct shot *shot = only_shot(f);
    assert_int_equal(0, shot->first_frame);
    assert_int_equal(8, shot->end_frame);
    assert_int_equal(MS(100), shot->in_flicks);
    /* 933 ms at 25 per second: 23 ticks; the long still shows for long. */
    const struct timeline *t = f->plan->timelines[1];
    assert_int_equal(25, t->rate.num);
    assert_int_equal(23, t->ticks);
    assert_int_equal(0, shot_frame_at(shot, 0, R25));
    assert_int_equal(1, shot_frame_at(shot, 1, R25));
    assert_int_equal(2, shot_frame_at(shot, 3, R25));
    assert_int_equal(3, shot_frame_at(shot, 4, R25));
    assert_int_equal(3, shot_frame_at(shot, 19, R25));
    assert_int_equal(4, shot_frame_at(shot, 20, R25));
    /* Never past the shot, wherever it is asked. */
    assert_int_equal(7, shot_frame_at(shot, 1000, R25));
}

/* Ticks are cumulative: three shots of a third of a second make one second. */
static void test_cumulative(void **state)
{
    struct fixture *f = *state;
    struct recording *r =
        fixture_recording(f, "cam", (AVRational){30000, 1001}, 3000);
    for (int i = 0; i < 30; i++)
        fixture_row(f, "一", r, MS(i * 2000), MS(i * 2000 + 345));
    fixture_outlet(f, "新闻", "web-news");
    fixture_mute(fixture_preset(f, "web-news"));
    const struct plan *plan = fixture_plan(f);
    const struct clip *clip = plan->clips[0];
    const struct timeline *t = plan->timelines[0];
    int64_t sum = 0;
    for (size_t j = 0; j < clip->shot_count; j++) {
        assert_int_equal(sum, clip->shots[j].offset_flicks);
        assert_int_equal(clock_ticks(sum, R25), t->shot_tick[j]);
        sum += clip->shots[j].out_flicks - clip->shots[j].in_flicks;
    }
    assert_int_equal(sum, clip->length_flicks);
    assert_int_equal(clock_ticks(sum, R25), t->ticks);
    assert_int_equal(clock_samples(t->ticks, R25, 48000), t->samples);
}

static void test_moments(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1000);
    fixture_row(f, "一", r, MS(2000), MS(4000));
    fixture_row(f, "一", r, MS(10000), MS(12000));
    fixture_outlet(f, "新闻", "web-news");
    fixture_mute(fixture_preset(f, "web-news"));
    const struct timeline *t = fixture_plan(f)->timelines[0];
    assert_int_equal(0, timeline_tick_of(t, 0, MS(2000)));
    assert_int_equal(1, timeline_tick_of(t, 0, MS(2001)));
    assert_int_equal(1, timeline_tick_of(t, 0, MS(2040)));
    assert_int_equal(50, timeline_tick_of(t, 1, MS(10000)));
    assert_int_equal(-1, timeline_tick_of(t, 0, MS(1999)));
    assert_int_equal(-1, timeline_tick_of(t, 0, MS(4000)));
    assert_int_equal(-1, timeline_tick_of(t, 0, MS(3999)));
    assert_int_equal(0, timeline_tick_at(t, 0));
    assert_int_equal(50, timeline_tick_at(t, MS(2000)));
    assert_int_equal(51, timeline_tick_at(t, MS(2001)));
    assert_int_equal(100, timeline_tick_at(t, MS(4000)));
    assert_int_equal(100, timeline_tick_at(t, MS(9000)));
}

static void test_rows_to_clips(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1000);
    fixture_row(f, "甲", r, MS(0), MS(2000));
    fixture_row(f, NULL, r, MS(2000), MS(4000))->title = "单独";
    fixture_row(f, "乙", r, MS(4000), MS(6000));
    fixture_row(f, "甲", r, MS(8000), MS(9000))->title = "后来";
    fixture_photos(f, "乙", 3, MS(4000));
    fixture_outlet(f, "净版", "clean");
    const struct plan *plan = fixture_plan(f);
    assert_int_equal(3, plan->clip_count);
    assert_string_equal("甲", plan->clips[0]->id);
    assert_int_equal(2, plan->clips[0]->shot_count);
    assert_int_equal(5, plan->clips[0]->shots[1].row->row);
    assert_string_equal("01-后来", plan->clips[0]->stem);
    assert_string_equal("2", plan->clips[1]->id);
    assert_string_equal("02-单独", plan->clips[1]->stem);
    assert_int_equal(4, plan->clips[2]->shot_count);
    assert_string_equal("03-乙", plan->clips[2]->stem);
    const struct shot *photo = &plan->clips[2]->shots[3];
    assert_string_equal("photos/3.jpg", photo->photo->file);
    assert_int_equal(0, photo->in_flicks);
    assert_int_equal(4 * SECOND, photo->out_flicks);
    assert_int_equal(10 * SECOND, photo->offset_flicks);
}

static void test_transitions(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1000);
    fixture_row(f, "一", r, 0, MS(4000))->transition = TRANSITION_FADE;
    fixture_row(f, "一", r, MS(4000), MS(8000))->transition =
        TRANSITION_DISSOLVE;
    struct highlight *row = fixture_row(f, "一", r, MS(8000), MS(9000));
    row->transition = TRANSITION_FADE;
    row->transition_flicks = 10 * SECOND;
    fixture_row(f, "二", r, 0, MS(4000))->transition = TRANSITION_DISSOLVE;
    fixture_outlet(f, "新闻", "web-news");
    fixture_mute(fixture_preset(f, "web-news"));
    const struct plan *plan = fixture_build(f, NULL);
    expect_only_fault(f, FAULT_WARNING, row->row, "shortened to 0.50 seconds");
    const struct shot *s = plan->clips[0]->shots;
    assert_int_equal(SECOND, s[0].transition_flicks);
    assert_int_equal(SECOND / 2, s[1].transition_flicks);
    assert_int_equal(SECOND / 2, s[2].transition_flicks); /* half of 1 s */
    s = plan->clips[1]->shots; /* nothing to dissolve from */
    assert_int_equal(TRANSITION_FADE, s[0].transition);
    assert_int_equal(SECOND, s[0].transition_flicks);
    assert_int_equal(9 * SECOND, plan->clips[0]->length_flicks);
}

static void test_too_short_transition(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1000);
    fixture_row(f, "一", r, 0, MS(4000));
    fixture_row(f, "一", r, MS(4000), MS(4300))->transition =
        TRANSITION_DISSOLVE;
    fixture_outlet(f, "净版", "clean");
    const struct plan *plan = fixture_build(f, NULL);
    expect_only_fault(f, FAULT_WARNING, 3, "cut");
    assert_int_equal(TRANSITION_CUT, plan->clips[0]->shots[1].transition);
}

static void test_bad_ranges(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 100);
    static const int64_t ranges[][2] = {
        {MS(4000), MS(5000)}, {MS(1000), MS(5100)}, {MS(1000), MS(1000)},
        {MS(1000), MS(1050)}, {-1, MS(2000)},       {MS(3980), MS(4900)}};
    fixture_outlet(f, "净版", "clean");
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        f->session->list.count = 0;
        f->session->faults.count = 0;
        fixture_row(f, NULL, r, ranges[i][0], ranges[i][1]);
        assert_int_equal(0, fixture_build(f, NULL)->clip_count);
        expect_only_fault(f, FAULT_ROW, 2, "highlights.csv:2: ");
    }
    /* A recording's end rounded up is meant as its end. */
    f->session->list.count = 0;
    f->session->faults.count = 0;
    fixture_row(f, NULL, r, MS(1000), MS(5000));
    assert_int_equal(100, fixture_plan(f)->clips[0]->shots[0].end_frame);
}

static void test_poster(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam", R25, 1000);
    fixture_row(f, "一", r, 0, MS(2000));
    fixture_row(f, "一", r, MS(4000), MS(9000));
    fixture_row(f, "一", r, MS(9000), MS(10000));
    struct highlight *row = fixture_row(f, "二", r, 0, MS(2000));
    row = fixture_row(f, "二", r, MS(4000), MS(5000));
    row->poster = true;
    row->poster_flicks = MS(20000);
    fixture_outlet(f, "净版", "clean");
    const struct plan *plan = fixture_plan(f);
    assert_int_equal(1, plan->clips[0]->poster_shot);
    assert_true(plan->clips[0]->poster_flicks == FLICKS_NONE);
    assert_int_equal(1, plan->clips[1]->poster_shot);
    assert_int_equal(MS(20000), plan->clips[1]->poster_flicks);
    row->poster_flicks = MS(40000);
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_ROW, 6, "poster");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_range_of_the_design),
        TEST(test_nearest_frame),
        TEST(test_to_the_very_end),
        TEST(test_same_rate_once_each),
        TEST(test_half_and_double_rate),
        TEST(test_variable_rate),
        TEST(test_picture_that_stands_long),
        TEST(test_over_a_hole),
        TEST(test_cumulative),
        TEST(test_moments),
        TEST(test_rows_to_clips),
        TEST(test_transitions),
        TEST(test_too_short_transition),
        TEST(test_bad_ranges),
        TEST(test_poster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
