/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end card: series and title, a rule, then who organised it and the credit,
 * in the middle of the safe area on a quiet card. */
#include "subtitles/script_parts.h"

#include <math.h>
#include <string.h>

struct card_block {
    struct stack upper, lower;
    double pad, gap; /* gap: between the two, with the rule in its middle */
    double width, height;
};

static void set_text(struct layout *layout, struct stack *stack,
                     enum style_role role, const char *text, double scale,
                     double gap, double width)
{
    struct setting setting = {
        .role = role,
        .text = text_prepare(text, layout->arena),
        .scale = scale,
        .width = width,
        .max_lines = scale <= 0.5        ? 5
                     : role == ROLE_CARD ? 3
                                         : 2,
        .keep_clauses = true, /* organisers whole, one below the other */
        .dash_leads = true,
        .gap = stack->count ? gap : 0,
    };
    stack_add(layout, stack, &setting);
}

static void block_set(struct layout *layout, struct card_block *block,
                      const struct script_card *card, double scale)
{
    double room = layout->safe.right - layout->safe.left;
    double unit = layout->unit * scale;
    bool wide = layout->frame->width > layout->frame->height;
    memset(block, 0, sizeof(*block));
    block->upper.fits = block->lower.fits = true;
    block->pad = 72 * unit;
    double width = room * (wide ? 0.7 : 0.96) - 2 * block->pad;
    set_text(layout, &block->upper, ROLE_LINE, card->series, scale, 0, width);
    set_text(layout, &block->upper, ROLE_TITLE, card->title, scale * 0.86,
             28 * unit, width);
    set_text(layout, &block->lower, ROLE_CARD, card->organizer, scale, 0,
             width);
    set_text(layout, &block->lower, ROLE_CREDIT, card->credit, scale, 22 * unit,
             width);
    if (block->upper.count && block->lower.count)
        block->gap = 84 * unit;
    block->width =
        fmax(block->upper.width, block->lower.width) + 2 * block->pad;
    block->width = fmax(block->width, room * (wide ? 0.4 : 0.7));
    block->height =
        block->upper.height + block->gap + block->lower.height + 2 * block->pad;
}

/* Square cards have a rim above and below in the style's bar colour. */
static void draw_rims(struct layout *layout, const struct motion *motion,
                      struct box box)
{
    double rim = 6 * layout->unit;
    struct box upper = {box.left, box.top, box.right, box.top + rim};
    struct box lower = {box.left, box.bottom - rim, box.right, box.bottom};
    uint32_t colour = colour_bar(layout->style);
    layout_box(layout, motion, LAYER_CARD + 1, upper, 0, colour);
    layout_box(layout, motion, LAYER_CARD + 1, lower, 0, colour);
}

static void draw_block(struct layout *layout, const struct motion *motion,
                       const struct card_block *block, struct box box)
{
    const struct style *style = layout->style;
    double middle = (box.left + box.right) / 2;
    double rule = box.top + block->pad + block->upper.height + block->gap / 2;
    double half = 60 * layout->unit, thick = 2 * layout->unit;
    struct stack_look look = {.align = ALIGN_CENTRE, .plain = true};
    uint32_t ink = colour_on(style->card);
    look.colours[ROLE_LINE] = colour_accent(style, style->card);
    look.colours[ROLE_TITLE] = look.colours[ROLE_CARD] = ink;
    look.colours[ROLE_CREDIT] = colour_fade(ink, 200);
    layout_box(layout, motion, LAYER_CARD, box, style->radius * layout->unit,
               style->card);
    if (style->radius < 1)
        draw_rims(layout, motion, box);
    if (block->gap > 0) {
        struct box line = {middle - half, rule - thick, middle + half,
                           rule + thick};
        layout_box(layout, motion, LAYER_CARD + 1, line, 0,
                   look.colours[ROLE_LINE]);
    }
    stack_draw(layout, motion, LAYER_CARD + 2, &block->upper, middle,
               box.top + block->pad, &look);
    stack_draw(layout, motion, LAYER_CARD + 2, &block->lower, middle,
               box.bottom - block->pad - block->lower.height, &look);
}

void layout_card(struct layout *layout, const struct script_card *card)
{
    const struct style *style = layout->style;
    const struct box *safe = &layout->safe;
    struct card_block block;
    double room = (safe->bottom - safe->top) * 0.9;
    double scale = 1;
    for (;; scale = scale_next(scale)) {
        block_set(layout, &block, card, scale);
        if ((block.upper.fits && block.lower.fits && block.height <= room) ||
            scale < SCALE_LEAST)
            break;
    }
    if (!block.upper.count && !block.lower.count)
        return;
    layout_note_scale(layout, scale);

    double left = layout_centre(layout, block.width);
    double top = safe->top + (safe->bottom - safe->top - block.height) * 0.46;
    struct box box = {left, top, left + block.width, top + block.height};
    struct motion motion = {
        .start_tick = card->start_tick,
        .end_tick = card->end_tick,
        .fade_in_ms = style->fade_in_ms,
    };
    draw_block(layout, &motion, &block, box);
}
