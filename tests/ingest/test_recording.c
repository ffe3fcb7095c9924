/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Probing and adopting recordings made here: facts, troubles in words, and
 * answers that nobody should believe. With REELPRESS_CORPUS set, every file of
 * that folder must give an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <sys/stat.h>
#include <utime.h>
#include "base/clock.h"
#include "base/files.h"
#include "ingest/make_media.h"
#include "ingest/recording.h"
#include "ingest/recording_facts.h"

struct rig {
    char *folder;
    char *memo;
    struct arena *arena;
};

static int rig_open(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    rig->folder = make_folder();
    rig->memo = make_path(rig->folder, "memo");
    rig->arena = arena_create();
    *state = rig;
    return 0;
}

static int rig_close(void **state)
{
    struct rig *rig = *state;
    files_remove_tree(NULL, rig->folder);
    arena_destroy(&rig->arena);
    free(rig->memo);
    free(rig->folder);
    free(rig);
    return 0;
}

static struct recording rig_adopt(struct rig *rig, const char *name)
{
    struct recording recording = {0};
    char *path = make_path(rig->folder, name);
    recording.path = arena_strdup(rig->arena, path);
    json_t *facts = recording_probe(NULL, path, rig->memo, NULL);
    assert_non_null(facts);
    assert_int_equal(
        recording_adopt(NULL, &recording, facts, rig->memo, rig->arena), 0);
    json_decref(facts);
    free(path);
    return recording;
}

static struct recording rig_make(struct rig *rig, const char *name,
                                 const struct make_media *media)
{
    char *path = make_path(rig->folder, name);
    make_media(path, media);
    free(path);
    return rig_adopt(rig, name);
}

static void expect_trouble(struct rig *rig, const char *name, const char *word)
{
    const struct recording recording = rig_adopt(rig, name);
    assert_false(recording.usable);
    assert_true(recording.trouble_code < 0);
    if (!strstr(recording.trouble, word))
        fail_msg("%s: \"%s\" lacks \"%s\"", name, recording.trouble, word);
    assert_true(strchr(recording.trouble, ';') ||
                strchr(recording.trouble, ':'));
}

static void test_camera(void **state)
{
    static const int32_t right[9] = {0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30};
    const struct make_media media = {.container = "mov",
                                     .video = "libx264",
                                     .frames = 50,
                                     .bframes = 2,
                                     .matrix = right,
                                     .timecode = "10:00:00:05",
                                     .sound = "aac"};
    const struct recording r = rig_make(*state, "c.mov", &media);
    int width, height;
    assert_true(r.usable);
    assert_null(r.trouble);
    assert_string_equal(r.picture.codec, "h264");
    assert_int_equal(strlen(r.picture.setup), 64);
    assert_int_equal(r.picture.width, 64);
    assert_int_equal(r.picture.height, 48);
    assert_int_equal(r.picture.orientation, ORIENTATION_QUARTER_RIGHT);
    assert_int_equal(r.picture.fields, FIELDS_PROGRESSIVE);
    assert_int_equal(r.picture.format, AV_PIX_FMT_YUV420P);
    assert_true(r.picture.guessed);
    assert_int_equal(r.picture.matrix, AVCOL_SPC_SMPTE170M);
    assert_int_equal(r.picture.range, AVCOL_RANGE_MPEG);
    assert_false(r.picture.hdr);
    recording_viewed_size(&r.picture, &width, &height);
    assert_int_equal(width, 48);
    assert_int_equal(height, 64);
    assert_int_equal(recording_rate(&r).num, 25);
    assert_int_equal(r.index->frame_count, 50);
    assert_string_equal(r.sound.codec, "aac");
    assert_int_equal(strlen(r.sound.setup), 64);
    assert_string_not_equal(r.sound.setup, r.picture.setup);
    assert_int_equal(r.sound.channels, 1);
    assert_int_equal(r.sound.sample_rate, 48000);
    assert_int_equal(r.sound.first_flicks, 0); /* priming left out */
    assert_int_equal(strlen(r.sound.digest), 64);
    assert_true(r.end_flicks >= 2 * FLICKS_PER_SECOND);
    assert_true(r.has_timecode);
    assert_false(r.timecode_drop);
    assert_int_equal(r.timecode_frames, 10 * 3600 * 25 + 5);
    assert_null(r.cues);
}

static void test_interlaced(void **state)
{
    const struct make_media media = {.container = "mpegts",
                                     .video = "mpeg2video",
                                     .width = 720,
                                     .height = 576,
                                     .frames = 30,
                                     .interlaced = true};
    const struct recording r = rig_make(*state, "i.ts", &media);
    assert_true(r.usable);
    assert_int_equal(r.picture.fields, FIELDS_TOP_FIRST);
    assert_int_equal(r.picture.matrix, AVCOL_SPC_BT470BG);
    assert_int_equal(r.sound.stream, -1);
}

