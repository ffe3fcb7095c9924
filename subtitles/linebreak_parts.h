/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What linebreak.c and linebreak_rules.c share, and nobody else sees. */
#ifndef REELPRESS_SUBTITLES_LINEBREAK_PARTS_H
#define REELPRESS_SUBTITLES_LINEBREAK_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* How a line may end before a character. */
#define BREAK_NEVER  -2 /* CLREQ's rules, marks: not even in need */
#define BREAK_FORCED -1 /* a word, a number with its unit: only in need */
/* From 0 on: how much a break here disturbs reading; 0 is a sentence's end,
 * about 10 an ordinary place between two characters. */
#define BREAK_CLAUSE 2 /* at most this: a clause ends here */

struct break_text {
    const char *bytes; /* the text, line ends turned into blanks */
    uint32_t *characters;
    size_t *offsets; /* count + 1: where each begins in bytes */
    int *cost;       /* count + 1: of a line's end before character i */
    size_t *word;    /* count: where the word begins that i belongs to */
    size_t count;
};

/* Reads the text and rates every place between two characters. */
void break_text_rate(struct break_text *out, const char *text,
                     const char *const *keep, size_t keep_count,
                     struct arena *arena);
/* Finds the words by ICU's dictionaries; fills `word`. */
void break_text_find_words(struct break_text *text, struct arena *arena);
bool break_is_blank(uint32_t character);

#endif
