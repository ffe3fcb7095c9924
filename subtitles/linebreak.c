/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses among the rated places (linebreak_rules.c): as few lines as fit, and
 * of all ways to make so many the one that reads best and is balanced. Knows
 * widths only through the faces, and nothing of where lines are drawn. */
#include "subtitles/linebreak.h"
#include "subtitles/linebreak_parts.h"

#include <limits.h>
#include <string.h>

#include <libavutil/common.h>

/* Widths are sums over the text set in one piece; a line set alone may differ
 * by the kerning at its ends. */
#define SLACK_PX 0.5
/* A place that had to be opened because a whole word is wider than a line. */
#define COST_FORCED 40
/* Squared distance from the mean width, in ems, against break_text's costs. */
#define WEIGHT_BALANCE 0.25
/* An upper line that is longer than the lower one, where that is unwanted. */
#define COST_UPPER        9.0
#define COST_UPPER_CLAUSE 3.0 /* but it ends a clause */
/* Half a character is not seen in centred lines. */
#define UPPER_SLACK_EM 0.5
#define COST_ORDINARY  10 /* a break between two characters of no word */
/* What a line more costs where clauses come first. */
#define COST_LINE 2.0
/* A last line of a character or two below long ones. */
#define COST_WIDOW      12.0
#define WIDOW_MOST      0.5 /* of the mean width */
#define COST_IMPOSSIBLE 1e12

struct breaker {
    const struct line_rules *rules;
    struct arena *arena;
    struct break_text text;
    double *positions; /* count + 1 */
    /* Blank before and behind the ink of full-width marks, 0 for others. */
    double *blank_before, *blank_behind;
    bool forced;
};

/* Marks that a Chinese face sets in a full em with a blank half or rim: the
 * interpunct, the quotes, and from 3001 and FF01 on the Chinese marks. */
static bool is_wide_mark(uint32_t c)
{
    return c == 0xB7 || (c >= 0x2018 && c <= 0x201D) ||
           (c >= 0x3001 && c <= 0x3020) ||
           (c >= 0xFF01 && c <= 0xFF1F && !(c >= 0xFF10 && c <= 0xFF19)) ||
           (c >= 0xFF3B && c <= 0xFF5D && !(c >= 0xFF41 && c <= 0xFF5A));
}

static void measure_marks(struct breaker *breaker)
{
    const struct line_rules *rules = breaker->rules;
    const struct break_text *text = &breaker->text;
    size_t size = (text->count + 1) * sizeof(double);
    breaker->blank_before = arena_alloc(breaker->arena, size);
    breaker->blank_behind = arena_alloc(breaker->arena, size);
    for (size_t i = 0; i < text->count; i++) {
        struct face_line mark;
        if (!is_wide_mark(text->characters[i]))
            continue;
        const char *bytes =
            arena_strndup(breaker->arena, text->bytes + text->offsets[i],
                          text->offsets[i + 1] - text->offsets[i]);
        faces_measure(rules->faces, rules->font, rules->size_px,
                      rules->spacing_px, bytes, &mark);
        if (mark.ink_right <= mark.ink_left)
            continue;
        breaker->blank_before[i] = mark.ink_left;
        breaker->blank_behind[i] = mark.width - mark.ink_right;
    }
}

static bool is_dash(uint32_t c)
{
    return c == 0x2014 || c == 0x2E3A;
}

/* Behind a title's dash stands what names its subject: the two go together, as
 * on a page. In speech the dash is a pause, and ends a line. */
static void lead_with_dashes(struct break_text *text)
{
    for (size_t i = 1; i < text->count; i++) {
        if (text->cost[i] < 0)
            continue;
        if (is_dash(text->characters[i]))
            text->cost[i] = BREAK_CLAUSE;
        else if (is_dash(text->characters[i - 1]))
            text->cost[i] = COST_ORDINARY;
    }
}

