/* SPDX-License-Identifier: GPL-3.0-or-later */
/* struct plan: the complete list of what will be made, from what was ingested;
 * pure, no file is opened here. All counted in ticks and samples. */
#ifndef REELPRESS_PLAN_PLAN_H
#define REELPRESS_PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/fault.h"
#include "base/log.h"
#include "ingest/session.h"
#include "plan/parts.h"
#include "presets/preset.h"
#include "subtitles/script.h"

/* One run of one source in a clip. */
struct shot {
    const struct highlight *row;
    const struct recording *recording; /* or */
    const struct photo *photo;
    /* Half-open, in the index's frames (recordings only). The range begins
     * with the frame nearest to the asked start and ends before the frame
     * nearest to the asked end. */
    size_t first_frame, end_frame;
    /* Those frames' times, or, where a picture stands so long that none lies
     * near, the asked times; photos: 0, length. */
    int64_t in_flicks, out_flicks;
    int64_t offset_flicks; /* sum of the lengths of the shots before */
    enum transition_kind transition; /* into this shot */
    int64_t transition_flicks; /* as it will be made: never longer than half
                                  of either shot; 0 for a cut */
    int crop_percent;          /* 0–100; -1: the preset's */
    int turn; /* photos: from 0 in each clip; they move by turns */
};

enum span_join {
    JOIN_NONE,
    JOIN_FADE_OUT, /* to black: the second half of a fade, in the shot before */
    JOIN_FADE_IN,  /* from black */
    JOIN_DISSOLVE, /* over the incoming shot's first part */
};

/* A run of source that every rendition cuts at the same places: what one item
 * decodes once. Edges: multiples of the chunk length in the source's own time,
 * and the edges of shots and transitions. */
struct span {
    int shot; /* index; -1: the end card, on the last shot's last picture */
    int64_t from_flicks, to_flicks; /* inside the shot, from its in-point */
    enum span_join join;
    /* The whole transition that this span lies in, inside the shot. */
    int64_t join_from_flicks, join_to_flicks;
};

struct clip {
    int number;        /* from 1, in the list's order */
    const char *id;    /* the list's value, or the number as text */
    const char *title; /* corrected; NULL: none */
    const char *subtitle;
    const char *stem; /* file name without ending: 01-标题 */
    bool wanted;      /* false: -c left it out of this run */
    struct shot *shots;
    size_t shot_count;
    struct span *spans; /* the card's last, if any rendition has one */
    size_t span_count;
    int64_t length_flicks;   /* of the shots together, without a card */
    size_t poster_shot;      /* whose picture makes the posters */
    int64_t poster_flicks;   /* recording's time; FLICKS_NONE: to be chosen */
    bool captions_estimated; /* some come from the list's cells */
    const char **people; /* "李明 市委办公室主任", in order of appearance */
    size_t people_count;
};

/* How a clip lies on the ticks of one rate. */
struct timeline {
    const struct clip *clip;
    AVRational rate;
    bool card;          /* the card's span is part of it */
    bool transitions;   /* false: joins are cuts */
    size_t span_count;  /* clip's, less the card's when there is none */
    int64_t *span_tick; /* span_count + 1 edges */
    int64_t *shot_tick; /* shot_count + 1 edges */
    int64_t ticks;      /* in all */
    int64_t samples;    /* in all, at 48 kHz: clock_samples(ticks) */
};

/* The only parts of a chunk's key that are found while making. All are steps
 * on fixed ladders, and which ones a film ends on follows from its chunks'
 * sizes alone, never from what the store holds. */
struct chunk_setting {
    int fill_step; /* the rate buffer's starting fill, see fill_ladder() */
    int size_step; /* half steps of crf above the preset's: the film was larger
                      than its outlet takes */
    int rate_step; /* 0: max_rate; then what rate_share() leaves of it: no
                      starting fill kept the rate buffer from running dry */
};
#define FILL_STEPS 7
#define FILL_FIRST 0 /* a rendition's first chunk */
#define FILL_OTHER 1 /* all others begin here */
/* The starting fills of a preset's chunks in permille of the buffer: 900 400
 * 300 200 100 50 20, and 900 600 500 400 300 200 100 at a constant rate, where
 * x264 leaves the buffer between a half and four fifths full. */
const int *fill_ladder(const struct preset *preset);
/* The last rate_step. The buffer stays what it is: at a sixteenth of the rate
 * the encoder gives a picture hardly more than its macroblocks' types. */
#define RATE_STEPS 6
/* A step's share of max_rate in permille: 1000 750 500 350 250 125 60. */
int rate_share(int rate_step);

/* Beyond this crf a picture is not worth showing. */
#define SIZE_WORST_CRF 40
/* The last size_step of a preset; 0: its size can't be changed. */
int size_steps(const struct preset *preset);
double size_step_crf(const struct preset *preset, int size_step);

struct chunk {
    size_t span;
    int64_t first_tick, end_tick; /* of the timeline */
    char base_key[DIGEST_TEXT];   /* of all but the starting fill */
    struct key_parts parts;       /* of base_key */
    const char *script; /* script_window's text; "" nothing is drawn */
    const int *fills;   /* fill_ladder() of its preset */
};

