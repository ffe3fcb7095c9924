/* SPDX-License-Identifier: GPL-3.0-or-later */
/* struct overlay: libass behind one type. It owns the renderer and says when
 * the picture changed; how masks are laid and blended is layer.h's, pack.h's
 * and blend.h's. */
#include "subtitles/overlay.h"

#include "subtitles/blend.h"
#include "subtitles/colour.h"
#include "subtitles/document.h"
#include "subtitles/layer.h"
#include "subtitles/pack.h"

#include <ass/ass.h>
#include <libavutil/mem.h>

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define IDLE_RENDERERS  4
#define BITMAP_CACHE_MB 48
#define DOCUMENTS_MOST  4

/* A renderer that no overlay uses just now; it keeps its open fonts and its
 * glyphs, whose reading costs more than the text of a whole chunk. */
struct idle_renderer {
    ASS_Renderer *renderer;
    int width, height;
    int margins[4]; /* as in struct document */
};

struct overlay_library {
    ASS_Library *ass;
    char *default_family; /* NULL: no faces */
    struct log *log;      /* of the call under way, for libass's messages */
    struct idle_renderer idle[IDLE_RENDERERS];
};

struct overlay {
    struct log *log;                 /* lent */
    struct overlay_library *library; /* lent */
    struct overlay_format format;
    struct document documents[DOCUMENTS_MOST];
    size_t document_count;
    struct layer layer;
    struct pack_format packing;
    struct tiles tiles[3];
    struct pack_box box;
    bool composed; /* tiles hold the last moment's picture */
};

/* --- the library --------------------------------------------------------- */

/* libass talks of glyphs and fonts in a vocabulary of its own: nothing that
 * a user could act on. */
static void overlay_library_message(int level, const char *format, va_list args,
                                    void *opaque)
{
    struct overlay_library *library = opaque;
    char message[512];
    if (level > 4 || !library->log)
        return;
    vsnprintf(message, sizeof(message), format, args);
    log_verbose(library->log, "libass: %s", message);
}

static int overlay_library_add_faces(struct log *log,
                                     struct overlay_library *library,
                                     const struct faces *faces)
{
    for (size_t i = 0; i < faces_count(faces); i++) {
        const struct face_facts *facts = faces_file(faces, i);
        size_t size = 0;
        errno = 0;
        void *data = faces_map(faces, i, &size);
        if (!data && errno == ENOMEM)
            return log_fail(log, AVERROR(ENOMEM),
                            _("There is no memory left for drawing text."));
        bool fits = data && size <= INT_MAX;
        if (fits)
            ass_add_font(library->ass, facts->file, data, (int)size);
        faces_unmap(data, size);
        if (!fits)
            return log_fail(log, AVERROR_INVALIDDATA,
                            _("The font file %s can't be used for drawing; "
                              "install the font again."),
                            facts->file);
    }
    if (faces_count(faces) > 0)
        library->default_family = av_strdup(faces_file(faces, 0)->family);
    return 0;
}

int overlay_library_create(struct log *log, const struct faces *faces,
                           struct overlay_library **out)
{
    struct overlay_library *library = av_mallocz(sizeof(*library));
    int ret = 0;
    if (library)
        library->ass = ass_library_init();
    if (!library || !library->ass) {
        ret = log_fail(log, AVERROR(ENOMEM),
                       _("There is no memory left for drawing text."));
        goto done;
    }
    ass_set_message_cb(library->ass, overlay_library_message, library);
    if (faces)
        ret = overlay_library_add_faces(log, library, faces);
done:
    if (ret < 0)
        overlay_library_destroy(&library);
    *out = library;
    return ret;
}

void overlay_library_destroy(struct overlay_library **library)
{
    if (!*library)
        return;
    (*library)->log = NULL;
    for (int i = 0; i < IDLE_RENDERERS; i++) {
        if ((*library)->idle[i].renderer)
            ass_renderer_done((*library)->idle[i].renderer);
    }
    if ((*library)->ass)
        ass_library_done((*library)->ass);
    av_free((*library)->default_family);
    av_freep(library);
}

/* An idle renderer of the frame's size and margins (other margins would cost
 * it all its glyphs), else a new one. */
static ASS_Renderer *overlay_library_take(struct overlay_library *library,
                                          int width, int height,
                                          const int margins[4])
{
    for (int i = 0; i < IDLE_RENDERERS; i++) {
        struct idle_renderer *idle = &library->idle[i];
        if (!idle->renderer || idle->width != width || idle->height != height ||
            memcmp(idle->margins, margins, sizeof(idle->margins)) != 0)
            continue;
        ASS_Renderer *renderer = idle->renderer;
        idle->renderer = NULL;
        return renderer;
    }
    ASS_Renderer *renderer = ass_renderer_init(library->ass);
    if (!renderer)
        return NULL;
    ass_set_storage_size(renderer, width, height);
    ass_set_frame_size(renderer, width, height);
    ass_set_margins(renderer, margins[0], margins[1], margins[2], margins[3]);
    ass_set_shaper(renderer, ASS_SHAPING_COMPLEX);
    ass_set_hinting(renderer, ASS_HINTING_NONE);
    ass_set_cache_limits(renderer, 0, BITMAP_CACHE_MB);
    /* Only the faces that the plan chose: no search on this machine. */
    ass_set_fonts(renderer, NULL, library->default_family,
                  ASS_FONTPROVIDER_NONE, NULL, 0);
    return renderer;
}

static void overlay_library_give(struct overlay_library *library,
                                 ASS_Renderer *renderer, int width, int height,
                                 const int margins[4])
{
    int place = IDLE_RENDERERS - 1;
    for (int i = 0; i < IDLE_RENDERERS; i++) {
        if (!library->idle[i].renderer)
            place = i;
    }
    if (library->idle[place].renderer)
        ass_renderer_done(library->idle[place].renderer);
    library->idle[place] = (struct idle_renderer){
        renderer,
        width,
        height,
        {margins[0], margins[1], margins[2], margins[3]},
    };
}

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

static int overlay_load_document(struct overlay *overlay, const char *text,
                                 size_t size)
{
    struct overlay_library *library = overlay->library;
    if (overlay->document_count == DOCUMENTS_MOST)
        return AVERROR_INVALIDDATA;
    struct document *document = &overlay->documents[overlay->document_count++];
    int ret = document_init(document, library->ass, text, size,
                            overlay_frame_space(&overlay->format));
    if (ret < 0)
        return ret;
    document->renderer =
        overlay_library_take(library, overlay->format.width,
                             overlay->format.height, document->margins);
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
    if (ret < 0)
        return log_fail(overlay->log, ret,
                        _("There is no memory left for drawing text."));
    return 0;
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
    library->log = log;
    if (layer_init(&overlay->layer, format->width, format->height) < 0 ||
        (picture && overlay_load_picture(overlay, picture) < 0))
        goto no_memory;
    if (script && *script)
        ret = overlay_load_script(overlay, script);
    library->log = NULL;
    if (ret < 0)
        overlay_destroy(&overlay);
    *out = overlay;
    return ret;

no_memory:
    library->log = NULL;
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
            overlay_library_give(o->library, o->documents[i].renderer,
                                 o->format.width, o->format.height,
                                 o->documents[i].margins);
        document_clear(&o->documents[i]);
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
    overlay->library->log = overlay->log;
    for (size_t i = 0; i < overlay->document_count; i++)
        changed = document_render(&overlay->documents[i], ms) || changed;
    overlay->library->log = NULL;
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
