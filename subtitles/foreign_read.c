/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A script's lines to styles and events. Fonts are named as our faces are;
 * nothing else of what the author wrote is changed. */
#include "subtitles/foreign_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "subtitles/cues_parts.h"

#define COLUMNS_MOST 32

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
static const char *field_get(const struct foreign_reading *reading,
                             const char *format, const char *line,
                             const char *name, const char *otherwise)
{
    int number = column_find(format, name);
    const char *at = number < 0 ? NULL : field_at(line, number);
    if (!at)
        return otherwise;
    char *field = arena_strndup(reading->arena, at, strcspn(at, ","));
    const char *bare = text_trim(reading->arena, field);
    return *bare ? bare : otherwise;
}

/* --- styles --------------------------------------------------------------- */

static double style_number(const struct foreign_reading *reading,
                           const char *line, const char *name,
                           const char *otherwise)
{
    return foreign_number(
        field_get(reading, reading->style_format, line, name, otherwise), NULL);
}

/* SSA's own: 1–3 below, 5–7 above, 9–11 in the middle. */
static int style_alignment(const struct foreign_reading *reading, int number)
{
    if (reading->is_ssa)
        number = (number & 3) + (number & 4 ? 6 : number & 8 ? 3 : 0);
    return number >= 1 && number <= 9 ? number : 2;
}

static void style_keep(struct foreign_reading *reading, const char *line,
                       const char *family)
{
    struct foreign *foreign = reading->foreign;
    struct foreign_style *style =
        ARENA_PUSH(reading->arena, foreign->style_list, foreign->style_count);
    const char *name =
        field_get(reading, reading->style_format, line, "Name", "Default");
    *style = (struct foreign_style){
        .name = name + strspn(name, "*"),
        .family = family,
        .weight = foreign_weight(style_number(reading, line, "Bold", "0")),
        .italic = style_number(reading, line, "Italic", "0") != 0,
        .alignment = style_alignment(
            reading, (int)style_number(reading, line, "Alignment", "2")),
        .margin_left = style_number(reading, line, "MarginL", "20"),
        .margin_right = style_number(reading, line, "MarginR", "20"),
        .margin_vertical = style_number(reading, line, "MarginV", "20"),
        .size = style_number(reading, line, "Fontsize", "18"),
        .scale_x = style_number(reading, line, "ScaleX", "100"),
        .scale_y = style_number(reading, line, "ScaleY", "100"),
        .spacing = style_number(reading, line, "Spacing", "0"),
        .edge = style_number(reading, line, "Outline", "2") +
                style_number(reading, line, "Shadow", "3"),
        .angle = style_number(reading, line, "Angle", "0"),
    };
}

static void read_style(struct foreign_reading *reading, const char *line)
{
    int number = column_find(reading->style_format, "Fontname");
    const char *at = number < 0 ? NULL : field_at(line, number);
    if (!at)
        return;
    size_t size = strcspn(at, ",");
    const char *name =
        text_trim(reading->arena, arena_strndup(reading->arena, at, size));
    bool known = foreign_family_is_known(reading, name, strlen(name));
    const char *family = known ? name : reading->family;
    buffer_puts(&reading->styles, "Style: ");
    buffer_append(&reading->styles, line, (size_t)(at - line));
    buffer_printf(&reading->styles, "%s%s\n", family, at + size);
    style_keep(reading, line, family);
    struct foreign *foreign = reading->foreign;
    if (!known && *name)
        foreign->style_list[foreign->style_count - 1].wanted = name;
}

/* --- events --------------------------------------------------------------- */

/* What moves by itself: VSFilter's effects. */
static bool effect_moves(const char *effect)
{
    return strncasecmp(effect, "Banner;", 7) == 0 ||
           strncasecmp(effect, "Scroll ", 7) == 0;
}

