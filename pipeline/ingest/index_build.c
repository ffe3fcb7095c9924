/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass over a recording's packets, streaming: nothing is held but the
 * arrays that become the index. In workers only. */
#include "ingest/index.h"

#include <string.h>
#include <libavformat/avformat.h>
#include "base/buffer.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/timecode.h"
#include "ingest/index_frames.h"
#include "ingest/media.h"
#include "ingest/packet_kind.h"

/* A decoding time that falls back by more is another recording's start. */
#define JUMP_BACK_SECONDS 1
#define PACKETS_MOST      (UINT32_MAX / 2)

struct build {
    struct log *log;
    const char *name; /* the file's, for warnings */
    AVFormatContext *format;
    AVStream *video, *sound; /* NULL: none */
    struct packet_reader reader;
    struct buffer packets, notes, sounds;
    int64_t last_dts;
    uint32_t group;
    int64_t sound_first, sound_next; /* flicks before the zero is taken off */
    bool jumped;
};

static int build_open(struct build *build, struct log *log, const char *path,
                      int video, int sound)
{
    int ret = media_open(log, path, &build->format);
    if (ret < 0)
        return ret;
    for (int i = 0; i < (int)build->format->nb_streams; i++) {
        AVStream *stream = build->format->streams[i];
        if (i == video)
            build->video = stream;
        else if (i == sound)
            build->sound = stream;
        else
            stream->discard = AVDISCARD_ALL;
    }
    if ((video >= 0 && !build->video) || (sound >= 0 && !build->sound))
        return log_fail(log, AVERROR_STREAM_NOT_FOUND,
                        _("the recording has lost a stream since it was looked "
                          "at; wait until it is copied whole, and try again"));
    if (build->video)
        ret = packet_reader_init(&build->reader, build->video->codecpar);
    if (ret < 0)
        return log_fail(log, ret,
                        _("there is not enough memory to index the recording; "
                          "close other programs and try again"));
    return 0;
}

static void build_close(struct build *build)
{
    packet_reader_clear(&build->reader);
    avformat_close_input(&build->format);
    buffer_clear(&build->packets);
    buffer_clear(&build->notes);
    buffer_clear(&build->sounds);
}

static void build_digest(const AVPacket *packet, uint8_t *out)
{
    uint8_t sum[DIGEST_BYTES];
    digest_of(packet->size > 0 ? packet->data : (const uint8_t *)"",
              (size_t)packet->size, sum);
    memcpy(out, sum, INDEX_DIGEST_BYTES);
}

/* Two recordings in one file, as when transport streams are put together:
 * their clocks can't be told apart afterwards. */
static bool build_jumps_back(struct build *build, const AVPacket *packet)
{
    const AVRational base = build->video->time_base;
    const int64_t last = build->last_dts;
    if (packet->dts == AV_NOPTS_VALUE)
        return false;
    build->last_dts = packet->dts;
    if (last == AV_NOPTS_VALUE || packet->dts >= last)
        return false;
    return av_compare_ts(last - packet->dts, base, JUMP_BACK_SECONDS,
                         (AVRational){1, 1}) > 0;
}

static void build_add_picture(struct build *build, const AVPacket *packet)
{
    struct packet_kind kind;
    struct index_packet row = {.dts = packet->dts,
                               .pts = packet->pts,
                               .position = packet->pos,
                               .size = (uint32_t)packet->size};
    if (build_jumps_back(build, packet)) {
        build->jumped = true;
        return;
    }
    packet_reader_read(&build->reader, packet, &kind);
    row.entry = (uint8_t)kind.entry;
    row.corrupt = kind.damaged || packet->flags & AV_PKT_FLAG_CORRUPT;
    build_digest(packet, row.digest);
    if (kind.entry == ENTRY_IDR)
        build->group++;
    const struct index_note note = {.duration = packet->duration,
                                    .order = kind.order,
                                    .group = build->group,
                                    .picture =
                                        !kind.hidden && !kind.continues &&
                                        !(packet->flags & AV_PKT_FLAG_DISCARD),
                                    .bidirectional = kind.bidirectional,
                                    .has_order = kind.has_order};
    buffer_append(&build->packets, &row, sizeof(row));
    buffer_append(&build->notes, &note, sizeof(note));
}

