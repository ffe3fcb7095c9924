/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The encoder's packets: normalised, decodable, equal from run to run, and no
 * two IDRs in a row that look alike. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libavcodec/avcodec.h>
#include <libavutil/cpu.h>
#include <libavutil/intreadwrite.h>

#include "base/digest.h"
#include "encode/avc.h"
#include "encode/encoder.h"

#define PARAMETERS                                                             \
    "preset=veryfast:profile=high:level=4.0:crf=22:vbv-maxrate=800:"           \
    "vbv-bufsize=800:keyint=20:threads=1:cpu-independent=1:stitchable=1:"      \
    "open-gop=0:force-cfr=1:colorprim=bt709:transfer=bt709:"                   \
    "colormatrix=bt709:fullrange=off:fps=25/1:sar=1/1:vbv-init=0.400"
#define MOST 256

/* Keeps all packets; fails at the n-th call. */
struct keeper {
    struct packet_sink sink;
    AVCodecParameters *parameters;
    AVRational time_base;
    AVPacket *packets[MOST];
    int count, calls, fail_at;
    int opened, finished, closed;
};

static struct keeper *keeper_of(struct packet_sink *sink)
{
    return container_of(sink, struct keeper, sink);
}

static int keeper_call(struct keeper *keeper)
{
    return ++keeper->calls == keeper->fail_at ? AVERROR(EIO) : 0;
}

static int keeper_open(struct packet_sink *sink,
                       const AVCodecParameters *parameters,
                       AVRational time_base)
{
    struct keeper *keeper = keeper_of(sink);
    int ret = keeper_call(keeper);
    if (ret < 0)
        return ret;
    keeper->opened++;
    keeper->parameters = avcodec_parameters_alloc();
    avcodec_parameters_copy(keeper->parameters, parameters);
    keeper->time_base = time_base;
    return 0;
}

static int keeper_push(struct packet_sink *sink, AVPacket *packet)
{
    struct keeper *keeper = keeper_of(sink);
    keeper->packets[keeper->count++] = packet;
    return keeper_call(keeper);
}

static int keeper_finish(struct packet_sink *sink)
{
    struct keeper *keeper = keeper_of(sink);
    keeper->finished++;
    return keeper_call(keeper);
}

static void keeper_close(struct packet_sink *sink)
{
    keeper_of(sink)->closed++;
}

static const struct packet_sink_ops keeper_ops = {
    .open = keeper_open,
    .push = keeper_push,
    .finish = keeper_finish,
    .close = keeper_close,
};

static void keeper_clear(struct keeper *keeper)
{
    for (int i = 0; i < keeper->count; i++)
        av_packet_free(&keeper->packets[i]);
    avcodec_parameters_free(&keeper->parameters);
}

static const struct frame_format format = {
    .width = 160,
    .height = 96,
    .format = AV_PIX_FMT_YUV420P,
    .rate = {25, 1},
    .sar = {1, 1},
    .matrix = AVCOL_SPC_BT709,
    .range = AVCOL_RANGE_MPEG,
    .primaries = AVCOL_PRI_BT709,
    .transfer = AVCOL_TRC_BT709,
    .chroma = AVCHROMA_LOC_LEFT,
};

/* A moving pattern; a hard cut at picture `cut`. */
static AVFrame *picture(int k, int cut)
{
    AVFrame *frame = av_frame_alloc();
    frame->width = format.width;
    frame->height = format.height;
    frame->format = format.format;
    assert_true(av_frame_get_buffer(frame, 0) >= 0);
    for (int p = 0; p < 3; p++) {
        int height = p ? frame->height / 2 : frame->height;
        int width = p ? frame->width / 2 : frame->width;
        for (int y = 0; y < height; y++) {
            uint8_t *row = frame->data[p] + (ptrdiff_t)y * frame->linesize[p];
            for (int x = 0; x < width; x++) {
                int wave = (x + 3 * k) * (y + 5) / 7;
                row[x] =
                    (uint8_t)(k >= cut ? 235 - wave % 130 : 60 + wave % 90);
            }
        }
    }
    frame->pts = k;
    frame->pict_type = AV_PICTURE_TYPE_I; /* as a decoder may leave it */
    return frame;
}

static int encode(struct keeper *keeper, const char *parameters, bool odd,
                  int count, int cut)
{
    struct encoder *encoder = NULL;
    keeper->sink.ops = &keeper_ops;
    assert_int_equal(
        0, encoder_create(NULL, parameters, odd, &keeper->sink, &encoder));
    struct frame_sink *sink = encoder_sink(encoder);
    int ret = sink->ops->open(sink, &format);
    if (ret >= 0) {
        for (int k = 0; ret >= 0 && k < count; k++)
            ret = sink->ops->push(sink, picture(k, cut));
        if (ret >= 0)
            ret = sink->ops->finish(sink);
        sink->ops->close(sink);
    }
    encoder_destroy(&encoder);
    assert_null(encoder);
    return ret;
}

