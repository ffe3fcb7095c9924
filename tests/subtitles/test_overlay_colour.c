/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The overlay's colours against the standards' own formulas, and its chroma
 * edges against a picture drawn at 4:4:4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "overlay_stage.h"

/* The codes at 128,128 after a box was drawn there on grey. */
static void stage_codes(struct stage *stage,
                        const struct overlay_format *format, const char *matrix,
                        const char *lines, int codes[3])
{
    struct overlay *overlay = stage_overlay(stage, format, matrix, lines);
    AVFrame *frame = drawing_frame(WIDTH, HEIGHT, format->format, codes);
    bool shows = false;
    assert_int_equal(overlay_at(overlay, 1000, &shows), 0);
    assert_true(shows);
    overlay_draw(overlay, frame);
    for (int i = 0; i < 3; i++) {
        int at = i && format->format != AV_PIX_FMT_GBRP ? 64 : 128;
        codes[i] = frame->data[i][at * frame->linesize[i] + at];
    }
    av_frame_free(&frame);
    overlay_destroy(&overlay);
}

#define RED BOX("0:00:00.00", "0:00:10.00", "\\1c&H0000FF&")

static void assert_codes(const int codes[3], int a, int b, int c)
{
    assert_int_equal(codes[0], a);
    assert_int_equal(codes[1], b);
    assert_int_equal(codes[2], c);
}

static void test_red_is_red(void **state)
{
    int codes[3] = {90, 128, 128};
    struct overlay_format format =
        stage_format(AV_PIX_FMT_YUV420P, AVCOL_SPC_BT709, AVCOL_RANGE_MPEG);
    stage_codes(*state, &format, "None", RED, codes);
    assert_codes(codes, 63, 102, 240);
    format.matrix = AVCOL_SPC_SMPTE170M;
    stage_codes(*state, &format, "None", RED, codes);
    assert_codes(codes, 81, 90, 240);
    format.matrix = AVCOL_SPC_BT709;
    format.range = AVCOL_RANGE_JPEG;
    stage_codes(*state, &format, "None", RED, codes);
    assert_codes(codes, 54, 99, 255);
    format.format = AV_PIX_FMT_GBRP;
    stage_codes(*state, &format, "None", RED, codes);
    assert_codes(codes, 0, 0, 255);
}

/* A foreign script's colours were chosen for the matrix that it names: its
 * codes go into the picture as they are. */
static void test_foreign_matrix_is_honoured(void **state)
{
    int codes[3] = {90, 128, 128};
    struct overlay_format format =
        stage_format(AV_PIX_FMT_YUV420P, AVCOL_SPC_BT709, AVCOL_RANGE_MPEG);
    stage_codes(*state, &format, NULL, RED, codes);
    assert_codes(codes, 81, 90, 240);
    stage_codes(*state, &format, "TV.601", RED, codes);
    assert_codes(codes, 81, 90, 240);
    stage_codes(*state, &format, "TV.709", RED, codes);
    assert_codes(codes, 63, 102, 240);
    format.format = AV_PIX_FMT_GBRP;
    stage_codes(*state, &format, "TV.601", RED, codes);
    assert_codes(codes, 0, 0, 255);
}

struct luma {
    enum AVColorSpace matrix;
    double red, blue;
};

/* Flat areas, opaque and not, in all matrices: one code value at most. */
static void test_flat_colours_are_exact(void **state)
{
    const struct luma spaces[] = {{AVCOL_SPC_BT709, 0.2126, 0.0722},
                                  {AVCOL_SPC_SMPTE170M, 0.299, 0.114},
                                  {AVCOL_SPC_BT470BG, 0.299, 0.114},
                                  {AVCOL_SPC_BT2020_NCL, 0.2627, 0.0593}};
    uint32_t seed = 11;
    for (int i = 0; i < 120; i++) {
        struct luma luma = spaces[i % 4];
        bool full = i / 4 % 2;
        int rgb[3], opacity;
        for (int k = 0; k < 3; k++)
            rgb[k] = (int)((seed = seed * 1664525 + 1013904223) >> 24);
        opacity = i < 40 ? 255 : (int)((seed = seed * 1664525 + 1) >> 24);
        char lines[512];
        snprintf(
            lines, sizeof(lines),
            BOX("0:00:00.00", "0:00:10.00", "\\1c&H%02X%02X%02X&\\1a&H%02X&"),
            (unsigned)rgb[2], (unsigned)rgb[1], (unsigned)rgb[0],
            (unsigned)(255 - opacity));
        int codes[3] = {60 + i, 100, 150}, ground[3] = {60 + i, 100, 150};
        struct overlay_format format =
            stage_format(AV_PIX_FMT_YUV420P, luma.matrix,
                         full ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG);
        if (opacity == 0)
            continue;
        stage_codes(*state, &format, "None", lines, codes);
        double y = (luma.red * rgb[0] + luma.blue * rgb[2] +
                    (1 - luma.red - luma.blue) * rgb[1]) /
                   255;
        double cb = (rgb[2] / 255.0 - y) / (2 - 2 * luma.blue);
        double cr = (rgb[0] / 255.0 - y) / (2 - 2 * luma.red);
        double exact[3] = {full ? 255 * y : 16 + 219 * y,
                           128 + (full ? 255 : 224) * cb,
                           128 + (full ? 255 : 224) * cr};
        double a = opacity / 255.0;
        for (int k = 0; k < 3; k++)
            assert_true(fabs(codes[k] - (ground[k] * (1 - a) +
                                         fmin(exact[k], 255) * a)) <= 1.0);
    }
}

