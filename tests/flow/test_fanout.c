/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fan-out against probe sinks that fail, or have enough, at the n-th
 * call. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <libavutil/error.h>

#include "flow/fanout.h"

#define SINKS  3
#define FRAMES 4

/* Counts its calls and checks that they come in order. */
struct probe {
    struct frame_sink sink;
    int fail_at;   /* which call fails; 0: none */
    int enough_at; /* which push says AVERROR_EOF; 0: none */
    int calls;
    int opened, pushed, finished, closed;
    bool stopped; /* said EOF: no push may follow */
};

static struct probe *probe_of(struct frame_sink *sink)
{
    return container_of(sink, struct probe, sink);
}

static int probe_call(struct probe *probe)
{
    return ++probe->calls == probe->fail_at ? AVERROR(EIO) : 0;
}

static int probe_open(struct frame_sink *sink,
                      const struct frame_format *format)
{
    struct probe *probe = probe_of(sink);
    assert_int_equal(64, format->width);
    int ret = probe_call(probe);
    probe->opened += ret >= 0;
    return ret;
}

static int probe_push(struct frame_sink *sink, AVFrame *frame)
{
    struct probe *probe = probe_of(sink);
    assert_true(probe->opened > probe->closed);
    assert_false(probe->stopped);
    assert_int_equal(probe->pushed, frame->pts);
    probe->pushed++;
    av_frame_free(&frame);
    if (probe->pushed == probe->enough_at) {
        probe->stopped = true;
        return AVERROR_EOF;
    }
    return probe_call(probe);
}

static int probe_finish(struct frame_sink *sink)
{
    struct probe *probe = probe_of(sink);
    assert_int_equal(0, probe->finished);
    probe->finished++;
    return probe_call(probe);
}

static void probe_close(struct frame_sink *sink)
{
    struct probe *probe = probe_of(sink);
    probe->closed++;
    assert_int_equal(probe->opened, probe->closed);
}

static const struct frame_sink_ops probe_ops = {
    .open = probe_open,
    .push = probe_push,
    .finish = probe_finish,
    .close = probe_close,
};

struct bench {
    struct fanout fanout;
    struct probe probes[SINKS];
    int pushed; /* frames taken before the run ended */
    AVBufferRef *payload;
};

static void bench_begin(struct bench *bench)
{
    *bench = (struct bench){0};
    assert_int_equal(0, fanout_init(&bench->fanout));
    for (int i = 0; i < SINKS; i++) {
        bench->probes[i].sink.ops = &probe_ops;
        assert_int_equal(0, fanout_add(&bench->fanout, &bench->probes[i].sink));
    }
    bench->payload = av_buffer_alloc(64);
}

static AVFrame *bench_frame(struct bench *bench)
{
    AVFrame *frame = av_frame_alloc();
    frame->format = AV_PIX_FMT_GRAY8;
    frame->width = 8;
    frame->height = 8;
    frame->buf[0] = av_buffer_ref(bench->payload);
    frame->data[0] = frame->buf[0]->data;
    frame->linesize[0] = 8;
    frame->pts = bench->pushed;
    return frame;
}

static int bench_run(struct bench *bench)
{
    struct frame_sink *sink = &bench->fanout.sink;
    const struct frame_format format = {.width = 64, .height = 64};
    int ret = sink->ops->open(sink, &format);
    if (ret < 0)
        return ret;
    while (ret >= 0 && bench->pushed < FRAMES) {
        ret = sink->ops->push(sink, bench_frame(bench));
        bench->pushed++;
    }
    if (ret >= 0 || ret == AVERROR_EOF)
        ret = sink->ops->finish(sink);
    sink->ops->close(sink);
    return ret;
}

static void bench_end(struct bench *bench)
{
    /* Nobody holds a picture any more. */
    assert_int_equal(1, av_buffer_get_ref_count(bench->payload));
    av_buffer_unref(&bench->payload);
    for (int i = 0; i < SINKS; i++)
        assert_int_equal(bench->probes[i].opened, bench->probes[i].closed);
    fanout_clear(&bench->fanout);
}

static void test_all_get_all(void **state)
{
    struct bench bench;
    bench_begin(&bench);
    assert_int_equal(0, bench_run(&bench));
    for (int i = 0; i < SINKS; i++) {
        assert_int_equal(FRAMES, bench.probes[i].pushed);
        assert_int_equal(1, bench.probes[i].finished);
        assert_int_equal(1, bench.probes[i].closed);
    }
    bench_end(&bench);
}

static void test_each_call_fails_once(void **state)
{
    for (int i = 0; i < SINKS; i++) {
        for (int call = 1; call <= FRAMES + 2; call++) {
            struct bench bench;
            bench_begin(&bench);
            bench.probes[i].fail_at = call;
            assert_int_equal(AVERROR(EIO), bench_run(&bench));
            for (int j = 0; j < SINKS && call == 1; j++) {
                assert_int_equal(j < i, bench.probes[j].opened);
                assert_int_equal(0, bench.probes[j].pushed);
            }
            for (int j = 0; j < SINKS && call <= FRAMES + 1; j++)
                assert_int_equal(0, bench.probes[j].finished);
            bench_end(&bench);
        }
    }
}

static void test_one_has_enough(void **state)
{
    for (int i = 0; i < SINKS; i++) {
        struct bench bench;
        bench_begin(&bench);
        bench.probes[i].enough_at = 2;
        assert_int_equal(0, bench_run(&bench));
        for (int j = 0; j < SINKS; j++) {
            assert_int_equal(j == i ? 2 : FRAMES, bench.probes[j].pushed);
            assert_int_equal(1, bench.probes[j].finished);
        }
        bench_end(&bench);
    }
}

static void test_all_have_enough(void **state)
{
    struct bench bench;
    bench_begin(&bench);
    for (int i = 0; i < SINKS; i++)
        bench.probes[i].enough_at = i == 1 ? 3 : 1;
    assert_int_equal(0, bench_run(&bench));
    assert_int_equal(3, bench.pushed);
    bench_end(&bench);
}

/* The last that still wants pictures gets the frame itself. */
static int push_writable(struct frame_sink *sink, AVFrame *frame)
{
    assert_true(av_frame_is_writable(frame));
    return probe_push(sink, frame);
}

static void test_last_gets_the_frame(void **state)
{
    static const struct frame_sink_ops writable = {
        .open = probe_open,
        .push = push_writable,
        .finish = probe_finish,
        .close = probe_close,
    };
    struct bench bench;
    bench_begin(&bench);
    av_buffer_unref(&bench.payload);
    bench.probes[SINKS - 1].sink.ops = &writable;
    struct frame_sink *sink = &bench.fanout.sink;
    assert_int_equal(
        0, sink->ops->open(sink, &(struct frame_format){.width = 64}));
    AVFrame *frame = av_frame_alloc();
    frame->format = AV_PIX_FMT_GRAY8;
    frame->width = frame->height = 8;
    assert_true(av_frame_get_buffer(frame, 0) >= 0);
    frame->pts = 0;
    assert_int_equal(0, sink->ops->push(sink, frame));
    sink->ops->close(sink);
    fanout_clear(&bench.fanout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_get_all),
        cmocka_unit_test(test_each_call_fails_once),
        cmocka_unit_test(test_one_has_enough),
        cmocka_unit_test(test_all_have_enough),
        cmocka_unit_test(test_last_gets_the_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
