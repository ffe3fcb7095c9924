/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The finished film's packets, read once in file order: pictures held against
 * the chunks they came from and decoded over the seams, sound heard in full. */
#ifndef REELPRESS_CHECK_FILM_PACKETS_H
#define REELPRESS_CHECK_FILM_PACKETS_H

#include <stdbool.h>
#include <libavformat/avformat.h>
#include "base/log.h"
#include "check/listener.h"
#include "check/watcher.h"
#include "flow/chunk_file.h"
#include "plan/plan.h"

struct film {
    struct log *log;
    const char *path;
    const struct rendition *rendition;
    const char *const *chunk_paths;
    size_t chunk_count;
    bool full; /* decode everything, not the seams only */

    AVFormatContext *format;
    const AVStream *picture, *sound; /* NULL: none */
    struct watcher watcher;
    struct listener listener;

    /* The run through the pictures. */
    size_t chunk;            /* the one that packets belong to now */
    int64_t in_chunk;        /* packets seen of it */
    struct chunk_file *part; /* it, read back; NULL: between two */
    /* From the last IDR on, some: a seam's decode begins there. */
    AVPacket **gop;
    size_t gop_count;
    uint8_t *seen; /* one per tick: its picture came */
    int64_t pictures, last_dts, picture_bytes;
    int64_t fed; /* packets decoded */
};

/* Opens the file and its decoders; film_close in both cases. */
int film_open(struct film *film);
/* Reads all packets. What differs from the chunks or from the uniform clock is
 * told here. */
int film_read(struct film *film);
void film_close(struct film *film);

#endif
