/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file systems that runs write to, and what is needed of each: several
 * folders may lie on one. Knows no product. */
#ifndef REELPRESS_PRODUCE_DISKS_H
#define REELPRESS_PRODUCE_DISKS_H

#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

struct disk {
    const char *folder; /* the first one that was named on it */
    uint64_t device;
    int64_t free_bytes;  /* when it was first named; -1: can't be told */
    int64_t need_bytes;  /* of all that was added */
    int64_t spare_bytes; /* can be freed by removing what nobody needs */
};

/* All zero in the beginning. */
struct disks {
    struct arena *arena; /* owned, made at the first use */
    struct disk **list;
    size_t count;
};

/* The disk of a folder, or of where it will be created. Lent by `disks`. */
struct disk *disks_find(struct disks *disks, const char *folder);
void disks_add(struct disks *disks, const char *folder, int64_t bytes);
/* How much of what is needed has no room; 0: all has, or it can't be told. */
int64_t disk_missing(const struct disk *disk);
void disks_clear(struct disks *disks);

/* "12 MB", "1.5 GB". */
const char *size_text(int64_t bytes, char buffer[32]);
#define SIZE_TEXT(bytes) size_text((bytes), (char[32]){0})

#endif
