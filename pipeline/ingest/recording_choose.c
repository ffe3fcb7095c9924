/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which streams of a recording are its picture and its sound, and whether they
 * can be decoded at all, shown by decoding a little. */
#include "ingest/recording_facts.h"

#include <string.h>
#include <libavcodec/avcodec.h>
#include "base/compat.h"

#define SAMPLE_PICTURES 10
#define SAMPLE_SOUNDS   2
/* A stream that was cut amid a group of pictures has its first picture after
 * up to some ten seconds. */
#define SAMPLE_PACKETS 2000
#define SAMPLE_BYTES   (INT64_C(256) << 20)
#define CHANNELS_MOST  64 /* that libswresample mixes (SWR_CH_MAX) */

static bool stream_has_packets(const AVStream *stream)
{
    return stream->nb_frames > 0 || stream->start_time != AV_NOPTS_VALUE ||
           avformat_index_get_entries_count(stream) > 0;
}

static bool stream_is_encrypted(const AVStream *stream)
{
    size_t size = 0;
    return compat_stream_side_data(stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO,
                                   &size) ||
           stream->codecpar->codec_tag == MKTAG('e', 'n', 'c', 'v') ||
           stream->codecpar->codec_tag == MKTAG('e', 'n', 'c', 'a');
}

static bool stream_is_picture(const AVStream *stream)
{
    const AVCodecParameters *parameters = stream->codecpar;
    return parameters->codec_type == AVMEDIA_TYPE_VIDEO &&
           !(stream->disposition &
             (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS |
              AV_DISPOSITION_STILL_IMAGE)) &&
           stream->time_base.num > 0 && stream->time_base.den > 0 &&
           stream_has_packets(stream);
}

static bool stream_is_sound(const AVStream *stream)
{
    return stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO &&
           stream->time_base.num > 0 && stream->time_base.den > 0 &&
           stream_has_packets(stream);
}

static bool stream_can_be_decoded(const AVStream *stream)
{
    const AVCodecParameters *parameters = stream->codecpar;
    if (!avcodec_find_decoder(parameters->codec_id))
        return false;
    if (parameters->codec_type == AVMEDIA_TYPE_VIDEO)
        return parameters->width > 0 && parameters->height > 0;
    return parameters->sample_rate > 0 &&
           parameters->ch_layout.nb_channels > 0 &&
           parameters->ch_layout.nb_channels <= CHANNELS_MOST;
}

/* libavformat's choice if it will do, else the largest. */
static AVStream *recording_pick(const AVFormatContext *format,
                                enum AVMediaType type,
                                bool (*is_one)(const AVStream *))
{
    const int best =
        av_find_best_stream((AVFormatContext *)format, type, -1, -1, NULL, 0);
    AVStream *found = NULL;
    int64_t most = -1;
    for (unsigned i = 0; i < format->nb_streams; i++) {
        AVStream *stream = format->streams[i];
        if (!is_one(stream) || !stream_can_be_decoded(stream))
            continue;
        int64_t size =
            (int64_t)stream->codecpar->width * stream->codecpar->height +
            stream->codecpar->ch_layout.nb_channels;
        if ((int)i == best)
            size = INT64_MAX;
        if (size > most) {
            most = size;
            found = stream;
        }
    }
    return found;
}

static int recording_tell_unusable(struct log *log, const AVStream *stream)
{
    if (stream_is_encrypted(stream))
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("the recording is encrypted (protected against "
                          "copying); ask its owner for an unprotected file"));
    if (!avcodec_find_decoder(stream->codecpar->codec_id))
        return log_fail(log, AVERROR_DECODER_NOT_FOUND,
                        _("its picture is coded as \"%s\", which can't be "
                          "decoded here; export it as H.264"),
                        avcodec_get_name(stream->codecpar->codec_id));
    return log_fail(log, AVERROR_INVALIDDATA,
                    _("its picture has no size, so the recording is damaged; "
                      "copy it again from the camera"));
}

/* Sound that could be decoded and not mixed down. */
static const AVStream *recording_too_many_channels(
    const AVFormatContext *format)
{
    for (unsigned i = 0; i < format->nb_streams; i++) {
        const AVStream *stream = format->streams[i];
        if (stream_is_sound(stream) &&
            stream->codecpar->ch_layout.nb_channels > CHANNELS_MOST)
            return stream;
    }
    return NULL;
}

static int recording_tell_channels(struct log *log, const AVStream *stream)
{
    return log_fail(log, AVERROR_INVALIDDATA,
                    _("its sound has %d channels, and %d are the most that can "
                      "be mixed; export it as stereo"),
                    stream->codecpar->ch_layout.nb_channels, CHANNELS_MOST);
}

