/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns decoding: which frame of the index each decoded picture is, what is done
 * about one that is missing. Refuses to know what the pictures are for. */
#include "render/reader.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <libavcodec/avcodec.h>
#include <libavutil/common.h>

#include "base/compat.h"
#include "base/timecode.h"
#include "flow/decoder.h"
#include "ingest/index.h"
#include "render/demuxed.h"

/* A chunk's first tick may show what the one before ended with, and filters
 * want a margin: so many frames can be given again. */
#define RING           4
#define REORDER_WINDOW 64
#define TOLD_STRETCH   (10 * FLICKS_PER_SECOND)

struct picture_reader {
    const struct recording *recording;
    struct demuxed demuxed;
    AVCodecContext *decoder;
    AVFrame *ring[RING]; /* frame k at k % RING; its pts is k */
    AVFrame *pending;    /* decoded ahead, because frames are missing before */
    size_t wanted, end;  /* still to be handed out */
    size_t next;         /* what the decoder gives next */
    size_t stretch;      /* first frame of the index's stretch it reads in */
    bool running;        /* a decode is under way */
    bool drained;        /* the decoder has given all */
    bool dirty;          /* damage was met: what follows may depend on it */
    bool skipping;       /* pictures that nothing needs may be left out */
    int64_t decoded, lost, damaged;
};

static int picture_reader_open_decoder(struct picture_reader *reader,
                                       struct log *log)
{
    const AVCodecParameters *stream = reader->demuxed.stream->codecpar;
    int ret = decoder_create(stream, &reader->decoder);
    if (ret >= 0) {
        /* The same inverse transform on every machine. */
        reader->decoder->flags |= AV_CODEC_FLAG_BITEXACT;
        reader->decoder->pkt_timebase = (AVRational){1, 1};
        ret = avcodec_open2(reader->decoder, NULL, NULL);
    }
    if (ret < 0)
        log_fail(log, ret, _("%s: its pictures (%s) can't be decoded: %s"),
                 reader->recording->file, avcodec_get_name(stream->codec_id),
                 LOG_REASON(ret));
    return ret;
}

int picture_reader_create(struct log *log, const struct recording *recording,
                          struct picture_reader **out)
{
    assert(recording->index);
    struct picture_reader *reader = calloc(1, sizeof(*reader));
    *out = reader;
    if (!reader)
        return AVERROR(ENOMEM);
    reader->recording = recording;
    int ret = demuxed_open(log, recording, &reader->demuxed);
    if (ret >= 0)
        ret = picture_reader_open_decoder(reader, log);
    if (ret < 0)
        picture_reader_destroy(out);
    return ret;
}

static void picture_reader_forget(struct picture_reader *reader)
{
    for (size_t i = 0; i < RING; i++)
        av_frame_free(&reader->ring[i]);
    av_frame_free(&reader->pending);
}

void picture_reader_destroy(struct picture_reader **reader)
{
    if (!*reader)
        return;
    picture_reader_forget(*reader);
    avcodec_free_context(&(*reader)->decoder);
    demuxed_close(&(*reader)->demuxed);
    free(*reader);
    *reader = NULL;
}

const struct recording *picture_reader_recording(
    const struct picture_reader *reader)
{
    return reader->recording;
}

int64_t picture_reader_decoded(const struct picture_reader *reader)
{
    return reader->decoded;
}

static AVFrame *picture_reader_ring(const struct picture_reader *reader,
                                    size_t k)
{
    AVFrame *frame = reader->ring[k % RING];
    return frame && frame->pts == (int64_t)k ? frame : NULL;
}

/* Going on gives what a seek would give, sooner. */
bool picture_reader_continues(const struct picture_reader *reader, size_t first)
{
    const struct index *index = reader->recording->index;
    if (!reader->running || reader->dirty || reader->drained ||
        !index->closed ||
        index_stretch_of(index, first).first_frame != reader->stretch)
        return false;
    for (size_t k = first; k < reader->next; k++) {
        if (!picture_reader_ring(reader, k))
            return false;
    }
    if (first <= reader->next)
        return true;
    int64_t entry = demuxed_frame_of(index, index_entry_packet(index, first));
    return entry >= 0 && entry <= (int64_t)reader->next;
}