static void test_sound_only(void **state)
{
    const struct make_media media = {
        .container = "wav", .sound = "pcm_s16le", .seconds = 3};
    const struct recording r = rig_make(*state, "s.wav", &media);
    assert_true(r.usable);
    assert_null(r.index);
    assert_int_equal(r.picture.stream, -1);
    assert_int_equal(r.sound.stream, 0);
    assert_int_equal(r.end_flicks, 3 * FLICKS_PER_SECOND);
    assert_int_equal(recording_rate(&r).num, 0);
}

static void test_text_track(void **state)
{
    const struct make_media media = {.container = "matroska",
                                     .video = "libx264",
                                     .subtitle = "<i>同志们</i>，\n大家好"};
    const struct recording r = rig_make(*state, "t.mkv", &media);
    assert_true(r.usable);
    assert_non_null(r.cues);
    assert_int_equal(r.cues->count, 1);
    assert_string_equal(r.cues->list[0].text, "同志们，\n大家好");
    assert_int_equal(r.cues->list[0].start_flicks, FLICKS_PER_SECOND / 2);
    assert_int_equal(r.cues->list[0].end_flicks, FLICKS_PER_SECOND * 3 / 2);
}

/* An ASS track is kept as the file that was put into it. */
static void test_styled_track(void **state)
{
    const struct make_media media = {
        .container = "matroska",
        .video = "libx264",
        .styles = "[Script Info]\r\nPlayResX: 640\r\nPlayResY: 360\r\n\r\n"
                  "[V4+ Styles]\r\nFormat: Name, Fontname, Fontsize\r\n"
                  "Style: Default,某体,30\r\n",
        .subtitle = "0,3,Default,,0,0,0,,{\\pos(10,20)\\c&HFF&}红字, 两个",
    };
    const struct recording r = rig_make(*state, "a.mkv", &media);
    assert_non_null(r.cues);
    assert_string_equal(r.cues->list[0].text, "红字, 两个");
    assert_non_null(r.cues->ass_script);
    assert_non_null(strstr(r.cues->ass_script, "Style: Default,某体,30\r\n"));
    assert_non_null(strstr(r.cues->ass_script,
                           "Dialogue: 3,0:00:00.500,0:00:01.500,Default,,0,0,0,"
                           ",{\\pos(10,20)\\c&HFF&}红字, 两个\n"));
}

static void test_troubles(void **state)
{
    struct rig *rig = *state;
    const struct make_media media = {.container = "mp4", .video = "libx264"};
    char *whole = make_path(rig->folder, "w.mp4");
    char *part = make_path(rig->folder, "open.mp4");
    char *empty = make_path(rig->folder, "empty.mp4");
    char *text = make_path(rig->folder, "text.mp4");
    make_media(whole, &media);
    make_part(whole, part, 0, 600);
    make_part(whole, empty, 0, 0);
    static const char cue[] = "1\n00:00:01,000 --> 00:00:02,000\nwords\n\n";
    assert_int_equal(files_write(NULL, text, cue, sizeof(cue) - 1), 0);
    expect_trouble(rig, "open.mp4", "closed properly");
    expect_trouble(rig, "empty.mp4", "0 bytes");
    expect_trouble(rig, "text.mp4", "another kind of file");
    expect_trouble(rig, "none.mp4", "not there");
    free(whole);
    free(part);
    free(empty);
    free(text);
}

/* Without one packet: a header and nothing else. */
static void test_header_only(void **state)
{
    struct rig *rig = *state;
    char *path = make_path(rig->folder, "h.mp4");
    AVFormatContext *f = NULL;
    av_log_set_level(AV_LOG_QUIET);
    avformat_alloc_output_context2(&f, NULL, "mp4", path);
    AVStream *s = avformat_new_stream(f, NULL);
    s->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    s->codecpar->codec_id = AV_CODEC_ID_MPEG4;
    s->codecpar->width = 64;
    s->codecpar->height = 48;
    s->time_base = (AVRational){1, 25};
    assert_true(avio_open(&f->pb, path, AVIO_FLAG_WRITE) >= 0);
    assert_true(avformat_write_header(f, NULL) >= 0);
    av_write_trailer(f);
    avio_closep(&f->pb);
    avformat_free_context(f);
    expect_trouble(rig, "h.mp4", "only a header");
    free(path);
}

