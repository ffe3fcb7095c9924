/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pull quotes: large, on a card in the middle, a quotation mark behind their
 * first words and the speaker at the end. Captions are hidden meanwhile
 * (script_time.c). */
#include "subtitles/script_parts.h"

#include <math.h>
#include <string.h>

#define BAR 12 /* width of the bar before a card, pixels at 1080 */
/* What stays in one line, or in two in narrow frames, is set larger. */
#define SCALE_LARGEST 1.4

struct quote_block {
    struct stack text, name;
    double bar, pad_x, pad_y, mark;
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

static size_t most_lines(double scale, bool wide)
{
    if (scale > 1)
        return wide ? 1 : 2;
    if (scale > 0.8)
        return wide ? 3 : 5;
    return 8;
}

static void block_set(struct layout *layout, struct quote_block *block,
                      const struct script_quote *quote, double scale)
{
    double room = layout->safe.right - layout->safe.left;
    double unit = layout->unit * fmin(scale, 1);
    bool wide = layout->frame->width > layout->frame->height;
    memset(block, 0, sizeof(*block));
    block->text.fits = block->name.fits = true;
    /* Rounded cards have no bar. */
    if (layout->style->radius < 1)
        block->bar = BAR * layout->unit;
    block->pad_x = 60 * unit;
    block->pad_y = 52 * unit;
    block->mark = 2 * role_size(layout, ROLE_QUOTE) * fmin(scale, 1);
    struct setting text = {
        .role = ROLE_QUOTE,
        .text = without_marks(quote->text, layout->arena),
        .scale = scale,
        .width = room * (wide ? 0.66 : 1) - 2 * block->pad_x - block->bar,
        .max_lines = most_lines(scale, wide),
        .keep_clauses = true,
    };
    struct setting name = text;
    name.role = ROLE_LINE;
    name.text =
        quote->name ? arena_printf(layout->arena, "—— %s", quote->name) : NULL;
    name.max_lines = 2;
    /* Of a long quote, too, one wants to read who said it. */
    if (scale > 0.5)
        name.scale = fmin(fmax(scale, 0.9), 1.1);
    stack_add(layout, &block->text, &text);
    stack_add(layout, &block->name, &name);
    block->width = fmax(block->text.width, block->name.width);
    /* A short quote still gets a card, not a stamp. */
    block->width = fmax(block->width, room * (wide ? 0.28 : 0.5));
    block->width += 2 * block->pad_x + block->bar;
    block->height = 2 * block->pad_y + block->text.height;
    if (block->name.count)
        block->height += block->name.height + 34 * unit;
}

static void draw_block(struct layout *layout, const struct motion *motion,
                       const struct quote_block *block, struct box box)
{
    const struct style *style = layout->style;
    double left = box.left + block->bar + block->pad_x;
    double right = box.right - block->pad_x;
    struct stack_look look = {.plain = true};
    struct box bar = {box.left, box.top, box.left + block->bar, box.bottom};
    struct box face = {bar.right, box.top, box.right, box.bottom};
    uint32_t ornament = colour_accent(style, style->card);
    look.colours[ROLE_QUOTE] = colour_on(style->card);
    look.colours[ROLE_LINE] = ornament;
    layout_box(layout, motion, LAYER_QUOTE, face, style->radius * layout->unit,
               style->card);
    if (block->bar > 0)
        layout_box(layout, motion, LAYER_QUOTE, bar, 0, colour_bar(style));
    layout_quote_mark(layout, motion, LAYER_QUOTE + 1,
                      left - block->pad_x * 0.4, box.top + block->pad_y * 0.5,
                      block->mark, colour_fade(ornament, 60));
    stack_draw(layout, motion, LAYER_QUOTE + 2, &block->text, left,
               box.top + block->pad_y, &look);
    stack_draw(layout, motion, LAYER_QUOTE + 2, &block->name,
               right - block->name.width,
               box.bottom - block->pad_y - block->name.height, &look);
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
    double scale = SCALE_LARGEST;
    for (;; scale = scale_next(scale)) {
        double room = (safe->bottom - safe->top) * (scale > 1 ? 0.45 : 0.72);
        block_set(layout, &block, quote, scale);
        if ((block.text.fits && block.name.fits && block.height <= room) ||
            scale < SCALE_LEAST)
            break;
    }
    layout_note_scale(layout, scale);

    double left = layout_centre(layout, block.width);
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