static void read_event(struct foreign_reading *reading, const char *line)
{
    static const char *const margins[] = {"MarginL", "MarginR", "MarginV"};
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
    event->start_ms = start / ms;
    event->end_ms = end / ms;
    event->layer = field_get(reading, format, line, "Layer", "0");
    event->style_name = field_get(reading, format, line, "Style", "Default");
    event->effect = field_get(reading, format, line, "Effect", "");
    event->style = foreign_style_find(foreign, event->style_name);
    for (int i = 0; i < 3; i++)
        event->margin[i] = field_get(reading, format, line, margins[i], "0");
    const struct foreign_style *style = &foreign->style_list[event->style];
    if (style->wanted)
        foreign_note_missing(reading, style->wanted);
    event->words = foreign_words_read(reading, style, text);
    struct foreign_look *look = arena_alloc(reading->arena, sizeof(*look));
    *look = foreign_look_of(foreign, style, text);
    if (!foreign_family_is_known(reading, look->family, look->family_size)) {
        look->family = reading->family;
        look->family_size = strlen(reading->family);
    }
    event->look = look;
    event->placed = look->has_place || look->has_move;
    event->fixed = look->is_fixed || effect_moves(event->effect);
}

/* --- lines ---------------------------------------------------------------- */

/* What says how the rest is to be read; titles and editors' notes go, sizes
 * are written anew. */
