/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small recordings for tests, made by libav: every frame is flat and as light
 * as its number, so that a decoded one tells which it was. */
#ifndef REELPRESS_TESTS_MAKE_MEDIA_H
#define REELPRESS_TESTS_MAKE_MEDIA_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>

struct make_media {
    const char *container; /* libavformat's name */
    const char *video;     /* encoder; NULL: none */
    int width, height;     /* 0: 64 x 48 */
    AVRational rate;       /* 0: 25 */
    AVRational time_base;  /* 0: 1 / rate */
    int frames;            /* 0: 50 */
    const int64_t *stamps; /* in time_base; NULL: 0, 1, 2, … */
    int64_t shift;         /* added to the pictures' stamps */
    int late;              /* seconds added to the pictures and the sound */
    int bframes;
    int cut; /* pictures that would be decoded from this one's time on are
                missing, as where a copy ends among reordered ones; 0: none */
    const char *options; /* of the encoder: "a=b:c=d" */
    bool interlaced;
    const int32_t *matrix;
    const char *timecode;
    const char *sound;    /* encoder; NULL: none */
    int seconds;          /* of sound; 0: 2 */
    const char *subtitle; /* a cue from 0.5 to 1.5 s; NULL: none */
    const char *styles;   /* an ASS header: the cue is one of its events */
    const char *mux_options;
    /* An attached file (Matroska); `attached_type` NULL: the muxer's guess. */
    const char *attached, *attached_name, *attached_type;
    size_t attached_size;
};

static inline int make_luma(int k)
{
    return 20 + (k * 2) % 200;
}

static inline char *make_folder(void)
{
    char *folder = strdup("/tmp/reelpress-test-XXXXXX");
    if (!mkdtemp(folder))
        abort();
    return folder;
}

static inline char *make_path(const char *folder, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        abort();
    return path;
}

static inline void make_must(int ret, const char *what)
{
    if (ret >= 0)
        return;
    fprintf(stderr, "make_media: %s: %s\n", what, av_err2str(ret));
    abort();
}

static inline AVCodecContext *make_video_encoder(const struct make_media *m,
                                                 bool global)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(m->video);
    AVCodecContext *c = avcodec_alloc_context3(codec);
    AVDictionary *options = NULL;
    c->opaque = (void *)(uintptr_t)m;
    c->width = m->width ? m->width : 64;
    c->height = m->height ? m->height : 48;
    c->framerate = m->rate.num ? m->rate : (AVRational){25, 1};
    c->time_base = m->time_base.num ? m->time_base : av_inv_q(c->framerate);
    c->pix_fmt = codec->pix_fmts ? codec->pix_fmts[0] : AV_PIX_FMT_YUV420P;
    if (c->pix_fmt != AV_PIX_FMT_YUVJ420P)
        c->pix_fmt = AV_PIX_FMT_YUV420P;
    c->gop_size = 25;
    c->max_b_frames = m->bframes;
    c->thread_count = 1;
    if (m->interlaced)
        c->flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
    if (global)
        c->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (m->options)
        av_dict_parse_string(&options, m->options, "=", ":", 0);
    make_must(avcodec_open2(c, codec, &options), "video encoder");
    av_dict_free(&options);
    return c;
}

static inline AVCodecContext *make_sound_encoder(const struct make_media *m,
                                                 bool global)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(m->sound);
    AVCodecContext *c = avcodec_alloc_context3(codec);
    c->sample_rate = 48000;
    c->sample_fmt = codec->sample_fmts[0];
    av_channel_layout_default(&c->ch_layout, 1);
    c->time_base = (AVRational){1, 48000};
    if (global)
        c->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    make_must(avcodec_open2(c, codec, NULL), "sound encoder");
    return c;
}

