/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The coded pictures of one recording: an open file that lands exactly on a
 * packet of the index, and says which frame a packet carries. Decodes nothing.
 * Not thread-safe. */
#ifndef REELPRESS_RENDER_DEMUXED_H
#define REELPRESS_RENDER_DEMUXED_H

#include <stdbool.h>
#include <stddef.h>
#include <libavformat/avformat.h>
#include "base/log.h"
#include "ingest/recording.h"

struct demuxed {
    const struct recording *recording; /* lent */
    AVFormatContext *format;           /* owned */
    AVStream *stream;                  /* the picture's; of the format */
    AVPacket *packet; /* owned; the one to be given next, if `ready` */
    bool ready;
    int64_t last_dts, last_position; /* of the last packet that was read */
};

int demuxed_open(struct log *log, const struct recording *recording,
                 struct demuxed *out);
void demuxed_close(struct demuxed *demuxed);
/* The next packet given will be number `entry` of the index. */
int demuxed_seek(struct demuxed *demuxed, struct log *log, size_t entry);
/* The next packet of the picture in demuxed->packet, to be unreferenced by the
 * caller. AVERROR_EOF at the end, and with a warning where the file is damaged
 * so that nothing more can be had of it; an error of the medium before the
 * index's last packet, told. */
int demuxed_next(struct demuxed *demuxed, struct log *log);

/* The frame of the index that a packet carries, by its time stamps; -1 when
 * there is none (a second field, a packet the index doesn't know). */
int64_t demuxed_frame(const struct demuxed *demuxed, const AVPacket *packet);
/* The frame that packet number `packet` of the index carries, or -1. */
int64_t demuxed_frame_of(const struct index *index, size_t packet);

#endif
