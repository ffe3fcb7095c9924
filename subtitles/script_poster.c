/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Poster lettering: as large as the cover allows, since covers are looked at
 * small; at the lower edge over a darkening, with the series line on a tag and
 * a short rule. Knows nothing of the picture below. */
#include "subtitles/script_parts.h"

#include <math.h>
#include <string.h>

#define SCALE_LARGEST 2.2
/* Above and below the letters in a box of their own, in ems. */
#define BOX_PAD 0.13

struct poster_block {
    struct stack tag, title, subtitle;
    double tag_pad, tag_height, box_pad;
    double gap, height, width;
};

static void block_set(struct layout *layout, struct poster_block *block,
                      const struct script_title *title, double scale,
                      size_t max_lines)
{
    double room = layout->safe.right - layout->safe.left;
    bool boxes = layout->style->title_form == TITLE_BOXES;
    double size = role_size(layout, ROLE_TITLE) * scale;
    memset(block, 0, sizeof(*block));
    block->tag.fits = block->title.fits = block->subtitle.fits = true;
    block->box_pad = boxes ? size * 0.28 : 0;
    struct setting setting = {
        .role = ROLE_TITLE,
        .text = title->title,
        .scale = scale,
        .width = room - 2 * block->box_pad,
        .max_lines = max_lines,
        .keep_clauses = true,
        .dash_leads = true,
        .pad = boxes ? size * BOX_PAD : 0,
    };
    stack_add(layout, &block->title, &setting);
    /* The lesser lines follow the title's size, but less. */
    double lesser = scale > 1 ? 1 + (scale - 1) * 0.55 : scale;
    setting.role = ROLE_SUBTITLE;
    setting.text = title->subtitle;
    setting.scale = lesser;
    setting.max_lines = 3;
    setting.pad = 0;
    stack_add(layout, &block->subtitle, &setting);
    setting.role = ROLE_LINE;
    setting.text = title->line;
    setting.width = room * 0.94;
    setting.max_lines = 2;
    stack_add(layout, &block->tag, &setting);

    double unit = layout->unit * lesser;
    block->gap = 26 * unit;
    block->tag_pad = 14 * unit;
    if (block->tag.count)
        block->tag_height = block->tag.height + 2 * block->tag_pad;
    block->height = block->title.height;
    if (block->tag.count)
        block->height += block->tag_height + block->gap;
    if (block->subtitle.count)
        block->height += block->subtitle.height + block->gap * 1.5;
    block->width = fmax(
        block->title.width + 2 * block->box_pad,
        fmax(block->subtitle.width, block->tag.width + 4 * block->tag_pad));
}

static void draw_tag(struct layout *layout, const struct motion *motion,
                     const struct poster_block *block, double left, double top)
{
    const struct style *style = layout->style;
    struct stack_look look = {.plain = true};
    struct box box = {left, top, left + block->tag.width + 4 * block->tag_pad,
                      top + block->tag_height};
    look.colours[ROLE_LINE] = colour_on(style->accent);
    layout_box(layout, motion, LAYER_TITLE, box, style->radius * layout->unit,
               style->accent);
    stack_draw(layout, motion, LAYER_TITLE + 2, &block->tag,
               left + 2 * block->tag_pad, top + block->tag_pad, &look);
}

static void draw_title(struct layout *layout, const struct motion *motion,
                       const struct poster_block *block, double left,
                       double top)
{
    const struct style *style = layout->style;
    bool boxes = style->title_form == TITLE_BOXES;
    struct stack_look look = {.plain = true, .glow = !boxes};
    for (size_t i = 0; boxes && i < block->title.count; i++) {
        const struct row *row = &block->title.rows[i];
        struct box box = {left, top + row->top - row->size * BOX_PAD,
                          left + row->width + 2 * block->box_pad,
                          top + row->top + row->size * (1 + BOX_PAD)};
        layout_box(layout, motion, LAYER_TITLE, box,
                   style->radius * layout->unit, style->plate);
    }
    stack_draw(layout, motion, LAYER_TITLE + 2, &block->title,
               left + block->box_pad, top, &look);
}

static void draw_block(struct layout *layout, const struct motion *motion,
                       const struct poster_block *block, double left,
                       double top)
{
    struct stack_look look = {.plain = true, .glow = true};
    look.colours[ROLE_SUBTITLE] = 0xFFFFFFFF;
    if (block->tag.count) {
        draw_tag(layout, motion, block, left, top);
        top += block->tag_height + block->gap;
    }
    draw_title(layout, motion, block, left, top);
    top += block->title.height + block->gap * 1.5;
    if (block->subtitle.count) {
        double bar = 6 * layout->unit;
        struct box rule = {left, top, left + bar, top + block->subtitle.height};
        layout_box(layout, motion, LAYER_TITLE + 1, rule, 0,
                   layout->style->accent2);
        stack_draw(layout, motion, LAYER_TITLE + 2, &block->subtitle,
                   left + 4 * bar, top, &look);
    }
}

/* The largest size from `scale` down to `least` at which all fits; less than
 * `least` if none does. */
static double block_fit(struct layout *layout, struct poster_block *block,
                        const struct script_title *title, double scale,
                        double least, size_t max_lines)
{
    const struct box *safe = &layout->safe;
    bool upright = layout->frame->height > layout->frame->width;
    double room = (safe->bottom - safe->top) * (upright ? 0.42 : 0.62);
    for (; scale >= least; scale = scale_next(scale)) {
        block_set(layout, block, title, scale, max_lines);
        if (block->tag.fits && block->title.fits && block->subtitle.fits &&
            block->height <= room)
            return scale;
    }
    return scale;
}

void layout_poster(struct layout *layout, const struct script_title *title)
{
    const struct box *safe = &layout->safe;
    struct script_title clean = {
        .title = text_prepare(title->title, layout->arena),
        .subtitle = text_prepare(title->subtitle, layout->arena),
        .line = text_prepare(title->line, layout->arena),
    };
    struct poster_block block;
    if (!clean.title && !clean.subtitle && !clean.line)
        return;
    /* One line, if it still is large so; else two or three. */
    double scale = block_fit(layout, &block, &clean, SCALE_LARGEST, 1.2, 1);
    if (scale < 1.2)
        scale = block_fit(layout, &block, &clean, SCALE_LARGEST, 0.7,
                          layout->frame->height > layout->frame->width ? 3 : 2);
    if (scale < 0.7)
        scale = block_fit(layout, &block, &clean, 0.9, SCALE_LEAST, 5);
    layout_note_scale(layout, scale);

    struct box box = {safe->left, safe->bottom - block.height, 0, safe->bottom};
    box.right = box.left + block.width;
    layout_avoid_logo(layout, &box, false);
    struct motion motion = {.start_tick = 0, .end_tick = 1};
    layout_scrim(layout, &motion, box.top - block.height * 0.55,
                 layout->frame->height, 0x000000C8);
    draw_block(layout, &motion, &block, box.left, box.top);
}
