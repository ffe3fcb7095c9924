/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exactly the frames that were asked for, in every kind of file. */
#include "scene.h"

#define X264 "bf=2,g=25,preset=veryfast,crf=10"

/* Every picture of every chunk is frame `first` + its tick. */
static void expect_run(struct scene *scene, const struct rendition *rendition,
                       int first)
{
    int at = first;
    for (size_t i = 0; i < scene->clip.span_count; i++) {
        struct pictures made;
        scene_make(scene, rendition, i, &made);
        for (int n = 0; n < made.count; n++)
            assert_int_equal(at++, number_read(made.frames[n]));
        pictures_clear(&made);
    }
}

static void run_plain(const char *name, const struct media *media)
{
    struct scene scene;
    scene_begin(&scene);
    struct recording *recording = scene_recording(&scene, name, media);
    assert_int_equal(media->count, recording->index->frame_count);
    scene_shot(&scene, recording, 31, 103);
    scene_span(&scene, 0, 0, 760, JOIN_NONE);
    scene_span(&scene, 0, 760, 800, JOIN_NONE);
    scene_span(&scene, 0, 800, 2880, JOIN_NONE);
    const struct preset *preset = scene_preset(&scene, 240, 144, FIT_INSIDE);
    struct rendition *same =
        scene_rendition(&scene, preset, (AVRational){25, 1}, true);
    expect_run(&scene, same, 31);
    scene_end(&scene);
}

static void test_mp4_h264(void **state)
{
    run_plain("a.mp4", &camera);
}

static void test_ts_h264(void **state)
{
    run_plain("a.ts", &camera);
}

static void test_mkv_h264_open_gop(void **state)
{
    struct media media = camera;
    media.options = "bf=3,g=25,preset=veryfast,crf=10,x264-params=open-gop=1";
    run_plain("a.mkv", &media);
    run_plain("b.ts", &media);
}

static void test_avi_mpeg4(void **state)
{
    struct media media = camera;
    media.codec = "mpeg4";
    media.options = "bf=2,g=12,b=4000000";
    run_plain("a.avi", &media);
    run_plain("a.mp4", &media);
}

static void test_ts_mpeg2_open_gop(void **state)
{
    struct media media = camera;
    media.codec = "mpeg2video";
    media.options = "bf=2,g=12,b=6000000";
    run_plain("a.ts", &media);
    run_plain("a.mxf", &media);
}

/* 30 to 25: tick n shows the frame on display at n / 25 s. */
static void test_thirty_to_twenty_five(void **state)
{
    struct media media = camera;
    media.rate = (AVRational){30, 1};
    struct scene scene;
    scene_begin(&scene);
    struct recording *recording = scene_recording(&scene, "a.mp4", &media);
    scene_shot(&scene, recording, 30, 90);
    scene_span(&scene, 0, 0, 1000, JOIN_NONE);
    scene_span(&scene, 0, 1000, 2000, JOIN_NONE);
    const struct preset *preset = scene_preset(&scene, 320, 192, FIT_INSIDE);
    struct rendition *rendition =
        scene_rendition(&scene, preset, (AVRational){25, 1}, true);
    for (int i = 0; i < 2; i++) {
        struct pictures made;
        scene_make(&scene, rendition, (size_t)i, &made);
        assert_int_equal(25, made.count);
        for (int n = 0; n < made.count; n++)
            assert_int_equal(30 + (25 * i + n) * 30 / 25,
                             number_read(made.frames[n]));
        pictures_clear(&made);
    }
    scene_end(&scene);
}

/* 25 to 50: each twice, and worked on once. */
static void test_twenty_five_to_fifty(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct recording *recording = scene_recording(&scene, "a.mp4", &camera);
    scene_shot(&scene, recording, 7, 32);
    scene_span(&scene, 0, 0, 500, JOIN_NONE);
    scene_span(&scene, 0, 500, 1000, JOIN_NONE);
    const struct preset *preset = scene_preset(&scene, 200, 120, FIT_INSIDE);
    struct rendition *rendition =
        scene_rendition(&scene, preset, (AVRational){50, 1}, true);
    for (int i = 0; i < 2; i++) {
        struct pictures made;
        scene_make(&scene, rendition, (size_t)i, &made);
        for (int n = 0; n < made.count; n++)
            assert_int_equal(7 + (25 * i + n) / 2, number_read(made.frames[n]));
        pictures_clear(&made);
    }
    scene_end(&scene);
}

