/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns texts into set lines, and set lines into placed events with their
 * boxes. Knows faces and sizes; what a title or a strap looks like is known by
 * the files of that name. */
#include "subtitles/script_parts.h"

#include <math.h>
#include <string.h>

#include <libavutil/mathematics.h>

#include "base/text.h"

/* The em box of Chinese type stands so on the baseline. */
#define EM_ABOVE 0.88
/* ASS colours and positions are whole pixels and hundredths; what is drawn may
 * cover a part of one pixel more. */
#define RASTER 1
/* What sums of doubles may be off by. */
#define ROUNDING 1e-6

/* A line end among blanks is one blank: whoever broke the line left one. */
static uint32_t prepare(uint32_t character, const char *before,
                        const char *after)
{
    if (character == '\\') /* would act before N, n, h, { and } */
        return 0xFF3C;
    bool ends_line = character == 0x2028 || character == 0x2029;
    if (character >= 0x20 && character != 0x7F && !ends_line)
        return character;
    bool blank = *before == ' ' || (unsigned char)*after <= ' ';
    return blank ? 0 : ' ';
}

const char *text_prepare(const char *text, struct arena *arena)
{
    struct buffer clean = {0};
    uint32_t character;
    char bytes[5];
    if (text_is_blank(text))
        return NULL;
    while ((character = text_next(&text))) {
        const char *before = clean.size ? &clean.data[clean.size - 1] : " ";
        character = prepare(character, before, text);
        if (!character)
            continue;
        text_encode(character, bytes);
        buffer_puts(&clean, bytes);
    }
    const char *answer = text_trim(arena, buffer_text(&clean));
    buffer_clear(&clean);
    return answer;
}

double role_size(const struct layout *layout, enum style_role role)
{
    if (role == ROLE_CAPTION)
        return layout->frame->caption_px;
    return (double)layout->style->roles[role].size * layout->unit;
}

double role_edge(const struct layout *layout, enum style_role role)
{
    const struct role_style *style = &layout->style->roles[role];
    return (style->outline + style->shadow) * layout->unit + RASTER;
}

/* Spaced type gets no ligatures, so that the two halves of a Chinese dash would
 * stand apart: it is set as the one character that is as long. */
static const char *join_dashes(const struct layout *layout,
                               const struct role_style *style, const char *text)
{
    static const char two[] = "——", joined[] = "⸺";
    const char *at = strstr(text, two);
    if (style->spacing == 0 || !at ||
        !faces_for(layout->frame->faces, style->font, 0x2E3A))
        return text;
    struct buffer out = {0};
    for (; at; at = strstr(text, two)) {
        buffer_append(&out, text, (size_t)(at - text));
        buffer_puts(&out, joined);
        text = at + strlen(two);
    }
    buffer_puts(&out, text);
    const char *answer = arena_strdup(layout->arena, buffer_text(&out));
    buffer_clear(&out);
    return answer;
}

/* Small letters are never spaced: they fall apart. */
static bool has_wide(const char *text)
{
    uint32_t character;
    while ((character = text_next(&text))) {
        if (text_is_wide(character))
            return true;
    }
    return false;
}

