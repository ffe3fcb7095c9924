/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format", section 6): blocks
 * of cues, notes, styles and regions; cue settings are passed over, since our
 * captions have their own place. Voices are kept. */
#include "subtitles/cues_parts.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"

struct cue_text {
    struct buffer plain;
    const char *voice;
    bool in_annotation; /* inside <rt>: small type over the base text */
};

static bool begins_word(const char *line, const char *word)
{
    size_t size = strlen(word);
    return strncmp(line, word, size) == 0 &&
           (line[size] == 0 || line[size] == ' ' || line[size] == '\t');
}

static void take_tag(struct cue_text *text, const char *tag, size_t size,
                     struct arena *arena)
{
    if (size >= 2 && tag[0] == 'v' && strchr(" .\t", tag[1])) {
        const char *name = arena_strndup(arena, tag, size);
        name += strcspn(name, " \t");
        if (!text->voice)
            text->voice = text_trim(arena, name);
    } else if (size >= 2 && strncmp(tag, "rt", 2) == 0 &&
               (size == 2 || tag[2] == '.')) {
        text->in_annotation = true;
    } else if (size >= 3 && (strncmp(tag, "/rt", 3) == 0 ||
                             (size >= 5 && strncmp(tag, "/ruby", 5) == 0))) {
        text->in_annotation = false;
    }
}

/* One line's markup off. A tag without its end swallows the rest of the line,
 * as the standard has it for the rest of the cue. */
static void put_line(struct cue_text *text, const char *line,
                     struct arena *arena)
{
    struct buffer ignored = {0};
    while (*line) {
        struct buffer *out = text->in_annotation ? &ignored : &text->plain;
        size_t size = 0;
        if (*line == '<') {
            size_t length = strcspn(line + 1, ">");
            take_tag(text, line + 1, length, arena);
            line += 1 + length;
            line += *line == '>';
            continue;
        }
        if (*line == '&')
            size = cue_entity(line, out);
        if (!size)
            buffer_append(out, line, size = 1);
        line += size;
    }
    buffer_clear(&ignored);
}

static size_t skip_block(const struct cue_reader *reader, size_t i)
{
    while (i < reader->count && *reader->lines[i].text)
        i++;
    return i;
}

static bool is_block(const char *line)
{
    return begins_word(line, "NOTE") || begins_word(line, "STYLE") ||
           begins_word(line, "REGION");
}

static bool is_timing_at(const struct cue_reader *reader, size_t i)
{
    return i < reader->count &&
           cue_is_timing(reader->lines[i].text, reader->arena);
}

/* A lost blank line: the next cue's name stands at this one's end. Names may
 * not have arrows, and some have. */
static bool is_name(const struct cue_reader *reader, size_t i)
{
    const char *line = reader->lines[i].text;
    return (cue_is_number(line) || strstr(line, "-->")) &&
           is_timing_at(reader, i + 1);
}

/* Empty lines between the timing and its words, as some programs write them:
 * the words are still this cue's, if no other cue or block begins there. */
static bool words_follow(const struct cue_reader *reader, size_t i)
{
    while (i < reader->count && !*reader->lines[i].text)
        i++;
    if (i == reader->count || is_block(reader->lines[i].text))
        return false;
    return !strstr(reader->lines[i].text, "-->") &&
           (i + 1 == reader->count ||
            !strstr(reader->lines[i + 1].text, "-->"));
}

/* The cue's lines: until an empty one or the next cue's timing. */
static size_t read_cue(struct cue_reader *reader, size_t i)
{
    const struct cue_line *timing = &reader->lines[i++];
    struct cue_text text = {0};
    int64_t start, end;
    bool valid = cue_timing(timing->text, false, &start, &end, reader->arena) ||
                 cue_timing(timing->text, true, &start, &end, reader->arena);
    bool loose = i < reader->count && !*reader->lines[i].text;
    for (; i < reader->count; i++) {
        const char *line = reader->lines[i].text;
        if (!*line && loose && words_follow(reader, i))
            continue;
        if (!*line || is_timing_at(reader, i) || is_name(reader, i))
            break;
        if (text.plain.size)
            buffer_puts(&text.plain, "\n");
        put_line(&text, line, reader->arena);
    }
    if (valid)
        cue_add(reader, start, end, buffer_text(&text.plain), text.voice,
                timing->row);
    else
        cue_leave_out(reader, timing->row,
                      _("its times can't be read; write them like "
                        "00:01:02.500 --> 00:01:05.000"));
    buffer_clear(&text.plain);
    return i;
}

/* Words follow at once: an arrow above them is a timing, however damaged. */
static bool has_words(const struct cue_reader *reader, size_t i)
{
    return i < reader->count && *reader->lines[i].text &&
           !is_timing_at(reader, i);
}

void vtt_read(struct cue_reader *reader)
{
    size_t i = 0;
    if (reader->count && strncmp(reader->lines[0].text, "WEBVTT", 6) == 0) {
        for (i = 1; i < reader->count; i++) {
            if (!*reader->lines[i].text || is_timing_at(reader, i))
                break;
        }
    }
    while (i < reader->count) {
        const char *line = reader->lines[i].text;
        if (is_timing_at(reader, i) ||
            (strstr(line, "-->") && has_words(reader, i + 1)))
            i = read_cue(reader, i);
        else if (is_block(line))
            i = skip_block(reader, i);
        else
            i++;
    }
}
