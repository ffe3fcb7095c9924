/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the making of one MP4 from chunk files and a sound file: one clock for
 * all chunks, the dts rule, the tags. Decodes nothing and encodes nothing. */
#include "encode/muxer.h"

#include "base/arena.h"
#include "base/clock.h"
#include "encode/tags.h"
#include "flow/chunk_file.h"

#include <libavformat/avformat.h>
#include <libavutil/common.h>
#include <libavutil/mathematics.h>
#include <libavutil/mem.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SOUND_RATE 48000
/* Fewer ticks a second make players round: the usual least. */
#define LEAST_TIMESCALE 10000

struct muxer {
    struct log *log;
    const struct rendition *rendition;
    const char *const *chunk_paths;
    const char *path;
    AVFormatContext *format;
    AVStream *picture, *sound;
    struct chunk_file *sound_file;
    size_t sound_next; /* its first packet that is not written yet */
    AVCodecParameters *parameters; /* the first chunk's: all must be equal */
    int timescale;                 /* of the picture track */
    int tick;                      /* in units of it */
    int64_t delay; /* ticks by which dts precedes pts: the rule's D */
};

/* --- The first pass: are the chunks one stream, and what is D? ------------ */

static int refuse_load(const struct muxer *muxer, const char *path, int code)
{
    return log_fail(muxer->log, code,
                    _("%s: a part of the film in the store is missing or "
                      "damaged: %s; run again, it will be made anew"),
                    path, LOG_REASON(code));
}

