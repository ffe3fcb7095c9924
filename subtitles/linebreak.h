/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a line of Chinese, Latin and numbers may end, and where it should:
 * libunibreak's opportunities (UAX 14) narrowed by W3C CLREQ's basic rules and
 * the words that must stay whole, weighed by clause punctuation, the words of
 * ICU's dictionary, and balance. */
#ifndef REELPRESS_SUBTITLES_LINEBREAK_H
#define REELPRESS_SUBTITLES_LINEBREAK_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "subtitles/faces.h"

struct line_rules {
    const struct faces *faces;
    size_t font;
    double size_px, spacing_px;
    double width_px; /* no line's ink is wider: the blank half of a full-width
                        mark at a line's end may hang over */
    size_t max_lines;
    bool lower_longer; /* captions: the upper line not longer than the lower,
                          unless it ends a clause and else a word suffers */
    bool keep_clauses; /* quotes: rather a line more than a clause in two */
    bool dash_leads;   /* titles: "——" begins a line rather than ends one */
    const char *const *keep; /* words never broken */
    size_t keep_count;
};

struct lines {
    const char **list; /* in the arena, blanks at the ends taken off */
    size_t count;
    bool fits;   /* false: even at max_lines a line is wider than asked */
    bool forced; /* a word that should stay whole is wider than a line and had
                    to be broken; no line is wider than asked even so */
};

/* Breaks one text. Line ends in it count as blanks. When it does not fit into
 * max_lines the lines go on beyond that number and `fits` is false. */
struct lines lines_break(const struct line_rules *rules, const char *text,
                         struct arena *arena);

/* Cuts a long text into pieces that each fit, at clauses first; for splitting
 * a caption in time. */
struct lines lines_pieces(const struct line_rules *rules, const char *text,
                          struct arena *arena);

#endif
