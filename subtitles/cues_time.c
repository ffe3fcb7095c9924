/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times, arrows and entities as subtitle files write them, forgiving what
 * hands and converters do to them. Knows no format as a whole. */
#include "subtitles/cues_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define FLICKS_PER_MS (FLICKS_PER_SECOND / 1000)

const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t' || *at == '\f')
        at++;
    return at;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Seven digits at most: no recording has more hours, and no sum runs over. */
static bool read_digits(const char **at, int64_t *value, int *digits)
{
    const char *from = skip_blanks(*at);
    *value = 0;
    for (*digits = 0; is_digit(from[*digits]); ++*digits) {
        if (*digits == 7)
            return false;
        *value = *value * 10 + (from[*digits] - '0');
    }
    *at = from + *digits;
    return *digits > 0;
}

/* Digits after the point, as thousandths. */
static bool read_fraction(const char **at, int64_t *ms)
{
    const char *from = skip_blanks(*at);
    int digits = 0;
    *ms = 0;
    for (; is_digit(from[digits]); digits++) {
        if (digits < 3)
            *ms = *ms * 10 + (from[digits] - '0');
    }
    for (int i = digits; i < 3; i++)
        *ms *= 10;
    *at = from + digits;
    return digits > 0;
}

bool cue_time(const char **at, int64_t *flicks)
{
    int64_t field[4] = {0}, ms = 0;
    int count = 0, digits = 0;
    const char *from = skip_blanks(*at);
    bool minus = *from == '-';
    from += minus;
    while (count < 4) {
        if (!read_digits(&from, &field[count], &digits))
            return false;
        count++;
        const char *next = skip_blanks(from);
        if (*next != ':' || !is_digit(*skip_blanks(next + 1)))
            break;
        from = next + 1;
    }
    /* 00:00:01:500: a colon before the thousandths. */
    if (count == 4) {
        if (digits != 3)
            return false;
        ms = field[3];
        count = 3;
    } else {
        const char *next = skip_blanks(from);
        if ((*next == '.' || *next == ',') &&
            is_digit(*skip_blanks(next + 1))) {
            from = next + 1;
            read_fraction(&from, &ms);
        }
    }
    if (count < 2)
        return false;
    int64_t hours = count == 3 ? field[0] : 0;
    int64_t minutes = field[count - 2], seconds = field[count - 1];
    if (seconds > 59 || (count == 3 && minutes > 59))
        return false;
    ms += ((hours * 60 + minutes) * 60 + seconds) * 1000;
    *flicks = (minus ? -ms : ms) * FLICKS_PER_MS;
    *at = from;
    return true;
}

/* The arrow and the step past it. */
static const char *find_arrow(const char *line, bool forgiving,
                              const char **after)
{
    static const char *const arrows[] = {"-->", "-- >", "—>", "–>",
                                         "->",  "=>",   "→"};
    size_t count = forgiving ? sizeof(arrows) / sizeof(*arrows) : 1;
    for (size_t i = 0; i < count; i++) {
        const char *arrow = strstr(line, arrows[i]);
        if (arrow) {
            *after = arrow + strlen(arrows[i]);
            return arrow;
        }
    }
    return NULL;
}

bool cue_timing(const char *line, bool forgiving, int64_t *start, int64_t *end,
                struct arena *arena)
{
    const char *after;
    if (forgiving)
        line = text_fold_width(arena, line);
    const char *arrow = find_arrow(line, forgiving, &after);
    if (!arrow)
        return false;
    const char *at = line;
    if (!cue_time(&at, start) || skip_blanks(at) != arrow) {
        /* The number may stand on the same line: "12 00:00:01,000 --> …". */
        at = skip_blanks(line);
        at += strcspn(at, " \t\f");
        if (!forgiving || !cue_time(&at, start) || skip_blanks(at) != arrow)
            return false;
    }
    if (!cue_time(&after, end))
        return false;
    return *after == 0 || strchr(" \t\f", *after) || forgiving;
}

bool cue_is_timing(const char *line, struct arena *arena)
{
    const char *after, *at = skip_blanks(text_fold_width(arena, line));
    const char *arrow = find_arrow(at, true, &after);
    if (!arrow || arrow == at)
        return false;
    return (is_digit(*at) || (*at == '-' && is_digit(at[1]))) &&
           memchr(at, ':', (size_t)(arrow - at)) != NULL;
}

bool cue_is_number(const char *line)
{
    line = skip_blanks(line);
    size_t digits = strspn(line, "0123456789");
    return digits > 0 && digits < 9 && *skip_blanks(line + digits) == 0;
}

size_t cue_entity(const char *at, struct buffer *out)
{
    static const struct {
        const char *name, *text;
    } entities[] = {
        {"&amp;", "&"},    {"&lt;", "<"},     {"&gt;", ">"},    {"&nbsp;", " "},
        {"&quot;", "\""},  {"&apos;", "'"},   {"&lrm;", ""},    {"&rlm;", ""},
        {"&middot;", "·"}, {"&hellip;", "…"}, {"&mdash;", "—"},
    };
    for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++) {
        size_t size = strlen(entities[i].name);
        if (strncmp(at, entities[i].name, size) == 0) {
            buffer_puts(out, entities[i].text);
            return size;
        }
    }
    if (at[0] != '&' || at[1] != '#')
        return 0;
    bool hex = at[2] == 'x' || at[2] == 'X';
    char *end;
    unsigned long character = strtoul(at + (hex ? 3 : 2), &end, hex ? 16 : 10);
    if (*end != ';' || end == at + (hex ? 3 : 2) || character < 0x20 ||
        character > 0x10FFFF)
        return 0;
    char bytes[5];
    text_encode((uint32_t)character, bytes);
    buffer_puts(out, bytes);
    return (size_t)(end + 1 - at);
}
