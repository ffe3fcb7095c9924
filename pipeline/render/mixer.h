/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two pictures weighted into one: what fades and dissolves share. */
#ifndef REELPRESS_RENDER_MIXER_H
#define REELPRESS_RENDER_MIXER_H

#include <stdint.h>
#include <libavutil/frame.h>

/* A run of ticks over which a transition goes; a chunk may be a part of it. */
struct mix_ramp {
    int64_t first;  /* the chunk's first tick, counted from the ramp's */
    int64_t length; /* ticks of the whole ramp, from 1 */
};

#define MIX_ONE 65536

/* The second picture's weight at the middle of a tick, in 1/65536: a ramp of n
 * ticks takes 1/2n, 3/2n, … and is the same backwards. */
int mix_weight(const struct mix_ramp *ramp, int64_t tick);

/* YUV420P of one size, all: to = (1 - weight) a + weight b, rounded. `a` or `b`
 * NULL: limited range black. `to` may be one of them. */
void mix_pictures(AVFrame *to, const AVFrame *a, const AVFrame *b, int weight);

#endif
