/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event's words: families that nobody has give way, characters that a face
 * lacks go to the next, corrections are done. All else stays. */
#include "subtitles/foreign_parts.h"

#include <math.h>
#include <string.h>
#include <strings.h>

bool foreign_family_is_known(const struct foreign_reading *reading,
                             const char *name, size_t size)
{
    const struct face_wish wish = foreign_wish(name, size, 400, false);
    if (faces_carry_name(reading->faces, wish.family, wish.size))
        return true;
    for (size_t i = faces_carried_count(reading->faces);
         i < faces_count(reading->faces); i++) {
        const char *family = faces_file(reading->faces, i)->family;
        if (strlen(family) == size && strncasecmp(family, name, size) == 0)
            return true;
    }
    return false;
}

void foreign_note_missing(struct foreign_reading *reading, const char *name)
{
    struct foreign *foreign = reading->foreign;
    for (size_t i = 0; i < reading->missing_count; i++) {
        if (strcasecmp(reading->missing[i], name) == 0)
            return;
    }
    *(const char **)ARENA_PUSH(reading->arena, reading->missing,
                               reading->missing_count) = name;
    foreign->missing = foreign->missing ? arena_printf(reading->arena, "%s, %s",
                                                       foreign->missing, name)
                                        : name;
}

/* The last of a name counts; one that is not there is the first. */
size_t foreign_style_find(const struct foreign *foreign, const char *name)
{
    name += strspn(name, "*");
    for (size_t i = foreign->style_count; i-- > 0;) {
        if (strcasecmp(foreign->style_list[i].name, name) == 0)
            return i;
    }
    return 0;
}

/* An event's words on their way, and the face that is in force. */
struct wording {
    struct foreign_reading *reading;
    const struct foreign_style *style;
    const char *family;
    int weight;
    bool italic;
    double size; /* 0: not known */
    bool drawing;
    struct buffer out;
};

static void put_family(struct wording *wording, const char *tag, size_t length)
{
    struct foreign_reading *reading = wording->reading;
    /* A closing bracket that was not opened belongs to a \t around the tag. */
    bool closes = tag[length - 1] == ')' && !memchr(tag, '(', length);
    size_t size = length - 3 - closes;
    tag += 3;
    for (; size && *tag == ' '; size--)
        tag++;
    while (size && tag[size - 1] == ' ')
        size--;
    if (size == 0) {
        wording->family = wording->style->family;
        buffer_puts(&wording->out, closes ? "\\fn)" : "\\fn");
        return;
    }
    const char *name = arena_strndup(reading->arena, tag, size);
    if (!foreign_family_is_known(reading, name, size)) {
        foreign_note_missing(reading, name);
        name = reading->family;
    }
    wording->family = name;
    buffer_printf(&wording->out, closes ? "\\fn%s)" : "\\fn%s", name);
}

/* \r: all as the style has it, or as another. */
static void take_reset(struct wording *wording, const char *tag, size_t length)
{
    const struct foreign *foreign = wording->reading->foreign;
    const struct foreign_style *style = wording->style;
    const char *name =
        arena_strndup(wording->reading->arena, tag + 2, length - 2);
    if (*name)
        style = &foreign->style_list[foreign_style_find(foreign, name)];
    wording->size = style->size;
    wording->family = style->family;
    wording->weight = style->weight;
    wording->italic = style->italic;
}

/* \b and \i; without a number that means something they are the style's. */
static void take_face(struct wording *wording, const char *tag, size_t length)
{
    double number;
    if (foreign_tag_number(tag, length, "b", &number) &&
        (number == 0 || number == 1 || number >= 100))
        wording->weight = foreign_weight(number);
    else if (length == 2 && tag[1] == 'b')
        wording->weight = wording->style->weight;
    else if (foreign_tag_number(tag, length, "i", &number))
        wording->italic = number == 1;
    else if (length == 2 && tag[1] == 'i')
        wording->italic = wording->style->italic;
}

