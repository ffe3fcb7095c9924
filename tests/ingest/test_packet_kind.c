/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What hand-made packets are: fields that pair, streams wrapped wrongly,
 * pictures that are never shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "ingest/packet_kind.h"

struct bits {
    uint8_t bytes[64];
    int count;
};

static void put_bits(struct bits *b, int n, unsigned value)
{
    while (n-- > 0) {
        if (value >> n & 1)
            b->bytes[b->count / 8] |= (uint8_t)(0x80 >> b->count % 8);
        b->count++;
    }
}

static void put_ue(struct bits *b, unsigned value)
{
    int n = 0;
    while ((value + 1) >> (n + 1))
        n++;
    put_bits(b, n, 0);
    put_bits(b, n + 1, value + 1);
}

/* An H.264 stream of field pictures, by hand: start code, SPS (interlaced,
 * order type 2), PPS, one slice's header. */
static AVPacket *field_packet(bool sets, bool idr, bool bottom, int frame_num)
{
    struct bits b = {.bytes = {0}};
    AVPacket *packet = av_packet_alloc();
    if (sets) {
        put_bits(&b, 32, 1);
        put_bits(&b, 32, 0x674d001e);
        put_ue(&b, 0);
        put_ue(&b, 0); /* frame_num in 4 bits */
        put_ue(&b, 2); /* order type */
        put_ue(&b, 1);
        put_bits(&b, 1, 0);
        put_ue(&b, 3);
        put_ue(&b, 1);
        put_bits(&b, 6,
                 0x09); /* fields, no MBAFF, 8x8, no crop, no VUI, stop */
        put_bits(&b, (8 - b.count % 8) % 8, 0);
        put_bits(&b, 32, 1);
        put_bits(&b, 8, 0x68);
        put_bits(&b, 2, 3);
        put_bits(&b, 2, 0);
        put_bits(&b, 3, 7);
        put_bits(&b, 3, 0);
        put_bits(&b, 3, 7);
        put_bits(&b, 4, 1); /* three flags, stop */
        put_bits(&b, (8 - b.count % 8) % 8, 0);
    }
    put_bits(&b, 32, 1);
    put_bits(&b, 8, idr ? 0x65 : 0x61);
    put_ue(&b, 0);
    put_ue(&b, 7);
    put_ue(&b, 0);
    put_bits(&b, 4, (unsigned)frame_num);
    put_bits(&b, 2, bottom ? 3 : 2);
    if (idr)
        put_ue(&b, 0);
    put_bits(&b, 8, 0x15);
    put_bits(&b, 32, 0xaaaaaaaa);
    av_new_packet(packet, b.count / 8);
    memcpy(packet->data, b.bytes, (size_t)packet->size);
    return packet;
}

static void test_fields_pair(void **state)
{
    static const struct {
        bool sets, idr, bottom;
        int frame_num;
        bool continues;
        enum index_entry entry;
    } rows[] = {
        {true, true, false, 0, false, ENTRY_IDR},
        {false, true, true, 0, true, ENTRY_NONE},
        {false, false, false, 1, false, ENTRY_NONE},
        {false, false, true, 1, true, ENTRY_NONE},
        {false, false, false, 2, false, ENTRY_NONE},
        {false, false, false, 3, false, ENTRY_NONE}, /* one got lost */
        {false, false, true, 3, true, ENTRY_NONE},
    };
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    struct packet_reader reader;
    (void)state;
    parameters->codec_type = AVMEDIA_TYPE_VIDEO;
    parameters->codec_id = AV_CODEC_ID_H264;
    assert_int_equal(packet_reader_init(&reader, parameters), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct packet_kind kind;
        AVPacket *packet = field_packet(rows[i].sets, rows[i].idr,
                                        rows[i].bottom, rows[i].frame_num);
        packet_reader_read(&reader, packet, &kind);
        assert_int_equal(kind.continues, rows[i].continues);
        assert_int_equal(kind.entry, rows[i].entry);
        av_packet_free(&packet);
    }
    packet_reader_clear(&reader);
    avcodec_parameters_free(&parameters);
}

/* A stream with start codes wrapped into one length, whose length reads as a
 * start code itself: 00 00 01 09. */
