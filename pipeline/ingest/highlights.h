/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The highlights list: spreadsheet text to rows (§5.3 of the design), first
 * as text alone, then resolved against the probed recordings. */
#ifndef REELPRESS_INGEST_HIGHLIGHTS_H
#define REELPRESS_INGEST_HIGHLIGHTS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/timecode.h"

struct recording;
struct photo;
struct session;

enum transition_kind { TRANSITION_CUT, TRANSITION_FADE, TRANSITION_DISSOLVE };

enum highlight_column {
    COLUMN_NONE,
    COLUMN_CLIP,
    COLUMN_SOURCE,
    COLUMN_START,
    COLUMN_END,
    COLUMN_DURATION,
    COLUMN_TITLE,
    COLUMN_SUBTITLE,
    COLUMN_SPEAKER,
    COLUMN_ROLE,
    COLUMN_CAPTION,
    COLUMN_QUOTE,
    COLUMN_POSTER,
    COLUMN_TRANSITION,
    COLUMN_CROP,
    COLUMN_NOTE,
    COLUMN_COUNT,
};

/* One row. Texts are trimmed UTF-8, NULL when the cell is empty. */
struct highlight {
    const char *file; /* the list, relative to the session */
    int row;          /* as the spreadsheet counts, the heading being row 1 */
    int columns[COLUMN_COUNT]; /* the cell's column from 1; 0: no such column */
    const char *cells[COLUMN_COUNT]; /* as written, trimmed; NULL when empty */

    const char *clip;   /* value that groups rows; NULL: a clip of its own */
    const char *source; /* as written; rows below inherit it */
    struct timecode start, end, duration;
    const char *title, *subtitle, *caption, *quote, *note;
    const char **speakers; /* 、 ， , / & and blanks between names split */
    size_t speaker_count;
    const char *role;          /* the cell; else filled from session.people */
    bool poster;               /* this shot gives the poster */
    struct timecode poster_at; /* TIMECODE_NONE: the program chooses */
    enum transition_kind transition;
    int64_t transition_flicks; /* 0: the default of its kind */
    int crop_percent; /* 0 left, 50 centre, 100 right; -1: the preset's */

    /* Resolved: exactly one of these is set, or the row has a fault. */
    const struct recording *recording;
    const struct photo *const *photos; /* a photo, or a folder's, in order */
    size_t photo_count;
    /* Asked range on the recording's clock, or for photos 0 and the length of
     * each one. Frames are the plan's. */
    int64_t start_flicks, end_flicks;
    int64_t poster_flicks; /* FLICKS_NONE: choose */
};

struct highlights {
    struct highlight *rows;
    size_t count;
    const char *encoding;  /* as detected, for the plan's notes: "GB18030" */
    const char *separator; /* ",", "\t", ";" */
    int columns[COLUMN_COUNT];          /* where each column stands, from 1 */
    const char *headings[COLUMN_COUNT]; /* as the list writes them, for faults;
                                           NULL: no such column */
};

/* Reads the text of a list. Every fault has file, row, column. A list without
 * rows or without a usable heading is a FAULT_SESSION. */
void highlights_parse(struct highlights *out, const char *file,
                      const char *bytes, size_t size, struct arena *arena,
                      struct faults *faults);

/* After probing: finds each row's source and range. Readings that are both
 * possible become faults that show both (§5.3: wall clock or elapsed, times
 * that a spreadsheet mauled). */
void highlights_resolve(struct session *session, struct faults *faults);

#endif
