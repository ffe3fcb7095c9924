/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of ingest's session share. Nobody outside includes this. */
#ifndef REELPRESS_INGEST_SESSION_PARTS_H
#define REELPRESS_INGEST_SESSION_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/option.h"
#include "base/yaml.h"
#include "ingest/session.h"

#define SESSION_FILE "session.yaml"
/* No list, YAML or subtitle file of a session is larger. */
#define SESSION_TEXT_LIMIT ((size_t)16 << 20)
/* But for an ASS script that carries fonts. */
#define SESSION_SCRIPT_LIMIT ((size_t)400 << 20)

/* --- session_keys.c ------------------------------------------------------ */

/* session.yaml as written: what session_options reads into. */
struct session_keys {
    const char *series, *number, *title, *date, *place, *organizer, *credit,
        *copyright, *contact, *language, *logo, *style, *fonts, *highlights;
    struct option_list keep;
    const struct yaml_node *outlets, *people, *music, *recordings;
};

/* One entry below `recordings`. */
struct recording_keys {
    const char *file, *starts, *subtitles, *charset, *recorder, *offset;
};
extern const struct option recording_options[];
extern const size_t recording_option_count;

/* `music` when it is a map. */
struct music_keys {
    const char *file;
    double level;
};
extern const struct option music_options[];
extern const size_t music_option_count;

/* Where a key stands in a map, by its name or alias; the whole file if it is
 * not there. */
struct fault_place key_place(const struct yaml_node *map,
                             const struct option *table, size_t count,
                             const char *name);

/* --- session_read.c ------------------------------------------------------ */

/* All of session.yaml that names no media: texts, date, outlets, people. */
void session_read_keys(struct session *session, const struct session_keys *keys,
                       const struct yaml_node *map,
                       const struct ingest_options *options);
/* Presets and the style, from the session's folder and the installed ones. */
void session_load_presets(struct session *session,
                          const struct ingest_options *options);
void session_load_style(struct session *session,
                        const struct ingest_options *options,
                        struct fault_place place);

/* Reads a file of the session whole; false after a fault of `kind`. */
bool session_read_file(struct session *session, const char *path,
                       const char *file, size_t limit, enum fault_kind kind,
                       struct buffer *out);

/* A name from session.yaml as a path; NULL after a FAULT_SESSION. */
const char *session_resolve(struct session *session, const char *name,
                            struct fault_place place);
/* The sentence why a name can't be resolved; `code` as files_resolve gave. */
const char *session_path_trouble(struct arena *arena, const char *name,
                                 int code);

/* --- session_recordings.c ------------------------------------------------ */

/* The recordings that session.yaml declares, or all in recordings/. */
void session_read_recordings(struct session *session,
                             const struct yaml_node *node);

/* --- sources.c ----------------------------------------------------------- */

struct recording *session_add_recording(struct session *session,
                                        const char *name, const char *file,
                                        const char *path);
bool source_is_recording(const char *path); /* by its ending */

/* What a name in the list fits, of all that the session knows. */
struct source_match {
    const struct recording *recording;
    const struct photo **photos; /* one, or a folder's, by time taken */
    size_t photo_count;
    bool folder;
    size_t count;               /* things it fits; more than one is ambiguous */
    const char *first, *second; /* files of the first two */
};
void source_match(const struct session *session, const char *name,
                  struct arena *arena, struct source_match *out);
/* The only recording, for rows that name none: recorders don't count. */
const struct recording *source_only(const struct session *session);
/* Looks in the session's folders for what a row names, and adds it. */
void source_admit(struct session *session, const char *name);
/* All names that a row may use, for "did you mean". */
const char **source_names(const struct session *session, struct arena *arena,
                          size_t *count);

/* --- session_ranges.c ---------------------------------------------------- */

/* What an index of the recording must hold for the rows, in the session's
 * arena: by their resolved ranges, or before they are, by a guess. */
struct index_wish session_wish(const struct session *session,
                               const struct recording *recording, bool guess);

/* --- session_probe.c ----------------------------------------------------- */

/* What workers are to look at. */
struct probe {
    struct recording *recording; /* or */
    struct photo *photo;
    const char *index_path;
    struct index_wish wish;
    struct file_stamp before; /* and when, as the worker is asked */
    int64_t began_ns;
};
struct probes {
    struct probe *list;
    size_t count;
};
void probes_add_recording(struct probes *probes, struct session *session,
                          const struct recording *recording, const char *store);
void probes_add_photo(struct probes *probes, struct session *session,
                      const struct photo *photo);
/* Probes all in workers and fills in what they found. Negative only when no
 * worker can be had or the user stopped it. */
int probes_run(struct log *log, struct probes *probes, struct session *session,
               const struct ingest_options *options);
/* Once rows are resolved: looks again at recordings of which another part must
 * be known than was guessed. */
int probes_run_again(struct log *log, const struct probes *probes,
                     struct session *session,
                     const struct ingest_options *options);

/* In the memo: facts as this very program tells them. */
const char *session_facts_name(struct arena *arena);

/* --- session_texts.c ----------------------------------------------------- */

/* The recordings' subtitle files, corrections, and the clips' own captions. */
void session_read_texts(struct session *session);

/* --- session_fonts.c ----------------------------------------------------- */

/* The fonts that recordings and their scripts carry: taken out and looked at
 * in workers, once the style's faces are known. Negative only when no worker
 * can be had, the user stopped it, or the store fails. */
int session_carry_fonts(struct log *log, struct session *session,
                        const struct ingest_options *options);

#endif
