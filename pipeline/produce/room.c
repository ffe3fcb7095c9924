/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the estimates of time and disk. Does not know how anything is made. */
#include "produce/room.h"

#include "base/files.h"
#include "produce/journal.h"
#include "produce/queue_parts.h"
#include "produce/trimmer.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* Bits that x264 spends on a pixel of a talk at crf 20; six steps of crf halve
 * or double them. */
#define BITS_PER_PIXEL_CRF20 0.08
#define POSTER_BYTES         (3 << 20)
/* Less than this holds not even the journals. */
#define LEAST_BYTES (256 << 10)
/* A second of one processor encodes about so many units, veryfast. */
#define UNITS_PER_JOB_SECOND 15

static int64_t picture_bytes(const struct rendition *rendition, int64_t ticks)
{
    const struct preset *preset = rendition->preset;
    double pixels = (double)preset->width * (double)preset->height;
    double bits_per_tick =
        pixels * BITS_PER_PIXEL_CRF20 * exp2((20 - preset->crf) / 6);
    double rate = av_q2d(rendition->timeline->rate);
    if (preset->max_rate_bps > 0 && rate > 0)
        bits_per_tick =
            preset->constant_rate
                ? (double)preset->max_rate_bps / rate
                : FFMIN(bits_per_tick, (double)preset->max_rate_bps / rate);
    return llrint(bits_per_tick * (double)ticks / 8);
}

static int64_t film_bytes(const struct rendition *rendition)
{
    const struct timeline *timeline = rendition->timeline;
    int64_t sound = av_rescale(timeline->samples,
                               rendition->preset->audio_bit_rate_bps, 48000) /
                    8;
    return picture_bytes(rendition, timeline->ticks) + sound;
}

static int64_t chunks_bytes(const struct queue *queue, size_t index)
{
    const struct rendition *rendition = queue->plan->renditions[index];
    int64_t bytes = 0;
    for (size_t i = 0; i < rendition->chunk_count; i++) {
        const struct chunk *chunk = &rendition->chunks[i];
        if (queue->renditions[index].chunks[i].state == PRODUCT_WANTED)
            bytes +=
                picture_bytes(rendition, chunk->end_tick - chunk->first_tick);
    }
    return bytes;
}

/* Each outlet gets a copy, and its zip another. */
static int64_t delivered_bytes(const struct queue *queue,
                               const struct package *package)
{
    const struct plan *plan = queue->plan;
    int64_t bytes = 0;
    for (size_t i = 0; i < plan->rendition_count; i++)
        for (size_t k = 0; k < package->rendition_count; k++)
            if (package->renditions[k] == plan->renditions[i] &&
                queue->renditions[i].file == PRODUCT_WANTED)
                bytes += 2 * film_bytes(plan->renditions[i]);
    for (size_t i = 0; i < plan->poster_count; i++)
        for (size_t k = 0; k < package->poster_count; k++)
            if (package->posters[k] == plan->posters[i] &&
                queue->poster_results[i].state == RESULT_NONE)
                bytes += 2 * POSTER_BYTES;
    return bytes;
}

static int64_t seconds_of(const struct queue *queue)
{
    int64_t pace = journal_last_pace(queue->store);
    if (pace <= 0)
        pace = (int64_t)UNITS_PER_JOB_SECOND * 3600 * queue->options->jobs;
    return av_rescale(queue->units_total, 3600, pace);
}

void room_estimate(const struct queue *queue, struct produce_need *out)
{
    const struct plan *plan = queue->plan;
    *out = (struct produce_need){.units = queue->units_total,
                                 .seconds = seconds_of(queue)};
    for (size_t i = 0; i < plan->rendition_count; i++) {
        if (queue->renditions[i].file != PRODUCT_WANTED)
            continue;
        out->films++;
        out->store_bytes +=
            chunks_bytes(queue, i) + film_bytes(plan->renditions[i]);
    }
    for (size_t i = 0; i < plan->poster_count; i++) {
        if (!plan->posters[i]->wanted ||
            queue->poster_results[i].state != RESULT_NONE)
            continue;
        out->posters++;
        out->store_bytes += POSTER_BYTES;
    }
    for (size_t i = 0; i < plan->package_count; i++) {
        if (plan->packages[i]->wanted)
            out->out_bytes += delivered_bytes(queue, plan->packages[i]);
    }
}

