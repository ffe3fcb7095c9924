/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens when something fails, and that nothing else depends on how a
 * chunk came about. */
#include "scene.h"

#include <fcntl.h>

static void test_unwritable_target(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    scene_shot(&scene, scene_recording(&scene, "a.mp4", &camera), 20, 45);
    scene_span(&scene, 0, 0, 1000, JOIN_NONE);
    struct rendition *rendition =
        scene_rendition(&scene, scene_preset(&scene, 160, 96, FIT_INSIDE),
                        (AVRational){25, 1}, true);
    struct render_target targets[] = {
        {rendition, {0}, scene_path(&scene, "a.chunk")},
        {rendition, {0}, scene_path(&scene, "none/b.chunk")},
    };
    assert_int_equal(AVERROR(ENOENT),
                     render_span(&scene.log, scene.kit, &scene.clip, 0, targets,
                                 2, &scene.stats));
    assert_non_null(scene.log.first_error);
    assert_int_equal(0, scene_files(&scene, "chunk"));
    scene_end(&scene);
}

static void damage(const char *path, double from, double to)
{
    int file = open(path, O_RDWR);
    off_t size = lseek(file, 0, SEEK_END);
    for (off_t at = (off_t)((double)size * from);
         at < (off_t)((double)size * to); at += 7)
        assert_int_equal(1, pwrite(file, "\x5a", 1, at));
    close(file);
}

static void test_damaged_recording(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct media media = camera;
    media.codec = "libx264";
    struct recording *recording = scene_recording(&scene, "a.mkv", &media);
    scene_shot(&scene, recording, 10, 70);
    scene_span(&scene, 0, 0, 2400, JOIN_NONE);
    struct rendition *rendition =
        scene_rendition(&scene, scene_preset(&scene, 320, 192, FIT_INSIDE),
                        (AVRational){25, 1}, true);
    damage(recording->path, 0.3, 0.6);
    struct pictures made;
    scene_make(&scene, rendition, 0, &made);
    assert_int_equal(60, made.count);
    assert_int_equal(69, number_read(made.frames[59]));
    pictures_clear(&made);
    scene_end(&scene);
}

static void test_shrunk_recording(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct recording *recording = scene_recording(&scene, "a.ts", &camera);
    scene_shot(&scene, recording, 10, 70);
    scene_shot(&scene, recording, 60, 70);
    scene_span(&scene, 0, 0, 2400, JOIN_NONE);
    scene_span(&scene, 1, 0, 400, JOIN_NONE);
    struct rendition *rendition =
        scene_rendition(&scene, scene_preset(&scene, 320, 192, FIT_INSIDE),
                        (AVRational){25, 1}, true);
    int64_t cut = recording->index->packets[40].position;
    assert_int_equal(0, truncate(recording->path, cut));
    struct pictures made;
    scene_make(&scene, rendition, 0, &made);
    assert_int_equal(60, made.count);
    assert_int_equal(10, number_read(made.frames[0]));
    int last = number_read(made.frames[59]);
    assert_in_range(last, 35, 40);
    pictures_clear(&made);
    /* Nothing of the second shot is left. */
    struct render_target target = {
        rendition, {0}, scene_path(&scene, "b.chunk")};
    assert_true(render_span(&scene.log, scene.kit, &scene.clip, 1, &target, 1,
                            &scene.stats) < 0);
    assert_non_null(scene.log.first_error);
    scene_end(&scene);
}

/* The same bytes from a fresh decode, a continued one, alone and with others.
 */
static void test_same_bytes(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    struct media media = camera;
    media.options = "bf=2,g=50,keyint_min=50,sc_threshold=0,crf=10,"
                    "preset=veryfast";
    struct recording *recording = scene_recording(&scene, "a.mp4", &media);
    scene_shot(&scene, recording, 13, 63);
    scene_span(&scene, 0, 0, 1000, JOIN_NONE);
    scene_span(&scene, 0, 1000, 2000, JOIN_NONE);
    struct rendition *one =
        scene_rendition(&scene, scene_preset(&scene, 160, 284, FIT_BLUR),
                        (AVRational){25, 1}, true);
    struct rendition *other =
        scene_rendition(&scene, scene_preset(&scene, 160, 96, FIT_FILL),
                        (AVRational){50, 1}, true);
    char sums[3][DIGEST_TEXT];
    struct render_target targets[] = {
        {one, {0}, scene_path(&scene, "a.chunk")},
        {other, {0}, scene_path(&scene, "b.chunk")},
    };
    for (int way = 0; way < 3; way++) {
        for (size_t span = way ? 0 : 1; span < 2; span++)
            assert_int_equal(0, render_span(&scene.log, scene.kit, &scene.clip,
                                            span, targets, way == 2 ? 2 : 1,
                                            &scene.stats));
        assert_int_equal(0,
                         digest_file(&scene.log, targets[0].path, sums[way]));
    }
    assert_string_equal(sums[0], sums[1]);
    assert_string_equal(sums[0], sums[2]);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unwritable_target),
        cmocka_unit_test(test_damaged_recording),
        cmocka_unit_test(test_shrunk_recording),
        cmocka_unit_test(test_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
