/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One worker as main sees it: a process, its socket, the item that it has.
 * For worker*.c. */
#ifndef REELPRESS_BASE_WORKER_SLOT_H
#define REELPRESS_BASE_WORKER_SLOT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/buffer.h"
#include "base/worker.h"

struct slot {
    pid_t pid;  /* 0: no process */
    int socket; /* main's end, not blocking; -1 without a process */
    int served; /* items since the fork */
    const struct worker_duty *duty; /* that it was forked for */
    bool is_busy;
    struct worker_item item; /* while busy; its request is owned */
    int attempt;             /* of the item, from 1 */
    int64_t units;           /* told of the item so far */
    int64_t deadline;        /* on slot_now's clock; 0 none */
    struct buffer out;       /* the request on its way */
    size_t sent;
    struct buffer in; /* frames not yet complete */
};

/* Milliseconds of the monotonic clock. */
int64_t slot_now(void);

/* Forks a worker into an empty slot. `slots` are all of main's, so that the
 * worker can close what is theirs. 0, or the AVERROR of the fork. */
int slot_fork(struct slot *slot, struct slot *slots, int count,
              const struct worker_duty *duty, const struct log *log);
/* Something has come that was not read yet. */
bool slot_has_news(const struct slot *slot);
/* The item's time begins anew. */
void slot_renew(struct slot *slot);
/* Hands the slot's item over; what does not go at once is sent by slot_send. */
void slot_begin(struct slot *slot);
void slot_send(struct slot *slot); /* a dead worker shows when reading */
/* Reads what has come. 0, or AVERROR_EOF when the worker is gone. */
int slot_receive(struct slot *slot);
/* Ends the process after at most `grace_ms` for an end of its own; returns
 * the wait status, or -1 when it could not be had. The item stays. */
int slot_end(struct slot *slot, int grace_ms);
void slot_drop_item(struct slot *slot);

#endif
