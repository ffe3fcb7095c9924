/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coded packets on disk: the form in which chunks of picture and whole sounds
 * lie in the store. Parameters, packets, then a JSON object of measures, then
 * a SHA-256 over all of it, so that damage is found when it is read.
 *
 * Picture packets have pts in ticks from the chunk's first frame and no dts
 * (the muxer's one rule makes them); no parameter sets, AUD or SEI inside.
 * Byte order is little-endian whatever the machine. */
#ifndef REELPRESS_FLOW_CHUNK_FILE_H
#define REELPRESS_FLOW_CHUNK_FILE_H

#include <jansson.h>
#include "base/log.h"
#include "flow/packet_sink.h"

struct chunk_writer;

/* A packet sink that writes `path` (under no final name: the store renames).
 * close without finish removes the file. */
int chunk_writer_create(struct log *log, const char *path,
                        struct chunk_writer **out);
struct packet_sink *chunk_writer_sink(struct chunk_writer *writer);
/* Measures to be written at finish; takes the reference. May be NULL. */
void chunk_writer_measures(struct chunk_writer *writer, json_t *measures);
void chunk_writer_destroy(struct chunk_writer **writer); /* after close */

/* A chunk file read whole and proven by its digest. */
struct chunk_file {
    AVCodecParameters *parameters;
    AVRational time_base;
    AVPacket **packets; /* in file (decode) order */
    size_t count;
    json_t *measures; /* an object; {} when none were written */
};

/* AVERROR(ENOENT) without a file, AVERROR_INVALIDDATA when it is damaged;
 * neither is told as an error: the caller makes it again. */
int chunk_file_load(struct log *log, const char *path, struct chunk_file **out);
void chunk_file_destroy(struct chunk_file **chunk);

#endif
