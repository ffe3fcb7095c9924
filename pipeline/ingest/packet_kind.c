/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the first bytes of coded pictures. Owns what each codec's bits say of
 * entry points; knows nothing of times and files. */
#include "ingest/packet_kind.h"

#include <string.h>

/* H.264 7.4.1, HEVC 7.4.2.2 */
enum { H264_SLICE = 1, H264_IDR = 5 };
enum { HEVC_BLA_FIRST = 16, HEVC_IDR_W = 19, HEVC_IDR_N = 20, HEVC_CRA = 21 };
#define HEVC_VCL_END 32
/* MPEG-2 6.2.1 */
enum { MPEG_PICTURE = 0x00, MPEG_GROUP = 0xb8 };

static int packet_length_size(const AVCodecParameters *parameters)
{
    const uint8_t *extra = parameters->extradata;
    const int size = parameters->extradata_size;
    if (parameters->codec_id == AV_CODEC_ID_H264 && size >= 7 && extra[0] == 1)
        return (extra[4] & 3) + 1; /* avcC, ISO 14496-15 5.3.3.1 */
    if (parameters->codec_id == AV_CODEC_ID_HEVC && size >= 23 &&
        (extra[0] || extra[1] || extra[2] > 1))
        return (extra[21] & 3) + 1; /* hvcC, 8.3.3.1 */
    return 0;
}

static bool packet_needs_parser(enum AVCodecID codec)
{
    switch (codec) {
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_HEVC:
    case AV_CODEC_ID_MPEG1VIDEO:
    case AV_CODEC_ID_MPEG2VIDEO:
    case AV_CODEC_ID_MPEG4:
    case AV_CODEC_ID_VC1:
        return true;
    default:
        return false;
    }
}

int packet_reader_init(struct packet_reader *reader,
                       const AVCodecParameters *parameters)
{
    *reader = (struct packet_reader){0};
    reader->codec = avcodec_descriptor_get(parameters->codec_id);
    reader->length_size = packet_length_size(parameters);
    if (!packet_needs_parser(parameters->codec_id))
        return 0;
    reader->parser = av_parser_init(parameters->codec_id);
    reader->context = avcodec_alloc_context3(NULL);
    if (!reader->parser || !reader->context)
        goto failed;
    reader->parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
    if (avcodec_parameters_to_context(reader->context, parameters) < 0)
        goto failed;
    return 0;
failed:
    packet_reader_clear(reader);
    return AVERROR(ENOMEM);
}

void packet_reader_clear(struct packet_reader *reader)
{
    if (reader->parser)
        av_parser_close(reader->parser);
    avcodec_free_context(&reader->context);
    *reader = (struct packet_reader){0};
}

bool packet_reader_refers_near(const struct packet_reader *reader)
{
    const enum AVCodecID id =
        reader->codec ? reader->codec->id : AV_CODEC_ID_NONE;
    return id == AV_CODEC_ID_MPEG1VIDEO || id == AV_CODEC_ID_MPEG2VIDEO ||
           id == AV_CODEC_ID_MPEG4 || id == AV_CODEC_ID_VC1 ||
           id == AV_CODEC_ID_WMV3;
}

/* The byte after the next 00 00 01, or NULL. */
static const uint8_t *packet_start_code(const uint8_t *at, const uint8_t *end)
{
    while (end - at >= 4) {
        const uint8_t *one = memchr(at + 2, 1, (size_t)(end - at - 3));
        if (!one)
            return NULL;
        if (one[-1] == 0 && one[-2] == 0)
            return one + 1;
        at = one - 1;
    }
    return NULL;
}

/* Steps to the next NAL unit's first byte; NULL at the end. `*next` is where
 * to go on. Without a length size units stand behind start codes. */
static const uint8_t *packet_nal(int length_size, const uint8_t **next,
                                 const uint8_t *end)
{
    if (length_size == 0) {
        *next = packet_start_code(*next, end);
        return *next;
    }
    size_t length = 0;
    if (end - *next <= length_size)
        return NULL;
    for (int i = 0; i < length_size; i++)
        length = length << 8 | (*next)[i];
    const uint8_t *nal = *next + length_size;
    if (length == 0 || length > (size_t)(end - nal))
        return NULL;
    *next = nal + length;
    return nal;
}

