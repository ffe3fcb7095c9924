/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the repacking of H.264 from start codes to lengths. Refuses to know
 * what is in a slice. */
#include "encode/avc.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <libavcodec/defs.h>
#include <libavutil/error.h>
#include <libavutil/intreadwrite.h>

#define AVC_PROFILE_HIGH 100

/* The 00 00 01 at or after `at`; `end` when there is none. */
static const uint8_t *avc_start_code(const uint8_t *at, const uint8_t *end)
{
    for (; end - at >= 3; at++) {
        if (!at[0] && !at[1] && at[2] == 1)
            return at;
    }
    return end;
}

const uint8_t *avc_next(const uint8_t **at, const uint8_t *end, size_t *size)
{
    const uint8_t *code = avc_start_code(*at, end);
    if (code == end)
        return NULL;
    const uint8_t *unit = code + 3;
    const uint8_t *stop = avc_start_code(unit, end);
    *at = stop;
    /* A zero before the next start code belongs to that (zero_byte). */
    while (stop > unit && !stop[-1])
        stop--;
    *size = (size_t)(stop - unit);
    return *size ? unit : avc_next(at, end, size);
}

static bool avc_is_slice(const uint8_t *unit)
{
    int type = unit[0] & 0x1f;
    return type >= 1 && type <= AVC_IDR;
}

int avc_normalise(const AVPacket *packet, AVPacket **out)
{
    /* Lengths take four bytes where start codes take three or four. */
    const uint8_t *end = packet->data + packet->size;
    size_t total = 0, size = 0;
    for (const uint8_t *at = packet->data, *unit;
         (unit = avc_next(&at, end, &size));)
        total += avc_is_slice(unit) ? size + 4 : 0;
    if (!total || total > INT32_MAX - AV_INPUT_BUFFER_PADDING_SIZE)
        return AVERROR_INVALIDDATA;

    AVPacket *made = av_packet_alloc();
    int ret = made ? av_new_packet(made, (int)total) : AVERROR(ENOMEM);
    if (ret < 0) {
        av_packet_free(&made);
        return ret;
    }
    uint8_t *to = made->data;
    for (const uint8_t *at = packet->data, *unit;
         (unit = avc_next(&at, end, &size));) {
        if (!avc_is_slice(unit))
            continue;
        AV_WB32(to, (uint32_t)size);
        memcpy(to + 4, unit, size);
        to += size + 4;
    }
    made->pts = packet->pts;
    made->flags = packet->flags;
    made->duration = packet->duration;
    *out = made;
    return 0;
}

/* All units of one type, each with its 16-bit length; the first is lent. */
static int avc_put_sets(const uint8_t *extradata, const uint8_t *end, int type,
                        struct buffer *out, const uint8_t **first)
{
    int count = 0;
    size_t size = 0;
    *first = NULL;
    for (const uint8_t *at = extradata, *unit;
         (unit = avc_next(&at, end, &size));) {
        if ((unit[0] & 0x1f) != type)
            continue;
        if (size < 4 && type == AVC_SPS)
            return AVERROR_INVALIDDATA;
        if (size > UINT16_MAX)
            return AVERROR_INVALIDDATA;
        uint8_t length[2];
        AV_WB16(length, (uint16_t)size);
        buffer_append(out, length, sizeof(length));
        buffer_append(out, unit, size);
        if (!*first)
            *first = unit;
        count++;
    }
    return count ? count : AVERROR_INVALIDDATA;
}

int avc_configuration(const uint8_t *extradata, size_t size, struct buffer *out)
{
    const uint8_t *end = extradata + size, *sps = NULL, *pps = NULL;
    struct buffer sequence = {0}, picture = {0};
    int sps_count = avc_put_sets(extradata, end, AVC_SPS, &sequence, &sps);
    int pps_count = avc_put_sets(extradata, end, AVC_PPS, &picture, &pps);
    int ret = sps_count < 0 ? sps_count : pps_count < 0 ? pps_count : 0;
    if (ret >= 0) {
        const uint8_t head[] = {1,      sps[1], sps[2],
                                sps[3], 0xff,   (uint8_t)(0xe0 | sps_count)};
        buffer_append(out, head, sizeof(head));
        buffer_append(out, sequence.data, sequence.size);
        buffer_append(out, &(uint8_t){(uint8_t)pps_count}, 1);
        buffer_append(out, picture.data, picture.size);
        /* chroma_format 1, both depths 8, no SPS extensions */
        if (sps[1] >= AVC_PROFILE_HIGH)
            buffer_append(out, (const uint8_t[]){0xfd, 0xf8, 0xf8, 0}, 4);
    }
    buffer_clear(&sequence);
    buffer_clear(&picture);
    return ret;
}
