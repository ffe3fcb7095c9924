/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns which kind of text an event is, and the names of a key's components. */
#include "plan/parts.h"

#include <string.h>

#include "base/digest.h"

#define EVENT "Dialogue: "

const char *const key_part_names[KEY_PARTS] = {
    "program",  "preset", "source", "times",   "crop", "transition",
    "captions", "title",  "straps", "quotes",  "card", "style",
    "logo",     "sound",  "music",  "details",
};

/* Our own scripts' styles; any other is of a recording's own script. */
static enum key_part part_of_style(const char *style, size_t length)
{
    static const struct {
        const char *style;
        enum key_part part;
    } kinds[] = {
        {"Title", PART_TITLE}, {"Subtitle", PART_TITLE}, {"Line", PART_TITLE},
        {"Name", PART_STRAPS}, {"Post", PART_STRAPS},    {"Quote", PART_QUOTES},
        {"Card", PART_CARD},   {"Credit", PART_CARD},    {"Shape", PART_STYLE},
    };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strlen(kinds[i].style) == length &&
            !strncmp(kinds[i].style, style, length))
            return kinds[i].part;
    return PART_CAPTIONS;
}

/* "Dialogue: layer,start,end,style,…" */
static enum key_part part_of_line(const char *line, size_t length)
{
    if (strncmp(line, EVENT, strlen(EVENT)) != 0)
        return PART_STYLE;
    const char *end = line + length, *style = line;
    for (int i = 0; i < 3 && style; i++) {
        style = memchr(style, ',', (size_t)(end - style));
        style = style ? style + 1 : NULL;
    }
    const char *comma =
        style ? memchr(style, ',', (size_t)(end - style)) : NULL;
    return comma ? part_of_style(style, (size_t)(comma - style)) : PART_STYLE;
}

void parts_add_script(struct key_parts *parts, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        digest_mix(&parts->sums[part_of_line(text, length)], text, length);
        text += length + (text[length] == '\n');
    }
}

void parts_add_words(struct key_parts *parts, const struct script *script)
{
    for (size_t i = 0; i < script->count; i++) {
        const struct script_event *event = &script->events[i];
        if (event->is_text)
            digest_mix(
                &parts->sums[part_of_style(event->style, strlen(event->style))],
                event->text, strlen(event->text));
    }
}
