/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rates every place between two characters as an end of line: libunibreak's
 * opportunities (UAX 14), W3C CLREQ's basic rules, words and numbers that stay
 * whole, and what reads well in Chinese. Knows no widths and no dictionary. */
#include "subtitles/linebreak_parts.h"

#include <string.h>

#include <linebreak.h>

#include "base/text.h"

/* CLREQ, "Prohibition rules for line start and line end", basic level, and the
 * ASCII and half-width forms that people type instead. */
static const char not_at_start[] =
    "，、；：。！？．,.;:!?)]}）］｝〉》」』】〕〗〙〛〞”’»›·‧・•～〜~–‐-/"
    "／％%‰"
    "℃℉°′″…⋯々ー｡､｣";
static const char not_at_end[] =
    "〈《「『【〔〖〘〚〝“‘«‹（［｛([{#＃@＠￥¥$£€№";
/* Particles and suffixes that lean on the word before. */
static const char leans_back[] = "的了着过们吗呢吧啊呀嘛么地得性化者式之等";
/* Words that open what follows: a line may well begin with them, and should
 * not end in them. */
static const char opens[] =
    "和与及或而但并且把被将从向对以为在是让使由给跟就都也"
    "还要不更最很这那每各再又";
/* Other words of one character. */
static const char stands[] = "我你您他她它谁人中上下里后前内外时太好很吃说看想"
                             "做来去走到会能没只才又便则请叫"
                             "用当比";
/* What counts or measures a number before it. */
static const char units[] =
    "年月日号时点分秒刻期届次个名位人万亿千百十周岁条元角项米克吨度倍版章节页篇"
    "场"
    "集天件座辆张支句回轮组枚层楼栋户家所只头斤亩里公厘平立多余%％‰℃℉°";
static const char numerals[] = "〇零一二三四五六七八九十百千万亿两";

static bool is_in(const char *set, uint32_t character)
{
    uint32_t member;
    while ((member = text_next(&set))) {
        if (member == character)
            return true;
    }
    return false;
}

bool break_is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x3000 ||
           c == 0x2028 || c == 0x2029 || (c >= 0x2000 && c <= 0x200A);
}

