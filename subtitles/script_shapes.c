/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plates and ornaments as ASS vector drawings: boxes, rounded boxes, a
 * quotation mark, a darkening. Every drawing begins at its own 0,0 and reaches
 * to its full width and height, since libass places a drawing by its bounding
 * box. Knows nothing of what stands on them. */
#include "subtitles/script_parts.h"

#include <math.h>

uint32_t colour_fade(uint32_t colour, int opacity)
{
    uint32_t alpha = (colour & 0xFF) * (uint32_t)opacity / 255;
    return (colour & 0xFFFFFF00u) | alpha;
}

static bool colour_is_light(uint32_t colour)
{
    /* Luma of BT.709, close enough to tell light from dark. */
    uint32_t luma = 54 * (colour >> 24) + 183 * (colour >> 16 & 0xFF) +
                    19 * (colour >> 8 & 0xFF);
    return luma > 140 * 256;
}

uint32_t colour_on(uint32_t colour)
{
    return colour_is_light(colour) ? 0x1A1A1AFF : 0xFFFFFFFF;
}

uint32_t colour_accent(const struct style *style, uint32_t ground)
{
    return colour_is_light(ground) ? style->accent : style->accent2;
}

uint32_t colour_bar(const struct style *style)
{
    return style->title_form == TITLE_PLATE ? style->accent2 : style->accent;
}

static void put_fill(struct buffer *tags, uint32_t colour)
{
    put_colour(tags, "1", colour);
    put_alpha(tags, "1", colour);
}

/* How far a quarter circle's control points lie from its ends, in radii. */
#define ARC 0.5523

static void put_rounded(struct buffer *path, int width, int height,
                        double radius)
{
    double limit = fmin(width, height) / 2.0;
    int r = (int)round(fmin(radius, limit));
    int k = (int)round(r * (1 - ARC));
    if (r < 1) {
        buffer_printf(path, "m 0 0 l %d 0 %d %d 0 %d", width, width, height,
                      height);
        return;
    }
    buffer_printf(path, "m %d 0 l %d 0 b %d 0 %d %d %d %d ", r, width - r,
                  width - k, width, k, width, r);
    buffer_printf(path, "l %d %d b %d %d %d %d %d %d ", width, height - r,
                  width, height - k, width - k, height, width - r, height);
    buffer_printf(path, "l %d %d b %d %d 0 %d 0 %d ", r, height, k, height,
                  height - k, height - r);
    buffer_printf(path, "l 0 %d b 0 %d %d 0 %d 0", r, k, k, r);
}

void layout_box(struct layout *layout, const struct motion *motion, int layer,
                struct box box, double radius, uint32_t colour)
{
    struct buffer tags = {0}, path = {0};
    int width = (int)(round(box.right) - round(box.left));
    int height = (int)(round(box.bottom) - round(box.top));
    if (width < 1 || height < 1)
        return;
    put_fill(&tags, colour);
    put_rounded(&path, width, height, radius);
    layout_path(layout, motion, layer, box, buffer_text(&tags),
                buffer_text(&path));
    buffer_clear(&tags);
    buffer_clear(&path);
}

/* Two drops with their tails up, in a square of 100. */
static const int quote_mark[][2] = {
    {0, 62},   {0, 30},   {14, 8},  {38, 0},  {44, 12}, {32, 20},
    {25, 30},  {23, 42},  {37, 43}, {45, 54}, {45, 68}, {45, 86},
    {35, 100}, {22, 100}, {8, 100}, {0, 86},  {0, 62},
};

static void put_drop(struct buffer *path, double scale, int shift)
{
    for (size_t i = 0; i < sizeof(quote_mark) / sizeof(*quote_mark); i++) {
        const char *command = i == 0 ? "m " : i == 4 ? "l " : "";
        if (i == 1 || i == 5 || i == 8)
            command = "b ";
        buffer_printf(path, "%s%d %d ", command,
                      (int)round((quote_mark[i][0] + shift) * scale),
                      (int)round(quote_mark[i][1] * scale));
    }
}

void layout_quote_mark(struct layout *layout, const struct motion *motion,
                       int layer, double left, double top, double size,
                       uint32_t colour)
{
    struct buffer tags = {0}, path = {0};
    struct box box = {left, top, left + size, top + size};
    put_fill(&tags, colour);
    put_drop(&path, size / 100, 0);
    put_drop(&path, size / 100, 55);
    layout_path(layout, motion, layer, box, buffer_text(&tags),
                buffer_text(&path));
    buffer_clear(&tags);
    buffer_clear(&path);
}

#define SCRIM_STEPS 48

void layout_scrim(struct layout *layout, const struct motion *motion,
                  double top, double bottom, uint32_t colour)
{
    for (int i = 0; i < SCRIM_STEPS; i++) {
        double from = round(top + (bottom - top) * i / SCRIM_STEPS);
        double to = round(top + (bottom - top) * (i + 1) / SCRIM_STEPS);
        /* Eases in, so that no edge shows where it begins. */
        double share = (i + 1) / (double)SCRIM_STEPS;
        double ease = share * share * (3 - 2 * share);
        struct box box = {0, from, layout->frame->width, to};
        layout_box(layout, motion, LAYER_SCRIM, box, 0,
                   colour_fade(colour, (int)round(255 * ease)));
    }
}
