/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The index of recordings made here, held against what a decoder hands out and
 * against what was asked of the encoder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <utime.h>
#include "base/clock.h"
#include "base/files.h"
#include "ingest/expect_constant.h"
#include "ingest/index.h"
#include "ingest/make_media.h"
#include "ingest/media.h"

struct rig {
    char *folder;
    struct arena *arena;
    int warnings;
    struct log log;
};

static void rig_hear(void *opaque, enum log_level level, const char *message)
{
    struct rig *rig = opaque;
    rig->warnings += level == LOG_LEVEL_WARNING && *message;
}

static int rig_open(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    rig->folder = make_folder();
    rig->arena = arena_create();
    log_init(&rig->log, LOG_LEVEL_WARNING, rig_hear, rig);
    *state = rig;
    return 0;
}

static int rig_close(void **state)
{
    struct rig *rig = *state;
    files_remove_tree(NULL, rig->folder);
    arena_destroy(&rig->arena);
    log_clear(&rig->log);
    free(rig->folder);
    free(rig);
    return 0;
}

static struct index *rig_index(struct rig *rig, const char *name,
                               const struct make_media *media)
{
    struct index *index = NULL;
    char *path = make_path(rig->folder, name);
    if (media)
        make_media(path, media);
    const int sound = media && media->sound ? 1 : -1;
    assert_int_equal(index_build(&rig->log, path, 0, sound, rig->arena, &index),
                     0);
    free(path);
    return index;
}

/* Decodes all, gives packets the index's stamps, and expects exactly the
 * index's frames; with `numbered`, that frame k looks like picture k. */
static void expect_decoded(struct rig *rig, const char *name,
                           const struct index *index, bool numbered)
{
    char *path = make_path(rig->folder, name);
    AVFormatContext *f = NULL;
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    size_t n = 0;
    size_t k = 0;
    assert_int_equal(media_open(NULL, path, &f), 0);
    const AVStream *s = f->streams[0];
    const AVCodec *codec = avcodec_find_decoder(s->codecpar->codec_id);
    AVCodecContext *c = avcodec_alloc_context3(codec);
    avcodec_parameters_to_context(c, s->codecpar);
    c->pkt_timebase = s->time_base;
    assert_true(avcodec_open2(c, codec, NULL) >= 0);
    for (bool end = false; !end;) {
        end = av_read_frame(f, packet) < 0;
        if (!end && packet->stream_index != 0) {
            av_packet_unref(packet);
            continue;
        }
        if (!end)
            packet->pts = index->packets[k++].pts;
        avcodec_send_packet(c, end ? NULL : packet);
        av_packet_unref(packet);
        while (avcodec_receive_frame(c, frame) >= 0) {
            assert_true(n < index->frame_count);
            assert_int_equal(frame->pts, index->frames[n].pts);
            if (numbered)
                assert_in_range(frame->data[0][0], make_luma((int)n) - 1,
                                make_luma((int)n) + 1);
            n++;
        }
    }
    assert_int_equal(n, index->frame_count);
    assert_int_equal(k, index->packet_count);
    av_packet_free(&packet);
    av_frame_free(&frame);
    avcodec_free_context(&c);
    avformat_close_input(&f);
    free(path);
}

static int count_entries(const struct index *index, enum index_entry entry)
{
    int count = 0;
    for (size_t i = 0; i < index->packet_count; i++)
        count += index->packets[i].entry == entry;
    return count;
}

