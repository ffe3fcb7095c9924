/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the estimates of time and disk. Does not know how anything is made. */
#include "produce/room.h"

#include "base/files.h"
#include "produce/journal.h"
#include "produce/queue_parts.h"
#include "produce/trimmer.h"
#include "sound/sound.h"

#include <math.h>
#include <stdio.h>
#include <libavutil/common.h>

/* Bits that x264 spends on a pixel of a talk at crf 20; six steps of crf halve
 * or double them. */
#define BITS_PER_PIXEL_CRF20 0.08
#define POSTER_BYTES         (3 << 20)
/* Less than this holds not even the journals. */
#define LEAST_BYTES (256 << 10)
/* Of pictures that hardly move a film has a fourth of what is estimated; with
 * less room than that the run would fill the disk and deliver nothing. */
#define BEGIN_DIVISOR 4
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

static bool is_to_come(const struct queue *queue, size_t rendition)
{
    enum product_state state = queue->renditions[rendition].file;
    return state == PRODUCT_WANTED || state == PRODUCT_UNDER_WAY;
}

static bool is_new(const struct result *result)
{
    return result->state == RESULT_MADE;
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
                (is_to_come(queue, i) || is_new(&queue->rendition_results[i])))
                bytes += 2 * film_bytes(plan->renditions[i]);
    for (size_t i = 0; i < plan->poster_count; i++)
        for (size_t k = 0; k < package->poster_count; k++)
            if (package->posters[k] == plan->posters[i] &&
                (queue->poster_results[i].state == RESULT_NONE ||
                 is_new(&queue->poster_results[i])))
                bytes += 2 * POSTER_BYTES;
    return bytes;
}

/* What long clips' sounds lie in while they are made, as many at a time as
 * there are workers. */
static int64_t scratch_bytes(const struct queue *queue)
{
    const struct plan *plan = queue->plan;
    int64_t most = 0, sum = 0;
    for (size_t i = 0; i < plan->sound_count; i++) {
        if (queue->sounds[i] != PRODUCT_WANTED)
            continue;
        int64_t bytes = sound_scratch_bytes(plan, plan->sounds[i]);
        most = FFMAX(most, bytes);
        sum += bytes;
    }
    return FFMIN(sum, most * queue->options->jobs);
}