static void test_memo_is_used(void **state)
{
    struct rig *rig = *state;
    const struct make_media media = {.container = "mp4", .video = "libx264"};
    struct file_stamp first, second;
    char *path = make_path(rig->folder, "m.mp4");
    make_media(path, &media);
    assert_true(rig_adopt(rig, "m.mp4").usable);
    files_stamp(rig->memo, &first);
    /* Just made: not trusted, and so made again. The new file is written beside
     * the old one and renamed over it, so that its inode is another; times may
     * be equal, since a file system's clock can be as coarse as 10 ms. */
    assert_true(rig_adopt(rig, "m.mp4").usable);
    files_stamp(rig->memo, &second);
    assert_true(first.inode != second.inode);
    const struct utimbuf old = {1000000, 1000000};
    utime(path, &old);
    assert_true(rig_adopt(rig, "m.mp4").usable);
    files_stamp(rig->memo, &first);
    assert_true(rig_adopt(rig, "m.mp4").usable);
    files_stamp(rig->memo, &second);
    assert_true(first.inode == second.inode);
    free(path);
}

static void test_disbelieves(void **state)
{
    static const char *const answers[] = {
        "null",
        "[]",
        "{}",
        "{\"ok\":true}",
        "{\"ok\":true,\"container\":\"mov\",\"end\":1}",
        "{\"ok\":true,\"container\":\"mov\",\"end\":1,\"picture\":{}}",
        "{\"ok\":true,\"container\":\"mov\",\"end\":1,\"sound\":{\"stream\":0,"
        "\"codec\":\"aac\",\"channels\":-1,\"sample_rate\":0,\"first\":0,"
        "\"end\":1,\"digest\":\"\"}}",
        "{\"ok\":true,\"container\":5,\"end\":\"x\",\"sound\":7}",
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        struct recording recording = {.path = "nowhere"};
        json_t *facts = json_loads(answers[i], JSON_DECODE_ANY, NULL);
        assert_int_equal(
            recording_adopt(NULL, &recording, facts, rig->memo, rig->arena), 0);
        assert_false(recording.usable);
        assert_non_null(recording.trouble);
        json_decref(facts);
    }
}

/* ---- tables -------------------------------------------------------------- */

