/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a worker may still do once it has begun to read foreign bytes: read and
 * write below given paths, and nothing else of consequence.
 *
 *   main, before the fork        in the worker, before its first input
 *   confinement_read/_write ──▶  confine_self: Landlock (files, and where the
 *                                kernel can, TCP and signals), then seccomp
 *                                (no sockets, programs, tracing, mounts)
 *
 * Calls that are refused fail with EACCES or EPERM; nothing is killed, so a
 * library that merely tries goes on. Stat and readlink are not restricted:
 * Landlock does not know them. Descriptors that are open stay usable. This
 * knows nothing of media. */
#ifndef REELPRESS_BASE_CONFINE_H
#define REELPRESS_BASE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/log.h"

struct confine_path {
    const char *path; /* links resolved */
    bool writable;
};

/* Filled in main, lent to confine_self through the fork. */
struct confinement {
    struct arena *arena; /* set by the owner; holds the paths */
    struct confine_path *paths;
    size_t count;
};

/* Lets a worker read a file, or a folder with all below it; `writable` also
 * create, change, rename and remove there (no links, no devices). Links in
 * `path` are followed now: the target is what is opened up. NULL, and what is
 * not there, is passed over: who needs it will say so. */
void confinement_read(struct confinement *confinement, const char *path);
void confinement_write(struct confinement *confinement, const char *path);

/* Confines the calling process, for good, to the given paths and to what the
 * runtime itself needs: the system's libraries, fonts, locales and time zones,
 * this program's file and messages, a few of /proc, /sys and /dev. For a
 * process of one thread, as a fresh fork is.
 *
 * 0 also where the kernel lacks Landlock or seccomp (ENOSYS, EOPNOTSUPP; an
 * outer sandbox that refuses even the question counts as that); what is in
 * force is told to `log` as verbose. Negative after a sentence when the kernel
 * has them and they can't be put in force: then nothing foreign may be read. */
int confine_self(struct log *log, const struct confinement *confinement);

#endif
