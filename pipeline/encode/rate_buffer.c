/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the arithmetic of the rate buffer over a whole film (declared with the
 * muxer, whose packets it counts). Knows sizes only. */
#include "encode/muxer.h"

#include <libavutil/common.h>

/* The mean over each run of about a second of pictures, the highest of all. */
static int64_t find_peak(const struct rendition *rendition,
                         const int *const *sizes, const size_t *counts,
                         size_t chunk_count)
{
    AVRational rate = rendition->timeline->rate;
    int64_t window = FFMAX((rate.num + rate.den / 2) / rate.den, 1);
    int64_t sum = 0, most = 0, seen = 0;
    size_t tail_chunk = 0, tail = 0;
    for (size_t i = 0; i < chunk_count; i++) {
        for (size_t k = 0; k < counts[i]; k++) {
            sum += sizes[i][k];
            seen++;
            if (seen > window) {
                while (tail >= counts[tail_chunk]) {
                    tail_chunk++;
                    tail = 0;
                }
                sum -= sizes[tail_chunk][tail++];
            }
            most = FFMAX(most, sum);
        }
    }
    int64_t pictures = FFMIN(seen, window);
    return pictures ? av_rescale(most * 8, rate.num, rate.den * pictures) : 0;
}

/* In units of bits x rate.num everything is a whole number: a tick brings
 * max_rate x rate.den. A picture leaves the buffer at once, at its own time;
 * the buffer takes no more than it holds (VBR, annex C.1). */
int muxer_rate_offender(const struct rendition *rendition,
                        const int *const *sizes, const size_t *counts,
                        size_t chunk_count, int *since, int64_t *peak_bps)
{
    const struct preset *preset = rendition->preset;
    AVRational rate = rendition->timeline->rate;
    if (peak_bps)
        *peak_bps = find_peak(rendition, sizes, counts, chunk_count);
    if (!preset->max_rate_bps || !preset->buffer_bits)
        return -1;
    int64_t room = preset->buffer_bits * rate.num;
    int64_t fill = room / 1000 * fill_ladder(preset)[FILL_FIRST];
    *since = 0;
    for (size_t i = 0; i < chunk_count; i++) {
        for (size_t k = 0; k < counts[i]; k++) {
            fill -= (int64_t)sizes[i][k] * 8 * rate.num;
            if (fill < 0)
                return (int)i;
            fill += preset->max_rate_bps * rate.den;
            if (fill >= room) {
                fill = room;
                *since = (int)(k + 1 < counts[i] ? i : i + 1);
            }
        }
    }
    return -1;
}

int muxer_rate_step(const struct chunk_setting *settings, int since,
                    int offender, struct chunk_setting *next)
{
    *next = settings[offender];
    if (next->fill_step + 1 < FILL_STEPS) {
        next->fill_step++;
        return offender;
    }
    int chunk = offender;
    if (chunk > since &&
        settings[chunk - 1].rate_step < settings[chunk].rate_step)
        chunk--;
    while (chunk >= since && settings[chunk].rate_step == RATE_STEPS)
        chunk--;
    if (chunk < since)
        return -1;
    *next = settings[chunk];
    next->rate_step++;
    return chunk;
}
