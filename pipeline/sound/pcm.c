/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the planes of a run of sound and the plain arithmetic on them: scaling,
 * adding, fading. Knows no time but samples. */
#include "sound/pcm.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <libavutil/common.h>
#include <libavutil/mem.h>

int pcm_init(struct log *log, struct pcm *pcm, int64_t count)
{
    *pcm = (struct pcm){.count = count};
    for (int c = 0; c < PCM_CHANNELS; c++) {
        pcm->plane[c] = av_calloc((size_t)FFMAX(count, 1), sizeof(float));
        if (!pcm->plane[c]) {
            pcm_clear(pcm);
            return log_fail(log, AVERROR(ENOMEM),
                            _("there is not enough memory for the sound of "
                              "this clip; make fewer things at once (-j)"));
        }
    }
    return 0;
}

/* The room is taken at once: a map's file that finds none later kills. */
static int pcm_map(struct pcm *pcm, int64_t count, const char *path)
{
    size_t plane = (size_t)count * sizeof(float);
    size_t size = plane * PCM_CHANNELS;
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return AVERROR(errno);
    unlink(path);
    int ret = AVERROR(posix_fallocate(file, 0, (off_t)size));
    char *map =
        ret < 0 ? MAP_FAILED
                : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (ret >= 0 && map == MAP_FAILED)
        ret = AVERROR(errno);
    close(file);
    if (ret < 0)
        return ret;
    *pcm = (struct pcm){.count = count, .mapped = size};
    for (int c = 0; c < PCM_CHANNELS; c++)
        pcm->plane[c] = (float *)(void *)(map + plane * (size_t)c);
    return 0;
}

int pcm_init_long(struct log *log, struct pcm *pcm, int64_t count,
                  const char *scratch)
{
    char path[4096];
    if (!scratch || count <= PCM_MEMORY_MOST ||
        snprintf(path, sizeof(path), "%s.pcm", scratch) >= (int)sizeof(path))
        return pcm_init(log, pcm, count);
    int ret = pcm_map(pcm, count, path);
    if (ret == AVERROR(ENOSPC) || ret == AVERROR(EDQUOT) || ret == AVERROR(EIO))
        return log_fail(log, ret,
                        _("%s: the sound of a long clip can't be kept there "
                          "while it is mixed: %s; make room there, or name "
                          "another folder with --store"),
                        path, LOG_REASON(ret));
    /* A file system that can't map files. */
    return ret < 0 ? pcm_init(log, pcm, count) : 0;
}

int pcm_copy(struct log *log, struct pcm *to, const struct pcm *from)
{
    int ret = pcm_init(log, to, from->count);
    if (ret >= 0)
        pcm_read(to, from, 0);
    return ret;
}

void pcm_clear(struct pcm *pcm)
{
    if (pcm->mapped)
        munmap(pcm->plane[0], pcm->mapped);
    for (int c = 0; c < PCM_CHANNELS; c++) {
        if (!pcm->mapped)
            av_freep(&pcm->plane[c]);
        pcm->plane[c] = NULL;
    }
    *pcm = (struct pcm){0};
}

struct pcm pcm_part(const struct pcm *pcm, int64_t first, int64_t count)
{
    struct pcm part = {.count = count};
    for (int c = 0; c < PCM_CHANNELS; c++)
        part.plane[c] = pcm->plane[c] + first;
    return part;
}

void pcm_read(struct pcm *to, const struct pcm *from, int64_t first)
{
    for (int c = 0; c < PCM_CHANNELS; c++)
        memcpy(to->plane[c], from->plane[c] + first,
               (size_t)to->count * sizeof(float));
}

void pcm_scale(struct pcm *pcm, double factor)
{
    float by = (float)factor;
    for (int c = 0; c < PCM_CHANNELS; c++) {
        float *restrict plane = pcm->plane[c];
        for (int64_t i = 0; i < pcm->count; i++)
            plane[i] *= by;
    }
}

void pcm_add(struct pcm *to, int64_t at, const struct pcm *from)
{
    int64_t first = FFMAX(at, 0);
    int64_t end = FFMIN(at + from->count, to->count);
    for (int c = 0; c < PCM_CHANNELS; c++) {
        float *restrict sum = to->plane[c];
        const float *restrict part = from->plane[c];
        for (int64_t i = first; i < end; i++)
            sum[i] += part[i - at];
    }
}

static double fade_gain(int64_t i, int64_t from, int64_t to, bool even)
{
    if (i < from)
        return 0.0;
    if (i >= to)
        return 1.0;
    /* Half a sample in: both sides of a crossfade meet their squares' sum. */
    double part = ((double)(i - from) + 0.5) / (double)(to - from);
    return even ? part : sin(M_PI_2 * part);
}

void pcm_fade_in(struct pcm *pcm, int64_t from, int64_t to, int even)
{
    int64_t end = FFMIN(to, pcm->count);
    for (int64_t i = 0; i < end; i++) {
        float gain = (float)fade_gain(i, from, to, even);
        for (int c = 0; c < PCM_CHANNELS; c++)
            pcm->plane[c][i] *= gain;
    }
}

void pcm_fade_out(struct pcm *pcm, int64_t from, int64_t to, int even)
{
    for (int64_t i = FFMAX(from, 0); i < pcm->count; i++) {
        /* The mirror of the fade in, so that the two are each other's. */
        float gain = (float)fade_gain(from + to - 1 - i, from, to, even);
        for (int c = 0; c < PCM_CHANNELS; c++)
            pcm->plane[c][i] *= gain;
    }
}

double pcm_power(const struct pcm *pcm, int channel)
{
    double sum = 0.0;
    const float *plane = pcm->plane[channel];
    for (int64_t i = 0; i < pcm->count; i++)
        sum += (double)plane[i] * plane[i];
    return pcm->count ? sum / (double)pcm->count : 0.0;
}
