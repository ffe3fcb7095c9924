/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between main and a worker: frames over a stream socket, both ends the same
 * program on the same machine, so numbers are as in memory. For worker*.c. */
#ifndef REELPRESS_BASE_WORKER_WIRE_H
#define REELPRESS_BASE_WORKER_WIRE_H

#include <stdint.h>
#include "base/buffer.h"
#include "base/worker.h"

enum wire_kind {
    WIRE_NONE,
    WIRE_REQUEST,  /* to the worker; value: the item's id; the request */
    WIRE_LOG,      /* to main; value: level, code << 8; the message */
    WIRE_PROGRESS, /* to main; value: units */
    WIRE_REPLY,    /* to main; value: code; sentence, zero byte, reply */
};

struct wire_head {
    uint32_t kind; /* enum wire_kind */
    uint32_t size; /* bytes that follow */
    int64_t value;
};

/* A worker that memory_gone() ended leaves with this status. */
#define WORKER_WITHOUT_MEMORY 112

#define WIRE_MAX_SIZE (UINT32_C(1) << 30) /* more is a worker gone mad */

void wire_append(struct buffer *out, enum wire_kind kind, int64_t value,
                 const void *bytes, size_t size);

/* The life of a worker: serves what comes over the socket until main closes
 * it; never returns. `log` gives the level that main wants to hear. */
_Noreturn void worker_live(int socket, const struct worker_duty *duty,
                           const struct log *log);

#endif