static void build_add_sound(struct build *build, const AVPacket *packet)
{
    struct index_sound row = {.pts = packet->pts,
                              .size = (uint32_t)packet->size};
    const AVRational base = build->sound->time_base;
    const AVRational sample = {1, build->sound->codecpar->sample_rate};
    int64_t before, after;
    build_digest(packet, row.digest);
    buffer_append(&build->sounds, &row, sizeof(row));
    media_skipped(packet, &before, &after);
    int64_t at = build->sound_next;
    if (packet->pts != AV_NOPTS_VALUE)
        at = clock_from_stamp(packet->pts, base);
    if (at == FLICKS_NONE)
        at = 0;
    int64_t end = at + clock_from_stamp(packet->duration, base);
    if (sample.den > 0) {
        at += clock_from_stamp(before, sample);
        end -= clock_from_stamp(after, sample);
    }
    if (packet->flags & AV_PKT_FLAG_DISCARD)
        return;
    if (build->sound_first == FLICKS_NONE || at < build->sound_first)
        build->sound_first = at;
    if (build->sound_next == FLICKS_NONE || end > build->sound_next)
        build->sound_next = end;
}

static int build_read(struct build *build)
{
    AVPacket *packet = av_packet_alloc();
    int ret = packet ? 0 : AVERROR(ENOMEM);
    media_forget_error(build->format);
    build->last_dts = AV_NOPTS_VALUE;
    build->sound_first = build->sound_next = FLICKS_NONE;
    while (ret >= 0 && !build->jumped &&
           build->packets.size / sizeof(struct index_packet) < PACKETS_MOST) {
        ret = media_read(build->format, packet);
        /* Some demuxers go on behind it: what lies there is not all. */
        if (ret >= 0 && media_medium_error(build->format) < 0)
            ret = media_medium_error(build->format);
        if (ret < 0)
            break;
        if (build->video && packet->stream_index == build->video->index)
            build_add_picture(build, packet);
        else if (build->sound && packet->stream_index == build->sound->index)
            build_add_sound(build, packet);
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    if (media_medium_error(build->format) < 0)
        ret = media_medium_error(build->format);
    return ret == AVERROR_EOF ? 0 : ret;
}

static void *build_keep(struct arena *arena, const struct buffer *rows)
{
    void *kept = arena_alloc(arena, rows->size);
    if (rows->size > 0)
        memcpy(kept, rows->data, rows->size);
    return kept;
}

static void build_fill(struct build *build, struct index *index,
                       struct arena *arena)
{
    index->packet_count = build->packets.size / sizeof(struct index_packet);
    index->packets = build_keep(arena, &build->packets);
    index->sound_count = build->sounds.size / sizeof(struct index_sound);
    index->sounds = build_keep(arena, &build->sounds);
    media_zero(build->format, &index->start_flicks, &index->start_us);
    index->rate = (AVRational){0, 1};
    index->time_base = index->sound_time_base = (AVRational){0, 1};
    if (build->sound) {
        index->sound_time_base = build->sound->time_base;
        if (build->sound_first != FLICKS_NONE) {
            index->sound_first_flicks =
                build->sound_first - index->start_flicks;
            index->sound_end_flicks = build->sound_next - index->start_flicks;
        }
    }
    if (!build->video)
        return;
    index->time_base = build->video->time_base;
    const struct index_hints hints = {
        .declared_rate = build->video->avg_frame_rate,
        .refers_near = packet_reader_refers_near(&build->reader)};
    index_make_frames(index, (struct index_note *)build->notes.data, &hints,
                      arena);
}

static void build_warn(struct build *build, int ret, const struct index *index)
{
    const int64_t end =
        index->frame_count > 0 ? index->end_flicks : index->sound_end_flicks;
    if (build->jumped)
        log_warn(build->log,
                 _("%s: the clock jumps back at %s, so two recordings were put "
                   "together here; only the first part is used; name the "
                   "original files instead"),
                 build->name, TIMECODE_TEXT(end));
    else if (ret < 0)
        log_warn(build->log,
                 _("%s: reading broke off at %s (%s); what lies before can be "
                   "used; copy the recording again for the rest"),
                 build->name, TIMECODE_TEXT(end), LOG_REASON(ret));
}

int index_build(struct log *log, const char *path, int video, int sound,
                struct arena *arena, struct index **out)
{
    struct build build = {.log = log, .name = files_name(path)};
    *out = NULL;
    int ret = build_open(&build, log, path, video, sound);
    if (ret < 0)
        goto done;
    struct index *index = arena_alloc(arena, sizeof(*index));
    ret = build_read(&build);
    build_fill(&build, index, arena);
    index->read_error = media_medium_error(build.format);
    build_warn(&build, ret, index);
    *out = index;
    ret = 0;
done:
    build_close(&build);
    return ret;
}
