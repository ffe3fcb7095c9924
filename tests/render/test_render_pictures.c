/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done to a picture: turning, colours, fitting. */
#include "scene.h"

#include <math.h>

/* --- turning ------------------------------------------------------------- */

static void test_orientations(void **state)
{
    static const struct turn turns[] = {
        {ORIENTATION_NORMAL, false, false, false},
        {ORIENTATION_MIRROR, false, true, false},
        {ORIENTATION_HALF_TURN, false, true, true},
        {ORIENTATION_FLIP, false, false, true},
        {ORIENTATION_TRANSPOSE, true, false, false},
        {ORIENTATION_QUARTER_RIGHT, true, false, true},
        {ORIENTATION_TRANSVERSE, true, true, true},
        {ORIENTATION_QUARTER_LEFT, true, true, false},
    };
    struct scene scene;
    scene_begin(&scene);
    struct recording *recording = scene_recording(&scene, "a.mp4", &camera);
    scene_shot(&scene, recording, 40, 45);
    scene_span(&scene, 0, 0, 200, JOIN_NONE);
    for (size_t i = 0; i < sizeof(turns) / sizeof(*turns); i++) {
        const struct turn *turn = &turns[i];
        recording->picture.orientation = turn->orientation;
        struct rendition *rendition =
            scene_rendition(&scene,
                            scene_preset(&scene, turn->upended ? 192 : 320,
                                         turn->upended ? 320 : 192, FIT_INSIDE),
                            (AVRational){25, 1}, true);
        struct pictures made;
        scene_make(&scene, rendition, 0, &made);
        const AVFrame *frame = made.frames[3];
        assert_int_equal(43, read_turned(frame, turn));
        int near = turn->upended ? level_at(frame, 0, 8, 160)
                                 : level_at(frame, 0, 160, 8);
        assert_true((near > 125) == turn->far);
        pictures_clear(&made);
    }
    scene_end(&scene);
}

/* --- colour ----------------------------------------------------------------
 */

static void matrix_weights(enum AVColorSpace matrix, double *kr, double *kb)
{
    *kr = matrix == AVCOL_SPC_BT709 ? 0.2126 : 0.299;
    *kb = matrix == AVCOL_SPC_BT709 ? 0.0722 : 0.114;
}

/* The exact BT.709 limited code values of a colour. */
static void truth_of(const int in[3], enum AVColorSpace matrix, bool full,
                     double out[3])
{
    double kr, kb;
    matrix_weights(matrix, &kr, &kb);
    double y = full ? in[0] / 255.0 : (in[0] - 16) / 219.0;
    double u = (in[1] - 128) / (full ? 255.0 : 224.0);
    double v = (in[2] - 128) / (full ? 255.0 : 224.0);
    double r = y + 2 * (1 - kr) * v, b = y + 2 * (1 - kb) * u;
    double g = (y - kr * r - kb * b) / (1 - kr - kb);
    matrix_weights(AVCOL_SPC_BT709, &kr, &kb);
    double luma = kr * r + (1 - kr - kb) * g + kb * b;
    out[0] = 16 + 219 * luma;
    out[1] = 128 + 224 * (b - luma) / (2 * (1 - kb));
    out[2] = 128 + 224 * (r - luma) / (2 * (1 - kr));
}

static void expect_colour(struct scene *scene, const struct media *media,
                          const char *name)
{
    scene->clip = (struct clip){0};
    struct recording *recording = scene_recording(scene, name, media);
    scene_shot(scene, recording, 0, 2);
    scene_span(scene, 0, 0, 80, JOIN_NONE);
    struct rendition *rendition =
        scene_rendition(scene, scene_preset(scene, 160, 96, FIT_INSIDE),
                        (AVRational){25, 1}, true);
    rendition->encoder = "preset=ultrafast:qp=1:keyint=50:threads=1:"
                         "stitchable=1:open-gop=0";
    struct pictures made;
    scene_make(scene, rendition, 0, &made);
    double want[3];
    truth_of(media->flat, media->matrix, media->range == AVCOL_RANGE_JPEG,
             want);
    for (int p = 0; p < 3; p++)
        assert_true(fabs(level_at(made.frames[1], p, 20, 20) - want[p]) <= 1.0);
    assert_int_equal(AVCOL_SPC_BT709, made.frames[1]->colorspace);
    assert_int_equal(AVCOL_RANGE_MPEG, made.frames[1]->color_range);
    pictures_clear(&made);
}

