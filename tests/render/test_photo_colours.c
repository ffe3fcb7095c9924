/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photo's colours: what a file says of them, in which order it counts, and
 * that the numbers that come out are those of the standards. */
#include "../own_folder.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <jpeglib.h>
#include <lcms2.h>
#include <libavutil/pixdesc.h>
#include <png.h>

#include "render/image.h"
#include "render/photo.h"
#include "render/profile.h"

#define SIDE 16

/* --- what is expected, by the standards' own figures --------------------- */

/* Columns: red, green, blue to XYZ at D65. IEC 61966-2-1; Adobe RGB (1998),
 * 4.3.5.3; SMPTE EG 432-1 with D65. */
static const double srgb_xyz[3][3] = {{0.4123908, 0.3575843, 0.1804808},
                                      {0.2126390, 0.7151687, 0.0721923},
                                      {0.0193308, 0.1191948, 0.9505322}};
static const double adobe_xyz[3][3] = {{0.5766690, 0.1855582, 0.1882286},
                                       {0.2973450, 0.6273636, 0.0752915},
                                       {0.0270314, 0.0706889, 0.9913375}};
static const double p3_xyz[3][3] = {{0.4865709, 0.2656677, 0.1982173},
                                    {0.2289746, 0.6917385, 0.0792869},
                                    {0.0000000, 0.0451134, 1.0439444}};
static const double xyz_srgb[3][3] = {{3.2409699, -1.5373832, -0.4986108},
                                      {-0.9692436, 1.8759675, 0.0415551},
                                      {0.0556301, -0.2039770, 1.0569715}};