static inline void make_drain(AVFormatContext *f, AVStream *s,
                              AVCodecContext *c, const AVFrame *frame)
{
    AVPacket *p = av_packet_alloc();
    make_must(avcodec_send_frame(c, frame), "encode");
    const struct make_media *m = c->opaque;
    while (avcodec_receive_packet(c, p) >= 0) {
        if (m && m->cut && p->dts >= m->cut)
            continue;
        if (p->duration == 0 && c->codec_type == AVMEDIA_TYPE_VIDEO)
            p->duration = av_rescale_q(1, av_inv_q(c->framerate), c->time_base);
        av_packet_rescale_ts(p, c->time_base, s->time_base);
        p->stream_index = s->index;
        make_must(av_interleaved_write_frame(f, p), "write");
    }
    av_packet_free(&p);
}

static inline void make_picture(const struct make_media *m, AVFormatContext *f,
                                AVStream *s, AVCodecContext *c, int k)
{
    AVFrame *frame = av_frame_alloc();
    frame->width = c->width;
    frame->height = c->height;
    frame->format = c->pix_fmt;
    make_must(av_frame_get_buffer(frame, 0), "frame");
    for (int i = 0; i < 3; i++)
        memset(frame->data[i], i ? 128 : make_luma(k),
               (size_t)frame->linesize[i] *
                   (size_t)(i ? (c->height + 1) / 2 : c->height));
    frame->pts = (m->stamps ? m->stamps[k] : k) + m->shift +
                 av_rescale_q(m->late, (AVRational){1, 1}, c->time_base);
    frame->interlaced_frame = m->interlaced;
    frame->top_field_first = m->interlaced;
    make_drain(f, s, c, frame);
    av_frame_free(&frame);
}

/* On from `*at` samples to `end`; to the last with INT_MAX. */
static inline void make_sounds(const struct make_media *m, AVFormatContext *f,
                               AVStream *s, AVCodecContext *c, int *at, int end)
{
    const int total = 48000 * (m->seconds ? m->seconds : 2);
    const int size = c->frame_size ? c->frame_size : 1024;
    for (; *at < total && *at < end; *at += size) {
        AVFrame *frame = av_frame_alloc();
        frame->nb_samples = total - *at < size ? total - *at : size;
        frame->format = c->sample_fmt;
        frame->sample_rate = c->sample_rate;
        av_channel_layout_copy(&frame->ch_layout, &c->ch_layout);
        make_must(av_frame_get_buffer(frame, 0), "sound frame");
        memset(frame->data[0], 0, (size_t)frame->linesize[0]);
        frame->pts = *at + INT64_C(48000) * m->late;
        make_drain(f, s, c, frame);
        av_frame_free(&frame);
    }
    if (end == INT_MAX)
        make_drain(f, s, c, NULL);
}

static inline void make_cue(const struct make_media *m, AVFormatContext *f,
                            AVStream *s)
{
    AVPacket *p = av_packet_alloc();
    make_must(av_new_packet(p, (int)strlen(m->subtitle)), "cue");
    memcpy(p->data, m->subtitle, strlen(m->subtitle));
    p->pts = p->dts = av_rescale_q(500, (AVRational){1, 1000}, s->time_base);
    p->duration = av_rescale_q(1000, (AVRational){1, 1000}, s->time_base);
    p->stream_index = s->index;
    make_must(av_interleaved_write_frame(f, p), "write cue");
    av_packet_free(&p);
}

static inline void make_attachment(const struct make_media *m,
                                   AVFormatContext *f)
{
    AVStream *stream = avformat_new_stream(f, NULL);
    AVCodecParameters *codec = stream->codecpar;
    codec->codec_type = AVMEDIA_TYPE_ATTACHMENT;
    codec->codec_id = m->attached_type ? AV_CODEC_ID_NONE : AV_CODEC_ID_TTF;
    codec->extradata =
        av_mallocz(m->attached_size + AV_INPUT_BUFFER_PADDING_SIZE);
    memcpy(codec->extradata, m->attached, m->attached_size);
    codec->extradata_size = (int)m->attached_size;
    av_dict_set(&stream->metadata, "filename", m->attached_name, 0);
    if (m->attached_type)
        av_dict_set(&stream->metadata, "mimetype", m->attached_type, 0);
}

