/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the figures of what a worker needs, and the reading of what is free.
 * Does not know how workers are made. */
#include "produce/workforce.h"

#include <stdlib.h>
#include <string.h>

#include <libavutil/common.h>

#include "base/files.h"
#include "sound/sound.h"

#define MEGABYTE (INT64_C(1) << 20)
/* Measured as resident memory at one, three and six renditions of 1080p, from
 * 1080p and 2160p H.264 (440, 754, 1356 and 499 MB): libraries, faces, sound
 * and posters; then a rendition's frames, scaled, drawn on and waiting in their
 * encoder; a decoder's references; a photo decoded and turned to RGB. */
#define WORKER_BYTES           (240 * MEGABYTE)
#define BYTES_PER_PIXEL        84
#define BYTES_PER_SOURCE_PIXEL 24
#define BYTES_PER_PHOTO_PIXEL  8
/* Kept for main, the desktop and the disk cache. */
#define RESERVE_BYTES (256 * MEGABYTE)
#define FILE_LIMIT    ((size_t)256 << 10)

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
static const char *read_text(struct arena *arena, const char *path)
{
    struct buffer text = {0};
    const char *copy = "";
    if (files_read(NULL, path, FILE_LIMIT, &text) >= 0)
        copy = arena_strdup(arena, buffer_text(&text));
    buffer_clear(&text);
    return copy;
}

/* One control group's room; INT64_MAX without a limit ("max"). What it keeps
 * of files that were read is given back on demand. */
static int64_t group_room(struct arena *arena, const char *folder)
{
    const char *max = read_text(arena, files_join(arena, folder, "memory.max"));
    if (*max < '0' || *max > '9')
        return INT64_MAX;
    const char *held =
        read_text(arena, files_join(arena, folder, "memory.current"));
    int64_t cached =
        number_after(read_text(arena, files_join(arena, folder, "memory.stat")),
                     "inactive_file ");
    int64_t room = strtoll(max, NULL, 10) - strtoll(held, NULL, 10) +
                   (cached > 0 ? cached : 0);
    return room > 0 ? room : 0;
}

/* The least of this process's control group and those above it. */
static int64_t groups_room(struct arena *arena, const char *root)
{
    const char *groups =
        read_text(arena, arena_printf(arena, "%s/proc/self/cgroup", root));
    const char *own = strstr(groups, "0::/");
    int64_t least = INT64_MAX;
    if (!own)
        return least;
    own += strlen("0::");
    char *path = arena_strndup(arena, own, strcspn(own, "\n"));
    for (char *slash; (slash = strrchr(path, '/')); *slash = '\0') {
        int64_t room = group_room(
            arena, arena_printf(arena, "%s/sys/fs/cgroup%s", root, path));
        if (room < least)
            least = room;
    }
    int64_t room =
        group_room(arena, arena_printf(arena, "%s/sys/fs/cgroup", root));
    return room < least ? room : least;
}

int64_t workforce_memory(const char *root)
{
    struct arena *arena = arena_create();
    int64_t available = number_after(
        read_text(arena, arena_printf(arena, "%s/proc/meminfo", root)),
        "MemAvailable:");
    int64_t room = groups_room(arena, root);
    arena_destroy(&arena);
    if (available >= 0)
        available *= 1024;
    if (room == INT64_MAX)
        return available;
    return available < 0 || room < available ? room : available;
}

static int64_t source_bytes(const struct shot *shot)
{
    const struct photo *photo = shot->photo;
    if (photo)
        return (int64_t)photo->width * photo->height * BYTES_PER_PHOTO_PIXEL;
    if (!shot->recording)
        return 0;
    const struct picture_stream *picture = &shot->recording->picture;
    return (int64_t)picture->width * picture->height * BYTES_PER_SOURCE_PIXEL;
}

static int64_t clip_bytes(const struct plan *plan, const struct clip *clip)
{
    int64_t source = 0, frames = 0;
    for (size_t i = 0; i < clip->shot_count; i++) {
        int64_t bytes = source_bytes(&clip->shots[i]);
        if (bytes > source)
            source = bytes;
    }
    for (size_t i = 0; i < plan->rendition_count; i++) {
        const struct rendition *rendition = plan->renditions[i];
        if (rendition->clip == clip && rendition->wanted)
            frames += rendition->preset->width * rendition->preset->height *
                      BYTES_PER_PIXEL;
    }
    return source + frames;
}

/* A worker makes pictures or sound at a time. */
int64_t workforce_need(const struct plan *plan)
{
    int64_t most = 0;
    for (size_t i = 0; i < plan->clip_count; i++)
        most = FFMAX(most, clip_bytes(plan, plan->clips[i]));
    for (size_t i = 0; i < plan->rendition_count; i++) {
        const struct rendition *rendition = plan->renditions[i];
        if (rendition->wanted && rendition->sound)
            most = FFMAX(most, sound_memory_bytes(plan, rendition->sound));
    }
    return WORKER_BYTES + most;
}

int workforce_jobs(struct log *log, const struct plan *plan, int jobs,
                   int64_t available)
{
    int64_t need = workforce_need(plan);
    int64_t fit = (available - RESERVE_BYTES) / need;
    if (available < 0 || fit >= jobs)
        return jobs;
    int allowed = fit > 1 ? (int)fit : 1;
    if (allowed < jobs)
        log_verbose(log,
                    _("%d of %d workers are used, as each needs about %d MB "
                      "of memory and %d MB are free"),
                    allowed, jobs, (int)(need / MEGABYTE),
                    (int)(available / MEGABYTE));
    return allowed;
}
