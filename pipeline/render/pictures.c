/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the fetching of one picture at a time. Refuses to judge pictures: the
 * poster's scorer does. */
#include "render/pictures.h"

#include <errno.h>

#include "ingest/index.h"
#include "render/fitter.h"
#include "render/kit.h"
#include "render/source.h"

/* Keeps the picture at one position, lets the others go. */
struct collector {
    struct frame_sink sink;
    int64_t position;
    AVFrame *frame;
};

static struct collector *collector_of(struct frame_sink *sink)
{
    return container_of(sink, struct collector, sink);
}

static int collector_open(struct frame_sink *sink,
                          const struct frame_format *format)
{
    (void)sink;
    (void)format;
    return 0;
}

static int collector_push(struct frame_sink *sink, AVFrame *frame)
{
    struct collector *collector = collector_of(sink);
    if (frame->pts < collector->position) {
        av_frame_free(&frame);
        return 0;
    }
    av_frame_free(&collector->frame);
    collector->frame = frame;
    return AVERROR_EOF;
}

static int collector_finish(struct frame_sink *sink)
{
    (void)sink;
    return 0;
}

static void collector_close(struct frame_sink *sink)
{
    (void)sink;
}

static const struct frame_sink_ops collector_ops = {
    .open = collector_open,
    .push = collector_push,
    .finish = collector_finish,
    .close = collector_close,
};

static int pictures_fetch(struct kit_pictures *pictures, struct log *log,
                          const struct shot *shot, size_t frame, AVFrame **out)
{
    struct collector collector = {.sink.ops = &collector_ops,
                                  .position = 2 * (int64_t)frame};
    struct source source;
    int64_t decoded = 0, needed = 0;
    int ret = source_open(&source, log, pictures->kit, shot, frame, frame + 1,
                          false, &collector.sink);
    if (ret < 0)
        return ret;
    while (ret >= 0)
        ret = source_step(&source);
    if (ret == AVERROR_EOF)
        ret = source_finish(&source);
    source_close(&source, &decoded, &needed);
    if (ret >= 0 && !collector.frame)
        ret = log_fail(log, AVERROR_INVALIDDATA,
                       _("no picture came for a poster; choose another time "
                         "in the column \"poster\""));
    if (ret < 0)
        av_frame_free(&collector.frame);
    *out = collector.frame;
    return ret;
}

static int pictures_visit(struct picture_source *source, struct log *log,
                          const struct shot *shot, const int64_t *times,
                          size_t count,
                          int (*visit)(void *opaque, size_t i, AVFrame *frame),
                          void *opaque)
{
    struct kit_pictures *pictures =
        container_of(source, struct kit_pictures, source);
    if (!shot->recording)
        count = 1;
    int ret = 0;
    for (size_t i = 0; ret >= 0 && i < count; i++) {
        size_t frame =
            shot->recording ? index_shown(shot->recording->index, times[i]) : 0;
        AVFrame *picture = NULL;
        ret = pictures_fetch(pictures, log, shot, frame, &picture);
        if (ret >= 0)
            ret = visit(opaque, i, picture);
        av_frame_free(&picture);
    }
    return ret == AVERROR_EOF ? 0 : ret;
}

static struct frame_format pictures_format(const AVFrame *picture)
{
    return (struct frame_format){
        .width = picture->width,
        .height = picture->height,
        .format = picture->format,
        .sar = picture->sample_aspect_ratio,
        .matrix = picture->colorspace,
        .range = picture->color_range,
        .primaries = picture->color_primaries,
        .transfer = picture->color_trc,
        .chroma = picture->chroma_location,
    };
}

static int pictures_fit(struct picture_source *source, struct log *log,
                        const AVFrame *picture, int width, int height,
                        enum AVPixelFormat format, enum fit_mode fit,
                        int crop_percent, AVFrame **out)
{
    (void)source;
    *out = NULL;
    struct frame_format from = pictures_format(picture);
    struct frame_format to =
        fit_video_format(width, height, (AVRational){1, 1});
    if (format == AV_PIX_FMT_GBRP) {
        to.format = format;
        to.matrix = AVCOL_SPC_RGB;
        to.range = AVCOL_RANGE_JPEG;
    }
    const struct fit_wish wish = {fit, crop_percent, -1};
    struct fitter *fitter = NULL;
    int ret = fitter_create(log, &from, &to, &wish, &fitter);
    if (ret < 0)
        return ret;
    if (fitter_passes(fitter)) {
        *out = av_frame_clone(picture);
        ret = *out ? 0 : AVERROR(ENOMEM);
    } else {
        ret = fitter_run(fitter, log, picture, out);
    }
    fitter_destroy(&fitter);
    return ret;
}

static const struct picture_source_ops pictures_ops = {
    .visit = pictures_visit,
    .fit = pictures_fit,
};

void kit_pictures_init(struct kit_pictures *pictures, struct render_kit *kit)
{
    *pictures = (struct kit_pictures){.source.ops = &pictures_ops, .kit = kit};
}
