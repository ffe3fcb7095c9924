/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the checks of a chunk, of any media file, and what the checks share.
 * A finished film has its own files. */
#include "check/check.h"

#include "check/listener.h"
#include "check/watcher.h"
#include "flow/chunk_file.h"

#include <libavformat/avformat.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>

#include <math.h>

static json_t *luma_figure(double luma)
{
    return luma < 0.0 ? json_null() : json_real(round(luma * 10.0) / 10.0);
}

/* Our packets are NAL units behind four bytes of length: the first slice says
 * whether the picture is an IDR (type 5). */
static bool begins_with_idr(const AVPacket *packet)
{
    int64_t at = 0;
    while (at + 5 <= packet->size) {
        int type = packet->data[at + 4] & 31;
        if (type == 5)
            return true;
        if (type >= 1 && type <= 4)
            return false;
        at += 4 + (int64_t)AV_RB32(packet->data + at);
    }
    return false;
}

static void fill_chunk(json_t *figures, const struct chunk_file *chunk,
                       const struct watcher *watcher)
{
    int64_t bytes = 0;
    for (size_t i = 0; i < chunk->count; i++)
        bytes += chunk->packets[i]->size;
    json_object_set_new(figures, "pictures", json_integer(watcher->pictures));
    json_object_set_new(figures, "bytes", json_integer(bytes));
    json_object_set_new(figures, "first_luma",
                        luma_figure(watcher->first_luma));
    json_object_set_new(figures, "last_luma", luma_figure(watcher->last_luma));
    json_object_set_new(figures, "black_run", json_integer(watcher->black_run));
    json_object_set_new(figures, "faults", json_integer(watcher->faults));
}

static int compare_chunk(struct log *log, const char *path,
                         const struct rendition *rendition, size_t number,
                         const struct chunk_file *chunk,
                         const struct watcher *watcher)
{
    const struct preset *preset = rendition->preset;
    const struct chunk *planned = &rendition->chunks[number];
    int64_t ticks = planned->end_tick - planned->first_tick;
    if (watcher->faults)
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("%s: part %zu of the film does not decode cleanly "
                          "(%lld faults); it is made again in the next run"),
                        path, number + 1, (long long)watcher->faults);
    if (watcher->pictures != ticks)
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("%s: part %zu of the film has %lld pictures where "
                          "%lld were planned; run again"),
                        path, number + 1, (long long)watcher->pictures,
                        (long long)ticks);
    if (watcher->sized_wrong || watcher->width != preset->width ||
        watcher->height != preset->height ||
        watcher->format != AV_PIX_FMT_YUV420P)
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("%s: part %zu of the film is %dx%d %s, not %lldx%lld "
                          "yuv420p; run again"),
                        path, number + 1, watcher->width, watcher->height,
                        av_get_pix_fmt_name(watcher->format),
                        (long long)preset->width, (long long)preset->height);
    if (!begins_with_idr(chunk->packets[0]))
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("%s: part %zu of the film does not begin with an "
                          "IDR picture; run again"),
                        path, number + 1);
    return 0;
}

int check_chunk(struct log *log, const char *path,
                const struct rendition *rendition, size_t chunk,
                json_t **figures)
{
    *figures = json_object();
    struct chunk_file *file = NULL;
    struct watcher watcher = {0};
    int ret = chunk_file_load(log, path, &file);
    if (ret < 0)
        return log_fail(log, ret,
                        _("%s: a part of the film can't be read back: %s; run "
                          "again"),
                        path, LOG_REASON(ret));
    if (!file->count)
        ret = log_fail(log, AVERROR_INVALIDDATA,
                       _("%s: part %zu of the film is empty; run again"), path,
                       chunk + 1);
    if (ret >= 0)
        ret = watcher_open(log, file->parameters, true, &watcher);
    if (ret < 0)
        goto done;
    watcher_hurry(&watcher);
    for (size_t i = 0; i < file->count; i++)
        watcher_take(&watcher, file->packets[i]);
    watcher_take(&watcher, NULL);
    fill_chunk(*figures, file, &watcher);
    ret = compare_chunk(log, path, rendition, chunk, file, &watcher);
done:
    watcher_close(&watcher);
    chunk_file_destroy(&file);
    return ret;
}

/* --- Any media file ---------------------------------------------------------
 */

/* One decoder per stream of the file; what is neither picture nor sound is
 * passed over. */