static void breaker_init(struct breaker *breaker,
                         const struct line_rules *rules, const char *text,
                         struct arena *arena)
{
    memset(breaker, 0, sizeof(*breaker));
    breaker->rules = rules;
    breaker->arena = arena;
    break_text_rate(&breaker->text, text, rules->keep, rules->keep_count,
                    arena);
    if (rules->dash_leads)
        lead_with_dashes(&breaker->text);
    breaker->positions =
        arena_alloc(arena, (breaker->text.count + 1) * sizeof(double));
    faces_positions(rules->faces, rules->font, rules->size_px,
                    rules->spacing_px, breaker->text.bytes, breaker->positions);
    measure_marks(breaker);
}

/* The line without the blanks at its ends. */
static void trim(const struct breaker *breaker, size_t *from, size_t *to)
{
    const uint32_t *characters = breaker->text.characters;
    while (*from < *to && break_is_blank(characters[*from]))
        ++*from;
    while (*to > *from && break_is_blank(characters[*to - 1]))
        --*to;
}

static double width_of(const struct breaker *breaker, size_t from, size_t to)
{
    trim(breaker, &from, &to);
    if (from == to)
        return 0;
    return breaker->positions[to] - breaker->positions[from] -
           breaker->blank_before[from] - breaker->blank_behind[to - 1];
}

static bool line_fits(const struct breaker *breaker, size_t from, size_t to)
{
    return width_of(breaker, from, to) <= breaker->rules->width_px - SLACK_PX;
}

/* The furthest end of a line that begins at `from`. Where no permitted place
 * is near enough one is opened: in a word first, and only then against the
 * rules, as for a run of closing marks. */
static size_t line_fill(struct breaker *breaker, size_t from)
{
    const struct break_text *text = &breaker->text;
    size_t free_end = 0, forced_end = 0, any_end = from + 1;
    size_t to = from + 1;
    for (; to <= text->count && line_fits(breaker, from, to); to++) {
        if (to == text->count)
            return to;
        any_end = to;
        if (text->cost[to] >= 0)
            free_end = to;
        else if (text->cost[to] == BREAK_FORCED)
            forced_end = to;
    }
    if (free_end > from && width_of(breaker, from, free_end) > 0)
        return free_end;
    /* A blank that hangs over the edge does not count. */
    breaker->forced = true;
    size_t end = forced_end ? forced_end : any_end;
    if (end < text->count && text->cost[end] < 0)
        text->cost[end] = COST_FORCED;
    return end;
}

static size_t lines_needed(struct breaker *breaker, size_t from, size_t to,
                           size_t limit)
{
    size_t lines = 0;
    while (from < to && lines <= limit) {
        size_t end = line_fill(breaker, from);
        from = end < to ? end : to;
        lines++;
    }
    return lines;
}

static const char *line_text(const struct breaker *breaker, size_t from,
                             size_t to)
{
    const struct break_text *text = &breaker->text;
    trim(breaker, &from, &to);
    return arena_strndup(breaker->arena, text->bytes + text->offsets[from],
                         text->offsets[to] - text->offsets[from]);
}

static void lines_add(struct lines *lines, const struct breaker *breaker,
                      size_t from, size_t to)
{
    const char *text = line_text(breaker, from, to);
    if (!*text)
        return;
    const char **place = ARENA_PUSH(breaker->arena, lines->list, lines->count);
    *place = text;
}

/* Places where a line may end, with the text's begin and end. */
static size_t *candidates(const struct breaker *breaker, size_t *count)
{
    const struct break_text *text = &breaker->text;
    size_t *list =
        arena_alloc(breaker->arena, (text->count + 1) * sizeof(*list));
    *count = 0;
    list[(*count)++] = 0;
    for (size_t i = 1; i < text->count; i++) {
        if (text->cost[i] >= 0)
            list[(*count)++] = i;
    }
    list[(*count)++] = text->count;
    return list;
}

/* What a line costs by its end and its width. */
static double line_cost(const struct breaker *breaker, size_t from, size_t to,
                        double mean)
{
    const struct break_text *text = &breaker->text;
    if (!line_fits(breaker, from, to))
        return COST_IMPOSSIBLE;
    double width = width_of(breaker, from, to);
    double off = (width - mean) / breaker->rules->size_px;
    double weight = WEIGHT_BALANCE, end = 0;
    if (to < text->count)
        end = text->cost[to];
    else if (breaker->rules->keep_clauses && width < WIDOW_MOST * mean)
        end = COST_WIDOW;
    if (breaker->rules->keep_clauses)
        weight /= 2;
    return end + weight * off * off;
}