static int compare_ticks(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Each picture of the chunk once, 0 … count - 1, whatever the order; and the
 * least delay by which packet k may take the k-th stamp as its dts. */
static int survey_stamps(struct muxer *muxer, const struct chunk_file *chunk,
                         const char *path)
{
    int64_t *sorted = av_malloc_array(chunk->count + 1, sizeof(*sorted));
    if (!sorted)
        return log_fail(muxer->log, AVERROR(ENOMEM),
                        _("there is not enough memory"));
    for (size_t k = 0; k < chunk->count; k++)
        sorted[k] = chunk->packets[k]->pts;
    qsort(sorted, chunk->count, sizeof(*sorted), compare_ticks);
    int ret = 0;
    for (size_t k = 0; ret >= 0 && k < chunk->count; k++) {
        if (sorted[k] != (int64_t)k)
            ret = log_fail(muxer->log, AVERROR_INVALIDDATA,
                           _("%s: its pictures are not numbered without gaps; "
                             "remove the file and run again"),
                           path);
        int64_t late = (int64_t)k - chunk->packets[k]->pts;
        muxer->delay = FFMAX(muxer->delay, late);
    }
    av_free(sorted);
    return ret;
}

static bool is_same_stream(const AVCodecParameters *a,
                           const AVCodecParameters *b)
{
    return a->codec_id == b->codec_id && a->width == b->width &&
           a->height == b->height && a->extradata_size == b->extradata_size &&
           (!a->extradata_size ||
            !memcmp(a->extradata, b->extradata, (size_t)a->extradata_size));
}

static int survey_chunk(struct muxer *muxer, size_t i)
{
    const struct chunk *planned = &muxer->rendition->chunks[i];
    const char *path = muxer->chunk_paths[i];
    struct chunk_file *chunk = NULL;
    int ret = chunk_file_load(muxer->log, path, &chunk);
    if (ret < 0)
        return refuse_load(muxer, path, ret);
    if ((int64_t)chunk->count != planned->end_tick - planned->first_tick)
        ret = log_fail(muxer->log, AVERROR_INVALIDDATA,
                       _("%s has %zu pictures where %lld were planned; remove "
                         "the file and run again"),
                       path, chunk->count,
                       (long long)(planned->end_tick - planned->first_tick));
    else if (!muxer->parameters) {
        muxer->parameters = avcodec_parameters_alloc();
        ret = muxer->parameters ? avcodec_parameters_copy(muxer->parameters,
                                                          chunk->parameters)
                                : AVERROR(ENOMEM);
    } else if (!is_same_stream(muxer->parameters, chunk->parameters)) {
        ret = log_fail(muxer->log, AVERROR_INVALIDDATA,
                       _("%s was encoded with other parameter sets than the "
                         "film's first part; remove the store and run again"),
                       path);
    }
    if (ret >= 0)
        ret = survey_stamps(muxer, chunk, path);
    chunk_file_destroy(&chunk);
    return ret;
}

/* --- The file ---------------------------------------------------------------
 */

static void choose_timescale(struct muxer *muxer)
{
    AVRational rate = muxer->rendition->timeline->rate;
    muxer->timescale = rate.num;
    muxer->tick = rate.den;
    while (muxer->timescale < LEAST_TIMESCALE) {
        muxer->timescale *= 2;
        muxer->tick *= 2;
    }
}

static int add_picture(struct muxer *muxer)
{
    muxer->picture = avformat_new_stream(muxer->format, NULL);
    if (!muxer->picture)
        return AVERROR(ENOMEM);
    AVCodecParameters *parameters = muxer->picture->codecpar;
    int ret = avcodec_parameters_copy(parameters, muxer->parameters);
    if (ret < 0)
        return ret;
    parameters->codec_tag = 0;
    parameters->sample_aspect_ratio = (AVRational){1, 1};
    muxer->picture->sample_aspect_ratio = (AVRational){1, 1};
    muxer->picture->time_base = (AVRational){1, muxer->timescale};
    muxer->picture->avg_frame_rate = muxer->rendition->timeline->rate;
    return 0;
}

static int add_sound(struct muxer *muxer)
{
    if (!muxer->sound_file)
        return 0;
    muxer->sound = avformat_new_stream(muxer->format, NULL);
    if (!muxer->sound)
        return AVERROR(ENOMEM);
    AVCodecParameters *parameters = muxer->sound->codecpar;
    int ret =
        avcodec_parameters_copy(parameters, muxer->sound_file->parameters);
    parameters->codec_tag = 0;
    muxer->sound->time_base = muxer->sound_file->time_base;
    return ret;
}

/* Bit-exact keeps the library's version and the clock out of the file. The
 * movie's timescale holds ticks and samples alike as whole numbers, so that
 * edit lists, which count in it, cut neither short. */
static int write_header(struct muxer *muxer)
{
    AVDictionary *options = NULL;
    int64_t rate = muxer->rendition->timeline->rate.num;
    int64_t movie = rate / av_gcd(rate, SOUND_RATE) * SOUND_RATE;
    muxer->format->flags |= AVFMT_FLAG_BITEXACT;
    av_dict_set(&options, "movflags", "+faststart", 0);
    av_dict_set(&options, "brand", "isom", 0);
    av_dict_set_int(&options, "video_track_timescale", muxer->timescale, 0);
    av_dict_set_int(&options, "movie_timescale", movie, 0);
    av_dict_set_int(&options, "use_editlist", 1, 0);
    int ret = avio_open(&muxer->format->pb, muxer->path, AVIO_FLAG_WRITE);
    if (ret >= 0)
        ret = avformat_write_header(muxer->format, &options);
    av_dict_free(&options);
    return ret;
}

static int open_file(struct muxer *muxer, const struct session *session)
{
    int ret = avformat_alloc_output_context2(&muxer->format, NULL, "mp4",
                                             muxer->path);
    if (ret >= 0)
        ret = add_picture(muxer);
    if (ret >= 0)
        ret = add_sound(muxer);
    if (ret >= 0)
        ret = tags_set(muxer->format, session, muxer->rendition->clip);
    if (ret >= 0)
        ret = write_header(muxer);
    return ret;
}

/* --- The second pass: packets ------------------------------------------------
 */

/* libavformat takes the packet. */
static int write_packet(struct muxer *muxer, AVPacket *packet,
                        const AVStream *stream, AVRational base)
{
    packet->stream_index = stream->index;
    av_packet_rescale_ts(packet, base, stream->time_base);
    return av_interleaved_write_frame(muxer->format, packet);
}

/* Sound up to a moment of the picture, in units of its track. */
static int write_sound_until(struct muxer *muxer, int64_t dts)
{
    const struct chunk_file *file = muxer->sound_file;
    const AVRational base = {1, muxer->timescale};
    while (file && muxer->sound_next < file->count) {
        const AVPacket *next = file->packets[muxer->sound_next];
        if (dts != INT64_MAX &&
            av_compare_ts(next->pts, file->time_base, dts, base) > 0)
            break;
        AVPacket *packet = av_packet_clone(next);
        if (!packet)
            return AVERROR(ENOMEM);
        packet->dts = packet->pts;
        muxer->sound_next++;
        int ret = write_packet(muxer, packet, muxer->sound, file->time_base);
        av_packet_free(&packet);
        if (ret < 0)
            return ret;
    }
    return 0;
}

/* The one dts rule: all stamps sorted, moved back by D. At a constant rate and
 * over the whole film this is (k - D) ticks. The duration must be set: without
 * it movenc's edit list hides the last picture. */
static int write_chunk(struct muxer *muxer, size_t i)
{
    int64_t first = muxer->rendition->chunks[i].first_tick;
    struct chunk_file *chunk = NULL;
    int ret = chunk_file_load(muxer->log, muxer->chunk_paths[i], &chunk);
    if (ret < 0)
        return refuse_load(muxer, muxer->chunk_paths[i], ret);
    for (size_t k = 0; ret >= 0 && k < chunk->count; k++) {
        AVPacket *packet = chunk->packets[k];
        packet->pts = (first + packet->pts) * muxer->tick;
        packet->dts = (first + (int64_t)k - muxer->delay) * muxer->tick;
        packet->duration = muxer->tick;
        ret = write_sound_until(muxer, packet->dts);
        if (ret >= 0)
            ret = write_packet(muxer, packet, muxer->picture,
                               muxer->picture->time_base);
    }
    chunk_file_destroy(&chunk);
    return ret;
}

static int write_all(struct muxer *muxer, const struct session *session,
                     size_t count)
{
    int ret = open_file(muxer, session);
    for (size_t i = 0; ret >= 0 && i < count; i++)
        ret = write_chunk(muxer, i);
    if (ret >= 0)
        ret = write_sound_until(muxer, INT64_MAX);
    if (ret >= 0)
        ret = av_write_trailer(muxer->format);
    if (muxer->format && muxer->format->pb) {
        int closed = avio_closep(&muxer->format->pb);
        ret = ret < 0 ? ret : closed;
    }
    avformat_free_context(muxer->format);
    muxer->format = NULL;
    if (ret < 0 && (!muxer->log || !muxer->log->first_code))
        log_fail(muxer->log, ret,
                 _("%s can't be written: %s; see that there is room and that "
                   "the folder can be written"),
                 muxer->path, LOG_REASON(ret));
    return ret;
}

int muxer_write(struct log *log, const struct session *session,
                const struct rendition *rendition,
                const char *const *chunk_paths, size_t chunk_count,
                const char *sound_path, const char *path)
{
    struct muxer muxer = {.log = log,
                          .rendition = rendition,
                          .chunk_paths = chunk_paths,
                          .path = path};
    int ret = 0;
    if (!chunk_count || chunk_count != rendition->chunk_count)
        return log_fail(log, AVERROR(EINVAL),
                        _("%zu parts were made of the film's %zu; run again"),
                        chunk_count, rendition->chunk_count);
    choose_timescale(&muxer);
    for (size_t i = 0; ret >= 0 && i < chunk_count; i++)
        ret = survey_chunk(&muxer, i);
    if (ret >= 0 && sound_path) {
        ret = chunk_file_load(log, sound_path, &muxer.sound_file);
        if (ret < 0)
            refuse_load(&muxer, sound_path, ret);
    }
    if (ret >= 0)
        ret = write_all(&muxer, session, chunk_count);
    chunk_file_destroy(&muxer.sound_file);
    avcodec_parameters_free(&muxer.parameters);
    if (ret < 0)
        remove(path);
    return ret;
}