/* How many pictures precede one in decoding that follow it on the screen. A
 * decoder that must guess it grows its delay at the first such picture and
 * loses one; told before, it can't. */
static int picture_reader_delay(const struct index *index, size_t entry,
                                size_t end)
{
    int64_t order[REORDER_WINDOW];
    int count = 0, delay = 0;
    for (size_t i = entry; i < end && count < REORDER_WINDOW; i++) {
        int64_t k = demuxed_frame_of(index, i);
        if (k < 0)
            continue;
        int later = 0;
        for (int j = 0; j < count; j++)
            later += order[j] > k;
        delay = FFMAX(delay, later);
        order[count++] = k;
    }
    return delay;
}

/* Leaving out what nothing refers to changes no other picture; only known
 * codecs, and no fields, where the second may be the reference. */
static bool picture_reader_may_skip(const struct picture_reader *reader)
{
    if (reader->recording->picture.fields != FIELDS_PROGRESSIVE)
        return false;
    switch (reader->decoder->codec_id) {
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_HEVC:
    case AV_CODEC_ID_MPEG2VIDEO:
        return true;
    default:
        return false;
    }
}

static int picture_reader_restart(struct picture_reader *reader,
                                  struct log *log, size_t first)
{
    const struct index *index = reader->recording->index;
    const struct index_stretch stretch = index_stretch_of(index, first);
    size_t entry = index_entry_packet(index, first);
    reader->running = false;
    picture_reader_forget(reader);
    int ret = demuxed_seek(&reader->demuxed, log, entry);
    if (ret < 0)
        return ret;
    avcodec_flush_buffers(reader->decoder);
    if (reader->decoder->codec_id == AV_CODEC_ID_H264)
        reader->decoder->has_b_frames = FFMAX(
            reader->decoder->has_b_frames,
            FFMIN(picture_reader_delay(index, entry, stretch.end_packet), 16));
    reader->skipping = picture_reader_may_skip(reader);
    reader->drained = reader->dirty = false;
    reader->running = true;
    reader->next = first;
    reader->stretch = stretch.first_frame;
    return 0;
}

int picture_reader_seek(struct picture_reader *reader, struct log *log,
                        size_t first, size_t end)
{
    assert(first < end && end <= reader->recording->index->frame_count);
    reader->wanted = first;
    reader->end = end;
    reader->lost = reader->damaged = 0;
    if (!picture_reader_continues(reader, first))
        return picture_reader_restart(reader, log, first);
    if (first > reader->next) {
        reader->next = first;
        if (reader->pending && reader->pending->pts < (int64_t)first)
            av_frame_free(&reader->pending);
    }
    return 0;
}

/* One packet into the decoder, or the news that there are no more. */
static int picture_reader_feed(struct picture_reader *reader, struct log *log)
{
    AVPacket *packet = reader->demuxed.packet;
    int ret = demuxed_next(&reader->demuxed, log);
    if (ret == AVERROR_EOF)
        return avcodec_send_packet(reader->decoder, NULL);
    if (ret < 0)
        return ret;
    int64_t k = demuxed_frame(&reader->demuxed, packet);
    bool preroll = k >= 0 && k < (int64_t)reader->next;
    reader->decoder->skip_frame =
        reader->skipping && preroll ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
    /* The number travels through the decoder's reordering in place of the
     * stamp, so what comes out is known without counting. */
    packet->pts = k >= 0 ? k : AV_NOPTS_VALUE;
    packet->dts = AV_NOPTS_VALUE;
    ret = avcodec_send_packet(reader->decoder, packet);
    av_packet_unref(packet);
    if (ret < 0 && ret != AVERROR(ENOMEM)) {
        reader->dirty = true;
        ret = 0;
    }
    return ret;
}

/* Decoders hide damage and give a picture all the same. */
static bool picture_reader_is_damaged(const AVFrame *frame)
{
    return frame->decode_error_flags || frame->flags & AV_FRAME_FLAG_CORRUPT;
}

/* The next decoded frame at or after `next` into `pending`; NULL there once
 * the decoder is drained. */