/* --- the disks ------------------------------------------------------------ */

struct disk {
    int64_t free_bytes; /* -1: can't be told */
    uint64_t device;
};

/* Of the folder, or where it will be created. */
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

static const char *size_text(int64_t bytes, char buffer[32])
{
    if (bytes >= INT64_C(1) << 30)
        snprintf(buffer, 32, "%.1f GB", (double)bytes / (1 << 30));
    else
        snprintf(buffer, 32, "%lld MB", (long long)((bytes >> 20) + 1));
    return buffer;
}
#define SIZE_TEXT(bytes) size_text((bytes), (char[32]){0})

static int disk_check(struct log *log, const char *folder,
                      const struct disk *disk, int64_t need)
{
    if (disk->free_bytes < 0 || !need)
        return 0;
    if (disk->free_bytes < LEAST_BYTES)
        return log_fail(log, AVERROR(ENOSPC),
                        _("%s: the disk is full; make room for about %s and "
                          "run the same command again"),
                        folder, SIZE_TEXT(need));
    if (disk->free_bytes < need)
        log_warn(log,
                 _("%s: about %s are needed and only %s are free; the run will "
                   "probably stop for want of room: what is finished until "
                   "then is kept"),
                 folder, SIZE_TEXT(need), SIZE_TEXT(disk->free_bytes));
    return 0;
}

/* Other plans' products, oldest use first, before anybody is bothered. */
static void make_room(struct log *log, const struct queue *queue,
                      struct disk *disk, int64_t need)
{
    if (disk->free_bytes < 0 || disk->free_bytes >= need)
        return;
    int64_t limit = store_size(queue->store) - (need - disk->free_bytes);
    disk->free_bytes +=
        store_trim(log, queue->store, queue->plan, FFMAX(limit, 0));
}

/* --- before the start ----------------------------------------------------- */

static const char *time_text(int64_t seconds, char buffer[64])
{
    if (seconds < 60)
        snprintf(buffer, 64, _("under a minute"));
    else if (seconds < 3600)
        snprintf(buffer, 64, _("about %d min"), (int)((seconds + 30) / 60));
    else
        snprintf(buffer, 64, _("about %d h %02d min"), (int)(seconds / 3600),
                 (int)(seconds % 3600 / 60));
    return buffer;
}

void produce_tell_need(struct log *log, const struct produce_need *need)
{
    char text[64];
    if (need->films || need->posters)
        log_info(log,
                 _("to make: films %zu, posters %zu; %s, and about %s of disk"),
                 need->films, need->posters, time_text(need->seconds, text),
                 SIZE_TEXT(need->store_bytes + need->out_bytes));
}

int room_check(struct log *log, const struct queue *queue)
{
    struct produce_need need;
    const char *folder = queue->options->store;
    struct disk store = disk_of(folder), out = disk_of(queue->options->out);
    room_estimate(queue, &need);
    if (store.free_bytes >= 0 && store.device == out.device) {
        need.store_bytes += need.out_bytes;
        need.out_bytes = 0;
    }
    make_room(log, queue, &store, need.store_bytes);
    int ret = disk_check(log, folder, &store, need.store_bytes);
    return ret < 0 ? ret
                   : disk_check(log, queue->options->out, &out, need.out_bytes);
}

/* --- when it is full all the same ------------------------------------------
 */

bool room_is_out(int code)
{
    return code == AVERROR(ENOSPC) || code == AVERROR(EDQUOT) ||
           code == AVERROR(EROFS);
}

int room_tell_stuck(struct log *log, const struct queue *queue)
{
    struct produce_need need;
    const char *folder = queue->options->store;
    struct disk store = disk_of(folder), out = disk_of(queue->options->out);
    room_estimate(queue, &need);
    if (store.device == out.device)
        need.store_bytes += need.out_bytes;
    if (queue->stuck_code == AVERROR(EROFS))
        return log_fail(log, queue->stuck_code,
                        _("%s: the disk became read-only; look after it and "
                          "run the same command again: what is finished is "
                          "kept"),
                        folder);
    return log_fail(log, queue->stuck_code,
                    _("%s: the disk is full; make room for about %s and run "
                      "the same command again: what is finished is kept, and "
                      "it goes on from there"),
                    folder, SIZE_TEXT(need.store_bytes));
}
