/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG read back: pixels, chunks, and the same bytes twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <png.h>

#include "poster/png.h"
#include "poster/pictures.h"

enum { WIDTH = 203, HEIGHT = 97 };

static uint32_t paint_noise(const void *opaque, int x, int y)
{
    uint32_t seed = (uint32_t)(x * 7919 + y * 104729);
    seed = seed * 1664525 + 1013904223;
    uint32_t noise = seed >> 27;
    return (uint32_t)(x & 255) << 16 | (uint32_t)(y & 255) << 8 | noise * 4;
}

static const struct poster_text text_list[] = {
    {"Title", "庆七一·讲党史"},
    {"Author", NULL},
    {"Description", ""},
    {"Copyright", "© 2022 市委办公室"},
    {"Creation Time", "2022-06-28"},
};
static const struct poster_texts texts = {text_list, 5, "zh-CN"};

/* One chunk of a PNG file; NULL when there is none. */
static const uint8_t *png_chunk(const struct buffer *file, const char *name,
                                const char *start, uint32_t *size)
{
    const uint8_t *bytes = (const uint8_t *)file->data;
    for (size_t at = 8; at + 12 <= file->size;) {
        *size = (uint32_t)bytes[at] << 24 | (uint32_t)bytes[at + 1] << 16 |
                (uint32_t)bytes[at + 2] << 8 | bytes[at + 3];
        if (!memcmp(bytes + at + 4, name, 4) &&
            (!start || !memcmp(bytes + at + 8, start, strlen(start) + 1)))
            return bytes + at + 8;
        at += 12 + *size;
    }
    return NULL;
}

static void check_png_text(const struct buffer *file, const char *keyword,
                           const char *text)
{
    uint32_t size = 0, data = 0;
    const uint8_t *chunk = png_chunk(file, "iTXt", keyword, &size);
    assert_non_null(chunk);
    size_t length = strlen(text);
    assert_memory_equal(chunk + size - length, text, length);
    assert_true(chunk < png_chunk(file, "IDAT", NULL, &data));
}

static void test_png_reads_back(void **state)
{
    AVFrame *frame = pictures_rgb(WIDTH, HEIGHT, paint_noise, NULL);
    struct buffer file = {0};
    assert_int_equal(poster_png_encode(NULL, frame, &texts, &file), 0);
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_memory(&image, file.data, file.size));
    image.format = PNG_FORMAT_RGB;
    assert_int_equal(image.width, WIDTH);
    assert_int_equal(image.height, HEIGHT);
    static uint8_t rows[WIDTH * HEIGHT * 3];
    assert_true(png_image_finish_read(&image, NULL, rows, 0, NULL));
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            const uint8_t *pixel = rows + 3 * (y * WIDTH + x);
            assert_int_equal(pixel[0] << 16 | pixel[1] << 8 | pixel[2],
                             paint_noise(NULL, x, y));
        }
    buffer_clear(&file);
    av_frame_free(&frame);
}

static void test_png_chunks(void **state)
{
    AVFrame *frame = pictures_rgb(WIDTH, HEIGHT, paint_noise, NULL);
    struct buffer file = {0}, again = {0};
    uint32_t size;
    assert_int_equal(poster_png_encode(NULL, frame, &texts, &file), 0);
    assert_int_equal(poster_png_encode(NULL, frame, &texts, &again), 0);
    assert_int_equal(file.size, again.size);
    assert_memory_equal(file.data, again.data, file.size);
    check_png_text(&file, "Title", "庆七一·讲党史");
    check_png_text(&file, "Copyright", "© 2022 市委办公室");
    check_png_text(&file, "Creation Time", "2022-06-28");
    assert_null(png_chunk(&file, "iTXt", "Author", &size));
    assert_null(png_chunk(&file, "iTXt", "Description", &size));
    assert_null(png_chunk(&file, "tIME", NULL, &size));
    assert_null(png_chunk(&file, "iCCP", NULL, &size));
    assert_non_null(png_chunk(&file, "sRGB", NULL, &size));
    assert_non_null(png_chunk(&file, "cHRM", NULL, &size));
    const uint8_t *gamma = png_chunk(&file, "gAMA", NULL, &size);
    assert_non_null(gamma);
    assert_int_equal(gamma[2] << 8 | gamma[3], 45455);
    const uint8_t *dots = png_chunk(&file, "pHYs", NULL, &size);
    assert_non_null(dots);
    assert_int_equal(dots[2] << 8 | dots[3], 11811);
    assert_int_equal(dots[8], 1);
    buffer_clear(&file);
    buffer_clear(&again);
    av_frame_free(&frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_png_reads_back),
        cmocka_unit_test(test_png_chunks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
