/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The opening title: series line, title, subtitle, on what the style stands
 * them on. Above the captions, to the left or in the middle; at the top in
 * upright frames, where hands and captions are at the bottom. */
#include "subtitles/script_parts.h"

#include <math.h>
#include <string.h>

#define BAR 12 /* width of the bar before a block, pixels at 1080 */

struct title_block {
    struct stack tag; /* the series line, where it stands by itself */
    struct stack main;
    double pad_x, pad_y, tag_height;
    double width, height; /* of all, plates included */
};

static bool is_upright(const struct layout *layout)
{
    return layout->frame->height > layout->frame->width;
}

/* A headline in one line may go further across than one in two. */
static double room_width(const struct layout *layout, size_t lines)
{
    double room = layout->safe.right - layout->safe.left;
    if (layout->frame->height >= layout->frame->width)
        return room;
    if (layout->style->title_place == TITLE_CENTRE)
        return room * 0.8;
    return room * (lines == 1 ? 0.8 : 0.7);
}

static void set_line(struct layout *layout, struct stack *stack,
                     enum style_role role, const char *text, double scale,
                     double width, size_t max_lines, double gap, double pad)
{
    struct setting setting = {
        .role = role,
        .text = text,
        .scale = scale,
        .width = width,
        .max_lines = max_lines,
        .gap = stack->count ? gap : 0,
        .pad = pad,
        .keep_clauses = true,
        .dash_leads = true,
    };
    stack_add(layout, stack, &setting);
}

/* All texts at one scale. Boxes carry their padding in the lines. */
static void block_set(struct layout *layout, struct title_block *block,
                      const struct script_title *title, double scale,
                      size_t lines)
{
    int form = layout->style->title_form;
    double unit = layout->unit * scale;
    bool boxes = form == TITLE_BOXES;
    memset(block, 0, sizeof(*block));
    block->main.fits = block->tag.fits = true;
    block->pad_x = (boxes ? 30 : 44) * unit;
    block->pad_y = (boxes ? 0 : 32) * unit;

    double width = room_width(layout, lines) - 2 * block->pad_x -
                   (boxes ? 0 : BAR * layout->unit);
    struct stack *line = form == TITLE_PLATE ? &block->main : &block->tag;
    set_line(layout, line, ROLE_LINE, title->line, scale, width, 2, 0, 0);
    set_line(layout, &block->main, ROLE_TITLE, title->title, scale, width,
             lines, 24 * unit, boxes ? 14 * unit : 0);
    set_line(layout, &block->main, ROLE_SUBTITLE, title->subtitle, scale, width,
             3, (boxes ? 20 : 28) * unit, boxes ? 10 * unit : 0);

    if (block->tag.count)
        block->tag_height = block->tag.height + (boxes ? 46 : 28) * unit;
    block->width = fmax(block->main.width, block->tag.width) +
                   2 * block->pad_x + (boxes ? 0 : BAR * layout->unit);
    block->height =
        block->tag_height +
        (block->main.count ? block->main.height + 2 * block->pad_y : 0);
}

/* The series line runs out in a hairline, as in a paper's masthead. */
static void draw_hairline(struct layout *layout, const struct motion *motion,
                          const struct title_block *block, struct box face)
{
    const struct stack *main = &block->main;
    double unit = layout->unit;
    if (main->count < 2 || main->rows[0].role != ROLE_LINE ||
        main->rows[1].role == ROLE_LINE)
        return;
    const struct row *row = &main->rows[0];
    double middle = face.top + block->pad_y + row->top + row->size / 2;
    struct box hair = {face.left + block->pad_x + row->width + row->size * 0.8,
                       middle - unit, face.right - block->pad_x, middle + unit};
    if (hair.right - hair.left > 2 * row->size)
        layout_box(layout, motion, LAYER_TITLE + 1, hair, 0,
                   colour_fade(layout->style->accent2, 150));
}

