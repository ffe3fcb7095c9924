/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass over all of a recording's packets. Owns what is believed of a clock
 * that leaps. In workers only. */
#include "ingest/index.h"

#include <string.h>
#include <libavformat/avformat.h>
#include "base/clock.h"
#include "ingest/index_frames.h"
#include "ingest/index_rows.h"
#include "ingest/media.h"

/* Times that fall back by more, or run ahead by more, leave the clock. */
#define LEAP_BACK  FLICKS_PER_SECOND
#define LEAP_AHEAD (10 * FLICKS_PER_SECOND)
/* So many packets that keep another clock are a new one; where fewer did, and
 * the old clock went on, their stamps were damaged. */
#define LEAP_PACKETS 32
/* At the file's end nothing tells whether the clock would have gone on. */
#define LEAP_AT_END  2
#define PACKETS_MOST (UINT32_MAX / 2)

/* Follows the times of one stream. */
struct watch {
    /* Packets that may leave the clock before a new one is believed; 0 where
     * stamps stand in a table or are as good as the pictures. */
    size_t patience;
    int64_t last; /* the clock, in flicks */
    bool begun;
    size_t run;   /* packets in a row that left it */
    size_t first; /* the first of them */
    bool ahead;   /* where they leapt */
};

enum watch_news {
    WATCH_FINE,
    WATCH_MEND, /* the rows from `first` on, but not this one, have bad times */
    WATCH_JUMP, /* a new clock lies behind the old one, from `first` on */
};

static enum watch_news watch_see(struct watch *watch, int64_t flicks,
                                 size_t row)
{
    const bool fits = !watch->begun || (flicks >= watch->last - LEAP_BACK &&
                                        flicks <= watch->last + LEAP_AHEAD);
    if (fits) {
        const bool mend = watch->run > 0;
        watch->begun = true;
        watch->last = flicks;
        watch->run = 0;
        return mend ? WATCH_MEND : WATCH_FINE;
    }
    if (watch->run == 0)
        watch->first = row;
    watch->run++;
    watch->ahead = flicks > watch->last;
    if (watch->run <= watch->patience)
        return WATCH_FINE;
    if (!watch->ahead)
        return WATCH_JUMP;
    watch->run = 0; /* a pause in the recording */
    watch->last = flicks;
    return WATCH_FINE;
}

static enum watch_news watch_end(const struct watch *watch)
{
    if (watch->run == 0)
        return WATCH_FINE;
    if (watch->run <= LEAP_AT_END)
        return WATCH_MEND;
    return watch->ahead ? WATCH_FINE : WATCH_JUMP;
}

struct build {
    struct rows rows;
    struct watch picture, sound;
    bool streamed; /* MPEG's streams, which are received, and damaged so */
    size_t sounds_before; /* when the pictures' clock was left */
    bool jumped;
};

static void build_mend_pictures(struct build *build, size_t end)
{
    for (size_t i = build->picture.first; i < end; i++) {
        struct index_packet *packet = rows_packet(&build->rows, i);
        packet->pts = packet->dts = AV_NOPTS_VALUE;
        packet->corrupt = 1;
    }
}

static void build_judge_pictures(struct build *build, enum watch_news news,
                                 size_t row)
{
    if (news == WATCH_MEND)
        build_mend_pictures(build, row);
    if (news != WATCH_JUMP)
        return;
    build->jumped = true;
    rows_cut(&build->rows, build->picture.first, build->sounds_before);
}

/* A picture's stamp that lies far from when it is decoded; libavformat drops
 * the time of decoding where the stamp lies before it. */
static void build_mend_stamp(const struct watch *watch,
                             struct index_packet *packet, AVRational base)
{
    if (packet->pts == AV_NOPTS_VALUE ||
        (packet->dts == AV_NOPTS_VALUE && !watch->begun))
        return;
    const int64_t decoded = packet->dts == AV_NOPTS_VALUE
                                ? watch->last
                                : clock_from_stamp(packet->dts, base);
    if (llabs(clock_from_stamp(packet->pts, base) - decoded) <= LEAP_AHEAD)
        return;
    packet->pts = AV_NOPTS_VALUE;
    packet->corrupt = 1;
}

