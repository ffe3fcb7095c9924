/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands beside plain shots: transitions, end cards, photos, logos, and
 * single pictures for posters. */
#include "scene.h"

#include <fcntl.h>
#include <math.h>

/* --- transitions -----------------------------------------------------------
 */

static struct recording *flat_recording(struct scene *scene, const char *name,
                                        int level)
{
    struct media media = camera;
    media.is_flat = true;
    media.flat[0] = level;
    media.flat[1] = media.flat[2] = 128;
    return scene_recording(scene, name, &media);
}

static void test_fades(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    scene_shot(&scene, flat_recording(&scene, "a.mp4", 200), 10, 35);
    scene_span(&scene, 0, 0, 400, JOIN_FADE_IN);
    scene_span(&scene, 0, 400, 600, JOIN_NONE);
    scene_span(&scene, 0, 600, 1000, JOIN_FADE_OUT);
    const struct preset *preset = scene_preset(&scene, 160, 96, FIT_INSIDE);
    struct rendition *drawn =
        scene_rendition(&scene, preset, (AVRational){25, 1}, true);
    struct rendition *clean =
        scene_rendition(&scene, preset, (AVRational){25, 1}, false);
    for (size_t i = 0; i < 3; i += 2) {
        struct pictures made;
        scene_make(&scene, drawn, i, &made);
        assert_int_equal(10, made.count);
        for (int n = 0; n < 10; n++) {
            int tick = i ? 9 - n : n;
            int want = 16 + (200 - 16) * (2 * tick + 1) / 20;
            int level = level_at(made.frames[n], 0, 80, 48);
            assert_in_range(level, want - 2, want + 2);
        }
        pictures_clear(&made);
        scene_make(&scene, clean, i, &made);
        assert_in_range(level_at(made.frames[0], 0, 80, 48), 198, 202);
        assert_in_range(level_at(made.frames[9], 0, 80, 48), 198, 202);
        pictures_clear(&made);
    }
    scene_end(&scene);
}

/* The outgoing source runs on, and its last frame is held at the file's end;
 * `end` is where its shot ends. */
static void run_dissolve(size_t end, AVRational rate)
{
    struct scene scene;
    scene_begin(&scene);
    scene_shot(&scene, scene_recording(&scene, "a.mp4", &camera), end - 20,
               end);
    scene_shot(&scene, flat_recording(&scene, "b.mp4", 125), 5, 30);
    scene_span(&scene, 0, 0, 800, JOIN_NONE);
    scene_span(&scene, 1, 0, 400, JOIN_DISSOLVE);
    scene_span(&scene, 1, 400, 1000, JOIN_NONE);
    struct rendition *rendition = scene_rendition(
        &scene, scene_preset(&scene, 320, 192, FIT_INSIDE), rate, true);
    struct pictures made;
    scene_make(&scene, rendition, 1, &made);
    int count = made.count;
    for (int n = 0; n < count; n++) {
        double weight = (2 * n + 1) / (2.0 * count);
        int number = (int)end + n * 25 * rate.den / rate.num;
        number = number > 109 ? 109 : number;
        for (int bit = 0; bit < NUMBER_BITS; bit++) {
            int on = number >> (NUMBER_BITS - 1 - bit) & 1;
            double want =
                (on ? NUMBER_ONE : NUMBER_ZERO) * (1 - weight) + 125 * weight;
            double level = level_at(made.frames[n], 0, 10 + 20 * bit, 96);
            assert_true(fabs(level - want) <= 4);
        }
    }
    pictures_clear(&made);
    scene_end(&scene);
}

static void test_dissolve(void **state)
{
    run_dissolve(40, (AVRational){25, 1});
    run_dissolve(40, (AVRational){50, 1});
    run_dissolve(105, (AVRational){25, 1});
    run_dissolve(110, (AVRational){25, 1});
}

static void test_card(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    scene_shot(&scene, scene_recording(&scene, "a.mp4", &camera), 20, 45);
    scene_span(&scene, 0, 0, 1000, JOIN_NONE);
    scene_span(&scene, -1, 0, 1000, JOIN_NONE);
    struct rendition *rendition =
        scene_rendition(&scene, scene_preset(&scene, 320, 192, FIT_INSIDE),
                        (AVRational){25, 1}, true);
    struct pictures made;
    scene_make(&scene, rendition, 1, &made);
    assert_int_equal(25, made.count);
    assert_true(scene.stats.frames_decoded < 25);
    for (int n = 0; n < made.count; n++) {
        assert_in_range(level_at(made.frames[n], 0, 160, 4), 16, 40);
        assert_in_range(level_at(made.frames[n], 0, 160, 188), 90, 130);
        assert_true(abs(level_at(made.frames[n], 0, 100, 96) -
                        level_at(made.frames[0], 0, 100, 96)) <= 2);
    }
    pictures_clear(&made);
    scene_end(&scene);
}

