/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the first two stages of every picture: where it comes from, and that it
 * is conformed. Refuses to know what happens after. */
#include "render/source.h"

#include <errno.h>
#include <libavutil/common.h>

#include "ingest/index.h"
#include "render/image.h"
#include "render/kit.h"

static int source_open_photo(struct source *source, const struct photo *photo)
{
    int ret = render_kit_photo(source->kit, source->log, photo, &source->photo);
    if (ret >= 0)
        image_describe(source->photo,
                       photo->is_heif ? ORIENTATION_NORMAL : photo->orientation,
                       &source->photo_facts);
    return ret;
}

static int source_open_recording(struct source *source,
                                 const struct recording *recording,
                                 size_t first, size_t end)
{
    size_t margin =
        recording->picture.fields == FIELDS_PROGRESSIVE ? 0 : CONFORM_MARGIN;
    first = first > margin ? first - margin : 0;
    end = FFMIN(end + margin, recording->index->frame_count);
    int ret = render_kit_take_reader(source->kit, source->log, recording, first,
                                     &source->reader);
    if (ret < 0)
        return ret;
    source->needed = (int64_t)(end - first);
    source->decoded_before = picture_reader_decoded(source->reader);
    return picture_reader_seek(source->reader, source->log, first, end);
}

static void source_clear(struct source *source)
{
    conformer_destroy(&source->conformer);
    av_frame_free(&source->photo);
    if (source->reader)
        render_kit_give_reader(source->kit, &source->reader);
}

int source_open(struct source *source, struct log *log, struct render_kit *kit,
                const struct shot *shot, size_t first, size_t end, bool fields,
                struct frame_sink *target)
{
    *source = (struct source){.log = log, .kit = kit};
    const struct recording *recording = shot->recording;
    int ret = recording ? source_open_recording(source, recording, first, end)
                        : source_open_photo(source, shot->photo);
    if (ret >= 0)
        ret = conformer_create(
            log, recording ? recording->file : shot->photo->file,
            recording ? &recording->picture : &source->photo_facts, fields,
            target, &source->conformer);
    if (ret >= 0) {
        struct frame_sink *sink = conformer_sink(source->conformer);
        ret = sink->ops->open(sink, NULL);
    }
    if (ret < 0)
        source_clear(source);
    return ret;
}

int source_step(struct source *source)
{
    struct frame_sink *sink = conformer_sink(source->conformer);
    AVFrame *frame = NULL;
    int ret = source->ended ? AVERROR_EOF : 0;
    if (ret >= 0 && source->reader) {
        ret = picture_reader_next(source->reader, source->log, &frame);
    } else if (ret >= 0) {
        frame = source->photo;
        source->photo = NULL;
        ret = frame ? 0 : AVERROR_EOF;
    }
    if (ret >= 0)
        ret = sink->ops->push(sink, frame);
    source->ended = ret < 0;
    return ret;
}

int source_finish(struct source *source)
{
    struct frame_sink *sink = conformer_sink(source->conformer);
    return sink->ops->finish(sink);
}

void source_close(struct source *source, int64_t *decoded, int64_t *needed)
{
    struct frame_sink *sink = conformer_sink(source->conformer);
    sink->ops->close(sink);
    *decoded += source->reader ? picture_reader_decoded(source->reader) -
                                     source->decoded_before
                               : 1;
    *needed += source->reader ? source->needed : 1;
    source_clear(source);
}
