/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the search for a time in a file. libavformat's own seek in an MPEG-TS
 * lands up to a group of pictures late, so there it is bytes that are sought.
 */
#include "ingest/index_lander.h"

#include <string.h>
#include "base/clock.h"
#include "ingest/media.h"

/* Near enough: what lies between is read. */
#define NEAR_FLICKS (2 * FLICKS_PER_SECOND)
#define NEAR_BYTES  (INT64_C(1) << 16)
#define END_BYTES   (INT64_C(1) << 17)
#define TRIES_MOST  48
/* Packets without a stamp, or of other streams, before a picture's. */
#define PACKETS_MOST 20000

bool lander_init(struct lander *lander, struct rows *rows)
{
    static const char *const names[] = {"mov,mp4,m4a,3gp,3g2,mj2",
                                        "matroska,webm", "mxf", "mpegts"};
    const AVFormatContext *format = rows->format;
    int64_t us;
    *lander = (struct lander){.rows = rows};
    if (!rows->video || !format->pb ||
        !(format->pb->seekable & AVIO_SEEKABLE_NORMAL))
        return false;
    lander->by_bytes = strcmp(format->iformat->name, "mpegts") == 0;
    lander->size = avio_size(format->pb);
    media_zero(format, &lander->start_flicks, &us);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(format->iformat->name, names[i]) == 0)
            return lander->size > 0;
    }
    return false;
}

static int lander_seek_bytes(struct lander *lander, int64_t position)
{
    return av_seek_frame(lander->rows->format, -1, position, AVSEEK_FLAG_BYTE);
}

static int lander_seek_time(struct lander *lander, int64_t flicks)
{
    const AVStream *video = lander->rows->video;
    const int64_t stamp =
        av_rescale_rnd(flicks + lander->start_flicks, video->time_base.den,
                       video->time_base.num * FLICKS_PER_SECOND, AV_ROUND_DOWN);
    return av_seek_frame(lander->rows->format, video->index, stamp,
                         AVSEEK_FLAG_BACKWARD);
}

int lander_learn(struct lander *lander, int64_t position, int64_t flicks)
{
    size_t at = 0;
    while (at < lander->point_count && lander->points[at].position < position)
        at++;
    /* A reordered picture may come a little early. */
    if ((at > 0 &&
         flicks < lander->points[at - 1].flicks - FLICKS_PER_SECOND) ||
        (at < lander->point_count &&
         flicks > lander->points[at].flicks + FLICKS_PER_SECOND))
        return AVERROR_INVALIDDATA;
    if (lander->point_count == LANDER_POINTS)
        return 0;
    memmove(&lander->points[at + 1], &lander->points[at],
            (lander->point_count - at) * sizeof(lander->points[0]));
    lander->points[at] = (struct landing){position, flicks};
    lander->point_count++;
    return 0;
}

