/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list's `caption` cells: broken at clauses, short clauses put together to
 * about a line, each given time by its length. A guess, and marked as one. */
#include "plan/captions.h"

#include <string.h>

#define LINE_CHARACTERS 16 /* one line in most presets */
/* "今天，" is gone before it is read: so short a beginning takes what follows,
 * on two lines. */
#define ALONE_LEAST 5
/* Above 11 characters per second nobody reads along (Netflix, SubtitleEdit). */
#define SPEED_MOST 11

enum mark { MARK_NONE, MARK_CLAUSE, MARK_SENTENCE };

/* Where a clause may end: behind `c`, when `next` follows. A full stop inside
 * a number or an address is none. */
static enum mark mark_of(uint32_t c, uint32_t next)
{
    bool apart = next == ' ' || next == '\n' || next == 0;
    switch (c) {
    case 0x3002: /* 。 */
    case 0xff01: /* ！ */
    case 0xff1f: /* ？ */
    case 0x2026: /* … */
    case '\n':
        return next == c ? MARK_NONE : MARK_SENTENCE;
    case 0xff0c: /* ， */
    case 0xff1b: /* ； */
    case 0xff1a: /* ： */
        return MARK_CLAUSE;
    case '.':
    case '!':
    case '?':
        return apart ? MARK_SENTENCE : MARK_NONE;
    case ',':
    case ';':
    case ':':
        return apart ? MARK_CLAUSE : MARK_NONE;
    default:
        return MARK_NONE;
    }
}

static bool is_closing(uint32_t c)
{
    return c == 0x201d || c == 0x2019 || c == 0x300b || c == 0xff09 ||
           c == 0x300d || c == '"' || c == ')';
}

struct piece {
    const char *text;
    size_t characters;
};

struct pieces {
    struct piece *list;
    size_t count;
    size_t characters;
};

/* The end of the clause that begins at `text`, and how it ends. */
static const char *clause_end(const char *text, enum mark *mark)
{
    const char *at = text;
    *mark = MARK_SENTENCE;
    for (uint32_t c; (c = text_next(&at)) != 0;) {
        const char *ahead = at;
        uint32_t next = text_next(&ahead);
        *mark = mark_of(c, next);
        if (*mark == MARK_NONE)
            continue;
        for (; is_closing(next); next = text_next(&ahead))
            at = ahead;
        return at;
    }
    *mark = MARK_SENTENCE;
    return at;
}

/* Chinese captions end without a comma or full stop. */
static char *without_stop(struct arena *arena, const char *text)
{
    static const char *const stops[] = {"，", "。", "、", "；", "：", NULL};
    char *plain = text_trim(arena, text);
    size_t length = strlen(plain);
    for (size_t i = 0; stops[i]; i++) {
        size_t size = strlen(stops[i]);
        if (length > size && strcmp(plain + length - size, stops[i]) == 0) {
            plain[length - size] = '\0';
            break;
        }
    }
    return plain;
}

static void add_piece(struct pieces *pieces, struct arena *arena,
                      const char *from, const char *to)
{
    char *text =
        without_stop(arena, arena_strndup(arena, from, (size_t)(to - from)));
    if (text_is_blank(text))
        return;
    struct piece *piece = ARENA_PUSH(arena, pieces->list, pieces->count);
    piece->text = text;
    piece->characters = text_count(text);
    pieces->characters += piece->characters;
}

/* Clauses of one sentence go together while they fit on a line. */
static void split(struct pieces *pieces, struct arena *arena, const char *text)
{
    const char *from = text, *at = text;
    size_t characters = 0;
    while (*at) {
        enum mark mark;
        const char *end = clause_end(at, &mark);
        size_t more = text_count(arena_strndup(arena, at, (size_t)(end - at)));
        if (characters >= ALONE_LEAST &&
            characters + more > LINE_CHARACTERS + 1) {
            add_piece(pieces, arena, from, at);
            from = at;
            characters = 0;
        }
        characters += more;
        at = end;
        if (mark == MARK_SENTENCE) {
            add_piece(pieces, arena, from, at);
            from = at;
            characters = 0;
        }
    }
    add_piece(pieces, arena, from, at);
}

void caption_spread(struct builder *builder, struct draft *draft,
                    const struct highlight *row, int64_t start, int64_t end)
{
    struct pieces pieces = {0};
    split(&pieces, builder->arena, row->caption);
    int64_t length = end - start;
    size_t before = 0;
    for (size_t i = 0; i < pieces.count; i++) {
        const struct piece *piece = &pieces.list[i];
        int64_t from =
            av_rescale(length, (int64_t)before, (int64_t)pieces.characters);
        before += piece->characters;
        int64_t to =
            av_rescale(length, (int64_t)before, (int64_t)pieces.characters);
        struct draft_caption *caption = draft_add_caption(
            builder, draft, start + from, start + to, piece->text);
        caption->row = row;
    }
    if ((int64_t)pieces.characters * FLICKS_PER_SECOND > SPEED_MOST * length)
        fault_add(builder->faults, FAULT_WARNING,
                  row_place(row, COLUMN_CAPTION),
                  _("%d characters of caption in %s are too fast to be read; "
                    "shorten the caption or lengthen the range"),
                  (int)pieces.characters, TIMECODE_TEXT(length));
}
