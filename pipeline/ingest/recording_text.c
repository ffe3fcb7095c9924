/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts that a recording carries: its time code and its subtitle track. */
#include "ingest/recording_facts.h"

#include <stdlib.h>
#include <string.h>
#include <libavcodec/avcodec.h>
#include "base/buffer.h"
#include "base/clock.h"
#include "base/text.h"
#include "ingest/media.h"
#include "subtitles/carried.h"
#include "subtitles/cues.h"

#define TEXT_CUES_MOST    20000
#define TEXT_BYTES_MOST   4000
#define SCRIPT_BYTES_MOST (8 << 20)

/* ---- time code ----------------------------------------------------------- */

/* Drop-frame counting leaves two numbers out (four at 60) at each minute but
 * the tenth (SMPTE ST 12-1), so that fewer frames have passed than it says. */
static int64_t timecode_dropped(int64_t minutes, int nominal)
{
    return (minutes - minutes / 10) * 2 * (nominal / 30);
}

bool recording_parse_timecode(const char *text, int nominal, bool *drop,
                              int64_t *frames)
{
    long field[4];
    char before = ':';
    const char *at = text;
    for (int i = 0; i < 4; i++) {
        char *end = NULL;
        if (*at < '0' || *at > '9')
            return false;
        field[i] = strtol(at, &end, 10);
        if (i < 3) {
            if (!strchr(":;.,", *end) || *end == '\0')
                return false;
            before = *end++;
        }
        at = end;
    }
    if (field[0] > 23 || field[1] > 59 || field[2] > 59 || nominal <= 0 ||
        field[3] >= nominal)
        return false;
    *drop = before != ':' && nominal % 30 == 0;
    *frames = ((field[0] * 60 + field[1]) * 60 + field[2]) * (int64_t)nominal +
              field[3];
    if (*drop)
        *frames -= timecode_dropped(field[0] * 60 + field[1], nominal);
    return true;
}

static const char *timecode_tag(const AVDictionary *tags)
{
    const AVDictionaryEntry *entry = av_dict_get(tags, "timecode", NULL, 0);
    return entry ? entry->value : NULL;
}

bool recording_find_timecode(const AVFormatContext *format,
                             const AVStream *picture, AVRational rate,
                             bool *drop, int64_t *frames)
{
    const int nominal =
        rate.num > 0 ? (int)((rate.num + rate.den - 1) / rate.den) : 0;
    const char *text = timecode_tag(picture->metadata);
    int scale = 1; /* pictures to one number of the time code */
    if (!text)
        text = timecode_tag(format->metadata);
    for (unsigned i = 0; i < format->nb_streams; i++) {
        const AVStream *stream = format->streams[i];
        const AVRational r = stream->avg_frame_rate;
        if (stream->codecpar->codec_type != AVMEDIA_TYPE_DATA)
            continue;
        if (!text)
            text = timecode_tag(stream->metadata);
        /* Cameras count 50 and 60 pictures a second in pairs. */
        if (stream->codecpar->codec_tag == MKTAG('t', 'm', 'c', 'd') &&
            r.num > 0 && r.den > 0 && nominal >= 48 &&
            (r.num + r.den - 1) / r.den * 2 == nominal)
            scale = 2;
    }
    if (!text || !recording_parse_timecode(text, nominal / scale, drop, frames))
        return false;
    *frames *= scale;
    return true;
}

/* ---- text track ---------------------------------------------------------- */

static bool text_is_track(const AVStream *stream)
{
    const AVCodecDescriptor *codec =
        avcodec_descriptor_get(stream->codecpar->codec_id);
    return codec && (codec->props & AV_CODEC_PROP_TEXT_SUB) &&
           stream->codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE &&
           avcodec_find_decoder(codec->id);
}

static bool tag_has(const AVStream *stream, const char *key,
                    const char *const *words)
{
    const AVDictionaryEntry *entry =
        av_dict_get(stream->metadata, key, NULL, 0);
    for (size_t i = 0; entry && words[i]; i++) {
        if (strcasestr(entry->value, words[i]))
            return true;
    }
    return false;
}

/* Chinese before all others, Simplified before Traditional, what its author
 * marked as the usual one before the rest; signs only, and tracks for the deaf
 * or of a commentator, when there is nothing else. */