static void test_colours(void **state)
{
    static const int colours[][3] = {
        {81, 100, 200}, {145, 60, 80}, {60, 180, 120}, {200, 128, 128}};
    struct scene scene;
    scene_begin(&scene);
    struct media media = {.codec = "ffv1",
                          .width = 160,
                          .height = 96,
                          .rate = {25, 1},
                          .count = 2,
                          .is_flat = true};
    for (size_t i = 0; i < 4; i++) {
        memcpy(media.flat, colours[i], sizeof(media.flat));
        for (int way = 0; way < 4; way++) {
            char name[16];
            media.matrix = way & 1 ? AVCOL_SPC_SMPTE170M : AVCOL_SPC_BT709;
            media.range = way & 2 ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
            snprintf(name, sizeof(name), "c%d%d.mkv", (int)i, way);
            expect_colour(&scene, &media, name);
        }
    }
    scene_end(&scene);
}

/* HLG's diffuse white becomes a light grey below white, and stays grey. */
static void test_hlg(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct media media = {.codec = "ffv1",
                          .width = 160,
                          .height = 96,
                          .rate = {25, 1},
                          .count = 2,
                          .is_flat = true,
                          .flat = {180, 128, 128}};
    struct recording *recording = scene_recording(&scene, "a.mkv", &media);
    recording->picture.hdr = true;
    recording->picture.matrix = AVCOL_SPC_BT2020_NCL;
    recording->picture.primaries = AVCOL_PRI_BT2020;
    recording->picture.transfer = AVCOL_TRC_ARIB_STD_B67;
    scene_shot(&scene, recording, 0, 2);
    scene_span(&scene, 0, 0, 80, JOIN_NONE);
    struct rendition *rendition =
        scene_rendition(&scene, scene_preset(&scene, 80, 48, FIT_INSIDE),
                        (AVRational){25, 1}, true);
    struct pictures made;
    scene_make(&scene, rendition, 0, &made);
    assert_in_range(level_at(made.frames[1], 0, 20, 20), 180, 225);
    assert_in_range(level_at(made.frames[1], 1, 20, 20), 127, 129);
    assert_in_range(level_at(made.frames[1], 2, 20, 20), 127, 129);
    assert_int_equal(AVCOL_TRC_BT709, made.frames[1]->color_trc);
    pictures_clear(&made);
    scene_end(&scene);
}

/* --- fitting ---------------------------------------------------------------
 */

/* The level of the block of one bit, `left` and `shown` in source pixels. */
static int block_level(const AVFrame *frame, int bit, double left, double shown)
{
    double x = (2 * bit + 1) * 320.0 / (2 * NUMBER_BITS);
    return level_at(frame, 0, (int)((x - left) * frame->width / shown),
                    frame->height / 2);
}

static void test_fill(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct media media = camera;
    struct recording *recording = scene_recording(&scene, "a.mp4", &media);
    struct shot *shot = scene_shot(&scene, recording, 45, 50);
    scene_span(&scene, 0, 0, 200, JOIN_NONE);
    struct preset *preset = scene_preset(&scene, 96, 96, FIT_FILL);
    struct rendition *rendition =
        scene_rendition(&scene, preset, (AVRational){25, 1}, true);
    const int percents[] = {0, 50, 100};
    for (int i = 0; i < 6; i++) {
        int percent = percents[i % 3];
        preset->fit = i < 3 ? FIT_FILL : FIT_BLUR;
        preset->crop_at = i < 3 ? percent : 50;
        shot->crop_percent = i < 3 ? -1 : percent;
        double left = (320 - 192) * percent / 100.0;
        struct pictures made;
        scene_make(&scene, rendition, 0, &made);
        for (int bit = 0; bit < NUMBER_BITS; bit++) {
            double x = (2 * bit + 1) * 10;
            if (x < left + 5 || x > left + 187)
                continue;
            int on = 45 >> (NUMBER_BITS - 1 - bit) & 1;
            assert_true(abs(block_level(made.frames[0], bit, left, 192) -
                            (on ? NUMBER_ONE : NUMBER_ZERO)) < 20);
        }
        pictures_clear(&made);
    }
    scene_end(&scene);
}

