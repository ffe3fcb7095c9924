/* SPDX-License-Identifier: GPL-3.0-or-later */
/* struct overlay: libass behind one type. It owns the renderer and says when
 * the picture changed; how masks are laid and blended is layer.h's, pack.h's
 * and blend.h's. */
#include "subtitles/overlay.h"

#include "subtitles/blend.h"
#include "subtitles/colour.h"
#include "subtitles/document.h"
#include "subtitles/layer.h"
#include "subtitles/library.h"
#include "subtitles/pack.h"

#include <ass/ass.h>
#include <libavutil/mem.h>

#include <assert.h>

#define DOCUMENTS_MOST 4

struct overlay {
    struct log *log;                 /* lent */
    struct overlay_library *library; /* lent */
    struct overlay_format format;
    struct document documents[DOCUMENTS_MOST];
    struct font_room *rooms[DOCUMENTS_MOST]; /* of each; entered */
    size_t document_count;
    struct layer layer;
    struct pack_format packing;
    struct tiles tiles[3];
    struct pack_box box;
    bool composed; /* tiles hold the last moment's picture */
};

/* --- making one ---------------------------------------------------------- */

static struct colour_space overlay_frame_space(
    const struct overlay_format *format)
{
    struct colour_space space = {format->matrix, format->range};
    if (format->format == AV_PIX_FMT_GBRP)
        space = (struct colour_space){AVCOL_SPC_RGB, AVCOL_RANGE_JPEG};
    else if (space.matrix == AVCOL_SPC_UNSPECIFIED ||
             space.matrix == AVCOL_SPC_RGB)
        space.matrix =
            format->height >= 720 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    if (format->format == AV_PIX_FMT_YUVJ420P)
        space.range = AVCOL_RANGE_JPEG;
    return space;
}

static int overlay_check_format(struct log *log,
                                const struct overlay_format *format)
{
    bool half = format->format == AV_PIX_FMT_YUV420P ||
                format->format == AV_PIX_FMT_YUVJ420P;
    bool known = half || format->format == AV_PIX_FMT_GBRP;
    bool even = format->width % 2 == 0 && format->height % 2 == 0;
    if (known && (!half || even) && format->width > 0 && format->height > 0 &&
        format->width <= 16384 && format->height <= 16384)
        return 0;
    return log_fail(log, AVERROR(EINVAL),
                    _("Text can't be drawn on frames of %d x %d pixels in this "
                      "pixel format; give the preset an even width and height "
                      "up to 16384."),
                    format->width, format->height);
}

/* Negative without a word: no ASS, or no memory. */
static int overlay_load_document(struct overlay *overlay, const char *text,
                                 size_t size)
{
    char fonts[DIGEST_TEXT];
    if (overlay->document_count == DOCUMENTS_MOST)
        return AVERROR_INVALIDDATA;
    document_fonts(text, size, fonts);
    struct font_room *room =
        overlay_library_enter(overlay->library, overlay->log, fonts);
    if (!room)
        return AVERROR_EXTERNAL;
    size_t number = overlay->document_count++;
    struct document *document = &overlay->documents[number];
    overlay->rooms[number] = room;
    int ret = document_init(document, font_room_ass(room), text, size,
                            overlay_frame_space(&overlay->format));
    if (ret < 0)
        return ret;
    document->renderer = font_room_take(
        room, overlay->format.width, overlay->format.height, document->margins);
    return document->renderer ? 0 : AVERROR(ENOMEM);
}

static int overlay_load_script(struct overlay *overlay, const char *script)
{
    int ret = 0;
    while (*script && ret >= 0) {
        size_t size = document_size(script);
        ret = overlay_load_document(overlay, script, size);
        script += size;
    }
    if (ret == AVERROR_INVALIDDATA)
        return log_fail(overlay->log, ret,
                        _("The subtitle script holds no ASS events that can be "
                          "read; save it again as ASS in UTF-8."));
    /* Of fonts that can't be loaded the library has told. */
    if (ret < 0 && ret != AVERROR_EXTERNAL)
        return log_fail(overlay->log, ret,
                        _("There is no memory left for drawing text."));
    return ret;
}

/* Lays the picture as the ground, pixel by pixel: a logo is small, and this is
 * done once. */
static int overlay_load_picture(struct overlay *overlay,
                                const struct overlay_picture *picture)
{
    struct colour_space space = overlay_frame_space(&overlay->format);
    layer_start(&overlay->layer);
    for (int y = 0; y < picture->height; y++) {
        const uint8_t *row =
            picture->rgba + (size_t)y * 4 * (size_t)picture->width;
        for (int x = 0; x < picture->width; x++) {
            const uint8_t *pixel = row + 4 * x;
            struct layer_mask mask = {
                .alpha = pixel + 3,
                .width = 1,
                .height = 1,
                .stride = 1,
                .left = picture->left + x,
                .top = picture->top + y,
                .opacity = picture->opacity,
            };
            colour_codes(&space, pixel[0], pixel[1], pixel[2], mask.codes);
            layer_add(&overlay->layer, &mask);
        }
    }
    return layer_keep(&overlay->layer);
}

