/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the guess at what a mistyped word was meant to be. Knows the words that
 * it is given and nothing of where they stand. */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define WORD_LENGTH 48 /* characters; longer ones are no words */

struct word {
    uint32_t characters[WORD_LENGTH];
    int length; /* -1: too long */
    bool is_ascii;
};

/* Width and case are typing habits, no mistakes: they count as equal. */
static uint32_t plain(uint32_t character)
{
    if (character >= 0xff01 && character <= 0xff5e)
        character -= 0xfee0;
    if (character >= 'A' && character <= 'Z')
        character += 'a' - 'A';
    return character;
}

static void word_read(struct word *word, const char *text)
{
    word->length = 0;
    word->is_ascii = true;
    for (uint32_t character; (character = plain(text_next(&text)));) {
        if (word->length == WORD_LENGTH) {
            word->length = -1;
            return;
        }
        word->characters[word->length++] = character;
        word->is_ascii = word->is_ascii && character < 0x80;
    }
}

static int least_of(int a, int b, int c)
{
    int least = a < b ? a : b;
    return least < c ? least : c;
}

/* Insertions, deletions, replacements and swapped neighbours ("optimal string
 * alignment": a pair is swapped at most once). */
static int word_distance(const struct word *a, const struct word *b)
{
    int rows[3][WORD_LENGTH + 1];
    for (int j = 0; j <= b->length; j++)
        rows[0][j] = j;
    for (int i = 1; i <= a->length; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3];
        const uint32_t *from = &a->characters[i - 1];
        row[0] = i;
        for (int j = 1; j <= b->length; j++) {
            const uint32_t *to = &b->characters[j - 1];
            row[j] = least_of(above[j] + 1, row[j - 1] + 1,
                              above[j - 1] + (*from != *to));
            if (i > 1 && j > 1 && from[0] == to[-1] && from[-1] == to[0])
                row[j] = least_of(row[j], rows[(i + 1) % 3][j - 2] + 1, row[j]);
        }
    }
    return rows[a->length % 3][b->length];
}

/* How far off a word may be. A Chinese word of two characters has no third;
 * there one wrong character is allowed, but no missing or added one, as that
 * mostly makes another word (标题, 副标题). */
static int allowance(const struct word *word, const struct word *candidate)
{
    if (word->length == 2 && candidate->length == 2 && !word->is_ascii)
        return 1;
    return word->length / 3;
}

const char *text_nearest(const char *word, const char *const *candidates,
                         size_t count)
{
    struct word meant, other;
    const char *nearest = NULL;
    int best = WORD_LENGTH;
    word_read(&meant, word);
    if (meant.length <= 0)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (!candidates[i])
            continue;
        word_read(&other, candidates[i]);
        if (other.length <= 0 ||
            abs(other.length - meant.length) > allowance(&meant, &other))
            continue;
        int distance = word_distance(&meant, &other);
        if (distance < best && distance <= allowance(&meant, &other)) {
            best = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}
