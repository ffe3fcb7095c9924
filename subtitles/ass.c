/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advanced SubStation Alpha and SSA as cues: the Dialogue lines' times, names
 * and words. How they look is libass's matter (overlay.h). */
#include "subtitles/cues_parts.h"

#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/text.h"

#define FIELDS_MOST 24

/* Where in a Dialogue line things are, from 0. */
struct ass_format {
    int start, end, name, text, count;
};

static void format_default(struct ass_format *format)
{
    *format = (struct ass_format){
        .start = 1, .end = 2, .name = 4, .text = 9, .count = 10};
}

/* Cuts at commas into at most `most` fields, the last with all the rest. */
static int cut_fields(const char *line, int most, const char **fields,
                      struct arena *arena)
{
    int count = 0;
    while (count < most) {
        size_t size = count + 1 < most ? strcspn(line, ",") : strlen(line);
        fields[count++] = arena_strndup(arena, line, size);
        if (!line[size])
            break;
        line += size + 1;
    }
    return count;
}

static void format_read(struct ass_format *format, const char *line,
                        struct arena *arena)
{
    const char *fields[FIELDS_MOST];
    struct ass_format read = {-1, -1, -1, -1, 0};
    read.count = cut_fields(line, FIELDS_MOST, fields, arena);
    for (int i = 0; i < read.count; i++) {
        const char *name = text_trim(arena, fields[i]);
        if (strcasecmp(name, "Start") == 0)
            read.start = i;
        else if (strcasecmp(name, "End") == 0)
            read.end = i;
        else if (strcasecmp(name, "Name") == 0 ||
                 strcasecmp(name, "Actor") == 0)
            read.name = i;
        else if (strcasecmp(name, "Text") == 0)
            read.text = i;
    }
    if (read.start >= 0 && read.end >= 0 && read.text >= 0)
        *format = read;
}

/* \p1 and above begin a drawing, \p0 ends it; \pos and \pbo are others. */
static void take_override(const char *tags, size_t size, bool *drawing)
{
    for (size_t i = 0; i + 2 < size; i++) {
        if (tags[i] == '\\' && tags[i + 1] == 'p' && tags[i + 2] >= '0' &&
            tags[i + 2] <= '9')
            *drawing = tags[i + 2] != '0';
    }
}

void ass_plain(const char *text, struct buffer *out)
{
    bool drawing = false;
    while (*text) {
        const char *close = *text == '{' ? strchr(text, '}') : NULL;
        if (close) {
            take_override(text, (size_t)(close - text), &drawing);
            text = close + 1;
            continue;
        }
        if (text[0] == '\\' && text[1] && strchr("Nnh{}", text[1])) {
            const char letter[2] = {text[1]};
            if (!drawing)
                buffer_puts(out, text[1] == 'N'          ? "\n"
                                 : strchr("nh", text[1]) ? " "
                                                         : letter);
            text += 2;
            continue;
        }
        if (!drawing)
            buffer_append(out, text, 1);
        text++;
    }
}

/* A time of a Dialogue line; some programs put a colon before the hundredths.
 */
bool ass_time(const char *field, int64_t *flicks, struct arena *arena)
{
    char *text = arena_strdup(arena, field);
    char *last = strrchr(text, ':');
    int colons = 0;
    for (const char *at = text; *at; at++)
        colons += *at == ':';
    if (colons == 3)
        *last = '.';
    const char *at = text;
    return cue_time(&at, flicks);
}

static void read_dialogue(struct cue_reader *reader,
                          const struct ass_format *format, const char *line,
                          int row)
{
    const char *fields[FIELDS_MOST];
    int count = cut_fields(line, format->count, fields, reader->arena);
    int64_t start, end;
    if (count <= format->start || count <= format->end ||
        count <= format->text) {
        cue_leave_out(reader, row,
                      _("the line has fewer fields than \"Format:\" says"));
        return;
    }
    if (!ass_time(fields[format->start], &start, reader->arena) ||
        !ass_time(fields[format->end], &end, reader->arena)) {
        cue_leave_out(reader, row,
                      _("its times can't be read; write them like "
                        "0:01:02.50"));
        return;
    }
    struct buffer text = {0};
    ass_plain(fields[format->text], &text);
    const char *name = format->name >= 0 && format->name < count
                           ? text_trim(reader->arena, fields[format->name])
                           : NULL;
    cue_add(reader, start, end, buffer_text(&text), name, row);
    buffer_clear(&text);
}

void ass_read(struct cue_reader *reader)
{
    struct ass_format format;
    /* Files cut out of others have no sections: then all lines count. */
    bool in_events = true;
    format_default(&format);
    for (size_t i = 0; i < reader->count; i++) {
        const char *line = skip_blanks(reader->lines[i].text);
        if (*line == '[')
            in_events = strncasecmp(line, "[Events]", 8) == 0;
        else if (in_events && strncasecmp(line, "Format:", 7) == 0)
            format_read(&format, line + 7, reader->arena);
        else if (in_events && strncasecmp(line, "Dialogue:", 9) == 0)
            read_dialogue(reader, &format, line + 9, reader->lines[i].row);
    }
}
