/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording's own ASS or SSA script in a rendition of any shape: styles,
 * karaoke, animation, colours by its "YCbCr Matrix" as its author made them.
 *
 * What its author placed, moved or drew belongs to the picture and follows it:
 * scaled, cropped and boxed as the picture is. Plain dialogue belongs to the
 * viewer: its type keeps its share of the frame's shorter side, its lines are
 * broken by us (libass knows no Chinese breaks here), and it stands in the safe
 * area, clear of titles and of other dialogue. How all of it looks is
 * libass's. */
#ifndef REELPRESS_SUBTITLES_FOREIGN_H
#define REELPRESS_SUBTITLES_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "subtitles/corrections.h"
#include "subtitles/faces.h"

struct foreign_look;

/* What decides how wide and where a style's text is; script units. */
struct foreign_style {
    const char *name, *family;
    const char *wanted; /* family that gave way to ours; NULL: none did */
    int weight;         /* 100–900 */
    bool italic;
    int alignment; /* as \an counts: 1–9 */
    double margin_left, margin_right, margin_vertical;
    double size, scale_x, scale_y; /* percent */
    double spacing, edge;          /* outline and shadow */
    double angle;                  /* degrees, as \frz counts */
};

struct foreign_event {
    int64_t start_ms, end_ms; /* of the recording's clock */
    bool placed;              /* by \pos or \move: no history */
    bool fixed;               /* belongs to the picture; else dialogue */
    const char *layer, *style_name, *effect;
    size_t style;          /* number; of the script's styles */
    const char *margin[3]; /* left, right, vertical; "0": the style's */
    const struct foreign_look *look; /* what its tags say (foreign_parts.h) */
    const char *words; /* with tags; families and faces are ours */
};

struct foreign {
    const char *info;   /* [Script Info]'s lines without title and sizes */
    const char *styles; /* its section, with our families */
    int play_x, play_y;
    int layout_x, layout_y;           /* 0: not said */
    bool breaks_at_n;                 /* WrapStyle 2: \n ends a line */
    struct foreign_style *style_list; /* at least one */
    size_t style_count;
    struct foreign_event *events; /* as the file has them */
    size_t count;
    size_t *order; /* numbers of those that are not `placed`, by start */
    size_t order_count;
    /* Families that its events ask for and that are not among the faces, "A,
     * B": they are replaced by the captions' own. NULL: none. */
    const char *missing;
    const struct faces *faces; /* lent: the style's, with what it carries */
};

/* Reads a script that cues_parse found to be one. Families that are not among
 * `faces` give way to that of style font `font`; characters that it lacks are
 * handed to the next face of its chain. `corrections` (NULL: none) are done in
 * words, not in tags, and not counted. All in the arena; the faces, which may
 * be a set of faces_carry, are lent for its life. */
struct foreign *foreign_read(const char *script, const struct faces *faces,
                             size_t font, const struct corrections *corrections,
                             struct arena *arena);

struct foreign_box {
    double left, top, right, bottom; /* pixels of the frame */
};

/* How a rendition shows the recording. */
struct foreign_frame {
    int width, height;
    struct foreign_box picture;      /* where the whole picture lies; may reach
                                        beyond the frame. Empty: it is the frame */
    int viewed_width, viewed_height; /* the recording's; 0: as the frame */
};

/* What dialogue keeps to; pixels of the frame. */
struct foreign_rules {
    struct foreign_box safe;
    double caption_bottom; /* where captions stand in frames of other shapes */
    double caption_px;     /* their em: the least that dialogue shrinks to */
    size_t font;           /* for families that are in no chain */
    const char *const *keep;
    size_t keep_count;
};

/* An event in a rendition. */
struct foreign_shown {
    const struct foreign_event *event;
    bool in_picture;        /* false: dialogue, placed by us */
    const char *words;      /* lines broken */
    const char *tags;       /* put before them; "" none */
    int alignment;          /* dialogue's, 1–9 */
    double scale;           /* 1, or what it took to fit */
    double x;               /* dialogue: where its lines are anchored, pixels */
    double edge;            /* outline and shadow around its lines, pixels */
    struct foreign_box box; /* what its text covers, edges included; pixels.
                               Empty: not known (drawings), or nothing is
                               seen of it (clips) */
};

struct foreign_fitted {
    const struct foreign *foreign;
    struct foreign_frame frame;
    bool same_shape;    /* the picture is the frame: one document holds all */
    int play_x, play_y; /* of the dialogue's document */
    struct foreign_shown *list; /* as the file has them */
    size_t count;
    size_t *order; /* numbers of those that libass places, by start */
    size_t order_count;
    /* Texts that leave the safe area, as their author placed or turned them,
     * and when the first of them shows. */
    size_t outside;
    int64_t outside_ms;
};

/* What dialogue must not cover, in the recording's time. */
struct foreign_obstacle {
    int64_t start_ms, end_ms;
    struct foreign_box box;
};

/* Fits the events that show in [first_ms, end_ms) to a frame, and those before
 * them that they were stacked upon: breaks lines and measures. In the arena;
 * the foreign is lent for its life, the rules for the call. */
struct foreign_fitted *foreign_fit(const struct foreign *foreign,
                                   const struct foreign_frame *frame,
                                   const struct foreign_rules *rules,
                                   int64_t first_ms, int64_t end_ms,
                                   struct arena *arena);
/* Height of the tallest dialogue at the frame's bottom; 0: there is none. */
double foreign_height(const struct foreign_fitted *fitted);
/* Gives each dialogue its place. */
void foreign_place(struct foreign_fitted *fitted,
                   const struct foreign_rules *rules,
                   const struct foreign_obstacle *obstacles,
                   size_t obstacle_count, struct arena *arena);

/* From where to where nothing of it is to be seen; the recording's clock. */
struct foreign_hole {
    int64_t start_ms, end_ms;
};

/* ASS documents with the events that show in [first_ms, end_ms), and those
 * before them on which libass's placing of unplaced events depends: what
 * belongs to the picture, then the dialogue, in one where both have the same
 * scale. The overlay is asked at times that lie `clock_ms` after their own.
 * Empty when nothing shows. */
void foreign_window(const struct foreign_fitted *fitted, int64_t first_ms,
                    int64_t end_ms, int64_t clock_ms,
                    const struct foreign_hole *holes, size_t hole_count,
                    struct buffer *out);

/* The lines by which a document tells overlay.c which fonts it carries
 * (faces_carried_id), its clock, its holes, and how far the picture's edges lie
 * inside the frame's (top, bottom, left, right; negative: beyond): all are
 * comments to everybody else. */
#define FOREIGN_FONTS   "; Fonts: "
#define FOREIGN_CLOCK   "; Clock: "
#define FOREIGN_HOLE    "; Hidden: "
#define FOREIGN_MARGINS "; Margins: "

#endif
