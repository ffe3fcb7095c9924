/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns libass's libraries with their fonts, and the renderers that idle. */
#include "subtitles/library.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libavutil/mem.h>

#define IDLE_RENDERERS  4
#define BITMAP_CACHE_MB 48
/* Fonts that scripts carry may be large: those of a few scripts are kept. */
#define ROOMS_MOST 4

/* A renderer that no overlay uses just now; it keeps its open fonts and its
 * glyphs, whose reading costs more than the text of a whole chunk. */
struct idle_renderer {
    ASS_Renderer *renderer;
    int width, height;
    int margins[4]; /* as in struct document */
};

struct font_room {
    const struct faces *faces; /* lent; NULL: none */
    ASS_Library *ass;
    const char *default_family; /* the faces'; NULL: there are none */
    struct idle_renderer idle[IDLE_RENDERERS];
    int users;
};

struct overlay_library {
    const struct faces *faces; /* lent; NULL: none */
    struct log *log; /* of the call under way, for libass's messages */
    struct font_room *rooms[ROOMS_MOST]; /* the style's first */
};

/* libass talks of glyphs and fonts in a vocabulary of its own: nothing that
 * a user could act on. */
static void library_message(int level, const char *format, va_list args,
                            void *opaque)
{
    struct overlay_library *library = opaque;
    char message[512];
    if (level > 4 || !library->log)
        return;
    vsnprintf(message, sizeof(message), format, args);
    log_verbose(library->log, "libass: %s", message);
}

static int room_add_faces(struct log *log, struct font_room *room,
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
            ass_add_font(room->ass, facts->file, data, (int)size);
        faces_unmap(data, size);
        if (!fits)
            return log_fail(log, AVERROR_INVALIDDATA,
                            _("The font file %s can't be used for drawing; "
                              "install the font again."),
                            facts->file);
    }
    size_t first = faces_carried_count(faces);
    if (faces_count(faces) > first)
        room->default_family = faces_file(faces, first)->family;
    return 0;
}

static void room_destroy(struct font_room **room)
{
    if (!*room)
        return;
    for (int i = 0; i < IDLE_RENDERERS; i++) {
        if ((*room)->idle[i].renderer)
            ass_renderer_done((*room)->idle[i].renderer);
    }
    if ((*room)->ass)
        ass_library_done((*room)->ass);
    av_freep(room);
}

static int room_create(struct overlay_library *library, struct log *log,
                       const struct faces *faces, struct font_room **out)
{
    struct font_room *room = av_mallocz(sizeof(*room));
    int ret = 0;
    if (room)
        room->ass = ass_library_init();
    if (!room || !room->ass) {
        ret = log_fail(log, AVERROR(ENOMEM),
                       _("There is no memory left for drawing text."));
        goto done;
    }
    room->faces = faces;
    ass_set_message_cb(room->ass, library_message, library);
    if (faces)
        ret = room_add_faces(log, room, faces);
done:
    if (ret < 0)
        room_destroy(&room);
    *out = room;
    return ret;
}

int overlay_library_create(struct log *log, const struct faces *faces,
                           struct overlay_library **out)
{
    struct overlay_library *library = av_mallocz(sizeof(*library));
    int ret = AVERROR(ENOMEM);
    if (!library) {
        log_fail(log, ret, _("There is no memory left for drawing text."));
    } else {
        library->faces = faces;
        ret = room_create(library, log, faces, &library->rooms[0]);
    }
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
    for (size_t i = 0; i < ROOMS_MOST; i++)
        room_destroy(&(*library)->rooms[i]);
    av_freep(library);
}

void overlay_library_listen(struct overlay_library *library, struct log *log)
{
    library->log = log;
}

struct font_room *overlay_library_enter(struct overlay_library *library,
                                        struct log *log, const char *id)
{
    const struct faces *faces =
        *id && library->faces ? faces_carried(library->faces, id) : NULL;
    struct font_room **place = NULL;
    if (!faces)
        faces = library->faces;
    for (size_t i = 0; i < ROOMS_MOST; i++) {
        struct font_room *room = library->rooms[i];
        if (room && room->faces == faces) {
            room->users++;
            return room;
        }
        /* An empty place, else one that nobody uses. */
        bool free = !room || (i > 0 && !room->users);
        if (free && (!place || (*place && !room)))
            place = &library->rooms[i];
    }
    if (!place) {
        log_fail(log, AVERROR(ENOMEM),
                 _("There is no memory left for drawing text."));
        return NULL;
    }
    room_destroy(place);
    if (room_create(library, log, faces, place) >= 0)
        (*place)->users = 1;
    return *place;
}

void overlay_library_leave(struct font_room *room)
{
    room->users--;
}

ASS_Library *font_room_ass(const struct font_room *room)
{
    return room->ass;
}

ASS_Renderer *font_room_take(struct font_room *room, int width, int height,
                             const int margins[4])
{
    for (int i = 0; i < IDLE_RENDERERS; i++) {
        struct idle_renderer *idle = &room->idle[i];
        if (!idle->renderer || idle->width != width || idle->height != height ||
            memcmp(idle->margins, margins, sizeof(idle->margins)) != 0)
            continue;
        ASS_Renderer *renderer = idle->renderer;
        idle->renderer = NULL;
        return renderer;
    }
    ASS_Renderer *renderer = ass_renderer_init(room->ass);
    if (!renderer)
        return NULL;
    ass_set_storage_size(renderer, width, height);
    ass_set_frame_size(renderer, width, height);
    ass_set_margins(renderer, margins[0], margins[1], margins[2], margins[3]);
    ass_set_shaper(renderer, ASS_SHAPING_COMPLEX);
    ass_set_hinting(renderer, ASS_HINTING_NONE);
    ass_set_cache_limits(renderer, 0, BITMAP_CACHE_MB);
    /* Only the faces that the plan chose: no search on this machine. */
    ass_set_fonts(renderer, NULL, room->default_family, ASS_FONTPROVIDER_NONE,
                  NULL, 0);
    return renderer;
}

void font_room_give(struct font_room *room, ASS_Renderer *renderer, int width,
                    int height, const int margins[4])
{
    int place = IDLE_RENDERERS - 1;
    for (int i = 0; i < IDLE_RENDERERS; i++) {
        if (!room->idle[i].renderer)
            place = i;
    }
    if (room->idle[place].renderer)
        ass_renderer_done(room->idle[place].renderer);
    room->idle[place] = (struct idle_renderer){
        renderer,
        width,
        height,
        {margins[0], margins[1], margins[2], margins[3]},
    };
}