/* A red plate in an angle of gold at its left and lower edge. */
static void draw_plate(struct layout *layout, const struct motion *motion,
                       const struct title_block *block, struct box box)
{
    const struct style *style = layout->style;
    double bar = BAR * layout->unit, foot = 6 * layout->unit;
    struct box left = {box.left, box.top, box.left + bar, box.bottom};
    struct box lower = {left.right, box.bottom - foot, box.right, box.bottom};
    struct box face = {left.right, box.top, box.right, lower.top};
    struct stack_look look = {.plain = true};
    layout_box(layout, motion, LAYER_TITLE, face, 0, style->plate);
    layout_box(layout, motion, LAYER_TITLE, left, 0, style->accent2);
    layout_box(layout, motion, LAYER_TITLE, lower, 0, style->accent2);
    draw_hairline(layout, motion, block, face);
    stack_draw(layout, motion, LAYER_TITLE + 2, &block->main,
               face.left + block->pad_x, box.top + block->pad_y, &look);
}

/* A translucent panel behind a bar, the series line on a tag above; all begin
 * on one edge. */
static void draw_panel(struct layout *layout, const struct motion *motion,
                       const struct title_block *block, struct box box)
{
    const struct style *style = layout->style;
    double bar = BAR * layout->unit;
    double tag_bottom = box.top + block->tag_height;
    double left = box.left + bar + block->pad_x;
    struct stack_look look = {.plain = true};
    look.colours[ROLE_LINE] = colour_on(style->accent);
    if (block->tag.count) {
        double pad = (block->tag_height - block->tag.height) / 2;
        struct box tag = {box.left, box.top,
                          left + block->tag.width + block->pad_x * 0.6,
                          tag_bottom};
        layout_box(layout, motion, LAYER_TITLE, tag, 0, style->accent);
        stack_draw(layout, motion, LAYER_TITLE + 2, &block->tag, left,
                   box.top + pad, &look);
    }
    if (block->main.count) {
        struct box edge = {box.left, tag_bottom, box.left + bar, box.bottom};
        struct box face = {edge.right, tag_bottom, box.right, box.bottom};
        layout_box(layout, motion, LAYER_TITLE, face, 0, style->plate);
        layout_box(layout, motion, LAYER_TITLE, edge, 0, style->accent);
        stack_draw(layout, motion, LAYER_TITLE + 2, &block->main, left,
                   tag_bottom + block->pad_y, &look);
    }
}

/* A box of its own around one line. */
static void draw_line_box(struct layout *layout, const struct motion *motion,
                          const struct row *row, double left, double top,
                          double pad_x, double pad_y, uint32_t colour)
{
    struct box box = {left - pad_x, top + row->top - pad_y,
                      left + row->width + pad_x,
                      top + row->top + row->size + pad_y};
    layout_box(layout, motion, LAYER_TITLE, box,
               layout->style->radius * layout->unit, colour);
}

static void draw_boxes(struct layout *layout, const struct motion *motion,
                       const struct title_block *block, struct box box)
{
    const struct style *style = layout->style;
    bool centred = style->title_place == TITLE_CENTRE;
    double middle = (box.left + box.right) / 2;
    double top = box.top + block->tag_height;
    double anchor = centred ? middle : box.left + block->pad_x;
    struct stack_look look = {
        .align = centred ? ALIGN_CENTRE : ALIGN_LEFT,
        .plain = true,
    };
    for (size_t i = 0; i < block->tag.count; i++) {
        const struct row *row = &block->tag.rows[i];
        double left = centred ? middle - row->width / 2 : anchor;
        draw_line_box(layout, motion, row, left, box.top + row->size * 0.3,
                      row->size * 0.6, row->size * 0.3, style->panel);
    }
    for (size_t i = 0; i < block->main.count; i++) {
        const struct row *row = &block->main.rows[i];
        double left = centred ? middle - row->width / 2 : anchor;
        bool title = row->role == ROLE_TITLE;
        draw_line_box(layout, motion, row, left, top, block->pad_x,
                      row->size * 0.17, title ? style->plate : style->panel);
    }
    if (block->tag.count)
        stack_draw(layout, motion, LAYER_TITLE + 2, &block->tag, anchor,
                   box.top + block->tag.rows[0].size * 0.3, &look);
    stack_draw(layout, motion, LAYER_TITLE + 2, &block->main, anchor, top,
               &look);
}

