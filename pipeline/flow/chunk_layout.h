/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a chunk file lies on disk, for its writer and its reader alone:
 *
 *   magic | values, 8 bytes each | extradata: size, bytes
 *   { 'P' pts dts duration (8 each) flags size (4 each) bytes }*
 *   'M' size, JSON | SHA-256 over all before
 *
 * Packets have no count in front, so that they can be written as they come. */
#ifndef REELPRESS_FLOW_CHUNK_LAYOUT_H
#define REELPRESS_FLOW_CHUNK_LAYOUT_H

#include <stdint.h>
#include <libavcodec/codec_par.h>
#include <libavutil/rational.h>

#define CHUNK_MAGIC         "RPCHUNK1" /* changes when the layout does */
#define CHUNK_MAGIC_BYTES   8
#define CHUNK_MARK_PACKET   'P'
#define CHUNK_MARK_MEASURES 'M'

/* The stream's facts as a fixed row of numbers: new ones are put at the end
 * and change the magic. */
#define CHUNK_VALUES 22

void chunk_values_get(const AVCodecParameters *parameters, AVRational time_base,
                      int64_t values[CHUNK_VALUES]);
void chunk_values_set(const int64_t values[CHUNK_VALUES],
                      AVCodecParameters *parameters, AVRational *time_base);

#endif
