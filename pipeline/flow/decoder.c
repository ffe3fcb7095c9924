/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the way to a decoder that is not open yet. */
#include "flow/decoder.h"

int decoder_create(const AVCodecParameters *parameters, AVCodecContext **out)
{
    *out = NULL;
    const AVCodec *codec = avcodec_find_decoder(parameters->codec_id);
    if (!codec)
        return AVERROR_DECODER_NOT_FOUND;
    AVCodecContext *decoder = avcodec_alloc_context3(codec);
    if (!decoder)
        return AVERROR(ENOMEM);
    int ret = avcodec_parameters_to_context(decoder, parameters);
    if (ret < 0) {
        avcodec_free_context(&decoder);
        return ret;
    }
    /* Cores are filled by workers, each on one chunk. */
    decoder->thread_count = 1;
    *out = decoder;
    return 0;
}
