/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wherever reading begins, and whatever it leaves out on the way, the same
 * pictures come, to the last sample. */
#include "scene.h"

#include "base/digest.h"
#include "render/reader.h"

#define MOST 1100

struct sums {
    char of[MOST][DIGEST_TEXT];
};

static void frame_sum(const AVFrame *frame, char out[DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    for (int p = 0; p < 3; p++) {
        int width = p ? (frame->width + 1) / 2 : frame->width;
        int height = p ? (frame->height + 1) / 2 : frame->height;
        for (int y = 0; y < height; y++)
            digest_add(digest,
                       frame->data[p] + (ptrdiff_t)y * frame->linesize[p],
                       (size_t)width);
    }
    digest_finish_text(digest, out);
    digest_destroy(&digest);
}

/* Reads [first, end) and puts the sums where `at` says; how many were decoded.
 */
static int64_t read_sums(struct scene *scene, struct picture_reader *reader,
                         size_t first, size_t end, char (*out)[DIGEST_TEXT])
{
    int64_t before = picture_reader_decoded(reader);
    assert_int_equal(picture_reader_seek(reader, &scene->log, first, end), 0);
    for (size_t k = first; k < end; k++) {
        AVFrame *frame = NULL;
        assert_int_equal(picture_reader_next(reader, &scene->log, &frame), 0);
        assert_int_equal(frame->pts, k);
        frame_sum(frame, out[k - first]);
        av_frame_free(&frame);
    }
    return picture_reader_decoded(reader) - before;
}

/* From each of these frames on a few, by a reader of their own. True if fewer
 * were decoded on the way than there are. */
static bool expect_entries(struct scene *scene,
                           const struct recording *recording,
                           const struct sums *all)
{
    static const size_t firsts[] = {1, 11, 24, 26, 47, 49, 63, 74, 98, 101};
    bool skipped = false;
    for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
        struct picture_reader *reader = NULL;
        char some[5][DIGEST_TEXT];
        const size_t first = firsts[i];
        assert_int_equal(picture_reader_create(&scene->log, recording, &reader),
                         0);
        int64_t decoded = read_sums(scene, reader, first, first + 5, some);
        for (size_t k = 0; k < 5; k++)
            assert_string_equal(some[k], all->of[first + k]);
        const struct index *index = recording->index;
        const uint32_t entry = (uint32_t)index_entry_packet(index, first);
        skipped |= decoded < (int64_t)(index->frames[first].packet - entry);
        picture_reader_destroy(&reader);
    }
    return skipped;
}

static void run(const char *name, const struct media *media, bool skips)
{
    struct scene scene;
    struct picture_reader *reader = NULL;
    struct sums *all = calloc(1, sizeof(*all));
    scene_begin(&scene);
    struct recording *recording = scene_recording(&scene, name, media);
    const size_t count = recording->index->frame_count;
    assert_int_equal(count, media->count);
    assert_int_equal(picture_reader_create(&scene.log, recording, &reader), 0);
    assert_in_range(read_sums(&scene, reader, 0, count, all->of), count, count);
    picture_reader_destroy(&reader);
    if (expect_entries(&scene, recording, all) != skips)
        fail_msg("%s leaves out %s", name, skips ? "none" : "some");
    scene_end(&scene);
    free(all);
}

/* Grain, or a wrong reference would look the same. */
static struct media grainy(const char *codec, const char *options)
{
    struct media media = camera;
    media.codec = codec;
    media.options = options;
    media.grain = true;
    return media;
}

static void test_leaves_out(void **state)
{
    struct media media =
        grainy("libx264", "bf=3,b_strategy=0,g=25,preset=veryfast,crf=20");
    run("a.mp4", &media, true);
    run("a.ts", &media, true);
    media.options = "bf=3,b_strategy=0,g=25,preset=veryfast,crf=20,"
                    "x264-params=open-gop=1";
    run("b.mkv", &media, true);
    run("b.ts", &media, true);
    media.options = "bf=3,b_strategy=0,g=25,preset=veryfast,crf=20,"
                    "x264-params=b-pyramid=strict";
    run("c.mp4", &media, true);
    media = grainy("mpeg2video", "bf=2,g=12,b=3000000");
    run("d.ts", &media, true);
    media.options = "bf=2,g=12,b=3000000,flags=+cgop,sc_threshold=1000000000";
    run("e.ts", &media, true);
    media = grainy("libx265", "g=25,preset=veryfast,crf=24,"
                              "x265-params=bframes=3:b-adapt=0:log-level=none");
    if (avcodec_find_encoder_by_name("libx265"))
        run("f.mkv", &media, true);
    if (avcodec_find_encoder_by_name("libx265"))
        run("f.ts", &media, true);
}

/* A second field may be the reference: then nothing is left out. */
static void test_fields(void **state)
{
    struct media media =
        grainy("libx264", "bf=2,g=25,preset=veryfast,crf=20,x264-params=tff=1");
    media.interlaced = true;
    run("a.ts", &media, false);
    media = grainy("mpeg2video", "bf=2,g=12,b=3000000");
    media.interlaced = true;
    run("b.ts", &media, false);
}

/* Parts of a recording are read as the whole is, and the way from one to the
 * next is not decoded. */
static void test_parts(void **state)
{
    static const char *const names[] = {"a.mp4", "a.mkv", "a.ts"};
    const int64_t second = FLICKS_PER_SECOND;
    const struct index_range ranges[] = {{5 * second, 6 * second},
                                         {30 * second, 31 * second}};
    const struct index_wish wish = {.ranges = ranges, .count = 2};
    struct media media = grainy("libx264", "bf=3,g=25,preset=ultrafast,crf=20");
    media.count = 1000;
    for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
        struct scene scene;
        struct picture_reader *reader = NULL;
        struct index *part = NULL;
        struct sums *all = calloc(1, sizeof(*all));
        char some[25][DIGEST_TEXT];
        scene_begin(&scene);
        struct recording *recording = scene_recording(&scene, names[n], &media);
        assert_int_equal(picture_reader_create(&scene.log, recording, &reader),
                         0);
        read_sums(&scene, reader, 0, 1000, all->of);
        picture_reader_destroy(&reader);
        assert_int_equal(index_build_ranges(&scene.log, recording->path, 0, -1,
                                            &wish, scene.arena, &part),
                         0);
        assert_true(part->partial);
        recording->index = part;
        assert_int_equal(picture_reader_create(&scene.log, recording, &reader),
                         0);
        for (size_t r = 0; r < 2; r++) {
            const size_t first = index_nearest(part, ranges[r].from_flicks);
            const int64_t number = index_number(part, first);
            assert_int_equal(number, r ? 750 : 125);
            assert_in_range(read_sums(&scene, reader, first, first + 25, some),
                            25, 60);
            for (size_t k = 0; k < 25; k++)
                assert_string_equal(some[k], all->of[(size_t)number + k]);
        }
        picture_reader_destroy(&reader);
        scene_end(&scene);
        free(all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leaves_out),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
