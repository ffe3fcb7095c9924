/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns when a picture is copied to be drawn on: only when something shows and
 * somebody else holds it. Refuses to know what is drawn. */
#include "render/burner.h"

#include <errno.h>

#include "subtitles/script.h"

static struct burner *burner_of(struct frame_sink *sink)
{
    return container_of(sink, struct burner, sink);
}

bool burner_draws(const char *script, const struct overlay_picture *picture)
{
    return (script && *script) || (picture && picture->rgba);
}

static int burner_open_overlay(struct burner *burner,
                               const struct frame_format *format)
{
    const struct overlay_format onto = {
        .width = format->width,
        .height = format->height,
        .format = format->format,
        .matrix = format->matrix,
        .range = format->range,
        .chroma = format->chroma,
    };
    const struct overlay_picture *picture =
        burner->picture.rgba ? &burner->picture : NULL;
    if (!burner_draws(burner->script, picture))
        return 0;
    return overlay_create(burner->log, burner->library, &onto, burner->script,
                          picture, &burner->overlay);
}

static int burner_open(struct frame_sink *sink,
                       const struct frame_format *format)
{
    struct burner *burner = burner_of(sink);
    burner->rate = format->rate;
    int ret = canvas_init(&burner->canvas, format->width, format->height,
                          format->format);
    if (ret >= 0)
        ret = burner_open_overlay(burner, format);
    if (ret >= 0)
        ret = burner->target->ops->open(burner->target, format);
    if (ret < 0) {
        overlay_destroy(&burner->overlay);
        canvas_clear(&burner->canvas);
    }
    return ret;
}

static int burner_own(struct burner *burner, AVFrame **frame)
{
    if (av_frame_is_writable(*frame))
        return 0;
    AVFrame *copy = NULL;
    int ret = canvas_get(&burner->canvas, &copy);
    if (ret >= 0)
        ret = av_frame_copy_props(copy, *frame);
    if (ret < 0) {
        av_frame_free(&copy);
        return ret;
    }
    canvas_place(copy, *frame, 0, 0);
    av_frame_free(frame);
    *frame = copy;
    return 0;
}

static int burner_push(struct frame_sink *sink, AVFrame *frame)
{
    struct burner *burner = burner_of(sink);
    bool shows = false;
    int ret = 0;
    if (burner->overlay)
        ret = overlay_at(burner->overlay, script_ms(frame->pts, burner->rate),
                         &shows);
    if (ret >= 0 && shows)
        ret = burner_own(burner, &frame);
    if (ret < 0) {
        av_frame_free(&frame);
        return ret;
    }
    if (shows)
        overlay_draw(burner->overlay, frame);
    return burner->target->ops->push(burner->target, frame);
}

static int burner_finish(struct frame_sink *sink)
{
    struct burner *burner = burner_of(sink);
    return burner->target->ops->finish(burner->target);
}

static void burner_close(struct frame_sink *sink)
{
    struct burner *burner = burner_of(sink);
    overlay_destroy(&burner->overlay);
    canvas_clear(&burner->canvas);
    burner->target->ops->close(burner->target);
}

static const struct frame_sink_ops burner_ops = {
    .open = burner_open,
    .push = burner_push,
    .finish = burner_finish,
    .close = burner_close,
};

void burner_init(struct burner *burner, struct log *log,
                 struct overlay_library *library, const char *script,
                 const struct overlay_picture *picture,
                 struct frame_sink *target)
{
    *burner = (struct burner){
        .sink.ops = &burner_ops,
        .log = log,
        .library = library,
        .script = script,
        .target = target,
    };
    if (picture)
        burner->picture = *picture;
}
