/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which characters make one word: ICU's dictionaries for Chinese, Thai and the
 * like, and Unicode's rules for the rest (UAX 29). Rates nothing. */
#include "subtitles/linebreak_parts.h"

#include <unicode/ubrk.h>

/* Every character in UTF-16; `units` gets where each begins, and the end. */
static UChar *to_units(const struct break_text *text, int32_t *units,
                       struct arena *arena)
{
    UChar *out = arena_alloc(arena, (2 * text->count + 1) * sizeof(*out));
    int32_t size = 0;
    for (size_t i = 0; i < text->count; i++) {
        units[i] = size;
        uint32_t character = text->characters[i];
        if (character >= 0x10000) {
            out[size++] = (UChar)(0xD7C0 + (character >> 10));
            out[size++] = (UChar)(0xDC00 | (character & 0x3FF));
        } else {
            out[size++] = (UChar)character;
        }
    }
    units[text->count] = size;
    return out;
}

void break_text_find_words(struct break_text *text, struct arena *arena)
{
    int32_t *units = arena_alloc(arena, (text->count + 1) * sizeof(*units));
    const UChar *utf16 = to_units(text, units, arena);
    UErrorCode code = U_ZERO_ERROR;
    text->word = arena_alloc(arena, (text->count + 1) * sizeof(*text->word));
    UBreakIterator *words =
        ubrk_open(UBRK_WORD, "zh", utf16, units[text->count], &code);
    /* Without dictionaries every character is a word: lines still break. */
    for (size_t i = 0; U_FAILURE(code) && i < text->count; i++)
        text->word[i] = i;
    if (U_FAILURE(code))
        return;
    size_t begin = 0;
    for (int32_t end; (end = ubrk_next(words)) != UBRK_DONE;) {
        size_t i = begin;
        for (; i < text->count && units[i] < end; i++)
            text->word[i] = begin;
        begin = i;
    }
    ubrk_close(words);
}
