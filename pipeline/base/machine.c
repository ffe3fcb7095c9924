/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the reading of /proc/meminfo and of control groups. Does not know what
 * is done with what is free. */
#include "base/machine.h"

#include <stdlib.h>
#include <string.h>

#include <libavutil/common.h>
#include <libavutil/cpu.h>

#include "base/arena.h"
#include "base/files.h"

#define FILE_LIMIT ((size_t)256 << 10)
/* The kernel's words for no limit: "max", or the most that it can count. */
#define LIMIT_MOST (INT64_C(1) << 60)

/* Where a controller's groups lie, and how they are asked. */
struct group_kind {
    const char *controller; /* "": the one tree of version 2 */
    const char *mount;
    /* One group's room, in the controller's unit; INT64_MAX: no limit. */
    int64_t (*room)(struct arena *arena, const char *folder);
};

/* The number behind `name` at the begin of a line, in its own unit; -1. */
static int64_t number_after(const char *text, const char *name)
{
    size_t size = strlen(name);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, size) == 0)
            return strtoll(line + size, NULL, 10);
    }
    return -1;
}

/* The file's text; "" when it can't be read. */
static const char *read_text(struct arena *arena, const char *folder,
                             const char *name)
{
    struct buffer text = {0};
    const char *copy = "";
    if (files_read(NULL, files_join(arena, folder, name), FILE_LIMIT, &text) >=
        0)
        copy = arena_strdup(arena, buffer_text(&text));
    buffer_clear(&text);
    return copy;
}

/* -1: none is told. */
static int64_t read_number(struct arena *arena, const char *folder,
                           const char *name)
{
    const char *text = read_text(arena, folder, name);
    return *text >= '0' && *text <= '9' ? strtoll(text, NULL, 10) : -1;
}

/* --- one group ------------------------------------------------------------ */

/* What it keeps of files that were read is given back on demand. */
static int64_t memory_room(int64_t limit, int64_t held, int64_t cached)
{
    if (limit < 0 || limit > LIMIT_MOST)
        return INT64_MAX;
    return FFMAX(limit - FFMAX(held, 0) + FFMAX(cached, 0), 0);
}

static int64_t memory_room_2(struct arena *arena, const char *folder)
{
    return memory_room(read_number(arena, folder, "memory.max"),
                       read_number(arena, folder, "memory.current"),
                       number_after(read_text(arena, folder, "memory.stat"),
                                    "inactive_file "));
}

static int64_t memory_room_1(struct arena *arena, const char *folder)
{
    return memory_room(read_number(arena, folder, "memory.limit_in_bytes"),
                       read_number(arena, folder, "memory.usage_in_bytes"),
                       number_after(read_text(arena, folder, "memory.stat"),
                                    "total_inactive_file "));
}

static int64_t processors_of(int64_t quota, int64_t period)
{
    return quota > 0 && period > 0 ? (quota + period - 1) / period : INT64_MAX;
}

static int64_t processor_room_2(struct arena *arena, const char *folder)
{
    const char *text = read_text(arena, folder, "cpu.max");
    char *period;
    int64_t quota = strtoll(text, &period, 10);
    return processors_of(quota, strtoll(period, NULL, 10));
}

static int64_t processor_room_1(struct arena *arena, const char *folder)
{
    return processors_of(read_number(arena, folder, "cpu.cfs_quota_us"),
                         read_number(arena, folder, "cpu.cfs_period_us"));
}

/* --- all groups ----------------------------------------------------------- */

/* "4:cpu,cpuacct:/docker/abc" */
static bool line_has(const char *line, const char *controller)
{
    size_t size = strlen(controller);
    line += strcspn(line, ":\n");
    while (*line == ':' || *line == ',') {
        line++;
        if (strcspn(line, ",:\n") == size &&
            strncmp(line, controller, size) == 0)
            return true;
        line += strcspn(line, ",:\n");
        if (*line == ':')
            return false;
    }
    return false;
}

/* This process's group of a controller; NULL: none. */
static char *group_path(struct arena *arena, const char *root,
                        const char *controller)
{
    const char *line =
        read_text(arena, arena_printf(arena, "%s/proc/self", root), "cgroup");
    while (*line && !line_has(line, controller)) {
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    const char *end = line + strcspn(line, "\n");
    const char *path = strchr(line, '/');
    return path && path < end ? arena_strndup(arena, path, (size_t)(end - path))
                              : NULL;
}

/* The least of this process's group and those above it. A container may see
 * its own as the root and be told the path outside. */
static int64_t groups_room(struct arena *arena, const char *root,
                           const struct group_kind *kind)
{
    const char *mount = arena_printf(arena, "%s%s", root, kind->mount);
    char *path = group_path(arena, root, kind->controller);
    if (!path)
        return INT64_MAX;
    int64_t least = kind->room(arena, mount);
    for (char *slash; (slash = strrchr(path, '/')); *slash = '\0')
        least = FFMIN(
            least, kind->room(arena, arena_printf(arena, "%s%s", mount, path)));
    return least;
}

int64_t machine_memory(const char *root)
{
    static const struct group_kind kinds[] = {
        {"", "/sys/fs/cgroup", memory_room_2},
        {"memory", "/sys/fs/cgroup/memory", memory_room_1}};
    struct arena *arena = arena_create();
    int64_t available = number_after(
        read_text(arena, arena_printf(arena, "%s/proc", root), "meminfo"),
        "MemAvailable:");
    int64_t room = FFMIN(groups_room(arena, root, &kinds[0]),
                         groups_room(arena, root, &kinds[1]));
    arena_destroy(&arena);
    if (available >= 0)
        available *= 1024;
    if (room == INT64_MAX)
        return available;
    return available < 0 || room < available ? room : available;
}

int machine_processors(const char *root)
{
    static const struct group_kind kinds[] = {
        {"", "/sys/fs/cgroup", processor_room_2},
        {"cpu", "/sys/fs/cgroup/cpu", processor_room_1}};
    struct arena *arena = arena_create();
    int64_t room = FFMIN(groups_room(arena, root, &kinds[0]),
                         groups_room(arena, root, &kinds[1]));
    arena_destroy(&arena);
    return (int)FFMAX(FFMIN(room, av_cpu_count()), 1);
}