static void test_inside_and_blur(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct recording *recording = scene_recording(&scene, "a.mp4", &camera);
    scene_shot(&scene, recording, 45, 50);
    scene_span(&scene, 0, 0, 200, JOIN_NONE);
    struct preset *preset = scene_preset(&scene, 160, 284, FIT_INSIDE);
    struct rendition *rendition =
        scene_rendition(&scene, preset, (AVRational){25, 1}, true);
    struct pictures inside, blur;
    scene_make(&scene, rendition, 0, &inside);
    preset->fit = FIT_BLUR;
    scene_make(&scene, rendition, 0, &blur);
    assert_int_equal(45, number_read(inside.frames[0]));
    assert_int_equal(45, number_read(blur.frames[0]));
    assert_in_range(level_at(inside.frames[0], 0, 80, 20), 15, 17);
    assert_in_range(level_at(inside.frames[0], 1, 40, 10), 127, 129);
    /* Above lies the darkened top of the picture, below its bottom. */
    int above = level_at(blur.frames[0], 0, 80, 20);
    int below = level_at(blur.frames[0], 0, 80, 264);
    assert_in_range(above, 17, 60);
    assert_in_range(below, 80, 16 + (NUMBER_BOTTOM - 16) * 55 / 100 + 1);
    pictures_clear(&inside);
    pictures_clear(&blur);
    scene_end(&scene);
}

/* Odd sides, upright and turned, where chroma has no half. */
static void test_odd_sides(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct media media = camera;
    media.codec = "ffv1";
    media.options = NULL;
    media.width = 321;
    media.height = 191;
    media.count = 50;
    struct recording *recording = scene_recording(&scene, "a.mkv", &media);
    scene_shot(&scene, recording, 45, 50);
    scene_span(&scene, 0, 0, 200, JOIN_NONE);
    static const struct turn turns[] = {
        {ORIENTATION_NORMAL, false, false, false},
        {ORIENTATION_HALF_TURN, false, true, true},
        {ORIENTATION_QUARTER_RIGHT, true, false, true},
    };
    for (int i = 0; i < 3; i++) {
        recording->picture.orientation = turns[i].orientation;
        bool up = turns[i].upended;
        struct rendition *rendition = scene_rendition(
            &scene,
            scene_preset(&scene, up ? 192 : 320, up ? 320 : 192, FIT_INSIDE),
            (AVRational){25, 1}, true);
        struct pictures made;
        scene_make(&scene, rendition, 0, &made);
        assert_int_equal(45, read_turned(made.frames[0], &turns[i]));
        int width = made.frames[0]->width / 2;
        int height = made.frames[0]->height / 2;
        assert_in_range(level_at(made.frames[0], 1, width - 1, height - 1), 126,
                        130);
        pictures_clear(&made);
    }
    scene_end(&scene);
}

/* Anamorphic 4:3 pixels: 240x192 at 4:3 is 320x192. */
static void test_sar(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct media media = camera;
    media.width = 240;
    struct recording *recording = scene_recording(&scene, "a.mp4", &media);
    recording->picture.sar = (AVRational){4, 3};
    scene_shot(&scene, recording, 45, 50);
    scene_span(&scene, 0, 0, 200, JOIN_NONE);
    struct rendition *rendition =
        scene_rendition(&scene, scene_preset(&scene, 320, 192, FIT_INSIDE),
                        (AVRational){25, 1}, true);
    struct pictures made;
    scene_make(&scene, rendition, 0, &made);
    assert_int_equal(45, number_read(made.frames[0]));
    assert_true(level_at(made.frames[0], 0, 2, 190) > 200);
    pictures_clear(&made);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orientations),
        cmocka_unit_test(test_colours),
        cmocka_unit_test(test_hlg),
        cmocka_unit_test(test_fill),
        cmocka_unit_test(test_inside_and_blur),
        cmocka_unit_test(test_sar),
        cmocka_unit_test(test_odd_sides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