void stack_add(struct layout *layout, struct stack *stack,
               const struct setting *setting)
{
    if (!setting->text)
        return;
    const struct role_style *style = &layout->style->roles[setting->role];
    const char *text = join_dashes(layout, style, setting->text);
    double size = role_size(layout, setting->role) * setting->scale;
    double spacing = style->spacing * layout->unit * setting->scale +
                     setting->tracking * size;
    if (faces_joins_letters(text) || !has_wide(text))
        spacing = 0;
    struct line_rules rules = {
        .faces = layout->frame->faces,
        .font = style->font,
        .size_px = size,
        .spacing_px = spacing,
        .width_px = setting->width,
        .max_lines = setting->max_lines,
        .lower_longer = setting->lower_longer,
        .keep_clauses = setting->keep_clauses,
        .dash_leads = setting->dash_leads,
        .keep = layout->frame->keep,
        .keep_count = layout->frame->keep_count,
    };
    struct lines lines = lines_break(&rules, text, layout->arena);
    if (!lines.fits || lines.forced)
        stack->fits = false;
    double lead = (style->line_height - 1) * size;
    for (size_t i = 0; i < lines.count; i++) {
        struct row *row = ARENA_PUSH(layout->arena, stack->rows, stack->count);
        stack->height += i ? lead : setting->gap;
        row->role = setting->role;
        row->text = lines.list[i];
        row->size = size;
        row->spacing = spacing;
        row->top = stack->height + setting->pad;
        faces_measure(rules.faces, rules.font, size, rules.spacing_px,
                      row->text, &row->line);
        row->width = row->line.ink_right - row->line.ink_left;
        stack->width = fmax(stack->width, row->width);
        stack->height += size + 2 * setting->pad;
    }
}

double scale_next(double scale)
{
    return scale * 0.94;
}

void layout_note_scale(struct layout *layout, double scale)
{
    if (scale < SCALE_NOTED)
        layout->script->overflow = true;
}

void layout_avoid_logo(const struct layout *layout, struct box *box, bool down)
{
    const struct script_box *logo = &layout->frame->logo;
    double gap = 16 * layout->unit;
    if (logo->right <= logo->left || logo->bottom <= logo->top)
        return;
    if (box->right + gap <= logo->left || box->left - gap >= logo->right ||
        box->bottom + gap <= logo->top || box->top - gap >= logo->bottom)
        return;
    double shift =
        down ? logo->bottom + gap - box->top : logo->top - gap - box->bottom;
    if (down)
        shift = fmin(shift, layout->safe.bottom - box->bottom);
    else
        shift = fmax(shift, layout->safe.top - box->top);
    box->top += shift;
    box->bottom += shift;
}

double layout_centre(const struct layout *layout, double width)
{
    double left = (layout->frame->width - width) / 2;
    left = fmin(left, layout->safe.right - width);
    return fmax(left, layout->safe.left);
}

static struct script_event *event_add(struct layout *layout,
                                      const struct motion *motion, int layer)
{
    struct script *script = layout->script;
    struct script_event *event =
        ARENA_PUSH(layout->arena, script->events, script->count);
    event->start_tick = motion->start_tick;
    event->end_tick = motion->end_tick;
    event->layer = layer;
    event->still_tick = motion->start_tick;
    event->still_end_tick = motion->end_tick;
    return event;
}

/* Entrance and exit take a third each at most. */
static struct motion motion_fitted(const struct layout *layout,
                                   const struct motion *motion)
{
    AVRational rate = layout->frame->rate;
    int64_t ticks = motion->end_tick - motion->start_tick;
    int64_t length_ms = av_rescale(ticks, INT64_C(1000) * rate.den, rate.num);
    struct motion fitted = *motion;
    fitted.fade_in_ms = FFMIN(motion->fade_in_ms, length_ms / 3);
    fitted.fade_out_ms = FFMIN(motion->fade_out_ms, length_ms / 3);
    return fitted;
}

/* Where it goes, and how it comes and goes, as tags. */
static void put_motion(struct layout *layout, const struct motion *motion,
                       struct buffer *out, double x, double y)
{
    long long in_ms = motion->fade_in_ms, out_ms = motion->fade_out_ms;
    bool slides = in_ms > 0 && (motion->slide_x != 0 || motion->slide_y != 0);
    if (slides) {
        buffer_puts(out, "\\move(");
        put_number(out, x + motion->slide_x);
        buffer_puts(out, ",");
        put_number(out, y + motion->slide_y);
        buffer_puts(out, ",");
    } else {
        buffer_puts(out, "\\pos(");
    }
    put_number(out, x);
    buffer_puts(out, ",");
    put_number(out, y);
    if (slides)
        buffer_printf(out, ",0,%lld", in_ms);
    buffer_puts(out, ")");
    if (in_ms > 0 || out_ms > 0)
        buffer_printf(out, "\\fad(%lld,%lld)", in_ms, out_ms);
}