static bool info_is_kept(const char *line)
{
    static const char *const kept[] = {
        "ScriptType:",
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

static void read_info(struct foreign_reading *reading, const char *line)
{
    struct foreign *foreign = reading->foreign;
    const struct {
        const char *name;
        int *number;
    } sizes[] = {
        {"PlayResX:", &foreign->play_x},
        {"PlayResY:", &foreign->play_y},
        {"LayoutResX:", &foreign->layout_x},
        {"LayoutResY:", &foreign->layout_y},
    };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        size_t size = strlen(sizes[i].name);
        if (strncasecmp(line, sizes[i].name, size) == 0)
            *sizes[i].number = (int)foreign_number(line + size, NULL);
    }
    if (strncasecmp(line, "WrapStyle:", 10) == 0)
        foreign->breaks_at_n = foreign_number(line + 10, NULL) == 2;
    if (info_is_kept(line))
        buffer_printf(&reading->info, "%s\n", line);
}

static void read_section(struct foreign_reading *reading, const char *line)
{
    reading->part = PART_NONE;
    if (strncasecmp(line, "[Script Info]", 13) == 0) {
        reading->part = PART_INFO;
    } else if (strncasecmp(line, "[Events]", 8) == 0) {
        reading->part = PART_EVENTS;
    } else if (strncasecmp(line, "[V4", 3) == 0) {
        reading->part = PART_STYLES;
        reading->is_ssa = line[3] != '+';
        buffer_printf(&reading->styles, "\n%s\n", line);
    }
}

static void read_line(struct foreign_reading *reading, const char *line,
                      bool events)
{
    if (*line == '[') {
        read_section(reading, line);
    } else if (reading->part == PART_INFO && !events) {
        read_info(reading, line);
    } else if (reading->part == PART_STYLES && !events) {
        if (strncasecmp(line, "Format:", 7) == 0) {
            reading->style_format = arena_strdup(reading->arena, line + 7);
            buffer_printf(&reading->styles, "%s\n", line);
        } else if (strncasecmp(line, "Style:", 6) == 0) {
            read_style(reading, skip_blanks(line + 6));
        }
    } else if (reading->part == PART_EVENTS && events) {
        if (strncasecmp(line, "Format:", 7) == 0)
            reading->event_format = arena_strdup(reading->arena, line + 7);
        else if (strncasecmp(line, "Dialogue:", 9) == 0)
            read_event(reading, skip_blanks(line + 9));
    }
}

/* Events name styles, which may stand behind them: those are read first. */
static void read_lines(struct foreign_reading *reading, const char *script,
                       bool events)
{
    struct buffer styles = reading->styles;
    if (events)
        reading->styles = (struct buffer){0}; /* headings come again */
    /* Lines cut out of a file are events. */
    reading->part = PART_EVENTS;
    while (*script) {
        size_t size = strcspn(script, "\r\n");
        read_line(reading,
                  skip_blanks(arena_strndup(reading->arena, script, size)),
                  events);
        script += size;
        script += strspn(script, "\r\n");
    }
    if (events) {
        buffer_clear(&reading->styles);
        reading->styles = styles;
    }
}

/* As libass fills in what a script leaves out (ass_utils.c, 0.17). */
static void settle_sizes(struct foreign *foreign)
{
    if (foreign->play_x <= 0 && foreign->play_y <= 0) {
        foreign->play_x = 384;
        foreign->play_y = 288;
    } else if (foreign->play_y <= 0) {
        foreign->play_y =
            foreign->play_x == 1280 ? 1024 : foreign->play_x * 3 / 4;
    } else if (foreign->play_x <= 0) {
        foreign->play_x =
            foreign->play_y == 1024 ? 1280 : foreign->play_y * 4 / 3;
    }
    foreign->play_x = foreign->play_x > 0 ? foreign->play_x : 1;
    foreign->play_y = foreign->play_y > 0 ? foreign->play_y : 1;
    if (foreign->layout_x <= 0 || foreign->layout_y <= 0)
        foreign->layout_x = foreign->layout_y = 0;
}

static int compare_starts(const void *a, const void *b)
{
    const struct foreign_start *one = a, *two = b;
    if (one->start_ms != two->start_ms)
        return one->start_ms < two->start_ms ? -1 : 1;
    return one->number < two->number ? -1 : one->number > two->number;
}

size_t *foreign_sort(struct foreign_start *list, size_t count,
                     struct arena *arena)
{
    size_t *order = arena_alloc(arena, (count + 1) * sizeof(*order));
    qsort(list, count, sizeof(*list), compare_starts);
    for (size_t i = 0; i < count; i++)
        order[i] = list[i].number;
    return order;
}

static void sort_events(struct foreign *foreign, struct arena *arena)
{
    struct foreign_start *list =
        arena_alloc(arena, (foreign->count + 1) * sizeof(*list));
    for (size_t i = 0; i < foreign->count; i++) {
        if (!foreign->events[i].placed)
            list[foreign->order_count++] =
                (struct foreign_start){foreign->events[i].start_ms, i};
    }
    foreign->order = foreign_sort(list, foreign->order_count, arena);
}

struct foreign *foreign_read(const char *script, const struct faces *faces,
                             size_t font, const struct corrections *corrections,
                             struct arena *arena)
{
    const struct face_facts *facts = faces_lead(faces, font);
    struct foreign_reading reading = {
        .foreign = arena_alloc(arena, sizeof(struct foreign)),
        .faces = faces,
        .font = font,
        .arena = arena,
        .family = facts ? facts->family : "",
        .style_format = "Name, Fontname",
        .event_format = "Layer, Start, End, Style, Name, MarginL, MarginR, "
                        "MarginV, Effect, Text",
    };
    if (corrections && corrections->count) {
        size_t size = corrections->count * sizeof(*corrections->list);
        reading.corrections.list = arena_alloc(arena, size);
        reading.corrections.count = corrections->count;
        memcpy(reading.corrections.list, corrections->list, size);
    }
    struct foreign *foreign = reading.foreign;
    foreign->faces = faces;
    read_lines(&reading, script, false);
    if (foreign->style_count == 0)
        style_keep(&reading, "Default", reading.family);
    read_lines(&reading, script, true);
    settle_sizes(foreign);
    sort_events(foreign, arena);
    foreign->info = arena_strdup(arena, buffer_text(&reading.info));
    foreign->styles = arena_strdup(arena, buffer_text(&reading.styles));
    buffer_clear(&reading.info);
    buffer_clear(&reading.styles);
    return foreign;
}
