/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns seeking: libavformat lands where it likes, so every landing is proven
 * against the index. Refuses to decode. */
#include "render/demuxed.h"

#include <errno.h>
#include <string.h>
#include <libavutil/common.h>
#include <libavutil/mathematics.h>

#include "ingest/index.h"
#include "ingest/media.h"

/* How far before the wanted packet a seek aims, in turn, as a file's own seek
 * table may be coarse or wrong. The last resort is reading from the begin. */
static const int64_t seek_margin_s[] = {0, 1, 4, 16, 64};
static const int64_t seek_margin_bytes[] = {0, 1 << 16, 1 << 20, 1 << 24};

/* Frames: reordering reaches no further. */
#define FRAME_WINDOW 96

static int demuxed_tell_unopened(struct log *log,
                                 const struct recording *recording, int code)
{
    if (code == AVERROR(EIO))
        return media_tell_medium(log, recording->file, code);
    return log_fail(log, code, _("%s can't be opened: %s"), recording->file,
                    LOG_REASON(code));
}

static int demuxed_open_file(struct log *log, struct demuxed *demuxed)
{
    const struct recording *recording = demuxed->recording;
    /* Opened as the index was built, or stamps and streams would differ. */
    int ret = media_open(NULL, recording->path, &demuxed->format);
    if (ret < 0)
        return demuxed_tell_unopened(log, recording, ret);
    if (recording->picture.stream >= (int)demuxed->format->nb_streams)
        return log_fail(log, AVERROR_STREAM_NOT_FOUND,
                        _("%s has changed since it was examined; run again"),
                        recording->file);
    for (unsigned i = 0; i < demuxed->format->nb_streams; i++)
        demuxed->format->streams[i]->discard =
            (int)i == recording->picture.stream ? AVDISCARD_DEFAULT
                                                : AVDISCARD_ALL;
    demuxed->stream = demuxed->format->streams[recording->picture.stream];
    media_forget_error(demuxed->format);
    return 0;
}

int demuxed_open(struct log *log, const struct recording *recording,
                 struct demuxed *out)
{
    *out = (struct demuxed){.recording = recording};
    out->packet = av_packet_alloc();
    int ret = out->packet ? demuxed_open_file(log, out) : AVERROR(ENOMEM);
    if (ret < 0)
        demuxed_close(out);
    return ret;
}

void demuxed_close(struct demuxed *demuxed)
{
    av_packet_free(&demuxed->packet);
    avformat_close_input(&demuxed->format);
    demuxed->ready = false;
}

static int demuxed_read(struct demuxed *demuxed)
{
    int ret;
    do {
        av_packet_unref(demuxed->packet);
        ret = media_read(demuxed->format, demuxed->packet);
    } while (ret >= 0 && demuxed->packet->stream_index !=
                             demuxed->recording->picture.stream);
    if (ret >= 0) {
        demuxed->last_dts = demuxed->packet->dts;
        demuxed->last_position = demuxed->packet->pos;
    }
    return ret;
}

static bool demuxed_is(const AVPacket *packet, const struct index_packet *want,
                       bool by_size)
{
    if (by_size && packet->size != (int)want->size)
        return false;
    /* What the file leaves out the index has worked out: only what both know
     * is compared. */
    if (want->corrupt && want->position >= 0 && packet->pos == want->position)
        return true; /* its stamp may be damaged */
    if (want->pts != AV_NOPTS_VALUE && packet->pts != AV_NOPTS_VALUE)
        return packet->pts == want->pts;
    if (want->dts != AV_NOPTS_VALUE && packet->dts != AV_NOPTS_VALUE)
        return packet->dts == want->dts;
    return packet->pos == want->position;
}

static bool demuxed_is_past(const AVPacket *packet,
                            const struct index_packet *want)
{
    if (want->dts != AV_NOPTS_VALUE && packet->dts != AV_NOPTS_VALUE)
        return packet->dts > want->dts;
    return want->position >= 0 && packet->pos > want->position;
}

/* Reads on until the wanted packet is the next one. */
static bool demuxed_find(struct demuxed *demuxed,
                         const struct index_packet *want, bool strict)
{
    const bool guesses =
        strict && want->position >= 0 && media_may_guess(demuxed->format);
    while (demuxed_read(demuxed) >= 0) {
        /* After a seek into an MPEG-TS the first packet may be a torn one with
         * the right stamp: its size tells. */
        if (demuxed_is(demuxed->packet, want, strict) &&
            (!guesses || demuxed->packet->pos == want->position))
            return demuxed->ready = true;
        if (strict && demuxed_is_past(demuxed->packet, want))
            return false;
    }
    return false;
}

static bool demuxed_seek_bytes(struct demuxed *demuxed,
                               const struct index_packet *want)
{
    size_t tries = sizeof(seek_margin_bytes) / sizeof(*seek_margin_bytes);
    for (size_t i = 0; i < tries; i++) {
        int64_t to = FFMAX(want->position - seek_margin_bytes[i], 0);
        if (av_seek_frame(demuxed->format, -1, to, AVSEEK_FLAG_BYTE) < 0)
            return false;
        if (demuxed_find(demuxed, want, true))
            return true;
    }
    return false;
}