static void test_wrapped_start_codes(void **state)
{
    static const uint8_t avcc[] = {1, 77, 0, 30, 0xff, 0xe0, 0, 0};
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    AVPacket *packet = av_packet_alloc();
    struct packet_reader reader;
    struct packet_kind kind;
    (void)state;
    parameters->codec_type = AVMEDIA_TYPE_VIDEO;
    parameters->codec_id = AV_CODEC_ID_H264;
    parameters->extradata =
        av_mallocz(sizeof(avcc) + AV_INPUT_BUFFER_PADDING_SIZE);
    memcpy(parameters->extradata, avcc, sizeof(avcc));
    parameters->extradata_size = sizeof(avcc);
    assert_int_equal(packet_reader_init(&reader, parameters), 0);
    assert_int_equal(reader.length_size, 4);
    assert_true(av_new_packet(packet, 4 + 0x109) >= 0);
    memset(packet->data, 0x77, (size_t)packet->size);
    memcpy(packet->data, "\0\0\1\x09\x6e\xc0\x80\x0f\0\0\0\1\x65\x88\x84\0",
           16);
    packet_reader_read(&reader, packet, &kind);
    assert_false(kind.continues);
    assert_int_equal(kind.entry, ENTRY_IDR);
    av_packet_free(&packet);
    packet_reader_clear(&reader);
    avcodec_parameters_free(&parameters);
}

/* Units whose lengths don't fill the packet were overwritten or never written;
 * a packet of units other than pictures is none the worse. */
static void test_damaged_units(void **state)
{
    static const uint8_t avcc[] = {1, 77, 0, 30, 0xff, 0xe0, 0, 0};
    static const struct {
        const char *bytes;
        int size;
        bool damaged;
    } rows[] = {{"\0\0\0\4\x65\x88\x84\0", 8, false},
                {"\0\0\0\2\x09\xf0\0\0\0\2\x06\x05", 12, false},
                {"\x93\x11\x54\x65\x88\x84\x00\x41", 8, true},
                {"\0\0\0\0\0\0\0\0", 8, true},
                {"\0\0\0\2\x09\xf0\0\0\7\7\1\1", 12, true}};
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    struct packet_reader reader;
    (void)state;
    parameters->codec_type = AVMEDIA_TYPE_VIDEO;
    parameters->codec_id = AV_CODEC_ID_H264;
    parameters->extradata =
        av_mallocz(sizeof(avcc) + AV_INPUT_BUFFER_PADDING_SIZE);
    memcpy(parameters->extradata, avcc, sizeof(avcc));
    parameters->extradata_size = sizeof(avcc);
    assert_int_equal(packet_reader_init(&reader, parameters), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct packet_kind kind;
        AVPacket *packet = av_packet_alloc();
        assert_true(av_new_packet(packet, rows[i].size) >= 0);
        memcpy(packet->data, rows[i].bytes, (size_t)rows[i].size);
        packet_reader_read(&reader, packet, &kind);
        assert_int_equal(kind.damaged, rows[i].damaged);
        av_packet_free(&packet);
    }
    packet_reader_clear(&reader);
    avcodec_parameters_free(&parameters);
}

/* RFC 6386 9.1: bit 0 of the first byte is 0 for a key frame, bit 4 shows. */
static void test_vp8_hidden(void **state)
{
    static const struct {
        uint8_t first;
        bool hidden;
        enum index_entry entry;
    } rows[] = {{0x10, false, ENTRY_IDR},
                {0x11, false, ENTRY_NONE},
                {0x01, true, ENTRY_NONE}};
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    struct packet_reader reader;
    (void)state;
    parameters->codec_type = AVMEDIA_TYPE_VIDEO;
    parameters->codec_id = AV_CODEC_ID_VP8;
    assert_int_equal(packet_reader_init(&reader, parameters), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct packet_kind kind;
        AVPacket *packet = av_packet_alloc();
        assert_true(av_new_packet(packet, 8) >= 0);
        memset(packet->data, rows[i].first, 8);
        packet_reader_read(&reader, packet, &kind);
        assert_int_equal(kind.hidden, rows[i].hidden);
        assert_int_equal(kind.entry, rows[i].entry);
        av_packet_free(&packet);
    }
    packet_reader_clear(&reader);
    avcodec_parameters_free(&parameters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_pair),
        cmocka_unit_test(test_wrapped_start_codes),
        cmocka_unit_test(test_damaged_units),
        cmocka_unit_test(test_vp8_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
