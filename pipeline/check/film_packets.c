/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the one pass over a finished film: identity of its packets, their
 * stamps, the seams. Knows no limits and no tags. */
#include "check/film_packets.h"

#include "flow/chunk_file.h"

#include <libavutil/mathematics.h>
#include <libavutil/mem.h>

#include <string.h>

/* Each part was decoded to its end when it was made. A seam is to show that a
 * decoder that holds pictures back goes over into the next part's IDR: a GOP's
 * first pictures in decoding order, whole in themselves, lead to it as well as
 * all of it. Where the part ends near its last IDR, that is all of it: two IDRs
 * close together are what could go wrong. */
#define SEAM_LEAD     8
#define SEAM_PICTURES 3

static int refuse(const struct film *film, const char *what)
{
    return log_fail(film->log, AVERROR_INVALIDDATA,
                    _("%s is not what was planned: %s; run again, and if it "
                      "comes again report it"),
                    film->path, what);
}

static int open_streams(struct film *film)
{
    for (unsigned i = 0; i < film->format->nb_streams; i++) {
        const AVStream *stream = film->format->streams[i];
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO)
            film->picture = stream;
        else if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
            film->sound = stream;
    }
    if (!film->picture)
        return refuse(film, _("it has no picture track"));
    int ret =
        watcher_open(film->log, film->picture->codecpar, true, &film->watcher);
    film->watcher.measure = false;
    if (ret >= 0 && !film->full)
        watcher_hurry(&film->watcher);
    if (ret >= 0 && film->sound)
        ret = listener_open(film->log, film->sound->codecpar,
                            film->sound->time_base, &film->listener);
    return ret;
}

int film_open(struct film *film)
{
    film->last_dts = INT64_MIN;
    film->seen = av_calloc((size_t)film->rendition->timeline->ticks + 1, 1);
    if (!film->seen)
        return log_fail(film->log, AVERROR(ENOMEM),
                        _("there is not enough memory"));
    int ret = avformat_open_input(&film->format, film->path, NULL, NULL);
    if (ret >= 0)
        ret = avformat_find_stream_info(film->format, NULL);
    if (ret < 0)
        return log_fail(film->log, ret, _("%s can't be opened again: %s"),
                        film->path, LOG_REASON(ret));
    return open_streams(film);
}

static void drop_gop(struct film *film)
{
    for (size_t i = 0; i < film->gop_count; i++)
        av_packet_free(&film->gop[i]);
    film->gop_count = 0;
}

void film_close(struct film *film)
{
    drop_gop(film);
    av_freep(&film->gop);
    av_freep(&film->seen);
    chunk_file_destroy(&film->part);
    watcher_close(&film->watcher);
    listener_close(&film->listener);
    avformat_close_input(&film->format);
}

static int keep_in_gop(struct film *film, const AVPacket *packet)
{
    if (packet->flags & AV_PKT_FLAG_KEY)
        drop_gop(film);
    if (film->gop_count == SEAM_LEAD)
        return 0;
    AVPacket **grown =
        av_realloc_array(film->gop, film->gop_count + 1, sizeof(*grown));
    if (!grown)
        return AVERROR(ENOMEM);
    film->gop = grown;
    film->gop[film->gop_count] = av_packet_clone(packet);
    return film->gop[film->gop_count++] ? 0 : AVERROR(ENOMEM);
}

/* The chunk that the next packets must equal. */
static int load_part(struct film *film)
{
    const char *path = film->chunk_paths[film->chunk];
    int ret = chunk_file_load(film->log, path, &film->part);
    if (ret < 0)
        return log_fail(film->log, ret,
                        _("%s: a part of the film can't be read back: %s; run "
                          "again"),
                        path, LOG_REASON(ret));
    const AVCodecParameters *in = film->picture->codecpar;
    const AVCodecParameters *made = film->part->parameters;
    if (in->extradata_size != made->extradata_size ||
        memcmp(in->extradata, made->extradata, (size_t)made->extradata_size))
        return refuse(film, _("its parameter sets are not the encoder's"));
    if (!film->part->count)
        return refuse(film, _("its pictures are not those that were encoded"));
    return 0;
}