static const uint8_t *packet_find_picture(const uint8_t *next,
                                          const uint8_t *end, bool hevc,
                                          int length_size)
{
    const uint8_t *nal;
    while ((nal = packet_nal(length_size, &next, end))) {
        const int type = hevc ? nal[0] >> 1 & 0x3f : nal[0] & 0x1f;
        if (end - nal >= 3 && (hevc ? type < HEVC_VCL_END
                                    : type >= H264_SLICE && type <= H264_IDR))
            return nal;
    }
    return NULL;
}

/* The first NAL unit that holds picture data; NULL without. Some writers wrap
 * a whole start-code stream into one length: decoders take that too. The
 * length itself could read as a start code and is stepped over. */
static const uint8_t *packet_picture_nal(const struct packet_reader *reader,
                                         const AVPacket *packet)
{
    const bool hevc = reader->codec->id == AV_CODEC_ID_HEVC;
    const int length_size = reader->length_size;
    const uint8_t *end = packet->data + packet->size;
    const uint8_t *nal =
        packet_find_picture(packet->data, end, hevc, length_size);
    if (nal || length_size == 0 || packet->size <= length_size)
        return nal;
    return packet_find_picture(packet->data + length_size, end, hevc, 0);
}

/* Of units with lengths, whether they fill the packet: what was overwritten or
 * never written does not. */
static bool packet_adds_up(int length_size, const AVPacket *packet)
{
    const uint8_t *next = packet->data, *end = packet->data + packet->size;
    while (length_size && next < end) {
        if (!packet_nal(length_size, &next, end))
            return false;
    }
    return true;
}

static bool packet_is_damaged(const struct packet_reader *reader,
                              const AVPacket *packet)
{
    const enum AVCodecID id = reader->codec->id;
    return (id == AV_CODEC_ID_H264 || id == AV_CODEC_ID_HEVC) &&
           !packet_picture_nal(reader, packet) &&
           !packet_adds_up(reader->length_size, packet);
}

/* A packet that goes on with the picture of the one before: a slice that
 * doesn't lie at the picture's begin, or no begin of a picture at all. */
static bool packet_is_remainder(const struct packet_reader *reader,
                                const AVPacket *packet)
{
    const uint8_t *end = packet->data + packet->size;
    const uint8_t *at = packet->data;
    switch (reader->codec->id) {
    case AV_CODEC_ID_H264: /* first_mb_in_slice, ue(v): 0 is one bit 1 */
        at = packet_picture_nal(reader, packet);
        return !at || !(at[1] & 0x80);
    case AV_CODEC_ID_HEVC: /* first_slice_segment_in_pic_flag */
        at = packet_picture_nal(reader, packet);
        return !at || !(at[2] & 0x80);
    case AV_CODEC_ID_MPEG1VIDEO:
    case AV_CODEC_ID_MPEG2VIDEO:
        while ((at = packet_start_code(at, end)))
            if (*at == MPEG_PICTURE)
                return false;
        return true;
    default:
        return false;
    }
}

static enum index_entry packet_h264_entry(const struct packet_reader *reader,
                                          const AVPacket *packet)
{
    const uint8_t *nal = packet_picture_nal(reader, packet);
    if (nal && (nal[0] & 0x1f) == H264_IDR)
        return ENTRY_IDR;
    if (!(packet->flags & AV_PKT_FLAG_KEY))
        return ENTRY_NONE;
    /* Some writers flag every packet: then only an I picture or a recovery
     * point is one. */
    return reader->parser->pict_type == AV_PICTURE_TYPE_I ||
                   reader->parser->key_frame == 1
               ? ENTRY_OPEN
               : ENTRY_NONE;
}

static enum index_entry packet_hevc_entry(const struct packet_reader *reader,
                                          const AVPacket *packet)
{
    const uint8_t *nal = packet_picture_nal(reader, packet);
    const int type = nal ? nal[0] >> 1 & 0x3f : -1;
    if (type == HEVC_IDR_W || type == HEVC_IDR_N)
        return ENTRY_IDR;
    return type >= HEVC_BLA_FIRST && type <= HEVC_CRA ? ENTRY_OPEN : ENTRY_NONE;
}

/* A GOP header before the picture may say that the GOP is closed. */
static enum index_entry packet_mpeg2_entry(const struct packet_reader *reader,
                                           const AVPacket *packet)
{
    const uint8_t *end = packet->data + packet->size;
    const uint8_t *at = packet->data;
    if (reader->parser->pict_type != AV_PICTURE_TYPE_I &&
        !(packet->flags & AV_PKT_FLAG_KEY))
        return ENTRY_NONE;
    while ((at = packet_start_code(at, end)) && *at != MPEG_PICTURE)
        if (*at == MPEG_GROUP && end - at >= 5)
            return at[4] & 0x40 ? ENTRY_IDR : ENTRY_OPEN;
    return ENTRY_OPEN;
}

