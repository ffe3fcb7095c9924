/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The overlay whole: libass's pictures, history, silence, and which face is
 * drawn. Colours are test_overlay_colour.c's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include <ass/ass.h>

#include "overlay_stage.h"

static uint64_t frame_sum(const AVFrame *frame)
{
    uint64_t sum = 1469598103934665603u;
    for (int i = 0; i < 3; i++) {
        bool half = i && frame->format != AV_PIX_FMT_GBRP;
        int width = half ? frame->width / 2 : frame->width;
        int height = half ? frame->height / 2 : frame->height;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                sum = (sum ^ frame->data[i][y * frame->linesize[i] + x]) *
                      1099511628211u;
    }
    return sum;
}

static uint64_t overlay_sum(struct overlay *overlay, int64_t ms)
{
    AVFrame *frame =
        drawing_frame(WIDTH, HEIGHT, AV_PIX_FMT_YUV420P, (int[]){90, 110, 140});
    bool shows = false;
    assert_int_equal(overlay_at(overlay, ms, &shows), 0);
    if (shows)
        overlay_draw(overlay, frame);
    uint64_t sum = frame_sum(frame);
    av_frame_free(&frame);
    return sum;
}

static const struct overlay_format plain = {
    WIDTH,           HEIGHT,           AV_PIX_FMT_YUV420P,
    AVCOL_SPC_BT709, AVCOL_RANGE_MPEG, AVCHROMA_LOC_LEFT};

static void test_nothing_shows_outside_events(void **state)
{
    struct overlay *overlay =
        stage_overlay(*state, &plain, "None",
                      BOX("0:00:01.00", "0:00:02.00", "\\1c&H00FFFF&"));
    const int64_t times[] = {0, 990, 1000, 1990, 2000, 5000};
    const bool expected[] = {false, false, true, true, false, false};
    for (int i = 0; i < 6; i++) {
        bool shows = !expected[i];
        int left, top, right, bottom;
        assert_int_equal(overlay_at(overlay, times[i], &shows), 0);
        assert_int_equal(shows, expected[i]);
        assert_int_equal(overlay_box(overlay, &left, &top, &right, &bottom),
                         expected[i]);
        if (!shows)
            continue;
        /* libass's rasteriser lets an edge on a pixel's border touch the
         * pixel beyond it. */
        assert_in_range(left, 63, 64);
        assert_in_range(top, 63, 64);
        assert_in_range(right, 192, 193);
        assert_in_range(bottom, 192, 193);
    }
    overlay_destroy(&overlay);
    assert_null(overlay);
}

static void test_empty_script_never_draws(void **state)
{
    struct stage *stage = *state;
    struct overlay *overlay = NULL;
    bool shows = true;
    assert_int_equal(
        overlay_create(NULL, stage->library, &plain, "", NULL, &overlay), 0);
    assert_int_equal(overlay_at(overlay, 0, &shows), 0);
    assert_false(shows);
    overlay_destroy(&overlay);
    overlay_destroy(&overlay);
}

static void test_picture_lies_under_the_text(void **state)
{
    struct stage *stage = *state;
    uint8_t rgba[8 * 8 * 4];
    for (int i = 0; i < 8 * 8; i++)
        memcpy(rgba + 4 * i, (uint8_t[]){255, 0, 0, i < 32 ? 255 : 128}, 4);
    struct overlay_picture picture = {rgba, 8, 8, 100, 40, 128};
    struct overlay_format format = plain;
    format.format = AV_PIX_FMT_GBRP;
    struct overlay *overlay = NULL;
    bool shows = false;
    assert_int_equal(
        overlay_create(NULL, stage->library, &format, "", &picture, &overlay),
        0);
    for (int i = 0; i < 2; i++) {
        AVFrame *frame = drawing_frame(WIDTH, HEIGHT, AV_PIX_FMT_GBRP,
                                       (int[]){100, 100, 100});
        assert_int_equal(overlay_at(overlay, i * 40, &shows), 0);
        assert_true(shows);
        overlay_draw(overlay, frame);
        const uint8_t *red = frame->data[2] + 100;
        assert_int_equal(red[39 * frame->linesize[2]], 100);
        assert_in_range(red[40 * frame->linesize[2]], 177, 179);
        assert_in_range(red[44 * frame->linesize[2]], 138, 140);
        assert_int_equal(red[48 * frame->linesize[2]], 100);
        av_frame_free(&frame);
    }
    overlay_destroy(&overlay);
}

