/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What main asks workers about carried fonts, and how their answers come back.
 * Only for session_fonts*.c. */
#ifndef REELPRESS_INGEST_SESSION_FONTS_H
#define REELPRESS_INGEST_SESSION_FONTS_H

#include <jansson.h>
#include "base/files.h"
#include "ingest/session_parts.h"
#include "subtitles/face_table.h"

/* A script or a recording that carries fonts. */
struct carrier {
    const char *path, *file; /* where it lies; as the user knows it */
    const char *charset;     /* of a script; NULL: found out */
    bool is_script;
    const json_t *fonts; /* as workers tell; lent */
    size_t told;         /* fonts that are no good */
};

/* A face of a font. */
struct carried_face {
    struct face_facts facts;
    struct face_names names;
    const struct face_table *table; /* NULL: not asked for, or no good */
};

/* A font that lies in the store, or in the house's folder. */
struct carried_file {
    const char *digest, *path;
    const char *name;        /* as its first carrier calls it */
    struct carrier *carrier; /* NULL: the house */
    struct carried_face *faces;
    size_t count;
};

/* All that one session is asked about. */
struct fonts_run {
    struct log *log;
    struct session *session;
    const struct ingest_options *options;
    const char *facts; /* answers are remembered for this very program */
    struct carrier *carriers;
    size_t carrier_count;
    struct carried_file *files;
    size_t file_count;
    size_t house_first; /* from here on those of the house */
};

/* One question about the file at `path`. */
struct font_ask {
    json_t *question; /* owned: "kind" and what it needs */
    const char *path;
    const char *memo; /* by what the answer is remembered; NULL: it is not */
    struct file_stamp before;
    int64_t began_ns;
    json_t *answer;       /* owned; NULL: not yet, or it failed */
    int code;             /* of a failure */
    const char *sentence; /* and why, in words */
};

struct font_asks {
    struct session *session;
    const struct ingest_options *options;
    struct font_ask *list;
    size_t count;
};

/* Adds a question; takes `question`. */
struct font_ask *font_asks_add(struct font_asks *asks, json_t *question,
                               const char *path, const char *memo);
/* What is remembered of the file; NULL: nothing, or it has changed. Owned by
 * the caller. */
json_t *font_ask_recall(const struct font_asks *asks,
                        const struct font_ask *ask);
/* Puts all that have no answer to confined workers. Negative only when no
 * worker can be had or the user stopped it. */
int font_asks_run(struct log *log, struct font_asks *asks);
void font_asks_clear(struct font_asks *asks);

/* --- session_fonts.c ----------------------------------------------------- */

/* NULL: none of that digest was taken. */
struct carried_file *font_file_find(const struct fonts_run *run,
                                    const char *digest);
/* Tells why a question about a font got no answer; nothing when it did. */
void font_settle(struct fonts_run *run, const struct carried_file *file,
                 const struct font_ask *ask);

/* --- session_fonts_sets.c ------------------------------------------------ */

/* Has the faces measured that scripts name, and gives each recording its set.
 * Negative as session_carry_fonts. */
int font_sets_make(struct fonts_run *run);

#endif