static enum index_entry packet_entry(const struct packet_reader *reader,
                                     const AVPacket *packet)
{
    const bool key = packet->flags & AV_PKT_FLAG_KEY;
    if (!reader->codec)
        return key ? ENTRY_OPEN : ENTRY_NONE;
    switch (reader->codec->id) {
    case AV_CODEC_ID_H264:
        return packet_h264_entry(reader, packet);
    case AV_CODEC_ID_HEVC:
        return packet_hevc_entry(reader, packet);
    case AV_CODEC_ID_MPEG1VIDEO:
    case AV_CODEC_ID_MPEG2VIDEO:
        return packet_mpeg2_entry(reader, packet);
    case AV_CODEC_ID_VP8: /* RFC 6386 9.1 */
        return packet->data[0] & 1 ? ENTRY_NONE : ENTRY_IDR;
    case AV_CODEC_ID_VP9:
    case AV_CODEC_ID_AV1:
        return key ? ENTRY_IDR : ENTRY_NONE;
    default:
        break;
    }
    if (reader->codec->props & AV_CODEC_PROP_INTRA_ONLY)
        return ENTRY_IDR;
    /* AVI files whose list of key frames was lost flag none. */
    if (!key &&
        !(reader->parser && reader->parser->pict_type == AV_PICTURE_TYPE_I))
        return ENTRY_NONE;
    return reader->codec->props & AV_CODEC_PROP_REORDER ? ENTRY_OPEN
                                                        : ENTRY_IDR;
}

/* VP9 bitstream specification 6.2: marker, profile, show_existing_frame,
 * frame_type, show_frame. A superframe (annex B) always shows something. */
static bool packet_vp9_hidden(const AVPacket *packet)
{
    const uint8_t first = packet->data[0];
    const uint8_t last = packet->data[packet->size - 1];
    const bool profile3 = (first & 0x30) == 0x30;
    const int shift = profile3 ? 1 : 0; /* one reserved bit more */
    if ((last & 0xe0) == 0xc0 || first >> 6 != 2)
        return false;
    const bool existing = first >> (3 - shift) & 1;
    const bool shown = first >> (1 - shift) & 1;
    return !existing && !shown;
}

static bool packet_hidden(const struct packet_reader *reader,
                          const AVPacket *packet)
{
    if (!reader->codec)
        return false;
    if (reader->codec->id == AV_CODEC_ID_VP8)
        return !(packet->data[0] & 0x10);
    return reader->codec->id == AV_CODEC_ID_VP9 && packet_vp9_hidden(packet);
}

/* Two fields in one packet read as the same parity from packet to packet, so
 * only an opposite one can be a second. */
static bool packet_is_second_field(struct packet_reader *reader)
{
    const int structure = reader->parser->picture_structure;
    const int first = reader->first_field;
    reader->first_field = 0;
    if (structure != AV_PICTURE_STRUCTURE_TOP_FIELD &&
        structure != AV_PICTURE_STRUCTURE_BOTTOM_FIELD)
        return false;
    if (first && first != structure)
        return true;
    reader->first_field = structure;
    return false;
}

void packet_reader_read(struct packet_reader *reader, const AVPacket *packet,
                        struct packet_kind *out)
{
    *out = (struct packet_kind){0};
    if (packet->size <= 0) {
        out->hidden = true; /* AVI: the picture before stays on */
        return;
    }
    if (reader->parser) {
        uint8_t *data = NULL;
        int size = 0;
        av_parser_parse2(reader->parser, reader->context, &data, &size,
                         packet->data, packet->size, packet->pts, packet->dts,
                         packet->pos);
        out->bidirectional = reader->parser->pict_type == AV_PICTURE_TYPE_B;
        out->continues = packet_is_remainder(reader, packet) ||
                         packet_is_second_field(reader);
        out->damaged = packet_is_damaged(reader, packet);
        out->has_order = reader->codec->id == AV_CODEC_ID_H264 ||
                         reader->codec->id == AV_CODEC_ID_HEVC;
        out->order = reader->parser->output_picture_number;
    }
    out->hidden = packet_hidden(reader, packet);
    if (!out->continues)
        out->entry = packet_entry(reader, packet);
}
