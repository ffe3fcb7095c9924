/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Captions: two balanced lines at most, longer ones split in time at clauses,
 * all in one place above the frame's caption line. Knows no titles: where they
 * stand is settled so that captions never move. */
#include "subtitles/script_parts.h"

#include <math.h>
#include <string.h>

#include <libavutil/common.h>
#include <libavutil/mathematics.h>

#include "base/text.h"
#include "subtitles/cues.h"

#define CAPTION_LINES 2
/* Descenders, outline and shadow below the last line's baseline, in ems. */
#define CAPTION_BELOW 0.25
/* A part of a caption shorter than this can't be read: then the type is set
 * smaller instead. */
#define PART_LEAST_MS 800
/* What stands on lines of its own: the least size, a foreign language's under
 * Chinese, and what is between them, in ems. */
#define APART_LEAST   0.5
#define APART_FOREIGN 0.75
#define APART_GAP     0.2

const char *caption_prepare(const char *text, struct arena *arena)
{
    const char *ready = NULL, *end;
    do {
        end = strstr(text, CUE_LINE_END);
        size_t size = end ? (size_t)(end - text) : strlen(text);
        const char *part =
            text_prepare(arena_strndup(arena, text, size), arena);
        if (ready && part)
            ready = arena_printf(arena, "%s" CUE_LINE_END "%s", ready, part);
        else if (part)
            ready = part;
        text += size + (end ? strlen(CUE_LINE_END) : 0);
    } while (end);
    return ready;
}

double caption_height(const struct layout *layout)
{
    double size = layout->frame->caption_px;
    double pitch = layout->style->roles[ROLE_CAPTION].line_height * size;
    return (CAPTION_LINES - 1) * pitch + size * (1 + CAPTION_BELOW - 0.12) +
           role_edge(layout, ROLE_CAPTION);
}

/* Captions stand in the middle of the frame. Where the safe area is lopsided
 * they move aside by half a character at most to keep the longest line whole;
 * then the line gets shorter, and only if it would lose more than one and a
 * half characters do they stand in the middle of the safe area instead. */
static double caption_middle(const struct layout *layout, double *width)
{
    const struct script_frame *frame = layout->frame;
    const struct box *safe = &layout->safe;
    double size = frame->caption_px;
    double edge = role_edge(layout, ROLE_CAPTION);
    double middle = frame->width / 2.0;
    double room = safe->right - safe->left - 2 * edge;
    *width = room;
    if (frame->caption_chars > 0)
        *width = fmin(room, frame->caption_chars * size + 1);

    double half = *width / 2 + edge;
    double aside = fmax(safe->left + half - middle, 0) -
                   fmax(middle + half - safe->right, 0);
    if (fabs(aside) <= size / 2)
        return middle + aside;
    double around =
        2 * (fmin(middle - safe->left, safe->right - middle) - edge);
    if (around < *width - 1.5 * size)
        return (safe->left + safe->right) / 2;
    *width = around;
    return middle;
}

static struct setting caption_setting(const struct script_caption *caption,
                                      double scale, double width)
{
    return (struct setting){
        .role = ROLE_CAPTION,
        .text = caption->text,
        .scale = scale,
        .width = width,
        .max_lines = CAPTION_LINES,
        .lower_longer = true,
    };
}

static void remember(struct layout *layout,
                     const struct script_caption *caption,
                     const struct stack *stack)
{
    struct script *script = layout->script;
    struct buffer text = {0};
    for (size_t i = 0; i < stack->count; i++) {
        if (i)
            buffer_puts(&text, "\n");
        buffer_puts(&text, stack->rows[i].text);
    }
    struct script_caption *shown =
        ARENA_PUSH(layout->arena, script->captions, script->caption_count);
    *shown = *caption;
    shown->text = arena_strdup(layout->arena, buffer_text(&text));
    buffer_clear(&text);
}

/* The block's box: bottom at the frame's caption line, above the logo. */
static struct box caption_box(const struct layout *layout,
                              const struct stack *stack, double middle)
{
    double size = stack->rows[stack->count - 1].size;
    double edge = role_edge(layout, ROLE_CAPTION);
    double bottom = layout->frame->caption_bottom;
    if (bottom <= layout->safe.top || bottom > layout->safe.bottom)
        bottom = layout->safe.bottom;
    double below = (CAPTION_BELOW - 0.12) * size + edge;
    struct box box = {
        middle - stack->width / 2,
        bottom - below - stack->height,
        middle + stack->width / 2,
        bottom,
    };
    layout_avoid_logo(layout, &box, false);
    return box;
}

static void draw_stack(struct layout *layout,
                       const struct script_caption *caption,
                       const struct stack *stack, double scale, double middle)
{
    layout_note_scale(layout, scale);
    remember(layout, caption, stack);
    struct motion motion = {
        .start_tick = caption->start_tick,
        .end_tick = caption->end_tick,
    };
    struct stack_look look = {.align = ALIGN_CENTRE};
    struct box box = caption_box(layout, stack, middle);
    stack_draw(layout, &motion, LAYER_CAPTION, stack, middle, box.top, &look);
}

