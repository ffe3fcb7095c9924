/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picks from a foreign script what a window needs, and writes it. Fonts are
 * named as our faces are; nothing else of what the author wrote is changed. */
#include "subtitles/foreign.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "subtitles/cues_parts.h"

#define COLUMNS_MOST 32

struct reading {
    struct foreign *foreign;
    const struct faces *faces;
    size_t font;
    struct corrections corrections; /* a copy: hits are counted elsewhere */
    struct arena *arena;
    const char *family; /* of the style font */
    const char *style_format, *event_format;
    struct buffer header;
    enum { PART_NONE, PART_INFO, PART_STYLES, PART_EVENTS } part;
};

/* --- fields --------------------------------------------------------------- */

/* The number of a column in a "Format:" line; -1: it has none. */
static int column_find(const char *format, const char *name)
{
    size_t length = strlen(name);
    for (int i = 0; i < COLUMNS_MOST; i++) {
        format = skip_blanks(format);
        size_t size = strcspn(format, ",");
        size_t bare = size;
        while (bare && (format[bare - 1] == ' ' || format[bare - 1] == '\t'))
            bare--;
        if (bare == length && strncasecmp(format, name, length) == 0)
            return i;
        if (!format[size])
            break;
        format += size + 1;
    }
    return -1;
}

/* Where field `number` of a line begins; NULL: there are too few. */
static const char *field_at(const char *line, int number)
{
    while (number-- > 0) {
        line = strchr(line, ',');
        if (!line)
            return NULL;
        line++;
    }
    return line;
}

/* A field by its column's name, blanks off; `otherwise` when it is absent. */
static const char *field_get(const struct reading *reading, const char *format,
                             const char *line, const char *name,
                             const char *otherwise)
{
    int number = column_find(format, name);
    const char *at = number < 0 ? NULL : field_at(line, number);
    if (!at)
        return otherwise;
    char *field = arena_strndup(reading->arena, at, strcspn(at, ","));
    const char *bare = text_trim(reading->arena, field);
    return *bare ? bare : otherwise;
}

/* --- faces ---------------------------------------------------------------- */

/* "@" before a family turns the glyphs for vertical writing. */
static bool family_is_known(const struct reading *reading, const char *name,
                            size_t size)
{
    for (size_t i = 0; i < faces_count(reading->faces); i++) {
        const char *family = faces_file(reading->faces, i)->family;
        if (strlen(family) == size && strncasecmp(family, name, size) == 0)
            return true;
    }
    return false;
}

static void family_note_missing(struct reading *reading, const char *name)
{
    struct foreign *foreign = reading->foreign;
    if (!foreign->missing)
        foreign->missing = name;
    else if (!strstr(foreign->missing, name))
        foreign->missing =
            arena_printf(reading->arena, "%s, %s", foreign->missing, name);
}

static void read_style(struct reading *reading, const char *line)
{
    int number = column_find(reading->style_format, "Fontname");
    const char *at = number < 0 ? NULL : field_at(line, number);
    if (!at)
        return;
    size_t size = strcspn(at, ",");
    const char *name =
        text_trim(reading->arena, arena_strndup(reading->arena, at, size));
    bool known = family_is_known(reading, name, strlen(name));
    if (!known && *name)
        family_note_missing(reading, name);
    buffer_puts(&reading->header, "Style: ");
    buffer_append(&reading->header, line, (size_t)(at - line));
    buffer_puts(&reading->header, known ? name : reading->family);
    buffer_printf(&reading->header, "%s\n", at + size);
}

/* --- words ---------------------------------------------------------------- */

/* Tags as they are, but for families that nobody has. */
static void put_tags(struct reading *reading, const char *tags, size_t size,
                     bool *drawing, struct buffer *out)
{
    for (size_t i = 0; i < size;) {
        size_t length = 1 + strcspn(tags + i + 1, "\\}");
        const char *tag = tags + i;
        if (length > size - i)
            length = size - i;
        if (length > 2 && tag[0] == '\\' && tag[1] == 'p' && tag[2] >= '0' &&
            tag[2] <= '9')
            *drawing = tag[2] != '0';
        bool font = length > 3 && strncmp(tag, "\\fn", 3) == 0;
        /* A closing bracket belongs to a \t around the tag. */
        if (font && !family_is_known(reading, tag + 3, length - 3) &&
            tag[length - 1] != ')')
            family_note_missing(
                reading, arena_strndup(reading->arena, tag + 3, length - 3));
        else
            buffer_append(out, tag, length);
        i += length;
    }
}

/* One run without tags, in the faces that have its characters. */
static void put_run(struct reading *reading, const char *text, size_t size,
                    struct buffer *out)
{
    const char *at =
        corrections_apply(&reading->corrections, reading->arena,
                          arena_strndup(reading->arena, text, size));
    const struct face_facts *facts = NULL;
    size_t step;
    while (*at &&
           (step = faces_run(reading->faces, reading->font, at, &facts)) > 0) {
        bool other = facts && strcmp(facts->family, reading->family) != 0;
        if (other)
            buffer_printf(out, "{\\fn%s}", facts->family);
        buffer_append(out, at, step);
        if (other)
            buffer_puts(out, "{\\fn}");
        at += step;
    }
    buffer_puts(out, at);
}

