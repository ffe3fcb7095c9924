/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns one open recording's sound: seeking early enough, decoding, bringing to
 * 48 kHz stereo, and laying each run of samples where its stamps say. Knows no
 * clip. */
#include "sound/reader.h"

#include "base/clock.h"
#include "base/digest.h"
#include "flow/decoder.h"
#include "ingest/index.h"
#include "ingest/media.h"
#include "sound/resampler.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/common.h>

#include <stdbool.h>
#include <string.h>

/* How early decoding begins: transforms overlap (two frames of AAC), MP3's bit
 * reservoir and Opus's convergence (80 ms, RFC 7845) need more. */
#define PREROLL_FLICKS (FLICKS_PER_SECOND / 5)
/* Stamps of Matroska and FLV are whole milliseconds and others jitter; only a
 * larger step is a gap. */
#define GAP_FLICKS (FLICKS_PER_SECOND * 15 / 1000)

struct sound_reader {
    const struct recording *recording;
    AVFormatContext *format;
    AVStream *stream;
    AVCodecContext *decoder;
    struct resampler resampler;
    AVPacket *packet;
    AVFrame *frame;
    int64_t start_flicks; /* stamps minus this are the recording's clock */

    /* The read under way. */
    const struct pcm *out;
    int64_t from_flicks;
    int64_t expected_flicks; /* where the next frame should lie */
    int64_t bad;             /* packets of the range that did not decode */
    bool counted;            /* read from the begin on: stamps are no guesses */
};

const struct recording *sound_reader_recording(
    const struct sound_reader *reader)
{
    return reader->recording;
}

/* Streams of bare frames have stamps only by counting from the begin; their
 * seeks guess by byte position (a VBR MP3 lands seconds off). */
static bool has_counted_stamps(const AVFormatContext *format)
{
    static const char *const names[] = {"mp3",   "aac",   "ac3",  "eac3", "amr",
                                        "amrnb", "amrwb", "loas", "dts"};
    for (size_t i = 0; i < FF_ARRAY_ELEMS(names); i++) {
        if (!strcmp(format->iformat->name, names[i]))
            return true;
    }
    return false;
}

/* The clock's zero as the index has it, for a recording without one: where the
 * container starts; a negative start is priming, but for MPEG's streams. */
static int64_t find_zero(const AVFormatContext *format)
{
    int64_t start = format->start_time;
    if (start == AV_NOPTS_VALUE ||
        (start < 0 && strncmp(format->iformat->name, "mpeg", 4) != 0))
        return 0;
    return clock_from_stamp(start, AV_TIME_BASE_Q);
}

static int open_format(struct sound_reader *reader, struct log *log)
{
    const struct recording *recording = reader->recording;
    /* Opened as the index was built, or stamps and streams would differ. */
    int ret = media_open(NULL, recording->path, &reader->format);
    if (ret == AVERROR(EIO))
        return media_tell_medium(log, recording->file, ret);
    if (ret < 0)
        return log_fail(log, ret, _("%s can't be opened: %s"), recording->file,
                        LOG_REASON(ret));
    int wanted = recording->sound.stream;
    if (wanted < 0 || (unsigned)wanted >= reader->format->nb_streams)
        return log_fail(log, AVERROR_STREAM_NOT_FOUND,
                        _("%s no longer has the sound that it had when it was "
                          "looked at; don't change recordings during a run"),
                        recording->file);
    for (unsigned i = 0; i < reader->format->nb_streams; i++) {
        if ((int)i != wanted)
            reader->format->streams[i]->discard = AVDISCARD_ALL;
    }
    reader->stream = reader->format->streams[wanted];
    media_forget_error(reader->format);
    reader->start_flicks = recording->index ? recording->index->start_flicks
                                            : find_zero(reader->format);
    return 0;
}