static void test_refuses_what_it_cannot_draw(void **state)
{
    struct stage *stage = *state;
    struct overlay *overlay = NULL;
    struct log log;
    log_init(&log, LOG_LEVEL_NONE, NULL, NULL);
    struct overlay_format odd = plain;
    odd.width = 641;
    assert_int_equal(
        overlay_create(&log, stage->library, &odd, "", NULL, &overlay),
        AVERROR(EINVAL));
    assert_null(overlay);
    assert_non_null(log.first_error);
    log_clear(&log);
    log_init(&log, LOG_LEVEL_NONE, NULL, NULL);
    assert_int_equal(overlay_create(&log, stage->library, &plain,
                                    "no script at all", NULL, &overlay),
                     AVERROR_INVALIDDATA);
    assert_null(overlay);
    assert_non_null(log.first_error);
    log_clear(&log);
}

#define CAPTIONS                                                               \
    "Dialogue: 0,0:00:01.00,0:00:04.00,Text,,0,0,0,,不忘初心\n"            \
    "Dialogue: 0,0:00:02.01,0:00:06.00,Text,,0,0,0,,牢记使命\n"            \
    "Dialogue: 0,0:00:04.01,0:00:08.00,Text,,0,0,0,,砥砺前行\n"            \
    "Dialogue: 0,0:00:20.00,0:00:22.00,Text,,0,0,0,,结束\n"

/* Captions without a place push each other up, by history: whoever begins to
 * draw in the middle, or at another rate, must get the same picture. */
static void test_history_does_not_depend_on_the_begin(void **state)
{
    struct overlay *whole = stage_overlay(*state, &plain, "None", CAPTIONS);
    uint64_t sums[3] = {0};
    for (int64_t ms = 0; ms <= 7000; ms += 40) {
        uint64_t sum = overlay_sum(whole, ms);
        if (ms == 3000 || ms == 5000 || ms == 7000)
            sums[ms / 2000 - 1] = sum;
    }
    overlay_destroy(&whole);
    assert_true(sums[1] != sums[2]);
    for (int i = 0; i < 3; i++) {
        struct overlay *late = stage_overlay(*state, &plain, "None", CAPTIONS);
        assert_true(overlay_sum(late, 3000 + 2000 * i) == sums[i]);
        overlay_destroy(&late);
    }
}

static const char *const animated =
    "Dialogue: 0,0:00:00.00,0:00:05.00,Text,,0,0,0,,{\\an5\\pos(320,100)"
    "\\fs50\\blur2\\fad(400,400)\\t(\\fscx130)}庆七一讲党史\n"
    "Dialogue: 1,0:00:00.00,0:00:05.00,Text,,0,0,0,,{\\an2\\pos(320,330)"
    "\\kf100}今天{\\kf100}我们{\\kf200}学习\n"
    "Dialogue: 2,0:00:00.00,0:00:05.00,Text,,0,0,0,,{\\move(50,200,500,250)"
    "\\frz20\\3c&HFF00FF&\\clip(100,0,500,300)}Latin 文字\n"
    "Dialogue: 3,0:00:00.00,0:00:05.00,Text,,0,0,0,,{\\an7\\pos(400,40)\\bord4"
    "\\1a&H80&\\p1}m 0 0 b 80 0 120 60 100 100 l 20 120{\\p0}\n";

/* An overlay that was asked before, in a library that drew before, gives the
 * bytes of a fresh one. */
static void test_bytes_do_not_depend_on_the_past(void **state)
{
    struct overlay *used = stage_overlay(*state, &plain, "None", animated);
    uint64_t sums[6];
    for (int i = 0; i < 6; i++)
        sums[i] = overlay_sum(used, 300 + 800 * i);
    for (int i = 0; i < 6; i++) {
        struct overlay_library *library = NULL;
        struct stage fresh = {((struct stage *)*state)->faces, NULL};
        assert_int_equal(overlay_library_create(NULL, fresh.faces, &library),
                         0);
        fresh.library = library;
        struct overlay *overlay =
            stage_overlay(&fresh, &plain, "None", animated);
        assert_true(overlay_sum(overlay, 300 + 800 * i) == sums[i]);
        assert_true(overlay_sum(overlay, 300 + 800 * i) == sums[i]);
        overlay_destroy(&overlay);
        overlay_library_destroy(&library);
    }
    overlay_destroy(&used);
}

static void image_lay(double *planes, const ASS_Image *image)
{
    const double colour[3] = {image->color >> 16 & 255, image->color >> 8 & 255,
                              image->color >> 24};
    double opacity = (255 - (image->color & 255)) / 255.0;
    for (int y = 0; y < image->h; y++) {
        for (int x = 0; x < image->w; x++) {
            double a = image->bitmap[y * image->stride + x] / 255.0 * opacity;
            double *pixel =
                planes + 3 * ((image->dst_y + y) * WIDTH + image->dst_x + x);
            for (int i = 0; i < 3; i++)
                pixel[i] = pixel[i] * (1 - a) + colour[i] * a;
        }
    }
}

