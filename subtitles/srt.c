/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SubRip. The timing line alone begins a cue, so that numbers may be missing,
 * twice or wrong, and blank lines may be lost or stand inside a text. */
#include "subtitles/cues_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"

/* SubRip has no grammar of markup; these are what players know. Anything else
 * in angle brackets is text. */
static size_t tag_length(const char *at)
{
    static const char *const names[] = {"b",    "i",      "u",  "s", "font",
                                        "span", "strong", "em", "br"};
    const char *name = at + 1 + (at[1] == '/');
    const char *end = strchr(at, '>');
    if (*at != '<' || !end)
        return 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        size_t size = strlen(names[i]);
        if (strncasecmp(name, names[i], size) == 0 &&
            strchr(" >/\t", name[size]))
            return (size_t)(end + 1 - at);
    }
    return 0;
}

/* {\an8} and its kin from SubStation, {y:i} from MicroDVD. */
static size_t brace_length(const char *at)
{
    const char *end = strchr(at, '}');
    if (*at != '{' || !end)
        return 0;
    bool tag = at[1] == '\\' || (at[1] && at[2] == ':');
    return tag ? (size_t)(end + 1 - at) : 0;
}

static void put_plain(struct buffer *out, const char *text)
{
    while (*text) {
        size_t size = tag_length(text);
        if (!size)
            size = brace_length(text);
        if (size && strncasecmp(text, "<br", 3) == 0)
            buffer_puts(out, "\n");
        /* A tag among blanks leaves one of them. */
        else if (size && text[size] == ' ' &&
                 (!out->size || strchr(" \n", out->data[out->size - 1])))
            size++;
        if (!size && *text == '&')
            size = cue_entity(text, out);
        if (!size)
            buffer_append(out, text, size = 1);
        text += size;
    }
}

/* A file that was cut off may end in the number of a cue that is no more: it
 * stands alone, and counts on from that before the timing. */
static bool is_last_number(const struct cue_reader *reader, size_t timing,
                           size_t line)
{
    if (line <= timing + 1 || timing == 0 ||
        *skip_blanks(reader->lines[line - 1].text))
        return false;
    const char *last = skip_blanks(reader->lines[line].text);
    const char *own = skip_blanks(reader->lines[timing - 1].text);
    return cue_is_number(last) && cue_is_number(own) &&
           strtol(last, NULL, 10) == strtol(own, NULL, 10) + 1;
}

/* The lines after the timing up to the next timing, without that one's number
 * and the blank lines around. */
static size_t text_end(const struct cue_reader *reader, size_t from)
{
    size_t to = from, last = reader->count;
    while (to < reader->count &&
           !cue_is_timing(reader->lines[to].text, reader->arena))
        to++;
    if (to < reader->count && to > from &&
        cue_is_number(reader->lines[to - 1].text))
        to--;
    while (last > from && !*skip_blanks(reader->lines[last - 1].text))
        last--;
    if (to == reader->count && last > from &&
        is_last_number(reader, from - 1, last - 1))
        to = last - 1;
    return to;
}

void srt_read(struct cue_reader *reader)
{
    struct buffer text = {0};
    for (size_t i = 0; i < reader->count; i++) {
        const struct cue_line *line = &reader->lines[i];
        int64_t start, end;
        if (!cue_is_timing(line->text, reader->arena))
            continue;
        if (!cue_timing(line->text, true, &start, &end, reader->arena)) {
            cue_leave_out(reader, line->row,
                          _("its times can't be read; write them like "
                            "00:01:02,500 --> 00:01:05,000"));
            continue;
        }
        buffer_reset(&text);
        size_t stop = text_end(reader, i + 1);
        for (size_t k = i + 1; k < stop; k++) {
            const char *words = reader->lines[k].text;
            if (!*skip_blanks(words))
                continue;
            if (text.size)
                buffer_puts(&text, "\n");
            put_plain(&text, words);
        }
        cue_add(reader, start, end, buffer_text(&text), NULL, line->row);
        i = stop > i + 1 ? stop - 1 : i;
    }
    buffer_clear(&text);
}