static int open_decoder(struct sound_reader *reader, struct log *log)
{
    const AVCodecParameters *parameters = reader->stream->codecpar;
    int ret = decoder_create(parameters, &reader->decoder);
    if (ret == AVERROR_DECODER_NOT_FOUND)
        return log_fail(log, ret,
                        _("%s: no decoder for its sound (%s) is installed; "
                          "convert its sound to AAC or WAV"),
                        reader->recording->file,
                        avcodec_get_name(parameters->codec_id));
    reader->packet = av_packet_alloc();
    reader->frame = av_frame_alloc();
    if (!reader->packet || !reader->frame)
        return log_fail(log, AVERROR(ENOMEM), _("there is not enough memory"));
    if (ret >= 0) {
        /* Trimming of priming samples moves stamps only when this is set. */
        reader->decoder->pkt_timebase = reader->stream->time_base;
        ret = avcodec_open2(reader->decoder, NULL, NULL);
    }
    if (ret < 0)
        return log_fail(log, ret, _("%s: its sound can't be decoded: %s"),
                        reader->recording->file, LOG_REASON(ret));
    return 0;
}

int sound_reader_create(struct log *log, const struct recording *recording,
                        struct sound_reader **out)
{
    *out = NULL;
    struct sound_reader *reader = av_mallocz(sizeof(*reader));
    if (!reader)
        return log_fail(log, AVERROR(ENOMEM), _("there is not enough memory"));
    reader->recording = recording;
    int ret = open_format(reader, log);
    if (ret >= 0)
        ret = open_decoder(reader, log);
    if (ret < 0) {
        sound_reader_destroy(&reader);
        return ret;
    }
    *out = reader;
    return 0;
}

void sound_reader_destroy(struct sound_reader **reader)
{
    struct sound_reader *r = *reader;
    if (!r)
        return;
    resampler_clear(&r->resampler);
    av_frame_free(&r->frame);
    av_packet_free(&r->packet);
    avcodec_free_context(&r->decoder);
    avformat_close_input(&r->format);
    av_freep(reader);
}

static int64_t packet_flicks(const struct sound_reader *reader)
{
    const AVPacket *packet = reader->packet;
    int64_t stamp = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    if (stamp == AV_NOPTS_VALUE)
        return FLICKS_NONE;
    return clock_from_stamp(stamp, reader->stream->time_base) -
           reader->start_flicks;
}

/* Whether all that the recording is known to hold of its sound was read. */
static bool is_at_end(const struct sound_reader *reader)
{
    return reader->expected_flicks != FLICKS_NONE &&
           reader->expected_flicks + GAP_FLICKS >=
               reader->recording->sound.end_flicks;
}

/* The next packet of the stream; AVERROR_EOF at the end, and where the
 * recording is damaged so that nothing more can be had of it: what was read
 * before is good. An error of the medium is told: another day it is none. */
static int next_packet(struct sound_reader *reader, struct log *log)
{
    for (;;) {
        int ret = media_read(reader->format, reader->packet);
        int broken = media_medium_error(reader->format);
        /* Some demuxers go on behind it: then packets may be missing. */
        if (broken < 0 && !is_at_end(reader)) {
            av_packet_unref(reader->packet);
            return media_tell_medium(log, reader->recording->file, broken);
        }
        if (ret < 0) {
            if (ret != AVERROR_EOF)
                log_warn(log, _("%s: reading its sound stopped early: %s"),
                         reader->recording->file, LOG_REASON(ret));
            return AVERROR_EOF;
        }
        if (reader->packet->stream_index == reader->stream->index)
            return 0;
        av_packet_unref(reader->packet);
    }
}

static int seek_before(struct sound_reader *reader, int64_t flicks)
{
    int64_t stamp = av_rescale_rnd(
        flicks + reader->start_flicks, reader->stream->time_base.den,
        reader->stream->time_base.num * FLICKS_PER_SECOND, AV_ROUND_DOWN);
    avcodec_flush_buffers(reader->decoder);
    return avformat_seek_file(reader->format, reader->stream->index, INT64_MIN,
                              stamp, stamp, 0);
}

