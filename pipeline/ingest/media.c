/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening foreign recordings. Owns the list of formats that count as
 * recordings: playlists, text and pictures, which libavformat would open too,
 * are none, and nothing but the file itself is ever read. */
#include "ingest/media.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <libavutil/avstring.h>
#include <libavutil/intreadwrite.h>
#include "base/clock.h"
#include "base/files.h"

/* By libavformat's names. Left out on purpose: hls, dash and concat (they read
 * other files), image2 and the *_pipe formats, tty (takes any text). */
static const char *const media_formats =
    "mov,matroska,mpegts,mpeg,avi,flv,mxf,mxf_d10,asf,ogg,wav,w64,aiff,mp3,"
    "aac,flac,ac3,eac3,dv,caf,amr,amrnb,amrwb,ape,au,h264,hevc,mpegvideo,m4v,"
    "mjpeg,gxf,ivf,rm,nut,wtv,wv,tta,dts,loas,yuv4mpegpipe,gif,live_flv,"
    "kux,xwma,voc,swf,av1,obu,lxf,r3d,dhav";

#define READ_EDGE (INT64_C(1) << 20) /* bytes; a multiple of what is read */

enum moov_state {
    MOOV_OTHER, /* no MP4 or MOV at all */
    MOOV_THERE,
    MOOV_MISSING, /* the recorder never wrote the table of contents */
};

/* Walks the top-level boxes. */
static enum moov_state media_find_moov(const char *path)
{
    enum moov_state state = MOOV_OTHER;
    FILE *file = fopen(path, "rbe");
    if (!file)
        return MOOV_OTHER;
    for (int box = 0; box < 4096; box++) {
        uint8_t head[16];
        if (fread(head, 1, 8, file) != 8)
            break;
        const uint32_t kind = AV_RB32(head + 4);
        int64_t size = AV_RB32(head);
        int64_t header = 8;
        if (box == 0 && kind != MKBETAG('f', 't', 'y', 'p') &&
            kind != MKBETAG('w', 'i', 'd', 'e') &&
            kind != MKBETAG('m', 'd', 'a', 't') &&
            kind != MKBETAG('f', 'r', 'e', 'e'))
            break;
        if (kind == MKBETAG('m', 'o', 'o', 'v')) {
            state = MOOV_THERE;
            break;
        }
        if (kind == MKBETAG('m', 'e', 't', 'a')) {
            state = MOOV_OTHER; /* a HEIC picture */
            break;
        }
        state = MOOV_MISSING;
        if (size == 1) {
            if (fread(head + 8, 1, 8, file) != 8)
                break;
            size = (int64_t)AV_RB64(head + 8);
            header = 16;
        }
        if (size < header || fseeko(file, size - header, SEEK_CUR) < 0)
            break; /* a size of 0 reaches to the end of the file */
    }
    fclose(file);
    return state;
}

/* Whether the medium gives the file's begin and its end, where its tables are:
 * demuxers call what they can't read damaged. */
static bool media_reads(const char *path)
{
    char bytes[65536];
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int64_t size = files_size(path);
    bool reads = true;
    if (descriptor < 0)
        return true;
    for (int64_t at = 0; reads && at < size; at += (int64_t)sizeof(bytes)) {
        if (at == READ_EDGE && size > 2 * READ_EDGE)
            at = size - READ_EDGE;
        reads = lseek(descriptor, at, SEEK_SET) >= 0 &&
                (read(descriptor, bytes, sizeof(bytes)) >= 0 || errno != EIO);
    }
    close(descriptor);
    return reads;
}

int media_tell_unopened(struct log *log, const char *path, int code)
{
    if (code != AVERROR(EIO) && !media_reads(path))
        code = AVERROR(EIO);
    switch (code) {
    case AVERROR(ENOENT):
        return log_fail(log, code,
                        _("the recording is not there any more; put it back "
                          "or take it out of the list"));
    case AVERROR(EACCES):
    case AVERROR(EPERM):
        return log_fail(log, code,
                        _("the recording may not be read; give this account "
                          "the right to read it"));
    case AVERROR(EIO):
        return log_fail(log, code,
                        _("the medium that holds the recording gives read "
                          "errors; copy it again from the camera's card"));
    case AVERROR(ENOMEM):
        return log_fail(log, code,
                        _("there is not enough memory to open the recording; "
                          "close other programs and try again"));
    default:
        break;
    }
    if (files_size(path) == 0)
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("the recording is empty (0 bytes); copy it again "
                          "from the camera"));
    if (media_find_moov(path) == MOOV_MISSING)
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("the recording was not closed properly (it has no "
                          "moov table) or its copy broke off; let the camera "
                          "recover it, or copy it again"));
    if (code == AVERROR(EINVAL))
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("this is no sound or picture recording but another "
                          "kind of file; name a recording, or take it out of "
                          "the folder"));
    return log_fail(log, AVERROR_INVALIDDATA,
                    _("the recording can't be read: it is damaged or of an "
                      "unknown kind; copy it again, or if it plays on this "
                      "computer, export it as MP4"));
}

