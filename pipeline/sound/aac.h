/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AAC-LC through libavcodec's own encoder, whole sounds at once, and back. The
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

int aac_encode(struct log *log, const struct pcm *pcm, int64_t bit_rate_bps,
               struct aac *out);
/* What a player hears: as many samples as were encoded. */
int aac_decode(struct log *log, const struct aac *aac, int64_t count,
               struct pcm *out);
void aac_clear(struct aac *aac);

#endif
