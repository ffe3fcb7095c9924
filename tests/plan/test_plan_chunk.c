/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans and timelines: where a clip is cut, and on which ticks. */
#include "plan/fixture.h"

static const AVRational R25 = {25, 1};

/* A clip of one recording, cut into spans of four seconds. */
static const struct clip *cut(struct fixture *f, struct clip *clip,
                              struct shot *shots, size_t count, int64_t card)
{
    memset(clip, 0, sizeof(*clip));
    clip->shots = shots;
    clip->shot_count = count;
    for (size_t j = 0; j < count; j++) {
        shots[j].offset_flicks = clip->length_flicks;
        clip->length_flicks += shots[j].out_flicks - shots[j].in_flicks;
    }
    clip_cut_spans(clip, 4 * SECOND, card, f->arena);
    return clip;
}

/* "from-to" in milliseconds of the clip, with the join's letter. */
static void expect_spans(const struct clip *clip, const char *want)
{
    static const char letters[] = " oid";
    struct buffer text = {0};
    for (size_t i = 0; i < clip->span_count; i++) {
        const struct span *s = &clip->spans[i];
        int64_t offset = s->shot < 0 ? clip->length_flicks
                                     : clip->shots[s->shot].offset_flicks;
        buffer_printf(&text, "%s%lld-%lld%c", i ? " " : "",
                      (long long)clock_ms(offset + s->from_flicks),
                      (long long)clock_ms(offset + s->to_flicks),
                      letters[s->join]);
        while (text.size && text.data[text.size - 1] == ' ')
            text.data[--text.size] = '\0';
    }
    assert_string_equal(want, buffer_text(&text));
    buffer_clear(&text);
}

static void test_edges_in_source_time(void **state)
{
    struct fixture *f = *state;
    struct clip clip;
    struct shot shot = {.in_flicks = MS(3480), .out_flicks = MS(17000)};
    /* Source edges 4, 8, 12, 16: the first leaves 0.52 s before it, and joins
     * what follows; the last leaves a second, and stays. */
    expect_spans(cut(f, &clip, &shot, 1, 0),
                 "0-4520 4520-8520 8520-12520 12520-13520");
    shot = (struct shot){.in_flicks = MS(3000), .out_flicks = MS(16999)};
    expect_spans(cut(f, &clip, &shot, 1, 0), "0-1000 1000-5000 5000-9000 "
                                             "9000-13999");
    shot = (struct shot){.in_flicks = MS(4000), .out_flicks = MS(12000)};
    expect_spans(cut(f, &clip, &shot, 1, 0), "0-4000 4000-8000");
    shot = (struct shot){.in_flicks = MS(3900), .out_flicks = MS(4800)};
    expect_spans(cut(f, &clip, &shot, 1, 0), "0-900");
    shot = (struct shot){.in_flicks = MS(3200), .out_flicks = MS(4800)};
    expect_spans(cut(f, &clip, &shot, 1, 0), "0-1600");
}

static void test_moving_the_in_point(void **state)
{
    struct fixture *f = *state;
    struct clip a, b;
    struct shot one = {.in_flicks = MS(5000), .out_flicks = MS(30000)};
    struct shot two = {.in_flicks = MS(6000), .out_flicks = MS(30000)};
    cut(f, &a, &one, 1, 0);
    cut(f, &b, &two, 1, 0);
    assert_int_equal(a.span_count, b.span_count);
    for (size_t i = 1; i < a.span_count; i++)
        assert_int_equal(MS(5000) + a.spans[i].from_flicks,
                         MS(6000) + b.spans[i].from_flicks);
}

static void test_transition_edges(void **state)
{
    struct fixture *f = *state;
    struct clip clip;
    struct shot shots[] = {
        {.in_flicks = MS(1000),
         .out_flicks = MS(11000),
         .transition = TRANSITION_FADE,
         .transition_flicks = MS(1000)},
        {.in_flicks = MS(20000),
         .out_flicks = MS(24500),
         .transition = TRANSITION_FADE,
         .transition_flicks = MS(800)},
        {.in_flicks = MS(40000),
         .out_flicks = MS(43000),
         .transition = TRANSITION_DISSOLVE,
         .transition_flicks = MS(500)},
    };
    cut(f, &clip, shots, 3, MS(2000));
    expect_spans(&clip, "0-500i 500-3000 3000-7000 7000-9600 9600-10000o "
                        "10000-10400i 10400-14500 14500-15000d 15000-17500 "
                        "17500-19500");
    const struct span *s = clip.spans;
    assert_int_equal(0, s[0].join_from_flicks);
    assert_int_equal(MS(500), s[0].join_to_flicks);
    assert_int_equal(MS(9600), s[4].join_from_flicks);
    assert_int_equal(MS(10000), s[4].join_to_flicks);
    assert_int_equal(MS(500), s[7].join_to_flicks);
    assert_int_equal(-1, s[9].shot);
    assert_int_equal(MS(2000), s[9].to_flicks);
}