static void test_mp4_with_bframes(void **state)
{
    const struct make_media media = {.container = "mp4",
                                     .video = "libx264",
                                     .frames = 100,
                                     .bframes = 2,
                                     .sound = "aac",
                                     .seconds = 4};
    struct index *index = rig_index(*state, "a.mp4", &media);
    expect_constant(index, 100, (AVRational){25, 1});
    assert_int_equal(index->first_flicks, 0);
    assert_int_equal(index->start_us, 0);
    assert_int_equal(count_entries(index, ENTRY_IDR), 4);
    assert_int_equal(count_entries(index, ENTRY_OPEN), 0);
    assert_true(index->closed);
    assert_int_equal(index->sound_first_flicks, 0);
    assert_in_range(index->sound_end_flicks, 4 * FLICKS_PER_SECOND,
                    4 * FLICKS_PER_SECOND + FLICKS_PER_SECOND / 40);
    const size_t entry = index_entry_packet(index, 30);
    assert_int_equal(index->packets[entry].pts, index->frames[25].pts);
    assert_int_equal(index_entry_packet(index, 24), 0);
    expect_decoded(*state, "a.mp4", index, true);
}

/* Opus is primed by less than a packet: its first packet begins before zero
 * and is heard from zero on. */
static void test_priming_within_a_packet(void **state)
{
    const struct make_media media = {
        .container = "mp4", .video = "libx264", .sound = "libopus"};
    if (!avcodec_find_encoder_by_name("libopus"))
        skip();
    struct index *index = rig_index(*state, "opus.mp4", &media);
    assert_true(index->sounds[0].pts < 0);
    assert_int_equal(index->sound_first_flicks, 0);
    assert_int_equal(index->first_flicks, 0);
}

static void test_open_gop(void **state)
{
    const struct make_media media = {.container = "mp4",
                                     .video = "libx264",
                                     .frames = 100,
                                     .bframes = 2,
                                     .options = "flags=-cgop"};
    struct index *index = rig_index(*state, "open.mp4", &media);
    assert_int_equal(index->frame_count, 100);
    assert_int_equal(count_entries(index, ENTRY_IDR), 1);
    assert_in_range(count_entries(index, ENTRY_OPEN), 2, 4);
    assert_false(index->closed);
    /* One open entry is passed over, the entry before it is taken. */
    const size_t late = index_entry_packet(index, 95);
    assert_int_equal(index->packets[late].entry, ENTRY_OPEN);
    size_t nearer = late + 1;
    while (index->packets[nearer].entry == ENTRY_NONE)
        nearer++;
    assert_true(nearer <= index->frames[95].packet);
    assert_int_equal(index_entry_packet(index, 5), 0);
    expect_decoded(*state, "open.mp4", index, true);
}

static void test_mkv_ntsc(void **state)
{
    const struct make_media media = {.container = "matroska",
                                     .video = "libx264",
                                     .rate = {30000, 1001},
                                     .frames = 200,
                                     .bframes = 2};
    struct index *index = rig_index(*state, "n.mkv", &media);
    expect_constant(index, 200, (AVRational){30000, 1001});
}

static void test_variable_rate(void **state)
{
    int64_t stamps[40];
    int64_t at = 0;
    for (int k = 0; k < 40; k++) {
        stamps[k] = at;
        at += k % 7 == 6 ? 90 : 40;
    }
    const struct make_media media = {.container = "mp4",
                                     .video = "libx264",
                                     .time_base = {1, 1000},
                                     .stamps = stamps,
                                     .frames = 40};
    struct index *index = rig_index(*state, "v.mp4", &media);
    assert_int_equal(index->frame_count, 40);
    assert_false(index->constant_rate);
    assert_int_equal(index->rate.num, 25);
    assert_int_equal(index->rate.den, 1);
    for (int k = 0; k < 40; k++)
        assert_int_equal(index->frames[k].flicks,
                         stamps[k] * (FLICKS_PER_SECOND / 1000));
    assert_true(index->end_flicks > index->frames[39].flicks);
}

/* One in so many that the mean rate is still near 25. */
static void test_lost_frame_is_not_constant(void **state)
{
    int64_t stamps[150];
    for (int k = 0; k < 150; k++)
        stamps[k] = k < 20 ? k : k + 1;
    const struct make_media media = {
        .container = "avi", .video = "mpeg4", .stamps = stamps, .frames = 150};
    struct index *index = rig_index(*state, "lost.avi", &media);
    assert_int_equal(index->frame_count, 150);
    assert_false(index->constant_rate);
    assert_int_equal(index->frames[20].flicks, 21 * FLICKS_PER_SECOND / 25);
}