static void test_variable_rate(void **state)
{
    struct media media = camera;
    media.variable = true;
    struct scene scene;
    scene_begin(&scene);
    struct recording *recording = scene_recording(&scene, "a.mkv", &media);
    assert_false(recording->index->constant_rate);
    /* Frame 16 of the index is picture 20: every fifth is missing. */
    scene_shot(&scene, recording, 16, 56);
    scene_span(&scene, 0, 0, 2000, JOIN_NONE);
    const struct preset *preset = scene_preset(&scene, 320, 192, FIT_INSIDE);
    struct rendition *rendition =
        scene_rendition(&scene, preset, (AVRational){25, 1}, true);
    struct pictures made;
    scene_make(&scene, rendition, 0, &made);
    assert_int_equal(50, made.count);
    for (int n = 0; n < made.count; n++) {
        int want = 20 + n;
        assert_int_equal(want % 5 == 3 ? want - 1 : want,
                         number_read(made.frames[n]));
    }
    pictures_clear(&made);
    scene_end(&scene);
}

/* 50i to 25p and 50p: bwdif keeps the lines of its own field. */
static int field_read(const AVFrame *frame, int parity)
{
    int number = 0;
    int y = frame->height / 2 + parity;
    const uint8_t *row = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
    for (int bit = 0; bit < NUMBER_BITS; bit++)
        number = number << 1 |
                 (row[(2 * bit + 1) * frame->width / (2 * NUMBER_BITS)] > 125);
    return number;
}

static void run_interlaced(const char *name, const struct media *media)
{
    struct scene scene;
    scene_begin(&scene);
    struct recording *recording = scene_recording(&scene, name, media);
    scene_shot(&scene, recording, 20, 70);
    scene_span(&scene, 0, 0, 1000, JOIN_NONE);
    scene_span(&scene, 0, 1000, 2000, JOIN_NONE);
    const struct preset *preset = scene_preset(&scene, 320, 192, FIT_INSIDE);
    struct rendition *slow =
        scene_rendition(&scene, preset, (AVRational){25, 1}, true);
    struct rendition *fast =
        scene_rendition(&scene, preset, (AVRational){50, 1}, true);
    for (int i = 0; i < 2; i++) {
        struct pictures made;
        scene_make(&scene, slow, (size_t)i, &made);
        for (int n = 0; n < made.count; n++)
            assert_int_equal(field_code(2 * (20 + 25 * i + n)),
                             field_read(made.frames[n], 0));
        pictures_clear(&made);
        scene_make(&scene, fast, (size_t)i, &made);
        for (int n = 0; n < made.count; n++)
            assert_int_equal(field_code(40 + 50 * i + n),
                             field_read(made.frames[n], n & 1));
        pictures_clear(&made);
    }
    scene_end(&scene);
}

/* A picture at a chunk's edge is what it is amid one: the deinterlacer sees its
 * neighbours there too. */
static void run_edge(const char *name, const struct media *media)
{
    struct scene scene;
    scene_begin(&scene);
    struct recording *recording = scene_recording(&scene, name, media);
    scene_shot(&scene, recording, 20, 40);
    scene_shot(&scene, recording, 30, 35);
    scene_span(&scene, 0, 0, 800, JOIN_NONE);
    scene_span(&scene, 1, 0, 200, JOIN_NONE);
    const struct preset *preset = scene_preset(&scene, 320, 192, FIT_INSIDE);
    struct rendition *rendition =
        scene_rendition(&scene, preset, (AVRational){25, 1}, true);
    rendition->encoder = "preset=ultrafast:qp=1:threads=1:open-gop=0";
    struct pictures whole, part;
    scene_make(&scene, rendition, 0, &whole);
    scene_make(&scene, rendition, 1, &part);
    for (int n = 0; n < 5; n += 4) {
        for (int y = 0; y < 192; y++) {
            for (int x = 0; x < 320; x++) {
                ptrdiff_t at = (ptrdiff_t)y * part.frames[n]->linesize[0] + x;
                assert_true(abs(part.frames[n]->data[0][at] -
                                whole.frames[10 + n]->data[0][at]) <= 3);
            }
        }
    }
    pictures_clear(&whole);
    pictures_clear(&part);
    scene_end(&scene);
}