struct media {
    AVFormatContext *format;
    struct watcher *watchers;
    struct listener *listeners;
};

static int open_media(struct media *media, struct log *log, const char *path)
{
    int ret = avformat_open_input(&media->format, path, NULL, NULL);
    if (ret >= 0)
        ret = avformat_find_stream_info(media->format, NULL);
    if (ret < 0)
        return log_fail(log, ret, _("%s can't be opened: %s; fetch it again"),
                        path, LOG_REASON(ret));
    unsigned count = media->format->nb_streams;
    media->watchers = av_calloc(count + 1, sizeof(*media->watchers));
    media->listeners = av_calloc(count + 1, sizeof(*media->listeners));
    if (!media->watchers || !media->listeners)
        return log_fail(log, AVERROR(ENOMEM), _("there is not enough memory"));
    for (unsigned i = 0; ret >= 0 && i < count; i++) {
        const AVStream *stream = media->format->streams[i];
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO)
            ret =
                watcher_open(log, stream->codecpar, false, &media->watchers[i]);
        else if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
            ret = listener_open(log, stream->codecpar, stream->time_base,
                                &media->listeners[i]);
    }
    return ret;
}

static void close_media(struct media *media)
{
    unsigned count = media->format ? media->format->nb_streams : 0;
    for (unsigned i = 0; i < count; i++) {
        if (media->watchers)
            watcher_close(&media->watchers[i]);
        if (media->listeners)
            listener_close(&media->listeners[i]);
    }
    av_freep(&media->watchers);
    av_freep(&media->listeners);
    avformat_close_input(&media->format);
}

static int decode_media(struct media *media, struct log *log, const char *path)
{
    AVPacket *packet = av_packet_alloc();
    int ret = packet ? 0 : AVERROR(ENOMEM);
    while (ret >= 0) {
        ret = av_read_frame(media->format, packet);
        if (ret < 0)
            break;
        int i = packet->stream_index;
        if (media->watchers[i].decoder)
            watcher_take(&media->watchers[i], packet);
        else if (media->listeners[i].decoder)
            ret = listener_take(&media->listeners[i], log, packet);
        if (packet->flags & AV_PKT_FLAG_CORRUPT)
            media->watchers[i].faults++;
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    /* A file cut short reads like one that ended: avio keeps the error. */
    if (ret == AVERROR_EOF && media->format->pb && media->format->pb->error)
        ret = media->format->pb->error;
    if (ret != AVERROR_EOF)
        return log_fail(log, ret,
                        _("%s can't be read to its end: %s; fetch "
                          "it again"),
                        path, LOG_REASON(ret));
    return 0;
}

static int sum_media(struct media *media, struct log *log, const char *path,
                     json_t *figures)
{
    int64_t pictures = 0, samples = 0, faults = 0;
    int ret = 0;
    for (unsigned i = 0; ret >= 0 && i < media->format->nb_streams; i++) {
        struct watcher *watcher = &media->watchers[i];
        struct listener *listener = &media->listeners[i];
        if (watcher->decoder)
            watcher_take(watcher, NULL);
        if (listener->decoder)
            ret = listener_finish(listener, log);
        const AVStream *stream = media->format->streams[i];
        /* What the container promises and the packets do not hold was cut
         * off: MP4 lists its samples before them. */
        if (watcher->decoder && watcher->pictures < stream->nb_frames)
            faults++;
        pictures += watcher->pictures;
        samples += listener->samples;
        faults += watcher->faults + listener->faults;
    }
    json_object_set_new(figures, "pictures", json_integer(pictures));
    json_object_set_new(figures, "samples", json_integer(samples));
    json_object_set_new(figures, "faults", json_integer(faults));
    if (ret >= 0 && (faults || (!pictures && !samples)))
        ret = log_fail(log, AVERROR_INVALIDDATA,
                       _("%s is damaged: %lld faults while it was decoded; "
                         "fetch it again"),
                       path, (long long)faults);
    return ret;
}

int check_decodes(struct log *log, const char *path, json_t **figures)
{
    *figures = json_object();
    struct media media = {0};
    int ret = open_media(&media, log, path);
    if (ret >= 0)
        ret = decode_media(&media, log, path);
    if (ret >= 0)
        ret = sum_media(&media, log, path, *figures);
    close_media(&media);
    return ret;
}
