/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns UTF-8 character by character: decoding, folding what an input method
 * makes of ASCII, columns of a terminal. Knows no font and no file; which
 * charset a file has is found out by subtitles/. */
#include "base/text.h"

#include <string.h>

#define REPLACEMENT 0xfffd

/* Length of a sequence by its first byte and the least value that it may
 * carry (RFC 3629: no shorter form, no surrogates, nothing over U+10FFFF). */
static int sequence_length(unsigned char first, uint32_t *least)
{
    if (first >= 0xc2 && first <= 0xdf)
        return *least = 0x80, 2;
    if (first >= 0xe0 && first <= 0xef)
        return *least = 0x800, 3;
    if (first >= 0xf0 && first <= 0xf4)
        return *least = 0x10000, 4;
    return 0;
}

/* The character in `bytes`, of which at least one is left; *length is 0 where
 * they are no UTF-8. */
static uint32_t decode(const unsigned char *bytes, size_t left, int *length)
{
    *length = 1;
    if (bytes[0] < 0x80)
        return bytes[0];
    uint32_t least = 0;
    int count = sequence_length(bytes[0], &least);
    *length = 0;
    if (!count || (size_t)count > left)
        return REPLACEMENT;
    uint32_t character = bytes[0] & (0x7fu >> count);
    for (int i = 1; i < count; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return REPLACEMENT;
        character = character << 6 | (bytes[i] & 0x3f);
    }
    if (character < least || character > 0x10ffff ||
        (character >= 0xd800 && character <= 0xdfff))
        return REPLACEMENT;
    *length = count;
    return character;
}

uint32_t text_next(const char **text)
{
    const unsigned char *bytes = (const unsigned char *)*text;
    if (!*bytes)
        return 0;
    int length;
    uint32_t character = decode(bytes, strnlen(*text, 4), &length);
    *text += length ? length : 1;
    return character;
}

size_t text_count(const char *text)
{
    size_t count = 0;
    while (text_next(&text))
        count++;
    return count;
}

int text_encode(uint32_t character, char out[5])
{
    if (character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff))
        character = REPLACEMENT;
    int length = character < 0x80      ? 1
                 : character < 0x800   ? 2
                 : character < 0x10000 ? 3
                                       : 4;
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (int i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    out[0] = (char)(leads[length] | character);
    out[length] = '\0';
    return length;
}

bool text_is_utf8(const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        int length;
        decode((const unsigned char *)bytes + at, size - at, &length);
        if (!length)
            return false;
        at += (size_t)length;
    }
    return true;
}

struct span {
    uint32_t first, last;
};

static bool lies_in(uint32_t character, const struct span *spans, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (character <= spans[i].last)
            return character >= spans[i].first;
    }
    return false;
}

bool text_is_wide(uint32_t character)
{
    /* East_Asian_Width W and F (UAX #11), in whole blocks. */
    static const struct span wide[] = {
        {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},
        {0x2e80, 0x303e},   {0x3041, 0x4dbf},   {0x4e00, 0xa4cf},
        {0xa960, 0xa97c},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
        {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},   {0xff01, 0xff60},
        {0xffe0, 0xffe6},   {0x16fe0, 0x18d08}, {0x1b000, 0x1b2fb},
        {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff},
        {0x20000, 0x3fffd},
    };
    return lies_in(character, wide, sizeof(wide) / sizeof(*wide));
}

static bool has_no_width(uint32_t character)
{
    static const struct span empty[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},     {0x300, 0x36f},
        {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x2064},
        {0x20d0, 0x20f0}, {0x3099, 0x309a}, {0xfe00, 0xfe0f},
        {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef},
    };
    return lies_in(character, empty, sizeof(empty) / sizeof(*empty));
}

int text_columns(const char *text)
{
    int columns = 0;
    for (uint32_t character; (character = text_next(&text));) {
        if (!has_no_width(character))
            columns += text_is_wide(character) ? 2 : 1;
    }
    return columns;
}

static bool is_blank(uint32_t character)
{
    static const struct span blank[] = {
        {0x09, 0x0d},     {0x20, 0x20},     {0x85, 0x85},     {0xa0, 0xa0},
        {0x1680, 0x1680}, {0x2000, 0x200b}, {0x2028, 0x2029}, {0x202f, 0x202f},
        {0x205f, 0x205f}, {0x3000, 0x3000}, {0xfeff, 0xfeff},
    };
    return lies_in(character, blank, sizeof(blank) / sizeof(*blank));
}

bool text_is_blank(const char *text)
{
    if (!text)
        return true;
    for (uint32_t character; (character = text_next(&text));) {
        if (!is_blank(character))
            return false;
    }
    return true;
}

char *text_trim(struct arena *arena, const char *text)
{
    const char *begin = NULL, *end = NULL;
    for (const char *at = text, *here = text; at && *at; here = at) {
        if (is_blank(text_next(&at)))
            continue;
        if (!begin)
            begin = here;
        end = at;
    }
    return arena_strndup(arena, begin, begin ? (size_t)(end - begin) : 0);
}

/* Korean sets blanks between its words, Chinese and Japanese don't; dashes,
 * dots and quotes between their letters are theirs. */
static bool is_unspaced(uint32_t character)
{
    static const struct span narrow[] = {
        {0xb7, 0xb7}, {0x2014, 0x2014}, {0x2018, 0x201d}, {0x2026, 0x2026}};
    return (text_is_wide(character) &&
            !(character >= 0xac00 && character <= 0xd7a3)) ||
           lies_in(character, narrow, sizeof(narrow) / sizeof(*narrow));
}

char *text_join_lines(struct arena *arena, const char *text)
{
    /* Never longer: a line end becomes a blank or nothing. */
    char *joined = arena_alloc(arena, strlen(text) + 1);
    char *out = joined;
    uint32_t before = 0;
    while (*text) {
        const char *from = text;
        uint32_t character = text_next(&text);
        if (character != '\n') {
            memcpy(out, from, (size_t)(text - from));
            out += text - from;
            before = character;
            continue;
        }
        const char *ahead = text;
        uint32_t next = text_next(&ahead);
        if (!is_unspaced(before) || !is_unspaced(next))
            *out++ = ' ';
    }
    return joined;
}

static uint32_t fold(uint32_t character)
{
    if (character >= 0xff01 && character <= 0xff5e)
        return character - 0xfee0;
    return character == 0x3000 ? ' ' : character;
}

static bool is_digit(uint32_t character)
{
    return character >= '0' && character <= '9';
}

char *text_fold_width(struct arena *arena, const char *text)
{
    /* Never longer: three bytes become one, the rest is copied. */
    char *folded = arena_alloc(arena, (text ? strlen(text) : 0) + 1);
    char *out = folded;
    uint32_t before = 0;
    for (const char *at = text; at && *at;) {
        const char *from = at;
        uint32_t character = fold(text_next(&at));
        const char *ahead = at;
        if (character == 0x3002 && is_digit(before) &&
            is_digit(fold(text_next(&ahead))))
            character = '.';
        if (character < 0x80) {
            *out++ = (char)character;
        } else {
            memcpy(out, from, (size_t)(at - from));
            out += at - from;
        }
        before = character;
    }
    return folded;
}

static uint32_t lower(uint32_t character)
{
    return character >= 'A' && character <= 'Z' ? character + 32 : character;
}

bool text_equal_fold(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    while (*a && lower((unsigned char)*a) == lower((unsigned char)*b))
        a++, b++;
    return lower((unsigned char)*a) == lower((unsigned char)*b);
}
