/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libass with fonts: one for the style's faces, and one for each script that
 * carries some of its own, so that nobody else's text is drawn with them. Keeps
 * renderers that idle. Refuses to know what is drawn. */
#ifndef REELPRESS_SUBTITLES_LIBRARY_H
#define REELPRESS_SUBTITLES_LIBRARY_H

#include <ass/ass.h>
#include "subtitles/overlay.h"

/* libass with the fonts of one set of faces. */
struct font_room;

/* The room of the carried faces with this id (faces_carried_id); "" is the
 * style's, which always is there. It stays until it is let go as often as it
 * was taken. NULL after telling: they can't be loaded. */
struct font_room *overlay_library_enter(struct overlay_library *library,
                                        struct log *log, const char *id);
void overlay_library_leave(struct font_room *room);
ASS_Library *font_room_ass(const struct font_room *room);

/* An idle renderer of the frame's size and margins (other margins would cost
 * it all its glyphs), else a new one; NULL without memory. */
ASS_Renderer *font_room_take(struct font_room *room, int width, int height,
                             const int margins[4]);
void font_room_give(struct font_room *room, ASS_Renderer *renderer, int width,
                    int height, const int margins[4]);
/* Where libass's messages go from now on; NULL: nowhere. */
void overlay_library_listen(struct overlay_library *library, struct log *log);

#endif
