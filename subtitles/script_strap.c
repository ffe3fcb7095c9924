/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Name straps: a name and a post, lower left, above the captions. Three forms
 * for the three kinds of style; knows nothing of when they show. */
#include "subtitles/script_parts.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

#define BAR 10 /* width of the bar before a strap, pixels at 1080 */

struct strap_block {
    struct stack name, post;
    double pad_x, pad_y;
    double name_height, post_height; /* plates; 0: no post */
    double width, height;
};

/* By how much more of its size the shorter of name and post may have, so that
 * the name stays the larger. */
#define LESSER_MORE 1.25

/* A name of two characters is set wide, as in lists of names: beside a role it
 * would be lost. */
static double name_tracking(const char *name)
{
    const char *at = name;
    for (int i = 0; i < 2; i++) {
        uint32_t character = text_next(&at);
        if (character < 0x3400 || (character > 0x9FFF && character < 0x20000))
            return 0;
    }
    return *at ? 0 : 0.4;
}

static void block_set(struct layout *layout, struct strap_block *block,
                      const struct script_strap *strap, double scale,
                      double post_scale)
{
    const struct script_frame *frame = layout->frame;
    double room = layout->safe.right - layout->safe.left;
    double unit = layout->unit * scale;
    bool wide = frame->width > frame->height;
    memset(block, 0, sizeof(*block));
    block->name.fits = block->post.fits = true;
    block->pad_x = 28 * unit;
    block->pad_y = 14 * unit;
    double width =
        room * (wide ? 0.5 : 0.9) - 2 * block->pad_x - BAR * layout->unit;
    struct setting name = {
        .role = ROLE_NAME,
        .text = strap->name,
        .scale = scale,
        .width = width,
        .max_lines = scale < 0.6 ? 3 : 1,
        .tracking = name_tracking(strap->name),
    };
    struct setting post = name;
    post.tracking = 0;
    post.role = ROLE_POST;
    post.text = strap->role;
    post.scale = post_scale;
    post.max_lines = post_scale < 0.6 ? 4 : 2;
    stack_add(layout, &block->name, &name);
    stack_add(layout, &block->post, &post);

    block->name_height = block->name.height + 2 * block->pad_y;
    if (block->post.count)
        block->post_height = block->post.height + 2 * block->pad_y * 0.9;
    /* On one panel the post is drawn up to the name, the panel with it. */
    if (block->post.count && layout->style->strap_form == STRAP_BAR)
        block->post_height -= block->pad_y * 1.1;
    block->width = fmax(block->name.width, block->post.width) +
                   2 * block->pad_x + BAR * layout->unit;
    block->height = block->name_height + block->post_height;
}

/* Name on the plate, post on the panel, one bar before both. */
static void draw_plates(struct layout *layout, const struct motion *motion,
                        const struct strap_block *block, struct box box)
{
    const struct style *style = layout->style;
    double bar = BAR * layout->unit;
    double middle = box.top + block->name_height;
    double left = box.left + bar;
    struct stack_look look = {.plain = true};
    struct box edge = {box.left, box.top, left, box.bottom};
    struct box name = {left, box.top,
                       left + block->name.width + 2 * block->pad_x, middle};
    struct box post = {left, middle,
                       left + block->post.width + 2 * block->pad_x, box.bottom};
    layout_box(layout, motion, LAYER_STRAP, edge, 0, style->accent2);
    layout_box(layout, motion, LAYER_STRAP, name, 0, style->plate);
    if (block->post.count)
        layout_box(layout, motion, LAYER_STRAP, post, 0, style->panel);
    stack_draw(layout, motion, LAYER_STRAP + 2, &block->name,
               left + block->pad_x, box.top + block->pad_y, &look);
    stack_draw(layout, motion, LAYER_STRAP + 2, &block->post,
               left + block->pad_x, middle + block->pad_y * 0.9, &look);
}