/* libass's own images, laid in double precision. */
static void test_pictures_are_libass_s(void **state)
{
    struct stage *stage = *state;
    size_t size;
    char *data = faces_map(stage->faces, 0, &size);
    ASS_Library *library = ass_library_init();
    ass_add_font(library, "face", data, (int)size);
    faces_unmap(data, size);
    ASS_Renderer *renderer = ass_renderer_init(library);
    ass_set_storage_size(renderer, WIDTH, HEIGHT);
    ass_set_frame_size(renderer, WIDTH, HEIGHT);
    ass_set_fonts(renderer, NULL, "Noto Sans CJK SC", ASS_FONTPROVIDER_NONE,
                  NULL, 0);
    struct buffer script = {0};
    drawing_script(&script, WIDTH, HEIGHT, "None", "Noto Sans CJK SC",
                   animated);
    ASS_Track *track = ass_read_memory(library, script.data, script.size, NULL);
    struct overlay_format format = plain;
    format.format = AV_PIX_FMT_GBRP;
    struct overlay *overlay = stage_overlay(stage, &format, "None", animated);
    double *planes = malloc(sizeof(*planes) * 3 * WIDTH * HEIGHT);
    for (int64_t ms = 100; ms < 5000; ms += 700) {
        AVFrame *frame =
            drawing_frame(WIDTH, HEIGHT, AV_PIX_FMT_GBRP, (int[]){50, 99, 200});
        bool shows;
        overlay_at(overlay, ms, &shows);
        overlay_draw(overlay, frame);
        for (int k = 0; k < WIDTH * HEIGHT; k++)
            memcpy(planes + 3 * k, (double[]){50, 99, 200},
                   3 * sizeof(*planes));
        for (ASS_Image *image = ass_render_frame(renderer, track, ms, NULL);
             image; image = image->next)
            image_lay(planes, image);
        for (int k = 0; k < WIDTH * HEIGHT; k++)
            for (int i = 0; i < 3; i++)
                assert_true(fabs(planes[3 * k + i] -
                                 frame->data[i][k / WIDTH * frame->linesize[i] +
                                                k % WIDTH]) <= 1.0);
        av_frame_free(&frame);
    }
    free(planes);
    overlay_destroy(&overlay);
    buffer_clear(&script);
    ass_free_track(track);
    ass_renderer_done(renderer);
    ass_library_done(library);
}

static uint64_t glyph_sum(struct stage *stage, const char *family,
                          const char *text)
{
    char lines[256];
    snprintf(lines, sizeof(lines),
             "Dialogue: 0,0:00:00.00,0:00:10.00,Text,,0,0,0,,{\\an5"
             "\\pos(320,180)\\fs200\\fn%s}%s\n",
             family, text);
    struct overlay *overlay = stage_overlay(stage, &plain, "None", lines);
    uint64_t sum = overlay_sum(overlay, 0);
    overlay_destroy(&overlay);
    return sum;
}

/* The same in a library of the collection's first face, the Japanese. */
static uint64_t japanese_sum(const struct stage *stage, const char *text)
{
    struct stage other = {.faces = faces_create()};
    struct face_facts facts = *faces_file(stage->faces, 0);
    facts.family = "Noto Sans CJK JP";
    facts.index = 0;
    assert_int_equal(faces_add(NULL, other.faces, 0, &facts), 0);
    assert_int_equal(overlay_library_create(NULL, other.faces, &other.library),
                     0);
    uint64_t sum = glyph_sum(&other, facts.family, text);
    overlay_library_destroy(&other.library);
    faces_destroy(&other.faces);
    return sum;
}

/* One file holds the Japanese face first and the Simplified Chinese third; 直
 * and 骨 are drawn differently in them, 一 is not. A family that was not chosen
 * falls back to the chosen face and not to the file's first, be it in the same
 * file. */
static void test_simplified_face_is_drawn(void **state)
{
    const char *sc = "Noto Sans CJK SC", *jp = "Noto Sans CJK JP";
    assert_true(glyph_sum(*state, sc, "直") != japanese_sum(*state, "直"));
    assert_true(glyph_sum(*state, sc, "骨") != japanese_sum(*state, "骨"));
    assert_true(glyph_sum(*state, sc, "一") == japanese_sum(*state, "一"));
    assert_true(glyph_sum(*state, sc, "直") == glyph_sum(*state, jp, "直"));
    assert_true(glyph_sum(*state, sc, "直") ==
                glyph_sum(*state, "SimHei", "直"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_shows_outside_events),
        cmocka_unit_test(test_empty_script_never_draws),
        cmocka_unit_test(test_picture_lies_under_the_text),
        cmocka_unit_test(test_refuses_what_it_cannot_draw),
        cmocka_unit_test(test_history_does_not_depend_on_the_begin),
        cmocka_unit_test(test_bytes_do_not_depend_on_the_past),
        cmocka_unit_test(test_pictures_are_libass_s),
        cmocka_unit_test(test_simplified_face_is_drawn),
    };
    return cmocka_run_group_tests(tests, stage_open, stage_close);
}
