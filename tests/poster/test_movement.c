/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What moves before a wall that has the colour of skin, and where the cover is
 * cut because of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "poster/layout.h"
#include "poster/movement.h"
#include "poster/people.h"
#include "poster/pictures.h"

#define VIEWS 9

/* One moment of a talk: wooden shelves on the left, a speaker with a head and
 * a body, both blue so that only movement tells, at a place of each moment. */
struct moment {
    int x, y;   /* middle of the head; x < 0: nobody */
    int pan;    /* the camera's, pixels */
    int bright; /* added to all */
    bool shelves;
    bool listeners; /* backs along the lower edge, on the left */
    bool cut;       /* another place altogether */
};

static uint32_t brighter(uint32_t rgb, int by)
{
    uint32_t out = 0;
    for (int shift = 0; shift < 24; shift += 8)
        out |= (uint32_t)av_clip((int)(rgb >> shift & 255) + by, 0, 255)
               << shift;
    return out;
}

static uint32_t paint_room(const struct moment *moment, int x, int y)
{
    if (moment->cut)
        return (x / 16 + y / 16) % 2 ? 0x204020 : 0xD0D060;
    if (moment->shelves && x < 200)
        return y % 40 < 6 ? 0x704828 : x / 24 % 2 ? 0xD8A070 : 0xC08858;
    return (x / 32 + y / 32) % 2 ? 0x8898A0 : 0x90A0A8;
}

static uint32_t paint_moment(const void *opaque, int x, int y)
{
    const struct moment *moment = opaque;
    x += moment->pan;
    uint32_t rgb = paint_room(moment, x, y);
    int dx = x - moment->x, dy = y - moment->y;
    bool head = dx * dx + dy * dy < 30 * 30;
    bool body = dy > 30 && dy < 150 && abs(dx) < 45;
    if (moment->x >= 0 && (head || body))
        rgb = head ? 0x3050C0 : 0x202840;
    if (moment->listeners && y > 280 && x < 330 &&
        (x + 2 * moment->x) % 80 < 40)
        rgb = 0x101010;
    return brighter(rgb, moment->bright);
}

struct shot_views {
    struct cells *list[VIEWS];
    AVFrame *chosen;
    struct movement movement;
};

static void views_make(struct shot_views *views, const struct moment *moments)
{
    for (int i = 0; i < VIEWS; i++) {
        AVFrame *frame = pictures_painted(640, 360, paint_moment, &moments[i]);
        views->list[i] = calloc(1, sizeof(**views->list));
        cells_read(frame, views->list[i]);
        if (!i)
            views->chosen = frame;
        else
            av_frame_free(&frame);
    }
    movement_find(views->list[0], (const struct cells *const *)views->list + 1,
                  VIEWS - 1, &views->movement);
}

static void views_clear(struct shot_views *views)
{
    for (int i = 0; i < VIEWS; i++)
        free(views->list[i]);
    av_frame_free(&views->chosen);
}

/* A speaker who sways by some pixels around `x`. */
static void moments_sway(struct moment *moments, int x, struct moment like)
{
    static const int sway[VIEWS] = {0, 9, -6, 12, 4, -10, 7, -3, 11};
    for (int i = 0; i < VIEWS; i++) {
        moments[i] = like;
        moments[i].x = x < 0 ? x : x + sway[i];
        moments[i].y = 130 + sway[VIEWS - 1 - i] / 3;
    }
}

static int crop_of(const struct shot_views *views, int width, int height)
{
    return layout_choose(views->chosen, &views->movement, width, height, -1, 50)
        .crop_percent;
}

static void assert_holds(int x, int percent, int window, int half)
{
    int left = (640 - window) * percent / 100;
    assert_true(left <= x - half && left + window >= x + half);
}

/* The shelves look like skin and stay; the speaker moves and does not look
 * like anything: every upright shape keeps him, wherever he stands. */
static void test_keeps_who_moves_beside_wooden_shelves(void **state)
{
    for (int x = 90; x <= 560; x += 94) {
        struct moment moments[VIEWS];
        struct shot_views views;
        moments_sway(moments, x, (struct moment){.shelves = true});
        views_make(&views, moments);
        assert_true(views.movement.trust > 0.9);
        assert_holds(x, crop_of(&views, 1080, 1440), 270, 44);
        assert_holds(x, crop_of(&views, 1080, 1080), 360, 44);
        assert_holds(x, crop_of(&views, 1080, 1920), 202, 34);
        views_clear(&views);
    }
}