static void digest_packets(const struct keeper *keeper, char out[DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    digest_field(digest, keeper->parameters->extradata,
                 (size_t)keeper->parameters->extradata_size);
    for (int i = 0; i < keeper->count; i++) {
        digest_field_int(digest, keeper->packets[i]->pts);
        digest_field(digest, keeper->packets[i]->data,
                     (size_t)keeper->packets[i]->size);
    }
    digest_finish_text(digest, out);
    digest_destroy(&digest);
}

/* Lengths fill the packet exactly, and only slices are in it. */
static void expect_normal(const AVPacket *packet)
{
    int at = 0;
    while (at < packet->size) {
        assert_true(packet->size - at > 4);
        int size = (int)AV_RB32(packet->data + at);
        assert_in_range(size, 1, packet->size - at - 4);
        assert_in_range(packet->data[at + 4] & 0x1f, 1, 5);
        at += 4 + size;
    }
}

static int decode_all(const struct keeper *keeper)
{
    AVCodecContext *decoder =
        avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_H264));
    avcodec_parameters_to_context(decoder, keeper->parameters);
    decoder->err_recognition = AV_EF_EXPLODE;
    decoder->thread_count = 1;
    assert_true(avcodec_open2(decoder, NULL, NULL) >= 0);
    AVFrame *frame = av_frame_alloc();
    int count = 0;
    for (int i = 0; i <= keeper->count; i++) {
        AVPacket *packet = i < keeper->count ? keeper->packets[i] : NULL;
        assert_true(avcodec_send_packet(decoder, packet) >= 0);
        while (avcodec_receive_frame(decoder, frame) >= 0) {
            assert_int_equal(count, frame->pts);
            count++;
        }
    }
    av_frame_free(&frame);
    avcodec_free_context(&decoder);
    return count;
}

/* idr_pic_id of the IDR in a packet: ue(v) fields behind the NAL header are
 * first_mb, slice_type, pps id; then frame_num; ours are short enough to be
 * read from the first bytes. */
static unsigned read_bits(const uint8_t *bytes, int *at, int count)
{
    unsigned value = 0;
    for (; count; count--, ++*at)
        value = value << 1 | (bytes[*at / 8] >> (7 - *at % 8) & 1);
    return value;
}

static unsigned read_ue(const uint8_t *bytes, int *at)
{
    int zeros = 0;
    while (!read_bits(bytes, at, 1))
        zeros++;
    return (1U << zeros) - 1 + read_bits(bytes, at, zeros);
}

static int frame_num_bits(const struct keeper *keeper)
{
    /* avcC: 8 bytes, SPS from its NAL header on; High profile. */
    const uint8_t *sps = keeper->parameters->extradata + 8;
    int at = 32;
    read_ue(sps, &at);                      /* id */
    assert_int_equal(1, read_ue(sps, &at)); /* chroma */
    read_ue(sps, &at);
    read_ue(sps, &at);
    assert_int_equal(0, read_bits(sps, &at, 2));
    return (int)read_ue(sps, &at) + 4;
}

static unsigned idr_pic_id(const struct keeper *keeper, int i)
{
    const uint8_t *slice = keeper->packets[i]->data + 4;
    assert_int_equal(5, slice[0] & 0x1f);
    int at = 8;
    read_ue(slice, &at);
    read_ue(slice, &at);
    read_ue(slice, &at);
    assert_int_equal(0, read_bits(slice, &at, frame_num_bits(keeper)));
    return read_ue(slice, &at);
}

static void test_packets(void **state)
{
    struct keeper keeper = {0};
    assert_int_equal(0, encode(&keeper, PARAMETERS, false, 55, MOST));
    assert_int_equal(55, keeper.count);
    assert_int_equal(1, keeper.finished);
    assert_int_equal(1, keeper.closed);
    assert_int_equal(25, keeper.time_base.den);
    bool seen[MOST] = {false};
    int keys = 0;
    for (int i = 0; i < keeper.count; i++) {
        const AVPacket *packet = keeper.packets[i];
        expect_normal(packet);
        assert_in_range(packet->pts, 0, 54);
        assert_false(seen[packet->pts]);
        seen[packet->pts] = true;
        assert_true(packet->dts == AV_NOPTS_VALUE);
        assert_int_equal(1, packet->duration);
        keys += !!(packet->flags & AV_PKT_FLAG_KEY);
    }
    assert_true(keeper.packets[0]->flags & AV_PKT_FLAG_KEY);
    assert_int_equal(0, keeper.packets[0]->pts);
    /* The types that the pictures came with are not obeyed. */
    assert_int_equal(3, keys);
    assert_int_equal(55, decode_all(&keeper));
    keeper_clear(&keeper);
}

