/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one packet becomes in an index, whichever way it was reached. Holds
 * nothing but the arrays that become the index. */
#include "ingest/index_rows.h"

#include <string.h>
#include "base/clock.h"
#include "base/digest.h"
#include "ingest/media.h"

static int rows_open_file(struct rows *rows, struct log *log, int video,
                          int sound)
{
    rows->video = rows->sound = NULL;
    int ret = media_open(log, rows->path, &rows->format);
    if (ret < 0)
        return ret;
    media_forget_error(rows->format);
    for (int i = 0; i < (int)rows->format->nb_streams; i++) {
        AVStream *stream = rows->format->streams[i];
        if (i == video)
            rows->video = stream;
        else if (i == sound)
            rows->sound = stream;
        else
            stream->discard = AVDISCARD_ALL;
    }
    if ((video >= 0 && !rows->video) || (sound >= 0 && !rows->sound))
        return log_fail(log, AVERROR_STREAM_NOT_FOUND,
                        _("the recording has lost a stream since it was looked "
                          "at; wait until it is copied whole, and try again"));
    return 0;
}

int rows_open(struct rows *rows, struct log *log, const char *path, int video,
              int sound)
{
    rows->path = path;
    int ret = rows_open_file(rows, log, video, sound);
    if (ret >= 0 && rows_restart(rows) < 0)
        ret = log_fail(log, AVERROR(ENOMEM),
                       _("there is not enough memory to index the recording; "
                         "close other programs and try again"));
    return ret;
}

int rows_reopen(struct rows *rows)
{
    const int video = rows->video ? rows->video->index : -1;
    const int sound = rows->sound ? rows->sound->index : -1;
    avformat_close_input(&rows->format);
    return rows_open_file(rows, NULL, video, sound);
}

void rows_close(struct rows *rows)
{
    packet_reader_clear(&rows->reader);
    avformat_close_input(&rows->format);
    buffer_clear(&rows->packets);
    buffer_clear(&rows->notes);
    buffer_clear(&rows->sounds);
    buffer_clear(&rows->heard);
}

int rows_restart(struct rows *rows)
{
    buffer_reset(&rows->packets);
    buffer_reset(&rows->notes);
    buffer_reset(&rows->sounds);
    buffer_reset(&rows->heard);
    rows->group = 0;
    packet_reader_clear(&rows->reader);
    if (!rows->video)
        return 0;
    return packet_reader_init(&rows->reader, rows->video->codecpar);
}

static void rows_digest(const AVPacket *packet, uint8_t *out)
{
    uint8_t sum[DIGEST_BYTES];
    digest_of(packet->size > 0 ? packet->data : (const uint8_t *)"",
              (size_t)packet->size, sum);
    memcpy(out, sum, INDEX_DIGEST_BYTES);
}

void rows_add_picture(struct rows *rows, const AVPacket *packet)
{
    struct packet_kind kind;
    struct index_packet row = {.dts = packet->dts,
                               .pts = packet->pts,
                               .position = packet->pos,
                               .size = (uint32_t)packet->size};
    packet_reader_read(&rows->reader, packet, &kind);
    row.entry = (uint8_t)kind.entry;
    row.corrupt = kind.damaged || packet->flags & AV_PKT_FLAG_CORRUPT;
    rows_digest(packet, row.digest);
    if (kind.entry == ENTRY_IDR)
        rows->group++;
    const struct index_note note = {.duration = packet->duration,
                                    .order = kind.order,
                                    .group = rows->group,
                                    .picture =
                                        !kind.hidden && !kind.continues &&
                                        !(packet->flags & AV_PKT_FLAG_DISCARD),
                                    .bidirectional = kind.bidirectional,
                                    .has_order = kind.has_order};
    buffer_append(&rows->packets, &row, sizeof(row));
    buffer_append(&rows->notes, &note, sizeof(note));
}

