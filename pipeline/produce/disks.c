/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the telling of file systems apart, and the sums for each. Does not know
 * what is written there. */
#include "produce/disks.h"

#include "base/files.h"

#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

/* The folder's device and room, or of the nearest one above that is there. */
static struct disk disk_of(const char *folder)
{
    struct arena *arena = arena_create();
    struct disk disk = {.free_bytes = -1};
    struct statvfs room;
    struct file_stamp stamp;
    char *path = arena_strdup(arena, folder);
    while (!files_exist(path) && strrchr(path, '/') > path)
        *strrchr(path, '/') = '\0';
    if (!files_exist(path))
        path = arena_strdup(arena, *folder == '/' ? "/" : ".");
    if (statvfs(path, &room) == 0 && files_stamp(path, &stamp) >= 0) {
        disk.free_bytes = (int64_t)room.f_bavail * (int64_t)room.f_frsize;
        disk.device = stamp.device;
    }
    arena_destroy(&arena);
    return disk;
}

struct disk *disks_find(struct disks *disks, const char *folder)
{
    struct disk found = disk_of(folder);
    if (!disks->arena)
        disks->arena = arena_create();
    for (size_t i = 0; i < disks->count; i++) {
        struct disk *disk = disks->list[i];
        if (found.free_bytes < 0 ? !strcmp(disk->folder, folder)
                                 : disk->device == found.device)
            return disk;
    }
    struct disk **room = ARENA_PUSH(disks->arena, disks->list, disks->count);
    *room = arena_alloc(disks->arena, sizeof **room);
    **room = found;
    (*room)->folder = arena_strdup(disks->arena, folder);
    return *room;
}

void disks_add(struct disks *disks, const char *folder, int64_t bytes)
{
    disks_find(disks, folder)->need_bytes += bytes;
}

int64_t disk_missing(const struct disk *disk)
{
    int64_t missing = disk->need_bytes - disk->free_bytes - disk->spare_bytes;
    return disk->free_bytes >= 0 && missing > 0 ? missing : 0;
}

void disks_clear(struct disks *disks)
{
    arena_destroy(&disks->arena);
    *disks = (struct disks){0};
}

const char *size_text(int64_t bytes, char buffer[32])
{
    if (bytes >= INT64_C(1) << 30)
        snprintf(buffer, 32, "%.1f GB", (double)bytes / (1 << 30));
    else
        snprintf(buffer, 32, "%lld MB", (long long)((bytes >> 20) + 1));
    return buffer;
}
