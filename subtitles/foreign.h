/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording's own ASS or SSA script, kept as its author made it: styles,
 * places, karaoke, animation, colours by its "YCbCr Matrix". Its events keep
 * the recording's time; a window of it says how far its clock is from the
 * chunk's. Owns which events a window needs and which faces draw them; how
 * they look is libass's. */
#ifndef REELPRESS_SUBTITLES_FOREIGN_H
#define REELPRESS_SUBTITLES_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "subtitles/corrections.h"
#include "subtitles/faces.h"

struct foreign_event {
    int64_t start_ms, end_ms; /* of the recording's clock */
    bool placed;              /* by \pos or \move: no history */
    const char *before;       /* its layer */
    const char *after;        /* all that follows its end */
};

struct foreign {
    const char *header; /* [Script Info]'s lines without title, and styles */
    struct foreign_event *events; /* as the file has them */
    size_t count;
    size_t *order; /* numbers of the unplaced ones, by start */
    size_t order_count;
    /* Families that it asks for and that are not among the faces, "A, B": they
     * are replaced by the captions' own. NULL: none. */
    const char *missing;
};

/* Reads a script that cues_parse found to be one. Families that are not among
 * `faces` give way to that of style font `font`; characters that it lacks are
 * handed to the next face of its chain. `corrections` (NULL: none) are done in
 * words, not in tags, and not counted. All in the arena, the faces are lent
 * for the call. */
struct foreign *foreign_read(const char *script, const struct faces *faces,
                             size_t font, const struct corrections *corrections,
                             struct arena *arena);

/* From where to where nothing of it is to be seen; the recording's clock. */
struct foreign_hole {
    int64_t start_ms, end_ms;
};

/* One ASS document with the events that show in [first_ms, end_ms), and those
 * before them on which libass's placing of unplaced events depends. The
 * overlay is asked at times that lie `clock_ms` after the document's own.
 * Empty when nothing shows. */
void foreign_window(const struct foreign *foreign, int64_t first_ms,
                    int64_t end_ms, int64_t clock_ms,
                    const struct foreign_hole *holes, size_t hole_count,
                    struct buffer *out);

/* The lines by which a document tells overlay.c its clock and its holes: both
 * are comments to everybody else. */
#define FOREIGN_CLOCK "; Clock: "
#define FOREIGN_HOLE  "; Hidden: "

#endif
