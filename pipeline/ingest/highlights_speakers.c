/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the splitting of a cell with several people's names. Knows nothing of
 * who they are. */
#include "ingest/highlights_parts.h"

#include <string.h>

#include "base/buffer.h"
#include "base/text.h"

static bool is_divider(uint32_t character)
{
    return character && strchr(",;/&|\n\t", (int)character)
               ? character < 0x80
               : character == 0x3001 /* 、 */ || character == 0xff0c /* ， */ ||
                     character == 0xff1b /* ； */ ||
                     character == 0xff0f /* ／ */ ||
                     character == 0xff06 /* ＆ */;
}

static bool is_blank(uint32_t character)
{
    return character == ' ' || character == 0x3000 || character == 0xa0;
}

static void speakers_add(struct arena *arena, struct highlight *row,
                         const char *name)
{
    name = text_trim(arena, name);
    if (!*name)
        return;
    const char **added = ARENA_PUSH(arena, row->speakers, row->speaker_count);
    *added = name;
}

/* A run without dividers. Between Chinese names a blank divides (李明 王芳),
 * between Latin words it does not (John Smith); two single characters are one
 * name that was spaced to three characters' width (李　明). */
static void speakers_split_blanks(struct arena *arena, struct highlight *row,
                                  const char *run)
{
    const char *words[32];
    size_t lengths[32], count = 0;
    bool all_wide = true;
    for (const char *at = run; *at;) {
        const char *start = at;
        uint32_t character = text_next(&at);
        if (is_blank(character))
            continue;
        const char *end = at;
        size_t length = 0;
        for (;; character = text_next(&at)) {
            if (!character || is_blank(character))
                break;
            all_wide &= character >= 0x2e80 || character == 0xb7;
            length++;
            end = at;
        }
        if (count == 32) {
            speakers_add(arena, row, run);
            return;
        }
        words[count] = arena_strndup(arena, start, (size_t)(end - start));
        lengths[count++] = length;
    }
    if (count == 2 && all_wide && lengths[0] == 1 && lengths[1] == 1) {
        speakers_add(arena, row,
                     arena_printf(arena, "%s%s", words[0], words[1]));
        return;
    }
    if (!all_wide) {
        speakers_add(arena, row, run);
        return;
    }
    for (size_t i = 0; i < count; i++)
        speakers_add(arena, row, words[i]);
}

void cell_read_speakers(const struct cell *cell, struct highlight *row)
{
    struct buffer run = {0};
    const char *at = cell->text;
    while (*at) {
        const char *start = at;
        uint32_t character = text_next(&at);
        if (!is_divider(character)) {
            buffer_append(&run, start, (size_t)(at - start));
            continue;
        }
        speakers_split_blanks(cell->arena, row, buffer_text(&run));
        buffer_reset(&run);
    }
    speakers_split_blanks(cell->arena, row, buffer_text(&run));
    buffer_clear(&run);
}
