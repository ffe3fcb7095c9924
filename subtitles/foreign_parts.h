/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of foreign scripts share, and nobody else sees. */
#ifndef REELPRESS_SUBTITLES_FOREIGN_PARTS_H
#define REELPRESS_SUBTITLES_FOREIGN_PARTS_H

#include "base/buffer.h"
#include "subtitles/foreign.h"
#include "subtitles/linebreak.h"

/* --- foreign_read.c ------------------------------------------------------- */

struct foreign_start {
    int64_t start_ms;
    size_t number;
};
/* The numbers by start, then as they are. Reorders the list. */
size_t *foreign_sort(struct foreign_start *list, size_t count,
                     struct arena *arena);

/* A script that is being read. */
struct foreign_reading {
    struct foreign *foreign;
    const struct faces *faces;
    size_t font;
    struct corrections corrections; /* a copy: hits are counted elsewhere */
    struct arena *arena;
    const char *family; /* of the style font */
    const char *style_format, *event_format;
    const char **missing; /* as in foreign->missing, one by one */
    size_t missing_count;
    struct buffer info, styles;
    bool is_ssa; /* [V4 Styles]: alignments count otherwise */
    enum { PART_NONE, PART_INFO, PART_STYLES, PART_EVENTS } part;
};

/* --- foreign_words.c ------------------------------------------------------ */

/* By a face of the style or one that the script carries. "@" before a family
 * turns the glyphs for vertical writing: only carried ones are asked for so. */
bool foreign_family_is_known(const struct foreign_reading *reading,
                             const char *name, size_t size);
void foreign_note_missing(struct foreign_reading *reading, const char *name);
/* The last of a name counts; one that is not there is the first. */
size_t foreign_style_find(const struct foreign *foreign, const char *name);
/* An event's text as we write it. */
const char *foreign_words_read(struct foreign_reading *reading,
                               const struct foreign_style *style,
                               const char *text);

/* --- foreign_tags.c ------------------------------------------------------- */

/* Walks the override tags of an event's words: `size` bytes from the backslash
 * on; NULL: no more. Those inside of \t(…) come one by one too. Starts with
 * `*at` at the words' begin. */
const char *foreign_tag_next(const char **at, size_t *size);
/* The tag's number, if it is of this name: \fs30 is "fs". */
bool foreign_tag_number(const char *tag, size_t size, const char *name,
                        double *number);
/* The tag's numbers in brackets, up to `most`; how many there are. */
size_t foreign_tag_numbers(const char *tag, size_t size, const char *name,
                           double *numbers, size_t most);
/* As libass counts \b and a style's Bold: 1 and -1 are 700, 0 is 400. */
int foreign_weight(double number);
/* The face that a family's name asks for. */
struct face_wish foreign_wish(const char *family, size_t size, int weight,
                              bool italic);
/* A number at the begin of a text, whatever the locale is; 0: there is none. */
double foreign_number(const char *text, const char **end);

/* How an event's text is turned about a point: degrees, as \frx, \fry and
 * \frz count; and sheared. */
struct foreign_turn {
    double x, y, z;
    double shear_x, shear_y;
    bool changes;    /* on its way: any angle */
    bool has_origin; /* \org, else where it is placed */
    double origin_x, origin_y;
};

/* What tags say of an event's text as a whole. */
struct foreign_look {
    const char *family; /* first \fn, else the style's */
    size_t family_size;
    int weight;
    bool italic;
    int alignment;
    double size, scale_x, scale_y, spacing, edge; /* the largest of each */
    bool has_place, has_move;                     /* \pos, \move: where */
    double x[2], y[2];
    struct foreign_turn turn;
    bool has_clip; /* nothing is seen outside of this; script units */
    struct foreign_box clip;
    bool is_drawn; /* it has vector drawings */
    bool is_plain; /* not drawn, clipped, turned, sheared or moved */
    bool is_fixed; /* has what ties it to the picture */
    bool breaks_at_n;
};
struct foreign_look foreign_look_of(const struct foreign *foreign,
                                    const struct foreign_style *style,
                                    const char *words);

/* --- foreign_break.c ------------------------------------------------------ */

struct foreign_lines {
    const char *words; /* with \N where lines end */
    size_t count;
    double tall;        /* of all lines together, at the rules' size */
    double left, right; /* of all ink, from where libass anchors the lines */
    bool fits;
};

/* Breaks words to lines; their own \N stay. Tags are kept where they are.
 * `column`: 0 when lines begin at their anchor, 1 when it is their middle, 2
 * when they end there. */
struct foreign_lines foreign_break(const struct line_rules *rules,
                                   const char *words, bool breaks_at_n,
                                   int column, struct arena *arena);
/* Only measures the lines that its author made. */
struct foreign_lines foreign_measure(const struct line_rules *rules,
                                     const char *words, bool breaks_at_n,
                                     int column, struct arena *arena);

/* --- foreign_bounds.c ----------------------------------------------------- */

/* All tags but those of \t, \pos and the like that decide about type: places,
 * turns, clips. Feeds one tag after the other; `in_change` inside of \t. */
void foreign_look_take(struct foreign_look *look, const char *tag, size_t size,
                       bool in_change);
/* The box that contains `box` however it is turned about a place: pixels, the
 * place's too; `tall` is a line's height, `depth` the eye's distance. */
struct foreign_box foreign_turned(const struct foreign_turn *turn,
                                  struct foreign_box box, double x, double y,
                                  double tall, double depth);
bool foreign_turns(const struct foreign_turn *turn);

/* --- foreign_fit.c, foreign_place.c --------------------------------------- */

struct foreign_fitting {
    struct foreign_fitted *out;
    const struct foreign *foreign;
    const struct foreign_frame *frame;
    const struct foreign_rules *rules;
    struct arena *arena;
    double unit_x, unit_y; /* pixels of one unit of the dialogue's document */
    double picture_x, picture_y; /* and of the script in the picture */
};

/* An event's own margin (0 left, 1 right, 2 vertical), else its style's. */
double foreign_margin(const struct foreign_event *event, int side,
                      double style);
/* How far libass's eye is away from the page, in pixels: of what belongs to the
 * picture, or of dialogue. */
double foreign_depth(const struct foreign_fitting *fitting, bool in_picture);
/* Counts a text whose box leaves the safe area. */
void foreign_judge(struct foreign_fitted *fitted,
                   const struct foreign_event *event,
                   const struct foreign_box *box,
                   const struct foreign_box *safe);
/* Puts a dialogue to the edge from which it is stacked. */
void foreign_find_row(const struct foreign_fitting *fitting,
                      struct foreign_shown *shown);
/* The numbers of dialogue, or of what libass places in the picture, by their
 * starts. */
size_t *foreign_sort_shown(const struct foreign_fitted *fitted, bool in_picture,
                           size_t *count, struct arena *arena);

#endif
