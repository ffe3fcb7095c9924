/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this room share while a plan is built: drafts of clips,
 * with their texts in clip time. Nobody outside includes this. */
#ifndef REELPRESS_PLAN_BUILD_H
#define REELPRESS_PLAN_BUILD_H

#include "plan/plan.h"

#define SESSION_FILE "session.yaml" /* as faults name it */

/* A shorter shot is a slip of the pen, and at 10 pictures per second it is
 * the least that still has one. */
#define SHOT_LEAST (FLICKS_PER_SECOND / 10)
/* Half of a fade must be a chunk of its own: at least SHOT_LEAST. */
#define TRANSITION_LEAST (FLICKS_PER_SECOND / 5)
#define REMNANT          FLICKS_PER_SECOND /* a shorter piece joins its neighbour */
#define SHOWN_LEAST      FLICKS_PER_SECOND /* a strap or a quote, to be read */
#define SHOWN_USUAL      (4 * FLICKS_PER_SECOND)

/* A caption in clip time. */
struct draft_caption {
    int64_t start_flicks, end_flicks;
    size_t shot;           /* where it begins */
    const char *text;      /* corrected */
    const struct cue *cue; /* NULL: from the list's cell */
    const char *file;      /* the subtitle file; NULL: the list */
    const struct highlight *row;
    bool cut; /* part of the cue lies outside */
};

/* A stretch with the same speakers. */
struct draft_run {
    int64_t start_flicks, end_flicks;
    const char **names, **roles; /* corrected; a role may be NULL */
    size_t count;
    const struct highlight *row;
};

struct draft_quote {
    int64_t start_flicks, end_flicks; /* the row's */
    const char *text, *name;
    const struct highlight *row;
};

/* A clip on its way. */
struct draft {
    struct clip *clip;
    const struct highlight **rows;
    size_t row_count;
    const struct highlight *title_row, *subtitle_row; /* where they stand */
    struct draft_caption *captions;
    size_t caption_count;
    bool captions_replaced; /* by a file in clip time */
    struct draft_run *runs;
    size_t run_count;
    struct draft_quote *quotes;
    size_t quote_count;
    const char **people; /* names alone, beside the clip's people */
};

struct builder {
    struct log *log;
    struct session *session;
    const struct plan_options *options;
    struct plan *plan;
    struct arena *arena;   /* the plan's */
    struct faults *faults; /* the session's */
    struct draft *drafts;
    size_t draft_count;
    const struct preset **presets; /* distinct, in the outlets' order */
    size_t preset_count;
    const char *versions;          /* key_versions() */
    struct foreign_memo *foreigns; /* recordings' own scripts, once read */
    size_t foreign_count;
    /* Texts of the whole session, corrected; NULL: none. */
    const char *series_line, *date_line, *title, *organizer, *credit;
};

/* builder.c: what all of these use. A preset's seconds, to the millisecond. */
int64_t plan_flicks(double seconds);
struct fault_place row_place(const struct highlight *row,
                             enum highlight_column column);
/* `format` is marked by N_(): it is told in the locale's language and kept in
 * English too, since deliveries must not depend on who made them. */
void builder_note(struct builder *builder, const struct clip *clip,
                  const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same on a recording, which the sentence does not name: what is true of
 * several is printed once. */
void builder_note_on(struct builder *builder, const struct recording *recording,
                     const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* draft.c: rows to clips and shots. */
void drafts_build(struct builder *builder);
/* captions.c, speakers.c: the texts of one clip in clip time. */
void draft_captions(struct builder *builder, struct draft *draft);
void draft_speakers(struct builder *builder, struct draft *draft);
void builder_match_caption_files(struct builder *builder);

/* select.c: Is the clip meant by this word: its id, number, title or stem? */
bool clip_is(const struct clip *clip, const char *word);
/* Sets which clips are wanted. */
void builder_select_clips(struct builder *builder);

/* lint.c: what the outlets or the fonts refuse. */
void draft_lint(struct builder *builder, const struct draft *draft);
void builder_lint_session(struct builder *builder);
/* The most that a film can weigh, by its caps; 0: it has none. */
int64_t rendition_most_bytes(const struct preset *preset,
                             int64_t length_flicks);

/* chunk.c: spans and timelines. */
void clip_cut_spans(struct clip *clip, int64_t chunk_flicks,
                    int64_t card_flicks, struct arena *arena);
struct timeline *timeline_create(const struct clip *clip, AVRational rate,
                                 int64_t card_ticks, bool transitions,
                                 struct arena *arena);
/* The tick at or after a moment of the clip, counted inside its shot. */
int64_t timeline_tick_at(const struct timeline *timeline, int64_t clip_flicks);

/* foreign.c: recordings' own ASS scripts. NULL: the recording has none. */
const struct foreign *builder_foreign(struct builder *builder,
                                      const struct recording *recording);
bool shot_keeps_script(struct builder *builder, const struct draft *draft,
                       const struct preset *preset, size_t shot);
const struct script_foreign *draft_foreigns(struct builder *builder,
                                            const struct draft *draft,
                                            const struct rendition *rendition,
                                            size_t *count);
void note_foreign(struct builder *builder, const struct recording *recording);

/* layout.c: who is shown when, and where. */
const struct script *draft_script(struct builder *builder,
                                  const struct draft *draft,
                                  const struct rendition *rendition);
struct script *clip_lettering(struct builder *builder, const struct clip *clip,
                              const struct cover *cover);
struct script_box logo_box(const struct preset *preset);

/* rendition.c: renditions, sounds, posters, packages. */
void draft_renditions(struct builder *builder, const struct draft *draft);
void builder_packages(struct builder *builder);
/* parameters.c */
char *encoder_parameters(const struct preset *preset, AVRational rate,
                         struct arena *arena);

/* key.c, key_source.c, key_versions.c */
void key_chunk(const struct builder *builder, const struct rendition *rendition,
               struct chunk *chunk);
void key_sound(const struct builder *builder, struct sound *sound);
void key_poster(const struct builder *builder, struct poster *poster);
/* One line per library that makes bytes, with its version. */
char *key_versions(struct arena *arena);
/* A recording's pictures: what decoding them takes, and which they are.
 * `frames` must not be empty. */
void key_add_frames(struct digest *digest, const struct recording *recording,
                    const size_t *frames, size_t count);
void key_add_photo(struct digest *digest, const struct photo *photo);
/* A recording's sound in a range of its clock, with a margin. */
void key_add_sound(struct digest *digest, const struct recording *recording,
                   int64_t from_flicks, int64_t to_flicks);

/* notes.c */
void builder_notes(struct builder *builder);

/* naming.c */
char *naming_stem(int number, const char *title, const char *id,
                  struct arena *arena);
char *naming_zip(const struct session *session, const char *folder,
                 struct arena *arena);

#endif