static const char *put_words(struct reading *reading, const char *text)
{
    struct buffer out = {0};
    bool drawing = false;
    while (*text) {
        const char *close = *text == '{' ? strchr(text, '}') : NULL;
        if (close) {
            put_tags(reading, text, (size_t)(close + 1 - text), &drawing, &out);
            text = close + 1;
        } else if (text[0] == '\\' && text[1]) {
            buffer_append(&out, text, 2);
            text += 2;
        } else {
            size_t size = 1 + strcspn(text + 1, "{\\");
            if (drawing)
                buffer_append(&out, text, size);
            else
                put_run(reading, text, size, &out);
            text += size;
        }
    }
    const char *words = arena_strdup(reading->arena, buffer_text(&out));
    buffer_clear(&out);
    return words;
}

/* --- events --------------------------------------------------------------- */

static const char *margin(const struct reading *reading, const char *line,
                          const char *name)
{
    return field_get(reading, reading->event_format, line, name, "0");
}

static void read_event(struct reading *reading, const char *line)
{
    const char *format = reading->event_format;
    int number = column_find(format, "Text");
    const char *text = number < 0 ? NULL : field_at(line, number);
    int64_t start, end;
    if (!text ||
        !ass_time(field_get(reading, format, line, "Start", ""), &start,
                  reading->arena) ||
        !ass_time(field_get(reading, format, line, "End", ""), &end,
                  reading->arena) ||
        end <= start)
        return;
    struct foreign *foreign = reading->foreign;
    struct foreign_event *event =
        ARENA_PUSH(reading->arena, foreign->events, foreign->count);
    const int64_t ms = FLICKS_PER_SECOND / 1000;
    const char *words = put_words(reading, text);
    event->start_ms = start / ms;
    event->end_ms = end / ms;
    event->placed = strstr(words, "\\pos") || strstr(words, "\\move");
    event->before = field_get(reading, format, line, "Layer", "0");
    event->after = arena_printf(
        reading->arena, "%s,,%s,%s,%s,%s,%s",
        field_get(reading, format, line, "Style", "Default"),
        margin(reading, line, "MarginL"), margin(reading, line, "MarginR"),
        margin(reading, line, "MarginV"),
        field_get(reading, format, line, "Effect", ""), words);
}

/* What says how the rest is to be read; titles and editors' notes go. */
static bool info_is_kept(const char *line)
{
    static const char *const kept[] = {
        "ScriptType:",
        "PlayResX:",
        "PlayResY:",
        "LayoutResX:",
        "LayoutResY:",
        "WrapStyle:",
        "Timer:",
        "Kerning:",
        "YCbCr Matrix",
        "Language:",
        "ScaledBorderAndShadow:",
    };
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        if (strncasecmp(line, kept[i], strlen(kept[i])) == 0)
            return true;
    }
    return false;
}

static void read_section(struct reading *reading, const char *line)
{
    reading->part = PART_NONE;
    if (strncasecmp(line, "[Script Info]", 13) == 0) {
        reading->part = PART_INFO;
    } else if (strncasecmp(line, "[Events]", 8) == 0) {
        reading->part = PART_EVENTS;
    } else if (strncasecmp(line, "[V4", 3) == 0) {
        reading->part = PART_STYLES;
        buffer_printf(&reading->header, "\n%s\n", line);
    }
}

static void read_line(struct reading *reading, const char *line)
{
    if (*line == '[') {
        read_section(reading, line);
    } else if (reading->part == PART_INFO) {
        if (info_is_kept(line))
            buffer_printf(&reading->header, "%s\n", line);
    } else if (reading->part == PART_STYLES) {
        if (strncasecmp(line, "Format:", 7) == 0) {
            reading->style_format = arena_strdup(reading->arena, line + 7);
            buffer_printf(&reading->header, "%s\n", line);
        } else if (strncasecmp(line, "Style:", 6) == 0) {
            read_style(reading, skip_blanks(line + 6));
        }
    } else if (reading->part == PART_EVENTS) {
        if (strncasecmp(line, "Format:", 7) == 0)
            reading->event_format = arena_strdup(reading->arena, line + 7);
        else if (strncasecmp(line, "Dialogue:", 9) == 0)
            read_event(reading, skip_blanks(line + 9));
    }
}

static void read_lines(struct reading *reading, const char *script)
{
    while (*script) {
        size_t size = strcspn(script, "\r\n");
        read_line(reading,
                  skip_blanks(arena_strndup(reading->arena, script, size)));
        script += size;
        script += strspn(script, "\r\n");
    }
}

struct placed_by_history {
    int64_t start_ms;
    size_t number;
};

