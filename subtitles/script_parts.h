/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the script's files share: the layout under construction, stacks of set
 * lines, boxes and drawings, and the schedule. Nobody else sees it. All
 * lengths are pixels of the frame unless said; y grows down. */
#ifndef REELPRESS_SUBTITLES_SCRIPT_PARTS_H
#define REELPRESS_SUBTITLES_SCRIPT_PARTS_H

#include "base/arena.h"
#include "subtitles/linebreak.h"
#include "subtitles/script.h"

/* What is drawn over what; plates, ornaments and text are three layers. */
enum script_layer {
    LAYER_SCRIM = 0,
    LAYER_CAPTION = 4,
    LAYER_STRAP = 10,
    LAYER_TITLE = 20,
    LAYER_QUOTE = 30,
    LAYER_CARD = 40,
};

struct box {
    double left, top, right, bottom;
};

struct layout {
    struct script *script;
    const struct script_frame *frame;
    const struct style *style;
    struct arena *arena;
    double unit; /* one pixel of a 1080 frame */
    struct box safe;
    double lower_edge; /* bottom of what stands above the captions */
};

/* When and how something comes and goes. */
struct motion {
    int64_t start_tick, end_tick;
    int64_t fade_in_ms, fade_out_ms;
    double slide_x, slide_y; /* comes from this far off its place */
};

/* A text to be broken and set. */
struct setting {
    enum style_role role;
    const char *text; /* prepared; NULL: nothing is set */
    double scale;     /* times the role's size */
    double width;     /* no line is wider */
    size_t max_lines;
    double gap;      /* above the first line */
    double pad;      /* above and below each line */
    double tracking; /* ems more between characters */
    /* See struct line_rules. */
    bool lower_longer, keep_clauses, dash_leads;
};

/* One set line. Its box is its em: 0.88 above the baseline, 0.12 below. */
struct row {
    enum style_role role;
    const char *text;
    double size, spacing;
    double top;   /* of the em box, from the stack's top */
    double width; /* of the ink */
    struct face_line line;
};

struct stack {
    struct row *rows;
    size_t count;
    double width, height;
    bool fits; /* false: some text has too many lines or a broken word */
};

/* --- script_layout.c ------------------------------------------------------ */

/* Trims, turns controls and line ends into blanks and backslashes into their
 * full-width form; NULL for a blank text. */
const char *text_prepare(const char *text, struct arena *arena);
double role_size(const struct layout *layout, enum style_role role);
/* The reach of outline and shadow around a role's ink at a size. */
double role_edge(const struct layout *layout, enum style_role role);
/* Adds a text's lines below what the stack has. */
void stack_add(struct layout *layout, struct stack *stack,
               const struct setting *setting);
/* The next smaller size to try; sizes below SCALE_LEAST are not tried. */
double scale_next(double scale);
#define SCALE_LEAST 0.2
/* Remembers that something had to be set at `scale` of its size. Down to
 * SCALE_NOTED that is what fitting means, and not worth a word. */
#define SCALE_NOTED 0.8
void layout_note_scale(struct layout *layout, double scale);
/* Moves a box up or down (`down`) until it is clear of the logo, as far as the
 * safe area goes. */
void layout_avoid_logo(const struct layout *layout, struct box *box, bool down);

/* The left edge of what stands in the middle: of the frame, and where the safe
 * area is lopsided as near to it as that allows. */
double layout_centre(const struct layout *layout, double width);

/* Draws one line with its baseline and the left edge of its ink at a place.
 * `colour` 0: the role's. `plain`: no outline or shadow, as on a plate. */
void layout_text(struct layout *layout, const struct motion *motion, int layer,
                 const struct row *row, double left, double baseline,
                 uint32_t colour, bool plain);
/* A blurred dark copy under a line that stands on a picture. */
void layout_glow(struct layout *layout, const struct motion *motion, int layer,
                 const struct row *row, double left, double baseline);

/* A drawing inside `box`, its path counted from the box's corner. */
void layout_path(struct layout *layout, const struct motion *motion, int layer,
                 struct box box, const char *tags, const char *path);

enum stack_align { ALIGN_LEFT, ALIGN_CENTRE };
struct stack_look {
    enum stack_align align;
    bool plain, glow;
    uint32_t colours[ROLE_COUNT]; /* 0: the role's */
};
/* Draws all lines; `left` is the left edge, or the middle for ALIGN_CENTRE. */
void stack_draw(struct layout *layout, const struct motion *motion, int layer,
                const struct stack *stack, double left, double top,
                const struct stack_look *look);

/* --- script_shapes.c ------------------------------------------------------ */

/* 0xRRGGBBAA with another opacity, 0–255 times its own. */
uint32_t colour_fade(uint32_t colour, int opacity);
/* Dark text on light colours, white on dark ones. */
uint32_t colour_on(uint32_t colour);
/* The style's ornament colour that is seen on a ground: accent2 on dark ones,
 * accent on light ones. */
uint32_t colour_accent(const struct style *style, uint32_t ground);
/* Of the bars at the edges of plates and cards. */
uint32_t colour_bar(const struct style *style);
void layout_box(struct layout *layout, const struct motion *motion, int layer,
                struct box box, double radius, uint32_t colour);
/* An opening quotation mark, `size` wide and high. */
void layout_quote_mark(struct layout *layout, const struct motion *motion,
                       int layer, double left, double top, double size,
                       uint32_t colour);
/* Darkens the frame from `top` to `bottom`, rising from nothing. */
void layout_scrim(struct layout *layout, const struct motion *motion,
                  double top, double bottom, uint32_t colour);

/* --- script_print.c ------------------------------------------------------- */

const char *script_header(const struct script_frame *frame,
                          struct arena *arena);
const char *role_name(enum style_role role);
/* A number to hundredths, whatever the locale is. */
void put_number(struct buffer *out, double number);
void put_colour(struct buffer *out, const char *tag, uint32_t colour);
void put_alpha(struct buffer *out, const char *tag, uint32_t colour);

/* --- script_time.c -------------------------------------------------------- */

struct schedule {
    const struct script_title *title;
    const struct script_card *card;
    struct script_strap *straps;
    size_t strap_count;
    struct script_quote *quotes;
    size_t quote_count;
    struct script_caption *captions; /* texts prepared, none blank */
    size_t caption_count;
};

void schedule_build(struct schedule *out, const struct script_frame *frame,
                    const struct script_request *request, struct arena *arena);

/* The recording's time under tick `n`, in ms. */
int64_t script_foreign_ms(const struct script_foreign *foreign, int64_t n,
                          AVRational rate);

/* --- script_foreign.c ----------------------------------------------------- */

/* Fits the recordings' own scripts; returns the height that their dialogue
 * takes at the bottom. */
double layout_fit_foreigns(struct layout *layout);
/* Places their dialogue clear of the titles and straps laid out before. */
void layout_place_foreigns(struct layout *layout);

/* --- one file each -------------------------------------------------------- */

void layout_captions(struct layout *layout, const struct schedule *schedule);
void layout_title(struct layout *layout, const struct script_title *title);
void layout_strap(struct layout *layout, const struct script_strap *strap);
void layout_quote(struct layout *layout, const struct script_quote *quote);
void layout_card(struct layout *layout, const struct script_card *card);
void layout_poster(struct layout *layout, const struct script_title *title);
/* text_prepare for a caption: CUE_LINE_END stays. */
const char *caption_prepare(const char *text, struct arena *arena);
/* Height of a full caption block. */
double caption_height(const struct layout *layout);

#endif
