/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of subtitle formats share: lines, times, markup, and the
 * place where cues and complaints go. Nobody else sees it. */
#ifndef REELPRESS_SUBTITLES_CUES_PARTS_H
#define REELPRESS_SUBTITLES_CUES_PARTS_H

#include "base/buffer.h"
#include "subtitles/cues.h"

struct cue_line {
    const char *text; /* without its end, in the arena */
    int row;          /* from 1 */
};

struct cue_reader {
    const char *file;
    struct arena *arena;
    struct faults *faults;
    struct cues *cues;
    const struct cue_line *lines;
    size_t count;
    size_t left_out; /* cues; only the first few are told one by one */
    int last_row;    /* of these */
};

/* One per format: adds what it can read, tells what it can't. */
void srt_read(struct cue_reader *reader);
void vtt_read(struct cue_reader *reader);
void ass_read(struct cue_reader *reader);
void lrc_read(struct cue_reader *reader);

/* Tells that the cue at a row is left out: `reason` is a translated phrase. */
void cue_leave_out(struct cue_reader *reader, int row, const char *reason);
/* Adds a cue whose times were read; an empty text is passed over, an end that
 * is not after the start is told. A negative start becomes 0. */
void cue_add(struct cue_reader *reader, int64_t start_flicks,
             int64_t end_flicks, const char *text, const char *voice, int row);

/* A time as subtitles write it: H:MM:SS.fff, MM:SS.fff, with '.', ',' or ':'
 * before the fraction, blanks around, and perhaps a minus. Steps past it. */
bool cue_time(const char **at, int64_t *flicks);
/* Start and end on both sides of an arrow; if `forgiving` of any shape that
 * people type, full-width too. What follows on the line is passed over. */
bool cue_timing(const char *line, bool forgiving, int64_t *start, int64_t *end,
                struct arena *arena);
/* There is an arrow with something like a time before it. */
bool cue_is_timing(const char *line, struct arena *arena);
/* A time of a Dialogue line. */
bool ass_time(const char *field, int64_t *flicks, struct arena *arena);
bool cue_is_number(const char *line);
const char *skip_blanks(const char *at);

/* Appends one HTML entity's character and returns the step past it; 0 where
 * there is none. */
size_t cue_entity(const char *at, struct buffer *out);

#endif
