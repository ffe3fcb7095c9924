/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing a picture from a painted recording: what is asked of the source and
 * what is chosen. */
#include "poster/film.h"

static double figure(const struct scene *scene, const char *name)
{
    return json_number_value(json_object_get(scene->choice.figures, name));
}

static void test_chooses_the_sharp_second(void **state)
{
    struct scene scene;
    scene_init(&scene);
    scene_add(&scene, 0, 20);
    assert_int_equal(scene_choose(&scene, NULL), 0);
    assert_true(scene.choice.flicks >= SECONDS(8));
    assert_true(scene.choice.flicks < SECONDS(9));
    assert_int_equal(scene.film.visits, 1);
    assert_true(scene.film.rising);
    assert_true(scene.film.asked <= 80);
    /* Half a second from either cut. */
    assert_true(scene.film.first >= SECONDS(0.5));
    assert_true(scene.film.last < SECONDS(19.6));
    assert_true(figure(&scene, "sharpness_rank") > 0.9);
    assert_true(figure(&scene, "seen") >= 30);
    assert_true(figure(&scene, "rejected") >= 3);
    assert_int_equal(
        json_array_size(json_object_get(scene.choice.figures, "best")), 5);
    json_decref(scene.choice.figures);
}

static void test_long_shots_are_sampled_thinly(void **state)
{
    struct scene scene;
    scene_init(&scene);
    scene_add(&scene, 100, 3700);
    assert_int_equal(scene_choose(&scene, NULL), 0);
    assert_true(scene.film.asked <= 80 && scene.film.asked >= 70);
    json_decref(scene.choice.figures);
}

/* Shots of one recording in any order; the row that says `poster` decides. */
static void test_shots_that_take_part(void **state)
{
    struct scene scene;
    scene_init(&scene);
    scene_add(&scene, 10, 12);
    scene_add(&scene, 7, 10);
    scene_add(&scene, 1, 3);
    scene.shots[2].recording = &scene.other;
    assert_int_equal(scene_choose(&scene, NULL), 0);
    assert_true(scene.choice.flicks >= SECONDS(8));
    assert_true(scene.choice.flicks < SECONDS(9));
    assert_true(scene.film.rising);
    assert_true(scene.film.first >= SECONDS(7));
    scene.row.poster = true;
    assert_int_equal(scene_choose(&scene, NULL), 0);
    assert_true(scene.choice.flicks >= SECONDS(10.5));
    assert_true(scene.film.first >= SECONDS(10.5));
    json_decref(scene.choice.figures);
}

static void test_transitions_are_left_out(void **state)
{
    struct scene scene;
    scene_init(&scene);
    scene_add(&scene, 6, 9);
    scene_add(&scene, 0, 3);
    scene.row.poster = true;
    scene.shots[0].transition = TRANSITION_DISSOLVE;
    scene.shots[0].transition_flicks = SECONDS(1.2);
    scene.shots[1].transition = TRANSITION_FADE;
    scene.shots[1].transition_flicks = SECONDS(1.6);
    assert_int_equal(scene_choose(&scene, NULL), 0);
    assert_true(scene.film.first >= SECONDS(7.2));
    assert_true(scene.film.last <= SECONDS(8.3));
    json_decref(scene.choice.figures);
}

static void test_a_very_short_shot_gives_its_middle(void **state)
{
    struct scene scene;
    scene_init(&scene);
    scene_add(&scene, 4, 4.4);
    assert_int_equal(scene_choose(&scene, NULL), 0);
    assert_true(llabs(scene.choice.flicks - SECONDS(4.2)) < SECONDS(0.01));
    assert_int_equal(scene.film.asked, 2);
    json_decref(scene.choice.figures);
}

/* What people are offered: the chosen one first, none twice, no neighbours. */
static void test_offers_five(void **state)
{
    struct scene scene;
    scene_init(&scene);
    scene_add(&scene, 0, 20);
    assert_int_equal(scene_choose(&scene, NULL), 0);
    const struct poster_choice *choice = &scene.choice;
    assert_int_equal(POSTER_BEST, choice->best_count);
    assert_true(choice->best[0] == choice->flicks);
    for (size_t i = 0; i < choice->best_count; i++) {
        for (size_t k = 0; k < i; k++)
            assert_true(llabs(choice->best[i] - choice->best[k]) >=
                        SECONDS(1.8));
    }
    json_decref(scene.choice.figures);
}

