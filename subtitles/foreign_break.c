/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the lines of an event's words end: ours, by linebreak.h, put into the
 * text between its tags. Knows no places. */
#include "subtitles/foreign_parts.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"

/* One stretch between two line ends of its author's. */
struct paragraph {
    struct buffer plain;
    const char **origin; /* for each byte of `plain`, where it came from */
    size_t room;
};

static void paragraph_put(struct paragraph *paragraph, struct arena *arena,
                          const char *bytes, size_t size, const char *origin)
{
    for (size_t i = 0; i < size; i++) {
        const char **place =
            ARENA_PUSH(arena, paragraph->origin, paragraph->room);
        *place = origin + (size > 1 ? i : 0);
    }
    buffer_append(&paragraph->plain, bytes, size);
}

/* Reads up to the next line end; returns what follows it, NULL at the end. */
static const char *paragraph_read(struct paragraph *paragraph, const char *at,
                                  bool breaks_at_n, struct arena *arena)
{
    buffer_reset(&paragraph->plain);
    paragraph->origin = NULL;
    paragraph->room = 0;
    while (*at) {
        const char *close = *at == '{' ? strchr(at, '}') : NULL;
        if (close) {
            at = close + 1;
        } else if (at[0] == '\\' &&
                   (at[1] == 'N' || (at[1] == 'n' && breaks_at_n))) {
            return at + 2;
        } else if (at[0] == '\\' && (at[1] == 'n' || at[1] == 'h')) {
            paragraph_put(paragraph, arena, at[1] == 'h' ? "\u00A0" : " ",
                          at[1] == 'h' ? 2 : 1, at);
            at += 2;
        } else if (at[0] == '\\' && (at[1] == '{' || at[1] == '}')) {
            paragraph_put(paragraph, arena, at + 1, 1, at);
            at += 2;
        } else {
            const char *next = at;
            text_next(&next);
            bool tab = *at == '\t';
            paragraph_put(paragraph, arena, tab ? " " : at, (size_t)(next - at),
                          at);
            at = next;
        }
    }
    return NULL;
}

/* libass aligns lines by their advances; what counts here is ink, as the blank
 * halves of marks may hang over. */
static void lines_measure(const struct line_rules *rules, const char *text,
                          int column, struct foreign_lines *out)
{
    struct face_line line;
    faces_measure(rules->faces, rules->font, rules->size_px, rules->spacing_px,
                  text, &line);
    double begin = -line.width * column / 2;
    if (line.ink_right > line.ink_left) {
        out->left = fmin(out->left, begin + line.ink_left);
        out->right = fmax(out->right, begin + line.ink_right);
    }
    /* libass gives an empty line half of its height. */
    out->tall += line.ascent > 0 ? line.ascent + line.descent : rules->size_px;
    out->count++;
}

/* Copies [from, to) of the words with the blanks at its end as one line end. */
static void put_break(struct buffer *out, const char *from, const char *to)
{
    size_t size = (size_t)(to - from);
    while (size && from[size - 1] == ' ')
        size--;
    buffer_append(out, from, size);
    buffer_puts(out, "\\N");
}

/* The paragraph's words up to `end`, with line ends; returns what it used. */
static const char *paragraph_break(const struct line_rules *rules,
                                   const struct paragraph *paragraph,
                                   const char *from, int column,
                                   struct arena *arena, struct buffer *out,
                                   struct foreign_lines *made)
{
    struct lines lines =
        lines_break(rules, buffer_text(&paragraph->plain), arena);
    const char *plain = buffer_text(&paragraph->plain), *at = plain;
    made->fits = made->fits && lines.fits;
    if (!lines.count)
        made->count++;
    for (size_t i = 0; i < lines.count; i++) {
        const char *begin = strstr(at, lines.list[i]);
        lines_measure(rules, lines.list[i], column, made);
        assert(begin);
        if (i) {
            const char *origin = paragraph->origin[begin - plain];
            put_break(out, from, origin);
            from = origin;
        }
        at = begin + strlen(lines.list[i]);
    }
    return from;
}

struct foreign_lines foreign_break(const struct line_rules *rules,
                                   const char *words, bool breaks_at_n,
                                   int column, struct arena *arena)
{
    struct foreign_lines made = {.fits = true};
    struct paragraph paragraph = {0};
    struct buffer out = {0};
    for (const char *at = words, *next; at; at = next) {
        next = paragraph_read(&paragraph, at, breaks_at_n, arena);
        const char *end = next ? next : at + strlen(at);
        const char *from =
            paragraph_break(rules, &paragraph, at, column, arena, &out, &made);
        buffer_append(&out, from, (size_t)(end - from));
    }
    made.words = arena_strdup(arena, buffer_text(&out));
    buffer_clear(&paragraph.plain);
    buffer_clear(&out);
    return made;
}

struct foreign_lines foreign_measure(const struct line_rules *rules,
                                     const char *words, bool breaks_at_n,
                                     int column, struct arena *arena)
{
    struct foreign_lines made = {.words = words, .fits = true};
    struct paragraph paragraph = {0};
    for (const char *at = words; at;) {
        at = paragraph_read(&paragraph, at, breaks_at_n, arena);
        lines_measure(rules, buffer_text(&paragraph.plain), column, &made);
    }
    buffer_clear(&paragraph.plain);
    return made;
}
