/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns a decoder and the figures of its pictures. Knows no plan. */
#include "check/watcher.h"

#include "flow/decoder.h"

#include <libavutil/common.h>
#include <libavutil/pixdesc.h>

/* Mean luma at or under it is black: limited black is 16, with some noise. */
#define BLACK_LUMA 18.0
/* Every fourth row tells the mean well enough. */
#define ROW_STEP 4

int watcher_open(struct log *log, const AVCodecParameters *parameters,
                 bool strict, struct watcher *watcher)
{
    *watcher = (struct watcher){.format = AV_PIX_FMT_NONE, .measure = true};
    watcher->frame = av_frame_alloc();
    int ret = watcher->frame ? 0 : AVERROR(ENOMEM);
    if (ret >= 0)
        ret = decoder_create(parameters, &watcher->decoder);
    if (ret >= 0) {
        if (strict)
            watcher->decoder->err_recognition |=
                AV_EF_EXPLODE | AV_EF_BITSTREAM | AV_EF_BUFFER;
        ret = avcodec_open2(watcher->decoder, NULL, NULL);
    }
    if (ret < 0) {
        watcher_close(watcher);
        return log_fail(log, ret, _("%s pictures can't be decoded: %s"),
                        avcodec_get_name(parameters->codec_id),
                        LOG_REASON(ret));
    }
    return 0;
}

void watcher_hurry(struct watcher *watcher)
{
    watcher->decoder->skip_loop_filter = AVDISCARD_ALL;
}

void watcher_close(struct watcher *watcher)
{
    av_frame_free(&watcher->frame);
    avcodec_free_context(&watcher->decoder);
}

static double mean_luma(const AVFrame *frame)
{
    const AVPixFmtDescriptor *form = av_pix_fmt_desc_get(frame->format);
    if (!form || form->comp[0].depth != 8 ||
        !(form->flags & AV_PIX_FMT_FLAG_PLANAR))
        return -1.0;
    uint64_t sum = 0;
    int64_t rows = 0;
    for (int y = 0; y < frame->height; y += ROW_STEP) {
        const uint8_t *restrict row =
            frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
        uint32_t part = 0;
        for (int x = 0; x < frame->width; x++)
            part += row[x];
        sum += part;
        rows++;
    }
    return (double)sum / (double)(rows * frame->width);
}

static void look(struct watcher *watcher)
{
    const AVFrame *frame = watcher->frame;
    if (!watcher->pictures++) {
        watcher->width = frame->width;
        watcher->height = frame->height;
        watcher->format = frame->format;
    }
    if (frame->decode_error_flags || (frame->flags & AV_FRAME_FLAG_CORRUPT))
        watcher->faults++;
    if (frame->width != watcher->width || frame->height != watcher->height ||
        frame->format != watcher->format)
        watcher->sized_wrong++;
    if (!watcher->measure)
        return;
    double luma = mean_luma(frame);
    if (watcher->pictures == 1)
        watcher->first_luma = luma;
    watcher->last_luma = luma;
    watcher->black = luma >= 0.0 && luma <= BLACK_LUMA ? watcher->black + 1 : 0;
    watcher->black_run = FFMAX(watcher->black_run, watcher->black);
}

void watcher_take(struct watcher *watcher, const AVPacket *packet)
{
    int ret = avcodec_send_packet(watcher->decoder, packet);
    if (ret < 0 && ret != AVERROR_EOF)
        watcher->faults++;
    for (;;) {
        ret = avcodec_receive_frame(watcher->decoder, watcher->frame);
        if (ret == AVERROR(EAGAIN) || ret == AVERROR_EOF)
            return;
        if (ret < 0) {
            watcher->faults++;
            return;
        }
        look(watcher);
        av_frame_unref(watcher->frame);
    }
}

void watcher_restart(struct watcher *watcher)
{
    watcher_take(watcher, NULL);
    avcodec_flush_buffers(watcher->decoder);
}