/* Both on one panel behind a bar. */
static void draw_bar(struct layout *layout, const struct motion *motion,
                     const struct strap_block *block, struct box box)
{
    const struct style *style = layout->style;
    double bar = BAR * layout->unit;
    double middle = box.top + block->name_height;
    struct stack_look look = {.plain = true};
    struct box edge = {box.left, box.top, box.left + bar, box.bottom};
    struct box face = {edge.right, box.top, box.right, box.bottom};
    double left = edge.right + block->pad_x;
    layout_box(layout, motion, LAYER_STRAP, edge, 0, style->accent);
    layout_box(layout, motion, LAYER_STRAP, face, 0, style->plate);
    stack_draw(layout, motion, LAYER_STRAP + 2, &block->name, left,
               box.top + block->pad_y, &look);
    stack_draw(layout, motion, LAYER_STRAP + 2, &block->post, left,
               middle - block->pad_y * 0.2, &look);
}

/* Two rounded boxes, the post's a little in and tucked under the name's; the
 * words of both begin on one edge. */
static void draw_pills(struct layout *layout, const struct motion *motion,
                       const struct strap_block *block, struct box box)
{
    const struct style *style = layout->style;
    double radius = style->radius * layout->unit;
    double middle = box.top + block->name_height;
    double shift = 12 * layout->unit;
    struct stack_look look = {.plain = true};
    struct box name = {box.left, box.top,
                       box.left + block->name.width + 2 * block->pad_x, middle};
    struct box post = {box.left + shift, middle - 2 * radius,
                       box.left + block->post.width + 2 * block->pad_x,
                       box.bottom};
    if (block->post.count)
        layout_box(layout, motion, LAYER_STRAP, post, radius, style->panel);
    layout_box(layout, motion, LAYER_STRAP + 1, name, radius, style->plate);
    stack_draw(layout, motion, LAYER_STRAP + 2, &block->name,
               box.left + block->pad_x, box.top + block->pad_y, &look);
    stack_draw(layout, motion, LAYER_STRAP + 2, &block->post,
               box.left + block->pad_x, middle + block->pad_y * 0.9, &look);
}

static bool block_fits(const struct layout *layout,
                       const struct strap_block *block)
{
    double room = (layout->lower_edge - layout->safe.top) * 0.5;
    return block->name.fits && block->post.fits && block->height <= room;
}

/* Both as large as the longer of them allows, then the shorter as large as it
 * can be: a long name leaves its post readable. Returns the lesser scale. */
static double block_choose(struct layout *layout, struct strap_block *block,
                           const struct script_strap *strap)
{
    /* Upright frames are seen on phones. */
    bool upright = layout->frame->height > layout->frame->width;
    double largest = upright ? 1.15 : 1, scale = largest;
    for (;; scale = scale_next(scale)) {
        block_set(layout, block, strap, scale, scale);
        if (block_fits(layout, block) || scale < SCALE_LEAST)
            break;
    }
    for (double more = fmin(largest, scale * LESSER_MORE); more > scale;
         more = scale_next(more)) {
        block_set(layout, block, strap, scale, more);
        if (block_fits(layout, block))
            return scale;
        block_set(layout, block, strap, more, scale);
        if (block_fits(layout, block))
            return scale;
    }
    block_set(layout, block, strap, scale, scale);
    return scale;
}

void layout_strap(struct layout *layout, const struct script_strap *strap)
{
    const struct style *style = layout->style;
    struct strap_block block;
    layout_note_scale(layout, block_choose(layout, &block, strap));

    double left = layout->safe.left;
    struct box box = {left, layout->lower_edge - block.height,
                      left + block.width, layout->lower_edge};
    layout_avoid_logo(layout, &box, false);
    struct motion motion = {
        .start_tick = strap->start_tick,
        .end_tick = strap->end_tick,
        .fade_in_ms = style->fade_in_ms,
        .fade_out_ms = style->fade_out_ms,
        .slide_y = style->slide ? 12 * layout->unit : 0,
    };
    if (style->strap_form == STRAP_PLATE)
        draw_plates(layout, &motion, &block, box);
    else if (style->strap_form == STRAP_BAR)
        draw_bar(layout, &motion, &block, box);
    else
        draw_pills(layout, &motion, &block, box);
}