static int compare_starts(const void *a, const void *b)
{
    const struct placed_by_history *one = a, *two = b;
    if (one->start_ms != two->start_ms)
        return one->start_ms < two->start_ms ? -1 : 1;
    return one->number < two->number ? -1 : one->number > two->number;
}

static void sort_unplaced(struct foreign *foreign, struct arena *arena)
{
    struct placed_by_history *list =
        arena_alloc(arena, (foreign->count + 1) * sizeof(*list));
    foreign->order = arena_alloc(arena, (foreign->count + 1) * sizeof(size_t));
    for (size_t i = 0; i < foreign->count; i++) {
        if (!foreign->events[i].placed)
            list[foreign->order_count++] =
                (struct placed_by_history){foreign->events[i].start_ms, i};
    }
    qsort(list, foreign->order_count, sizeof(*list), compare_starts);
    for (size_t i = 0; i < foreign->order_count; i++)
        foreign->order[i] = list[i].number;
}

struct foreign *foreign_read(const char *script, const struct faces *faces,
                             size_t font, const struct corrections *corrections,
                             struct arena *arena)
{
    const struct face_facts *facts = faces_for(faces, font, ' ');
    struct reading reading = {
        .foreign = arena_alloc(arena, sizeof(struct foreign)),
        .faces = faces,
        .font = font,
        .arena = arena,
        .family = facts ? facts->family : "",
        .style_format = "Name, Fontname",
        .event_format = "Layer, Start, End, Style, Name, MarginL, MarginR, "
                        "MarginV, Effect, Text",
        /* Lines cut out of a file are events. */
        .part = PART_EVENTS,
    };
    if (corrections && corrections->count) {
        size_t size = corrections->count * sizeof(*corrections->list);
        reading.corrections.list = arena_alloc(arena, size);
        reading.corrections.count = corrections->count;
        memcpy(reading.corrections.list, corrections->list, size);
    }
    read_lines(&reading, script);
    reading.foreign->header = arena_strdup(arena, buffer_text(&reading.header));
    buffer_clear(&reading.header);
    sort_unplaced(reading.foreign, arena);
    return reading.foreign;
}

/* --- windows -------------------------------------------------------------- */

/* From where on unplaced events count: the begin of the unbroken run of them
 * that reaches over `first_ms`, else that itself. */
static int64_t history_from(const struct foreign *foreign, int64_t first_ms)
{
    int64_t from = first_ms, end = INT64_MIN;
    for (size_t i = 0; i < foreign->order_count; i++) {
        const struct foreign_event *event = &foreign->events[foreign->order[i]];
        if (event->start_ms >= first_ms)
            break;
        if (event->start_ms >= end)
            from = event->start_ms;
        if (event->end_ms > end)
            end = event->end_ms;
    }
    return end > first_ms ? from : first_ms;
}

static void put_time(struct buffer *out, int64_t ms)
{
    int64_t cs = ms / 10;
    buffer_printf(out, "%" PRId64 ":%02d:%02d.%02d,", cs / 360000,
                  (int)(cs / 6000 % 60), (int)(cs / 100 % 60), (int)(cs % 100));
}

static void put_head(const struct foreign *foreign, int64_t clock_ms,
                     const struct foreign_hole *holes, size_t hole_count,
                     struct buffer *out)
{
    buffer_puts(out, "[Script Info]\n");
    buffer_printf(out, FOREIGN_CLOCK "%" PRId64 "\n", clock_ms);
    for (size_t i = 0; i < hole_count; i++)
        buffer_printf(out, FOREIGN_HOLE "%" PRId64 " %" PRId64 "\n",
                      holes[i].start_ms, holes[i].end_ms);
    buffer_printf(out,
                  "%s\n[Events]\nFormat: Layer, Start, End, Style, Name, "
                  "MarginL, MarginR, MarginV, Effect, Text\n",
                  foreign->header);
}

void foreign_window(const struct foreign *foreign, int64_t first_ms,
                    int64_t end_ms, int64_t clock_ms,
                    const struct foreign_hole *holes, size_t hole_count,
                    struct buffer *out)
{
    int64_t from = history_from(foreign, first_ms);
    bool shows = false;
    for (size_t i = 0; i < foreign->count && !shows; i++)
        shows = foreign->events[i].start_ms < end_ms &&
                foreign->events[i].end_ms > first_ms;
    if (!shows)
        return;
    put_head(foreign, clock_ms, holes, hole_count, out);
    for (size_t i = 0; i < foreign->count; i++) {
        const struct foreign_event *event = &foreign->events[i];
        bool past = event->end_ms <= first_ms &&
                    (event->placed || event->start_ms < from);
        if (past || event->start_ms >= end_ms)
            continue;
        buffer_printf(out, "Dialogue: %s,", event->before);
        put_time(out, event->start_ms);
        put_time(out, event->end_ms);
        buffer_printf(out, "%s\n", event->after);
    }
}
