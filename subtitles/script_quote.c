/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pull quotes: large, on a panel in the middle, a quotation mark at the corner
 * and the speaker at the end. Captions are hidden meanwhile (script_time.c). */
#include "subtitles/script_parts.h"

#include <math.h>
#include <string.h>

struct quote_block {
    struct stack text, name;
    double pad, mark;
    double width, height;
};

/* The mark says that it is a quote: a pair around the whole comes off. */
static const char *without_marks(const char *text, struct arena *arena)
{
    static const char *const pairs[][2] = {
        {"“", "”"}, {"「", "」"}, {"\"", "\""}, {"『", "』"}};
    size_t size = strlen(text);
    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
        size_t open = strlen(pairs[i][0]), close = strlen(pairs[i][1]);
        if (size <= open + close || strncmp(text, pairs[i][0], open) != 0)
            continue;
        const char *end = strstr(text + open, pairs[i][1]);
        if (end == text + size - close)
            return arena_strndup(arena, text + open, size - open - close);
    }
    return text;
}

static void block_set(struct layout *layout, struct quote_block *block,
                      const struct script_quote *quote, double scale)
{
    double room = layout->safe.right - layout->safe.left;
    double unit = layout->unit * scale;
    bool wide = layout->frame->width > layout->frame->height;
    memset(block, 0, sizeof(*block));
    block->text.fits = block->name.fits = true;
    block->pad = 56 * unit;
    block->mark = 64 * unit;
    struct setting text = {
        .role = ROLE_QUOTE,
        .text = without_marks(quote->text, layout->arena),
        .scale = scale,
        .width = room * (wide ? 0.66 : 1) - 2 * block->pad,
        .max_lines = scale > 0.8 ? (wide ? 3 : 5) : 8,
        .keep_clauses = true,
    };
    struct setting name = text;
    name.role = ROLE_LINE;
    name.text =
        quote->name ? arena_printf(layout->arena, "—— %s", quote->name) : NULL;
    name.max_lines = 2;
    stack_add(layout, &block->text, &text);
    stack_add(layout, &block->name, &name);
    block->width = fmax(block->text.width, block->name.width) + 2 * block->pad;
    /* A short quote still gets a card, not a stamp. */
    block->width = fmax(block->width, room * (wide ? 0.36 : 0.6));
    block->height = block->pad * 1.8 + block->mark + block->text.height;
    if (block->name.count)
        block->height += block->name.height + 30 * unit;
}

static void draw_block(struct layout *layout, const struct motion *motion,
                       const struct quote_block *block, struct box box)
{
    const struct style *style = layout->style;
    double left = box.left + block->pad;
    double top = box.top + block->pad + block->mark;
    double right = box.right - block->pad;
    struct stack_look look = {.plain = true};
    struct box rule = {box.left, box.bottom - 8 * layout->unit, box.right,
                       box.bottom};
    look.colours[ROLE_QUOTE] = colour_on(style->panel);
    look.colours[ROLE_LINE] = style->accent2;
    double radius = style->radius * layout->unit;
    layout_box(layout, motion, LAYER_QUOTE, box, radius, style->panel);
    if (radius < 1)
        layout_box(layout, motion, LAYER_QUOTE + 1, rule, 0, style->accent);
    layout_quote_mark(layout, motion, LAYER_QUOTE + 1, left,
                      box.top + block->pad * 0.75, block->mark * 0.9,
                      style->accent2);
    stack_draw(layout, motion, LAYER_QUOTE + 2, &block->text, left, top, &look);
    stack_draw(layout, motion, LAYER_QUOTE + 2, &block->name,
               right - block->name.width,
               box.bottom - block->pad * 0.85 - block->name.height, &look);
}

/* It takes the captions' place, which are hidden meanwhile: in the middle it
 * would stand on the face of who says it. */
static double quote_bottom(const struct layout *layout)
{
    double bottom = layout->frame->caption_bottom;
    if (bottom <= (layout->safe.top + layout->safe.bottom) / 2 ||
        bottom > layout->safe.bottom)
        bottom = layout->safe.bottom;
    return bottom;
}

void layout_quote(struct layout *layout, const struct script_quote *quote)
{
    const struct style *style = layout->style;
    const struct box *safe = &layout->safe;
    struct quote_block block;
    double room = (safe->bottom - safe->top) * 0.72;
    double scale = 1;
    for (;; scale = scale_next(scale)) {
        block_set(layout, &block, quote, scale);
        if ((block.text.fits && block.name.fits && block.height <= room) ||
            scale < SCALE_LEAST)
            break;
    }
    layout_note_scale(layout, scale);

    double left = (safe->left + safe->right - block.width) / 2;
    double top = fmax(quote_bottom(layout) - block.height, safe->top);
    struct box box = {left, top, left + block.width, top + block.height};
    layout_avoid_logo(layout, &box, true);
    struct motion motion = {
        .start_tick = quote->start_tick,
        .end_tick = quote->end_tick,
        .fade_in_ms = style->fade_in_ms,
        .fade_out_ms = style->fade_out_ms,
    };
    draw_block(layout, &motion, &block, box);
}
