/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the figures of what a worker needs. Does not know how workers are made.
 */
#include "produce/workforce.h"

#include <libavutil/common.h>

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
