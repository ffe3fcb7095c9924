/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Probing one recording in a worker: what is found, or why it can't be used,
 * as JSON. Knows nothing of the session that asks. */
#include "ingest/recording.h"

#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/digest.h"
#include "base/files.h"
#include "base/timecode.h"
#include "ingest/media.h"
#include "ingest/recording_facts.h"

/* Warnings go on to who asked; an error becomes the answer's "trouble", which
 * is told with file and row by who knows them. */
static void probe_forward(void *opaque, enum log_level level,
                          const char *message)
{
    struct log *log = opaque;
    if (level == LOG_LEVEL_WARNING)
        log_warn(log, "%s", message);
    else if (level > LOG_LEVEL_WARNING)
        log_verbose(log, "%s", message);
}

static json_t *probe_trouble(const struct log *log)
{
    const char *sentence = log->first_error;
    json_t *facts =
        json_pack("{s:b,s:i,s:s}", "ok", 0, "code",
                  log->first_code ? log->first_code : AVERROR_UNKNOWN,
                  "trouble", sentence ? sentence : "");
    if (!facts)
        facts = json_pack("{s:b,s:i,s:s}", "ok", 0, "code", AVERROR_UNKNOWN,
                          "trouble", _("the recording can't be read"));
    return facts;
}

/* Two files may have the same packets and be decoded differently. */
static const char *probe_setup(const AVStream *stream, char text[DIGEST_TEXT])
{
    const AVCodecParameters *parameters = stream->codecpar;
    uint8_t sum[DIGEST_BYTES];
    text[0] = '\0';
    if (parameters->extradata_size <= 0)
        return text;
    digest_of(parameters->extradata, (size_t)parameters->extradata_size, sum);
    digest_text(sum, text);
    return text;
}

static json_t *probe_picture(const AVStream *stream,
                             const struct picture_stream *p)
{
    char setup[DIGEST_TEXT];
    return json_pack(
        "{s:i,s:s,s:s,s:i,s:i,s:[i,i],s:i,s:i,s:s,s:i,s:i,s:i,s:i,s:i,s:b,s:b}",
        "stream", p->stream, "codec", p->codec, "setup",
        probe_setup(stream, setup), "width", p->width, "height", p->height,
        "sar", p->sar.num, p->sar.den, "orientation", p->orientation, "fields",
        p->fields, "format", av_get_pix_fmt_name(p->format), "matrix",
        (int)p->matrix, "primaries", (int)p->primaries, "transfer",
        (int)p->transfer, "range", (int)p->range, "chroma", (int)p->chroma,
        "guessed", p->guessed, "hdr", p->hdr);
}

static json_t *probe_sound(const AVStream *stream, const struct index *index)
{
    char sum[DIGEST_TEXT] = "", setup[DIGEST_TEXT];
    if (!index->partial) {
        struct digest *digest = digest_create();
        for (size_t i = 0; i < index->sound_count; i++)
            digest_add(digest, index->sounds[i].digest, INDEX_DIGEST_BYTES);
        digest_finish_text(digest, sum);
        digest_destroy(&digest);
    }
    return json_pack("{s:i,s:s,s:s,s:i,s:i,s:I,s:I,s:s}", "stream",
                     stream->index, "codec",
                     avcodec_get_name(stream->codecpar->codec_id), "setup",
                     probe_setup(stream, setup), "channels",
                     stream->codecpar->ch_layout.nb_channels, "sample_rate",
                     stream->codecpar->sample_rate, "first",
                     (json_int_t)index->sound_first_flicks, "end",
                     (json_int_t)index->sound_end_flicks, "digest", sum);
}

static json_t *probe_timecode(const AVFormatContext *format,
                              const AVStream *picture, AVRational rate)
{
    bool drop = false;
    int64_t frames = 0;
    if (!picture ||
        !recording_find_timecode(format, picture, rate, &drop, &frames))
        return json_null();
    return json_pack("{s:I,s:b}", "frames", (json_int_t)frames, "drop", drop);
}

/* The memo when it may be trusted, else a new one. */
static int probe_index(struct log *log, const char *path,
                       const char *index_path, int video, int sound,
                       const struct index_wish *wish, struct arena *arena,
                       struct index **out)
{
    struct file_stamp before, after;
    int ret = files_stamp(path, &before);
    if (ret >= 0 && index_is_settled(index_path, &before) &&
        index_load(log, index_path, &before, arena, out) >= 0 &&
        index_answers(*out, wish))
        return 0;
    if (ret >= 0)
        ret = index_build_ranges(log, path, video, sound, wish, arena, out);
    if (ret < 0)
        return ret;
    if (files_stamp(path, &after) < 0 || after.size != before.size ||
        after.mtime_ns != before.mtime_ns)
        return log_fail(log, AVERROR(EAGAIN),
                        _("the recording is still being written or copied; "
                          "wait until it is complete, and try again"));
    return index_save(log, index_path, &before, *out);
}

/* What a track's header says of its length, in flicks; 0: nothing. A length
 * that was estimated from the bit rate promises nothing. */
