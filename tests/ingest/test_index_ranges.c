/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An index of parts of a recording, held against the one of the whole: the
 * same pictures at the same times, decoded from the same packets. */
#include "ingest/index_rig.h"

/* ---- each container ------------------------------------------------------ */

static void test_containers(void **state)
{
    static const struct {
        const char *name, *container, *video, *mux;
    } cases[] = {
        {"a.mp4", "mp4", "libx264", NULL},
        {"a.mov", "mov", "libx264", NULL},
        {"f.mp4", "mp4", "libx264", "movflags=frag_keyframe+empty_moov"},
        {"s.mp4", "mp4", "libx264",
         "movflags=frag_keyframe+empty_moov+default_base_moof+global_sidx"},
        {"a.mkv", "matroska", "libx264", NULL},
        {"a.ts", "mpegts", "libx264", NULL},
        {"m.ts", "mpegts", "mpeg2video", NULL},
        {"h.mkv", "matroska", "libx265", NULL},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int bframes = 0; bframes < 3; bframes += 2) {
            const struct make_media media = {
                .container = cases[i].container,
                .video = cases[i].video,
                .frames = 1500,
                .bframes = bframes,
                /* Priming of sound would make the first picture longer. */
                .sound = i == 3 ? NULL : "aac",
                .seconds = 60,
                .options = strcmp(cases[i].video, "libx264") == 0
                               ? "preset=ultrafast"
                               : "sc_threshold=1000000000",
                .mux_options = cases[i].mux};
            if (!avcodec_find_encoder_by_name(media.video))
                continue;
            char *path = make_path(rig->folder, cases[i].name);
            unlink(path);
            free(path);
            print_message("%s, %d B\n", cases[i].name, bframes);
            rig_index(rig, cases[i].name, &media);
            expect_same(rig, true);
        }
    }
}

static void test_mxf(void **state)
{
    struct rig *rig = *state;
    const struct make_media media = {.container = "mxf",
                                     .video = "mpeg2video",
                                     .width = 720,
                                     .height = 576,
                                     .frames = 1500,
                                     .bframes = 2,
                                     .sound = "pcm_s16le",
                                     .seconds = 60,
                                     .options = "sc_threshold=1000000000"};
    rig_index(rig, "a.mxf", &media);
    expect_same(rig, true);
}

/* ---- clocks and groups that are not plain -------------------------------- */

static const struct make_media usual = {.video = "libx264",
                                        .frames = 1500,
                                        .bframes = 2,
                                        .sound = "aac",
                                        .seconds = 60,
                                        .options = "preset=ultrafast"};

static void expect_like_usual(struct rig *rig, const char *name,
                              const char *container, int64_t shift, int late,
                              const char *mux_options)
{
    struct make_media media = usual;
    media.container = container;
    media.shift = shift;
    media.late = late;
    media.mux_options = mux_options;
    rig_index(rig, name, &media);
    expect_same(rig, true);
}

/* What an edit list hides, and a begin before zero. */
static void test_shifted(void **state)
{
    expect_like_usual(*state, "hidden.mp4", "mp4", -10, 0,
                      "avoid_negative_ts=disabled:use_editlist=1");
    expect_like_usual(*state, "late.mp4", "mp4", 30, 0, NULL);
    expect_like_usual(*state, "late.mkv", "matroska", 7, 0, NULL);
    expect_like_usual(*state, "late.ts", "mpegts", -20, 3600, NULL);
}

/* The clock of an MPEG-TS has 33 bits, about 26.5 hours. */
static void test_wrap(void **state)
{
    expect_like_usual(*state, "wrap.ts", "mpegts", 0, 95443 - 35, NULL);
}

static void test_ntsc(void **state)
{
    static const char *const containers[] = {"mp4", "matroska", "mpegts"};
    for (size_t i = 0; i < 3; i++) {
        struct make_media media = usual;
        char name[16];
        snprintf(name, sizeof(name), "n%zu", i);
        media.container = containers[i];
        media.rate = (AVRational){60000, 1001};
        media.frames = 3597;
        rig_index(*state, name, &media);
        expect_same(*state, true);
    }
}

static void test_open_groups(void **state)
{
    static const char *const containers[] = {"mp4", "matroska", "mpegts"};
    for (size_t i = 0; i < 3; i++) {
        struct make_media media = usual;
        char name[16];
        snprintf(name, sizeof(name), "o%zu", i);
        media.container = containers[i];
        media.options = "preset=ultrafast:flags=-cgop:x264-params=open-gop=1";
        rig_index(*state, name, &media);
        expect_same(*state, true);
    }
}