static void test_parameters(void **state)
{
    struct keeper keeper = {0};
    assert_int_equal(0, encode(&keeper, PARAMETERS, false, 3, MOST));
    const AVCodecParameters *parameters = keeper.parameters;
    assert_int_equal(AV_CODEC_ID_H264, parameters->codec_id);
    assert_int_equal(160, parameters->width);
    assert_int_equal(100, parameters->profile);
    assert_int_equal(40, parameters->level);
    assert_int_equal(AVCOL_SPC_BT709, parameters->color_space);
    assert_int_equal(AVCOL_RANGE_MPEG, parameters->color_range);
    const uint8_t *avcc = parameters->extradata;
    assert_int_equal(1, avcc[0]);
    assert_int_equal(100, avcc[1]);
    assert_int_equal(0xff, avcc[4]);
    assert_int_equal(0xe1, avcc[5]);
    int sps = AV_RB16(avcc + 6);
    assert_int_equal(0x67, avcc[8]);
    assert_int_equal(1, avcc[8 + sps]);
    int pps = AV_RB16(avcc + 9 + sps);
    assert_int_equal(0x68, avcc[11 + sps]);
    assert_int_equal(parameters->extradata_size, 8 + sps + 3 + pps + 4);
    keeper_clear(&keeper);
}

static void test_same_bytes(void **state)
{
    char sums[2][DIGEST_TEXT];
    for (int i = 0; i < 2; i++) {
        struct keeper keeper = {0};
        assert_int_equal(0, encode(&keeper, PARAMETERS, false, 45, 17));
        digest_packets(&keeper, sums[i]);
        keeper_clear(&keeper);
    }
    assert_string_equal(sums[0], sums[1]);
}

/* x264's instruction sets, each of which holds those before it. */
static const struct {
    const char *name;
    int flag; /* of libavutil: whether this processor has it */
} instructions[] = {
    {"0", 0},
    {"SSE2", AV_CPU_FLAG_SSE2},
    {"SSSE3", AV_CPU_FLAG_SSSE3},
    {"SSE4.2", AV_CPU_FLAG_SSE42},
    {"AVX", AV_CPU_FLAG_AVX},
    {"AVX2", AV_CPU_FLAG_AVX2},
    {"auto", 0},
};

/* A machine that lacks some makes the same chunk: else one store for two
 * machines, or a new processor, would give other films. */
static void test_any_processor(void **state)
{
    static const char *const ways[] = {
        PARAMETERS, PARAMETERS ":crf=17:subme=7:trellis=2:me=umh:ref=4",
        PARAMETERS ":crf=-1:bitrate=400:vbv-maxrate=400"};
    for (size_t w = 0; w < sizeof(ways) / sizeof(*ways); w++) {
        char first[DIGEST_TEXT] = "", sum[DIGEST_TEXT], parameters[512];
        for (size_t i = 0; i < sizeof(instructions) / sizeof(*instructions);
             i++) {
            int flag = instructions[i].flag;
            struct keeper keeper = {0};
            if ((av_get_cpu_flags() & flag) != flag)
                continue;
            snprintf(parameters, sizeof(parameters), "%s:asm=%s", ways[w],
                     instructions[i].name);
            assert_int_equal(0, encode(&keeper, parameters, false, 60, 33));
            digest_packets(&keeper, sum);
            keeper_clear(&keeper);
            if (!*first)
                memcpy(first, sum, sizeof(first));
            assert_string_equal(first, sum);
        }
    }
}

/* Chunks of any length and content share their parameter sets. */
static void test_same_parameter_sets(void **state)
{
    struct keeper first = {0};
    assert_int_equal(0, encode(&first, PARAMETERS, false, 1, MOST));
    const int lengths[] = {2, 30, 61};
    for (int i = 0; i < 3; i++) {
        struct keeper keeper = {0};
        assert_int_equal(0, encode(&keeper, PARAMETERS, i == 0, lengths[i], 9));
        assert_int_equal(first.parameters->extradata_size,
                         keeper.parameters->extradata_size);
        assert_memory_equal(first.parameters->extradata,
                            keeper.parameters->extradata,
                            (size_t)first.parameters->extradata_size);
        keeper_clear(&keeper);
    }
    keeper_clear(&first);
}