static const char *event_text(struct layout *layout,
                              const struct motion *motion, double x, double y,
                              const char *tags, const char *body)
{
    struct buffer text = {0};
    buffer_puts(&text, "{\\an7");
    put_motion(layout, motion, &text, x, y);
    buffer_printf(&text, "%s}%s", tags, body);
    const char *answer = arena_strdup(layout->arena, buffer_text(&text));
    buffer_clear(&text);
    return answer;
}

/* The event's text with all of its motion, with parts of it, and still. */
static void event_write(struct layout *layout, const struct motion *motion,
                        struct script_event *event, double x, double y,
                        const char *tags, const char *body)
{
    struct motion whole = motion_fitted(layout, motion);
    struct motion entering = whole, leaving = whole, still = whole;
    entering.fade_out_ms = still.fade_out_ms = 0;
    leaving.fade_in_ms = still.fade_in_ms = 0;
    event->text = event_text(layout, &whole, x, y, tags, body);
    event->entering = event_text(layout, &entering, x, y, tags, body);
    event->leaving = event_text(layout, &leaving, x, y, tags, body);
    event->still = event_text(layout, &still, x, y, tags, body);

    /* Two ticks more on each side for the rounding of the edges. */
    AVRational rate = layout->frame->rate;
    int64_t per_second = INT64_C(1000) * rate.den;
    if (whole.fade_in_ms > 0)
        event->still_tick +=
            2 + av_rescale(whole.fade_in_ms, rate.num, per_second);
    if (whole.fade_out_ms > 0)
        event->still_end_tick -=
            2 + av_rescale(whole.fade_out_ms, rate.num, per_second);
}

void layout_path(struct layout *layout, const struct motion *motion, int layer,
                 struct box box, const char *tags, const char *path)
{
    struct script_event *event = event_add(layout, motion, layer);
    struct buffer body = {0};
    event->style = "Shape";
    event->box = (struct script_box){
        .left = (int)floor(box.left),
        .top = (int)floor(box.top),
        .right = (int)ceil(box.right - ROUNDING),
        .bottom = (int)ceil(box.bottom - ROUNDING),
    };
    buffer_printf(&body, "{\\p1}%s{\\p0}", path);
    event_write(layout, motion, event, round(box.left), round(box.top), tags,
                buffer_text(&body));
    buffer_clear(&body);
}

/* User text for ASS: braces do not act after a backslash. */
static void put_escaped(struct buffer *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '{' || text[i] == '}')
            buffer_puts(out, "\\");
        buffer_append(out, text + i, 1);
    }
}

/* The line's runs, each with the face that has its characters: libass is given
 * no fall-back search, and sizes are per face, as each has its own relation
 * of em to window height. */
static void put_runs(const struct layout *layout, const struct row *row,
                     struct buffer *out)
{
    const struct faces *faces = layout->frame->faces;
    const struct role_style *style = &layout->style->roles[row->role];
    const struct style_font *font = &layout->style->fonts[style->font];
    const char *text = row->text;
    const struct face_facts *facts = NULL;
    bool switched = false;
    size_t size;
    for (; (size = faces_run(faces, style->font, text, &facts)); text += size) {
        bool other = facts && (strcmp(facts->family, font->family) != 0 ||
                               facts->bold != font->bold);
        bool resized = fabs(row->size - role_size(layout, row->role)) > 0.001;
        if (facts && (other || switched || (resized && text == row->text))) {
            buffer_puts(out, "{");
            if (other || switched)
                buffer_printf(out, "\\fn%s\\b%d", facts->family, facts->bold);
            buffer_puts(out, "\\fs");
            put_number(out, faces_ass_size(facts, faces, row->size));
            buffer_puts(out, "}");
            switched = switched || other;
        }
        put_escaped(out, text, size);
    }
}