static void test_interlaced(void **state)
{
    struct make_media media = usual;
    media.container = "mpegts";
    media.interlaced = true;
    media.height = 64;
    media.options = "preset=ultrafast:x264-params=tff=1";
    rig_index(*state, "i.ts", &media);
    expect_same(*state, true);
    media.video = "mpeg2video";
    media.options = "sc_threshold=1000000000";
    rig_index(*state, "j.ts", &media);
    expect_same(*state, true);
}

/* A variable rate is known from a table when pictures are not reordered or most
 * follow by the same step, else the whole is read. */
static void test_variable(void **state)
{
    int64_t stamps[1500];
    struct make_media media = usual;
    for (int k = 0, at = 0; k < 1500; k++) {
        stamps[k] = at;
        at += k % 7 == 6 ? 50 : k % 11 == 3 ? 33 : 40;
    }
    media.time_base = (AVRational){1, 1000};
    media.stamps = stamps;
    media.container = "mp4";
    media.bframes = 0;
    rig_index(*state, "v.mp4", &media);
    assert_false(((struct rig *)*state)->part->constant_rate);
    expect_same(*state, true);
    media.bframes = 2;
    rig_index(*state, "w.mp4", &media);
    assert_false(((struct rig *)*state)->part->constant_rate);
    expect_same(*state, true);
    media.options = "preset=ultrafast:flags=-cgop:x264-params=open-gop=1";
    rig_index(*state, "o.mp4", &media);
    expect_same(*state, true);
    media.options = usual.options;
    for (int k = 0, at = 0; k < 1500; k++) {
        stamps[k] = at;
        at += k % 2 ? 41 : 40 + k % 3 - 1;
    }
    rig_index(*state, "x.mp4", &media);
    expect_same(*state, false);
    media.container = "matroska";
    rig_index(*state, "v.mkv", &media);
    expect_same(*state, false);
}

/* A copy that ends among reordered pictures decodes at a constant rate, and
 * doesn't show at one. */
static void test_torn_end(void **state)
{
    struct rig *rig = *state;
    struct make_media media = usual;
    media.container = "mp4";
    media.bframes = 3;
    media.frames = 1510;
    for (media.cut = 1498; media.cut < 1502; media.cut++) {
        char name[24];
        snprintf(name, sizeof(name), "t%d.mp4", media.cut);
        rig_index(rig, name, &media);
        expect_same(rig, true);
        if (!rig->whole->constant_rate)
            return;
    }
    fail_msg("no copy ends among reordered pictures");
}

/* Frames lost in the middle of a constant rate: the others keep their times,
 * whether or not the hole is met. */
static void test_hole(void **state)
{
    struct rig *rig = *state;
    for (int64_t from = 550; from < 800; from += 50) {
        int64_t stamps[1450];
        char name[16];
        struct make_media media = usual;
        for (int k = 0; k < 1450; k++)
            stamps[k] = k < from ? k : k + 50;
        snprintf(name, sizeof(name), "h%d.ts", (int)from);
        media.container = "mpegts";
        media.stamps = stamps;
        media.frames = 1450;
        rig_index(rig, name, &media);
        assert_int_equal(rig->part->end_flicks, rig->whole->end_flicks);
        for (size_t i = 0; i < INSIDE; i++)
            expect_range(rig, wanted[i], false);
    }
}

static void test_two_in_one(void **state)
{
    struct rig *rig = *state;
    struct make_media media = usual;
    media.container = "mpegts";
    char *first = make_path(rig->folder, "x.ts");
    char *second = make_path(rig->folder, "y.ts");
    make_media(first, &media);
    media.frames = 3000;
    media.seconds = 120;
    make_media(second, &media);
    FILE *from = fopen(second, "rb"), *to = fopen(first, "ab");
    assert_true(from && to);
    for (int c = fgetc(from); c != EOF; c = fgetc(from))
        fputc(c, to);
    assert_int_equal(fclose(from), 0);
    assert_int_equal(fclose(to), 0);
    rig_index(rig, "x.ts", &media);
    assert_int_equal(rig->whole->trouble, TROUBLE_JUMP);
    assert_int_equal(rig->whole->frame_count, 1500);
    expect_same(rig, false);
    free(first);
    free(second);
}