static void test_one_picture(void **state)
{
    struct keeper even = {0}, odd = {0};
    assert_int_equal(0, encode(&even, PARAMETERS, false, 1, MOST));
    assert_int_equal(0, encode(&odd, PARAMETERS, true, 1, MOST));
    assert_int_equal(1, even.count);
    assert_int_equal(1, odd.count);
    assert_int_equal(0, odd.packets[0]->pts);
    assert_int_equal(0, idr_pic_id(&even, 0));
    assert_int_equal(1, idr_pic_id(&odd, 0));
    assert_int_equal(1, decode_all(&odd));
    keeper_clear(&even);
    keeper_clear(&odd);
}

/* A run's first picture is about as fine as the next IDR of like pictures. */
static void test_fine_from_the_first(void **state)
{
    struct keeper keeper = {0};
    assert_int_equal(0, encode(&keeper,
                               "preset=veryfast:crf=26:keyint=20:threads=1",
                               false, 40, MOST));
    int next = 1;
    while (!(keeper.packets[next]->flags & AV_PKT_FLAG_KEY))
        next++;
    assert_in_range(100 * keeper.packets[0]->size / keeper.packets[next]->size,
                    85, 130);
    keeper_clear(&keeper);
}

/* What follows a chunk begins with an IDR of id 0. Returns whether this one
 * ended in an IDR. */
static bool run_end(const char *parameters, int count, int cut)
{
    struct keeper keeper = {0};
    assert_int_equal(0, encode(&keeper, parameters, false, count, cut));
    assert_int_equal(count, keeper.count);
    const AVPacket *last = keeper.packets[count - 1];
    bool ends = last->flags & AV_PKT_FLAG_KEY;
    if (ends) {
        assert_int_equal(count - 1, last->pts);
        assert_true(idr_pic_id(&keeper, count - 1) > 0);
    }
    if (count % 20 == 1)
        assert_int_equal(count, decode_all(&keeper));
    keeper_clear(&keeper);
    return ends;
}

static void test_no_end_in_an_equal_idr(void **state)
{
    int ends = 0;
    for (int count = 2; count <= 62; count++) {
        run_end(PARAMETERS, count, MOST);
        run_end(PARAMETERS, count, count - 1);
        ends += run_end(PARAMETERS ":bframes=0", count, MOST);
        ends += run_end(PARAMETERS ":bframes=0:scenecut=0:rc-lookahead=0",
                        count, MOST);
        ends += run_end(PARAMETERS ":bframes=0", count, count - 1);
    }
    assert_true(ends > 0); /* or the repair was never asked for */
}

static void test_each_call_fails_once(void **state)
{
    for (int call = 1; call <= 32; call++) {
        struct keeper keeper = {.fail_at = call};
        assert_int_equal(AVERROR(EIO),
                         encode(&keeper, PARAMETERS, false, 30, MOST));
        assert_int_equal(keeper.opened, keeper.closed);
        assert_int_equal(call == 32, keeper.finished);
        keeper_clear(&keeper);
    }
}

static void test_refused_parameters(void **state)
{
    struct keeper keeper = {0};
    assert_true(encode(&keeper, "preset=swift:crf=20", false, 3, MOST) < 0);
    assert_int_equal(0, keeper.opened);
    assert_true(encode(&keeper, "preset", false, 3, MOST) < 0);
    keeper_clear(&keeper);
}

static void test_units(void **state)
{
    static const uint8_t run[] = {0,    0, 0, 1, 0x67, 1, 0, 0, 1,
                                  0x68, 2, 0, 0, 0,    1, 6, 3};
    const uint8_t *at = run;
    size_t size = 0;
    const uint8_t *unit = avc_next(&at, run + sizeof(run), &size);
    assert_int_equal(2, size);
    assert_int_equal(0x67, unit[0]);
    unit = avc_next(&at, run + sizeof(run), &size);
    assert_int_equal(2, size);
    assert_int_equal(0x68, unit[0]);
    unit = avc_next(&at, run + sizeof(run), &size);
    assert_int_equal(6, unit[0]);
    assert_null(avc_next(&at, run + sizeof(run), &size));
    struct buffer out = {0};
    assert_true(avc_configuration(run + 9, 3, &out) < 0);
    buffer_clear(&out);
}

int main(void)
{
    av_log_set_level(AV_LOG_QUIET);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packets),
        cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_any_processor),
        cmocka_unit_test(test_same_parameter_sets),
        cmocka_unit_test(test_one_picture),
        cmocka_unit_test(test_fine_from_the_first),
        cmocka_unit_test(test_no_end_in_an_equal_idr),
        cmocka_unit_test(test_each_call_fails_once),
        cmocka_unit_test(test_refused_parameters),
        cmocka_unit_test(test_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