static int hold_against_part(struct film *film, const AVPacket *packet)
{
    struct chunk_file *part = film->part;
    const AVPacket *made = part->packets[film->in_chunk++];
    if (packet->size != made->size ||
        memcmp(packet->data, made->data, (size_t)made->size))
        return refuse(film, _("its pictures are not those that were encoded"));
    if (film->in_chunk == (int64_t)part->count) {
        chunk_file_destroy(&film->part);
        film->in_chunk = 0;
        film->chunk++;
    }
    return 0;
}

/* Every tick once, dts rising by one tick and never after pts: a player finds
 * a constant rate. */
static int look_at_stamps(struct film *film, const AVPacket *packet)
{
    const struct timeline *timeline = film->rendition->timeline;
    AVRational base = film->picture->time_base;
    AVRational tick = av_inv_q(timeline->rate);
    int64_t n = av_rescale_q(packet->pts, base, tick);
    int64_t back = av_rescale_q(n, tick, base);
    if (packet->pts == AV_NOPTS_VALUE || packet->dts == AV_NOPTS_VALUE ||
        back != packet->pts || n < 0 || n >= timeline->ticks || film->seen[n])
        return refuse(film, _("its pictures do not lie on the clock of its "
                              "rate"));
    film->seen[n] = 1;
    int64_t step = av_rescale_q(1, tick, base);
    if (packet->dts > packet->pts || packet->duration != step ||
        (film->last_dts != INT64_MIN && packet->dts != film->last_dts + step))
        return refuse(film, _("its decoding times are not even"));
    film->last_dts = packet->dts;
    return 0;
}

static void feed(struct film *film, const AVPacket *packet)
{
    watcher_take(&film->watcher, packet);
    film->fed++;
}

/* Over a seam: what leads to it, then the first pictures after it. */
static void decode_seam(struct film *film, const AVPacket *packet)
{
    if (film->full) {
        feed(film, packet);
        return;
    }
    if (!film->chunk || film->in_chunk >= SEAM_PICTURES)
        return;
    if (film->in_chunk == 0) {
        watcher_restart(&film->watcher);
        for (size_t i = 0; i < film->gop_count; i++)
            feed(film, film->gop[i]);
    }
    feed(film, packet);
}

static int take_picture(struct film *film, const AVPacket *packet)
{
    int ret = look_at_stamps(film, packet);
    if (ret >= 0 && film->chunk >= film->chunk_count)
        ret = refuse(film, _("it has pictures too many"));
    if (ret >= 0 && !film->part)
        ret = load_part(film);
    if (ret < 0)
        return ret;
    decode_seam(film, packet);
    if (!film->full) {
        ret = keep_in_gop(film, packet);
        if (ret < 0)
            return log_fail(film->log, ret, _("there is not enough memory"));
    }
    film->picture_bytes += packet->size;
    film->pictures++;
    return hold_against_part(film, packet);
}

static int finish(struct film *film)
{
    const struct timeline *timeline = film->rendition->timeline;
    watcher_take(&film->watcher, NULL);
    if (film->chunk != film->chunk_count || film->pictures != timeline->ticks)
        return refuse(film, _("pictures are missing at its end"));
    if (film->watcher.faults || film->watcher.pictures != film->fed)
        return refuse(film, _("its pictures do not decode cleanly where its "
                              "parts meet"));
    return film->sound ? listener_finish(&film->listener, film->log) : 0;
}

int film_read(struct film *film)
{
    AVPacket *packet = av_packet_alloc();
    int ret = packet ? 0 : AVERROR(ENOMEM);
    while (ret >= 0) {
        ret = av_read_frame(film->format, packet);
        if (ret < 0)
            break;
        if (packet->stream_index == film->picture->index)
            ret = take_picture(film, packet);
        else if (film->sound && packet->stream_index == film->sound->index)
            ret = listener_take(&film->listener, film->log, packet);
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    return ret == AVERROR_EOF ? finish(film) : ret;
}
