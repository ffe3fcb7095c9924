/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AAC-LC through libavcodec's own encoder, and back, block by block. The
 * encoder's priming stays in the packets, with stamps before zero: the muxer's
 * edit list hides it. */
#ifndef REELPRESS_SOUND_AAC_H
#define REELPRESS_SOUND_AAC_H

#include <stddef.h>
#include <stdint.h>
#include <libavcodec/codec_par.h>
#include <libavcodec/packet.h>
#include "base/log.h"
#include "sound/pcm.h"

struct aac {
    AVCodecParameters *parameters; /* initial_padding set */
    AVPacket **packets;            /* pts from -initial_padding, in 1/48000 */
    size_t count;
};

struct aac_encoder;

/* Log and `out`, which is filled, are lent until destroy. */
int aac_encoder_create(struct log *log, int64_t bit_rate_bps, struct aac *out,
                       struct aac_encoder **encoder);
/* Takes the next block, of any size; `encoder` is a struct aac_encoder. */
int aac_encoder_take(void *encoder, const struct pcm *block);
int aac_encoder_finish(struct aac_encoder *encoder);
void aac_encoder_destroy(struct aac_encoder **encoder);

/* What a player hears, to the taker: as many samples as were encoded. */
int aac_decode(struct log *log, const struct aac *aac, int64_t count,
               int (*take)(void *taker, const struct pcm *block), void *taker);
void aac_clear(struct aac *aac);

#endif
