/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what a single cell of the list may say: keywords, names, and whether a
 * time is one at all. What a time means on a recording's clock is not known
 * here. */
#include "ingest/highlights_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/text.h"

/* "C7": column and row as a spreadsheet shows them. */
static const char *cell_address(struct arena *arena, int column, int row)
{
    char letters[8] = {0};
    size_t at = sizeof(letters) - 1;
    for (; column > 0 && at > 0; column = (column - 1) / 26)
        letters[--at] = (char)('A' + (column - 1) % 26);
    return arena_printf(arena, "%s%d", letters + at, row);
}

struct cell cell_of(const struct highlights *list, const struct highlight *row,
                    enum highlight_column column, struct arena *arena,
                    struct faults *faults)
{
    const char *heading = list->headings[column];
    if (!heading)
        heading = column_name(column);
    struct cell cell = {
        .arena = arena,
        .faults = faults,
        .place = {row->file, row->row, row->columns[column], heading},
        .name = heading,
        .text = row->cells[column],
    };
    if (row->columns[column])
        cell.name =
            arena_printf(arena, "%s (%s)", heading,
                         cell_address(arena, row->columns[column], row->row));
    return cell;
}

/* Folded for keywords: half width, no blanks around. */
static char *cell_fold(const struct cell *cell)
{
    return text_trim(cell->arena, text_fold_width(cell->arena, cell->text));
}

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++) {
        if (text_equal_fold(word, *words))
            return true;
    }
    return false;
}

static bool is_digits(const char *text, size_t count)
{
    return count > 0 && strspn(text, "0123456789") >= count;
}

const char *cell_clip(const struct cell *cell)
{
    static const char *const own[] = {"own",      "单独",     "單獨",
                                      "单独成片", "单独一条", NULL};
    char *value = cell_fold(cell);
    if (is_one_of(value, own))
        return NULL;
    /* A spreadsheet's number: 1.0, 01. */
    size_t digits = strspn(value, "0123456789");
    if (is_digits(value, digits) && digits < 10) {
        const char *rest = value + digits;
        if (*rest == '.' && strspn(rest + 1, "0") == strlen(rest + 1))
            rest += strlen(rest);
        if (!*rest)
            return arena_printf(cell->arena, "%ld", strtol(value, NULL, 10));
    }
    return cell->text;
}

/* --- times --------------------------------------------------------------- */

static size_t decimals_of(const char *number)
{
    const char *dot = strchr(number, '.');
    return dot ? strspn(dot + 1, "0123456789") : 0;
}

/* A spreadsheet counts time in days: 0.0430555 is 1:02:00, and 44740.0430555
 * that time on a day of 2022. Nobody writes seconds with so many places. */
static bool time_is_day_fraction(const struct cell *cell, const char *text)
{
    size_t length = strlen(text), places = decimals_of(text);
    if (strspn(text, "0123456789.") != length || places < 4)
        return false;
    struct timecode time;
    if (timecode_parse(text, &time) < 0 || time.form != TIMECODE_SECONDS)
        return false;
    int64_t whole = time.flicks / FLICKS_PER_SECOND;
    if (whole > 0 && (whole < 20000 || whole > 80000))
        return false;
    int64_t day = av_rescale(time.flicks % FLICKS_PER_SECOND, 86400, 1);
    /* Shown to the second, as a cell's few places carry no more. */
    int64_t seconds =
        av_rescale_rnd(day, 1, FLICKS_PER_SECOND, AV_ROUND_NEAR_INF);
    const char *of_day = TIMECODE_TEXT(seconds * FLICKS_PER_SECOND);
    fault_add(cell->faults, FAULT_ROW, cell->place,
              _("%s: \"%s\" can be read in two ways: as seconds (%s), or as a "
                "spreadsheet's fraction of a day (%s); format the column as "
                "text and write the time that is meant, such as %s"),
              cell->name, cell->text, TIMECODE_TEXT(time.flicks), of_day,
              of_day);
    return true;
}

