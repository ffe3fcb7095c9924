/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contract between coded stages: as frame_sink.h, with packets. Time
 * stamps and durations are in the time base given to open. */
#ifndef REELPRESS_FLOW_PACKET_SINK_H
#define REELPRESS_FLOW_PACKET_SINK_H

#include <libavcodec/codec_par.h>
#include <libavcodec/packet.h>
#include <libavutil/rational.h>

struct packet_sink {
    const struct packet_sink_ops *ops;
};

struct packet_sink_ops {
    int (*open)(struct packet_sink *sink, const AVCodecParameters *parameters,
                AVRational time_base);
    int (*push)(struct packet_sink *sink, AVPacket *packet); /* takes it */
    int (*finish)(struct packet_sink *sink);
    void (*close)(struct packet_sink *sink);
};

#endif
