/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets as they are read, gathered to the rows of an index. Shared by those
 * who build one, nobody else's. In workers only. */
#ifndef REELPRESS_INGEST_INDEX_ROWS_H
#define REELPRESS_INGEST_INDEX_ROWS_H

#include <stdbool.h>
#include <stdint.h>
#include <libavformat/avformat.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "base/log.h"
#include "ingest/index.h"
#include "ingest/index_frames.h"
#include "ingest/packet_kind.h"

/* When a packet of sound is heard, in flicks before the zero is taken off. */
struct sound_note {
    int64_t from, to;
    bool counts; /* it is heard, and its time is believed */
};

struct rows {
    const char *path; /* lent */
    AVFormatContext *format;
    AVStream *video, *sound; /* NULL: none */
    struct packet_reader reader;
    struct buffer packets; /* of struct index_packet */
    struct buffer notes;   /* of struct index_note, one per packet */
    struct buffer sounds;  /* of struct index_sound */
    struct buffer heard;   /* of struct sound_note, one per sound */
    uint32_t group;
};

/* Opens the recording and leaves out its other streams. */
int rows_open(struct rows *rows, struct log *log, const char *path, int video,
              int sound);
/* The open file anew, from its begin: a seek there is not the same. */
int rows_reopen(struct rows *rows);
void rows_close(struct rows *rows);
/* Forgets all rows, and what the packets before said of those to come. */
int rows_restart(struct rows *rows);

void rows_add_picture(struct rows *rows, const AVPacket *packet);
void rows_add_sound(struct rows *rows, const AVPacket *packet);

size_t rows_packets(const struct rows *rows);
size_t rows_sounds(const struct rows *rows);
struct index_packet *rows_packet(const struct rows *rows, size_t i);
struct index_note *rows_note(const struct rows *rows, size_t i);
struct sound_note *rows_heard(const struct rows *rows, size_t i);
/* Drops what was added after there were so many. */
void rows_cut(struct rows *rows, size_t packets, size_t sounds);

/* The rows as arrays of an index, in the arena, and the recording's zero and
 * time bases. The frames are left to index_make_frames and its kin. */
void rows_fill(const struct rows *rows, struct index *index,
               struct arena *arena);
/* From the first sample that is heard to the last, without the zero taken off;
 * false when none is. */
bool rows_sound_span(const struct rows *rows, int64_t *from, int64_t *to);
struct index_hints rows_hints(const struct rows *rows);

#endif
