/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scorer on pictures whose order is plain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "poster/scorer.h"
#include "poster/pictures.h"

enum { WIDTH = 320, HEIGHT = 180 };

static uint32_t paint_grey(const void *opaque, int x, int y)
{
    return *(const uint32_t *)opaque * 0x010101u;
}

/* Stripes of a period: the wider, the less sharp. */
static uint32_t paint_wave(const void *opaque, int x, int y)
{
    double period = *(const double *)opaque;
    double value = 128 + 100 * sin(2 * 3.14159265 * (x + 0.5 * y) / period);
    return (uint32_t)value * 0x010101u;
}

static uint32_t paint_face(const void *opaque, int x, int y)
{
    int dx = x - WIDTH / 2, dy = y - HEIGHT / 3;
    return dx * dx + dy * dy < 900 ? 0xE0A888 : 0x30557A;
}

static struct poster_measures measure(pictures_paint *paint, const void *opaque)
{
    struct poster_measures measures;
    AVFrame *frame = pictures_painted(WIDTH, HEIGHT, paint, opaque);
    scorer_measure(frame, &measures);
    av_frame_free(&frame);
    return measures;
}

static void test_measures_flat_pictures(void **state)
{
    for (uint32_t grey = 0; grey < 256; grey += 51) {
        struct poster_measures measures = measure(paint_grey, &grey);
        assert_true(fabs(measures.luma - grey / 255.0) < 0.005);
        assert_true(measures.contrast < 1e-6);
        assert_true(measures.sharpness == 0);
        assert_true(measures.uniformity == 1);
        assert_true(measures.colour < 1);
        assert_true(measures.dark == (grey == 0));
        assert_true(measures.bright == (grey == 255));
    }
}

static void test_sharpness_falls_with_blur(void **state)
{
    double before = INFINITY;
    for (double period = 4.3; period < 80; period *= 2) {
        struct poster_measures measures = measure(paint_wave, &period);
        assert_true(measures.sharpness < before / 2);
        assert_true(measures.uniformity < 0.5);
        before = measures.sharpness;
    }
}

static void test_people_and_colour(void **state)
{
    double period = 20;
    struct poster_measures face = measure(paint_face, NULL);
    struct poster_measures wave = measure(paint_wave, &period);
    assert_true(face.people > 0.05 && face.people < 0.2);
    assert_true(wave.people == 0);
    assert_true(face.colour > wave.colour + 20);
    assert_true(scorer_is_skin(150, 110, 150));
    assert_false(scorer_is_skin(150, 128, 128));
    assert_false(scorer_is_skin(30, 110, 150));
}

static void test_motion(void **state)
{
    uint32_t black = 0, white = 255;
    AVFrame *a = pictures_painted(WIDTH, HEIGHT, paint_grey, &black);
    AVFrame *b = pictures_painted(WIDTH, HEIGHT, paint_grey, &white);
    assert_true(scorer_motion(a, a) == 0);
    assert_true(fabs(scorer_motion(a, b) - 1) < 1e-9);
    av_frame_free(&a);
    av_frame_free(&b);
}

static struct poster_candidate good(double sharpness)
{
    return (struct poster_candidate){
        .measured = true,
        .measures = {.luma = 0.5,
                     .contrast = 0.2,
                     .uniformity = 0.3,
                     .sharpness = sharpness,
                     .colour = 30},
        .motion = 0.01,
    };
}

static void test_sharpest_wins(void **state)
{
    struct poster_candidate list[10];
    for (int i = 0; i < 10; i++)
        list[i] = good(100 + i * 37 % 10);
    assert_int_equal(scorer_choose(list, 10), 7); /* 7 * 37 ends with 9 */
    assert_true(list[7].sharpness_rank == 1);
}

/* The best of all by points may not be one of the blurred ones. */
static void test_winner_is_among_the_sharpest(void **state)
{
    struct poster_candidate list[20];
    for (int i = 0; i < 20; i++) {
        list[i] = good(100 + i);
        list[i].motion = i == 5 ? 0 : 0.1;
        list[i].measures.colour = i == 5 ? 90 : 10;
        list[i].measures.people = i == 5 ? 0.1 : 0;
        list[i].measures.luma = i == 5 ? 0.5 : 0.2;
    }
    list[17].measures.people = 0.1;
    assert_int_equal(scorer_choose(list, 20), 17);
    assert_true(list[5].score > list[17].score);
}

static void test_poor_ones_lose(void **state)
{
    struct poster_candidate list[6];
    for (int i = 0; i < 6; i++)
        list[i] = good(900 - i);
    list[0].measures.luma = 0.05; /* dark */
    list[1].measures.uniformity = 0.9;
    list[2].flicker = 0.2; /* a flash */
    list[3].motion = 0.3;  /* a cut */
    list[4].measured = false;
    assert_int_equal(scorer_choose(list, 6), 5);
    for (int i = 0; i < 4; i++)
        assert_true(list[i].rejected);
    assert_false(list[5].rejected);
    /* Where all are poor one is still chosen; where there is none, none. */
    assert_in_range(scorer_choose(list, 4), 0, 3);
    assert_int_equal(scorer_choose(&list[4], 1), 1);
    assert_int_equal(scorer_choose(list, 0), 0);
}

/* A soft shot's sharpest picture is compared inside that shot. */
static void test_sharpness_is_ranked_by_shot(void **state)
{
    struct poster_candidate list[8];
    for (int i = 0; i < 8; i++) {
        list[i] = good(i < 4 ? 1000 + i : 100 + i);
        list[i].group = (size_t)(i / 4);
    }
    list[7].measures.people = 0.2;
    list[7].motion = 0;
    assert_int_equal(scorer_choose(list, 8), 7);
    assert_true(list[7].sharpness_rank == 1 && list[3].sharpness_rank == 1);
    assert_true(list[4].sharpness_rank == 0 && list[0].sharpness_rank == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_measures_flat_pictures),
        cmocka_unit_test(test_sharpness_falls_with_blur),
        cmocka_unit_test(test_people_and_colour),
        cmocka_unit_test(test_motion),
        cmocka_unit_test(test_sharpest_wins),
        cmocka_unit_test(test_winner_is_among_the_sharpest),
        cmocka_unit_test(test_poor_ones_lose),
        cmocka_unit_test(test_sharpness_is_ranked_by_shot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
