/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture encoder: a frame sink that feeds libx264 through libavcodec and
 * hands normalised packets (no parameter sets, SEI, AUD; four-byte lengths as
 * in MP4; pts in ticks) to a packet sink. A fresh one per chunk. */
#ifndef REELPRESS_ENCODE_ENCODER_H
#define REELPRESS_ENCODE_ENCODER_H

#include <stdbool.h>
#include "base/log.h"
#include "flow/frame_sink.h"
#include "flow/packet_sink.h"

struct encoder;

/* `parameters` is plan's rendition_encoder() string. `odd` asks for the other
 * idr_pic_id: two IDRs in a row (a chunk of one picture) need different ones.
 * The sink is lent and must outlive the encoder. */
int encoder_create(struct log *log, const char *parameters, bool odd,
                   struct packet_sink *target, struct encoder **out);
struct frame_sink *encoder_sink(struct encoder *encoder);
void encoder_destroy(struct encoder **encoder); /* after close */

#endif