static int picture_reader_decode(struct picture_reader *reader, struct log *log)
{
    AVFrame *frame = av_frame_alloc();
    int ret = frame ? 0 : AVERROR(ENOMEM);
    while (ret >= 0) {
        ret = avcodec_receive_frame(reader->decoder, frame);
        if (ret >= 0) {
            reader->decoded++;
            if (picture_reader_is_damaged(frame))
                reader->dirty = true;
            if (frame->pts != AV_NOPTS_VALUE &&
                frame->pts >= (int64_t)reader->next)
                break;
            av_frame_unref(frame);
        } else if (ret == AVERROR(EAGAIN)) {
            ret = picture_reader_feed(reader, log);
        } else if (ret == AVERROR_EOF) {
            reader->drained = true;
        } else if (ret != AVERROR(ENOMEM)) {
            reader->dirty = true;
            ret = 0;
        }
    }
    if (ret >= 0)
        reader->pending = frame;
    else
        av_frame_free(&frame);
    return ret == AVERROR_EOF ? 0 : ret;
}

/* Damage is told by stretches of the recording, not by pictures: many chunks
 * and posters meet it, and the same sentence is told once. */
static void picture_reader_tell(const struct picture_reader *reader,
                                struct log *log, const char *format)
{
    int64_t at = index_time(reader->recording->index, reader->next);
    int64_t from = at < 0 ? 0 : at - at % TOLD_STRETCH;
    int64_t to = FFMIN(from + TOLD_STRETCH, reader->recording->end_flicks);
    log_warn(log, format, reader->recording->file, TIMECODE_TEXT(from),
             TIMECODE_TEXT(FFMAX(to, from)));
}

static void picture_reader_tell_lost(struct picture_reader *reader,
                                     struct log *log)
{
    reader->dirty = true;
    if (!reader->lost++)
        picture_reader_tell(reader, log,
                            _("%s: pictures between %s and %s are damaged; the "
                              "one before is shown in their place"));
}

static void picture_reader_tell_damage(struct picture_reader *reader,
                                       struct log *log)
{
    if (!reader->damaged++)
        picture_reader_tell(reader, log,
                            _("%s: pictures between %s and %s are damaged and "
                              "look it; choose another range, or copy the "
                              "recording again"));
}

/* A stand-in for frame `next`: the one before, else the first that came. */
static AVFrame *picture_reader_stand_in(struct picture_reader *reader)
{
    const AVFrame *before =
        reader->next ? picture_reader_ring(reader, reader->next - 1) : NULL;
    if (!before)
        before = reader->pending;
    return before ? av_frame_clone(before) : NULL;
}

/* Frame `next` into the ring. */
static int picture_reader_advance(struct picture_reader *reader,
                                  struct log *log)
{
    if (!reader->pending && !reader->drained) {
        int ret = picture_reader_decode(reader, log);
        if (ret < 0)
            return ret;
    }
    AVFrame *frame = NULL;
    if (reader->pending && reader->pending->pts == (int64_t)reader->next) {
        frame = reader->pending;
        reader->pending = NULL;
        if (picture_reader_is_damaged(frame))
            picture_reader_tell_damage(reader, log);
    } else {
        frame = picture_reader_stand_in(reader);
        if (!frame)
            return log_fail(
                log, AVERROR_INVALIDDATA,
                _("%s: no picture can be decoded from %s on; the file is "
                  "damaged there, choose another range"),
                reader->recording->file,
                TIMECODE_TEXT(
                    index_time(reader->recording->index, reader->next)));
        picture_reader_tell_lost(reader, log);
        frame->pts = (int64_t)reader->next;
    }
    AVFrame **place = &reader->ring[reader->next % RING];
    av_frame_free(place);
    *place = frame;
    reader->next++;
    return 0;
}

int picture_reader_next(struct picture_reader *reader, struct log *log,
                        AVFrame **out)
{
    *out = NULL;
    if (reader->wanted >= reader->end)
        return AVERROR_EOF;
    while (!picture_reader_ring(reader, reader->wanted)) {
        assert(reader->wanted >= reader->next);
        int ret = picture_reader_advance(reader, log);
        if (ret < 0)
            return ret;
    }
    *out = av_frame_clone(picture_reader_ring(reader, reader->wanted));
    if (!*out)
        return AVERROR(ENOMEM);
    reader->wanted++;
    return 0;
}