static inline void make_media(const char *path, const struct make_media *m)
{
    AVFormatContext *f = NULL;
    AVCodecContext *video = NULL;
    AVCodecContext *sound = NULL;
    AVStream *vs = NULL, *as = NULL, *ts = NULL;
    AVDictionary *options = NULL;
    int heard = 0;
    av_log_set_level(AV_LOG_QUIET);
    make_must(avformat_alloc_output_context2(&f, NULL, m->container, path),
              "container");
    const bool global = f->oformat->flags & AVFMT_GLOBALHEADER;
    if (m->video) {
        video = make_video_encoder(m, global);
        vs = avformat_new_stream(f, NULL);
        avcodec_parameters_from_context(vs->codecpar, video);
        vs->time_base = video->time_base;
        vs->avg_frame_rate = video->framerate;
        if (m->interlaced)
            vs->codecpar->field_order = AV_FIELD_TT;
        if (m->matrix)
            memcpy(av_stream_new_side_data(vs, AV_PKT_DATA_DISPLAYMATRIX, 36),
                   m->matrix, 36);
        if (m->timecode)
            av_dict_set(&vs->metadata, "timecode", m->timecode, 0);
    }
    if (m->sound) {
        sound = make_sound_encoder(m, global);
        as = avformat_new_stream(f, NULL);
        avcodec_parameters_from_context(as->codecpar, sound);
        as->time_base = sound->time_base;
    }
    if (m->subtitle) {
        ts = avformat_new_stream(f, NULL);
        ts->codecpar->codec_type = AVMEDIA_TYPE_SUBTITLE;
        ts->codecpar->codec_id = AV_CODEC_ID_SUBRIP;
        if (m->styles) {
            size_t size = strlen(m->styles);
            ts->codecpar->codec_id = AV_CODEC_ID_ASS;
            ts->codecpar->extradata =
                av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE);
            memcpy(ts->codecpar->extradata, m->styles, size);
            ts->codecpar->extradata_size = (int)size;
        }
        ts->time_base = (AVRational){1, 1000};
    }
    if (m->attached)
        make_attachment(m, f);
    if (m->mux_options)
        av_dict_parse_string(&options, m->mux_options, "=", ":", 0);
    make_must(avio_open(&f->pb, path, AVIO_FLAG_WRITE), "open");
    make_must(avformat_write_header(f, &options), "header");
    av_dict_free(&options);
    if (ts)
        make_cue(m, f, ts);
    for (int k = 0; video && k < (m->frames ? m->frames : 50); k++) {
        make_picture(m, f, vs, video, k);
        if (sound)
            make_sounds(m, f, as, sound, &heard,
                        (int)av_rescale_q(k + 1, av_inv_q(video->framerate),
                                          (AVRational){1, 48000}));
    }
    if (video)
        make_drain(f, vs, video, NULL);
    if (sound)
        make_sounds(m, f, as, sound, &heard, INT_MAX);
    make_must(av_write_trailer(f), "trailer");
    avio_closep(&f->pb);
    avcodec_free_context(&video);
    avcodec_free_context(&sound);
    avformat_free_context(f);
}

/* The file's bytes [from, to) under another name; to < 0: to the end. */
static inline void make_part(const char *from_path, const char *to_path,
                             long from, long to)
{
    FILE *in = fopen(from_path, "rb");
    FILE *out = fopen(to_path, "wb");
    int c;
    if (!in || !out)
        abort();
    for (long at = 0; (c = fgetc(in)) != EOF && (to < 0 || at < to); at++)
        if (at >= from)
            fputc(c, out);
    fclose(in);
    fclose(out);
}

#endif