/* A long dissolve is cut by the grid too, and each part knows the whole. */
static void test_long_dissolve(void **state)
{
    struct fixture *f = *state;
    struct clip clip;
    struct shot shots[] = {{.out_flicks = MS(20000)},
                           {.in_flicks = MS(2000),
                            .out_flicks = MS(22000),
                            .transition = TRANSITION_DISSOLVE,
                            .transition_flicks = MS(8000)}};
    cut(f, &clip, shots, 2, 0);
    expect_spans(&clip, "0-4000 4000-8000 8000-12000 12000-16000 16000-20000 "
                        "20000-22000d 22000-26000d 26000-28000d 28000-30000 "
                        "30000-34000 34000-38000 38000-40000");
    assert_int_equal(0, clip.spans[6].join_from_flicks);
    assert_int_equal(MS(8000), clip.spans[6].join_to_flicks);
}

static void test_photos_from_zero(void **state)
{
    struct fixture *f = *state;
    struct clip clip;
    struct photo photo = {0};
    struct shot shots[] = {{.photo = &photo, .out_flicks = MS(4000)},
                           {.photo = &photo, .out_flicks = MS(9000)}};
    cut(f, &clip, shots, 2, 0);
    expect_spans(&clip, "0-4000 4000-8000 8000-12000 12000-13000");
}

/* Whatever the cuts: spans lie edge to edge, none is empty at 10 per second,
 * none is longer than a chunk and two remnants. */
static void test_any_clip(void **state)
{
    struct fixture *f = *state;
    uint32_t random = 1;
    for (int round = 0; round < 300; round++) {
        struct shot shots[6] = {0};
        struct clip clip;
        int64_t before = 0;
        for (int j = 0; j < 6; j++) {
            random = random * 1664525u + 1013904223u;
            int64_t in = (random >> 8) % 20000;
            random = random * 1664525u + 1013904223u;
            int64_t length = 100 + (random >> 8) % (round % 2 ? 2000 : 20000);
            int64_t half = length < before ? length / 2 : before / 2;
            shots[j].in_flicks = MS(in);
            shots[j].out_flicks = MS(in + length);
            if (half >= 200 && random % 3)
                shots[j].transition = (enum transition_kind)(random % 3),
                shots[j].transition_flicks = MS(half);
            before = length;
        }
        cut(f, &clip, shots, 6, MS(2000));
        for (size_t i = 0; i + 1 < clip.span_count; i++) {
            const struct span *s = &clip.spans[i];
            int64_t length = s->to_flicks - s->from_flicks;
            assert_true(length >= SHOT_LEAST && length < MS(6000));
            if (i && clip.spans[i - 1].shot == s->shot)
                assert_int_equal(clip.spans[i - 1].to_flicks, s->from_flicks);
        }
        static const AVRational rates[] = {{10, 1}, {30000, 1001}, {60, 1}};
        for (int k = 0; k < 3; k++) {
            struct timeline *t = timeline_create(
                &clip, rates[k], clock_ticks(MS(2000), rates[k]), true,
                f->arena);
            assert_int_equal(clip.span_count, t->span_count);
            assert_int_equal(0, t->span_tick[0]);
            for (size_t i = 0; i < t->span_count; i++)
                assert_true(t->span_tick[i] < t->span_tick[i + 1]);
            assert_int_equal(t->ticks, t->span_tick[t->span_count]);
        }
    }
}

static void test_timeline_without_card(void **state)
{
    struct fixture *f = *state;
    struct clip clip;
    struct shot shot = {.out_flicks = MS(5000)};
    cut(f, &clip, &shot, 1, MS(2000));
    struct timeline *with = timeline_create(&clip, R25, 50, true, f->arena);
    struct timeline *without = timeline_create(&clip, R25, 0, true, f->arena);
    assert_true(with->card && !without->card);
    assert_int_equal(3, with->span_count);
    assert_int_equal(2, without->span_count);
    assert_int_equal(175, with->ticks);
    assert_int_equal(125, without->ticks);
    assert_int_equal(125, with->span_tick[2]);
    assert_int_equal(175 * 1920, with->samples);
}

/* A chunk's ticks don't shift against its pictures when a shot before it gets
 * longer by a part of a tick. */
static void test_edges_follow_the_shot(void **state)
{
    struct fixture *f = *state;
    struct clip a, b;
    struct shot one[] = {{.out_flicks = MS(2000)},
                         {.in_flicks = MS(1010), .out_flicks = MS(21010)}};
    struct shot two[] = {{.out_flicks = MS(2013)},
                         {.in_flicks = MS(1010), .out_flicks = MS(21010)}};
    cut(f, &a, one, 2, 0);
    cut(f, &b, two, 2, 0);
    struct timeline *s = timeline_create(&a, R25, 0, true, f->arena);
    struct timeline *t = timeline_create(&b, R25, 0, true, f->arena);
    for (size_t i = 1; i < s->span_count; i++)
        assert_int_equal(s->span_tick[i] - s->shot_tick[1],
                         t->span_tick[i] - t->shot_tick[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_edges_in_source_time),  TEST(test_moving_the_in_point),
        TEST(test_transition_edges),      TEST(test_long_dissolve),
        TEST(test_photos_from_zero),      TEST(test_any_clip),
        TEST(test_timeline_without_card), TEST(test_edges_follow_the_shot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