/* --- photos ----------------------------------------------------------------
 */

/* Takes the frame. */
static char *image_write(struct scene *scene, const char *name,
                         const struct media *media, AVFrame *frame)
{
    AVCodecContext *encoder = media_encoder(media, false);
    frame->pts = 0;
    frame->quality = FF_QP2LAMBDA;
    assert_true(avcodec_send_frame(encoder, frame) >= 0);
    AVPacket *packet = av_packet_alloc();
    avcodec_send_frame(encoder, NULL);
    assert_true(avcodec_receive_packet(encoder, packet) >= 0);
    char *path = scene_path(scene, name);
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(packet->size,
                     write(file, packet->data, (size_t)packet->size));
    close(file);
    av_packet_free(&packet);
    av_frame_free(&frame);
    avcodec_free_context(&encoder);
    return path;
}

static char *photo_write(struct scene *scene, const char *name, int number,
                         int width, int height)
{
    struct media media = {.codec = "mjpeg",
                          .options = "qmin=1,qmax=1",
                          .width = width,
                          .height = height,
                          .rate = {25, 1},
                          .format = AV_PIX_FMT_YUVJ420P};
    AVFrame *frame = av_frame_alloc();
    frame->width = width;
    frame->height = height;
    frame->format = AV_PIX_FMT_YUVJ420P;
    assert_true(av_frame_get_buffer(frame, 0) >= 0);
    media_paint(&media, frame, number);
    return image_write(scene, name, &media, frame);
}

static void test_photos(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct photo upright = {.file = "p.jpg", .orientation = 1};
    struct photo turned = {.file = "q.jpg", .orientation = 6};
    upright.path = photo_write(&scene, "p%03d.jpg", 1234, 640, 384);
    turned.path = photo_write(&scene, "q.jpg", 1234, 640, 384);
    const struct photo *photos[] = {&upright, &turned};
    for (int i = 0; i < 2; i++) {
        struct shot *shot =
            ARENA_PUSH(scene.arena, scene.clip.shots, scene.clip.shot_count);
        *shot = (struct shot){.photo = photos[i],
                              .out_flicks = FLICKS_PER_SECOND,
                              .offset_flicks = scene.clip.length_flicks,
                              .crop_percent = -1};
        scene.clip.length_flicks += FLICKS_PER_SECOND;
    }
    scene_span(&scene, 0, 0, 1000, JOIN_NONE);
    scene_span(&scene, 1, 0, 400, JOIN_DISSOLVE);
    scene_span(&scene, 1, 400, 1000, JOIN_NONE);
    struct rendition *rendition =
        scene_rendition(&scene, scene_preset(&scene, 320, 192, FIT_INSIDE),
                        (AVRational){25, 1}, true);
    struct pictures made;
    scene_make(&scene, rendition, 0, &made);
    for (int n = 0; n < 25; n++)
        assert_int_equal(1234, number_read(made.frames[n]));
    pictures_clear(&made);
    scene_make(&scene, rendition, 2, &made);
    /* 384x640 inside 320x192: 116 wide; the blocks stand in a column. */
    static const struct turn turn = {0, true, false, true};
    assert_int_equal(1234, read_turned(made.frames[7], &turn));
    assert_in_range(level_at(made.frames[7], 0, 160 - 50, 96), 200, 235);
    assert_in_range(level_at(made.frames[7], 0, 20, 96), 18, 140);
    pictures_clear(&made);
    scene_make(&scene, rendition, 1, &made);
    assert_int_equal(10, made.count);
    pictures_clear(&made);
    scene_end(&scene);
}

/* --- logo ------------------------------------------------------------------
 */

/* Red, with a transparent border of a quarter on each side. */
static char *logo_write(struct scene *scene, const char *name)
{
    struct media media = {.codec = "png",
                          .width = 80,
                          .height = 40,
                          .rate = {25, 1},
                          .format = AV_PIX_FMT_RGBA};
    AVFrame *frame = av_frame_alloc();
    frame->width = 80;
    frame->height = 40;
    frame->format = AV_PIX_FMT_RGBA;
    assert_true(av_frame_get_buffer(frame, 0) >= 0);
    for (int y = 0; y < 40; y++) {
        for (int x = 0; x < 80; x++) {
            bool on = x >= 20 && x < 60 && y >= 10 && y < 30;
            const uint8_t pixel[] = {255, 0, 0, on ? 255 : 0};
            memcpy(frame->data[0] + (ptrdiff_t)y * frame->linesize[0] + 4 * x,
                   pixel, 4);
        }
    }
    return image_write(scene, name, &media, frame);
}