static int64_t probe_promised(const AVFormatContext *format,
                              const AVStream *stream)
{
    if (format->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE ||
        stream->duration == AV_NOPTS_VALUE || stream->duration <= 0)
        return 0;
    const int64_t promised =
        clock_from_stamp(stream->duration, stream->time_base);
    return promised < 24 * 3600 * FLICKS_PER_SECOND ? promised : 0;
}

static int probe_check_index(struct log *log, const AVFormatContext *format,
                             const AVStream *picture, const AVStream *sound,
                             const struct index *index, const char *path)
{
    const size_t rows = picture ? index->frame_count : index->sound_count;
    if (index->read_error && !rows)
        return media_tell_unopened(log, path, AVERROR(EIO));
    if (picture && index->frame_count == 0)
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("no picture of the recording has a usable time; it "
                          "is damaged: copy it again from the camera"));
    if (!picture && sound && index->sound_count == 0)
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("the recording holds no sound, only a header; copy "
                          "it again, or take it out of the list"));
    index_warn(log, files_name(path), index);
    const int64_t promised = probe_promised(format, picture ? picture : sound);
    const int64_t end = picture ? index->end_flicks : index->sound_end_flicks;
    if (promised - end > 2 * FLICKS_PER_SECOND)
        log_warn(log,
                 _("%s: it should last %s but breaks off at %s; copy it again "
                   "if the rest is needed"),
                 files_name(path), TIMECODE_TEXT(promised), TIMECODE_TEXT(end));
    return 0;
}

static json_t *probe_facts(const AVFormatContext *format,
                           const AVStream *picture_stream,
                           const struct picture_stream *picture,
                           const AVStream *sound, const struct index *index)
{
    int64_t end = picture_stream ? index->end_flicks : 0;
    if (sound)
        end = FFMAX(end, index->sound_end_flicks);
    return json_pack("{s:b,s:s,s:o,s:o,s:I,s:o}", "ok", 1, "container",
                     format->iformat->name, "picture",
                     picture_stream ? probe_picture(picture_stream, picture)
                                    : json_null(),
                     "sound", sound ? probe_sound(sound, index) : json_null(),
                     "end", (json_int_t)end, "timecode",
                     probe_timecode(format, picture_stream, index->rate));
}

static int probe_run(struct log *log, const char *path, const char *index_path,
                     const struct index_wish *wish, struct arena *arena,
                     json_t **facts, bool *has_text)
{
    AVFormatContext *format = NULL;
    AVStream *picture = NULL;
    AVStream *sound = NULL;
    struct recording_sample sample = {0};
    struct picture_stream described;
    struct index *index = NULL;
    int ret = media_open(log, path, &format);
    if (ret >= 0)
        ret = recording_choose(log, format, &picture, &sound);
    if (ret >= 0)
        ret = recording_take_sample(log, format, picture, sound, &sample);
    if (ret < 0)
        goto done;
    if (sound && sample.sounds == 0) {
        if (!picture) {
            ret = log_fail(log, AVERROR_INVALIDDATA,
                           _("its sound can't be decoded; the recording is "
                             "damaged: copy it again, or export it as WAV"));
            goto done;
        }
        log_warn(log, _("%s: its sound can't be decoded and is left out"),
                 files_name(path));
        sound = NULL;
    }
    if (picture)
        recording_describe(format, picture, &sample, &described);
    ret = probe_index(log, path, index_path, picture ? picture->index : -1,
                      sound ? sound->index : -1, wish, arena, &index);
    if (ret >= 0)
        ret = probe_check_index(log, format, picture, sound, index, path);
    /* What the medium withheld today is no fault of the recording. */
    if (ret < 0 && index && index->read_error)
        unlink(index_path);
    if (ret >= 0)
        *facts = probe_facts(format, picture, &described, sound, index);
    if (ret >= 0 && (index->read_error || media_medium_error(format)))
        json_object_set_new(*facts, "unread", json_true());
    if (ret >= 0 && recording_has_fonts(format))
        json_object_set_new(*facts, "fonts", json_true());
    int chosen = 0, count = format ? recording_count_texts(format, &chosen) : 0;
    if (ret >= 0 && count > 1) {
        json_object_set_new(*facts, "texts", json_integer(count));
        json_object_set_new(*facts, "text", json_integer(chosen));
    }
    *has_text = count > 0;
done:
    recording_sample_clear(&sample);
    avformat_close_input(&format);
    return ret;
}

json_t *recording_probe(struct log *log, const char *path,
                        const char *index_path, const struct index_wish *wish)
{
    const struct index_wish all = {.whole = true};
    struct log own;
    struct arena *arena = arena_create();
    json_t *facts = NULL;
    bool has_text = false;
    log_init(&own, LOG_LEVEL_VERBOSE, probe_forward, log);
    if (probe_run(&own, path, index_path, wish ? wish : &all, arena, &facts,
                  &has_text) < 0) {
        facts = probe_trouble(&own);
    } else if (has_text) {
        json_t *script = NULL;
        json_t *cues = recording_read_text(NULL, path, &script);
        if (cues)
            json_object_set_new(facts, "cues", cues);
        if (script)
            json_object_set_new(facts, "script", script);
    }
    log_clear(&own);
    arena_destroy(&arena);
    return facts;
}