static void test_avi_lacks_stamps(void **state)
{
    const struct make_media h264 = {
        .container = "avi", .video = "libx264", .frames = 60, .bframes = 2};
    struct index *index = rig_index(*state, "h.avi", &h264);
    expect_constant(index, 60, (AVRational){25, 1});
    expect_decoded(*state, "h.avi", index, true);
    const struct make_media mpeg4 = {
        .container = "avi", .video = "mpeg4", .frames = 60, .bframes = 2};
    index = rig_index(*state, "m.avi", &mpeg4);
    expect_constant(index, 60, (AVRational){25, 1});
    expect_decoded(*state, "m.avi", index, true);
    const struct make_media bare = {
        .container = "h264", .video = "libx264", .frames = 60, .bframes = 2};
    index = rig_index(*state, "b.h264", &bare);
    expect_constant(index, 60, (AVRational){25, 1});
    expect_decoded(*state, "b.h264", index, true);
}

static void test_transport_stream(void **state)
{
    struct rig *rig = *state;
    const struct make_media media = {.container = "mpegts",
                                     .video = "mpeg2video",
                                     .frames = 75,
                                     .bframes = 2,
                                     .options = "sc_threshold=1000000000"};
    struct index *index = rig_index(rig, "a.ts", &media);
    expect_constant(index, 75, (AVRational){25, 1});
    assert_true(index->start_us > 0);
    assert_int_equal(index->first_flicks, 0);
    assert_in_range(count_entries(index, ENTRY_OPEN), 2, 3);
    assert_int_equal(count_entries(index, ENTRY_IDR), 1);
    expect_decoded(rig, "a.ts", index, false);
    /* Cut amid the first group: what can't be decoded is no frame. */
    char *whole = make_path(rig->folder, "a.ts");
    char *part = make_path(rig->folder, "part.ts");
    make_part(whole, part, 188 * 40, -1);
    index = rig_index(rig, "part.ts", NULL);
    assert_in_range(index->frame_count, 20, 60);
    expect_decoded(rig, "part.ts", index, false);
    free(whole);
    free(part);
}

static void test_mpeg2_closed_by_content(void **state)
{
    const struct make_media media = {.container = "mpegts",
                                     .video = "mpeg2video",
                                     .frames = 60,
                                     .options = "sc_threshold=1000000000"};
    struct index *index = rig_index(*state, "ip.ts", &media);
    assert_int_equal(count_entries(index, ENTRY_OPEN), 0);
    assert_in_range(count_entries(index, ENTRY_IDR), 2, 5);
    assert_true(index->closed);
}

static void test_edit_list_hides(void **state)
{
    const struct make_media media = {
        .container = "mp4",
        .video = "libx264",
        .frames = 60,
        .shift = -10,
        .mux_options = "avoid_negative_ts=disabled:use_editlist=1"};
    struct index *index = rig_index(*state, "e.mp4", &media);
    assert_int_equal(index->packet_count, 60);
    expect_constant(index, 50, (AVRational){25, 1});
    assert_int_equal(index->first_flicks, 0);
}

static void test_broken_off(void **state)
{
    struct rig *rig = *state;
    const struct make_media media = {.container = "mp4",
                                     .video = "libx264",
                                     .frames = 100,
                                     .mux_options = "movflags=faststart"};
    struct index *index = rig_index(rig, "w.mp4", &media);
    char *whole = make_path(rig->folder, "w.mp4");
    char *part = make_path(rig->folder, "p.mp4");
    make_part(whole, part, 0, (long)index->packets[50].position);
    index = rig_index(rig, "p.mp4", NULL);
    assert_in_range(index->frame_count, 49, 51);
    free(whole);
    free(part);
}

