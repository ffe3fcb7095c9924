/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a coded packet is, told by its own bits: whether decoding can start at
 * it, whether it is shown, whether it begins a picture. A container's key
 * flag alone says too little: recovery points and CRAs bear it too. */
#ifndef REELPRESS_INGEST_PACKET_KIND_H
#define REELPRESS_INGEST_PACKET_KIND_H

#include <stdbool.h>
#include <stdint.h>
#include <libavcodec/avcodec.h>
#include "ingest/index.h"

struct packet_kind {
    enum index_entry entry;
    bool hidden;    /* decoded but never shown: VP8's and VP9's references */
    bool continues; /* second field or further part of the picture before */
    bool damaged; /* no picture can be found in it, and its units do not add up
                   */
    bool bidirectional; /* a B picture, where order is unknown */
    bool has_order;     /* order is known: the picture order count */
    int64_t order;      /* ascends in order of display from IDR to IDR */
};

struct packet_reader {
    const AVCodecDescriptor *codec;
    int length_size; /* bytes of a NAL unit's length; 0: start codes */
    AVCodecParserContext *parser; /* NULL: the codec needs none */
    AVCodecContext *context;      /* parameters for the parser */
    int first_field; /* AV_PICTURE_STRUCTURE_* that waits for its second */
};

int packet_reader_init(struct packet_reader *reader,
                       const AVCodecParameters *parameters);
void packet_reader_clear(struct packet_reader *reader);
/* In file order: packets are read one after the other. */
void packet_reader_read(struct packet_reader *reader, const AVPacket *packet,
                        struct packet_kind *out);
/* Whether a picture that the file lets be entered openly, but that no earlier
 * shown picture follows, is a closed entry: so where a picture refers to its
 * nearest neighbours only (MPEG-1, -2, -4), not where it may reach back. */
bool packet_reader_refers_near(const struct packet_reader *reader);

#endif
