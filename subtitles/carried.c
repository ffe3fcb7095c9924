/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the sections [Fonts] and [Graphics]. A font begins with a line
 * "fontname: …"; the lines behind it are its bytes, six bits a character from
 * '!' on (ass-specs, appendix B), and nothing says where it ends. */
#include "subtitles/carried.h"

#include <string.h>
#include <strings.h>

#define DATA_FIRST 33 /* '!' */
#define DATA_LAST  96
#define NAME_MARK  "fontname:"

enum carried_part { PART_OTHER, PART_FONTS, PART_GRAPHICS };

struct carried_line {
    const char *at; /* blanks before it and its end are off */
    size_t size;
    enum carried_part part; /* in which it stands */
    bool is_data, is_name;
};

struct carried_reader {
    const char *at, *end;
    enum carried_part part;
};

static bool is_data(const char *line, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (line[i] < DATA_FIRST || line[i] > DATA_LAST)
            return false;
    }
    return size > 0;
}

/* Data may begin with a bracket too: sections that nobody knows are told by
 * their small letters or blanks. */
static bool is_heading(const char *line, size_t size)
{
    static const char *const known[] = {"[Fonts]", "[Graphics]", "[Events]"};
    if (size < 2 || line[0] != '[' || line[size - 1] != ']')
        return false;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strlen(known[i]) == size && strncasecmp(line, known[i], size) == 0)
            return true;
    }
    return !is_data(line, size);
}

static enum carried_part part_of(const char *line, size_t size)
{
    if (size == 7 && strncasecmp(line, "[Fonts]", size) == 0)
        return PART_FONTS;
    if (size == 10 && strncasecmp(line, "[Graphics]", size) == 0)
        return PART_GRAPHICS;
    return PART_OTHER;
}

/* The next line; false at the end. Steps past its content, not its end. */
static bool carried_next(struct carried_reader *reader,
                         struct carried_line *line)
{
    const char *at = reader->at, *end = reader->end;
    while (at < end && (*at == '\r' || *at == '\n'))
        at++;
    if (at == end)
        return false;
    const char *stop = at;
    while (stop < end && *stop != '\r' && *stop != '\n')
        stop++;
    reader->at = stop;
    while (at < stop && (*at == ' ' || *at == '\t'))
        at++;
    while (stop > at && (stop[-1] == ' ' || stop[-1] == '\t'))
        stop--;
    *line = (struct carried_line){.at = at, .size = (size_t)(stop - at)};
    if (is_heading(at, line->size)) {
        reader->part = part_of(at, line->size);
        line->part = PART_OTHER;
        return true;
    }
    line->part = reader->part;
    if (reader->part != PART_OTHER) {
        line->is_data = is_data(at, line->size);
        line->is_name = line->size >= strlen(NAME_MARK) &&
                        strncmp(at, NAME_MARK, strlen(NAME_MARK)) == 0;
    }
    return true;
}

bool carried_strip(const char *script, size_t size, struct buffer *out,
                   bool *fonts)
{
    struct carried_reader reader = {script, script + size};
    struct carried_line line;
    const char *copied = script;
    bool found = false, named = false;
    while (carried_next(&reader, &line)) {
        if (line.part == PART_OTHER)
            continue;
        buffer_append(out, copied, (size_t)(line.at - copied));
        copied = line.at + line.size;
        found = true;
        named = named || (line.part == PART_FONTS && line.is_name);
    }
    if (found)
        buffer_append(out, copied, (size_t)(script + size - copied));
    if (fonts)
        *fonts = named;
    return found;
}

/* Up to four characters to up to three bytes. */
static void decode(const char *data, size_t count, struct buffer *out)
{
    unsigned value = 0;
    for (size_t i = 0; i < count; i++)
        value |= (((unsigned)data[i] - DATA_FIRST) & 63u) << 6 * (3 - i);
    const unsigned char bytes[3] = {(unsigned char)(value >> 16),
                                    (unsigned char)(value >> 8),
                                    (unsigned char)value};
    buffer_append(out, bytes, count - 1);
}

/* A font on its way. */
struct carried_font {
    struct buffer name, bytes;
    char left[4]; /* characters that are no whole group yet */
    size_t left_count;
    bool begun, too_large;
};

static void font_take(struct carried_font *font, const char *data, size_t size)
{
    if (font->bytes.size + size / 4 * 3 > CARRIED_BYTES_MOST)
        font->too_large = true;
    for (size_t i = 0; i < size && !font->too_large; i++) {
        font->left[font->left_count++] = data[i];
        if (font->left_count == 4) {
            decode(font->left, 4, &font->bytes);
            font->left_count = 0;
        }
    }
}

static int font_end(struct carried_font *font, carried_take *take, void *opaque)
{
    if (!font->begun)
        return 0;
    if (font->left_count > 1)
        decode(font->left, font->left_count, &font->bytes);
    int ret = take(opaque, buffer_text(&font->name),
                   font->too_large ? NULL : buffer_text(&font->bytes),
                   font->bytes.size);
    buffer_reset(&font->name);
    buffer_reset(&font->bytes);
    font->left_count = 0;
    font->begun = font->too_large = false;
    return ret;
}

int carried_read(const char *script, carried_take *take, void *opaque)
{
    struct carried_reader reader = {script, script + strlen(script)};
    struct carried_font font = {0};
    struct carried_line line;
    int ret = 0;
    while (ret >= 0 && carried_next(&reader, &line)) {
        if (line.part == PART_FONTS && line.is_name) {
            ret = font_end(&font, take, opaque);
            const char *name = line.at + strlen(NAME_MARK);
            const char *stop = line.at + line.size;
            name += strspn(name, " \t");
            font.begun = true;
            buffer_append(&font.name, name,
                          name < stop ? (size_t)(stop - name) : 0);
        } else if (line.part == PART_FONTS && line.is_data && font.begun) {
            font_take(&font, line.at, line.size);
        }
    }
    if (ret >= 0)
        ret = font_end(&font, take, opaque);
    buffer_clear(&font.name);
    buffer_clear(&font.bytes);
    return ret;
}