/* Near the middle, upright shapes stay near the middle. */
static void test_who_stands_in_the_middle_stays_there(void **state)
{
    struct moment moments[VIEWS];
    struct shot_views views;
    moments_sway(moments, 320, (struct moment){.shelves = true});
    views_make(&views, moments);
    assert_in_range(crop_of(&views, 1080, 1440), 43, 57);
    views_clear(&views);
}

/* More of the picture moves where the listeners sit; the speaker counts. */
static void test_listeners_do_not_pull(void **state)
{
    struct moment moments[VIEWS];
    struct shot_views views;
    moments_sway(moments, 480,
                 (struct moment){.shelves = true, .listeners = true});
    views_make(&views, moments);
    assert_holds(480, crop_of(&views, 1080, 1440), 270, 44);
    views_clear(&views);
}

static void test_wide_covers_keep_the_head(void **state)
{
    struct moment moments[VIEWS];
    struct shot_views views;
    moments_sway(moments, 400, (struct moment){.shelves = true});
    for (int i = 0; i < VIEWS; i++)
        moments[i].y = 45 + moments[i].y % 5;
    views_make(&views, moments);
    int window = 640 * 766 / 1800;
    int top = (360 - window) * crop_of(&views, 1800, 766) / 100;
    assert_true(top <= 45 - 30 - 5);
    views_clear(&views);
}

/* An empty room, and one in which nothing but the light changes. */
static void test_nothing_moves(void **state)
{
    struct moment moments[VIEWS];
    struct shot_views views;
    moments_sway(moments, -1, (struct moment){.shelves = true});
    views_make(&views, moments);
    assert_true(views.movement.trust == 0);
    assert_in_range(crop_of(&views, 1080, 1440), 35, 65);
    views_clear(&views);
    for (int i = 0; i < VIEWS; i++)
        moments[i].bright = 4 * i;
    views_make(&views, moments);
    assert_true(views.movement.trust == 0);
    views_clear(&views);
}

/* A camera that shakes by a pixel or two moves every edge and nobody. */
static void test_a_shaking_camera_is_no_movement(void **state)
{
    static const int shake[VIEWS] = {0, 1, -1, 2, 1, -2, 0, 1, -1};
    struct moment moments[VIEWS];
    struct shot_views views;
    moments_sway(moments, 500, (struct moment){.shelves = true});
    for (int i = 0; i < VIEWS; i++)
        moments[i].pan = shake[i];
    views_make(&views, moments);
    assert_holds(500, crop_of(&views, 1080, 1440), 270, 44);
    views_clear(&views);
    /* With nobody there the shelves' edges pull to nowhere. */
    for (int i = 0; i < VIEWS; i++)
        moments[i].x = -1;
    views_make(&views, moments);
    assert_in_range(crop_of(&views, 1080, 1440), 35, 65);
    views_clear(&views);
}

/* Under a pan everything moves: that tells nothing, and no crop goes far. */
static void test_a_pan_tells_nothing(void **state)
{
    struct moment moments[VIEWS];
    struct shot_views views;
    moments_sway(moments, -1, (struct moment){.shelves = false});
    for (int i = 0; i < VIEWS; i++)
        moments[i].pan = 37 * i;
    views_make(&views, moments);
    assert_in_range(crop_of(&views, 1080, 1440), 40, 60);
    views_clear(&views);
    for (int i = 0; i < VIEWS; i++)
        moments[i].cut = true;
    views_make(&views, moments);
    assert_true(views.movement.trust < 0.5);
    views_clear(&views);
}

/* A recording that was cut before: what is not the same place is left out. */
static void test_other_places_are_passed_over(void **state)
{
    struct moment moments[VIEWS];
    struct shot_views views;
    moments_sway(moments, 480, (struct moment){.shelves = true});
    for (int i = 4; i < VIEWS; i++)
        moments[i].cut = true;
    views_make(&views, moments);
    assert_true(views.movement.trust > 0.9);
    assert_holds(480, crop_of(&views, 1080, 1440), 270, 44);
    for (int i = 1; i < VIEWS; i++)
        moments[i].cut = true;
    views_clear(&views);
    views_make(&views, moments);
    assert_true(views.movement.trust == 0);
    views_clear(&views);
}

