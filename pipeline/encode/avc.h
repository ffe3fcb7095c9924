/* SPDX-License-Identifier: GPL-3.0-or-later */
/* H.264 as bytes: start codes to four-byte lengths, parameter sets to the
 * decoder configuration of MP4 (ISO/IEC 14496-15, 5.3.3.1). It knows NAL unit
 * types (ITU-T H.264, table 7-1) and reads no slice. */
#ifndef REELPRESS_ENCODE_AVC_H
#define REELPRESS_ENCODE_AVC_H

#include <stddef.h>
#include <stdint.h>
#include <libavcodec/packet.h>
#include "base/buffer.h"

enum avc_nal {
    AVC_IDR = 5,
    AVC_SEI = 6,
    AVC_SPS = 7,
    AVC_PPS = 8,
    AVC_AUD = 9
};

/* The next NAL unit of an Annex B run that begins at `*at`: its bytes without
 * start code and trailing zeros, and `*at` moved behind it. NULL at the end. */
const uint8_t *avc_next(const uint8_t **at, const uint8_t *end, size_t *size);

/* Annex B to lengths, dropping parameter sets, SEI, AUD and filler. A new
 * packet with the same stamps; the old one is lent. */
int avc_normalise(const AVPacket *packet, AVPacket **out);

/* avcC from Annex B extradata, appended; AVERROR_INVALIDDATA when it lacks an
 * SPS or a PPS. 8 bit 4:2:0 is what our encoder makes. */
int avc_configuration(const uint8_t *extradata, size_t size,
                      struct buffer *out);

#endif