/* libavformat gives up on a stretch without sync bytes and wants to be asked
 * again: what lies behind it belongs to the recording. */
static void test_damaged_stretch(void **state)
{
    struct rig *rig = *state;
    const struct make_media media = {
        .container = "mpegts", .video = "mpeg2video", .frames = 100};
    struct index *whole = rig_index(rig, "d.ts", &media);
    long middle = (long)whole->packets[50].position;
    char *path = make_path(rig->folder, "d.ts");
    char *torn = make_path(rig->folder, "z.ts");
    char *rest = make_path(rig->folder, "r.ts");
    make_part(path, torn, 0, middle);
    make_part(path, rest, middle, -1);
    FILE *from = fopen(rest, "rb"), *to = fopen(torn, "ab");
    assert_true(from && to);
    for (int i = 0; i < 400000; i++)
        fputc(0, to);
    for (int c = fgetc(from); c != EOF; c = fgetc(from))
        fputc(c, to);
    assert_int_equal(fclose(from), 0);
    assert_int_equal(fclose(to), 0);
    struct index *index = rig_index(rig, "z.ts", NULL);
    assert_in_range(index->frame_count, 90, 100);
    assert_true(index->end_flicks == whole->end_flicks);
    free(path);
    free(torn);
    free(rest);
}

/* ---- looking up ---------------------------------------------------------- */

static void test_lookup(void **state)
{
    struct index_frame frames[4] = {{0}, {100}, {200}, {400}};
    const struct index index = {
        .frames = frames, .frame_count = 4, .end_flicks = 500};
    assert_int_equal(index_nearest(&index, -50), 0);
    assert_int_equal(index_nearest(&index, 50), 0); /* a tie: the earlier */
    assert_int_equal(index_nearest(&index, 51), 1);
    assert_int_equal(index_nearest(&index, 300), 2);
    assert_int_equal(index_nearest(&index, 301), 3);
    assert_int_equal(index_nearest(&index, 9999), 3);
    assert_int_equal(index_shown(&index, -1), 0);
    assert_int_equal(index_shown(&index, 199), 1);
    assert_int_equal(index_shown(&index, 200), 2);
    assert_int_equal(index_shown(&index, 399), 2);
    assert_int_equal(index_time(&index, 3), 400);
    assert_int_equal(index_time(&index, 4), 500);
}

/* ---- the memo ------------------------------------------------------------ */

static void expect_same(const struct index *a, const struct index *b)
{
    assert_int_equal(a->packet_count, b->packet_count);
    assert_int_equal(a->frame_count, b->frame_count);
    assert_int_equal(a->sound_count, b->sound_count);
    for (size_t i = 0; i < a->packet_count; i++) {
        assert_int_equal(a->packets[i].dts, b->packets[i].dts);
        assert_int_equal(a->packets[i].pts, b->packets[i].pts);
        assert_int_equal(a->packets[i].position, b->packets[i].position);
        assert_int_equal(a->packets[i].size, b->packets[i].size);
        assert_int_equal(a->packets[i].entry, b->packets[i].entry);
        assert_memory_equal(a->packets[i].digest, b->packets[i].digest,
                            INDEX_DIGEST_BYTES);
    }
    assert_memory_equal(a->sounds, b->sounds,
                        a->sound_count * sizeof(*a->sounds));
    for (size_t i = 0; i < a->frame_count; i++) {
        assert_int_equal(a->frames[i].flicks, b->frames[i].flicks);
        assert_int_equal(a->frames[i].pts, b->frames[i].pts);
        assert_int_equal(a->frames[i].packet, b->frames[i].packet);
    }
    assert_int_equal(a->rate.num, b->rate.num);
    assert_int_equal(a->constant_rate, b->constant_rate);
    assert_int_equal(a->closed, b->closed);
    assert_int_equal(a->end_flicks, b->end_flicks);
    assert_int_equal(a->start_us, b->start_us);
    assert_int_equal(a->sound_end_flicks, b->sound_end_flicks);
    assert_int_equal(a->time_base.den, b->time_base.den);
}