/* Who walked through the room weighs where the chosen picture shows him. */
static void test_the_chosen_moment_counts(void **state)
{
    struct moment moments[VIEWS];
    struct shot_views views;
    moments_sway(moments, 0, (struct moment){.shelves = true});
    for (int i = 0; i < VIEWS; i++)
        moments[i].x = i ? 80 + 50 * i : 560;
    views_make(&views, moments);
    assert_holds(560, crop_of(&views, 1080, 1440), 270, 44);
    views_clear(&views);
}

static void test_sizes_that_differ_are_passed_over(void **state)
{
    struct moment moment = {.x = 300, .y = 100};
    struct cells *one = calloc(1, sizeof(*one));
    struct cells *other = calloc(1, sizeof(*other));
    struct movement movement;
    AVFrame *frame = pictures_painted(640, 360, paint_moment, &moment);
    cells_read(frame, one);
    av_frame_free(&frame);
    frame = pictures_painted(480, 640, paint_moment, &moment);
    cells_read(frame, other);
    assert_int_equal(other->columns, 120);
    assert_int_equal(other->rows, 160);
    const struct cells *others[] = {other};
    movement_find(one, others, 1, &movement);
    assert_true(movement.trust == 0);
    /* Movement of another shape than the picture is no ground either. */
    movement.trust = 1;
    layout_choose(frame, &movement, 1080, 1080, -1, 50);
    av_frame_free(&frame);
    free(one);
    free(other);
}

/* --- faces --------------------------------------------------------------- */

struct face {
    int x, y, width, height; /* half axes */
    bool wood;
};

static uint32_t paint_face(const void *opaque, int x, int y)
{
    const struct face *face = opaque;
    double dx = (double)(x - face->x) / face->width;
    double dy = (double)(y - face->y) / face->height;
    if (dx * dx + dy * dy < 1)
        return dx < -0.3 ? 0xC89070 : 0xE0A888;
    if (!face->wood)
        return 0x406078;
    return y % 60 < 20 ? 0xA87848 : 0x305030;
}

static struct people people_of(struct face face)
{
    struct people people;
    struct cells *cells = calloc(1, sizeof(*cells));
    AVFrame *frame = pictures_painted(640, 360, paint_face, &face);
    cells_read(frame, cells);
    people_find(cells, NULL, &people);
    av_frame_free(&frame);
    free(cells);
    return people;
}

static void test_finds_a_face(void **state)
{
    struct people people = people_of((struct face){400, 140, 40, 52, false});
    assert_int_equal(people.count, 1);
    assert_in_range(people.list[0].left, 88, 92);
    assert_in_range(people.list[0].right, 108, 112);
    assert_in_range(people.list[0].top, 20, 24);
    assert_in_range(people.list[0].bottom, 46, 50);
    assert_true(people.list[0].weight > 0.4);
    /* Half a face at the edge is not what a cover is cut for. */
    people = people_of((struct face){0, 140, 60, 52, false});
    assert_int_equal(people.count, 1);
    assert_true(people.list[0].weight < 0.3);
}

static void test_boards_and_walls_are_no_faces(void **state)
{
    struct people people = people_of((struct face){-900, 0, 1, 1, true});
    assert_int_equal(people.count, 0);
    people = people_of((struct face){320, 180, 500, 500, false});
    assert_int_equal(people.count, 0);
    people = people_of((struct face){320, 180, 140, 160, false});
    assert_int_equal(people.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keeps_who_moves_beside_wooden_shelves),
        cmocka_unit_test(test_who_stands_in_the_middle_stays_there),
        cmocka_unit_test(test_listeners_do_not_pull),
        cmocka_unit_test(test_wide_covers_keep_the_head),
        cmocka_unit_test(test_nothing_moves),
        cmocka_unit_test(test_a_shaking_camera_is_no_movement),
        cmocka_unit_test(test_a_pan_tells_nothing),
        cmocka_unit_test(test_other_places_are_passed_over),
        cmocka_unit_test(test_the_chosen_moment_counts),
        cmocka_unit_test(test_sizes_that_differ_are_passed_over),
        cmocka_unit_test(test_finds_a_face),
        cmocka_unit_test(test_boards_and_walls_are_no_faces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