/* Two languages, or two who speak: each stays on lines of its own, a foreign
 * one under Chinese in smaller type, and together they take no more room than
 * any caption. False: they would be too small; nothing is drawn. */
static bool draw_apart(struct layout *layout,
                       const struct script_caption *caption)
{
    const char *end = strstr(caption->text, CUE_LINE_END);
    if (!end)
        return false;
    const char *texts[2] = {
        arena_strndup(layout->arena, caption->text,
                      (size_t)(end - caption->text)),
        end + strlen(CUE_LINE_END),
    };
    if (strstr(texts[1], CUE_LINE_END))
        return false;
    bool foreign[2] = {cue_line_is_foreign(texts[0]),
                       cue_line_is_foreign(texts[1])};
    double size = layout->frame->caption_px, width;
    double middle = caption_middle(layout, &width);
    double most =
        (1 + layout->style->roles[ROLE_CAPTION].line_height) * size + 1;
    for (double scale = 1; scale >= APART_LEAST; scale = scale_next(scale)) {
        struct stack stack = {.fits = true};
        for (int i = 0; i < 2; i++) {
            struct script_caption part = *caption;
            part.text = texts[i];
            double own = foreign[i] && !foreign[1 - i] ? APART_FOREIGN : 1;
            struct setting setting = caption_setting(&part, scale * own, width);
            setting.gap = i ? size * scale * APART_GAP : 0;
            stack_add(layout, &stack, &setting);
        }
        if (!stack.fits || stack.height > most)
            continue;
        draw_stack(layout, caption, &stack, scale, middle);
        return true;
    }
    return false;
}

static void draw_caption(struct layout *layout,
                         const struct script_caption *caption)
{
    double width;
    double middle = caption_middle(layout, &width);
    double room = (layout->safe.bottom - layout->safe.top) * 0.6;
    struct stack stack;
    double scale = 1;
    for (;; scale = scale_next(scale)) {
        struct setting setting = caption_setting(caption, scale, width);
        memset(&stack, 0, sizeof(stack));
        stack.fits = true;
        /* In the last resort small type in as many lines as it takes. */
        if (scale < 0.6)
            setting.max_lines = 6;
        stack_add(layout, &stack, &setting);
        if ((stack.fits && stack.height < room) || scale < SCALE_LEAST)
            break;
    }
    if (stack.count == 0)
        return;
    draw_stack(layout, caption, &stack, scale, middle);
}

/* Cuts a caption into parts that fit, each as long as its share of the
 * characters. Returns false if a part would be too short to be read. */
static bool draw_parts(struct layout *layout,
                       const struct script_caption *caption,
                       const struct lines *parts)
{
    AVRational rate = layout->frame->rate;
    int64_t ticks = caption->end_tick - caption->start_tick;
    int64_t least =
        av_rescale(PART_LEAST_MS, rate.num, INT64_C(1000) * rate.den);
    int64_t total = 0, before = 0;
    for (size_t i = 0; i < parts->count; i++)
        total += (int64_t)text_count(parts->list[i]);
    for (size_t i = 0; i < parts->count; i++) {
        int64_t count = (int64_t)text_count(parts->list[i]);
        if (av_rescale(ticks, count, total) < FFMAX(least, 1))
            return false;
    }
    for (size_t i = 0; i < parts->count; i++) {
        struct script_caption part = *caption;
        int64_t after = before + (int64_t)text_count(parts->list[i]);
        part.text = parts->list[i];
        part.start_tick =
            caption->start_tick + av_rescale(ticks, before, total);
        part.end_tick = caption->start_tick + av_rescale(ticks, after, total);
        draw_caption(layout, &part);
        before = after;
    }
    return true;
}

void layout_captions(struct layout *layout, const struct schedule *schedule)
{
    const struct role_style *style = &layout->style->roles[ROLE_CAPTION];
    double width;
    caption_middle(layout, &width);
    struct line_rules rules = {
        .faces = layout->frame->faces,
        .font = style->font,
        .size_px = layout->frame->caption_px,
        .spacing_px = style->spacing * layout->unit,
        .width_px = width,
        .max_lines = CAPTION_LINES,
        .lower_longer = true,
        .keep = layout->frame->keep,
        .keep_count = layout->frame->keep_count,
    };
    for (size_t i = 0; i < schedule->caption_count; i++) {
        struct script_caption caption = schedule->captions[i];
        if (draw_apart(layout, &caption))
            continue;
        caption.text = text_prepare(caption.text, layout->arena);
        struct lines parts = lines_pieces(&rules, caption.text, layout->arena);
        if (parts.count < 2 || parts.forced ||
            !draw_parts(layout, &caption, &parts))
            draw_caption(layout, &caption);
    }
}
