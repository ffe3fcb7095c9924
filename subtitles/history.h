/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where libass's picture depends on what it drew before: an event without a
 * place of its own is put clear of those that already stand, and stays there.
 * The moments at which such events start are stepped through in order, so that
 * a picture is the same wherever drawing begins and at whatever rate. */
#ifndef REELPRESS_SUBTITLES_HISTORY_H
#define REELPRESS_SUBTITLES_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ass/ass.h>

struct history_moment {
    int64_t ms;
    bool alone; /* nothing that started before still shows */
};

struct history {
    struct history_moment *moments; /* starts of unplaced events, rising */
    size_t count;
    size_t next; /* first that was not stepped through */
    bool begun;
};

/* Finds the moments of a track; none when all its events are placed or never
 * overlap. 0 or AVERROR(ENOMEM). */
int history_init(struct history *history, const ASS_Track *track);
void history_clear(struct history *history);
/* Hands out, one by one, the moments that must be drawn before `ms`; false:
 * no more. Asked in rising time. */
bool history_step(struct history *history, int64_t ms, int64_t *moment);

#endif
