/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a poster of a chosen picture with lettering: what is asked of the
 * source and what is written. */
#include "poster/film.h"

#include <fontconfig/fontconfig.h>
#include <png.h>
#include <stdio.h>
#include <unistd.h>

#include "base/files.h"
#include "ingest/fonts.h"

struct studio {
    struct scene scene;
    struct arena *arena;
    struct faces *faces;
    struct overlay_library *library;
    struct session session;
    struct preset preset;
    struct cover cover;
    struct poster poster;
    char folder[64], png[96], jpeg[96];
    json_t *figures;
};

static void studio_open(struct studio *studio)
{
    memset(studio, 0, sizeof(*studio));
    scene_init(&studio->scene);
    scene_add(&studio->scene, 0, 10);
    studio->scene.clip.title = "半条被子的故事";
    studio->scene.choice.flicks = SECONDS(8.5);
    studio->arena = arena_create();
    struct faults faults = {.arena = studio->arena};
    const char *folders[] = {"subtitles/styles"};
    const struct style *style = style_load("formal", folders, 1, studio->arena,
                                           &faults, (struct fault_place){0});
    assert_non_null(style);
    assert_int_equal(fonts_load(NULL, style, NULL, NULL, studio->arena, &faults,
                                &studio->faces),
                     0);
    assert_int_equal(
        overlay_library_create(NULL, studio->faces, &studio->library), 0);
    studio->session = (struct session){
        .arena = studio->arena,
        .series = "读书会",
        .number = "67",
        .title = "庆七一",
        .year = 2022,
        .month = 6,
        .day = 28,
        .place = "郴州",
        .credit = "市委办公室供图",
        .copyright = "© 2022 市委办公室",
        .language = "zh-CN",
        .style = style,
        .faces = studio->faces,
    };
    studio->preset.crop_at = 50;
    studio->cover = (struct cover){"3x4", 360, 480, 60000, 0};
    studio->poster = (struct poster){
        .clip = &studio->scene.clip,
        .preset = &studio->preset,
        .cover = &studio->cover,
        .stem = "01-半条被子的故事-封面3x4",
    };
    snprintf(studio->folder, sizeof(studio->folder), "/tmp/posterXXXXXX");
    assert_non_null(mkdtemp(studio->folder));
    snprintf(studio->png, sizeof(studio->png), "%s/a.png", studio->folder);
    snprintf(studio->jpeg, sizeof(studio->jpeg), "%s/a.jpg", studio->folder);
}

static void studio_letter(struct studio *studio)
{
    int margin = studio->cover.width / 16;
    struct script_frame frame = {
        .width = studio->cover.width,
        .height = studio->cover.height,
        .safe = {margin, margin, studio->cover.width - margin,
                 studio->cover.height - margin},
        .caption_px = 20,
        .caption_chars = 16,
        .caption_bottom = studio->cover.height - margin,
        .rate = {25, 1},
        .style = studio->session.style,
        .faces = studio->faces,
    };
    struct script_title title = {0, 1, studio->scene.clip.title, "讲党史",
                                 "读书会第67期"};
    studio->poster.script = script_poster(&frame, &title, studio->arena);
}

static int studio_make(struct studio *studio, struct log *log)
{
    json_decref(studio->figures);
    return poster_make(log, &studio->scene.film.source, studio->library,
                       &studio->session, &studio->poster, &studio->scene.choice,
                       studio->png, studio->jpeg, &studio->figures);
}

static void studio_close(struct studio *studio)
{
    json_decref(studio->figures);
    overlay_library_destroy(&studio->library);
    faces_destroy(&studio->faces);
    arena_destroy(&studio->arena);
    files_remove_tree(NULL, studio->folder);
}

static uint8_t *studio_pixels(struct studio *studio)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_file(&image, studio->png));
    assert_int_equal(image.width, studio->cover.width);
    assert_int_equal(image.height, studio->cover.height);
    image.format = PNG_FORMAT_RGB;
    uint8_t *pixels = malloc(PNG_IMAGE_SIZE(image));
    assert_true(png_image_finish_read(&image, NULL, pixels, 0, NULL));
    return pixels;
}

