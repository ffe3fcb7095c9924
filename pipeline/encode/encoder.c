/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns one run of libx264 over one chunk: its parameters, the types it is
 * forced to, the packets it gives. Refuses to know clips, presets and files. */
#include "encode/encoder.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <libavcodec/avcodec.h>
#include <libavutil/dict.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>

#include "base/buffer.h"
#include "encode/avc.h"

/* At a constant quality with macroblock-tree x264 codes the first picture of
 * all as coarsely as a P picture, and only later I pictures as much finer as
 * its ipratio says (rate_estimate_qscale in its ratecontrol.c). Chunks begin
 * often, and what stands still keeps the looks of its first picture: it is
 * asked to be finer by so many tenths of a quantiser step, by the way that
 * libavcodec has for regions. Chosen by size at equal quality:
 * presets/README.md. */
#define FIRST_FINER 44

struct encoder {
    struct frame_sink sink;
    struct log *log;
    char *parameters;
    bool odd;
    struct packet_sink *target;

    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *held; /* the newest picture: the last one is told apart */
    struct frame_format format;
    int64_t count;     /* pictures given */
    int64_t shift;     /* pictures put before the chunk's first: 1 when odd */
    int64_t idr_count; /* IDRs that came out, the dropped one included */
    AVPacket *tail;    /* the newest packet, kept back: see encoder_finish */
};

static struct encoder *encoder_of(struct frame_sink *sink)
{
    return container_of(sink, struct encoder, sink);
}

static bool is_wrapper_option(const char *name)
{
    /* These are libx264's table names; all else is a field of its own. */
    static const char *const names[] = {"preset", "tune", "profile", "level"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (!strcmp(name, names[i]))
            return true;
    }
    return false;
}

/* "preset=slow:crf=20:…" into the options of libavcodec's wrapper. */
static int encoder_split(const char *parameters, AVDictionary **options)
{
    AVDictionary *all = NULL;
    struct buffer rest = {0};
    int ret = av_dict_parse_string(&all, parameters, "=", ":", 0);
    const AVDictionaryEntry *entry = NULL;
    while (ret >= 0 &&
           (entry = av_dict_get(all, "", entry, AV_DICT_IGNORE_SUFFIX))) {
        if (is_wrapper_option(entry->key))
            ret = av_dict_set(options, entry->key, entry->value, 0);
        else
            buffer_printf(&rest, "%s%s=%s", rest.size ? ":" : "", entry->key,
                          entry->value);
    }
    if (ret >= 0)
        ret = av_dict_set(options, "x264-params", buffer_text(&rest), 0);
    /* Captions of the source are not the film's; types are ours to force. */
    if (ret >= 0)
        ret = av_dict_set(options, "a53cc", "0", 0);
    if (ret >= 0)
        ret = av_dict_set(options, "forced-idr", "1", 0);
    buffer_clear(&rest);
    av_dict_free(&all);
    return ret;
}

static void encoder_describe(AVCodecContext *codec,
                             const struct frame_format *format)
{
    codec->width = format->width;
    codec->height = format->height;
    codec->pix_fmt = format->format;
    codec->time_base = av_inv_q(format->rate);
    codec->framerate = format->rate;
    codec->sample_aspect_ratio = format->sar;
    codec->colorspace = format->matrix;
    codec->color_range = format->range;
    codec->color_primaries = format->primaries;
    codec->color_trc = format->transfer;
    codec->chroma_sample_location = format->chroma;
    codec->thread_count = 1;
    codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP;
}

static int encoder_start(struct encoder *encoder)
{
    AVDictionary *options = NULL;
    const AVCodec *x264 = avcodec_find_encoder_by_name("libx264");
    if (!x264)
        return log_fail(encoder->log, AVERROR_ENCODER_NOT_FOUND,
                        _("FFmpeg was built without libx264; install the "
                          "distribution's libavcodec with it"));
    encoder->codec = avcodec_alloc_context3(x264);
    int ret = encoder->codec ? encoder_split(encoder->parameters, &options)
                             : AVERROR(ENOMEM);
    if (ret >= 0) {
        encoder_describe(encoder->codec, &encoder->format);
        ret = avcodec_open2(encoder->codec, x264, &options);
    }
    const AVDictionaryEntry *unknown =
        ret >= 0 ? av_dict_get(options, "", NULL, AV_DICT_IGNORE_SUFFIX) : NULL;
    if (unknown)
        ret = AVERROR_OPTION_NOT_FOUND;
    if (ret < 0)
        log_fail(encoder->log, ret,
                 _("the picture encoder refuses \"%s\": %s; correct speed, "
                   "tune, profile or level in the preset"),
                 encoder->parameters, LOG_REASON(ret));
    av_dict_free(&options);
    return ret;
}

