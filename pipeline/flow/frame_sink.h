/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contract between picture stages.
 *
 * A stage embeds a struct frame_sink by value and finds itself again by
 * container_of. Pictures are pushed, not pulled: one call stack from the reader
 * to the encoder, on one thread, so that a stack trace tells the whole story.
 *
 *     open(format) ▸ push(frame)* ▸ finish() ▸ close()
 *
 * - open    says what the pictures will be like. A stage opens the next sink
 *           last, when it is ready itself, and undoes its own part if that
 *           fails. After a failed open no other call follows.
 * - push    takes the frame: the callee owns the reference from the call on,
 *           even when it fails. 0 go on; AVERROR_EOF enough, push no more; any
 *           other negative code: failed, already told to the log.
 *           frame->pts counts the format's ticks, rising by one, from the
 *           chunk's first frame (0).
 * - finish  at most once, and only when nothing failed: flush what is held
 *           back. AVERROR_EOF from push does not forbid it.
 * - close   always after a successful open, exactly once; cannot fail; removes
 *           what is unfinished when finish was not called.
 *
 * A stage that draws makes the frame writable first, which copies only when
 * the picture is shared; a fan-out hands references to all but the last. */
#ifndef REELPRESS_FLOW_FRAME_SINK_H
#define REELPRESS_FLOW_FRAME_SINK_H

#include <stddef.h>
#include <libavutil/frame.h>
#include <libavutil/pixfmt.h>
#include <libavutil/rational.h>

#define container_of(pointer, type, member)                                    \
    ((type *)((char *)(pointer)-offsetof(type, member)))

struct frame_format {
    int width, height; /* stored pixels */
    enum AVPixelFormat format;
    AVRational rate; /* ticks; 0/1 where frames carry source time */
    AVRational sar;
    enum AVColorSpace matrix;
    enum AVColorRange range;
    enum AVColorPrimaries primaries;
    enum AVColorTransferCharacteristic transfer;
    enum AVChromaLocation chroma;
};

struct frame_sink {
    const struct frame_sink_ops *ops;
};

struct frame_sink_ops {
    int (*open)(struct frame_sink *sink, const struct frame_format *format);
    int (*push)(struct frame_sink *sink, AVFrame *frame);
    int (*finish)(struct frame_sink *sink);
    void (*close)(struct frame_sink *sink);
};

#endif