static void test_orientation(void **state)
{
    static const struct {
        int a, b, c, d, orientation;
    } rows[] = {
        {1, 0, 0, 1, ORIENTATION_NORMAL},
        {-1, 0, 0, 1, ORIENTATION_MIRROR},
        {-1, 0, 0, -1, ORIENTATION_HALF_TURN},
        {1, 0, 0, -1, ORIENTATION_FLIP},
        {0, 1, 1, 0, ORIENTATION_TRANSPOSE},
        {0, 1, -1, 0, ORIENTATION_QUARTER_RIGHT},
        {0, -1, -1, 0, ORIENTATION_TRANSVERSE},
        {0, -1, 1, 0, ORIENTATION_QUARTER_LEFT},
        {0, 0, 0, 0, ORIENTATION_NORMAL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const int32_t matrix[9] = {rows[i].a * 65536,
                                   rows[i].b * 65536,
                                   0,
                                   rows[i].c * 65536,
                                   rows[i].d * 65536,
                                   0,
                                   0,
                                   0,
                                   1 << 30};
        assert_int_equal(recording_orientation(matrix), rows[i].orientation);
    }
}

static void test_viewed_size(void **state)
{
    static const struct {
        int width, height;
        AVRational sar;
        int orientation, viewed_width, viewed_height;
    } rows[] = {
        {1920, 1080, {1, 1}, ORIENTATION_NORMAL, 1920, 1080},
        {1920, 1080, {1, 1}, ORIENTATION_QUARTER_RIGHT, 1080, 1920},
        {1920, 1080, {1, 1}, ORIENTATION_HALF_TURN, 1920, 1080},
        {1440, 1080, {4, 3}, ORIENTATION_NORMAL, 1920, 1080},
        {720, 576, {16, 15}, ORIENTATION_NORMAL, 768, 576},
        {720, 576, {64, 45}, ORIENTATION_QUARTER_LEFT, 576, 1024},
        {853, 480, {1, 1}, ORIENTATION_NORMAL, 853, 480},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct picture_stream picture = {.width = rows[i].width,
                                               .height = rows[i].height,
                                               .sar = rows[i].sar,
                                               .orientation =
                                                   rows[i].orientation};
        int width, height;
        recording_viewed_size(&picture, &width, &height);
        assert_int_equal(width, rows[i].viewed_width);
        assert_int_equal(height, rows[i].viewed_height);
    }
}

static void test_timecode_text(void **state)
{
    static const struct {
        const char *text;
        int nominal;
        bool good, drop;
        int64_t frames;
    } rows[] = {
        {"00:00:00:00", 25, true, false, 0},
        {"01:02:03:12", 25, true, false, 3723 * 25 + 12},
        {"00:01:00;02", 30, true, true, 1800},
        {"00:10:00;00", 30, true, true, 17982},
        {"00:01:00;04", 60, true, true, 3600},
        {"01:00:00;00", 30, true, true, 107892},
        {"00:00:00;10", 25, true, false, 10},
        {"00:00:00:25", 25, false, false, 0},
        {"24:00:00:00", 25, false, false, 0},
        {"00:60:00:00", 25, false, false, 0},
        {"00:00:00", 25, false, false, 0},
        {"", 25, false, false, 0},
        {"-1:00:00:00", 25, false, false, 0},
        {"00:00:00:00", 0, false, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool drop = false;
        int64_t frames = 0;
        const bool good = recording_parse_timecode(
            rows[i].text, rows[i].nominal, &drop, &frames);
        assert_int_equal(good, rows[i].good);
        if (!good)
            continue;
        assert_int_equal(drop, rows[i].drop);
        assert_int_equal(frames, rows[i].frames);
    }
}

static void test_colour(void **state)
{
    static const struct {
        int width, height;
        enum AVPixelFormat format;
        int matrix, primaries, transfer, range;
        int to_matrix, to_primaries, to_transfer, to_range;
        bool guessed, hdr;
    } rows[] = {
        {1920, 1080, AV_PIX_FMT_YUV420P, 2, 2, 2, 0, 1, 1, 1, 1, true, false},
        {1280, 544, AV_PIX_FMT_YUV420P, 2, 2, 2, 0, 1, 1, 1, 1, true, false},
        {720, 576, AV_PIX_FMT_YUV420P, 2, 2, 2, 0, 5, 5, 1, 1, true, false},
        {720, 480, AV_PIX_FMT_YUV420P, 2, 2, 2, 0, 6, 6, 1, 1, true, false},
        {640, 480, AV_PIX_FMT_YUVJ420P, 2, 2, 2, 0, 6, 6, 1, 2, true, false},
        {1920, 1080, AV_PIX_FMT_YUV420P, 1, 1, 1, 1, 1, 1, 1, 1, false, false},
        {1920, 1080, AV_PIX_FMT_YUV420P, 6, 6, 6, 2, 6, 6, 6, 2, false, false},
        {1920, 1080, AV_PIX_FMT_YUV420P10, 2, 2, 18, 0, 9, 9, 18, 1, true,
         true},
        {3840, 2160, AV_PIX_FMT_YUV420P10, 9, 9, 16, 1, 9, 9, 16, 1, false,
         true},
        {1920, 1080, AV_PIX_FMT_YUV420P, 0, 0, 3, 0, 1, 1, 1, 1, true, false},
        {1920, 1080, AV_PIX_FMT_GBRP, 2, 1, 13, 0, 0, 1, 13, 2, false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct picture_stream p = {.width = rows[i].width,
                                   .height = rows[i].height,
                                   .format = rows[i].format,
                                   .matrix = rows[i].matrix,
                                   .primaries = rows[i].primaries,
                                   .transfer = rows[i].transfer,
                                   .range = rows[i].range};
        recording_guess_colour(&p);
        assert_int_equal(p.matrix, rows[i].to_matrix);
        assert_int_equal(p.primaries, rows[i].to_primaries);
        assert_int_equal(p.transfer, rows[i].to_transfer);
        assert_int_equal(p.range, rows[i].to_range);
        assert_int_equal(p.guessed, rows[i].guessed);
        assert_int_equal(p.hdr, rows[i].hdr);
        assert_int_equal(p.chroma, AVCHROMA_LOC_LEFT);
    }
}

/* ---- the corpus, where there is one -------------------------------------- */

static void test_corpus(void **state)
{
    struct rig *rig = *state;
    const char *corpus = getenv("REELPRESS_CORPUS");
    static const char *const parts[] = {"camera", "phone", "people", "timing"};
    if (!corpus)
        skip();
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        char *folder = make_path(corpus, parts[i]);
        char **names = NULL;
        size_t count = 0;
        assert_true(files_list(NULL, folder, rig->arena, &names, &count) >= 0);
        for (size_t k = 0; k < count; k++) {
            char *path = make_path(folder, names[k]);
            json_t *facts = recording_probe(NULL, path, rig->memo, NULL);
            assert_non_null(facts);
            if (!json_is_true(json_object_get(facts, "ok")))
                fail_msg("%s: %s", path,
                         json_string_value(json_object_get(facts, "trouble")));
            json_decref(facts);
            free(path);
        }
        free(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_camera, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_interlaced, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_sound_only, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_text_track, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_styled_track, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_troubles, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_header_only, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_memo_is_used, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_disbelieves, rig_open, rig_close),
        cmocka_unit_test(test_orientation),
        cmocka_unit_test(test_viewed_size),
        cmocka_unit_test(test_timecode_text),
        cmocka_unit_test(test_colour),
        cmocka_unit_test_setup_teardown(test_corpus, rig_open, rig_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
