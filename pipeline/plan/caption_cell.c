/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list's `caption` cells: broken at clauses, short clauses put together to
 * about a line, each given time by its length. A guess, and marked as one. */
#include "plan/captions.h"

#include <string.h>

#define LINE_CHARACTERS 16 /* one line in most presets */
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
    const char *from, *to; /* of the cell */
    const char *text;      /* as it is shown */
    size_t characters;     /* of it */
};

struct pieces {
    struct arena *arena;
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

static void add_piece(struct pieces *pieces, const char *from, const char *to)
{
    struct arena *arena = pieces->arena;
    char *text =
        without_stop(arena, arena_strndup(arena, from, (size_t)(to - from)));
    if (text_is_blank(text))
        return;
    struct piece *piece = ARENA_PUSH(arena, pieces->list, pieces->count);
    *piece = (struct piece){from, to, text, text_count(text)};
    pieces->characters += piece->characters;
}

/* Clauses of one sentence go together while they fit on a line. */
static void split(struct pieces *pieces, const char *text)
{
    const char *from = text, *at = text;
    size_t characters = 0;
    while (*at) {
        enum mark mark;
        const char *end = clause_end(at, &mark);
        size_t more =
            text_count(arena_strndup(pieces->arena, at, (size_t)(end - at)));
        if (at > from && characters + more > LINE_CHARACTERS + 1) {
            add_piece(pieces, from, at);
            from = at;
            characters = 0;
        }
        characters += more;
        at = end;
        if (mark == MARK_SENTENCE) {
            add_piece(pieces, from, at);
            from = at;
            characters = 0;
        }
    }
    add_piece(pieces, from, at);
}

/* Pieces i and i + 1 become one. */
static void unite(struct pieces *pieces, size_t i)
{
    struct pieces one = {.arena = pieces->arena};
    struct piece *list = pieces->list;
    add_piece(&one, list[i].from, list[i + 1].to);
    pieces->characters -= list[i].characters + list[i + 1].characters;
    pieces->characters += one.characters;
    list[i] = one.list[0];
    pieces->count--;
    memmove(list + i + 1, list + i + 2,
            (pieces->count - i - 1) * sizeof(*list));
}

static size_t united_characters(const struct pieces *pieces, size_t i)
{
    return pieces->list[i].characters + pieces->list[i + 1].characters;
}

/* What would flash by stands with its shorter neighbour, over two lines. */
static void unite_short(struct pieces *pieces, int64_t length)
{
    size_t i = 0;
    while (i < pieces->count) {
        int64_t share = av_rescale(length, (int64_t)pieces->list[i].characters,
                                   (int64_t)pieces->characters);
        bool after = i + 1 < pieces->count;
        if (i > 0 && after)
            after = united_characters(pieces, i) <=
                    united_characters(pieces, i - 1);
        size_t at = after ? i : i - 1;
        if (share >= CAPTION_LEAST || pieces->count == 1 ||
            united_characters(pieces, at) > 2 * LINE_CHARACTERS) {
            i++;
            continue;
        }
        unite(pieces, at);
        i = at;
    }
}

void caption_spread(struct builder *builder, struct draft *draft,
                    const struct highlight *row, int64_t start, int64_t end)
{
    struct pieces pieces = {.arena = builder->arena};
    int64_t length = end - start;
    split(&pieces, row->caption);
    unite_short(&pieces, length);
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