static bool is_digit(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

/* Letters and signs of Latin words, numbers, addresses and formulas. */
static bool is_latin(uint32_t c)
{
    return (c > ' ' && c < 0x7F) || (c >= 0xC0 && c < 0x2000) || is_digit(c);
}

static bool is_letter(uint32_t c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           (c >= 0xC0 && c < 0x2000);
}

/* Scripts that put no blanks between words: their breaks are the dictionary's
 * alone (UAX 14, class SA). */
static bool is_southeast_asian(uint32_t c)
{
    return (c >= 0xE00 && c < 0xF00) || (c >= 0x1000 && c < 0x10A0) ||
           (c >= 0x1780 && c < 0x1800);
}

/* Both stand in one word of the dictionary. */
static bool is_one_word(const struct break_text *text, size_t i)
{
    return text->word[i - 1] == text->word[i];
}

static bool is_han(uint32_t c)
{
    return (c >= 0x3400 && c < 0xA000) || (c >= 0xF900 && c < 0xFB00) ||
           (c >= 0x20000 && c < 0x32000);
}

/* A character for itself that is no particle: mostly half of a word or a name
 * that the dictionary lacks, as 图书|馆 and 李|明 are. */
static bool is_lone(const struct break_text *text, size_t k)
{
    uint32_t character = text->characters[k];
    return text->word[k] == k &&
           (k + 1 == text->count || text->word[k + 1] != k) &&
           is_han(character) && !is_in(leans_back, character) &&
           !is_in(opens, character) && !is_in(stands, character);
}

static void text_read(struct break_text *out, const char *text,
                      struct arena *arena)
{
    size_t count = text_count(text);
    char *bytes = arena_strdup(arena, text);
    out->bytes = bytes;
    out->characters = arena_alloc(arena, (count + 1) * sizeof(uint32_t));
    out->offsets = arena_alloc(arena, (count + 1) * sizeof(size_t));
    out->cost = arena_alloc(arena, (count + 1) * sizeof(int));
    for (const char *at = bytes; *at && out->count < count; out->count++) {
        char *begin = bytes + (at - bytes);
        out->offsets[out->count] = (size_t)(at - bytes);
        uint32_t character = text_next(&at);
        if (character == '\n' || character == '\r' || character == '\t') {
            *begin = ' ';
            character = ' ';
        }
        out->characters[out->count] = character;
    }
    out->offsets[out->count] = strlen(bytes);
}

/* Numbers in characters that are too long to be one are lists: 一二三四五…. */
#define NUMERALS_MOST 10

static bool is_long_numeral(const struct break_text *text, size_t i)
{
    size_t from = i, to = i;
    while (from > 0 && is_in(numerals, text->characters[from - 1]))
        from--;
    while (to < text->count && is_in(numerals, text->characters[to]))
        to++;
    return to - from > NUMERALS_MOST;
}

/* Numbers with what belongs to them: digits, their unit, 第…届, year-month-day
 * as far as it is one number. */
static bool joins_number(const struct break_text *text, size_t i)
{
    uint32_t before = text->characters[i - 1], after = text->characters[i];
    if (is_digit(before) && (is_digit(after) || is_in(units, after)))
        return true;
    if (before == 0x7B2C) /* 第 */
        return is_digit(after) || is_in(numerals, after);
    if (is_in("约近逾超达共", before) && is_digit(after))
        return true;
    /* A unit of two characters: 2公里, 5万人, 100周年. */
    if (i >= 2 && is_digit(text->characters[i - 2]) && is_in(units, before) &&
        (is_in("里斤分升尺顷年元人吨度岁米方多余", after)))
        return true;
    if (!is_in(numerals, before))
        return false;
    if (is_in(numerals, after))
        return !is_long_numeral(text, i);
    if (after == 0x5927 && i >= 2) /* 二十大, 十九大 */
        return is_in(numerals, text->characters[i - 2]);
    if (!is_in(units, after))
        return false;
    /* 十九届, but not any 一 before a measure word alone. */
    for (size_t k = i - 1; k > 0 && i - k < 8; k--) {
        if (text->characters[k - 1] == 0x7B2C)
            return true;
        if (!is_in(numerals, text->characters[k - 1]))
            break;
    }
    return i >= 2 && is_in(numerals, text->characters[i - 2]);
}

static bool joins_pair(uint32_t before, uint32_t after)
{
    return before == after &&
           (before == 0x2014 || before == 0x2026 || before == 0x2E3A ||
            before == 0x22EF || before == 0x2015);
}

/* "5 km", "3 GB", "No. 3": the blank holds a number to its unit. Two letters at
 * most, or a whole sentence would hang on its year. */
static bool blank_joins(const struct break_text *text, size_t i)
{
    if (i < 2 || text->characters[i - 1] != ' ' ||
        !is_digit(text->characters[i - 2]))
        return false;
    size_t letters = 0;
    while (i + letters < text->count &&
           is_letter(text->characters[i + letters]))
        letters++;
    bool ends = i + letters == text->count ||
                !is_latin(text->characters[i + letters]) ||
                is_in(",.;:!?)", text->characters[i + letters]);
    return letters > 0 && letters <= 2 && ends;
}

/* Blanks do not free a mark: "！" after one still begins no line. */
static bool is_bound_over_blanks(const struct break_text *text, size_t i)
{
    size_t k = i;
    while (k > 0 && break_is_blank(text->characters[k - 1]))
        k--;
    uint32_t after = text->characters[i];
    if (k > 0 && is_in(not_at_end, text->characters[k - 1]))
        return true;
    return is_in(not_at_start, after) && !is_in("-‐–/／~～〜·‧・•%‰°", after);
}

/* CLREQ and what must stay whole; 0: a line may end here. */
static int prohibition(const struct break_text *text, size_t i, char allowed)
{
    uint32_t before = text->characters[i - 1], after = text->characters[i];
    bool spaced = break_is_blank(before);

    if (allowed == LINEBREAK_INSIDEACHAR || joins_pair(before, after))
        return BREAK_NEVER;
    if (break_is_blank(after)) /* the blank goes to the line before */
        return BREAK_NEVER;
    if (spaced && is_bound_over_blanks(text, i))
        return BREAK_NEVER;
    if (!spaced && is_in(not_at_end, before))
        return BREAK_NEVER;
    if (!spaced && is_in(not_at_start, after))
        return is_latin(before) && is_latin(after) ? BREAK_FORCED : BREAK_NEVER;
    if (blank_joins(text, i))
        return BREAK_FORCED;
    if (spaced)
        return 0;
    if (is_southeast_asian(before) && is_southeast_asian(after))
        return is_one_word(text, i) ? BREAK_FORCED : 0;
    if (is_latin(before) && is_latin(after))
        return before == '-' && is_letter(after) && i >= 2 &&
                       is_letter(text->characters[i - 2])
                   ? 0
                   : BREAK_FORCED;
    if (joins_number(text, i))
        return BREAK_FORCED;
    return allowed == LINEBREAK_NOBREAK ? BREAK_NEVER : 0;
}

static int cost_of(const struct break_text *text, size_t i)
{
    uint32_t before = text->characters[i - 1], after = text->characters[i];
    if (break_is_blank(before)) {
        size_t k = i - 1;
        while (k > 0 && break_is_blank(text->characters[k]))
            k--;
        return is_latin(text->characters[k]) && is_latin(after) ? 4 : 1;
    }
    if (is_in("”’」』）)》〉】…—⸺！？。!?", before)) {
        if (is_in("。！？!?…", before))
            return 0;
        return is_in("—⸺", before) ? 2 : 4;
    }
    if (is_in("；;", before))
        return 0;
    if (is_in("：:", before))
        return 1;
    if (is_in("，,", before))
        return 2;
    if (is_in("、", before))
        return 3;
    if (is_in("《“「『（(【〈—⸺", after))
        return 5;
    if (is_in("·‧・", before))
        return 7;

    if (is_southeast_asian(after))
        return 4;

    bool one_word = is_one_word(text, i);
    int cost = 10;
    if (one_word)
        cost += 12;
    else if (is_lone(text, i - 1) || is_lone(text, i))
        cost += 5;
    if (is_in(leans_back, after))
        cost += 10;
    if (is_in(opens, before))
        cost += 5;
    if (is_in("的了着", before))
        cost -= 5;
    if (is_in(opens, after) && !one_word)
        cost -= 4;
    if (is_in(units, before) && is_digit(after))
        cost += 8; /* 2022年|6月 */
    return cost < 3 ? 3 : cost;
}

static void keep_words(struct break_text *text, const char *const *keep,
                       size_t keep_count)
{
    for (size_t k = 0; k < keep_count; k++) {
        size_t size = strlen(keep[k]);
        const char *at = size ? strstr(text->bytes, keep[k]) : NULL;
        for (; at; at = strstr(at + 1, keep[k])) {
            size_t begin = (size_t)(at - text->bytes);
            for (size_t i = 1; i < text->count; i++) {
                if (text->offsets[i] > begin &&
                    text->offsets[i] < begin + size &&
                    text->cost[i] != BREAK_NEVER)
                    text->cost[i] = BREAK_FORCED;
            }
        }
    }
}

/* Titles of books and short quotes read badly in two: a break inside costs
 * more, unless the quote is itself a sentence. */
static void spare_quotes(struct break_text *text)
{
    static const char *const pairs[] = {"《》", "“”", "「」", "『』", "（）"};
    for (size_t p = 0; p < sizeof(pairs) / sizeof(*pairs); p++) {
        const char *at = pairs[p];
        uint32_t open = text_next(&at), close = text_next(&at);
        size_t begin = 0;
        for (size_t i = 0; i < text->count; i++) {
            if (text->characters[i] == open)
                begin = i + 1;
            if (text->characters[i] != close || !begin)
                continue;
            for (size_t k = begin; k <= i && i - begin < 12; k++) {
                if (text->cost[k] > BREAK_CLAUSE)
                    text->cost[k] += 10;
            }
            begin = 0;
        }
    }
}

void break_text_rate(struct break_text *out, const char *text,
                     const char *const *keep, size_t keep_count,
                     struct arena *arena)
{
    memset(out, 0, sizeof(*out));
    text_read(out, text, arena);
    break_text_find_words(out, arena);
    char *allowed = arena_alloc(arena, out->count + 1);
    /* Builds a table inside the library; doing it again changes nothing. */
    init_linebreak();
    set_linebreaks_utf32(out->characters, out->count, "zh", allowed);
    for (size_t i = 1; i < out->count; i++) {
        out->cost[i] = prohibition(out, i, allowed[i - 1]);
        if (out->cost[i] == 0)
            out->cost[i] = cost_of(out, i);
    }
    keep_words(out, keep, keep_count);
    spare_quotes(out);
}