/* Whether the packet's stamp may be believed: the index, which was built by
 * reading in order, has it with these bytes. */
static bool is_as_indexed(const struct sound_reader *reader)
{
    const struct index *index = reader->recording->index;
    const AVPacket *packet = reader->packet;
    if (reader->counted || !index || !media_may_guess(reader->format))
        return true;
    size_t low = 0, high = index->sound_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (index->sounds[middle].pts < packet->pts)
            low = middle + 1;
        else
            high = middle;
    }
    const struct index_sound *row = &index->sounds[low];
    if (low == index->sound_count || row->pts != packet->pts)
        return index->partial;
    uint8_t sum[DIGEST_BYTES];
    digest_of(packet->data, (size_t)packet->size, sum);
    return row->size == (uint32_t)packet->size &&
           memcmp(row->digest, sum, INDEX_DIGEST_BYTES) == 0;
}

/* A file that can't be sought is opened again: that is a way to its begin. */
static int rewind_to_start(struct sound_reader *reader, struct log *log)
{
    int64_t start = reader->format->start_time;
    if (start == AV_NOPTS_VALUE)
        start = 0;
    reader->counted = true;
    avcodec_flush_buffers(reader->decoder);
    if (!media_may_guess(reader->format) &&
        avformat_seek_file(reader->format, -1, INT64_MIN, start, start, 0) >= 0)
        return 0;
    avformat_close_input(&reader->format);
    return open_format(reader, log);
}

static int begin_anew(struct sound_reader *reader, struct log *log)
{
    int ret = rewind_to_start(reader, log);
    return ret < 0 ? ret : next_packet(reader, log);
}

/* Leaves the first packet to decode in reader->packet: one that lies at least
 * the pre-roll before `flicks`, or the stream's first. Seeks in MPEG-TS land
 * late, so where one did is looked at, and a longer step back taken. */
static int find_entry(struct sound_reader *reader, struct log *log,
                      int64_t flicks)
{
    int64_t latest = flicks - PREROLL_FLICKS;
    int64_t first = reader->recording->sound.first_flicks;
    if (latest > first && !has_counted_stamps(reader->format)) {
        int64_t step = 0;
        for (int i = 0; i < 3; i++) {
            if (seek_before(reader, latest - step) >= 0 &&
                next_packet(reader, log) >= 0) {
                int64_t at = packet_flicks(reader);
                if (at != FLICKS_NONE && at <= latest && is_as_indexed(reader))
                    return 0;
                av_packet_unref(reader->packet);
            }
            step = step ? step * 8 : FLICKS_PER_SECOND;
        }
    }
    return begin_anew(reader, log);
}

/* Converted samples, laid where they belong. */
static void lay(void *opaque, const float *const *planes, int count,
                int64_t position)
{
    const struct pcm *out = ((struct sound_reader *)opaque)->out;
    int64_t first = FFMAX(position, 0);
    int64_t end = FFMIN(position + count, out->count);
    if (first >= end)
        return;
    for (int c = 0; c < PCM_CHANNELS; c++)
        memcpy(out->plane[c] + first, planes[c] + (first - position),
               (size_t)(end - first) * sizeof(float));
}

static int take_frame(struct sound_reader *reader, struct log *log)
{
    AVFrame *frame = reader->frame;
    int64_t at = reader->expected_flicks;
    if (frame->best_effort_timestamp != AV_NOPTS_VALUE) {
        int64_t stamp = clock_from_stamp(frame->best_effort_timestamp,
                                         reader->stream->time_base) -
                        reader->start_flicks;
        if (at == FLICKS_NONE || FFABS(stamp - at) > GAP_FLICKS) {
            int ret = resampler_finish(&reader->resampler);
            if (ret < 0)
                return ret;
            at = stamp;
        }
    }
    if (at == FLICKS_NONE)
        return 0; /* before the first stamp: where it lies is not known */
    int64_t position = av_rescale_rnd(at - reader->from_flicks, PCM_RATE,
                                      FLICKS_PER_SECOND, AV_ROUND_NEAR_INF);
    reader->expected_flicks =
        at + clock_from_stamp(frame->nb_samples,
                              (AVRational){1, frame->sample_rate});
    return resampler_push(&reader->resampler, log, frame, position);
}

