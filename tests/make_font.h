/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small TrueType font for tests: every letter is a filled box, so that where
 * it was drawn can be seen and its width is known. OpenType 1.9, "The OpenType
 * Font File". */
#ifndef REELPRESS_TESTS_MAKE_FONT_H
#define REELPRESS_TESTS_MAKE_FONT_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"

enum { FONT_UNITS = 1000, FONT_ASCENT = 800, FONT_DESCENT = 200 };

struct make_font {
    const char *family, *full; /* full NULL: none */
    const char *postscript;    /* NULL: none */
    int weight;                /* 0: 400 */
    const char *letters;       /* in any order; there is a blank too */
    int advance;               /* 0: an em */
    int left, right; /* of each box; 0: from 100 to the advance - 100 */
    int bottom, top; /* 0: from 0 to 700 */
    /* What two letters lose that follow one another; 0: nothing. */
    int kern;
    uint32_t kern_before, kern_after;
};

static inline void font_put(struct buffer *out, uint32_t value, int bytes)
{
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        char byte = (char)(value >> shift & 0xFF);
        buffer_append(out, &byte, 1);
    }
}

static inline void font_put16(struct buffer *out, int value)
{
    font_put(out, (uint32_t)value, 2);
}

enum { FONT_LETTERS_MOST = 512 };

struct font_shape {
    const struct make_font *font;
    uint32_t list[FONT_LETTERS_MOST]; /* rising */
    size_t letters; /* glyphs: the box of what is missing, the blank, these */
    int advance, left, bottom, right, top;
};

static inline struct font_shape font_shape(const struct make_font *font)
{
    struct font_shape shape = {.font = font};
    uint32_t letter;
    for (const char *at = font->letters; (letter = text_next(&at));) {
        size_t place = shape.letters;
        while (place && shape.list[place - 1] > letter)
            place--;
        if (letter <= ' ' || (place && shape.list[place - 1] == letter) ||
            shape.letters == FONT_LETTERS_MOST)
            continue;
        memmove(&shape.list[place + 1], &shape.list[place],
                (shape.letters - place) * sizeof(letter));
        shape.list[place] = letter;
        shape.letters++;
    }
    shape.advance = font->advance ? font->advance : FONT_UNITS;
    shape.left = font->left ? font->left : 100;
    shape.right = font->right ? font->right : shape.advance - 100;
    shape.bottom = font->bottom;
    shape.top = font->top ? font->top : 700;
    return shape;
}

static inline void font_glyf(const struct font_shape *s, struct buffer *out)
{
    font_put16(out, 1); /* one contour of four points */
    font_put16(out, s->left);
    font_put16(out, s->bottom);
    font_put16(out, s->right);
    font_put16(out, s->top);
    font_put16(out, 3);
    font_put16(out, 0);
    for (int i = 0; i < 4; i++)
        font_put(out, 1, 1); /* on the curve, two bytes each way */
    const int x[] = {s->left, 0, s->right - s->left, 0};
    const int y[] = {s->bottom, s->top - s->bottom, 0, s->bottom - s->top};
    for (int i = 0; i < 4; i++)
        font_put16(out, x[i]);
    for (int i = 0; i < 4; i++)
        font_put16(out, y[i]);
    font_put16(out, 0); /* to a multiple of four */
}

enum { FONT_GLYPH_BYTES = 36 };

static inline void font_loca(const struct font_shape *s, struct buffer *out)
{
    font_put(out, 0, 4);
    font_put(out, FONT_GLYPH_BYTES, 4);
    /* The blank has no outline; all letters are alike, each with its own. */
    for (size_t i = 0; i <= s->letters; i++)
        font_put(out, (uint32_t)((i + 1) * FONT_GLYPH_BYTES), 4);
}