void room_estimate(const struct queue *queue, struct produce_need *out)
{
    const struct plan *plan = queue->plan;
    *out = (struct produce_need){.units = queue->units_total,
                                 .pace = journal_last_pace(queue->store)};
    for (size_t i = 0; i < plan->rendition_count; i++) {
        if (!is_to_come(queue, i))
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
    out->store_bytes += scratch_bytes(queue);
    for (size_t i = 0; i < plan->package_count; i++) {
        if (plan->packages[i]->wanted)
            out->out_bytes += delivered_bytes(queue, plan->packages[i]);
    }
}

/* --- the disks ------------------------------------------------------------ */

void room_claim(const struct produce_options *options,
                const struct produce_need *need, struct disks *disks)
{
    disks_add(disks, options->store, need->store_bytes);
    disks_add(disks, options->out, need->out_bytes);
}

/* Other plans' products, oldest use first, before anybody is bothered. */
static void make_room(struct log *log, const struct queue *queue,
                      struct disk *disk)
{
    int64_t missing = disk_missing(disk);
    if (!missing)
        return;
    int64_t limit = store_size(queue->store) - missing;
    disk->free_bytes +=
        store_trim(log, queue->store, queue->plan, FFMAX(limit, 0));
}

/* `need` of it is this run's, the rest of those that are under way: with them
 * it may have to wait. */
static int disk_check(struct log *log, const char *folder,
                      const struct disk *disk, int64_t need)
{
    int64_t others = disk->need_bytes - need;
    int64_t least = need / BEGIN_DIVISOR;
    if (disk->free_bytes < 0 || !need)
        return 0;
    if (disk->free_bytes < LEAST_BYTES)
        return log_fail(log, AVERROR(ENOSPC),
                        _("%s: the disk is full; make room for about %s and "
                          "run the same command again"),
                        folder, SIZE_TEXT(need));
    if (disk->free_bytes < least)
        return log_fail(log, AVERROR(ENOSPC),
                        _("%s: about %s are needed there and only %s are free, "
                          "so it is not begun; make room and run the same "
                          "command again"),
                        folder, SIZE_TEXT(need), SIZE_TEXT(disk->free_bytes));
    return disk->free_bytes - others < least ? AVERROR(EAGAIN) : 0;
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

static int64_t seconds_of(const struct produce_need *need, int jobs)
{
    int64_t pace = need->pace;
    if (pace <= 0)
        pace = (int64_t)UNITS_PER_JOB_SECOND * 3600 * jobs;
    return av_rescale(need->units, 3600, pace);
}

void produce_tell_need(struct log *log, const struct produce_need *need,
                       int jobs, const struct disks *disks)
{
    char text[64];
    if (!need->films && !need->posters)
        return;
    log_info(
        log, _("to make: films %zu, posters %zu; %s, and about %s of disk"),
        need->films, need->posters, time_text(seconds_of(need, jobs), text),
        SIZE_TEXT(need->store_bytes + need->out_bytes));
    for (size_t i = 0; i < disks->count; i++) {
        const struct disk *disk = disks->list[i];
        if (disk_missing(disk))
            log_warn(log,
                     _("%s: about %s are needed on this disk and only %s are "
                       "free; the run will probably stop for want of room: "
                       "what is finished until then is kept"),
                     disk->folder, SIZE_TEXT(disk->need_bytes),
                     SIZE_TEXT(disk->free_bytes));
    }
}

void produce_need_add(struct produce_need *sum, const struct produce_need *need)
{
    sum->units += need->units;
    if (!sum->pace)
        sum->pace = need->pace;
    sum->store_bytes += need->store_bytes;
    sum->out_bytes += need->out_bytes;
    sum->films += need->films;
    sum->posters += need->posters;
}

int room_check(struct log *log, const struct queue *queue, struct disks *disks)
{
    struct produce_need need;
    const struct produce_options *options = queue->options;
    struct disk *store = disks_find(disks, options->store);
    struct disk *out = disks_find(disks, options->out);
    room_estimate(queue, &need);
    room_claim(options, &need, disks);
    make_room(log, queue, store);
    if (store == out)
        return disk_check(log, options->store, store,
                          need.store_bytes + need.out_bytes);
    int ret = disk_check(log, options->store, store, need.store_bytes);
    return ret < 0 ? ret : disk_check(log, options->out, out, need.out_bytes);
}

/* --- when it is full all the same ------------------------------------------
 */

bool room_is_out(int code)
{
    return code == AVERROR(ENOSPC) || code == AVERROR(EDQUOT) ||
           code == AVERROR(EROFS);
}

bool room_gone(const struct queue *queue)
{
    const char *folder = queue->plan->session->folder;
    return folder && !files_is_folder(folder);
}

int room_tell_stuck(struct log *log, const struct queue *queue)
{
    struct produce_need need;
    struct disks disks = {0};
    const char *folder = queue->options->store;
    if (queue->stuck_code == AVERROR(ENOENT) && room_gone(queue))
        return log_fail(log, queue->stuck_code,
                        _("%s: the folder was moved away, or its disk is gone; "
                          "put it back, or run the command for its new place: "
                          "what is finished is kept"),
                        queue->plan->session->folder);
    if (queue->stuck_code == AVERROR(ENOENT))
        return log_fail(log, queue->stuck_code,
                        _("%s: somebody deleted this folder while the run went "
                          "on, or its disk is gone; run the same command "
                          "again: only time is lost"),
                        folder);
    room_estimate(queue, &need);
    room_claim(queue->options, &need, &disks);
    int64_t bytes = disks_find(&disks, folder)->need_bytes;
    disks_clear(&disks);
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
                    folder, SIZE_TEXT(bytes));
}
