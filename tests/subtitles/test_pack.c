/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masks to planes against the same in double precision: layers laid one by
 * one at 4:4:4, then chroma brought to its siting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "subtitles/layer.h"
#include "subtitles/pack.h"

enum { WIDTH = 200, HEIGHT = 96, MASKS = 12 };

struct truth {
    double planes[3][HEIGHT][WIDTH];
};

static uint32_t random_next(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* A mask with soft and hard parts, its last row ending with the memory. */
static struct layer_mask mask_make(uint32_t *seed)
{
    struct layer_mask mask = {
        .width = 1 + (int)(random_next(seed) % 150),
        .height = 1 + (int)(random_next(seed) % 60),
        .left = (int)(random_next(seed) % WIDTH) - 40,
        .top = (int)(random_next(seed) % HEIGHT) - 20,
        .opacity = random_next(seed) % 3 ? 255 : (int)(random_next(seed) % 256),
    };
    mask.stride = mask.width + (int)(random_next(seed) % 20);
    for (int i = 0; i < 3; i++)
        mask.codes[i] = random_next(seed) % 256;
    size_t size =
        (size_t)mask.stride * (size_t)(mask.height - 1) + (size_t)mask.width;
    uint8_t *alpha = malloc(size);
    for (size_t i = 0; i < size; i++) {
        uint32_t kind = random_next(seed) % 4;
        alpha[i] = kind == 0 ? 0 : kind == 1 ? 255 : (uint8_t)(i * 7);
    }
    mask.alpha = alpha;
    return mask;
}

static void truth_lay(struct truth *truth, const struct layer_mask *mask)
{
    for (int y = 0; y < mask->height; y++) {
        for (int x = 0; x < mask->width; x++) {
            int row = mask->top + y, column = mask->left + x;
            if (row < 0 || row >= HEIGHT || column < 0 || column >= WIDTH)
                continue;
            double a = mask->alpha[y * mask->stride + x] / 255.0 *
                       mask->opacity / 255.0;
            for (int i = 0; i < 3; i++) {
                double *pixel = &truth->planes[i][row][column];
                *pixel = *pixel * (1 - a) + mask->codes[i] * a;
            }
        }
    }
}

/* The ground: a slow ramp, so that filtering it is no matter of opinion. */
static int ground_at(int plane, int row, int column)
{
    return 60 + plane * 40 + (plane ? 0 : (row + column) / 4);
}

static double truth_chroma(const struct truth *truth, int plane, int row,
                           int column, bool left)
{
    double sum = 0, weights = 0;
    for (int dy = 0; dy < 2; dy++) {
        for (int dx = left ? -1 : 0; dx <= 1; dx++) {
            double weight = left && dx == 0 ? 2 : 1;
            int x = 2 * column + dx < 0 ? 0 : 2 * column + dx;
            sum += weight * truth->planes[plane][2 * row + dy][x];
            weights += weight;
        }
    }
    return sum / weights;
}

struct scene {
    struct layer layer;
    struct tiles tiles[3];
    struct pack_box box;
    struct truth truth;
};

static void scene_make(struct scene *scene, const struct pack_format *format,
                       uint32_t seed)
{
    memset(scene, 0, sizeof(*scene));
    assert_int_equal(layer_init(&scene->layer, WIDTH, HEIGHT), 0);
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                scene->truth.planes[i][y][x] = ground_at(i, y, x);
    layer_start(&scene->layer);
    for (int i = 0; i < MASKS; i++) {
        struct layer_mask mask = mask_make(&seed);
        layer_add(&scene->layer, &mask);
        truth_lay(&scene->truth, &mask);
        free((void *)(uintptr_t)mask.alpha);
    }
    assert_int_equal(
        pack_layer(&scene->layer, format, scene->tiles, &scene->box), 0);
}

static void scene_clear(struct scene *scene)
{
    layer_clear(&scene->layer);
    for (int i = 0; i < 3; i++)
        tiles_clear(&scene->tiles[i]);
}

static void scene_draw(const struct scene *scene, int plane, int width,
                       int height, uint8_t *pixels)
{
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            pixels[y * width + x] = (uint8_t)ground_at(plane, y, x);
    tiles_blend(&scene->tiles[plane], pixels, width, width);
}

/* At full resolution every pixel of every plane is within one code value. */
static void test_full_planes_are_exact(void **state)
{
    static struct scene scene;
    static uint8_t pixels[WIDTH * HEIGHT];
    for (uint32_t seed = 1; seed < 40; seed++) {
        scene_make(&scene, &(struct pack_format){0}, seed);
        for (int i = 0; i < 3; i++) {
            scene_draw(&scene, i, WIDTH, HEIGHT, pixels);
            for (int y = 0; y < HEIGHT; y++)
                for (int x = 0; x < WIDTH; x++)
                    assert_true(fabs(pixels[y * WIDTH + x] -
                                     scene.truth.planes[i][y][x]) <= 1.0);
        }
        scene_clear(&scene);
    }
}

static void check_half_planes(enum AVChromaLocation chroma, bool left)
{
    static struct scene scene;
    static uint8_t pixels[WIDTH / 2 * HEIGHT / 2];
    struct pack_format format = {.half_chroma = true, .chroma = chroma};
    for (uint32_t seed = 1; seed < 40; seed++) {
        scene_make(&scene, &format, seed);
        for (int i = 1; i < 3; i++) {
            scene_draw(&scene, i, WIDTH / 2, HEIGHT / 2, pixels);
            for (int y = 0; y < HEIGHT / 2; y++)
                for (int x = 0; x < WIDTH / 2; x++)
                    assert_true(
                        fabs(pixels[y * (WIDTH / 2) + x] -
                             truth_chroma(&scene.truth, i, y, x, left)) <= 1.0);
        }
        scene_clear(&scene);
    }
}

static void test_half_chroma_lies_left(void **state)
{
    check_half_planes(AVCHROMA_LOC_UNSPECIFIED, true);
    check_half_planes(AVCHROMA_LOC_LEFT, true);
}

static void test_half_chroma_lies_centred(void **state)
{
    check_half_planes(AVCHROMA_LOC_CENTER, false);
}

/* Hundreds of faint layers must not add up to a drift. */
static void test_many_layers_do_not_drift(void **state)
{
    static struct scene scene;
    static uint8_t pixels[WIDTH * HEIGHT];
    scene_make(&scene, &(struct pack_format){0}, 3);
    static uint8_t alpha[WIDTH * HEIGHT];
    for (int i = 0; i < 400; i++) {
        memset(alpha, i % 5, sizeof(alpha));
        struct layer_mask mask = {alpha, WIDTH, HEIGHT,        WIDTH,
                                  0,     0,     {200, 17, 90}, 255};
        layer_add(&scene.layer, &mask);
        truth_lay(&scene.truth, &mask);
    }
    pack_layer(&scene.layer, &(struct pack_format){0}, scene.tiles, &scene.box);
    for (int i = 0; i < 3; i++) {
        scene_draw(&scene, i, WIDTH, HEIGHT, pixels);
        for (int k = 0; k < WIDTH * HEIGHT; k++)
            assert_true(
                fabs(pixels[k] - scene.truth.planes[i][k / WIDTH][k % WIDTH]) <=
                1.0);
    }
    scene_clear(&scene);
}

static void test_box_is_tight(void **state)
{
    struct layer layer;
    struct tiles tiles[3] = {0};
    struct pack_box box;
    static const uint8_t alpha[6] = {0, 255, 0, 0, 0, 9};
    struct layer_mask mask = {alpha, 3, 2, 3, 70, 40, {1, 2, 3}, 255};
    assert_int_equal(layer_init(&layer, WIDTH, HEIGHT), 0);
    layer_start(&layer);
    pack_layer(&layer, &(struct pack_format){0}, tiles, &box);
    assert_int_equal(box.right - box.left, 0);
    layer_add(&layer, &mask);
    pack_layer(&layer, &(struct pack_format){0}, tiles, &box);
    assert_int_equal(box.left, 71);
    assert_int_equal(box.right, 73);
    assert_int_equal(box.top, 40);
    assert_int_equal(box.bottom, 42);
    layer_start(&layer);
    mask.opacity = 0;
    layer_add(&layer, &mask);
    pack_layer(&layer, &(struct pack_format){0}, tiles, &box);
    assert_int_equal(box.right - box.left, 0);
    assert_int_equal(tiles[0].count + tiles[0].flat_count, 0);
    layer_clear(&layer);
    for (int i = 0; i < 3; i++)
        tiles_clear(&tiles[i]);
}

/* What was kept is under every later picture, and only once. */
static void test_kept_ground_returns(void **state)
{
    struct layer layer;
    struct tiles tiles[3] = {0};
    struct pack_box box;
    static const uint8_t alpha = 128;
    struct layer_mask logo = {&alpha, 1, 1, 1, 5, 5, {200, 0, 0}, 255};
    assert_int_equal(layer_init(&layer, WIDTH, HEIGHT), 0);
    layer_start(&layer);
    layer_add(&layer, &logo);
    assert_int_equal(layer_keep(&layer), 0);
    for (int i = 0; i < 3; i++) {
        static uint8_t pixels[WIDTH * HEIGHT];
        layer_start(&layer);
        pack_layer(&layer, &(struct pack_format){0}, tiles, &box);
        memset(pixels, 100, sizeof(pixels));
        tiles_blend(&tiles[0], pixels, WIDTH, WIDTH);
        assert_int_equal(pixels[5 * WIDTH + 5], 150);
        assert_int_equal(box.left, 5);
        assert_int_equal(box.right, 6);
    }
    layer_clear(&layer);
    for (int i = 0; i < 3; i++)
        tiles_clear(&tiles[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full_planes_are_exact),
        cmocka_unit_test(test_half_chroma_lies_left),
        cmocka_unit_test(test_half_chroma_lies_centred),
        cmocka_unit_test(test_many_layers_do_not_drift),
        cmocka_unit_test(test_box_is_tight),
        cmocka_unit_test(test_kept_ground_returns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