static bool demuxed_seek_stamp(struct demuxed *demuxed,
                               const struct index_packet *want)
{
    int64_t stamp = want->dts != AV_NOPTS_VALUE ? want->dts : want->pts;
    if (stamp == AV_NOPTS_VALUE)
        return false;
    if (want->pts != AV_NOPTS_VALUE)
        stamp = FFMIN(stamp, want->pts);
    AVRational base = demuxed->stream->time_base;
    for (size_t i = 0; i < sizeof(seek_margin_s) / sizeof(*seek_margin_s);
         i++) {
        int64_t margin =
            av_rescale_q(seek_margin_s[i], (AVRational){1, 1}, base);
        if (av_seek_frame(demuxed->format, demuxed->recording->picture.stream,
                          stamp - margin, AVSEEK_FLAG_BACKWARD) < 0)
            return false;
        if (demuxed_find(demuxed, want, true))
            return true;
    }
    return false;
}

int demuxed_seek(struct demuxed *demuxed, struct log *log, size_t entry)
{
    const struct recording *recording = demuxed->recording;
    const struct index_packet *want = &recording->index->packets[entry];
    /* None is left when opening it again failed: the next one may go better. */
    int ret = demuxed->format ? 0 : demuxed_open_file(log, demuxed);
    if (ret < 0)
        return ret;
    /* libavformat seeks in MPEG-TS by time stamp and lands anywhere in a
     * group of pictures; the index knows the byte. */
    bool by_bytes = !strcmp(demuxed->format->iformat->name, "mpegts") &&
                    want->position >= 0;
    demuxed->ready = false;
    if (by_bytes && demuxed_seek_bytes(demuxed, want))
        return 0;
    if (demuxed_seek_stamp(demuxed, want))
        return 0;
    avformat_close_input(&demuxed->format);
    ret = demuxed_open_file(log, demuxed);
    if (ret < 0)
        return ret;
    if (demuxed_find(demuxed, want, false))
        return 0;
    int broken = media_medium_error(demuxed->format);
    if (broken < 0)
        return media_tell_medium(log, recording->file, broken);
    return log_fail(log, AVERROR_INVALIDDATA,
                    _("%s: the place where decoding should begin is not "
                      "there; the file has changed since it was examined, run "
                      "again"),
                    recording->file);
}

int64_t demuxed_frame_of(const struct index *index, size_t packet)
{
    /* Frames stand in order of display, so their packets are sorted but for
     * the reordering: a search lands near, a look around finds it. */
    size_t low = 0, high = index->frame_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (index->frames[middle].packet < packet)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = FFMIN(low + FRAME_WINDOW, index->frame_count);
    for (size_t k = low > FRAME_WINDOW ? low - FRAME_WINDOW : 0; k < end; k++) {
        if (index->frames[k].packet == packet)
            return (int64_t)k;
    }
    return -1;
}

static int64_t demuxed_frame_by_pts(const struct index *index, int64_t pts)
{
    size_t low = 0, high = index->frame_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (index->frames[middle].pts < pts)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < index->frame_count && index->frames[low].pts == pts;
    return found ? (int64_t)low : -1;
}

/* The index's packet with a key that rises in file order; its count if none. */
static size_t demuxed_number(const struct index *index, int64_t key,
                             bool by_position)
{
    size_t low = 0, high = index->packet_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct index_packet *row = &index->packets[middle];
        if ((by_position ? row->position : row->dts) < key)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == index->packet_count)
        return low;
    const struct index_packet *row = &index->packets[low];
    int64_t found = by_position ? row->position : row->dts;
    return found == key ? low : index->packet_count;
}

/* The frame of a packet whose stamp the index did not believe; -1 if none. */
static int64_t demuxed_mended(const struct index *index, const AVPacket *packet)
{
    if (packet->pos < 0)
        return -1;
    size_t number = demuxed_number(index, packet->pos, true);
    return number < index->packet_count && index->packets[number].corrupt
               ? demuxed_frame_of(index, number)
               : -1;
}

int64_t demuxed_frame(const struct demuxed *demuxed, const AVPacket *packet)
{
    const struct index *index = demuxed->recording->index;
    if (packet->pts != AV_NOPTS_VALUE) {
        int64_t k = demuxed_frame_by_pts(index, packet->pts);
        return k < 0 ? demuxed_mended(index, packet) : k;
    }
    bool by_position = packet->dts == AV_NOPTS_VALUE;
    if (by_position && packet->pos < 0)
        return -1;
    size_t number = demuxed_number(
        index, by_position ? packet->pos : packet->dts, by_position);
    return number < index->packet_count ? demuxed_frame_of(index, number) : -1;
}

/* What lies behind the index's last packet nobody misses. */
static bool demuxed_is_at_end(const struct demuxed *demuxed)
{
    const struct index *index = demuxed->recording->index;
    bool by_position = demuxed->last_dts == AV_NOPTS_VALUE;
    return demuxed_number(
               index, by_position ? demuxed->last_position : demuxed->last_dts,
               by_position) +
               1 >=
           index->packet_count;
}

int demuxed_next(struct demuxed *demuxed, struct log *log)
{
    const char *file = demuxed->recording->file;
    if (demuxed->ready) {
        demuxed->ready = false;
        return 0;
    }
    int ret = demuxed_read(demuxed);
    int broken = media_medium_error(demuxed->format);
    /* Some demuxers go on behind it: then packets may be missing. */
    if (broken < 0 && !demuxed_is_at_end(demuxed)) {
        av_packet_unref(demuxed->packet);
        return media_tell_medium(log, file, broken);
    }
    if (ret < 0 && ret != AVERROR_EOF) {
        log_warn(log, _("%s can't be read to its end: %s"), file,
                 LOG_REASON(ret));
        ret = AVERROR_EOF;
    }
    return ret;
}
