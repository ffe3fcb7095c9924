/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The few of libavfilter's filters that conforming uses, behind one type:
 * repacking to planes, deinterlacing, turning. On one thread. */
#ifndef REELPRESS_RENDER_CONFORM_GRAPH_H
#define REELPRESS_RENDER_CONFORM_GRAPH_H

#include <stdbool.h>
#include <libavutil/frame.h>
#include "base/buffer.h"
#include "ingest/recording.h"

struct conform_graph;

/* Appends the filters that pictures of `format` need; nothing if none. */
void conform_graph_describe(const struct picture_stream *facts, bool fields,
                            enum AVPixelFormat format, struct buffer *out);
/* For frames like `first`. */
int conform_graph_create(const AVFrame *first, const char *filters,
                         struct conform_graph **out);
void conform_graph_destroy(struct conform_graph **graph);
/* Takes the frame; NULL: no more come. pts counts index frames. */
int conform_graph_push(struct conform_graph *graph, AVFrame *frame);
/* AVERROR(EAGAIN), AVERROR_EOF or a frame; its pts is a position. */
int conform_graph_pull(struct conform_graph *graph, AVFrame **out);

#endif
