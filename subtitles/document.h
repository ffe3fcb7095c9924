/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One ASS document inside an overlay: its track, its history, the space of its
 * colours, its own clock and the times at which it is not to be seen. A text
 * to be drawn may hold several, each opening with [Script Info]: a recording's
 * own script under ours. */
#ifndef REELPRESS_SUBTITLES_DOCUMENT_H
#define REELPRESS_SUBTITLES_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ass/ass.h>
#include "base/digest.h"
#include "subtitles/colour.h"
#include "subtitles/foreign.h"
#include "subtitles/history.h"

struct document {
    ASS_Renderer *renderer; /* lent */
    ASS_Track *track;
    struct history history;
    struct colour_space colours; /* of the script's colours */
    int64_t clock_ms;            /* asked time less its own */
    int margins[4]; /* top, bottom, left, right; see FOREIGN_MARGINS */
    struct foreign_hole *holes;
    size_t hole_count;
    ASS_Image *images; /* of the last render; libass's */
    bool hidden;
};

/* Bytes of `text` up to the next document's begin, or its end. */
size_t document_size(const char *text);
/* The id of the fonts that a document carries (FOREIGN_FONTS); "": none. */
void document_fonts(const char *text, size_t size, char id[DIGEST_TEXT]);
/* `frame` is the space of the frame that is drawn on. 0, AVERROR(ENOMEM), or
 * AVERROR_INVALIDDATA for what is no ASS. */
int document_init(struct document *document, ASS_Library *library,
                  const char *text, size_t size, struct colour_space frame);
void document_clear(struct document *document);
/* Sets `images` for a moment, after those on which it depends. True: they are
 * not what they were. Asked in rising time. */
bool document_render(struct document *document, int64_t ms);

#endif
