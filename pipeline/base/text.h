/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 text: reading it character by character, folding what a spreadsheet
 * or a Chinese input method makes of it, and measuring it on a terminal. */
#ifndef REELPRESS_BASE_TEXT_H
#define REELPRESS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

/* The character at `*text` and the step past it; 0 at the end (no step), and
 * U+FFFD with a step of one byte where the bytes are no UTF-8. */
uint32_t text_next(const char **text);
size_t text_count(const char *text);              /* characters */
int text_encode(uint32_t character, char out[5]); /* bytes; closed with 0 */
bool text_is_utf8(const char *bytes, size_t size);
bool text_is_wide(uint32_t character); /* two columns: CJK, full-width */
int text_columns(const char *text);    /* columns on a terminal */
bool text_is_blank(
    const char *text); /* NULL, or only white space (U+3000 too) */

/* All return memory of the arena. */
char *text_trim(struct arena *arena, const char *text);
/* Full-width ASCII (U+FF01–FF5E), ideographic space and full stop 。 between
 * digits become plain ASCII. For times, numbers, file names and keywords, not
 * for texts that are shown. */
char *text_fold_width(struct arena *arena, const char *text);

/* Lines that were broken to be shown as one: a blank for the break, but none
 * between Chinese characters. */
char *text_join_lines(struct arena *arena, const char *text);

bool text_equal_fold(const char *a, const char *b); /* ASCII case ignored */

/* Equal but for Unicode composition: NFC and NFD are not told apart. */
bool text_equal_composed(const char *a, const char *b);

/* The candidate that was probably meant: least edit distance in characters,
 * at most a third of the word and never the whole of it; NULL if none. */
const char *text_nearest(const char *word, const char *const *candidates,
                         size_t count);

#endif
