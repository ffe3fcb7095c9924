/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subtitle files in: SRT, WebVTT, ASS/SSA, LRC, and the texts of a recording's
 * own track. Times are in flicks of the source; texts are plain UTF-8 with
 * line ends as the file had them, markup taken off. */
#ifndef REELPRESS_SUBTITLES_CUES_H
#define REELPRESS_SUBTITLES_CUES_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/fault.h"

struct cue {
    int64_t start_flicks, end_flicks; /* half-open; end after start */
    const char *text;
    const char *voice; /* WebVTT <v Name>, ASS Name field; NULL none */
    int row;           /* line in the file, from 1 */
};

struct cues {
    struct cue *list; /* by start, then by order in the file */
    size_t count;
    const char *format; /* "srt", "vtt", "ass", "lrc", "track" */
    const char *encoding;
    /* An ASS file or track, UTF-8, whole but for the fonts that it carries;
     * NULL: it is none. */
    const char *ass_script;
    bool carries_fonts; /* an ASS file does: carried.h reads them */
};

/* Reads a file's bytes; the format is found by content, the name's ending
 * breaks ties. Cues whose intent is plain are repaired (swapped or missing
 * numbers, ',' for '.', a lost blank line); others are left out with a
 * warning that names file and line. NULL when the file holds no cue at all:
 * then a FAULT_WARNING says why. */
struct cues *cues_parse(const char *file, const char *bytes, size_t size,
                        struct arena *arena, struct faults *faults);

/* Stands where a line must end, whatever the frame is. */
#define CUE_LINE_END "\u2028"

/* A cue's text whose two lines are two languages, or two who speak, with
 * CUE_LINE_END between them; any other as it is. In the arena or `text`. */
const char *cue_lines(const char *text, struct arena *arena);
/* Words, but none in Chinese. */
bool cue_line_is_foreign(const char *line);

/* Appends an ASS event's words without its tags and drawings; line ends as LF.
 */
void ass_plain(const char *text, struct buffer *out);

/* An empty list to add to, for a recording's text track. */
struct cues *cues_create(struct arena *arena, const char *format);
void cues_add(struct cues *cues, struct arena *arena, int64_t start_flicks,
              int64_t end_flicks, const char *text);
void cues_sort(struct cues *cues);

#endif