static int encoder_stream(struct encoder *encoder, AVCodecParameters **out)
{
    AVCodecParameters *stream = avcodec_parameters_alloc();
    struct buffer avcc = {0};
    *out = stream;
    if (!stream)
        return AVERROR(ENOMEM);
    int ret = avcodec_parameters_from_context(stream, encoder->codec);
    if (ret >= 0)
        ret = avc_configuration(stream->extradata,
                                (size_t)stream->extradata_size, &avcc);
    if (ret >= 0) {
        av_freep(&stream->extradata);
        stream->extradata_size = 0;
        stream->extradata =
            av_mallocz(avcc.size + AV_INPUT_BUFFER_PADDING_SIZE);
        ret = stream->extradata ? 0 : AVERROR(ENOMEM);
    }
    if (ret >= 0) {
        memcpy(stream->extradata, avcc.data, avcc.size);
        stream->extradata_size = (int)avcc.size;
        stream->codec_tag = 0;
        stream->profile = (uint8_t)avcc.data[1];
        stream->level = (uint8_t)avcc.data[3];
    }
    buffer_clear(&avcc);
    return ret;
}

static void encoder_stop(struct encoder *encoder)
{
    av_frame_free(&encoder->held);
    av_packet_free(&encoder->tail);
    av_packet_free(&encoder->packet);
    avcodec_free_context(&encoder->codec);
}

static int encoder_open(struct frame_sink *sink,
                        const struct frame_format *format)
{
    struct encoder *encoder = encoder_of(sink);
    encoder->format = *format;
    encoder->count = encoder->idr_count = 0;
    encoder->shift = encoder->odd ? 1 : 0;
    AVCodecParameters *stream = NULL;
    encoder->packet = av_packet_alloc();
    int ret = encoder->packet ? encoder_start(encoder) : AVERROR(ENOMEM);
    if (ret >= 0)
        ret = encoder_stream(encoder, &stream);
    if (ret >= 0)
        ret = encoder->target->ops->open(encoder->target, stream,
                                         encoder->codec->time_base);
    avcodec_parameters_free(&stream);
    if (ret < 0)
        encoder_stop(encoder);
    return ret;
}

/* Open and with its parameters taken, x264 fails for want of memory only. */
static int encoder_fail(struct encoder *encoder, int code)
{
    if (code == AVERROR_EXTERNAL)
        return log_fail(encoder->log, AVERROR(ENOMEM),
                        _("the picture encoder has too little memory; close "
                          "other programs, or make fewer things at once "
                          "(-j)"));
    return log_fail(encoder->log, code, _("the picture encoder failed: %s"),
                    LOG_REASON(code));
}

/* Packets go on one behind, so that the last one can still be replaced. */
static int encoder_keep(struct encoder *encoder, AVPacket *packet)
{
    AVPacket *before = encoder->tail;
    encoder->tail = packet;
    return before ? encoder->target->ops->push(encoder->target, before) : 0;
}

static int encoder_drain(struct encoder *encoder)
{
    for (;;) {
        int ret = avcodec_receive_packet(encoder->codec, encoder->packet);
        if (ret == AVERROR(EAGAIN) || ret == AVERROR_EOF)
            return 0;
        AVPacket *packet = NULL;
        if (ret >= 0)
            ret = avc_normalise(encoder->packet, &packet);
        if (ret < 0)
            return encoder_fail(encoder, ret);
        av_packet_unref(encoder->packet);
        if (packet->flags & AV_PKT_FLAG_KEY)
            encoder->idr_count++;
        packet->pts -= encoder->shift;
        packet->duration = 1; /* libx264 leaves it 0 in FFmpeg 5.1 */
        if (packet->pts < 0) {
            av_packet_free(&packet);
            continue;
        }
        ret = encoder_keep(encoder, packet);
        if (ret < 0)
            return ret;
    }
}

/* The two fastest speeds have no macroblock-tree, and another rule for the
 * first picture: they are left as they are. */
static bool encoder_begins_coarse(const struct encoder *encoder)
{
    const char *parameters = encoder->parameters;
    return strstr(parameters, ":crf=") &&
           !strstr(parameters, "preset=superfast") &&
           !strstr(parameters, "preset=ultrafast");
}

/* An offset of 1 is the quantiser's whole range of 51. */
static int refine(AVFrame *frame)
{
    AVFrameSideData *data = av_frame_new_side_data(
        frame, AV_FRAME_DATA_REGIONS_OF_INTEREST, sizeof(AVRegionOfInterest));
    if (!data)
        return AVERROR(ENOMEM);
    *(AVRegionOfInterest *)data->data =
        (AVRegionOfInterest){.self_size = sizeof(AVRegionOfInterest),
                             .bottom = frame->height,
                             .right = frame->width,
                             .qoffset = {-FIRST_FINER, 510}};
    return 0;
}

/* Takes the frame. */
static int encoder_feed(struct encoder *encoder, AVFrame *frame, int64_t pts,
                        enum AVPictureType type)
{
    /* A decoder leaves its own type in the frame, which would be obeyed. */
    frame->pict_type = type;
    frame->pts = pts;
    int ret = avcodec_send_frame(encoder->codec, frame);
    av_frame_free(&frame);
    return ret < 0 ? encoder_fail(encoder, ret) : encoder_drain(encoder);
}