static const struct overlay_format plain = {
    WIDTH,           HEIGHT,           AV_PIX_FMT_YUV420P,
    AVCOL_SPC_BT709, AVCOL_RANGE_MPEG, AVCHROMA_LOC_LEFT};

static double plane_psnr(const double *truth, const uint8_t *plane,
                         ptrdiff_t stride, int width, int height)
{
    double sum = 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            double error = truth[y * width + x] - plane[y * stride + x];
            sum += error * error;
        }
    return 10 * log10(255.0 * 255.0 * width * height / sum);
}

/* Left-sited chroma of a 4:4:4 picture that the overlay itself draws. */
static void chroma_truth(const AVFrame *rgb, bool red, double *out)
{
    for (int y = 0; y < HEIGHT / 2; y++) {
        for (int x = 0; x < WIDTH / 2; x++) {
            double sum = 0;
            for (int k = 0; k < 6; k++) {
                int column = 2 * x + k % 3 - 1;
                size_t at = (size_t)((2 * y + k / 3) * rgb->linesize[0] +
                                     (column < 0 ? 0 : column));
                double g = rgb->data[0][at], b = rgb->data[1][at];
                double r = rgb->data[2][at];
                double luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
                double code = red ? (r - luma) / 1.5748 : (b - luma) / 1.8556;
                sum += (k % 3 == 1 ? 2 : 1) * (128 + 224.0 / 255 * code);
            }
            out[y * (WIDTH / 2) + x] = sum / 8;
        }
    }
}

static void test_chroma_edges_match_444(void **state)
{
    const char *lines =
        "Dialogue: 0,0:00:00.00,0:00:10.00,Text,,0,0,0,,{\\an5\\pos(321,120)"
        "\\1c&H0000FF&\\3c&H00FFFF&}红色的字，黄色的边\n"
        "Dialogue: 0,0:00:00.00,0:00:10.00,Text,,0,0,0,,{\\an5\\pos(320,251)"
        "\\1c&HFF0000&\\bord0\\shad0}蓝色 Blue\n";
    struct overlay_format format = plain;
    struct overlay *half = stage_overlay(*state, &format, "None", lines);
    format.format = AV_PIX_FMT_GBRP;
    struct overlay *full = stage_overlay(*state, &format, "None", lines);
    AVFrame *yuv = drawing_frame(WIDTH, HEIGHT, AV_PIX_FMT_YUV420P,
                                 (int[]){126, 128, 128});
    AVFrame *rgb =
        drawing_frame(WIDTH, HEIGHT, AV_PIX_FMT_GBRP, (int[]){128, 128, 128});
    bool shows;
    overlay_at(half, 0, &shows);
    overlay_at(full, 0, &shows);
    overlay_draw(half, yuv);
    overlay_draw(full, rgb);
    double *truth = malloc(sizeof(*truth) * WIDTH / 2 * HEIGHT / 2);
    for (int i = 1; i < 3; i++) {
        chroma_truth(rgb, i == 2, truth);
        double psnr = plane_psnr(truth, yuv->data[i], yuv->linesize[i],
                                 WIDTH / 2, HEIGHT / 2);
        print_message("chroma plane %d: %.1f dB\n", i, psnr);
        assert_true(psnr >= 45);
    }
    free(truth);
    av_frame_free(&yuv);
    av_frame_free(&rgb);
    overlay_destroy(&half);
    overlay_destroy(&full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_red_is_red),
        cmocka_unit_test(test_foreign_matrix_is_honoured),
        cmocka_unit_test(test_flat_colours_are_exact),
        cmocka_unit_test(test_chroma_edges_match_444),
    };
    return cmocka_run_group_tests(tests, stage_open, stage_close);
}