/* After a seek the first packet may be torn, and what leans on it with it: in
 * the pre-roll that is no damage. */
static void count_bad(struct sound_reader *reader)
{
    int64_t at = packet_flicks(reader);
    reader->bad += at == FLICKS_NONE || at >= reader->from_flicks;
}

static int drain_decoder(struct sound_reader *reader, struct log *log)
{
    for (;;) {
        int ret = avcodec_receive_frame(reader->decoder, reader->frame);
        if (ret == AVERROR(EAGAIN) || ret == AVERROR_EOF)
            return 0;
        if (ret < 0) {
            count_bad(reader);
            return 0;
        }
        ret = take_frame(reader, log);
        av_frame_unref(reader->frame);
        if (ret < 0)
            return ret;
    }
}

static bool is_enough(const struct sound_reader *reader)
{
    return reader->expected_flicks != FLICKS_NONE &&
           reader->expected_flicks - GAP_FLICKS >
               reader->from_flicks +
                   clock_from_stamp(reader->out->count,
                                    (AVRational){1, PCM_RATE});
}

/* What was laid so far lies wrong: all of it is read again, from the begin. */
static int forget(struct sound_reader *reader, struct log *log)
{
    av_packet_unref(reader->packet);
    int ret = resampler_finish(&reader->resampler);
    reader->expected_flicks = FLICKS_NONE;
    reader->bad = 0;
    for (int c = 0; c < PCM_CHANNELS; c++)
        memset(reader->out->plane[c], 0,
               (size_t)reader->out->count * sizeof(float));
    return ret < 0 ? ret : begin_anew(reader, log);
}

static int decode_range(struct sound_reader *reader, struct log *log)
{
    int64_t early = reader->from_flicks - 2 * PREROLL_FLICKS;
    /* None is left when opening it again failed: the next one may go better. */
    int ret = reader->format ? 0 : open_format(reader, log);
    if (ret >= 0)
        ret = find_entry(reader, log, reader->from_flicks);
    while (ret >= 0 && !is_enough(reader)) {
        int64_t at = packet_flicks(reader);
        if (!is_as_indexed(reader)) {
            ret = forget(reader, log);
            continue;
        }
        /* A long way from the entry is demuxed only, not decoded. */
        if (at == FLICKS_NONE || at >= early) {
            if (avcodec_send_packet(reader->decoder, reader->packet) < 0)
                count_bad(reader);
            ret = drain_decoder(reader, log);
        }
        av_packet_unref(reader->packet);
        if (ret >= 0)
            ret = next_packet(reader, log);
    }
    av_packet_unref(reader->packet);
    if (ret == AVERROR_EOF) {
        avcodec_send_packet(reader->decoder, NULL);
        ret = drain_decoder(reader, log);
    }
    return ret < 0 ? ret : resampler_finish(&reader->resampler);
}

int sound_reader_read(struct sound_reader *reader, struct log *log,
                      int64_t from_flicks, const struct pcm *out)
{
    reader->out = out;
    reader->from_flicks = from_flicks;
    reader->expected_flicks = FLICKS_NONE;
    reader->bad = 0;
    reader->counted = false;
    reader->resampler.lay = lay;
    reader->resampler.opaque = reader;
    reader->resampler.name = reader->recording->file;
    int ret = decode_range(reader, log);
    reader->out = NULL;
    if (reader->bad)
        log_warn(log,
                 _("%s: %lld packets of its sound are damaged; there is "
                   "silence in their place"),
                 reader->recording->file, (long long)reader->bad);
    return ret < 0 ? ret : 0;
}
