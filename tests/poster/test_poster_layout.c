/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which part of a picture a cover of another shape keeps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "poster/layout.h"
#include "poster/pictures.h"

struct head {
    int x, y, radius;
};

/* A skin-coloured disc on a plain wall; radius 0: the wall alone. */
static uint32_t paint_head(const void *opaque, int x, int y)
{
    const struct head *head = opaque;
    int dx = x - head->x, dy = y - head->y;
    return dx * dx + dy * dy < head->radius * head->radius ? 0xE0A888
                                                           : 0x335566;
}

static struct poster_layout layout_of(int width, int height, struct head head,
                                      int cover_width, int cover_height,
                                      int asked)
{
    AVFrame *frame = pictures_painted(width, height, paint_head, &head);
    struct poster_layout layout =
        layout_choose(frame, NULL, cover_width, cover_height, asked, 50);
    av_frame_free(&frame);
    return layout;
}

/* The head lies whole inside the kept part. */
static void test_keeps_the_speaker(void **state)
{
    for (int x = 60; x <= 580; x += 40) {
        struct head head = {x, 120, 40};
        struct poster_layout layout = layout_of(640, 360, head, 1080, 1440, -1);
        assert_int_equal(layout.fit, FIT_FILL);
        int window = 270, left = (640 - window) * layout.crop_percent / 100;
        assert_true(left <= x - 38 && left + window >= x + 38);
    }
}

static void test_keeps_the_head_of_an_upright_photo(void **state)
{
    struct head head = {240, 110, 60};
    struct poster_layout layout = layout_of(480, 640, head, 1440, 1080, -1);
    assert_int_equal(layout.fit, FIT_FILL);
    int top = (640 - 360) * layout.crop_percent / 100;
    assert_true(top <= 52);
}

static void test_the_list_decides(void **state)
{
    struct head head = {60, 120, 40};
    struct poster_layout layout = layout_of(640, 360, head, 1080, 1440, 100);
    assert_int_equal(layout.crop_percent, 100);
    assert_int_equal(layout.fit, FIT_FILL);
    layout = layout_of(360, 640, head, 1920, 1080, 10);
    assert_int_equal(layout.crop_percent, 10);
    assert_int_equal(layout.fit, FIT_FILL);
}

/* Across in the middle; from a higher picture more goes below than above. */
static void test_plain_pictures_stay_where_usual(void **state)
{
    struct head none = {0};
    assert_int_equal(layout_of(640, 360, none, 1080, 1440, -1).crop_percent,
                     50);
    assert_int_equal(layout_of(640, 360, none, 1920, 1080, -1).crop_percent,
                     50);
    /* At most 4 % of the height. */
    assert_int_equal(layout_of(640, 480, none, 1920, 1080, -1).crop_percent,
                     16);
}

/* A wall full of small edges on one side does not outweigh a face. */
static uint32_t paint_rough(const void *opaque, int x, int y)
{
    const struct head *head = opaque;
    int dx = x - head->x, dy = y - head->y;
    if (dx * dx + dy * dy < head->radius * head->radius)
        return 0xE0A888;
    uint32_t grey = (x * 7919u + y * 104729u) % 41 + 150;
    return x < 320 ? grey * 0x010101u : 0xA8A8A8;
}

static void test_rough_walls_do_not_pull(void **state)
{
    struct head head = {560, 150, 50};
    AVFrame *frame = pictures_painted(640, 360, paint_rough, &head);
    assert_true(layout_choose(frame, NULL, 1080, 1440, -1, 50).crop_percent >
                80);
    av_frame_free(&frame);
}

/* A piece of wall in lamplight, larger than the head and of its hue. */
static uint32_t paint_lamplight(const void *opaque, int x, int y)
{
    bool lit = x >= 40 && x < 180 && y >= 80 && y < 240;
    return lit ? 0xD4C6BA : paint_head(opaque, x, y);
}

static void test_lamplight_is_no_face(void **state)
{
    struct head head = {540, 120, 40};
    AVFrame *frame = pictures_painted(640, 360, paint_lamplight, &head);
    struct poster_layout layout =
        layout_choose(frame, NULL, 1080, 1440, -1, 50);
    int window = 270, left = (640 - window) * layout.crop_percent / 100;
    assert_true(left <= head.x - 38 && left + window >= head.x + 38);
    av_frame_free(&frame);
}

static void test_upright_on_wide_is_shown_whole(void **state)
{
    struct head head = {180, 200, 50};
    struct poster_layout layout = layout_of(360, 640, head, 1920, 1080, -1);
    assert_int_equal(layout.fit, FIT_BLUR);
    assert_true(layout.kept == 1);
    /* The other way round a film still fills the phone. */
    layout = layout_of(640, 360, head, 1080, 1920, -1);
    assert_int_equal(layout.fit, FIT_FILL);
    assert_true(layout.kept > 0.31 && layout.kept < 0.32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keeps_the_speaker),
        cmocka_unit_test(test_keeps_the_head_of_an_upright_photo),
        cmocka_unit_test(test_the_list_decides),
        cmocka_unit_test(test_plain_pictures_stay_where_usual),
        cmocka_unit_test(test_rough_walls_do_not_pull),
        cmocka_unit_test(test_lamplight_is_no_face),
        cmocka_unit_test(test_upright_on_wide_is_shown_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
