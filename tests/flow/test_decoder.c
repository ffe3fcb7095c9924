/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A decoder is handed out closed, on one thread; what there is none for is
 * refused without a word and leaves nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "flow/decoder.h"

static void test_created_closed(void **state)
{
    (void)state;
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    parameters->codec_type = AVMEDIA_TYPE_VIDEO;
    parameters->codec_id = AV_CODEC_ID_MPEG4;
    parameters->width = 64;
    parameters->height = 48;
    AVCodecContext *decoder = NULL;
    assert_int_equal(decoder_create(parameters, &decoder), 0);
    assert_false(avcodec_is_open(decoder));
    assert_int_equal(decoder->thread_count, 1);
    assert_int_equal(decoder->width, 64);
    assert_int_equal(avcodec_open2(decoder, NULL, NULL), 0);
    avcodec_free_context(&decoder);
    avcodec_parameters_free(&parameters);
}

static void test_no_such_decoder(void **state)
{
    (void)state;
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    AVCodecContext *decoder = (AVCodecContext *)parameters;
    assert_int_equal(decoder_create(parameters, &decoder),
                     AVERROR_DECODER_NOT_FOUND);
    assert_null(decoder);
    avcodec_parameters_free(&parameters);
}

/* Parameters that libavcodec can't take over: a header of more bytes than
 * there is memory for. */
static void test_refused_parameters(void **state)
{
    (void)state;
    uint8_t byte = 0;
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    parameters->codec_type = AVMEDIA_TYPE_AUDIO;
    parameters->codec_id = AV_CODEC_ID_AAC;
    parameters->extradata = &byte;
    parameters->extradata_size = -1 - AV_INPUT_BUFFER_PADDING_SIZE;
    AVCodecContext *decoder = NULL;
    assert_true(decoder_create(parameters, &decoder) < 0);
    assert_null(decoder);
    parameters->extradata = NULL;
    avcodec_parameters_free(&parameters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_created_closed),
        cmocka_unit_test(test_no_such_decoder),
        cmocka_unit_test(test_refused_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