static int text_worth(const AVStream *stream)
{
    static const char *const chinese[] = {"chi", "zho", "zh", "cmn", NULL};
    static const char *const simplified[] = {"简", "Simplified", "CHS", "Hans",
                                             NULL};
    static const char *const traditional[] = {"繁", "Traditional", "CHT",
                                              "Hant", NULL};
    const int disposition = stream->disposition;
    int worth = 0;
    worth += tag_has(stream, "language", chinese) ? 8 : 0;
    worth += tag_has(stream, "title", simplified) ||
                     tag_has(stream, "language", simplified)
                 ? 4
                 : 0;
    worth -= tag_has(stream, "title", traditional) ||
                     tag_has(stream, "language", traditional)
                 ? 2
                 : 0;
    worth += disposition & AV_DISPOSITION_DEFAULT ? 1 : 0;
    worth -= disposition & AV_DISPOSITION_FORCED ? 32 : 0;
    worth -=
        disposition & (AV_DISPOSITION_HEARING_IMPAIRED | AV_DISPOSITION_COMMENT)
            ? 16
            : 0;
    return worth;
}

/* The first of those that are worth most; `*number` counts from 1. */
static AVStream *text_find(const AVFormatContext *format, int *number,
                           int *count)
{
    AVStream *best = NULL;
    *number = *count = 0;
    for (unsigned i = 0; i < format->nb_streams; i++) {
        AVStream *stream = format->streams[i];
        if (!text_is_track(stream))
            continue;
        ++*count;
        if (best && text_worth(stream) <= text_worth(best))
            continue;
        best = stream;
        *number = *count;
    }
    return best;
}

int recording_count_texts(const AVFormatContext *format, int *chosen)
{
    int count;
    text_find(format, chosen, &count);
    return count;
}

/* An event as decoders give it has eight fields before its text. */
static const char *text_of_event(const char *event)
{
    for (int comma = 0; comma < 8; comma++) {
        event = strchr(event, ',');
        if (!event)
            return "";
        event++;
    }
    return event;
}

/* At a character's end. */
static void text_cut(struct buffer *text)
{
    if (text->size <= TEXT_BYTES_MOST)
        return;
    text->size = TEXT_BYTES_MOST;
    while (text->size && (text->data[text->size] & 0xC0) == 0x80)
        text->size--;
    text->data[text->size] = '\0';
}

static void text_take(json_t *cues, const AVSubtitle *subtitle, int64_t start,
                      int64_t end)
{
    struct buffer text = {0};
    for (unsigned i = 0; i < subtitle->num_rects; i++) {
        const AVSubtitleRect *rect = subtitle->rects[i];
        if (text.size > 0)
            buffer_puts(&text, "\n");
        if (rect->ass)
            ass_plain(text_of_event(rect->ass), &text);
        else if (rect->text)
            ass_plain(rect->text, &text);
    }
    text_cut(&text);
    while (text.size > 0 && text.data[text.size - 1] == '\n')
        text.data[--text.size] = '\0';
    if (end > start && !text_is_blank(buffer_text(&text)) &&
        text_is_utf8(text.data, text.size))
        json_array_append_new(cues, json_pack("[I,I,s]", (json_int_t)start,
                                              (json_int_t)end, text.data));
    buffer_clear(&text);
}

static void text_decode(json_t *cues, AVCodecContext *decoder, AVPacket *packet,
                        AVRational base, int64_t zero)
{
    AVSubtitle subtitle = {0};
    int got = 0;
    if (packet->pts == AV_NOPTS_VALUE ||
        avcodec_decode_subtitle2(decoder, &subtitle, &got, packet) < 0 || !got)
        return;
    const int64_t start = clock_from_stamp(packet->pts, base) - zero;
    int64_t length = clock_from_stamp(packet->duration, base);
    if (length <= 0 && subtitle.end_display_time != UINT32_MAX)
        length = subtitle.end_display_time * (FLICKS_PER_SECOND / 1000);
    if (length > 0 && length < 3600 * FLICKS_PER_SECOND)
        text_take(cues, &subtitle, start, start + length);
    avsubtitle_free(&subtitle);
}

/* ---- ASS tracks ---------------------------------------------------------- */

/* Styles are in the stream's header; an event's packet begins with its number
 * in the file, has no times, and ends in its text (Matroska, "Subtitles"). */