/* Nothing may stand outside the safe area, whatever led there. */
static void stay_inside(const struct box *safe, const struct box *ink,
                        double *x, double *y)
{
    if (ink->right > safe->right)
        *x -= ink->right - safe->right;
    if (ink->left < safe->left)
        *x += safe->left - ink->left;
    if (ink->bottom > safe->bottom)
        *y -= ink->bottom - safe->bottom;
    if (ink->top < safe->top)
        *y += safe->top - ink->top;
}

static void draw_line(struct layout *layout, const struct motion *motion,
                      int layer, const struct row *row, double x,
                      double baseline, double edge, const char *tags)
{
    const struct face_line *line = &row->line;
    struct box ink = {
        x + line->ink_left - edge,
        baseline + line->ink_top - edge,
        x + line->ink_right + edge,
        baseline + line->ink_bottom + edge,
    };
    double dx = 0, dy = 0;
    stay_inside(&layout->safe, &ink, &dx, &dy);

    struct script_event *event = event_add(layout, motion, layer);
    event->style = role_name(row->role);
    event->is_text = true;
    event->box = (struct script_box){
        .left = (int)floor(ink.left + dx),
        .top = (int)floor(ink.top + dy),
        .right = (int)ceil(ink.right + dx),
        .bottom = (int)ceil(ink.bottom + dy),
    };
    struct buffer body = {0};
    put_runs(layout, row, &body);
    event_write(layout, motion, event, x + dx, baseline - line->ascent + dy,
                tags, buffer_text(&body));
    buffer_clear(&body);
}

/* Where it is not the style's. */
static void put_spacing(const struct layout *layout, const struct row *row,
                        struct buffer *tags)
{
    const struct role_style *style = &layout->style->roles[row->role];
    if (row->spacing == style->spacing * layout->unit)
        return;
    buffer_puts(tags, "\\fsp");
    put_number(tags, row->spacing);
}

void layout_text(struct layout *layout, const struct motion *motion, int layer,
                 const struct row *row, double left, double baseline,
                 uint32_t colour, bool plain)
{
    const struct role_style *style = &layout->style->roles[row->role];
    struct buffer tags = {0};
    put_spacing(layout, row, &tags);
    if (colour) {
        put_colour(&tags, "1", colour);
        put_alpha(&tags, "1", colour);
    }
    if (plain && (style->outline > 0 || style->shadow > 0))
        buffer_puts(&tags, "\\bord0\\shad0");
    draw_line(layout, motion, layer, row, left - row->line.ink_left, baseline,
              plain ? RASTER : role_edge(layout, row->role),
              buffer_text(&tags));
    buffer_clear(&tags);
}

void layout_glow(struct layout *layout, const struct motion *motion, int layer,
                 const struct row *row, double left, double baseline)
{
    double radius = row->size * 0.08;
    struct buffer tags = {0};
    put_spacing(layout, row, &tags);
    buffer_puts(&tags, "\\1c&H000000&\\3c&H000000&\\1a&H60&\\3a&H60&\\shad0"
                       "\\bord");
    put_number(&tags, radius * 0.4);
    buffer_puts(&tags, "\\blur");
    put_number(&tags, radius);
    draw_line(layout, motion, layer, row, left - row->line.ink_left,
              baseline + radius * 0.3, RASTER, buffer_text(&tags));
    layout->script->events[layout->script->count - 1].is_text = false;
    buffer_clear(&tags);
}

void stack_draw(struct layout *layout, const struct motion *motion, int layer,
                const struct stack *stack, double left, double top,
                const struct stack_look *look)
{
    for (size_t i = 0; i < stack->count; i++) {
        const struct row *row = &stack->rows[i];
        double x = look->align == ALIGN_CENTRE ? left - row->width / 2 : left;
        double baseline = top + row->top + EM_ABOVE * row->size;
        if (look->glow)
            layout_glow(layout, motion, layer, row, x, baseline);
        layout_text(layout, motion, layer + 1, row, x, baseline,
                    look->colours[row->role], look->plain);
    }
}