/* Of what was read in order one packet is read again, by seeking. */
int lander_prove(struct lander *lander, const struct index *head)
{
    AVFormatContext *format = lander->rows->format;
    if (!media_may_guess(format))
        return 0;
    const size_t middle = head->frame_count * 2 / 3;
    AVPacket *packet = av_packet_alloc();
    int ret = packet ? lander_seek_time(lander, head->frames[middle].flicks)
                     : AVERROR(ENOMEM);
    bool found = false, same = false;
    while (ret >= 0 && !found) {
        ret = media_read(format, packet);
        found = ret >= 0 && packet->stream_index == lander->rows->video->index;
        for (size_t i = 0; found && i < head->packet_count; i++)
            same |= head->packets[i].dts == packet->dts &&
                    head->packets[i].position == packet->pos;
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    return ret < 0 ? ret : same ? 0 : AVERROR_INVALIDDATA;
}

/* The first picture's time that is read from a position on; AVERROR_EOF when
 * none comes. */
static int lander_look(struct lander *lander, int64_t position, int64_t *flicks)
{
    const AVStream *video = lander->rows->video;
    AVPacket *packet = av_packet_alloc();
    int ret = packet ? lander_seek_bytes(lander, position) : AVERROR(ENOMEM);
    bool found = false;
    for (int i = 0; ret >= 0 && !found && i < PACKETS_MOST; i++) {
        ret = media_read(lander->rows->format, packet);
        if (ret >= 0 && packet->stream_index == video->index &&
            packet->pts != AV_NOPTS_VALUE) {
            *flicks = clock_from_stamp(packet->pts, video->time_base) -
                      lander->start_flicks;
            found = true;
        }
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    return ret < 0 ? ret : found ? 0 : AVERROR_EOF;
}

/* Between what is known, where the time should lie if bytes came evenly, but
 * every third time in the middle, in case they don't. */
static int64_t lander_guess(const struct landing *low,
                            const struct landing *high, int64_t flicks,
                            int turn)
{
    const int64_t bytes = high->position - low->position;
    if (turn % 3 == 2 || high->flicks <= low->flicks)
        return low->position + bytes / 2;
    int64_t share = av_rescale(bytes, flicks - NEAR_FLICKS / 2 - low->flicks,
                               high->flicks - low->flicks);
    return low->position + av_clip64(share, bytes / 32, bytes - bytes / 32);
}

static int lander_search(struct lander *lander, int64_t flicks)
{
    struct landing low = lander->points[0];
    for (int turn = 0; turn < TRIES_MOST; turn++) {
        struct landing high = {lander->size, INT64_MAX};
        for (size_t i = 0; i < lander->point_count; i++) {
            const struct landing *point = &lander->points[i];
            if (point->flicks <= flicks && point->position >= low.position)
                low = *point;
            else if (point->flicks > flicks && point->position < high.position)
                high = *point;
        }
        if (flicks - low.flicks <= NEAR_FLICKS ||
            high.position - low.position <= NEAR_BYTES)
            break;
        if (high.flicks == INT64_MAX)
            high.flicks = low.flicks; /* nothing is known: halve */
        const int64_t at = lander_guess(&low, &high, flicks, turn);
        int64_t found;
        int ret = lander_look(lander, at, &found);
        if (ret == AVERROR_EOF)
            found = INT64_MAX / 2;
        else if (ret < 0)
            return ret;
        ret = lander_learn(lander, at, found);
        if (ret < 0)
            return ret;
    }
    return lander_seek_bytes(lander, low.position);
}

int lander_go(struct lander *lander, int64_t flicks, bool *begin)
{
    *begin = flicks <= lander->first_flicks + FLICKS_PER_SECOND / 2;
    if (*begin)
        return rows_reopen(lander->rows);
    return lander->by_bytes ? lander_search(lander, flicks)
                            : lander_seek_time(lander, flicks);
}

int lander_go_end(struct lander *lander, int64_t flicks)
{
    const AVFormatContext *format = lander->rows->format;
    const AVStream *video = lander->rows->video;
    if (lander->by_bytes) {
        /* At the whole's mean rate, and half as much again. */
        int64_t bytes = END_BYTES;
        if (format->duration > 0)
            bytes = FFMAX(bytes, av_rescale(lander->size * 3 / 2, flicks,
                                            clock_from_stamp(format->duration,
                                                             AV_TIME_BASE_Q)));
        return lander_seek_bytes(lander, FFMAX(lander->size - bytes, 0));
    }
    int64_t length = format->duration > 0
                         ? clock_from_stamp(format->duration, AV_TIME_BASE_Q)
                         : 0;
    if (video->duration != AV_NOPTS_VALUE && video->duration > 0)
        length = clock_from_stamp(video->duration, video->time_base);
    if (length <= 0)
        return AVERROR_INVALIDDATA;
    return lander_seek_time(lander, lander->first_flicks + length - flicks);
}

int lander_go_part(struct lander *lander, int64_t end_flicks, int part,
                   int parts)
{
    if (lander->by_bytes)
        return lander_seek_bytes(lander, lander->size / parts * part);
    return lander_seek_time(lander, lander->first_flicks +
                                        (end_flicks - lander->first_flicks) /
                                            parts * part);
}