struct heard {
    int warnings;
    char last[512];
};

static void hear(void *opaque, enum log_level level, const char *message)
{
    struct heard *heard = opaque;
    heard->warnings += level == LOG_LEVEL_WARNING;
    snprintf(heard->last, sizeof(heard->last), "%s", message);
}

static void test_all_dark_is_chosen_and_told(void **state)
{
    struct scene scene;
    struct heard heard = {0};
    struct log log;
    log_init(&log, LOG_LEVEL_WARNING, hear, &heard);
    scene_init(&scene);
    scene_add(&scene, 12, 13.9);
    assert_int_equal(scene_choose(&scene, &log), 0);
    assert_true(json_is_true(json_object_get(scene.choice.figures, "poor")));
    assert_int_equal(1, heard.warnings);
    assert_non_null(strstr(heard.last, "no picture is good enough"));
    assert_int_equal(1, scene.choice.best_count);
    json_decref(scene.choice.figures);
    /* So is one that was asked for, and it is taken all the same. */
    scene_init(&scene);
    scene_add(&scene, 0, 20);
    scene.clip.poster_flicks = SECONDS(13);
    assert_int_equal(scene_choose(&scene, &log), 0);
    assert_true(scene.choice.flicks == SECONDS(13));
    assert_int_equal(2, heard.warnings);
    assert_non_null(strstr(heard.last, "0:13"));
    assert_int_equal(0, scene.choice.best_count);
    scene.clip.poster_flicks = SECONDS(3);
    assert_int_equal(scene_choose(&scene, &log), 0);
    assert_int_equal(2, heard.warnings);
    json_decref(scene.choice.figures);
    log_clear(&log);
}

static void test_the_list_and_photos_need_no_scores(void **state)
{
    struct scene scene;
    static const struct photo photo;
    scene_init(&scene);
    scene_add(&scene, 0, 10);
    scene.clip.poster_flicks = SECONDS(3);
    assert_int_equal(scene_choose(&scene, NULL), 0);
    assert_true(scene.choice.flicks == SECONDS(3));
    assert_true(json_is_true(json_object_get(scene.choice.figures, "asked")));
    /* Its surroundings are looked at for what moves. */
    assert_true(scene.film.first == SECONDS(0));
    assert_true(scene.film.last == SECONDS(6));
    assert_int_equal(scene.film.asked, 13);
    assert_int_equal(scene.choice.movement.columns, CELLS_SIDE);
    /* Outside the row nothing is asked but the picture itself. */
    scene.clip.poster_flicks = SECONDS(14);
    assert_int_equal(scene_choose(&scene, NULL), 0);
    assert_int_equal(scene.film.asked, 1);
    assert_true(scene.choice.movement.trust == 0);
    scene.film.visits = 0;
    scene.shots[0].recording = NULL;
    scene.shots[0].photo = &photo;
    assert_int_equal(scene_choose(&scene, NULL), 0);
    assert_true(scene.choice.flicks == 0);
    assert_int_equal(scene.film.visits, 0);
    json_decref(scene.choice.figures);
}

static void test_a_failing_source_is_told_once(void **state)
{
    struct scene scene;
    struct log log;
    log_init(&log, LOG_LEVEL_NONE, NULL, NULL);
    scene_init(&scene);
    scene_add(&scene, 0, 10);
    scene.film.fail = 1;
    assert_int_equal(scene_choose(&scene, &log), AVERROR(EIO));
    assert_string_equal(log.first_error, "the disk is gone");
    log_clear(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chooses_the_sharp_second),
        cmocka_unit_test(test_long_shots_are_sampled_thinly),
        cmocka_unit_test(test_shots_that_take_part),
        cmocka_unit_test(test_transitions_are_left_out),
        cmocka_unit_test(test_a_very_short_shot_gives_its_middle),
        cmocka_unit_test(test_offers_five),
        cmocka_unit_test(test_all_dark_is_chosen_and_told),
        cmocka_unit_test(test_the_list_and_photos_need_no_scores),
        cmocka_unit_test(test_a_failing_source_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
