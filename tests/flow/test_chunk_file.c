/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chunk files: what goes in comes out, and no damaged byte is believed. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>

#include "base/digest.h"
#include "flow/chunk_file.h"

struct place {
    char folder[64];
    char path[96];
};

static void place_begin(struct place *place)
{
    snprintf(place->folder, sizeof(place->folder), "/tmp/reelpress-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->path, sizeof(place->path), "%s/a.chunk", place->folder);
}

static void place_end(struct place *place)
{
    unlink(place->path);
    assert_int_equal(0, rmdir(place->folder));
}

static AVCodecParameters *video_parameters(void)
{
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    parameters->codec_type = AVMEDIA_TYPE_VIDEO;
    parameters->codec_id = AV_CODEC_ID_H264;
    parameters->format = AV_PIX_FMT_YUV420P;
    parameters->width = 1920;
    parameters->height = 1080;
    parameters->profile = 100;
    parameters->level = 40;
    /* No two alike, so that none can stand for another. */
    parameters->sample_aspect_ratio = (AVRational){64, 45};
    parameters->color_range = AVCOL_RANGE_JPEG;
    parameters->color_primaries = AVCOL_PRI_SMPTE170M;
    parameters->color_trc = AVCOL_TRC_BT709;
    parameters->color_space = AVCOL_SPC_BT470BG;
    parameters->chroma_location = AVCHROMA_LOC_TOPLEFT;
    parameters->video_delay = 4;
    parameters->extradata = av_mallocz(5 + AV_INPUT_BUFFER_PADDING_SIZE);
    memcpy(parameters->extradata, "avcC!", 5);
    parameters->extradata_size = 5;
    return parameters;
}

static AVCodecParameters *sound_parameters(void)
{
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    parameters->codec_type = AVMEDIA_TYPE_AUDIO;
    parameters->codec_id = AV_CODEC_ID_AAC;
    parameters->format = AV_SAMPLE_FMT_FLTP;
    parameters->sample_rate = 48000;
    parameters->frame_size = 1024;
    parameters->initial_padding = 1024;
    parameters->bit_rate = 192000;
    av_channel_layout_default(&parameters->ch_layout, 2);
    return parameters;
}

static AVPacket *packet_of(int k)
{
    AVPacket *packet = av_packet_alloc();
    assert_int_equal(0, av_new_packet(packet, 10 + 1000 * k));
    memset(packet->data, 'a' + k % 26, (size_t)packet->size);
    packet->pts = k ^ 1;
    packet->duration = 1;
    packet->flags = k ? 0 : AV_PKT_FLAG_KEY;
    return packet;
}

static void write_chunk(const char *path, AVCodecParameters *parameters,
                        int count, const char *measures)
{
    struct chunk_writer *writer = NULL;
    assert_int_equal(0, chunk_writer_create(NULL, path, &writer));
    struct packet_sink *sink = chunk_writer_sink(writer);
    assert_int_equal(0, sink->ops->open(sink, parameters, (AVRational){1, 25}));
    for (int k = 0; k < count; k++)
        assert_int_equal(0, sink->ops->push(sink, packet_of(k)));
    if (measures)
        chunk_writer_measures(writer, json_loads(measures, 0, NULL));
    assert_int_equal(0, sink->ops->finish(sink));
    sink->ops->close(sink);
    chunk_writer_destroy(&writer);
    assert_null(writer);
    avcodec_parameters_free(&parameters);
}

static void test_round_trip(void **state)
{
    struct place place;
    place_begin(&place);
    write_chunk(place.path, video_parameters(), 40,
                "{\"luma\": 0.25, \"字\": \"中\"}");
    struct chunk_file *chunk = NULL;
    assert_int_equal(0, chunk_file_load(NULL, place.path, &chunk));
    assert_int_equal(40, chunk->count);
    assert_int_equal(25, chunk->time_base.den);
    const AVCodecParameters *read = chunk->parameters;
    assert_int_equal(AV_CODEC_ID_H264, read->codec_id);
    assert_int_equal(100, read->profile);
    assert_int_equal(40, read->level);
    assert_int_equal(1920, read->width);
    assert_int_equal(1080, read->height);
    assert_int_equal(64, read->sample_aspect_ratio.num);
    assert_int_equal(45, read->sample_aspect_ratio.den);
    assert_int_equal(AVCOL_RANGE_JPEG, read->color_range);
    assert_int_equal(AVCOL_PRI_SMPTE170M, read->color_primaries);
    assert_int_equal(AVCOL_TRC_BT709, read->color_trc);
    assert_int_equal(AVCOL_SPC_BT470BG, read->color_space);
    assert_int_equal(AVCHROMA_LOC_TOPLEFT, read->chroma_location);
    assert_int_equal(4, read->video_delay);
    assert_int_equal(5, chunk->parameters->extradata_size);
    assert_memory_equal("avcC!", chunk->parameters->extradata, 5);
    for (int k = 0; k < 40; k++) {
        const AVPacket *packet = chunk->packets[k];
        AVPacket *want = packet_of(k);
        assert_int_equal(want->size, packet->size);
        assert_memory_equal(want->data, packet->data, packet->size);
        assert_int_equal(k ^ 1, packet->pts);
        assert_true(packet->dts == AV_NOPTS_VALUE);
        assert_int_equal(1, packet->duration);
        assert_int_equal(want->flags, packet->flags);
        av_packet_free(&want);
    }
    assert_string_equal(
        "中", json_string_value(json_object_get(chunk->measures, "字")));
    chunk_file_destroy(&chunk);
    assert_null(chunk);
    chunk_file_destroy(&chunk);
    place_end(&place);
}

static void test_sound_and_no_measures(void **state)
{
    struct place place;
    place_begin(&place);
    write_chunk(place.path, sound_parameters(), 3, NULL);
    struct chunk_file *chunk = NULL;
    assert_int_equal(0, chunk_file_load(NULL, place.path, &chunk));
    assert_int_equal(2, chunk->parameters->ch_layout.nb_channels);
    assert_int_equal(1024, chunk->parameters->initial_padding);
    assert_int_equal(192000, chunk->parameters->bit_rate);
    assert_true(json_is_object(chunk->measures));
    assert_int_equal(0, json_object_size(chunk->measures));
    chunk_file_destroy(&chunk);
    place_end(&place);
}

static void test_equal_input_equal_bytes(void **state)
{
    struct place a, b;
    char sums[2][DIGEST_TEXT];
    place_begin(&a);
    place_begin(&b);
    write_chunk(a.path, video_parameters(), 20, "{\"b\": 1, \"a\": 2}");
    write_chunk(b.path, video_parameters(), 20, "{\"a\": 2, \"b\": 1}");
    assert_int_equal(0, digest_file(NULL, a.path, sums[0]));
    assert_int_equal(0, digest_file(NULL, b.path, sums[1]));
    assert_string_equal(sums[0], sums[1]);
    place_end(&a);
    place_end(&b);
}

static void test_missing(void **state)
{
    struct chunk_file *chunk = NULL;
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    assert_int_equal(AVERROR(ENOENT),
                     chunk_file_load(&log, "/tmp/reelpress-none", &chunk));
    assert_null(chunk);
    assert_null(log.first_error);
    log_clear(&log);
}

static void expect_damaged(const char *path)
{
    struct chunk_file *chunk = NULL;
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    assert_int_equal(AVERROR_INVALIDDATA, chunk_file_load(&log, path, &chunk));
    assert_null(chunk);
    assert_null(log.first_error);
    log_clear(&log);
}

static void test_each_byte_damaged(void **state)
{
    struct place place;
    place_begin(&place);
    write_chunk(place.path, video_parameters(), 1, "{\"a\": 1}");
    struct stat info;
    assert_int_equal(0, stat(place.path, &info));
    int file = open(place.path, O_RDWR);
    for (off_t at = 0; at < info.st_size; at++) {
        uint8_t byte, other;
        assert_int_equal(1, pread(file, &byte, 1, at));
        other = byte ^ 0x10;
        assert_int_equal(1, pwrite(file, &other, 1, at));
        expect_damaged(place.path);
        assert_int_equal(1, pwrite(file, &byte, 1, at));
    }
    for (off_t size = info.st_size - 1; size >= 0; size--) {
        assert_int_equal(0, ftruncate(file, size));
        expect_damaged(place.path);
    }
    close(file);
    place_end(&place);
}

static void test_tail_added(void **state)
{
    struct place place;
    place_begin(&place);
    write_chunk(place.path, video_parameters(), 1, NULL);
    int file = open(place.path, O_WRONLY | O_APPEND);
    assert_int_equal(1, write(file, "x", 1));
    close(file);
    expect_damaged(place.path);
    place_end(&place);
}

static void test_unfinished_leaves_nothing(void **state)
{
    struct place place;
    place_begin(&place);
    struct chunk_writer *writer = NULL;
    AVCodecParameters *parameters = video_parameters();
    assert_int_equal(0, chunk_writer_create(NULL, place.path, &writer));
    struct packet_sink *sink = chunk_writer_sink(writer);
    assert_int_equal(0, sink->ops->open(sink, parameters, (AVRational){1, 25}));
    assert_int_equal(0, sink->ops->push(sink, packet_of(0)));
    sink->ops->close(sink);
    chunk_writer_destroy(&writer);
    assert_int_equal(-1, access(place.path, F_OK));
    avcodec_parameters_free(&parameters);
    place_end(&place);
}

static void test_no_folder_and_full_disk(void **state)
{
    struct chunk_writer *writer = NULL;
    AVCodecParameters *parameters = video_parameters();
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    assert_int_equal(
        0, chunk_writer_create(&log, "/tmp/reelpress-none/a", &writer));
    struct packet_sink *sink = chunk_writer_sink(writer);
    assert_int_equal(AVERROR(ENOENT),
                     sink->ops->open(sink, parameters, (AVRational){1, 25}));
    assert_non_null(strstr(log.first_error, "/tmp/reelpress-none/a"));
    chunk_writer_destroy(&writer);
    log_clear(&log);
    avcodec_parameters_free(&parameters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_sound_and_no_measures),
        cmocka_unit_test(test_equal_input_equal_bytes),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_each_byte_damaged),
        cmocka_unit_test(test_tail_added),
        cmocka_unit_test(test_unfinished_leaves_nothing),
        cmocka_unit_test(test_no_folder_and_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
