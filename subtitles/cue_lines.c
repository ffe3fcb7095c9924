/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of a cue's line ends mean something. Most are where an author, or his
 * program, ran out of room on another screen; those between two languages and
 * between two people who speak are not. */
#include "subtitles/cues.h"

#include <string.h>

#include "base/buffer.h"
#include "base/text.h"

struct cue_parts {
    const char *list[2]; /* lines with words */
    size_t count;        /* of all; may be more */
};

static struct cue_parts parts_of(const char *text, struct arena *arena)
{
    struct cue_parts parts = {0};
    while (*text) {
        size_t size = strcspn(text, "\n");
        const char *line = text_trim(arena, arena_strndup(arena, text, size));
        if (*line && parts.count < 2)
            parts.list[parts.count] = line;
        parts.count += *line != '\0';
        text += size + (text[size] == '\n');
    }
    return parts;
}

enum tongue { TONGUE_NONE, TONGUE_CHINESE, TONGUE_OTHER };

static bool is_han(uint32_t c)
{
    return (c >= 0x3400 && c < 0xA000) || (c >= 0xF900 && c < 0xFB00) ||
           (c >= 0x20000 && c < 0x40000);
}

/* Kana, Hangul and all scripts that are spelled. */
static bool is_letter(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= 0xC0 && c < 0x2000 && c != 0xD7 && c != 0xF7) ||
           (c >= 0x3041 && c < 0x3100) || (c >= 0xAC00 && c < 0xD7B0);
}

/* Names and abbreviations in Latin letters stand in Chinese too. */
static enum tongue tongue_of(const char *line)
{
    size_t han = 0, letters = 0, other = 0;
    uint32_t c;
    while ((c = text_next(&line))) {
        han += is_han(c);
        letters += is_letter(c);
        other += is_letter(c) && c >= 0x370;
    }
    if (han && !other)
        return TONGUE_CHINESE;
    return letters ? TONGUE_OTHER : TONGUE_NONE;
}

/* "- Who is it?", "—是谁？". A number below zero is no voice. */
static bool begins_with_dash(const char *line)
{
    static const char *const dashes[] = {"-", "－", "–", "—", "‐", "•", "·"};
    for (size_t i = 0; i < sizeof(dashes) / sizeof(dashes[0]); i++) {
        size_t size = strlen(dashes[i]);
        if (strncmp(line, dashes[i], size) == 0)
            return !strchr("0123456789", line[size]);
    }
    return false;
}

/* "李明：…": up to six characters before a colon. */
static bool begins_with_name(const char *line)
{
    for (int i = 0; i <= 6; i++) {
        uint32_t c = text_next(&line);
        if (c == 0xFF1A)
            return i > 0;
        if (!is_han(c) && c != 0xB7)
            return false;
    }
    return false;
}

const char *cue_lines(const char *text, struct arena *arena)
{
    struct cue_parts parts = parts_of(text, arena);
    if (parts.count != 2)
        return text;
    const char *upper = parts.list[0], *lower = parts.list[1];
    enum tongue one = tongue_of(upper), other = tongue_of(lower);
    bool languages = one && other && one != other;
    bool voices = (begins_with_dash(upper) && begins_with_dash(lower)) ||
                  (begins_with_name(upper) && begins_with_name(lower));
    if (!languages && !voices)
        return text;
    return arena_printf(arena, "%s" CUE_LINE_END "%s", upper, lower);
}

bool cue_line_is_foreign(const char *line)
{
    return tongue_of(line) == TONGUE_OTHER;
}
