/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The opening title: series line, title, subtitle, on what the style stands
 * them on. Lower left above the captions or in the middle; at the top in
 * upright frames, where hands and captions are at the bottom. */
#include "subtitles/script_parts.h"

#include <math.h>
#include <string.h>

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

static double room_width(const struct layout *layout)
{
    double room = layout->safe.right - layout->safe.left;
    if (layout->frame->height >= layout->frame->width)
        return room;
    return room * (layout->style->title_place == TITLE_CENTRE ? 0.8 : 0.66);
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

    double width =
        room_width(layout) - 2 * block->pad_x - (boxes ? 0 : 12 * layout->unit);
    struct stack *line = form == TITLE_PLATE ? &block->main : &block->tag;
    set_line(layout, line, ROLE_LINE, title->line, scale, width, 2, 0, 0);
    set_line(layout, &block->main, ROLE_TITLE, title->title, scale, width,
             lines, 22 * unit, boxes ? 14 * unit : 0);
    set_line(layout, &block->main, ROLE_SUBTITLE, title->subtitle, scale, width,
             3, (boxes ? 14 : 26) * unit, boxes ? 10 * unit : 0);

    if (block->tag.count)
        block->tag_height = block->tag.height + (boxes ? 46 : 28) * unit;
    block->width = fmax(block->main.width, block->tag.width) +
                   2 * block->pad_x + (boxes ? 0 : 12 * layout->unit);
    block->height =
        block->tag_height +
        (block->main.count ? block->main.height + 2 * block->pad_y : 0);
}

/* A red plate, a gold bar at its left, a hairline inside its lower edge. */
static void draw_plate(struct layout *layout, const struct motion *motion,
                       const struct title_block *block, struct box box)
{
    const struct style *style = layout->style;
    double unit = layout->unit, bar = 12 * unit;
    struct box left = {box.left, box.top, box.left + bar, box.bottom};
    struct box hair = {box.left + bar, box.bottom - 9 * unit, box.right,
                       box.bottom - 6 * unit};
    struct stack_look look = {.plain = true};
    struct box face = {box.left + bar, box.top, box.right, box.bottom};
    layout_box(layout, motion, LAYER_TITLE, face, 0, style->plate);
    layout_box(layout, motion, LAYER_TITLE + 1, left, 0, style->accent2);
    layout_box(layout, motion, LAYER_TITLE + 1, hair, 0,
               colour_fade(style->accent2, 200));
    stack_draw(layout, motion, LAYER_TITLE + 2, &block->main,
               face.left + block->pad_x, box.top + block->pad_y, &look);
}

/* A translucent panel behind a bar, the series line on a tag above. */
static void draw_panel(struct layout *layout, const struct motion *motion,
                       const struct title_block *block, struct box box)
{
    const struct style *style = layout->style;
    double unit = layout->unit, bar = 12 * unit;
    double tag_bottom = box.top + block->tag_height;
    struct stack_look look = {.plain = true};
    look.colours[ROLE_LINE] = colour_on(style->accent);
    if (block->tag.count) {
        double pad = (block->tag_height - block->tag.height) / 2;
        struct box tag = {box.left, box.top,
                          box.left + block->tag.width + 2 * pad + bar,
                          tag_bottom};
        layout_box(layout, motion, LAYER_TITLE, tag, 0, style->accent);
        stack_draw(layout, motion, LAYER_TITLE + 2, &block->tag,
                   box.left + pad + bar / 2, box.top + pad, &look);
    }
    if (block->main.count) {
        struct box left = {box.left, tag_bottom, box.left + bar, box.bottom};
        struct box face = {left.right, tag_bottom, box.right, box.bottom};
        layout_box(layout, motion, LAYER_TITLE, face, 0, style->plate);
        layout_box(layout, motion, LAYER_TITLE, left, 0, style->accent);
        stack_draw(layout, motion, LAYER_TITLE + 2, &block->main,
                   face.left + block->pad_x, tag_bottom + block->pad_y, &look);
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

static struct box place_block(const struct layout *layout,
                              const struct title_block *block)
{
    const struct box *safe = &layout->safe;
    bool upright = is_upright(layout);
    bool centred = layout->style->title_place == TITLE_CENTRE;
    double left = safe->left, top;
    if (centred)
        left = (safe->left + safe->right - block->width) / 2;
    if (upright)
        top = safe->top + 24 * layout->unit;
    else if (centred)
        top =
            safe->top + (layout->lower_edge - safe->top - block->height) * 0.5;
    else
        top = layout->lower_edge - block->height;
    struct box box = {left, top, left + block->width, top + block->height};
    layout_avoid_logo(layout, &box, upright || centred);
    return box;
}

/* The largest size from `scale` down to `least` at which all fits; less than
 * `least` if none does. */
static double block_fit(struct layout *layout, struct title_block *block,
                        const struct script_title *title, double scale,
                        double least, size_t lines)
{
    double room = (layout->lower_edge - layout->safe.top) * 0.8;
    for (; scale >= least; scale = scale_next(scale)) {
        block_set(layout, block, title, scale, lines);
        if (block->main.fits && block->tag.fits && block->height <= room)
            return scale;
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
    /* One line, then two, then more as it gets smaller. Upright frames are
     * seen on phones: there it is larger if it can be. */
    double largest = is_upright(layout) ? 1.3 : 1;
    double scale = block_fit(layout, &block, &clean, largest, 1, 1);
    if (scale < 1)
        scale = block_fit(layout, &block, &clean, largest, 0.8, 2);
    if (scale < 0.8)
        scale = block_fit(layout, &block, &clean, 1, 0.6, 3);
    if (scale < 0.6)
        scale = block_fit(layout, &block, &clean, 0.8, SCALE_LEAST, 6);
    layout_note_scale(layout, scale);

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