static void build_add_picture(struct build *build, const AVPacket *packet)
{
    struct rows *rows = &build->rows;
    const size_t row = rows_packets(rows);
    rows_add_picture(rows, packet);
    if (build->streamed)
        build_mend_stamp(&build->picture, rows_packet(rows, row),
                         rows->video->time_base);
    if (packet->dts == AV_NOPTS_VALUE)
        return;
    const bool was_left = build->picture.run > 0;
    const enum watch_news news =
        watch_see(&build->picture,
                  clock_from_stamp(packet->dts, rows->video->time_base), row);
    if (build->picture.run > 0 && !was_left)
        build->sounds_before = rows_sounds(rows);
    build_judge_pictures(build, news, row);
}

static void build_mend_sounds(struct build *build, size_t end)
{
    for (size_t i = build->sound.first; i < end; i++)
        rows_heard(&build->rows, i)->counts = false;
}

static void build_add_sound(struct build *build, const AVPacket *packet)
{
    const size_t row = rows_sounds(&build->rows);
    rows_add_sound(&build->rows, packet);
    if (packet->pts != AV_NOPTS_VALUE &&
        watch_see(&build->sound, rows_heard(&build->rows, row)->from, row) ==
            WATCH_MEND)
        build_mend_sounds(build, row);
}

static int build_read(struct build *build)
{
    struct rows *rows = &build->rows;
    AVFormatContext *format = rows->format;
    AVPacket *packet = av_packet_alloc();
    int ret = packet ? 0 : AVERROR(ENOMEM);
    while (ret >= 0 && !build->jumped && rows_packets(rows) < PACKETS_MOST) {
        ret = media_read(format, packet);
        /* Some demuxers go on behind it: what lies there is not all. */
        if (ret >= 0 && media_medium_error(format) < 0)
            ret = media_medium_error(format);
        if (ret < 0)
            break;
        if (rows->video && packet->stream_index == rows->video->index)
            build_add_picture(build, packet);
        else if (rows->sound && packet->stream_index == rows->sound->index)
            build_add_sound(build, packet);
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    if (!build->jumped)
        build_judge_pictures(build, watch_end(&build->picture),
                             rows_packets(rows));
    if (!build->jumped && watch_end(&build->sound) == WATCH_MEND)
        build_mend_sounds(build, rows_sounds(rows));
    if (media_medium_error(format) < 0)
        ret = media_medium_error(format);
    return ret == AVERROR_EOF ? 0 : ret;
}

static void build_fill(struct build *build, struct index *index,
                       struct arena *arena)
{
    struct rows *rows = &build->rows;
    int64_t from, to;
    rows_fill(rows, index, arena);
    if (rows_sound_span(rows, &from, &to)) {
        index->sound_first_flicks = from - index->start_flicks;
        index->sound_end_flicks = to - index->start_flicks;
    }
    if (!rows->video)
        return;
    const struct index_hints hints = rows_hints(rows);
    index_make_frames(index, rows_note(rows, 0), &hints, arena);
}

int index_build(struct log *log, const char *path, int video, int sound,
                struct arena *arena, struct index **out)
{
    struct build build = {0};
    *out = NULL;
    int ret = rows_open(&build.rows, log, path, video, sound);
    if (ret < 0)
        goto done;
    build.streamed = strncmp(build.rows.format->iformat->name, "mpeg", 4) == 0;
    build.picture.patience = build.sound.patience =
        build.streamed ? LEAP_PACKETS : 0;
    struct index *index = arena_alloc(arena, sizeof(*index));
    ret = build_read(&build);
    build_fill(&build, index, arena);
    index->read_error = media_medium_error(build.rows.format);
    if (build.jumped)
        index->trouble = TROUBLE_JUMP;
    else if (ret < 0)
        index->trouble = TROUBLE_READ;
    index->trouble_code = ret;
    *out = index;
    ret = 0;
done:
    rows_close(&build.rows);
    return ret;
}