/* Format 12, as Unicode of the BMP and of all: libass takes the first. */
static inline void font_cmap(const struct font_shape *s, struct buffer *out)
{
    font_put16(out, 0);
    font_put16(out, 2);
    for (int full = 0; full < 2; full++) {
        font_put16(out, 3);
        font_put16(out, full ? 10 : 1);
        font_put(out, 20, 4);
    }
    font_put16(out, 12);
    font_put16(out, 0);
    font_put(out, (uint32_t)(16 + 12 * (s->letters + 1)), 4);
    font_put(out, 0, 4);
    font_put(out, (uint32_t)(s->letters + 1), 4);
    for (size_t i = 0; i <= s->letters; i++) {
        uint32_t letter = i ? s->list[i - 1] : ' ';
        font_put(out, letter, 4);
        font_put(out, letter, 4);
        font_put(out, (uint32_t)i + 1, 4);
    }
}

static inline void font_head(struct buffer *out)
{
    font_put(out, 0x00010000, 4);
    font_put(out, 0x00010000, 4);
    font_put(out, 0, 4);
    font_put(out, 0x5F0F3CF5, 4);
    font_put16(out, 0);
    font_put16(out, FONT_UNITS);
    for (int i = 0; i < 4; i++)
        font_put(out, 0, 4); /* dates */
    font_put16(out, 0);
    font_put16(out, -FONT_DESCENT);
    font_put16(out, FONT_UNITS);
    font_put16(out, FONT_ASCENT);
    font_put16(out, 0);
    font_put16(out, 8);
    font_put16(out, 2);
    font_put16(out, 1); /* loca has 32 bits */
    font_put16(out, 0);
}

static inline void font_hhea(const struct font_shape *s, struct buffer *out)
{
    font_put(out, 0x00010000, 4);
    font_put16(out, FONT_ASCENT);
    font_put16(out, -FONT_DESCENT);
    font_put16(out, 0);
    font_put16(out, s->advance);
    for (int i = 0; i < 11; i++)
        font_put16(out, 0);
    font_put16(out, 2 + (int)s->letters);
}

static inline void font_hmtx(const struct font_shape *s, struct buffer *out)
{
    for (size_t i = 0; i < s->letters + 2; i++) {
        font_put16(out, s->advance);
        font_put16(out, i == 1 ? 0 : s->left);
    }
}

static inline void font_maxp(const struct font_shape *s, struct buffer *out)
{
    font_put(out, 0x00010000, 4);
    font_put16(out, 2 + (int)s->letters);
    font_put16(out, 4);
    font_put16(out, 1);
    for (int i = 0; i < 11; i++)
        font_put16(out, i == 2);
}

static inline void font_os2(const struct font_shape *s, struct buffer *out)
{
    font_put16(out, 3);
    font_put16(out, s->advance);
    font_put16(out, s->font->weight ? s->font->weight : 400);
    font_put16(out, 5);
    for (int i = 0; i < 12; i++)
        font_put16(out, 0);
    for (int i = 0; i < 6; i++)
        font_put(out, 0, 4); /* panose, ranges */
    font_put(out, 0, 2);
    font_put(out, 0x4E4F4E45, 4);
    font_put16(out, 0x40);
    font_put16(out, ' ');
    font_put16(out, 0xFFFF);
    font_put16(out, FONT_ASCENT);
    font_put16(out, -FONT_DESCENT);
    font_put16(out, 0);
    font_put16(out, FONT_ASCENT);
    font_put16(out, FONT_DESCENT);
    for (int i = 0; i < 9; i++)
        font_put16(out, 0);
}

static inline void font_name(const struct font_shape *s, struct buffer *out)
{
    const struct {
        int id;
        const char *text;
    } names[] = {
        {1, s->font->family}, {4, s->font->full}, {6, s->font->postscript}};
    struct buffer text = {0};
    int count = 0;
    for (int i = 0; i < 3; i++)
        count += names[i].text != NULL;
    font_put16(out, 0);
    font_put16(out, count);
    font_put16(out, 6 + 12 * count);
    for (int i = 0; i < 3; i++) {
        if (!names[i].text)
            continue;
        size_t from = text.size;
        uint32_t letter;
        for (const char *at = names[i].text; (letter = text_next(&at));)
            font_put16(&text, (int)letter);
        font_put16(out, 3);
        font_put16(out, 1);
        font_put16(out, 0x804);
        font_put16(out, names[i].id);
        font_put16(out, (int)(text.size - from));
        font_put16(out, (int)from);
    }
    buffer_append(out, buffer_text(&text), text.size);
    buffer_clear(&text);
}