/* \fs30; \fs alone is the style's, \fs+3 nobody knows. */
static void take_size(struct wording *wording, const char *tag, size_t length)
{
    if (length == 3)
        wording->size = wording->style->size;
    else if (tag[3] == '+' || tag[3] == '-')
        wording->size = 0;
    else if (tag[3] == '.' || (tag[3] >= '0' && tag[3] <= '9'))
        wording->size = foreign_number(tag + 3, NULL);
}

/* Tags as they are, but for families that nobody has. */
static void put_tags(struct wording *wording, const char *tags, size_t size)
{
    for (size_t i = 0; i < size;) {
        size_t length = 1 + strcspn(tags + i + 1, "\\}");
        const char *tag = tags + i;
        if (length > size - i)
            length = size - i;
        if (length > 2 && tag[0] == '\\' && tag[1] == 'p' && tag[2] >= '0' &&
            tag[2] <= '9')
            wording->drawing = tag[2] != '0';
        if (length >= 2 && strncmp(tag, "\\r", 2) == 0 &&
            strncmp(tag, "\\rnd", 4) != 0)
            take_reset(wording, tag, length);
        if (length >= 2 && tag[0] == '\\')
            take_face(wording, tag, length);
        if (length >= 3 && strncmp(tag, "\\fs", 3) == 0)
            take_size(wording, tag, length);
        if (length >= 3 && strncmp(tag, "\\fn", 3) == 0)
            put_family(wording, tag, length);
        else
            buffer_append(&wording->out, tag, length);
        i += length;
    }
}

/* To a face and back. Sizes count a face's whole height: for ems of one size
 * each has its own. */
static void put_face(struct wording *wording, const char *family, double ratio)
{
    buffer_printf(&wording->out, "{\\fn%s", family);
    if (wording->size > 0)
        buffer_printf(&wording->out, "\\fs%ld.%02ld",
                      lround(wording->size * ratio * 100) / 100,
                      lround(wording->size * ratio * 100) % 100);
    buffer_puts(&wording->out, "}");
}

/* One run without tags, in the faces that have its characters. Weight and
 * slant are tags of their own and stay as they are. */
static void put_run(struct wording *wording, const char *text, size_t size)
{
    struct foreign_reading *reading = wording->reading;
    const struct faces *faces = reading->faces;
    const char *family = wording->family;
    const struct face_wish wish =
        foreign_wish(family, strlen(family), wording->weight, wording->italic);
    size_t font = faces_chain(faces, &wish, reading->font);
    const struct face_facts *own = faces_lead(faces, font);
    double whole = own ? faces_ass_size(own, faces, 1) : 1;
    const char *at =
        corrections_apply(&reading->corrections, reading->arena,
                          arena_strndup(reading->arena, text, size));
    const struct face_facts *facts = NULL;
    size_t step;
    while (*at && (step = faces_run(faces, font, at, &facts)) > 0) {
        bool other =
            facts && facts != own && strcasecmp(facts->family, family) != 0;
        if (other)
            put_face(wording, facts->family,
                     faces_ass_size(facts, faces, 1) / whole);
        buffer_append(&wording->out, at, step);
        if (other)
            put_face(wording, family, 1);
        at += step;
    }
    buffer_puts(&wording->out, at);
}

const char *foreign_words_read(struct foreign_reading *reading,
                               const struct foreign_style *style,
                               const char *text)
{
    struct wording wording = {
        .reading = reading,
        .style = style,
        .family = style->family,
        .weight = style->weight,
        .italic = style->italic,
        .size = style->size,
    };
    while (*text) {
        const char *close = *text == '{' ? strchr(text, '}') : NULL;
        if (close) {
            put_tags(&wording, text, (size_t)(close + 1 - text));
            text = close + 1;
        } else if (text[0] == '\\' && text[1]) {
            buffer_append(&wording.out, text, 2);
            text += 2;
        } else {
            size_t size = 1 + strcspn(text + 1, "{\\");
            if (wording.drawing)
                buffer_append(&wording.out, text, size);
            else
                put_run(&wording, text, size);
            text += size;
        }
    }
    const char *words = arena_strdup(reading->arena, buffer_text(&wording.out));
    buffer_clear(&wording.out);
    return words;
}
