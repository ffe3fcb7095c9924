/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans one after the other with one kit against each with a kit of its own:
 * the same bytes, and nothing decoded twice. */
#include "scene.h"

#include "base/digest.h"

#define SPANS      7
#define RENDITIONS 3

static const AVRational R25 = {25, 1};

struct made {
    char sums[SPANS][RENDITIONS][DIGEST_TEXT];
    int64_t decoded, needed, pushed;
};

static void make_span(struct scene *scene, struct rendition **renditions,
                      size_t span, struct made *out)
{
    struct render_target targets[RENDITIONS];
    static const char *const names[] = {"0.chunk", "1.chunk", "2.chunk"};
    for (int t = 0; t < RENDITIONS; t++)
        targets[t] = (struct render_target){
            renditions[t], {0}, scene_path(scene, names[t])};
    assert_int_equal(0, render_span(&scene->log, scene->kit, &scene->clip, span,
                                    targets, RENDITIONS, &scene->stats));
    for (int t = 0; t < RENDITIONS; t++)
        assert_int_equal(
            0, digest_file(&scene->log, targets[t].path, out->sums[span][t]));
    out->decoded += scene->stats.frames_decoded;
    out->needed += scene->stats.frames_needed;
    out->pushed += scene->stats.frames_pushed;
}

static void fresh_kit(struct scene *scene)
{
    render_kit_destroy(&scene->kit);
    assert_int_equal(
        0, render_kit_create(&scene->log, &scene->session, &scene->kit));
}

enum way { WAY_RUN, WAY_ALONE, WAY_BACKWARDS };

static void make_all(struct scene *scene, struct rendition **renditions,
                     enum way way, struct made *out)
{
    *out = (struct made){0};
    fresh_kit(scene);
    size_t count = scene->clip.span_count;
    for (size_t i = 0; i < count; i++) {
        if (way == WAY_ALONE)
            fresh_kit(scene);
        make_span(scene, renditions, way == WAY_BACKWARDS ? count - 1 - i : i,
                  out);
    }
}

/* Two shots of one recording, the later scene first, with a dissolve between; a
 * card; three frames. */
static void build(struct scene *scene, const struct media *media,
                  const char *name, struct rendition **renditions)
{
    struct recording *recording = scene_recording(scene, name, media);
    scene_shot(scene, recording, 53, 93);
    scene_shot(scene, recording, 6, 44);
    scene_span(scene, 0, 0, 600, JOIN_NONE);
    scene_span(scene, 0, 600, 1000, JOIN_NONE);
    scene_span(scene, 0, 1000, 1600, JOIN_NONE);
    scene_span(scene, 1, 0, 480, JOIN_DISSOLVE);
    scene_span(scene, 1, 480, 1000, JOIN_NONE);
    scene_span(scene, 1, 1000, 1520, JOIN_NONE);
    scene_span(scene, -1, 0, 200, JOIN_NONE);
    renditions[0] = scene_rendition(
        scene, scene_preset(scene, 160, 96, FIT_INSIDE), R25, true);
    renditions[1] = scene_rendition(
        scene, scene_preset(scene, 90, 160, FIT_BLUR), R25, true);
    renditions[2] = scene_rendition(
        scene, scene_preset(scene, 96, 96, FIT_FILL), R25, true);
}

static void expect_same(const struct made *a, const struct made *b)
{
    for (size_t i = 0; i < SPANS; i++)
        for (int t = 0; t < RENDITIONS; t++)
            assert_string_equal(a->sums[i][t], b->sums[i][t]);
    assert_int_equal(a->needed, b->needed);
    assert_int_equal(a->pushed, b->pushed);
}

static void run_ways(const char *options, const char *name, bool closed)
{
    struct scene scene;
    struct media media = camera;
    struct rendition *renditions[RENDITIONS];
    static struct made run, alone, backwards;
    media.options = options;
    scene_begin(&scene);
    build(&scene, &media, name, renditions);
    assert_int_equal(closed, scene.clip.shots[0].recording->index->closed);
    make_all(&scene, renditions, WAY_RUN, &run);
    make_all(&scene, renditions, WAY_ALONE, &alone);
    make_all(&scene, renditions, WAY_BACKWARDS, &backwards);
    expect_same(&run, &alone);
    expect_same(&run, &backwards);
    /* Every tick of three renditions; every frame under a shot once, those
     * under the dissolve on both sides, the card's one. */
    assert_int_equal(3 * (40 + 38 + 5), run.pushed);
    assert_int_equal(40 + 38 + 12 + 1, run.needed);
    if (closed) {
        /* Less what is given again from memory: the card's picture. Before the
         * shots lie 3 and 6 frames of their groups. */
        assert_in_range(run.decoded, run.needed - 1, run.needed + 3 + 6);
        assert_true(alone.decoded > run.decoded + 25);
    } else {
        assert_true(run.decoded > run.needed + 25);
    }
    scene_end(&scene);
}

static void test_closed(void **state)
{
    run_ways("bf=2,g=25,keyint_min=25,sc_threshold=0,preset=veryfast,crf=10",
             "a.mp4", true);
}

static void test_closed_stream(void **state)
{
    run_ways("bf=3,g=25,keyint_min=25,sc_threshold=0,preset=veryfast,crf=10,"
             "x264-params=b-pyramid=normal",
             "a.ts", true);
}

static void test_open(void **state)
{
    run_ways("bf=2,g=25,preset=veryfast,crf=10,x264-params=open-gop=1", "a.mkv",
             false);
}

/* Frames of the source are counted once, however many renditions show them. */
static void test_needed_of_presets(void **state)
{
    struct scene scene;
    struct rendition *renditions[RENDITIONS];
    scene_begin(&scene);
    build(&scene, &camera, "a.mp4", renditions);
    int64_t decoded = 0;
    for (int count = 1; count <= RENDITIONS; count++) {
        struct render_target targets[RENDITIONS];
        static const char *const names[] = {"0.chunk", "1.chunk", "2.chunk"};
        for (int t = 0; t < count; t++)
            targets[t] = (struct render_target){
                renditions[t], {0}, scene_path(&scene, names[t])};
        fresh_kit(&scene);
        assert_int_equal(0, render_span(&scene.log, scene.kit, &scene.clip, 0,
                                        targets, (size_t)count, &scene.stats));
        assert_int_equal(15, scene.stats.frames_needed);
        assert_int_equal(15 * count, scene.stats.frames_pushed);
        if (count > 1)
            assert_int_equal(decoded, scene.stats.frames_decoded);
        decoded = scene.stats.frames_decoded;
    }
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closed),
        cmocka_unit_test(test_closed_stream),
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_needed_of_presets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