/* Upright frames: below the logo, where it lies in that corner. */
static double upright_top(const struct layout *layout)
{
    const struct script_box *logo = &layout->frame->logo;
    double top = layout->safe.top + 24 * layout->unit;
    bool above =
        logo->bottom > logo->top && logo->bottom < layout->frame->height / 2;
    return above ? fmax(top, logo->bottom + 16 * layout->unit) : top;
}

/* What is said at the top leaves the picture to who speaks: elsewhere it stands
 * above the captions, whether to the left or in the middle. */
static struct box place_block(const struct layout *layout,
                              const struct title_block *block)
{
    const struct box *safe = &layout->safe;
    bool upright = is_upright(layout);
    double left = safe->left;
    if (layout->style->title_place == TITLE_CENTRE)
        left = layout_centre(layout, block->width);
    double top =
        upright ? upright_top(layout) : layout->lower_edge - block->height;
    struct box box = {left, top, left + block->width, top + block->height};
    layout_avoid_logo(layout, &box, upright);
    return box;
}

/* A whole landscape picture begins so far down an upright frame, as a share of
 * its height, and in a film taken upright the head. */
#define PICTURE_BEGINS 0.342

/* Sizes to try, in turn: each from the largest down to the least. */
struct attempt {
    double largest, least;
    size_t lines;
    bool clear; /* nothing lies over what PICTURE_BEGINS says */
};

/* One line, then two, then more as it gets smaller. Upright frames are seen on
 * phones: there it is larger if it can be. */
static const struct attempt upright_attempts[] = {
    {1.3, 1, 1, true},  {1.3, 0.95, 2, true}, {1.1, 1, 1, false},
    {1, 0.8, 2, false}, {1, 0.6, 3, false},   {0.8, SCALE_LEAST, 6, false},
};
static const struct attempt attempts[] = {
    {1, 0.9, 1, false},
    {1, 0.75, 2, false},
    {1, 0.6, 3, false},
    {0.8, SCALE_LEAST, 6, false},
};

/* The largest size of the attempt at which all fits; less than its least if
 * none does. */
static double block_fit(struct layout *layout, struct title_block *block,
                        const struct script_title *title,
                        const struct attempt *attempt)
{
    double room = (layout->lower_edge - layout->safe.top) * 0.8;
    if (attempt->clear)
        room = layout->frame->height * PICTURE_BEGINS - upright_top(layout);
    double scale = attempt->largest;
    for (; scale >= attempt->least; scale = scale_next(scale)) {
        block_set(layout, block, title, scale, attempt->lines);
        if (block->main.fits && block->tag.fits && block->height <= room)
            return scale;
    }
    return scale;
}

static double block_choose(struct layout *layout, struct title_block *block,
                           const struct script_title *title)
{
    const struct attempt *list = attempts;
    size_t count = sizeof(attempts) / sizeof(*attempts);
    if (is_upright(layout)) {
        list = upright_attempts;
        count = sizeof(upright_attempts) / sizeof(*upright_attempts);
    }
    double scale = 0;
    for (size_t i = 0; i < count; i++) {
        scale = block_fit(layout, block, title, &list[i]);
        if (scale >= list[i].least)
            break;
    }
    return scale;
}

void layout_title(struct layout *layout, const struct script_title *title)
{
    struct script_title clean = *title;
    struct title_block block;
    clean.title = text_prepare(title->title, layout->arena);
    clean.subtitle = text_prepare(title->subtitle, layout->arena);
    clean.line = text_prepare(title->line, layout->arena);
    if (!clean.title && !clean.subtitle && !clean.line)
        return;
    layout_note_scale(layout, block_choose(layout, &block, &clean));

    const struct style *style = layout->style;
    struct motion motion = {
        .start_tick = title->start_tick,
        .end_tick = title->end_tick,
        .fade_in_ms = style->fade_in_ms,
        .fade_out_ms = style->fade_out_ms,
        .slide_y = style->slide ? 16 * layout->unit : 0,
    };
    struct box box = place_block(layout, &block);
    if (style->title_form == TITLE_PLATE)
        draw_plate(layout, &motion, &block, box);
    else if (style->title_form == TITLE_PANEL)
        draw_panel(layout, &motion, &block, box);
    else
        draw_boxes(layout, &motion, &block, box);
}