static void test_fifty_fields(void **state)
{
    struct media media = camera;
    media.interlaced = true;
    media.options = "bf=2,g=25,preset=veryfast,crf=6,x264-params=tff=1";
    run_interlaced("a.ts", &media);
    run_edge("c.ts", &media);
    media.codec = "mpeg2video";
    media.options = "bf=2,g=12,b=12000000,maxrate=15000000,bufsize=8000000";
    run_interlaced("b.ts", &media);
}

static void test_last_frames(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct recording *recording = scene_recording(&scene, "a.mp4", &camera);
    scene_shot(&scene, recording, 0, 3);
    scene_shot(&scene, recording, 107, 110);
    scene_span(&scene, 0, 0, 120, JOIN_NONE);
    scene_span(&scene, 1, 0, 120, JOIN_NONE);
    const struct preset *preset = scene_preset(&scene, 320, 192, FIT_INSIDE);
    struct rendition *rendition =
        scene_rendition(&scene, preset, (AVRational){25, 1}, true);
    struct pictures made;
    scene_make(&scene, rendition, 1, &made);
    for (int n = 0; n < 3; n++)
        assert_int_equal(107 + n, number_read(made.frames[n]));
    pictures_clear(&made);
    scene_make(&scene, rendition, 0, &made);
    for (int n = 0; n < 3; n++)
        assert_int_equal(n, number_read(made.frames[n]));
    pictures_clear(&made);
    scene_end(&scene);
}

/* Several renditions from one decode; the next span goes on with it. */
static void test_one_decode(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct media media = camera;
    media.options = "bf=2,g=50,keyint_min=50,sc_threshold=0,crf=10,"
                    "preset=veryfast";
    struct recording *recording = scene_recording(&scene, "a.mp4", &media);
    assert_true(recording->index->closed);
    scene_shot(&scene, recording, 30, 80);
    scene_span(&scene, 0, 0, 1000, JOIN_NONE);
    scene_span(&scene, 0, 1000, 2000, JOIN_NONE);
    struct rendition *renditions[] = {
        scene_rendition(&scene, scene_preset(&scene, 160, 90, FIT_INSIDE),
                        (AVRational){25, 1}, true),
        scene_rendition(&scene, scene_preset(&scene, 90, 160, FIT_BLUR),
                        (AVRational){25, 1}, true),
        scene_rendition(&scene, scene_preset(&scene, 90, 90, FIT_FILL),
                        (AVRational){50, 1}, true),
    };
    int64_t decoded[2];
    for (int i = 0; i < 2; i++) {
        struct render_target targets[3];
        for (int t = 0; t < 3; t++)
            targets[t] = (struct render_target){
                renditions[t],
                {0},
                scene_path(&scene, t == 0   ? "0.chunk"
                                   : t == 1 ? "1.chunk"
                                            : "2.chunk")};
        assert_int_equal(0, render_span(&scene.log, scene.kit, &scene.clip,
                                        (size_t)i, targets, 3, &scene.stats));
        decoded[i] = scene.stats.frames_decoded;
        assert_int_equal(25 + 25 + 50, scene.stats.frames_pushed);
    }
    /* 30 frames of pre-roll less what nothing refers to, then none. */
    assert_in_range(decoded[0], 25, 54);
    assert_in_range(decoded[1], 25, 26);
    assert_int_equal(3, scene_files(&scene, "chunk"));
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mp4_h264),
        cmocka_unit_test(test_ts_h264),
        cmocka_unit_test(test_mkv_h264_open_gop),
        cmocka_unit_test(test_avi_mpeg4),
        cmocka_unit_test(test_ts_mpeg2_open_gop),
        cmocka_unit_test(test_thirty_to_twenty_five),
        cmocka_unit_test(test_twenty_five_to_fifty),
        cmocka_unit_test(test_variable_rate),
        cmocka_unit_test(test_fifty_fields),
        cmocka_unit_test(test_last_frames),
        cmocka_unit_test(test_one_decode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