/* BT.709 red is 63, 102, 240; the box's corner gets it, the rest stays. */
static void test_logo(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    scene.session.logo = "logo.png";
    scene.session.logo_path = logo_write(&scene, "logo.png");
    scene_shot(&scene, flat_recording(&scene, "a.mp4", 120), 10, 20);
    scene_span(&scene, 0, 0, 400, JOIN_NONE);
    struct preset *preset = scene_preset(&scene, 320, 192, FIT_INSIDE);
    preset->logo_corner = LOGO_BOTTOM_RIGHT;
    struct rendition *rendition =
        scene_rendition(&scene, preset, (AVRational){25, 1}, true);
    struct rendition *clean =
        scene_rendition(&scene, preset, (AVRational){25, 1}, true);
    rendition->logo = (struct script_box){200, 20, 300, 180};
    struct render_target targets[] = {
        {rendition, {0}, scene_path(&scene, "a.chunk")},
        {clean, {0}, scene_path(&scene, "b.chunk")},
    };
    assert_int_equal(0, render_span(&scene.log, scene.kit, &scene.clip, 0,
                                    targets, 2, &scene.stats));
    struct pictures made, plain;
    pictures_load(&made, targets[0].path);
    pictures_load(&plain, targets[1].path);
    /* 100 x 50 at the bottom right: 200–300, 130–180; red 225–275, 143–168. */
    static const int red[] = {63, 102, 240};
    for (int p = 0; p < 3; p++) {
        int shift = p ? 1 : 0;
        int level = level_at(made.frames[9], p, 250 >> shift, 156 >> shift);
        assert_in_range(level, red[p] - 3, red[p] + 3);
    }
    assert_in_range(level_at(made.frames[9], 0, 206, 156), 117, 123);
    assert_in_range(level_at(made.frames[9], 0, 250, 100), 117, 123);
    assert_in_range(level_at(plain.frames[9], 0, 250, 156), 117, 123);
    pictures_clear(&made);
    pictures_clear(&plain);
    scene_end(&scene);
}

/* --- single pictures -------------------------------------------------------
 */

static int visit_number(void *opaque, size_t i, AVFrame *frame)
{
    int *numbers = opaque;
    numbers[i] = number_read(frame);
    return i == 3 ? AVERROR_EOF : 0;
}

static void test_single_pictures(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct recording *recording = scene_recording(&scene, "a.ts", &camera);
    struct shot *shot = scene_shot(&scene, recording, 0, 75);
    struct picture_source *source = render_kit_pictures(scene.kit);
    const int frames[] = {3, 4, 4, 60, 70};
    int64_t times[5];
    int numbers[5] = {0};
    for (int i = 0; i < 5; i++)
        times[i] = index_time(recording->index, (size_t)frames[i]) + 1;
    assert_int_equal(0, source->ops->visit(source, &scene.log, shot, times, 5,
                                           visit_number, numbers));
    for (int i = 0; i < 4; i++)
        assert_int_equal(frames[i], numbers[i]);
    assert_int_equal(0, numbers[4]);
    scene_end(&scene);
}

static int visit_fit(void *opaque, size_t i, AVFrame *frame)
{
    struct scene *scene = opaque;
    struct picture_source *source = render_kit_pictures(scene->kit);
    AVFrame *fitted = NULL;
    assert_int_equal(0,
                     source->ops->fit(source, &scene->log, frame, 480, 640,
                                      AV_PIX_FMT_GBRP, FIT_BLUR, 50, &fitted));
    assert_int_equal(480, fitted->width);
    assert_int_equal(640, fitted->height);
    /* Limited luma 220 is 238 in full range RGB. */
    for (int p = 0; p < 3; p++)
        assert_in_range(level_at(fitted, p, 240, 320 + 120), 235, 240);
    av_frame_free(&fitted);
    return 0;
}

static void test_fit_for_posters(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct recording *recording = scene_recording(&scene, "a.mp4", &camera);
    struct shot *shot = scene_shot(&scene, recording, 0, 75);
    struct picture_source *source = render_kit_pictures(scene.kit);
    assert_int_equal(0,
                     source->ops->visit(source, &scene.log, shot, &(int64_t){0},
                                        1, visit_fit, &scene));
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fades),
        cmocka_unit_test(test_dissolve),
        cmocka_unit_test(test_card),
        cmocka_unit_test(test_photos),
        cmocka_unit_test(test_logo),
        cmocka_unit_test(test_single_pictures),
        cmocka_unit_test(test_fit_for_posters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