void rows_add_sound(struct rows *rows, const AVPacket *packet)
{
    struct index_sound row = {.pts = packet->pts,
                              .size = (uint32_t)packet->size};
    const AVRational base = rows->sound->time_base;
    const AVRational sample = {1, rows->sound->codecpar->sample_rate};
    const size_t count = rows_sounds(rows);
    int64_t before, after;
    rows_digest(packet, row.digest);
    buffer_append(&rows->sounds, &row, sizeof(row));
    media_skipped(packet, &before, &after);
    int64_t at = count ? rows_heard(rows, count - 1)->to : 0;
    if (packet->pts != AV_NOPTS_VALUE)
        at = clock_from_stamp(packet->pts, base);
    if (at == FLICKS_NONE)
        at = 0;
    int64_t end = at + clock_from_stamp(packet->duration, base);
    if (sample.den > 0) {
        at += clock_from_stamp(before, sample);
        end -= clock_from_stamp(after, sample);
    }
    const struct sound_note note = {at, end,
                                    !(packet->flags & AV_PKT_FLAG_DISCARD)};
    buffer_append(&rows->heard, &note, sizeof(note));
}

size_t rows_packets(const struct rows *rows)
{
    return rows->packets.size / sizeof(struct index_packet);
}

size_t rows_sounds(const struct rows *rows)
{
    return rows->sounds.size / sizeof(struct index_sound);
}

struct index_packet *rows_packet(const struct rows *rows, size_t i)
{
    return (struct index_packet *)(void *)rows->packets.data + i;
}

struct index_note *rows_note(const struct rows *rows, size_t i)
{
    return (struct index_note *)(void *)rows->notes.data + i;
}

struct sound_note *rows_heard(const struct rows *rows, size_t i)
{
    return (struct sound_note *)(void *)rows->heard.data + i;
}

static void rows_cut_to(struct buffer *buffer, size_t size)
{
    if (buffer->size > size)
        buffer->size = size;
}

void rows_cut(struct rows *rows, size_t packets, size_t sounds)
{
    rows_cut_to(&rows->packets, packets * sizeof(struct index_packet));
    rows_cut_to(&rows->notes, packets * sizeof(struct index_note));
    rows_cut_to(&rows->sounds, sounds * sizeof(struct index_sound));
    rows_cut_to(&rows->heard, sounds * sizeof(struct sound_note));
}

static void *rows_keep(struct arena *arena, const struct buffer *buffer)
{
    void *kept = arena_alloc(arena, buffer->size);
    if (buffer->size > 0)
        memcpy(kept, buffer->data, buffer->size);
    return kept;
}

void rows_fill(const struct rows *rows, struct index *index,
               struct arena *arena)
{
    index->packet_count = rows_packets(rows);
    index->packets = rows_keep(arena, &rows->packets);
    index->sound_count = rows_sounds(rows);
    index->sounds = rows_keep(arena, &rows->sounds);
    media_zero(rows->format, &index->start_flicks, &index->start_us);
    index->rate = (AVRational){0, 1};
    index->time_base = index->sound_time_base = (AVRational){0, 1};
    if (rows->sound)
        index->sound_time_base = rows->sound->time_base;
    if (rows->video)
        index->time_base = rows->video->time_base;
}

bool rows_sound_span(const struct rows *rows, int64_t *from, int64_t *to)
{
    bool found = false;
    *from = INT64_MAX;
    *to = INT64_MIN;
    for (size_t i = 0; i < rows_sounds(rows); i++) {
        const struct sound_note *note = rows_heard(rows, i);
        if (!note->counts)
            continue;
        found = true;
        *from = FFMIN(*from, note->from);
        *to = FFMAX(*to, note->to);
    }
    return found;
}

struct index_hints rows_hints(const struct rows *rows)
{
    return (struct index_hints){.declared_rate = rows->video->avg_frame_rate,
                                .refers_near =
                                    packet_reader_refers_near(&rows->reader)};
}