/* Sends the held picture. Odd: once more in front, as an IDR that is dropped,
 * because x264 counts idr_pic_id from IDR to IDR. */
static int encoder_release(struct encoder *encoder, enum AVPictureType type)
{
    AVFrame *frame = encoder->held;
    encoder->held = NULL;
    int64_t pts = encoder->count - 1 + encoder->shift;
    if (encoder->count == 1 && encoder_begins_coarse(encoder) &&
        refine(frame) < 0) {
        av_frame_free(&frame);
        return encoder_fail(encoder, AVERROR(ENOMEM));
    }
    if (encoder->odd && encoder->count == 1) {
        AVFrame *dummy = av_frame_clone(frame);
        int ret = dummy ? encoder_feed(encoder, dummy, 0, AV_PICTURE_TYPE_I)
                        : AVERROR(ENOMEM);
        if (ret < 0) {
            av_frame_free(&frame);
            return ret;
        }
        type = AV_PICTURE_TYPE_I;
    }
    return encoder_feed(encoder, frame, pts, type);
}

static int encoder_push(struct frame_sink *sink, AVFrame *frame)
{
    struct encoder *encoder = encoder_of(sink);
    int ret =
        encoder->held ? encoder_release(encoder, AV_PICTURE_TYPE_NONE) : 0;
    encoder->held = frame;
    encoder->count++;
    return ret;
}

/* What encoder_finish needs when the last picture became an IDR after all. */
static int encoder_redo_last(struct encoder *encoder, AVFrame *last)
{
    int64_t pts = encoder->tail->pts;
    av_packet_free(&encoder->tail);
    avcodec_free_context(&encoder->codec);
    int ret = encoder_start(encoder);
    if (ret < 0)
        return ret;
    encoder->odd = true;
    encoder->count = 1;
    encoder->shift = 1;
    encoder->held = av_frame_clone(last);
    ret = encoder->held ? encoder_release(encoder, AV_PICTURE_TYPE_I)
                        : AVERROR(ENOMEM);
    if (ret >= 0)
        ret = avcodec_send_frame(encoder->codec, NULL);
    if (ret >= 0)
        ret = encoder_drain(encoder);
    if (ret >= 0) {
        assert(encoder->tail);
        encoder->tail->pts = pts;
    }
    return ret;
}

/* No chunk ends in an IDR: the next one begins with an IDR of idr_pic_id 0,
 * and two IDRs in a row must differ in it (H.264, 7.4.3). So the last picture
 * is asked to be P. When the key frame interval falls on it nonetheless, x264
 * makes it an IDR; if that one's id is 0 it is coded again with the other. */
static int encoder_finish(struct frame_sink *sink)
{
    struct encoder *encoder = encoder_of(sink);
    if (!encoder->held)
        return log_fail(encoder->log, AVERROR_INVALIDDATA,
                        _("a part of a clip has no pictures at all; tell the "
                          "makers of reelpress"));
    AVFrame *last = av_frame_clone(encoder->held);
    int ret = last ? encoder_release(encoder, encoder->count == 1
                                                  ? AV_PICTURE_TYPE_NONE
                                                  : AV_PICTURE_TYPE_P)
                   : AVERROR(ENOMEM);
    if (ret >= 0)
        ret = avcodec_send_frame(encoder->codec, NULL);
    if (ret >= 0)
        ret = encoder_drain(encoder);
    if (ret >= 0 && encoder->count > 1 && encoder->idr_count % 2 &&
        encoder->tail->flags & AV_PKT_FLAG_KEY)
        ret = encoder_redo_last(encoder, last);
    av_frame_free(&last);
    if (ret >= 0)
        ret = encoder_keep(encoder, NULL);
    if (ret >= 0)
        ret = encoder->target->ops->finish(encoder->target);
    return ret;
}

static void encoder_close(struct frame_sink *sink)
{
    struct encoder *encoder = encoder_of(sink);
    encoder_stop(encoder);
    encoder->target->ops->close(encoder->target);
}

static const struct frame_sink_ops encoder_ops = {
    .open = encoder_open,
    .push = encoder_push,
    .finish = encoder_finish,
    .close = encoder_close,
};

int encoder_create(struct log *log, const char *parameters, bool odd,
                   struct packet_sink *target, struct encoder **out)
{
    struct encoder *encoder = calloc(1, sizeof(*encoder));
    *out = encoder;
    if (!encoder)
        return AVERROR(ENOMEM);
    encoder->sink.ops = &encoder_ops;
    encoder->log = log;
    encoder->odd = odd;
    encoder->target = target;
    encoder->parameters = strdup(parameters);
    if (!encoder->parameters) {
        encoder_destroy(out);
        return AVERROR(ENOMEM);
    }
    return 0;
}

struct frame_sink *encoder_sink(struct encoder *encoder)
{
    return &encoder->sink;
}

void encoder_destroy(struct encoder **encoder)
{
    if (!*encoder)
        return;
    free((*encoder)->parameters);
    free(*encoder);
    *encoder = NULL;
}
