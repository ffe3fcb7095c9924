/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a script as an ASS document: whole in the clip's time, or one chunk's
 * window in the chunk's own time. Numbers are written from integers, so that
 * no locale gets in. Knows no layout. */
#include "subtitles/script_parts.h"

#include <math.h>

#include <libavutil/common.h>
#include <libavutil/mathematics.h>

#include "base/clock.h"

#define FOREIGN_HOLES 64 /* quotes inside one chunk, and its own ends */

const char *role_name(enum style_role role)
{
    static const char *const names[ROLE_COUNT] = {
        "Caption", "Title", "Subtitle", "Line",   "Name",
        "Post",    "Quote", "Card",     "Credit",
    };
    return names[role];
}

void put_number(struct buffer *out, double number)
{
    long long hundredths = llround(number * 100);
    long long rest = llabs(hundredths);
    buffer_printf(out, "%s%lld", hundredths < 0 ? "-" : "", rest / 100);
    if (rest % 100)
        buffer_printf(out, rest % 10 ? ".%02lld" : ".%lld",
                      rest % 10 ? rest % 100 : rest % 100 / 10);
}

/* ASS writes blue first, and transparency instead of opacity. */
static unsigned bgr(uint32_t colour)
{
    return (colour >> 8 & 0xFF) << 16 | (colour >> 16 & 0xFF) << 8 |
           colour >> 24;
}

void put_colour(struct buffer *out, const char *tag, uint32_t colour)
{
    buffer_printf(out, "\\%sc&H%06X&", tag, bgr(colour));
}

void put_alpha(struct buffer *out, const char *tag, uint32_t colour)
{
    buffer_printf(out, "\\%sa&H%02X&", tag, 255 - (colour & 0xFF));
}

static void put_style_colour(struct buffer *out, uint32_t colour)
{
    buffer_printf(out, "&H%02X%06X,", 255 - (colour & 0xFF), bgr(colour));
}

/* The chain's own face, asked by a character that every Chinese face has. */
static double style_size(const struct script_frame *frame,
                         const struct role_style *style, double size)
{
    const struct face_facts *facts = faces_for(frame->faces, style->font, ' ');
    return facts ? faces_ass_size(facts, frame->faces, size) : size;
}

static void put_style(struct buffer *out, const struct script_frame *frame,
                      enum style_role role)
{
    const struct role_style *style = &frame->style->roles[role];
    const struct style_font *font = &frame->style->fonts[style->font];
    double unit = FFMIN(frame->width, frame->height) / 1080.0;
    double size =
        role == ROLE_CAPTION ? frame->caption_px : (double)style->size * unit;

    buffer_printf(out, "Style: %s,%s,", role_name(role), font->family);
    put_number(out, style_size(frame, style, size));
    buffer_puts(out, ",");
    put_style_colour(out, style->colour);
    put_style_colour(out, style->colour);
    put_style_colour(out, style->outline_colour);
    put_style_colour(out, (style->outline_colour & 0xFFFFFF00u) | 0x90);
    buffer_printf(out, "%d,0,0,0,100,100,", font->bold ? -1 : 0);
    put_number(out, style->spacing * unit);
    buffer_puts(out, ",0,1,");
    put_number(out, style->outline * unit);
    buffer_puts(out, ",");
    put_number(out, style->shadow * unit);
    /* Encoding -1: libass takes a line's direction from its words, and orders
     * it as a whole (ass_shaper.c, FRIBIDI_PAR_ON). */
    buffer_puts(out, ",7,0,0,0,-1\n");
}

const char *script_header(const struct script_frame *frame, struct arena *arena)
{
    struct buffer out = {0};
    buffer_puts(&out, "[Script Info]\nScriptType: v4.00+\n");
    buffer_printf(&out, "PlayResX: %d\nPlayResY: %d\n", frame->width,
                  frame->height);
    buffer_puts(
        &out, "WrapStyle: 2\nScaledBorderAndShadow: yes\n"
              "Kerning: yes\nLanguage: zh\nYCbCr Matrix: None\n\n[V4+ Styles]\n"
              "Format: Name, Fontname, Fontsize, PrimaryColour, "
              "SecondaryColour, OutlineColour, BackColour, Bold, "
              "Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, "
              "Angle, BorderStyle, Outline, Shadow, Alignment, "
              "MarginL, MarginR, MarginV, Encoding\n");
    for (int role = 0; role < ROLE_COUNT; role++)
        put_style(&out, frame, (enum style_role)role);
    buffer_printf(&out,
                  "Style: Shape,%s,20,&H00FFFFFF,&H00FFFFFF,&H00000000,"
                  "&H00000000,0,0,0,0,100,100,0,0,1,0,0,7,0,0,0,1\n",
                  frame->style->fonts[0].family);
    char *header = arena_strdup(arena, buffer_text(&out));
    buffer_clear(&out);
    return header;
}

static const char events_head[] =
    "\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, "
    "MarginV, Effect, Text\n";

/* Of tick `n`, from the clip's or the chunk's first, rounded down. */
static int64_t tick_ms(int64_t n, AVRational rate)
{
    return av_rescale_rnd(n, INT64_C(1000) * rate.den, rate.num, AV_ROUND_DOWN);
}

int64_t script_ms(int64_t n, AVRational rate)
{
    return SCRIPT_ORIGIN_MS + tick_ms(n, rate);
}

static void put_time(struct buffer *out, int64_t ms)
{
    int64_t cs = FFMAX(ms, 0) / 10;
    buffer_printf(out, "%lld:%02d:%02d.%02d,", (long long)(cs / 360000),
                  (int)(cs / 6000 % 60), (int)(cs / 100 % 60), (int)(cs % 100));
}