int overlay_create(struct log *log, struct overlay_library *library,
                   const struct overlay_format *format, const char *script,
                   const struct overlay_picture *picture, struct overlay **out)
{
    *out = NULL;
    int ret = overlay_check_format(log, format);
    if (ret < 0)
        return ret;
    struct overlay *overlay = av_mallocz(sizeof(*overlay));
    if (!overlay)
        goto no_memory;
    overlay->log = log;
    overlay->library = library;
    overlay->format = *format;
    overlay->packing = (struct pack_format){
        .half_chroma = format->format != AV_PIX_FMT_GBRP,
        .chroma = format->chroma,
    };
    overlay_library_listen(library, log);
    if (layer_init(&overlay->layer, format->width, format->height) < 0 ||
        (picture && overlay_load_picture(overlay, picture) < 0))
        goto no_memory;
    if (script && *script)
        ret = overlay_load_script(overlay, script);
    overlay_library_listen(library, NULL);
    if (ret < 0)
        overlay_destroy(&overlay);
    *out = overlay;
    return ret;

no_memory:
    overlay_library_listen(library, NULL);
    overlay_destroy(&overlay);
    return log_fail(log, AVERROR(ENOMEM),
                    _("There is no memory left for drawing text."));
}

void overlay_destroy(struct overlay **overlay)
{
    if (!*overlay)
        return;
    struct overlay *o = *overlay;
    for (size_t i = 0; i < o->document_count; i++) {
        if (o->documents[i].renderer)
            font_room_give(o->rooms[i], o->documents[i].renderer,
                           o->format.width, o->format.height,
                           o->documents[i].margins);
        document_clear(&o->documents[i]);
        overlay_library_leave(o->rooms[i]);
    }
    layer_clear(&o->layer);
    for (int i = 0; i < 3; i++)
        tiles_clear(&o->tiles[i]);
    av_freep(overlay);
}

/* --- drawing ------------------------------------------------------------- */

static void overlay_add_image(struct overlay *overlay, const ASS_Image *image,
                              const struct colour_space *colours)
{
    struct layer_mask mask = {
        .alpha = image->bitmap,
        .width = image->w,
        .height = image->h,
        .stride = image->stride,
        .left = image->dst_x,
        .top = image->dst_y,
        .opacity = 255 - (int)(image->color & 255),
    };
    colour_codes(colours, (int)(image->color >> 24),
                 (int)(image->color >> 16 & 255),
                 (int)(image->color >> 8 & 255), mask.codes);
    layer_add(&overlay->layer, &mask);
}

static int overlay_compose(struct overlay *overlay)
{
    layer_start(&overlay->layer);
    for (size_t i = 0; i < overlay->document_count; i++) {
        const struct document *document = &overlay->documents[i];
        for (const ASS_Image *at = document->images; at; at = at->next)
            overlay_add_image(overlay, at, &document->colours);
    }
    return pack_layer(&overlay->layer, &overlay->packing, overlay->tiles,
                      &overlay->box);
}

int overlay_at(struct overlay *overlay, int64_t ms, bool *shows)
{
    bool changed = !overlay->composed;
    overlay_library_listen(overlay->library, overlay->log);
    for (size_t i = 0; i < overlay->document_count; i++)
        changed = document_render(&overlay->documents[i], ms) || changed;
    overlay_library_listen(overlay->library, NULL);
    int ret = changed ? overlay_compose(overlay) : 0;
    overlay->composed = ret >= 0;
    *shows = ret >= 0 && overlay->box.right > overlay->box.left;
    if (ret < 0)
        return log_fail(overlay->log, ret,
                        _("There is no memory left for drawing text."));
    return 0;
}

void overlay_draw(const struct overlay *overlay, AVFrame *frame)
{
    assert(frame->format == overlay->format.format);
    assert(frame->width == overlay->format.width);
    assert(frame->height == overlay->format.height);
    for (int i = 0; i < 3; i++) {
        bool half = i > 0 && overlay->packing.half_chroma;
        tiles_blend(&overlay->tiles[i], frame->data[i], frame->linesize[i],
                    half ? frame->width / 2 : frame->width);
    }
}

bool overlay_box(const struct overlay *overlay, int *left, int *top, int *right,
                 int *bottom)
{
    *left = overlay->box.left;
    *top = overlay->box.top;
    *right = overlay->box.right;
    *bottom = overlay->box.bottom;
    return overlay->box.right > overlay->box.left;
}