static void test_makes_both_files(void **state)
{
    struct studio studio;
    studio_open(&studio);
    assert_int_equal(studio_make(&studio, NULL), 0);
    assert_int_equal(studio.scene.film.fit, FIT_FILL);
    uint8_t *pixels = studio_pixels(&studio);
    free(pixels);
    assert_true(files_size(studio.jpeg) > 0);
    assert_true(files_size(studio.jpeg) <= 60000);
    const json_t *png = json_object_get(studio.figures, "png");
    const json_t *jpeg = json_object_get(studio.figures, "jpeg");
    assert_int_equal(json_integer_value(json_object_get(png, "bytes")),
                     files_size(studio.png));
    assert_int_equal(json_integer_value(json_object_get(jpeg, "bytes")),
                     files_size(studio.jpeg));
    assert_true(json_is_true(json_object_get(jpeg, "fits")));
    studio_close(&studio);
}

/* The letters change the lower part only, stay inside the margin, and a second
 * poster is the same to the byte. */
static void test_letters_it(void **state)
{
    struct studio studio;
    struct buffer first = {0}, second = {0};
    studio_open(&studio);
    assert_int_equal(studio_make(&studio, NULL), 0);
    uint8_t *plain = studio_pixels(&studio);
    studio_letter(&studio);
    assert_int_equal(studio_make(&studio, NULL), 0);
    uint8_t *lettered = studio_pixels(&studio);
    size_t differing = 0, size = (size_t)360 * 480 * 3;
    for (size_t i = 0; i < size; i++)
        differing += plain[i] != lettered[i];
    assert_true(differing > size / 50);
    assert_memory_equal(plain, lettered, 360 * 40 * 3);
    files_read(NULL, studio.png, 1 << 24, &first);
    assert_int_equal(studio_make(&studio, NULL), 0);
    files_read(NULL, studio.png, 1 << 24, &second);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    free(plain);
    free(lettered);
    buffer_clear(&first);
    buffer_clear(&second);
    studio_close(&studio);
}

/* What moved when the picture was chosen lays the cover out. */
static void test_movement_moves_the_crop(void **state)
{
    struct studio studio;
    studio_open(&studio);
    struct movement *movement = &studio.scene.choice.movement;
    movement->trust = 1;
    movement->columns = CELLS_SIDE;
    movement->rows = CELLS_SIDE * HEIGHT / WIDTH;
    for (int i = 0; i < movement->columns * movement->rows; i++)
        movement->list[i] = i % CELLS_SIDE > CELLS_SIDE * 8 / 10 ? 200 : 0;
    assert_int_equal(studio_make(&studio, NULL), 0);
    assert_true(json_integer_value(
                    json_object_get(studio.figures, "crop_percent")) > 90);
    studio_close(&studio);
}

static void count_message(void *opaque, enum log_level level,
                          const char *message)
{
    *(int *)opaque += level == LOG_LEVEL_WARNING;
}

static void test_limits_that_cannot_be_kept_are_told(void **state)
{
    struct studio studio;
    struct log log;
    int warnings = 0;
    log_init(&log, LOG_LEVEL_WARNING, count_message, &warnings);
    studio_open(&studio);
    studio.cover.jpeg_bytes = 100;
    studio.cover.png_bytes = 100;
    assert_int_equal(studio_make(&studio, &log), 0);
    assert_int_equal(warnings, 2);
    assert_true(json_is_false(
        json_object_get(json_object_get(studio.figures, "jpeg"), "fits")));
    assert_true(json_is_false(
        json_object_get(json_object_get(studio.figures, "png"), "fits")));
    studio_close(&studio);
    log_clear(&log);
}

static void test_a_failure_leaves_no_file(void **state)
{
    struct studio studio;
    struct log log;
    log_init(&log, LOG_LEVEL_NONE, NULL, NULL);
    studio_open(&studio);
    studio.scene.film.fail = 1;
    assert_true(studio_make(&studio, &log) < 0);
    assert_null(studio.figures);
    assert_non_null(log.first_error);
    assert_false(files_exist(studio.png));
    assert_false(files_exist(studio.jpeg));
    studio.scene.film.fail = 0;
    snprintf(studio.jpeg, sizeof(studio.jpeg), "%s/none/a.jpg", studio.folder);
    assert_true(studio_make(&studio, &log) < 0);
    assert_false(files_exist(studio.png));
    studio_close(&studio);
    log_clear(&log);
}

static int close_fonts(void **state)
{
    FcFini();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_makes_both_files),
        cmocka_unit_test(test_letters_it),
        cmocka_unit_test(test_movement_moves_the_crop),
        cmocka_unit_test(test_limits_that_cannot_be_kept_are_told),
        cmocka_unit_test(test_a_failure_leaves_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, close_fonts);
}