struct rendition {
    const struct clip *clip;
    const struct preset *preset;
    const struct timeline *timeline;
    const struct script *script;
    struct chunk *chunks; /* one per span of the timeline */
    size_t chunk_count;
    const struct sound *sound;
    /* libx264's full parameter string as of size_step 0, without fill */
    const char *encoder;
    const char *script_name; /* file in the work folder: 01-标题.douyin.ass */
    struct script_box logo;  /* where the logo goes; empty: none */
    bool wanted; /* false: planned, but left out of this run by -c or -p */
};

/* One clip's sound as it is coded: shared by renditions that agree in all. */
struct sound {
    const struct clip *clip;
    const struct timeline *timeline;
    const struct preset *preset; /* the first that asks: rate, loudness */
    bool music;                  /* the session's bed is mixed in */
    char key[DIGEST_TEXT];
    struct key_parts parts;
};

/* One cover of one clip: shared by outlets with the same cover. */
struct poster {
    const struct clip *clip;
    const struct preset *preset; /* the first that asks: style of drawing */
    const struct cover *cover;
    bool lettering; /* title drawn */
    bool sheet;     /* the picture is chosen here: others are shown beside it */
    struct script *script; /* lettering; NULL: none */
    const char *stem;      /* 01-标题-封面16x9 */
    char key[DIGEST_TEXT]; /* without the chosen frame's */
    struct key_parts parts;
    bool wanted; /* as a rendition's */
};

struct package {
    const struct outlet *outlet;
    const char *folder; /* name under out/: recipient or preset, made safe */
    const char *zip;    /* 20220628-读书会67期-郴州日报.zip */
    const struct rendition **renditions;
    size_t rendition_count;
    const struct poster **posters;
    size_t poster_count;
    bool wanted; /* any of its products is */
};

/* What the plan decided and people should know: of cam2 "interlaced, …". At
 * most one of clip and recording is there; neither: of the session. */
struct plan_note {
    const struct clip *clip;
    const struct recording *recording;
    const char *text;  /* in the locale's language */
    const char *plain; /* in English: for what is delivered */
};

struct plan {
    struct arena *arena; /* owns all; the session is lent */
    const struct session *session;
    struct clip **clips;
    size_t clip_count;
    struct timeline **timelines;
    size_t timeline_count;
    struct rendition **renditions;
    size_t rendition_count;
    struct sound **sounds;
    size_t sound_count;
    struct poster **posters;
    size_t poster_count;
    struct package **packages;
    size_t package_count;
    struct plan_note *notes;
    size_t note_count;
    size_t dropped_clips; /* left out because of faults (--partly) */
    bool narrowed;        /* -c or -p: not all that is planned is wanted */
};

struct plan_options {
    const char *const *clips; /* -c as typed: numbers, names, several of them;
                                 NULL all */
    size_t clip_count;
    bool partly; /* leave faulty clips out instead of making none */
};

/* Builds the plan. What it finds wrong goes to session->faults (hence not
 * const): missing glyphs, ranges outside, titles too long, … When a fault
 * holds everything back the plan has no clips. */
int plan_build(struct log *log, struct session *session,
               const struct plan_options *options, struct plan **out);
void plan_destroy(struct plan **plan);

/* The table of `reelpress plan`: clips, shots, renditions, chunk counts,
 * posters, packages, notes. */
void plan_print(const struct plan *plan, struct buffer *out);
json_t *plan_json(const struct plan *plan);
/* Every fault, one line each; and as JSON. */
void plan_print_faults(const struct faults *faults, struct buffer *out);
json_t *plan_faults_json(const struct faults *faults);

/* --- clip.c: the clock ------------------------------------------------- */

/* Which source frame tick `n` (from the shot's first) shows at `rate`. */
size_t shot_frame_at(const struct shot *shot, int64_t n, AVRational rate);
/* Which frame of the outgoing `shot` lies under tick `n` of the shot that
 * dissolves over it, counted from that shot's first: the source runs on, its
 * last frame is held. */
size_t shot_frame_beyond(const struct shot *shot, int64_t n, AVRational rate);
/* Whether a shot moves in a preset: photos do; graphics stand, as their words
 * may reach to the edges. */
bool shot_moves(const struct shot *shot, const struct preset *preset);
/* How long a shot is seen: its own time, and under the dissolve that follows.
 */
int64_t timeline_seen_flicks(const struct timeline *timeline, size_t shot);
/* Where a moment of a recording falls in a clip, in ticks of the timeline:
 * the first tick at or after it, inside the shot; -1 outside. */
int64_t timeline_tick_of(const struct timeline *timeline, size_t shot,
                         int64_t source_flicks);

/* --- key.c --------------------------------------------------------------- */

/* The chunk's key with what was found while making: names it in the store. */
void chunk_key(const struct chunk *chunk, struct chunk_setting setting,
               char out[DIGEST_TEXT]);
/* The whole libx264 parameter string with it: "preset=…:crf=…:…". */
char *rendition_encoder(const struct rendition *rendition,
                        struct chunk_setting setting, struct arena *arena);

/* --- naming.c ------------------------------------------------------------ */

/* A name safe on Windows, macOS and in zips: / \ : * ? " < > | and control
 * characters go, blanks at the ends too, at most 80 characters, never empty.
 * Chinese stays as it is. */
char *naming_safe(const char *text, struct arena *arena);

#endif
