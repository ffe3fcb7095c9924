/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LRC, as phones and song sites write lyrics: a line lasts until the next one
 * begins. Lines may bear several times; words may bear their own. */
#include "subtitles/cues_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* No line stands longer than this, whatever silence follows. */
#define LONGEST_FLICKS (7 * FLICKS_PER_SECOND)

struct lyric {
    int64_t start;
    const char *text;
    int row;
    size_t order;
};

static int compare_lyrics(const void *a, const void *b)
{
    const struct lyric *one = a, *two = b;
    if (one->start != two->start)
        return one->start < two->start ? -1 : 1;
    return (one->order > two->order) - (one->order < two->order);
}

/* [offset:+250]: the lines come so many milliseconds earlier. */
static void read_tag(const char *tag, int64_t *offset)
{
    if (strncasecmp(tag, "[offset:", 8) == 0) {
        long ms = strtol(tag + 8, NULL, 10);
        if (ms > -600000 && ms < 600000)
            *offset = ms * (FLICKS_PER_SECOND / 1000);
    }
}

static const char *plain(const char *text, struct arena *arena)
{
    struct buffer out = {0};
    while (*text) {
        const char *at = text + 1;
        int64_t ignored;
        if (*text == '<' && cue_time(&at, &ignored) && *at == '>') {
            text = at + 1;
            continue;
        }
        buffer_append(&out, text++, 1);
    }
    char *answer = arena_strdup(arena, buffer_text(&out));
    buffer_clear(&out);
    return answer;
}

void lrc_read(struct cue_reader *reader)
{
    struct lyric *lyrics = NULL;
    size_t count = 0;
    int64_t offset = 0;
    for (size_t i = 0; i < reader->count; i++) {
        const char *line = skip_blanks(reader->lines[i].text);
        size_t first = count;
        read_tag(line, &offset);
        while (*line == '[') {
            const char *at = line + 1;
            int64_t start;
            if (!cue_time(&at, &start) || *at != ']')
                break;
            struct lyric *lyric = ARENA_PUSH(reader->arena, lyrics, count);
            *lyric = (struct lyric){start, NULL, reader->lines[i].row, count};
            line = skip_blanks(at + 1);
        }
        for (size_t k = first; k < count; k++)
            lyrics[k].text = plain(line, reader->arena);
    }
    if (count)
        qsort(lyrics, count, sizeof(*lyrics), compare_lyrics);
    for (size_t i = 0; i < count; i++) {
        int64_t end = lyrics[i].start + LONGEST_FLICKS;
        size_t next = i + 1;
        /* A translation stands at the same time: both end together. */
        while (next < count && lyrics[next].start == lyrics[i].start)
            next++;
        if (next < count && lyrics[next].start < end)
            end = lyrics[next].start;
        cue_add(reader, lyrics[i].start - offset, end - offset, lyrics[i].text,
                NULL, lyrics[i].row);
    }
}
