/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The converter makes the same pixels on a processor that can more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <libavutil/cpu.h>
#include <libavutil/pixdesc.h>

#include "base/digest.h"
#include "render/converter.h"

static const struct frame_format full = {
    .width = 642,
    .height = 362,
    .format = AV_PIX_FMT_YUV420P,
    .rate = {25, 1},
    .sar = {1, 1},
    .matrix = AVCOL_SPC_BT709,
    .range = AVCOL_RANGE_MPEG,
    .primaries = AVCOL_PRI_BT709,
    .transfer = AVCOL_TRC_BT709,
    .chroma = AVCHROMA_LOC_LEFT,
};

static AVFrame *make_frame(const struct frame_format *format)
{
    AVFrame *frame = av_frame_alloc();
    frame->width = format->width;
    frame->height = format->height;
    frame->format = format->format;
    assert_true(av_frame_get_buffer(frame, 64) >= 0);
    return frame;
}

static AVFrame *make_noise(void)
{
    AVFrame *frame = make_frame(&full);
    uint32_t seed = 67;
    for (int p = 0; p < 3; p++) {
        int rows = p ? (frame->height + 1) / 2 : frame->height;
        for (int i = 0; i < rows * frame->linesize[p]; i++) {
            seed = seed * 1664525 + 1013904223;
            frame->data[p][i] = (uint8_t)(16 + (seed >> 24) % 220);
        }
    }
    return frame;
}

static void digest_frame(const AVFrame *frame, char out[DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    int bytes = desc->comp[0].step;
    for (int p = 0; p < 3; p++) {
        int across = p ? frame->width >> desc->log2_chroma_w : frame->width;
        int down = p ? frame->height >> desc->log2_chroma_h : frame->height;
        for (int y = 0; y < down; y++)
            digest_field(digest,
                         frame->data[p] + (ptrdiff_t)y * frame->linesize[p],
                         (size_t)across * (size_t)bytes);
    }
    digest_finish_text(digest, out);
    digest_destroy(&digest);
}

static void convert(int cpu_flags, const struct frame_format *to,
                    const struct converter_area *area, char out[DIGEST_TEXT])
{
    struct converter *converter = NULL;
    AVFrame *from = make_noise(), *made = make_frame(to);
    av_force_cpu_flags(cpu_flags);
    assert_int_equal(0, converter_create(NULL, &full, area, to, CONVERTER_SHARP,
                                         0, &converter));
    assert_int_equal(0, converter_run(converter, NULL, from, made, 0, 0));
    av_force_cpu_flags(-1);
    digest_frame(made, out);
    converter_destroy(&converter);
    av_frame_free(&from);
    av_frame_free(&made);
}

/* Smaller, larger, a part between pixels, and in floats with other primaries:
 * what AVX-512 would do is not done. */
static void test_a_newer_processor(void **state)
{
    static const struct converter_area areas[] = {{0}, {10.3, 7.7, 400, 300}};
    struct frame_format smaller = full, larger = full, linear = full;
    smaller.width = 320, smaller.height = 180;
    larger.width = 1280, larger.height = 720;
    linear.format = AV_PIX_FMT_GBRPF32;
    linear.matrix = AVCOL_SPC_RGB;
    linear.transfer = AVCOL_TRC_LINEAR;
    linear.range = AVCOL_RANGE_JPEG;
    const struct frame_format *ways[] = {&smaller, &larger, &linear};
    int flags = av_get_cpu_flags();
    if (!(flags & AV_CPU_FLAG_AVX512))
        skip();
    for (size_t w = 0; w < 3; w++) {
        for (size_t a = 0; a < 2; a++) {
            char now[DIGEST_TEXT], before[DIGEST_TEXT];
            convert(flags, ways[w], &areas[a], now);
            convert(flags & ~AV_CPU_FLAG_AVX512, ways[w], &areas[a], before);
            assert_string_equal(before, now);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_newer_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