/* ---- damaged stamps ------------------------------------------------------ */

/* Flips a high bit, worth 6.6 hours, in the stamps of PES packets `first` to
 * `end` of the pictures; `both` or the presentation time alone. */
static void damage_stamps(const char *path, int first, int end, bool both)
{
    FILE *file = fopen(path, "r+b");
    uint8_t packet[188];
    int pes = -1;
    for (long at = 0; fread(packet, 1, 188, file) == 188; at += 188) {
        const int pid = (packet[1] & 0x1f) << 8 | packet[2];
        const int skip = 4 + (packet[3] & 0x20 ? 1 + packet[4] : 0);
        if (pid != 0x100 || !(packet[1] & 0x40) || ++pes < first || pes >= end)
            continue;
        uint8_t *stamps = packet + skip + 9;
        const bool two = (packet[skip + 7] & 0xc0) == 0xc0;
        stamps[0] ^= 0x04;
        if (two && both)
            stamps[5] ^= 0x04;
        fseek(file, at, SEEK_SET);
        assert_int_equal(fwrite(packet, 1, 188, file), 188);
        fseek(file, at + 188, SEEK_SET);
    }
    assert_true(pes >= end - 1);
    assert_int_equal(fclose(file), 0);
}

/* Ahead or behind, one or some: the clock goes on as if nothing were. */
static void test_damaged_stamps(void **state)
{
    static const struct {
        int late, first, count;
        bool both;
    } cases[] = {
        {0, 700, 1, true},      {0, 700, 1, false},     {24000, 700, 1, true},
        {24000, 700, 1, false}, {0, 412, 5, true},      {24000, 412, 5, true},
        {0, 1499, 1, true},     {24000, 1498, 1, true},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct make_media media = usual;
        char name[16];
        media.container = "mpegts";
        media.late = cases[i].late;
        snprintf(name, sizeof(name), "g%zu.ts", i);
        rig_index(rig, name, &media);
        const struct index *good = rig->whole;
        char *path = make_path(rig->folder, name);
        damage_stamps(path, cases[i].first, cases[i].first + cases[i].count,
                      cases[i].both);
        free(path);
        print_message("case %zu\n", i);
        rig_index(rig, name, &media);
        assert_int_equal(rig->whole->trouble, TROUBLE_NONE);
        assert_in_range(rig->whole->frame_count, good->frame_count - 1,
                        good->frame_count);
        assert_in_range(rig->whole->end_flicks, good->end_flicks - MS(50),
                        good->end_flicks + MS(50));
        for (size_t k = 0; k < INSIDE; k++)
            expect_range(rig, wanted[k], false);
    }
}

/* ---- the memo ------------------------------------------------------------ */

static void test_memo_of_parts(void **state)
{
    struct rig *rig = *state;
    const struct file_stamp stamp = {1, 2, 3, 4, 5};
    struct make_media media = usual;
    struct index *again = NULL;
    media.container = "matroska";
    rig_index(rig, "a.mkv", &media);
    char *memo = make_path(rig->folder, "a.index");
    rig->part->trouble = TROUBLE_READ;
    rig->part->trouble_code = AVERROR(EIO);
    assert_int_equal(index_save(NULL, memo, &stamp, rig->part), 0);
    assert_int_equal(index_load(NULL, memo, &stamp, rig->arena, &again), 0);
    assert_int_equal(again->trouble, TROUBLE_READ);
    assert_int_equal(again->trouble_code, AVERROR(EIO));
    const struct index_wish same = {.ranges = wanted, .count = WANTED};
    const struct index_wish fewer = {.ranges = wanted, .count = WANTED - 1};
    const struct index_wish all = {.whole = true};
    assert_true(index_answers(again, &same));
    assert_false(index_answers(again, &fewer));
    assert_false(index_answers(again, &all));
    assert_true(index_answers(rig->whole, &fewer));
    rig->part = again;
    expect_same(rig, true);
    free(memo);
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, rig_open, rig_close)
    const struct CMUnitTest tests[] = {
        TEST(test_containers),    TEST(test_mxf),
        TEST(test_shifted),       TEST(test_wrap),
        TEST(test_ntsc),          TEST(test_open_groups),
        TEST(test_interlaced),    TEST(test_variable),
        TEST(test_torn_end),      TEST(test_hole),
        TEST(test_two_in_one),    TEST(test_damaged_stamps),
        TEST(test_memo_of_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