/* 3,723: a thousands separator or a decimal comma. */
static bool time_has_comma(const struct cell *cell, char *text)
{
    char *comma = strchr(text, ',');
    if (!comma || strspn(text, "0123456789,") != strlen(text) ||
        strchr(comma + 1, ',') || comma == text)
        return false;
    if (strlen(comma + 1) != 3 || *text == '0') {
        *comma = '.';
        return false;
    }
    *comma = '\0';
    fault_add(cell->faults, FAULT_ROW, cell->place,
              _("%s: \"%s\" can be read in two ways, as %s.%s seconds or as "
                "%s%s seconds; write the one that is meant"),
              cell->name, cell->text, text, comma + 1, text, comma + 1);
    return true;
}

/* "2022/6/28 0:01:02", or 1900's first days, which a spreadsheet writes for
 * plain times. The blank in between ends the date. */
static bool time_has_date(const struct cell *cell, const char *text)
{
    const char *blank = strpbrk(text, " T");
    size_t date_size = blank ? (size_t)(blank - text) : strlen(text);
    const char *date = arena_strndup(cell->arena, text, date_size);
    int year = 0, month = 0, day = 0;
    bool is_date = timecode_parse_date(date, &year, &month, &day) == 0;
    /* Days before a spreadsheet's first one, which no calendar has. */
    is_date |= strncmp(date, "1900", 4) == 0 || strncmp(date, "1899", 4) == 0;
    if (!is_date || !strpbrk(date, "-/.年"))
        return false;
    struct timecode time = {0};
    if (!blank || timecode_parse(blank + 1, &time) < 0 ||
        time.form == TIMECODE_NONE) {
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" is a date, not a time of the recording; the "
                    "spreadsheet may have made it from what was typed: format "
                    "the column as text and write the time again"),
                  cell->name, cell->text);
        return true;
    }
    const char *elapsed = TIMECODE_TEXT(time.flicks);
    fault_add(cell->faults, FAULT_ROW, cell->place,
              _("%s: \"%s\" holds a date and can be read in two ways: as %s "
                "from the recording's begin, or as %s by the clock on the "
                "wall; format the column as text and write the time alone, "
                "the second only when the recording has \"starts\""),
              cell->name, cell->text, elapsed, blank + 1);
    return true;
}

/* "1:02-1:30" or "1:02至1:30" in one cell. */
static bool time_is_range(const struct cell *cell, const char *text)
{
    static const char *const joins[] = {"-", "~", "—", "–", "至", "到"};
    for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
        const char *join = strstr(text, joins[i]);
        if (!join || join == text)
            continue;
        struct timecode time;
        const char *first =
            arena_strndup(cell->arena, text, (size_t)(join - text));
        const char *second = join + strlen(joins[i]);
        while (strncmp(second, joins[i], strlen(joins[i])) == 0)
            second += strlen(joins[i]);
        if (timecode_parse(first, &time) < 0 || time.form == TIMECODE_NONE ||
            timecode_parse(second, &time) < 0 || time.form == TIMECODE_NONE)
            continue;
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" holds two times; write %s into the column "
                    "\"start\" and %s into the column \"end\""),
                  cell->name, cell->text, first, second);
        return true;
    }
    return false;
}

static bool is_below_zero(const char *text)
{
    static const char *const signs[] = {"-", "−", "–", "—"};
    struct timecode time;
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        size_t size = strlen(signs[i]);
        if (strncmp(text, signs[i], size) == 0)
            return timecode_parse(text + size, &time) == 0 && time.form;
    }
    return false;
}

static void time_refuse(const struct cell *cell, const char *text, int code)
{
    if (text[0] == '#')
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" is a spreadsheet's sign that it could not show "
                    "the cell; make the column wider or mend the formula, and "
                    "save the list again"),
                  cell->name, cell->text);
    else if (code == AVERROR(ERANGE) && !text[strspn(text, "0123456789.")])
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" is too large to be a time; write it as "
                    "1:02:03.250, 62:03, 3723.25, 1h2m3s or 1小时2分3秒"),
                  cell->name, cell->text);
    else if (code == AVERROR(ERANGE))
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" is no time, as minutes and seconds go up to "
                    "59; mend the number that is too large"),
                  cell->name, cell->text);
    else if (is_below_zero(text))
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" is below zero; times count on from the "
                    "recording's begin, 0:00: write one without the minus"),
                  cell->name, cell->text);
    else
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" is no time; write it as 1:02:03.250, 62:03, "
                    "3723.25, 1h2m3s or 1小时2分3秒"),
                  cell->name, cell->text);
}

