/* SPDX-License-Identifier: GPL-3.0-or-later */
/* struct session: all that a session folder holds, read, probed and resolved;
 * immutable after ingest. */
#ifndef REELPRESS_INGEST_SESSION_H
#define REELPRESS_INGEST_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/confine.h"
#include "base/fault.h"
#include "base/files.h"
#include "base/log.h"
#include "base/memo.h"
#include "ingest/highlights.h"
#include "ingest/photo.h"
#include "ingest/recording.h"
#include "presets/preset.h"
#include "subtitles/corrections.h"
#include "subtitles/faces.h"
#include "subtitles/style.h"

struct outlet {
    const char *recipient;       /* the folder's name */
    const char *preset_name;     /* as written */
    const struct preset *preset; /* NULL after a fault */
    int row;                     /* session.yaml line */
    bool wanted;                 /* false: -p left it out of this run */
};

struct person {
    const char *name, *role;
};

/* A subtitle file that replaces a clip's captions, in clip time. */
struct clip_captions {
    const char *clip; /* file stem: number, name or 01-标题 */
    const char *file;
    struct cues *cues;
};

struct session {
    struct arena *arena; /* owns all below and the session itself */
    const char *folder;  /* as given */
    const char *path;    /* absolute, links resolved */
    const char *name;    /* the folder's name */
    bool is_unread; /* session.yaml can't be read: told, nothing is known */

    const char *series, *title, *place, *organizer, *credit, *copyright;
    const char *contact, *language;
    const char *number;   /* text: "67"; NULL none */
    int year, month, day; /* 0: no date given (then the plan has a fault) */
    struct outlet *outlets;
    size_t outlet_count;
    bool outlets_named;    /* a map recipient: preset; else a plain list */
    bool outlets_narrowed; /* some are not wanted */
    const char *logo, *logo_path; /* PNG; NULL none */
    char logo_digest[DIGEST_TEXT];
    const char *style_name;
    const struct style *style;
    struct faces *faces; /* owned: destroyed with the session */
    const char *fonts, *fonts_path;
    const char **keep; /* words never broken over a line, people's included */
    size_t keep_count;
    struct person *people;
    size_t people_count;
    const char *music, *music_path;    /* NULL none */
    double music_level_lu;             /* below the speech, e.g. -18 */
    const struct recording *music_bed; /* probed */
    const char *highlights_file;
    struct corrections corrections;
    struct clip_captions *clip_captions;
    size_t clip_caption_count;

    struct recording **recordings; /* pointers stay valid while it grows */
    size_t recording_count;
    struct photo **photos; /* those that rows name */
    size_t photo_count;
    struct highlights list;

    struct preset_catalogue presets;
    struct file_roots roots;
    struct faults faults; /* all that was found; warnings too */
};

struct ingest_options {
    const char *const *media_folders; /* --media */
    size_t media_count;
    const char *store;       /* absolute; indexes lie in it */
    const char *data_folder; /* where installed presets and styles are */
    const char *const *only_presets; /* -p: names or aliases; NULL all */
    size_t only_preset_count;
    int jobs;          /* probing workers */
    int patience_s;    /* worker_deadline_ms */
    struct memo *memo; /* spares looking at unchanged media; NULL: none */
    const volatile int *stop;
};

/* Reads the folder, probes what rows and keys name (in workers), resolves.
 * All that is wrong is in session->faults; the return value is negative only
 * when nothing could be read at all (no folder, no memory for a worker). */
int session_ingest(struct log *log, const char *folder,
                   const struct ingest_options *options, struct session **out);
void session_destroy(struct session **session);

/* Lets a worker read what the session names: its folder, the media folders,
 * the targets of links that the user placed there, the faces' files. */
void session_confine(const struct session *session,
                     struct confinement *confinement);

/* "2022-06-28", "2022年6月28日", "20220628": the session's date in the arena.
 */
const char *session_date_iso(const struct session *session,
                             struct arena *arena);
const char *session_date_chinese(const struct session *session,
                                 struct arena *arena);
/* Of what is delivered and drawn: "zh-CN", and what says nothing. */
bool session_is_chinese(const struct session *session);
/* The date as people of the session's language read it. */
const char *session_date_line(const struct session *session,
                              struct arena *arena);
/* "读书会第67期" / "Reading club No. 67"; just the series without a number. */
const char *session_series_line(const struct session *session,
                                struct arena *arena);

/* The keys of session.yaml, one table for reading, checking and documents. */
extern const struct option session_options[];
extern const size_t session_option_count;

#endif
