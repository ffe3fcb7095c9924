/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tiles on planes: the arithmetic against its definition, and that no byte
 * outside the plane is touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "subtitles/blend.h"

static struct tile tile_of(int colour_255, int keep)
{
    struct tile tile;
    for (int i = 0; i < TILE_WIDTH; i++) {
        tile.add[i] = (uint16_t)(colour_255 + TILE_ROUND);
        tile.keep[i] = (uint8_t)keep;
    }
    return tile;
}

static void assert_blend(const struct tiles *tiles, int keep, int colour)
{
    for (int d = 0; d < 256; d++) {
        uint8_t plane[TILE_WIDTH];
        memset(plane, d, sizeof(plane));
        tiles_blend(tiles, plane, TILE_WIDTH, TILE_WIDTH);
        int exact = (2 * (d * keep + colour) + 255) / 510;
        for (int i = 0; i < TILE_WIDTH - 1; i++)
            assert_int_equal(plane[i], exact);
    }
}

/* Every pixel value under every transparency is rounded to nearest, by the
 * flat form and by the mixed form alike. */
static void test_rounds_to_nearest(void **state)
{
    for (int keep = 0; keep < 256; keep++) {
        int colours[] = {0,
                         1,
                         127,
                         (255 - keep) * 100,
                         (255 - keep) * 235,
                         (255 - keep) * 255};
        for (size_t k = 0; k < sizeof(colours) / sizeof(*colours); k++) {
            int colour = colours[k];
            if (colour > (255 - keep) * 255)
                continue;
            struct tiles flat = {0}, mixed = {0};
            struct tile tile = tile_of(colour, keep);
            assert_int_equal(tiles_add(&flat, (struct tile_place){0}, &tile),
                             0);
            assert_int_equal(flat.flat_count, 1);
            assert_blend(&flat, keep, colour);
            tile.add[TILE_WIDTH - 1] ^= 1;
            assert_int_equal(tiles_add(&mixed, (struct tile_place){0}, &tile),
                             0);
            assert_int_equal(mixed.count, 1);
            assert_blend(&mixed, keep, colour);
            tiles_clear(&flat);
            tiles_clear(&mixed);
        }
    }
}

/* A plane of an odd width, its rows end to end, exactly as long as it is. */
static void test_stays_inside(void **state)
{
    enum { WIDTH = 45, HEIGHT = 3 };
    for (int mixed = 0; mixed < 2; mixed++) {
        uint8_t *plane = malloc(WIDTH * HEIGHT); /* ASan guards its end */
        memset(plane, 7, WIDTH * HEIGHT);
        struct tiles tiles = {0};
        struct tile tile = tile_of(200 * 255, 0);
        tile.keep[0] = (uint8_t)mixed;
        tiles_add(&tiles, (struct tile_place){32, 1}, &tile);
        tiles_add(&tiles, (struct tile_place){32, 2}, &tile);
        tiles_blend(&tiles, plane, WIDTH, WIDTH);
        for (int i = 0; i < WIDTH * HEIGHT; i++)
            assert_int_equal(plane[i],
                             i / WIDTH >= 1 && i % WIDTH >= 32 ? 200 : 7);
        tiles_clear(&tiles);
        free(plane);
    }
}

static void test_empty_tile_changes_nothing(void **state)
{
    uint8_t plane[256], before[256];
    struct tiles tiles = {0};
    struct tile tile = tile_of(0, 255);
    for (int i = 0; i < 8; i++)
        tiles_add(&tiles, (struct tile_place){(uint16_t)(i * TILE_WIDTH), 0},
                  &tile);
    for (int i = 0; i < 256; i++)
        plane[i] = before[i] = (uint8_t)i;
    tiles_blend(&tiles, plane, 256, 256);
    assert_memory_equal(plane, before, sizeof(plane));
    tiles_clear(&tiles);
}

static void test_grows_and_resets(void **state)
{
    struct tiles tiles = {0};
    for (int i = 0; i < 5000; i++) {
        struct tile tile = tile_of(i, i & 127);
        tile.keep[3] = (uint8_t)(128 + (i & 1));
        struct tile_place place = {(uint16_t)(i % 60), (uint16_t)i};
        assert_int_equal(tiles_add(&tiles, place, &tile), 0);
    }
    assert_int_equal(tiles.count, 5000);
    for (int i = 0; i < 5000; i++) {
        assert_int_equal(tiles.places[i].row, i);
        assert_int_equal(tiles.list[i].add[0], i + TILE_ROUND);
    }
    tiles_reset(&tiles);
    assert_int_equal(tiles.count + tiles.flat_count, 0);
    tiles_clear(&tiles);
    assert_null(tiles.list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rounds_to_nearest),
        cmocka_unit_test(test_stays_inside),
        cmocka_unit_test(test_empty_tile_changes_nothing),
        cmocka_unit_test(test_grows_and_resets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