void cell_read_time(const struct cell *cell, struct timecode *out)
{
    *out = (struct timecode){0};
    char *text = cell_fold(cell);
    /* The spreadsheet's own mark for "this is text", typed by hand. */
    text += *text == '\'';
    if (time_has_comma(cell, text) || time_is_day_fraction(cell, text))
        return;
    int ret = timecode_parse(text, out);
    if (ret == 0)
        return;
    *out = (struct timecode){0};
    if (!time_has_date(cell, text) && !time_is_range(cell, text))
        time_refuse(cell, text, ret);
}

/* --- keywords ------------------------------------------------------------ */

void cell_read_poster(const struct cell *cell, struct highlight *row)
{
    static const char *const yes[] = {"yes", "y", "true", "是", "有", "要",
                                      "√",   "✓", "✔",    "对", "對", NULL};
    static const char *const no[] = {"no", "n",    "false", "否", "无", "無",
                                     "不", "不要", "×",     "-",  NULL};
    char *text = cell_fold(cell);
    if (is_one_of(text, no))
        return;
    if (is_one_of(text, yes)) {
        row->poster = true;
        return;
    }
    if (strcmp(text, "1") == 0 || strcmp(text, "0") == 0) {
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" can be read in two ways, as \"%s\" or as the "
                    "time 0:0%s; write \"%s\" or 0:0%s"),
                  cell->name, cell->text, *text == '1' ? "yes" : "no", text,
                  *text == '1' ? "yes" : "no", text);
        return;
    }
    if (!text[strcspn(text, "0123456789")]) {
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" is neither yes nor no nor a time; write "
                    "\"yes\", or a time of the recording such as 0:12"),
                  cell->name, cell->text);
        return;
    }
    size_t before = cell->faults->count;
    cell_read_time(cell, &row->poster_at);
    row->poster = cell->faults->count == before;
}

static const struct {
    const char *word;
    enum transition_kind kind;
} transition_words[] = {
    {"cut", TRANSITION_CUT},
    {"切", TRANSITION_CUT},
    {"硬切", TRANSITION_CUT},
    {"直切", TRANSITION_CUT},
    {"无", TRANSITION_CUT},
    {"無", TRANSITION_CUT},
    {"none", TRANSITION_CUT},
    {"fade", TRANSITION_FADE},
    {"淡入", TRANSITION_FADE},
    {"淡出", TRANSITION_FADE},
    {"淡入淡出", TRANSITION_FADE},
    {"淡变", TRANSITION_FADE},
    {"黑场", TRANSITION_FADE},
    {"黑場", TRANSITION_FADE},
    {"dissolve", TRANSITION_DISSOLVE},
    {"叠化", TRANSITION_DISSOLVE},
    {"疊化", TRANSITION_DISSOLVE},
    {"溶解", TRANSITION_DISSOLVE},
    {"叠变", TRANSITION_DISSOLVE},
    {"交叉溶解", TRANSITION_DISSOLVE},
};
#define TRANSITION_WORDS                                                       \
    (sizeof(transition_words) / sizeof(transition_words[0]))
/* A longer one is a slip of the pen. */
#define TRANSITION_LONGEST (10 * FLICKS_PER_SECOND)

static void transition_unknown(const struct cell *cell, const char *word)
{
    const char *words[TRANSITION_WORDS];
    for (size_t i = 0; i < TRANSITION_WORDS; i++)
        words[i] = transition_words[i].word;
    const char *near = text_nearest(word, words, TRANSITION_WORDS);
    if (near)
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: there is no transition \"%s\"; did you mean \"%s\"?"),
                  cell->name, word, near);
    else
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: there is no transition \"%s\"; write cut, fade or "
                    "dissolve (切, 淡入淡出, 叠化), with a length if you like: "
                    "dissolve 0.5"),
                  cell->name, word);
}