static void test_memo(void **state)
{
    struct rig *rig = *state;
    const struct make_media media = {
        .container = "mp4", .video = "libx264", .sound = "aac"};
    struct index *index = rig_index(rig, "m.mp4", &media);
    struct index *again = NULL;
    char *memo = make_path(rig->folder, "m.index");
    char *part = make_path(rig->folder, "part.index");
    struct file_stamp stamp = {1, 2, 3, 4, 5};
    struct file_stamp other = {1, 2, 3, 4, 6};
    assert_int_equal(index_load(NULL, memo, &stamp, rig->arena, &again),
                     AVERROR(ENOENT));
    assert_int_equal(index_save(NULL, memo, &stamp, index), 0);
    assert_int_equal(index_load(NULL, memo, &stamp, rig->arena, &again), 0);
    expect_same(index, again);
    assert_int_equal(index_load(NULL, memo, &other, rig->arena, &again),
                     AVERROR(ENOENT));
    for (long cut = 0; cut < files_size(memo); cut += 97) {
        make_part(memo, part, 0, cut);
        assert_int_equal(index_load(NULL, part, &stamp, rig->arena, &again),
                         AVERROR(ENOENT));
    }
    FILE *file = fopen(memo, "r+b");
    fseek(file, files_size(memo) / 2, SEEK_SET);
    const int c = fgetc(file);
    fseek(file, -1, SEEK_CUR);
    fputc(c ^ 1, file);
    fclose(file);
    assert_int_equal(index_load(NULL, memo, &stamp, rig->arena, &again),
                     AVERROR(ENOENT));
    free(memo);
    free(part);
}

static void test_settled(void **state)
{
    struct rig *rig = *state;
    char *memo = make_path(rig->folder, "s.index");
    struct file_stamp stamp;
    assert_false(index_is_settled(memo, &(struct file_stamp){0}));
    assert_int_equal(files_write(NULL, memo, "x", 1), 0);
    assert_int_equal(files_stamp(memo, &stamp), 0);
    struct file_stamp source = {.mtime_ns = stamp.mtime_ns - 2000000001,
                                .ctime_ns = stamp.ctime_ns};
    assert_true(index_is_settled(memo, &source));
    source.mtime_ns++;
    assert_false(index_is_settled(memo, &source));
    /* A camera whose clock is ahead; a server's, with both times. */
    source.mtime_ns = stamp.mtime_ns + 86400000000000;
    assert_true(index_is_settled(memo, &source));
    source.ctime_ns = source.mtime_ns;
    assert_false(index_is_settled(memo, &source));
    free(memo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_mp4_with_bframes, rig_open,
                                        rig_close),
        cmocka_unit_test_setup_teardown(test_priming_within_a_packet, rig_open,
                                        rig_close),
        cmocka_unit_test_setup_teardown(test_open_gop, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_mkv_ntsc, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_variable_rate, rig_open,
                                        rig_close),
        cmocka_unit_test_setup_teardown(test_lost_frame_is_not_constant,
                                        rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_avi_lacks_stamps, rig_open,
                                        rig_close),
        cmocka_unit_test_setup_teardown(test_transport_stream, rig_open,
                                        rig_close),
        cmocka_unit_test_setup_teardown(test_mpeg2_closed_by_content, rig_open,
                                        rig_close),
        cmocka_unit_test_setup_teardown(test_edit_list_hides, rig_open,
                                        rig_close),
        cmocka_unit_test_setup_teardown(test_broken_off, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_damaged_stretch, rig_open,
                                        rig_close),
        cmocka_unit_test(test_lookup),
        cmocka_unit_test_setup_teardown(test_memo, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_settled, rig_open, rig_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
