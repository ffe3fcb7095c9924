/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for the crf that fits, against films that shrink as x264's do:
 * never one byte above the cap, few films, little of the cap wasted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libavutil/error.h>
#include <math.h>

#include "encode/size_search.h"

#define LAST 34

/* A film's size by its step: what stays (sound, container), what shrinks, by
 * how much of itself per step, and a ceiling that a rate buffer sets. */
struct film_model {
    double fixed, moving, ratio, ceiling;
};

static int64_t film_size(const struct film_model *film, int step)
{
    double moving = film->moving * pow(film->ratio, step);
    return (int64_t)(film->fixed + fmin(moving, film->ceiling));
}

/* As the queue and the maker do it. The films made, or a negative code. */
static int search_all(const struct film_model *film, int64_t cap, int *step,
                      int64_t *bytes)
{
    struct size_search search = {0};
    for (int films = 1;; films++) {
        *step = search.step;
        *bytes = film_size(film, search.step);
        if (*bytes <= cap && *bytes >= size_least(&search, cap))
            return films;
        int ret =
            size_search_next(&search, *bytes, (int64_t)film->fixed, cap, LAST);
        if (ret < 0)
            return ret;
        assert_in_range(search.step, 1, LAST);
        assert_in_range(films, 1, 9);
    }
}

static void what_fits_is_left_alone(void **state)
{
    int step;
    int64_t bytes;
    struct film_model film = {1e6, 8e6, 0.944, INFINITY};
    assert_int_equal(search_all(&film, 10000000, &step, &bytes), 1);
    assert_int_equal(step, 0);
    assert_int_equal(search_all(&film, 9000000, &step, &bytes), 1);
    assert_int_equal(step, 0);
}

static void the_rule_needs_two(void **state)
{
    int step;
    int64_t bytes;
    for (double size = 10.1e6; size < 60e6; size *= 1.07) {
        struct film_model film = {0.2e6, size, 0.9439, INFINITY};
        assert_in_range(search_all(&film, 10000000, &step, &bytes), 2, 3);
        assert_in_range(bytes, 9300000, 10000000);
    }
}

static void no_film_is_ever_above(void **state)
{
    static const double ratios[] = {0.86, 0.90, 0.9439, 0.96, 0.975};
    for (size_t r = 0; r < 5; r++) {
        for (double cap = 2e6; cap < 12e6; cap *= 1.031) {
            struct film_model film = {1e6, 11e6, ratios[r], INFINITY};
            int step;
            int64_t bytes;
            int films = search_all(&film, (int64_t)cap, &step, &bytes);
            if (films < 0) {
                assert_true(film_size(&film, LAST) > (int64_t)cap);
                continue;
            }
            assert_true(bytes <= (int64_t)cap);
            /* One step less is too much, or nearly all is used. */
            assert_true(step == 0 || bytes >= (int64_t)(0.85 * cap) ||
                        film_size(&film, step - 1) > (int64_t)cap);
            assert_in_range(films, 1, 5);
        }
    }
}

/* Pictures that hung on the rate buffer shrink late, and then at once. */
static void a_ceiling_is_got_under(void **state)
{
    for (double moving = 12e6; moving < 60e6; moving *= 1.1) {
        struct film_model film = {0.5e6, moving, 0.9439, 11e6};
        int step;
        int64_t bytes;
        int films = search_all(&film, 10000000, &step, &bytes);
        assert_in_range(films, 2, 8);
        assert_in_range(bytes, 8500000, 10000000);
    }
}

static void what_can_not_fit_ends(void **state)
{
    struct film_model film = {4.5e6, 60e6, 0.9439, 20e6};
    int step;
    int64_t bytes;
    assert_int_equal(search_all(&film, 5000000, &step, &bytes), AVERROR(EFBIG));
    assert_int_equal(step, LAST);
}

static void the_cap_is_the_lower_of_two(void **state)
{
    struct preset preset = {.max_bytes = 10000000};
    struct timeline timeline = {.rate = {30000, 1001}, .ticks = 300};
    struct rendition rendition = {.preset = &preset, .timeline = &timeline};
    assert_int_equal(size_cap(&rendition), 10000000);
    preset.max_total_bps = 8000000;
    /* 300 ticks last 10.01 s. */
    assert_int_equal(size_cap(&rendition), 10000000);
    preset.max_total_bps = 4000000;
    assert_int_equal(size_cap(&rendition), 5005000);
    preset.max_bytes = 0;
    assert_int_equal(size_cap(&rendition), 5005000);
    preset.constant_rate = true;
    assert_int_equal(size_cap(&rendition), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_is_left_alone),
        cmocka_unit_test(the_rule_needs_two),
        cmocka_unit_test(no_film_is_ever_above),
        cmocka_unit_test(a_ceiling_is_got_under),
        cmocka_unit_test(what_can_not_fit_ends),
        cmocka_unit_test(the_cap_is_the_lower_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