static double srgb_linear(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double srgb_code(double v)
{
    v = fmin(fmax(v, 0), 1);
    return v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

/* gamma 0: sRGB's curve. 8-bit codes in, 8-bit codes out. */
static void truth_of(const int in[3], const double matrix[3][3], double gamma,
                     double out[3])
{
    double light[3], xyz[3];
    for (int c = 0; c < 3; c++)
        light[c] =
            gamma > 0 ? pow(in[c] / 255.0, gamma) : srgb_linear(in[c] / 255.0);
    for (int i = 0; i < 3; i++)
        xyz[i] = matrix[i][0] * light[0] + matrix[i][1] * light[1] +
                 matrix[i][2] * light[2];
    for (int i = 0; i < 3; i++)
        out[i] =
            255 * srgb_code(xyz_srgb[i][0] * xyz[0] + xyz_srgb[i][1] * xyz[1] +
                            xyz_srgb[i][2] * xyz[2]);
}

/* --- files -----------------------------------------------------------------
 */

static void profile_bytes(const double xy[6], double gamma, uint8_t *out,
                          uint32_t *size)
{
    cmsCIExyY white = {0.3127, 0.3290, 1};
    cmsCIExyYTRIPLE primaries = {
        {xy[0], xy[1], 1}, {xy[2], xy[3], 1}, {xy[4], xy[5], 1}};
    const double srgb[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    cmsToneCurve *curve = gamma > 0
                              ? cmsBuildGamma(NULL, gamma)
                              : cmsBuildParametricToneCurve(NULL, 4, srgb);
    cmsToneCurve *curves[] = {curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
    const uint32_t room = *size;
    assert_true(cmsSaveProfileToMem(profile, NULL, size));
    assert_true(*size <= room);
    assert_true(cmsSaveProfileToMem(profile, out, size));
    cmsCloseProfile(profile);
    cmsFreeToneCurve(curve);
}

static const double adobe_xy[] = {0.64, 0.33, 0.21, 0.71, 0.15, 0.06};
static const double p3_xy[] = {0.68, 0.32, 0.265, 0.69, 0.15, 0.06};
static const double srgb_xy[] = {0.64, 0.33, 0.30, 0.60, 0.15, 0.06};

struct sample {
    int colour[4];    /* RGB, and alpha where `clear` */
    bool clear;       /* RGBA, left half at alpha 0 */
    const double *xy; /* an ICC profile of these; NULL: none */
    double gamma;     /* the profile's; 0: sRGB's curve */
    bool srgb_chunk;
    double png_gamma;     /* a gAMA chunk; 0: none */
    const double *png_xy; /* a cHRM chunk; NULL: none */
};

static void png_save(const char *path, const struct sample *sample)
{
    png_structp png =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    png_init_io(png, file);
    png_set_IHDR(png, info, SIDE, SIDE, 8,
                 sample->clear ? PNG_COLOR_TYPE_RGBA : PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, 0, 0);
    if (sample->xy) {
        uint8_t bytes[4096];
        uint32_t size = sizeof(bytes);
        profile_bytes(sample->xy, sample->gamma, bytes, &size);
        png_set_iCCP(png, info, "test", 0, bytes, size);
    }
    if (sample->srgb_chunk)
        png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    if (sample->png_gamma > 0)
        png_set_gAMA(png, info, sample->png_gamma);
    if (sample->png_xy) {
        const double *xy = sample->png_xy;
        png_set_cHRM(png, info, 0.3127, 0.3290, xy[0], xy[1], xy[2], xy[3],
                     xy[4], xy[5]);
    }
    png_write_info(png, info);
    uint8_t row[SIDE * 4];
    int step = sample->clear ? 4 : 3;
    for (int x = 0; x < SIDE; x++) {
        for (int c = 0; c < step; c++)
            row[step * x + c] = (uint8_t)sample->colour[c];
        if (sample->clear && x < SIDE / 2)
            row[step * x + 3] = 0;
    }
    for (int y = 0; y < SIDE; y++)
        png_write_row(png, row);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    fclose(file);
}

static const uint8_t exif_r03[] = {
    'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
    /* IFD 0: the Exif IFD at 26 */
    0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0,
    /* Exif: the interoperability IFD at 44 */
    0, 1, 0xa0, 0x05, 0, 4, 0, 0, 0, 1, 0, 0, 0, 44, 0, 0, 0, 0,
    /* interoperability: index R03 */
    0, 1, 0, 1, 0, 2, 0, 0, 0, 4, 'R', '0', '3', 0, 0, 0, 0, 0};

/* Flat, at the best quality; four components are inks as Adobe writes them. */
static void jpeg_save(const char *path, const int *colour, int components,
                      bool exif)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, file);
    jpeg.image_width = jpeg.image_height = SIDE;
    jpeg.input_components = components;
    jpeg.in_color_space = components == 4 ? JCS_CMYK : JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 100, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    if (exif)
        jpeg_write_marker(&jpeg, JPEG_APP0 + 1, exif_r03, sizeof(exif_r03));
    JSAMPLE row[SIDE * 4];
    JSAMPROW rows[] = {row};
    for (int x = 0; x < SIDE * components; x++)
        row[x] = (JSAMPLE)colour[x % components];
    for (int y = 0; y < SIDE; y++)
        jpeg_write_scanlines(&jpeg, rows, 1);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    fclose(file);
}

/* --- reading back ------------------------------------------------------------
 */

static AVFrame *load(const char *path)
{
    struct photo photo = {.file = path, .path = path, .usable = true};
    AVFrame *frame = NULL;
    assert_int_equal(0, photo_load(NULL, &photo, &frame));
    return frame;
}

static double code_at(const AVFrame *frame, int channel, int x, int y)
{
    static const int plane_of[] = {2, 0, 1};
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    if (!(desc->flags & AV_PIX_FMT_FLAG_PLANAR))
        return frame->data[0][y * frame->linesize[0] + 3 * x + channel];
    int plane = plane_of[channel];
    const uint16_t *row =
        (const uint16_t *)(frame->data[plane] + y * frame->linesize[plane]);
    return row[x] / 257.0;
}

static void expect_codes(const AVFrame *frame, const double want[3],
                         double close)
{
    for (int c = 0; c < 3; c++) {
        double have = code_at(frame, c, SIDE - 3, 5);
        if (fabs(have - want[c]) > close)
            fail_msg("channel %d: %.2f, wanted %.2f", c, have, want[c]);
    }
}

static void expect_png(const struct sample *sample, const double matrix[3][3],
                       double gamma, double close)
{
    double want[3];
    truth_of(sample->colour, matrix, gamma, want);
    png_save("a.png", sample);
    AVFrame *frame = load("a.png");
    expect_codes(frame, want, close);
    av_frame_free(&frame);
}

static const int colours[][3] = {
    {200, 100, 50}, {60, 120, 90}, {128, 128, 128}, {30, 60, 200}, {255, 0, 0}};
#define COLOURS (sizeof(colours) / sizeof(colours[0]))

static void test_icc_in_png(void **state)
{
    for (size_t i = 0; i < COLOURS; i++) {
        struct sample sample = {.xy = p3_xy};
        memcpy(sample.colour, colours[i], sizeof(colours[i]));
        expect_png(&sample, p3_xyz, 0, 0.6);
        sample.xy = adobe_xy;
        sample.gamma = 563.0 / 256;
        expect_png(&sample, adobe_xyz, 563.0 / 256, 0.6);
    }
}

/* iCCP before sRGB before cHRM and gAMA; sRGB itself is left alone. */
static void test_png_precedence(void **state)
{
    struct sample sample = {.colour = {200, 100, 50},
                            .xy = adobe_xy,
                            .gamma = 2.2,
                            .png_gamma = 0.45455,
                            .png_xy = srgb_xy};
    expect_png(&sample, adobe_xyz, 2.2, 0.6);
    sample.xy = NULL;
    sample.png_xy = p3_xy;
    expect_png(&sample, p3_xyz, 0, 0.6);
    sample.png_gamma = 1 / 1.8;
    expect_png(&sample, p3_xyz, 1.8, 0.6);
    /* The two may not differ, says libpng's writer; then sRGB it is. */
    sample.png_gamma = 0;
    sample.png_xy = NULL;
    sample.srgb_chunk = true;
    expect_png(&sample, srgb_xyz, 0, 0.01);
    struct sample plain = {.colour = {200, 100, 50}, .xy = srgb_xy};
    png_save("b.png", &plain);
    AVFrame *frame = load("b.png");
    assert_int_equal(AV_PIX_FMT_RGB24, frame->format);
    av_frame_free(&frame);
}

/* A camera set to Adobe RGB writes no profile, only DCF's mark. */
static void test_adobe_rgb_by_exif(void **state)
{
    static const int colour[] = {60, 120, 90};
    double want[3];
    jpeg_save("a.jpg", colour, 3, true);
    AVFrame *frame = load("a.jpg");
    truth_of(colour, adobe_xyz, 563.0 / 256, want);
    expect_codes(frame, want, 2);
    av_frame_free(&frame);
    jpeg_save("b.jpg", colour, 3, false);
    frame = load("b.jpg");
    assert_int_equal(8, av_pix_fmt_desc_get(frame->format)->comp[0].depth);
    av_frame_free(&frame);
}

static void test_clear_lies_on_white(void **state)
{
    struct sample sample = {.colour = {200, 100, 50, 128}, .clear = true};
    png_save("a.png", &sample);
    AVFrame *frame = load("a.png");
    double half = 128.0 / 255;
    const double want[] = {255 + (200 - 255) * half, 255 + (100 - 255) * half,
                           255 + (50 - 255) * half};
    expect_codes(frame, want, 0.5); /* swscale widens so */
    for (int c = 0; c < 3; c++)
        assert_true(code_at(frame, c, 2, 5) == 255);
    av_frame_free(&frame);
}

/* 255 is paper in Adobe's way: half the cyan light, all of the others, and
 * four fifths left by the black. */
static void test_inks(void **state)
{
    static const int inks[] = {128, 255, 255, 204};
    static const double want[] = {128 * 0.8, 204, 204};
    jpeg_save("a.jpg", inks, 4, false);
    AVFrame *frame = load("a.jpg");
    expect_codes(frame, want, 2);
    av_frame_free(&frame);
}

/* A damaged profile is no reason to lose the photo. */
static void test_broken_profile(void **state)
{
    struct sample sample = {.colour = {200, 100, 50}, .xy = p3_xy};
    png_save("a.png", &sample);
    AVFrame *image = NULL;
    assert_int_equal(0, image_load(NULL, "a.png", "a.png", false, &image));
    AVFrameSideData *icc =
        av_frame_get_side_data(image, AV_FRAME_DATA_ICC_PROFILE);
    assert_non_null(icc);
    struct buffer file = {0};
    memset(icc->data + 36, 0, 4); /* "acsp" */
    assert_null(profile_find(image, &file));
    av_frame_free(&image);
}

static int enter(void **state)
{
    return own_folder_make(state) || chdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_icc_in_png),
        cmocka_unit_test(test_png_precedence),
        cmocka_unit_test(test_adobe_rgb_by_exif),
        cmocka_unit_test(test_clear_lies_on_white),
        cmocka_unit_test(test_inks),
        cmocka_unit_test(test_broken_profile),
    };
    return cmocka_run_group_tests(tests, enter, own_folder_remove);
}
