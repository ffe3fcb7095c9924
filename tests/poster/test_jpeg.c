/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEG read back: pixels, sampling, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include "poster/jpeg.h"
#include "poster/pictures.h"

enum { WIDTH = 203, HEIGHT = 97 };

static uint32_t paint_noise(const void *opaque, int x, int y)
{
    uint32_t seed = (uint32_t)(x * 7919 + y * 104729);
    seed = seed * 1664525 + 1013904223;
    uint32_t noise = seed >> 27;
    return (uint32_t)(x & 255) << 16 | (uint32_t)(y & 255) << 8 | noise * 4;
}

struct jpeg_facts {
    int width, height, sampling;
    bool progressive;
    double error; /* mean, of all channels */
};

static struct jpeg_facts jpeg_read(const struct buffer *file)
{
    struct jpeg_decompress_struct jpeg = {0};
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, (const unsigned char *)file->data, file->size);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = JCS_RGB;
    struct jpeg_facts facts = {(int)jpeg.image_width, (int)jpeg.image_height,
                               jpeg.comp_info[0].h_samp_factor *
                                   jpeg.comp_info[0].v_samp_factor,
                               jpeg.progressive_mode, 0};
    jpeg_start_decompress(&jpeg);
    static uint8_t row[4096];
    JSAMPROW rows[1] = {row};
    for (int y = 0; y < facts.height; y++) {
        jpeg_read_scanlines(&jpeg, rows, 1);
        for (int x = 0; x < facts.width; x++) {
            uint32_t rgb = paint_noise(NULL, x, y);
            for (int i = 0; i < 3; i++)
                facts.error +=
                    abs(row[3 * x + i] - (int)(rgb >> (16 - 8 * i) & 255));
        }
    }
    facts.error /= 3.0 * facts.width * facts.height;
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    return facts;
}

static void test_jpeg_reads_back(void **state)
{
    AVFrame *frame = pictures_rgb(WIDTH, HEIGHT, paint_noise, NULL);
    struct buffer file = {0};
    assert_int_equal(poster_jpeg_encode(NULL, frame, 92, &file), 0);
    struct jpeg_facts facts = jpeg_read(&file);
    assert_int_equal(facts.width, WIDTH);
    assert_int_equal(facts.height, HEIGHT);
    assert_int_equal(facts.sampling, 1);
    assert_true(facts.progressive);
    assert_true(facts.error < 8);
    buffer_clear(&file);
    av_frame_free(&frame);
}

/* A file larger than one block of the writer, to the byte. */
static void test_jpeg_of_many_blocks(void **state)
{
    AVFrame *frame = pictures_rgb(1280, 720, paint_noise, NULL);
    struct buffer file = {0};
    assert_int_equal(poster_jpeg_encode(NULL, frame, 92, &file), 0);
    assert_true(file.size > 3 * 65536);
    assert_int_equal((uint8_t)file.data[file.size - 2], 0xFF);
    assert_int_equal((uint8_t)file.data[file.size - 1], 0xD9);
    assert_true(jpeg_read(&file).error < 8);
    buffer_clear(&file);
    av_frame_free(&frame);
}

static void test_jpeg_keeps_the_limit(void **state)
{
    AVFrame *frame = pictures_rgb(640, 360, paint_noise, NULL);
    struct buffer file = {0}, best = {0}, better = {0};
    int quality = 0;
    bool fits = false;
    assert_int_equal(poster_jpeg_fit(NULL, frame, 0, &best, &quality, &fits),
                     0);
    assert_int_equal(quality, JPEG_BEST_QUALITY);
    assert_true(fits);
    for (int64_t limit = (int64_t)best.size; limit > 60000; limit -= 7001) {
        buffer_reset(&file);
        buffer_reset(&better);
        assert_int_equal(
            poster_jpeg_fit(NULL, frame, limit, &file, &quality, &fits), 0);
        assert_true(fits == ((int64_t)file.size <= limit));
        if (!fits) {
            assert_int_equal(quality, JPEG_LEAST_QUALITY);
            continue;
        }
        /* The next quality up would not fit. */
        if (quality == JPEG_BEST_QUALITY)
            continue;
        poster_jpeg_encode(NULL, frame, quality + 1, &better);
        assert_true((int64_t)better.size > limit);
    }
    buffer_reset(&file);
    assert_int_equal(poster_jpeg_fit(NULL, frame, 100, &file, &quality, &fits),
                     0);
    assert_false(fits);
    assert_int_equal(quality, JPEG_LEAST_QUALITY);
    assert_true(file.size > 100);
    buffer_clear(&file);
    buffer_clear(&best);
    buffer_clear(&better);
    av_frame_free(&frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jpeg_reads_back),
        cmocka_unit_test(test_jpeg_of_many_blocks),
        cmocka_unit_test(test_jpeg_keeps_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