static double pair_cost(const struct breaker *breaker, size_t middle,
                        double mean)
{
    size_t end = breaker->text.count;
    double cost = line_cost(breaker, 0, middle, mean) +
                  line_cost(breaker, middle, end, mean);
    double excess =
        width_of(breaker, 0, middle) - width_of(breaker, middle, end);
    excess /= breaker->rules->size_px;
    if (!breaker->rules->lower_longer || excess <= 0)
        return cost;
    if (excess <= UPPER_SLACK_EM)
        return cost + 3 * excess;
    bool clause = breaker->text.cost[middle] <= BREAK_CLAUSE;
    return cost + (clause ? COST_UPPER_CLAUSE + excess / 2
                          : COST_UPPER + 1.5 * excess);
}

/* Returns what the best way costs. */
static double break_in_two(struct breaker *breaker, double mean,
                           struct lines *lines)
{
    size_t best = 0;
    double best_cost = 2 * COST_IMPOSSIBLE;
    for (size_t i = 1; i < breaker->text.count; i++) {
        if (breaker->text.cost[i] < 0)
            continue;
        double cost = pair_cost(breaker, i, mean);
        if (cost < best_cost) {
            best_cost = cost;
            best = i;
        }
    }
    lines_add(lines, breaker, 0, best);
    lines_add(lines, breaker, best, breaker->text.count);
    return best_cost;
}

/* Least cost of reaching each place in each number of lines; then back. */
static double break_in_many(struct breaker *breaker, size_t line_count,
                            double mean, struct lines *lines)
{
    size_t count;
    size_t *at = candidates(breaker, &count);
    double *cost =
        arena_alloc(breaker->arena, (line_count + 1) * count * sizeof(*cost));
    size_t *from =
        arena_alloc(breaker->arena, (line_count + 1) * count * sizeof(*from));
    for (size_t i = 0; i < (line_count + 1) * count; i++)
        cost[i] = i ? COST_IMPOSSIBLE : 0;

    for (size_t k = 1; k <= line_count; k++) {
        for (size_t j = 1; j < count; j++) {
            for (size_t i = 0; i < j; i++) {
                double sum = cost[(k - 1) * count + i] +
                             line_cost(breaker, at[i], at[j], mean);
                if (sum < cost[k * count + j]) {
                    cost[k * count + j] = sum;
                    from[k * count + j] = i;
                }
            }
        }
    }
    size_t *ends =
        arena_alloc(breaker->arena, (line_count + 1) * sizeof(*ends));
    ends[line_count] = count - 1;
    for (size_t k = line_count; k > 0; k--)
        ends[k - 1] = from[k * count + ends[k]];
    for (size_t k = 0; k < line_count; k++)
        lines_add(lines, breaker, at[ends[k]], at[ends[k + 1]]);
    return cost[line_count * count + count - 1];
}

static double break_in(struct breaker *breaker, size_t line_count,
                       struct lines *lines)
{
    size_t end = breaker->text.count;
    double mean = width_of(breaker, 0, end) / (double)FFMAX(line_count, 1);
    if (line_count > 2)
        return break_in_many(breaker, line_count, mean, lines);
    if (line_count == 2)
        return break_in_two(breaker, mean, lines);
    lines_add(lines, breaker, 0, end);
    return 0;
}

/* A line more, if that is worth it: each costs as much as a break at a less
 * than ideal place. */
static void try_more_lines(struct breaker *breaker, size_t needed, double cost,
                           struct lines *lines)
{
    for (size_t more = needed + 1;
         more <= breaker->rules->max_lines && more <= needed + 2; more++) {
        struct lines other = {0};
        double other_cost = break_in(breaker, more, &other) +
                            COST_LINE * (double)(more - needed);
        if (other_cost < cost && other.count == more) {
            cost = other_cost;
            *lines = other;
        }
    }
}