static int media_try_open(const char *path, AVFormatContext **out)
{
    AVDictionary *options = NULL;
    AVFormatContext *format = avformat_alloc_context();
    *out = NULL;
    if (!format)
        return AVERROR(ENOMEM);
    /* Sound that sets in seconds after the picture in a transport stream is
     * found only by reading on. */
    format->probesize = 20 << 20;
    format->max_analyze_duration = 15 * AV_TIME_BASE;
    av_dict_set(&options, "format_whitelist", media_formats, 0);
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    /* "file:" in front, or a name like "data:x.mp4" would be a protocol. */
    char *url = av_asprintf("file:%s", path);
    int ret = url ? avformat_open_input(&format, url, NULL, &options)
                  : AVERROR(ENOMEM);
    if (!url)
        avformat_free_context(format);
    av_free(url);
    av_dict_free(&options);
    if (ret < 0)
        return ret;
    ret = avformat_find_stream_info(format, NULL);
    if (ret < 0)
        avformat_close_input(&format);
    *out = format;
    return ret;
}

int media_open(struct log *log, const char *path, AVFormatContext **out)
{
    *out = NULL;
    if (files_size(path) == 0)
        return media_tell_unopened(log, path, AVERROR_INVALIDDATA);
    int ret = media_try_open(path, out);
    /* Demuxers make do with what they could read of their tables, and would
     * describe the recording otherwise than on another day: once more. What
     * can never be read they do without each time. */
    if (ret >= 0 && media_medium_error(*out) < 0) {
        avformat_close_input(out);
        ret = media_try_open(path, out);
    }
    return ret < 0 ? media_tell_unopened(log, path, ret) : 0;
}

int media_read(AVFormatContext *format, AVPacket *packet)
{
    for (;;) {
        int64_t before = format->pb ? avio_tell(format->pb) : 0;
        int ret = av_read_frame(format, packet);
        if (ret != AVERROR(EAGAIN) || !format->pb ||
            avio_tell(format->pb) == before)
            return ret;
    }
}

int media_medium_error(const AVFormatContext *format)
{
    return format->pb && format->pb->error < 0 ? format->pb->error : 0;
}

bool media_may_guess(const AVFormatContext *format)
{
    return strcmp(format->iformat->name, "mxf") == 0;
}

void media_forget_error(AVFormatContext *format)
{
    if (format->pb)
        format->pb->error = 0;
}

int media_tell_medium(struct log *log, const char *file, int code)
{
    return log_fail(log, code,
                    _("%s: the medium that it lies on gives read errors (%s); "
                      "look after its cable or server and run the same "
                      "command again, or copy the recording again from the "
                      "camera's card"),
                    file, LOG_REASON(code));
}

static bool media_counts(const AVStream *stream)
{
    return stream->start_time != AV_NOPTS_VALUE && stream->time_base.num > 0 &&
           stream->time_base.den > 0 &&
           !(stream->disposition & AV_DISPOSITION_ATTACHED_PIC);
}

void media_zero(const AVFormatContext *format, int64_t *flicks, int64_t *us)
{
    *us = format->start_time == AV_NOPTS_VALUE ? 0 : format->start_time;
    if (*us < 0 && strncmp(format->iformat->name, "mpeg", 4) != 0)
        *us = 0;
    *flicks = clock_from_stamp(*us, AV_TIME_BASE_Q);
    if (*us == 0)
        return;
    /* libavformat rounds to microseconds; the stream it took says exactly. */
    for (unsigned i = 0; i < format->nb_streams; i++) {
        const AVStream *stream = format->streams[i];
        if (media_counts(stream) &&
            av_rescale_q(stream->start_time, stream->time_base,
                         AV_TIME_BASE_Q) == *us) {
            *flicks = clock_from_stamp(stream->start_time, stream->time_base);
            return;
        }
    }
}

void media_skipped(const AVPacket *packet, int64_t *before, int64_t *after)
{
    size_t size = 0;
    const uint8_t *side =
        av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
    *before = side && size >= 10 ? AV_RL32(side) : 0;
    *after = side && size >= 10 ? AV_RL32(side + 4) : 0;
}
