/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A libavcodec decoder for one stream, as every stage wants it. Knows neither
 * where packets come from nor what becomes of the frames, and tells nothing:
 * the caller knows what can't be decoded. */
#ifndef REELPRESS_FLOW_DECODER_H
#define REELPRESS_FLOW_DECODER_H

#include <libavcodec/avcodec.h>

/* Allocates a decoder for `parameters`, on one thread and not yet open: the
 * caller sets what else it wants and calls avcodec_open2(decoder, NULL, NULL).
 * `*out` is freed by avcodec_free_context, NULL on failure.
 * AVERROR_DECODER_NOT_FOUND, AVERROR(ENOMEM), or what libavcodec says of the
 * parameters. */
int decoder_create(const AVCodecParameters *parameters, AVCodecContext **out);

#endif