static void script_open(struct buffer *script, const AVStream *stream)
{
    const AVCodecParameters *codec = stream->codecpar;
    const char *header = (const char *)codec->extradata;
    if (codec->codec_id != AV_CODEC_ID_ASS || codec->extradata_size <= 0)
        return;
    size_t size = strnlen(header, (size_t)codec->extradata_size);
    if (!carried_strip(header, size, script, NULL) && size <= SCRIPT_BYTES_MOST)
        buffer_append(script, header, size);
    if (!script->size || script->size > SCRIPT_BYTES_MOST ||
        !text_is_utf8(script->data, script->size)) {
        buffer_clear(script);
        return;
    }
    buffer_puts(script, "\n[Events]\nFormat: Layer, Start, End, Style, Name, "
                        "MarginL, MarginR, MarginV, Effect, Text\n");
}

static void script_put_time(struct buffer *script, int64_t flicks)
{
    int64_t ms = flicks / (FLICKS_PER_SECOND / 1000);
    buffer_printf(script, "%lld:%02d:%02d.%03d,", (long long)(ms / 3600000),
                  (int)(ms / 60000 % 60), (int)(ms / 1000 % 60),
                  (int)(ms % 1000));
}

static void script_take(struct buffer *script, const AVPacket *packet,
                        AVRational base, int64_t zero)
{
    const char *data = (const char *)packet->data;
    size_t size = data ? strnlen(data, (size_t)packet->size) : 0;
    const char *layer = size ? memchr(data, ',', size) : NULL;
    size_t left = layer ? size - (size_t)(++layer - data) : 0;
    const char *style = left ? memchr(layer, ',', left) : NULL;
    if (!script->size || !style || packet->pts == AV_NOPTS_VALUE ||
        packet->duration <= 0 || script->size + size > SCRIPT_BYTES_MOST ||
        !text_is_utf8(data, size) || memchr(data, '\n', size) ||
        memchr(data, '\r', size))
        return;
    const int64_t start = clock_from_stamp(packet->pts, base) - zero;
    if (start < 0)
        return;
    buffer_puts(script, "Dialogue: ");
    buffer_append(script, layer, (size_t)(style + 1 - layer));
    script_put_time(script, start);
    script_put_time(script, start + clock_from_stamp(packet->duration, base));
    buffer_append(script, style + 1, size - (size_t)(style + 1 - data));
    buffer_puts(script, "\n");
}

static AVCodecContext *text_open(const AVStream *stream)
{
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    AVCodecContext *decoder = avcodec_alloc_context3(codec);
    if (!decoder)
        return NULL;
    decoder->pkt_timebase = stream->time_base;
    if (avcodec_parameters_to_context(decoder, stream->codecpar) < 0 ||
        avcodec_open2(decoder, codec, NULL) < 0)
        avcodec_free_context(&decoder);
    return decoder;
}

json_t *recording_read_text(struct log *log, const char *path, json_t **script)
{
    struct buffer own = {0};
    AVFormatContext *format = NULL;
    json_t *cues = NULL;
    int64_t zero, us;
    if (media_open(log, path, &format) < 0)
        return NULL;
    int number, count;
    AVStream *stream = text_find(format, &number, &count);
    AVCodecContext *decoder = stream ? text_open(stream) : NULL;
    AVPacket *packet = decoder ? av_packet_alloc() : NULL;
    if (!packet)
        goto done;
    media_zero(format, &zero, &us);
    cues = json_array();
    script_open(&own, stream);
    for (unsigned i = 0; i < format->nb_streams; i++)
        if (format->streams[i] != stream)
            format->streams[i]->discard = AVDISCARD_ALL;
    while (json_array_size(cues) < TEXT_CUES_MOST &&
           av_read_frame(format, packet) >= 0) {
        if (packet->stream_index == stream->index) {
            text_decode(cues, decoder, packet, stream->time_base, zero);
            script_take(&own, packet, stream->time_base, zero);
        }
        av_packet_unref(packet);
    }
    if (own.size > 0 && json_array_size(cues) > 0)
        *script = json_string(own.data);
done:
    buffer_clear(&own);
    av_packet_free(&packet);
    avcodec_free_context(&decoder);
    avformat_close_input(&format);
    return cues;
}