int recording_choose(struct log *log, const AVFormatContext *format,
                     AVStream **picture, AVStream **sound)
{
    *picture = recording_pick(format, AVMEDIA_TYPE_VIDEO, stream_is_picture);
    *sound = recording_pick(format, AVMEDIA_TYPE_AUDIO, stream_is_sound);
    for (unsigned i = 0; i < format->nb_streams; i++)
        if (stream_is_encrypted(format->streams[i]))
            return recording_tell_unusable(log, format->streams[i]);
    const AVStream *wide = *sound ? NULL : recording_too_many_channels(format);
    if (wide)
        return recording_tell_channels(log, wide);
    if (*picture)
        return 0;
    for (unsigned i = 0; i < format->nb_streams; i++)
        if (stream_is_picture(format->streams[i]) &&
            (!*sound || format->streams[i]->codecpar->width > 0))
            return recording_tell_unusable(log, format->streams[i]);
    if (*sound)
        return 0;
    return log_fail(log, AVERROR_STREAM_NOT_FOUND,
                    _("the recording holds no picture and no sound, only a "
                      "header; copy it again, or take it out of the list"));
}

/* ---- a sample ------------------------------------------------------------ */

static AVCodecContext *sample_decoder(const AVStream *stream)
{
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    AVCodecContext *decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!decoder)
        return NULL;
    decoder->thread_count = 1;
    decoder->pkt_timebase = stream->time_base;
    if (avcodec_parameters_to_context(decoder, stream->codecpar) < 0 ||
        avcodec_open2(decoder, codec, NULL) < 0)
        avcodec_free_context(&decoder);
    return decoder;
}

static void sample_note_picture(struct recording_sample *sample,
                                const AVFrame *frame)
{
    sample->pictures++;
    if (compat_frame_is_interlaced(frame)) {
        sample->interlaced++;
        sample->top_first += compat_frame_is_top_first(frame);
    }
    if (!sample->picture && frame->width > 0 && frame->height > 0)
        sample->picture = av_frame_clone(frame);
}

/* NULL as packet drains. */
static void sample_decode(struct recording_sample *sample,
                          AVCodecContext *decoder, const AVPacket *packet,
                          AVFrame *frame)
{
    if (avcodec_send_packet(decoder, packet) < 0)
        return; /* one damaged packet says little: the next may do */
    while (avcodec_receive_frame(decoder, frame) >= 0) {
        if (decoder->codec_type == AVMEDIA_TYPE_VIDEO)
            sample_note_picture(sample, frame);
        else
            sample->sounds++;
        av_frame_unref(frame);
    }
}

static bool sample_is_enough(const struct recording_sample *sample,
                             const AVCodecContext *picture,
                             const AVCodecContext *sound)
{
    return (!picture || sample->pictures >= SAMPLE_PICTURES) &&
           (!sound || sample->sounds >= SAMPLE_SOUNDS ||
            (picture && sample->pictures >= SAMPLE_PICTURES * 10));
}

static void sample_read(AVFormatContext *format, const AVStream *picture,
                        AVCodecContext *picture_decoder, const AVStream *sound,
                        AVCodecContext *sound_decoder,
                        struct recording_sample *out)
{
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    int64_t bytes = 0;
    for (int i = 0; packet && frame && i < SAMPLE_PACKETS; i++) {
        if (sample_is_enough(out, picture_decoder, sound_decoder) ||
            bytes > SAMPLE_BYTES || av_read_frame(format, packet) < 0)
            break;
        bytes += packet->size;
        if (picture_decoder && packet->stream_index == picture->index)
            sample_decode(out, picture_decoder, packet, frame);
        else if (sound_decoder && packet->stream_index == sound->index)
            sample_decode(out, sound_decoder, packet, frame);
        av_packet_unref(packet);
    }
    if (frame && picture_decoder)
        sample_decode(out, picture_decoder, NULL, frame);
    if (frame && sound_decoder)
        sample_decode(out, sound_decoder, NULL, frame);
    av_packet_free(&packet);
    av_frame_free(&frame);
}

int recording_take_sample(struct log *log, AVFormatContext *format,
                          AVStream *picture, AVStream *sound,
                          struct recording_sample *out)
{
    *out = (struct recording_sample){0};
    AVCodecContext *picture_decoder = picture ? sample_decoder(picture) : NULL;
    AVCodecContext *sound_decoder = sound ? sample_decoder(sound) : NULL;
    sample_read(format, picture, picture_decoder, sound, sound_decoder, out);
    avcodec_free_context(&picture_decoder);
    avcodec_free_context(&sound_decoder);
    if (!picture || out->picture)
        return 0;
    return log_fail(log, AVERROR_INVALIDDATA,
                    _("not one picture of the recording (coded as \"%s\") can "
                      "be decoded; it is damaged: copy it again, or export it "
                      "as H.264"),
                    avcodec_get_name(picture->codecpar->codec_id));
}

void recording_sample_clear(struct recording_sample *sample)
{
    av_frame_free(&sample->picture);
    *sample = (struct recording_sample){0};
}