static void break_greedily(struct breaker *breaker, struct lines *lines)
{
    for (size_t from = 0; from < breaker->text.count;) {
        size_t end = line_fill(breaker, from);
        lines_add(lines, breaker, from, end);
        from = end;
    }
}

static bool lines_fit(const struct line_rules *rules, const struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        struct face_line line;
        faces_measure(rules->faces, rules->font, rules->size_px,
                      rules->spacing_px, lines->list[i], &line);
        if (line.ink_right - line.ink_left > rules->width_px)
            return false;
    }
    return lines->count <= rules->max_lines;
}

struct lines lines_break(const struct line_rules *rules, const char *text,
                         struct arena *arena)
{
    struct lines lines = {0};
    struct breaker breaker;
    breaker_init(&breaker, rules, text, arena);
    size_t end = breaker.text.count;
    size_t needed = lines_needed(&breaker, 0, end, rules->max_lines);
    if (needed > rules->max_lines) {
        break_greedily(&breaker, &lines);
    } else if (needed > 0) {
        double cost = break_in(&breaker, needed, &lines);
        if (rules->keep_clauses && needed > 1)
            try_more_lines(&breaker, needed, cost, &lines);
    }
    lines.fits = lines_fit(rules, &lines);
    lines.forced = breaker.forced;
    return lines;
}

/* What it costs over an ordinary place that the piece's own line has to end
 * inside a word or a title: then it is better cut in time. */
static double inner_cost(const struct breaker *breaker, size_t from, size_t to)
{
    const int *cost = breaker->text.cost;
    int best = INT_MAX;
    if (breaker->rules->max_lines != 2 || line_fits(breaker, from, to))
        return 0;
    for (size_t i = from + 1; i < to; i++) {
        if (cost[i] >= 0 && cost[i] < best && line_fits(breaker, from, i) &&
            line_fits(breaker, i, to))
            best = cost[i];
    }
    return best > COST_ORDINARY ? 1.5 * (best - COST_ORDINARY) : 0;
}

/* What a piece costs: each cut disturbs, most of all inside a clause; a scrap
 * of a few characters is worse than an even share. */
static double piece_cost(struct breaker *breaker, size_t from, size_t to)
{
    const struct break_text *text = &breaker->text;
    size_t limit = breaker->rules->max_lines;
    if (lines_needed(breaker, from, to, limit) > limit)
        return COST_IMPOSSIBLE;
    double room = breaker->rules->width_px * (double)limit;
    double share = width_of(breaker, from, to) / room;
    double cost = 8 + (to < text->count ? 2 * text->cost[to] : 0);
    cost += inner_cost(breaker, from, to);
    return share < 0.3 ? cost + 40 * (0.3 - share) : cost;
}

struct lines lines_pieces(const struct line_rules *rules, const char *text,
                          struct arena *arena)
{
    struct lines pieces = {.fits = true};
    struct breaker breaker;
    breaker_init(&breaker, rules, text, arena);
    lines_needed(&breaker, 0, breaker.text.count, breaker.text.count);
    pieces.forced = breaker.forced;

    size_t count;
    size_t *at = candidates(&breaker, &count);
    double *cost = arena_alloc(arena, count * sizeof(*cost));
    size_t *from = arena_alloc(arena, count * sizeof(*from));
    for (size_t j = 1; j < count; j++) {
        cost[j] = 2 * COST_IMPOSSIBLE;
        for (size_t i = j; i-- > 0;) {
            double piece = piece_cost(&breaker, at[i], at[j]);
            if (piece >= COST_IMPOSSIBLE && i + 1 < j)
                break; /* longer ones do not fit either */
            if (cost[i] + piece < cost[j]) {
                cost[j] = cost[i] + piece;
                from[j] = i;
            }
        }
    }
    size_t *ends = arena_alloc(arena, count * sizeof(*ends));
    size_t used = 0;
    for (size_t j = count - 1; j > 0; j = from[j])
        ends[used++] = j;
    while (used > 0) {
        used--;
        lines_add(&pieces, &breaker, at[from[ends[used]]], at[ends[used]]);
    }
    return pieces;
}