void cell_read_transition(const struct cell *cell, struct highlight *row)
{
    char *text = cell_fold(cell);
    size_t word_size = strcspn(text, " \t0123456789.");
    const char *length = text + word_size;
    char *word =
        text_trim(cell->arena, arena_strndup(cell->arena, text, word_size));
    for (char *c = word; *c; c++) {
        if (strchr("(,:", *c))
            *c = '\0';
    }
    length += strspn(length, " \t");
    size_t found = 0;
    while (found < TRANSITION_WORDS &&
           !text_equal_fold(word, transition_words[found].word))
        found++;
    if (found == TRANSITION_WORDS) {
        transition_unknown(cell, word_size ? word : text);
        return;
    }
    row->transition = transition_words[found].kind;
    /* ".5", as hasty people write it. */
    char *number =
        arena_printf(cell->arena, "%s%s", *length == '.' ? "0" : "", length);
    number[strcspn(number, ")")] = '\0';
    if (!*number)
        return;
    struct timecode time;
    if (timecode_parse(number, &time) < 0 || time.flicks <= 0 ||
        (time.form != TIMECODE_SECONDS && time.form != TIMECODE_UNITS) ||
        time.flicks > TRANSITION_LONGEST || row->transition == TRANSITION_CUT) {
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" gives no length of a transition; write fade or "
                    "dissolve with seconds between 0 and 10, such as "
                    "dissolve 0.5"),
                  cell->name, cell->text);
        return;
    }
    row->transition_flicks = time.flicks;
}

static int crop_word(const char *text)
{
    static const char *const left[] = {"left", "左",   "左侧", "左側",
                                       "靠左", "左边", "左邊", NULL};
    static const char *const centre[] = {"centre", "center", "中",     "居中",
                                         "中间",   "中間",   "middle", NULL};
    static const char *const right[] = {"right", "右",   "右侧", "右側",
                                        "靠右",  "右边", "右邊", NULL};
    return is_one_of(text, left)     ? 0
           : is_one_of(text, centre) ? 50
           : is_one_of(text, right)  ? 100
                                     : -1;
}

/* "0.3": 30 % whose format was lost, or really a third of a percent. */
static bool crop_is_fraction(const struct cell *cell, const char *text)
{
    size_t zeros = strspn(text, "0");
    const char *places = text + zeros + 1;
    size_t count = strspn(places, "0123456789");
    if (zeros > 1 || text[zeros] != '.' || places[count] || count < 1 ||
        count > 2)
        return false;
    long value = strtol(places, NULL, 10);
    if (!value)
        return false;
    fault_add(cell->faults, FAULT_ROW, cell->place,
              _("%s: \"%s\" can be read in two ways, as %ld%% or as %s%%; "
                "write the percentage with its sign"),
              cell->name, cell->text, count == 1 ? value * 10 : value, text);
    return true;
}

/* "30", "30%", "30.00 %"; -1: none of these, or outside 0 to 100. */
static int crop_percentage(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    const char *rest = text + digits;
    if (*rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    rest += strspn(rest, " ");
    bool ends = !*rest || (*rest == '%' && !rest[1]);
    long value = digits && digits < 6 ? strtol(text, NULL, 10) : -1;
    return ends && value <= 100 ? (int)value : -1;
}

void cell_read_crop(const struct cell *cell, struct highlight *row)
{
    static const char *const words[] = {"left", "centre", "center", "right"};
    char *text = cell_fold(cell);
    row->crop_percent = crop_word(text);
    if (row->crop_percent >= 0 || crop_is_fraction(cell, text))
        return;
    row->crop_percent = crop_percentage(text);
    if (row->crop_percent >= 0)
        return;
    const char *near =
        text_nearest(text, words, sizeof(words) / sizeof(words[0]));
    if (near)
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: there is no place \"%s\" to crop at; did you mean "
                    "\"%s\"?"),
                  cell->name, cell->text, near);
    else
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" is no place to crop at; write left, centre, "
                    "right (左, 中, 右) or a percentage from 0 to 100"),
                  cell->name, cell->text);
}