static inline void font_post(struct buffer *out)
{
    font_put(out, 0x00030000, 4);
    for (int i = 0; i < 7; i++)
        font_put(out, 0, 4);
}

static inline int font_glyph_of(const struct font_shape *s, uint32_t letter)
{
    for (size_t i = 0; i < s->letters; i++) {
        if (s->list[i] == letter)
            return (int)i + 2;
    }
    return 0;
}

static inline void font_kern(const struct font_shape *s, struct buffer *out)
{
    font_put16(out, 0);
    font_put16(out, 1);
    font_put16(out, 0);
    font_put16(out, 20);
    font_put16(out, 1); /* horizontal, of pairs */
    font_put16(out, 1);
    font_put16(out, 6);
    font_put16(out, 0);
    font_put16(out, 0);
    font_put16(out, font_glyph_of(s, s->font->kern_before));
    font_put16(out, font_glyph_of(s, s->font->kern_after));
    font_put16(out, -s->font->kern);
}

/* The whole file; the caller clears it. */
static inline void make_font(const struct make_font *font, struct buffer *out)
{
    static const char *const tags[] = {"OS/2", "cmap", "glyf", "head",
                                       "hhea", "hmtx", "kern", "loca",
                                       "maxp", "name", "post"};
    enum { TABLES = 11 };
    const struct font_shape s = font_shape(font);
    struct buffer tables[TABLES] = {{0}};
    font_os2(&s, &tables[0]);
    font_cmap(&s, &tables[1]);
    for (size_t i = 0; i <= s.letters; i++)
        font_glyf(&s, &tables[2]);
    font_head(&tables[3]);
    font_hhea(&s, &tables[4]);
    font_hmtx(&s, &tables[5]);
    if (font->kern)
        font_kern(&s, &tables[6]);
    font_loca(&s, &tables[7]);
    font_maxp(&s, &tables[8]);
    font_name(&s, &tables[9]);
    font_post(&tables[10]);
    int count = 0;
    for (int i = 0; i < TABLES; i++)
        count += tables[i].size > 0;
    font_put(out, 0x00010000, 4);
    font_put16(out, count);
    font_put16(out, 128);
    font_put16(out, 3);
    font_put16(out, 0);
    size_t offset = 12 + 16 * (size_t)count;
    for (int i = 0; i < TABLES; i++) {
        if (!tables[i].size)
            continue;
        buffer_puts(out, tags[i]);
        font_put(out, 0, 4);
        font_put(out, (uint32_t)offset, 4);
        font_put(out, (uint32_t)tables[i].size, 4);
        offset += (tables[i].size + 3) / 4 * 4;
    }
    for (int i = 0; i < TABLES; i++) {
        buffer_append(out, buffer_text(&tables[i]), tables[i].size);
        while (out->size % 4)
            buffer_append(out, "", 1);
        buffer_clear(&tables[i]);
    }
}

/* As scripts carry it: six bits a character, 80 on a line. */
static inline void put_carried(const char *name, const char *bytes, size_t size,
                               struct buffer *out)
{
    size_t column = 0;
    buffer_printf(out, "fontname: %s\n", name);
    for (size_t i = 0; i < size; i += 3) {
        size_t count = size - i < 3 ? size - i : 3;
        unsigned value = 0;
        for (size_t k = 0; k < 3; k++)
            value = value << 8 | (k < count ? (unsigned char)bytes[i + k] : 0u);
        for (size_t k = 0; k <= count; k++) {
            char letter = (char)(33 + (value >> (18 - 6 * k) & 63));
            buffer_append(out, &letter, 1);
            if (++column % 80 == 0)
                buffer_puts(out, "\n");
        }
    }
    buffer_puts(out, "\n");
}

#endif