static void put_event(struct buffer *out, const struct script_event *event,
                      int64_t start_ms, int64_t end_ms, const char *text)
{
    buffer_printf(out, "Dialogue: %d,", event->layer);
    put_time(out, start_ms);
    put_time(out, end_ms);
    buffer_printf(out, "%s,,0,0,0,,%s\n", event->style, text);
}

/* Rounded up, as the frames' times are rounded down: where both together are
 * whole, they are exact. */
int64_t script_foreign_ms(const struct script_foreign *foreign, int64_t n,
                          AVRational rate)
{
    int64_t flicks =
        foreign->start_flicks + av_rescale_rnd(n - foreign->start_tick,
                                               FLICKS_PER_SECOND * rate.den,
                                               rate.num, AV_ROUND_DOWN);
    return av_rescale_rnd(flicks, 1000, FLICKS_PER_SECOND, AV_ROUND_UP);
}

/* The part of one that lies in ticks [first_tick, end_tick); `origin_ms` is
 * what the overlay is asked for the first of them. */
static void put_foreign(struct buffer *out, const struct script *script,
                        size_t number, int64_t first_tick, int64_t end_tick,
                        int64_t origin_ms)
{
    const struct script_foreign *foreign = &script->foreigns[number];
    AVRational rate = script->frame.rate;
    int64_t from = FFMAX(first_tick, foreign->start_tick);
    int64_t to = FFMIN(end_tick, foreign->end_tick);
    int64_t first_ms = script_foreign_ms(foreign, from, rate);
    int64_t end_ms = script_foreign_ms(foreign, to, rate);
    struct foreign_hole holes[FOREIGN_HOLES];
    size_t count = 0;
    if (from >= to)
        return;
    if (from > first_tick)
        holes[count++] = (struct foreign_hole){INT64_MIN / 2, first_ms};
    if (to < end_tick)
        holes[count++] = (struct foreign_hole){end_ms, INT64_MAX / 2};
    for (size_t i = 0; i < script->hole_count && count < FOREIGN_HOLES; i++) {
        const struct script_hole *hole = &script->holes[i];
        if (hole->start_tick < to && hole->end_tick > from)
            holes[count++] = (struct foreign_hole){
                script_foreign_ms(foreign, FFMAX(hole->start_tick, from), rate),
                script_foreign_ms(foreign, FFMIN(hole->end_tick, to), rate)};
    }
    foreign_window(script->fitted[number], first_ms, end_ms,
                   origin_ms - script_foreign_ms(foreign, first_tick, rate),
                   holes, count, out);
}

bool script_is_empty(const struct script *script)
{
    return script->count == 0 && script->foreign_count == 0;
}

void script_print(const struct script *script, struct buffer *out)
{
    AVRational rate = script->frame.rate;
    buffer_puts(out, script->header);
    buffer_puts(out, events_head);
    for (size_t i = 0; i < script->count; i++) {
        const struct script_event *event = &script->events[i];
        put_event(out, event, tick_ms(event->start_tick, rate),
                  tick_ms(event->end_tick, rate), event->text);
    }
    for (size_t i = 0; i < script->foreign_count; i++) {
        const struct script_foreign *foreign = &script->foreigns[i];
        buffer_printf(out, "\n; %s\n", foreign->file);
        put_foreign(out, script, i, foreign->start_tick, foreign->end_tick,
                    tick_ms(foreign->start_tick, rate));
    }
}

static bool is_seen(const struct script_event *event, int64_t first_tick,
                    int64_t end_tick)
{
    return event->start_tick < end_tick && event->end_tick > first_tick;
}

static bool has_style(const struct script *script, int64_t first_tick,
                      int64_t end_tick, const char *name, size_t length)
{
    for (size_t i = 0; i < script->count; i++) {
        const struct script_event *event = &script->events[i];
        if (is_seen(event, first_tick, end_tick) &&
            strlen(event->style) == length &&
            strncmp(event->style, name, length) == 0)
            return true;
    }
    return false;
}

/* Without the styles that nothing in the window has: another look of titles
 * is none of what shows captions only. */
static void put_window_header(struct buffer *out, const struct script *script,
                              int64_t first_tick, int64_t end_tick)
{
    static const char style[] = "Style: ";
    const char *line = script->header;
    for (const char *end; (end = strchr(line, '\n')); line = end + 1) {
        const char *name = line + strlen(style);
        if (strncmp(line, style, strlen(style)) != 0 ||
            has_style(script, first_tick, end_tick, name, strcspn(name, ",")))
            buffer_append(out, line, (size_t)(end + 1 - line));
    }
    buffer_puts(out, events_head);
}

void script_window(const struct script *script, int64_t first_tick,
                   int64_t end_tick, struct buffer *out)
{
    AVRational rate = script->frame.rate;
    bool shows = false;
    for (size_t i = 0; i < script->foreign_count; i++)
        put_foreign(out, script, i, first_tick, end_tick, SCRIPT_ORIGIN_MS);
    for (size_t i = 0; i < script->count; i++) {
        const struct script_event *event = &script->events[i];
        if (!is_seen(event, first_tick, end_tick))
            continue;
        if (!shows)
            put_window_header(out, script, first_tick, end_tick);
        shows = true;
        bool enters = first_tick < event->still_tick;
        bool leaves = end_tick > event->still_end_tick;
        int64_t start = enters ? event->start_tick : first_tick;
        int64_t end = leaves ? event->end_tick : end_tick;
        const char *text = enters   ? leaves ? event->text : event->entering
                           : leaves ? event->leaving
                                    : event->still;
        put_event(out, event, script_ms(start - first_tick, rate),
                  script_ms(end - first_tick, rate), text);
    }
}
