/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the forms in which people and programs write times. Knows no
 * recording: which reading holds (elapsed, wall clock, time code) is decided
 * by who knows it. */
#include "base/timecode.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>

#include <libavutil/error.h>

#define CELL_ROOM   80
#define MAX_SECONDS INT64_C(1000000000)

/* A cell, folded to the few signs that matter: ASCII, lower case; words stay
 * UTF-8. False when it is too long to be a time. */
static bool fold_cell(const char *text, char out[CELL_ROOM])
{
    struct arena *arena = arena_create();
    const char *at = text_trim(arena, text_fold_width(arena, text));
    size_t size = 0;
    while (*at && size + 5 < CELL_ROOM) {
        char bytes[5];
        uint32_t c = text_next(&at);
        if (c == 0x2236 || c == 0xfe55) /* ∶ ﹕ */
            c = ':';
        else if (c == 0x2018 || c == 0x2019 || c == 0x2032) /* ‘ ’ ′ */
            c = '\'';
        else if (c == 0x201c || c == 0x201d || c == 0x2033) /* “ ” ″ */
            c = '"';
        else if (c == 0xa0 || c == '\t')
            c = ' ';
        else if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        int length = text_encode(c, bytes);
        memcpy(out + size, bytes, (size_t)length);
        size += (size_t)length;
    }
    out[size] = '\0';
    bool fits = !*at;
    arena_destroy(&arena);
    return fits;
}

/* One number as written: whole part, and a decimal fraction in flicks. */
struct number {
    int64_t whole;
    int64_t fraction; /* flicks of a unit of one second */
    int digits;       /* of the whole part */
    bool has_fraction;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip_blanks(const char **at)
{
    *at += strspn(*at, " ");
}

/* Reads digits; `points` are the signs that may open a fraction. */
static int read_number(const char **at, const char *points, struct number *out)
{
    *out = (struct number){0};
    for (; is_digit(**at); ++*at, out->digits++) {
        if (out->digits >= 12)
            return AVERROR(ERANGE);
        out->whole = out->whole * 10 + (**at - '0');
    }
    if (!out->digits)
        return AVERROR(EINVAL);
    if (!**at || !strchr(points, **at) || !is_digit((*at)[1]))
        return 0;
    int64_t value = 0, scale = 1;
    for (++*at; is_digit(**at); ++*at) {
        if (scale < INT64_C(1000000000)) {
            value = value * 10 + (**at - '0');
            scale *= 10;
        }
    }
    out->has_fraction = true;
    out->fraction = av_rescale(value, FLICKS_PER_SECOND, scale);
    return 0;
}

static int set_elapsed(struct timecode *out, int64_t hours, int64_t minutes,
                       int64_t seconds, int64_t fraction)
{
    if (hours > MAX_SECONDS / 3600 || minutes > MAX_SECONDS / 60 ||
        seconds > MAX_SECONDS)
        return AVERROR(ERANGE);
    int64_t total = hours * 3600 + minutes * 60 + seconds;
    if (total > MAX_SECONDS)
        return AVERROR(ERANGE);
    out->flicks = total * FLICKS_PER_SECOND + fraction;
    return 0;
}

/* The fields of 1:02:03.250 and the separators between them. */
struct fields {
    struct number list[4];
    char separators[4];
    int count;
    bool has_fraction;
};

/* A fraction ends the fields. Without a colon before it, a dot is only a
 * point while it is the last: "1.02.03" is typed on a number pad. */
static int read_fields(const char *at, struct fields *out)
{
    bool is_dotted = !strpbrk(at, ":;") && strchr(at, '.') != strrchr(at, '.');
    *out = (struct fields){0};
    for (;;) {
        if (out->count == 4)
            return AVERROR(EINVAL);
        const char *points = is_dotted ? "" : out->count ? ".," : ".";
        struct number *number = &out->list[out->count];
        int ret = read_number(&at, points, number);
        if (ret < 0)
            return ret;
        out->count++;
        skip_blanks(&at);
        if (!*at)
            break;
        if (number->has_fraction || !strchr(is_dotted ? "." : ":;", *at))
            return AVERROR(EINVAL);
        out->separators[out->count - 1] = *at++;
        skip_blanks(&at);
    }
    out->has_fraction = out->list[out->count - 1].has_fraction;
    if (is_dotted && out->count != 3)
        return AVERROR(EINVAL); /* 1.02.03.12: frames, or a fraction? */
    return 0;
}

/* One ';' before the frames, or four fields all with it, is drop-frame. With
 * fewer fields a ';' throughout is the colon's neighbour on the keyboard. */
static int check_separators(const struct fields *fields, bool *drop_frame)
{
    int joints = fields->count - 1, semicolons = 0;
    for (int i = 0; i < joints; i++)
        semicolons += fields->separators[i] == ';';
    *drop_frame = joints == 3 && fields->separators[2] == ';';
    if (!semicolons || semicolons == joints || (*drop_frame && semicolons == 1))
        return 0;
    return AVERROR(EINVAL);
}

static int parse_fields(const char *at, struct timecode *out)
{
    struct fields fields;
    int ret = read_fields(at, &fields);
    if (ret < 0 || (ret = check_separators(&fields, &out->drop_frame)) < 0)
        return ret;
    const struct number *list = fields.list;
    int64_t fraction = list[fields.count - 1].fraction;
    out->first = list[0].whole;
    out->second = list[1].whole;
    out->third = list[2].whole;
    out->has_fraction = fields.has_fraction;
    if (fields.count == 1) {
        out->form = TIMECODE_SECONDS;
        return set_elapsed(out, 0, 0, out->first, fraction);
    }
    if (out->second > 59 || out->third > 59)
        return AVERROR(ERANGE);
    if (fields.count == 2) {
        out->form = TIMECODE_MS;
        return set_elapsed(out, 0, out->first, out->second, fraction);
    }
    out->form = fields.count == 3 ? TIMECODE_HMS : TIMECODE_HMSF;
    if (fields.count == 4) {
        if (fields.has_fraction)
            return AVERROR(EINVAL);
        if (list[3].whole > 999)
            return AVERROR(ERANGE);
        out->frames = list[3].whole;
        fraction = 0;
    }
    return set_elapsed(out, out->first, out->second, out->third, fraction);
}

enum unit { UNIT_NONE, UNIT_HOUR, UNIT_MINUTE, UNIT_SECOND, UNIT_MS };

struct spelling {
    const char *text;
    enum unit unit;
};

/* Longer ones before those that they begin with. */
static const struct spelling spellings[] = {
    {"小时", UNIT_HOUR},     {"小時", UNIT_HOUR},      {"时", UNIT_HOUR},
    {"時", UNIT_HOUR},       {"hours", UNIT_HOUR},     {"hour", UNIT_HOUR},
    {"hr", UNIT_HOUR},       {"h", UNIT_HOUR},         {"分钟", UNIT_MINUTE},
    {"分鐘", UNIT_MINUTE},   {"分", UNIT_MINUTE},      {"minutes", UNIT_MINUTE},
    {"minute", UNIT_MINUTE}, {"min", UNIT_MINUTE},     {"毫秒", UNIT_MS},
    {"ms", UNIT_MS},         {"m", UNIT_MINUTE},       {"''", UNIT_SECOND},
    {"'", UNIT_MINUTE},      {"秒钟", UNIT_SECOND},    {"秒鐘", UNIT_SECOND},
    {"秒", UNIT_SECOND},     {"seconds", UNIT_SECOND}, {"second", UNIT_SECOND},
    {"sec", UNIT_SECOND},    {"s", UNIT_SECOND},       {"\"", UNIT_SECOND},
};

static enum unit read_unit(const char **at)
{
    for (size_t i = 0; i < sizeof(spellings) / sizeof(*spellings); i++) {
        size_t length = strlen(spellings[i].text);
        if (strncmp(*at, spellings[i].text, length) == 0) {
            *at += length;
            return spellings[i].unit;
        }
    }
    return UNIT_NONE;
}

static int64_t unit_scale(enum unit unit)
{
    return unit == UNIT_HOUR ? 3600 : unit == UNIT_MINUTE ? 60 : 1;
}

/* Adds "12分"; `last` is the unit before it, or UNIT_NONE. */
static int add_unit(struct timecode *out, const struct number *number,
                    enum unit unit, enum unit last)
{
    int64_t *const parts[] = {NULL, &out->first, &out->second, &out->third};
    if (unit <= last)
        return AVERROR(EINVAL);
    if (last && number->whole >= (unit == UNIT_MS ? 1000 : 60))
        return AVERROR(ERANGE);
    out->has_fraction = number->has_fraction || unit == UNIT_MS;
    if (unit == UNIT_MS) {
        if (number->whole > MAX_SECONDS * 1000)
            return AVERROR(ERANGE);
        out->flicks += number->whole * (FLICKS_PER_SECOND / 1000);
        return 0;
    }
    *parts[unit] = number->whole;
    struct timecode part;
    int ret = set_elapsed(&part, 0, 0, number->whole, 0);
    if (ret < 0 ||
        part.flicks > MAX_SECONDS / unit_scale(unit) * FLICKS_PER_SECOND)
        return AVERROR(ERANGE);
    out->flicks += (part.flicks + number->fraction) * unit_scale(unit);
    return 0;
}

/* 12分半 */
static int add_half(struct timecode *out, enum unit unit)
{
    return add_unit(out, &(struct number){.whole = 30, .digits = 2}, unit + 1,
                    unit);
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* 1h2m3s, 1小时2分3秒, 1'30", 1分30: a last bare number is of the next unit. */
static int parse_units(const char *at, struct timecode *out)
{
    enum unit last = UNIT_NONE;
    out->form = TIMECODE_UNITS;
    while (*at) {
        struct number number;
        if (out->has_fraction)
            return AVERROR(EINVAL); /* 1.5分30秒 */
        int ret = read_number(&at, ".", &number);
        if (ret < 0)
            return ret;
        skip_blanks(&at);
        out->of_day |= starts_with(at, "时") || starts_with(at, "時");
        enum unit unit = read_unit(&at);
        if (!unit) {
            if (*at || !last || last >= UNIT_SECOND)
                return AVERROR(EINVAL);
            unit = last + 1;
        }
        if ((ret = add_unit(out, &number, unit, last)) < 0)
            return ret;
        last = unit;
        skip_blanks(&at);
        if (unit < UNIT_SECOND && strcmp(at, "半") == 0 && !out->has_fraction)
            return add_half(out, unit);
    }
    return 0;
}

enum half { HALF_NONE, HALF_AM, HALF_NOON, HALF_PM };

struct half_word {
    const char *text;
    enum half half;
};

/* 晚上12点 is midnight of the next day to some: it has no reading here. */
static const struct half_word half_words[] = {
    {"上午", HALF_AM}, {"早上", HALF_AM}, {"早晨", HALF_AM},
    {"凌晨", HALF_AM}, {"清晨", HALF_AM}, {"中午", HALF_NOON},
    {"下午", HALF_PM}, {"傍晚", HALF_PM}, {"晚上", HALF_PM},
    {"am", HALF_AM},   {"pm", HALF_PM},   {"a.m.", HALF_AM},
    {"p.m.", HALF_PM},
};

/* Takes the word for the half of the day from either end of the cell. */
static enum half take_half(char *cell)
{
    size_t size = strlen(cell);
    for (size_t i = 0; i < sizeof(half_words) / sizeof(*half_words); i++) {
        size_t length = strlen(half_words[i].text);
        if (size <= length)
            continue;
        char *end = cell + size - length;
        if (strcmp(end, half_words[i].text) == 0) {
            do
                *end = '\0';
            while (end > cell && *--end == ' ');
            return half_words[i].half;
        }
        if (strncmp(cell, half_words[i].text, length) == 0) {
            length += strspn(cell + length, " ");
            memmove(cell, cell + length, size - length + 1);
            return half_words[i].half;
        }
    }
    return HALF_NONE;
}

/* The hour of 24 that an hour of 12 means, or negative. */
static int64_t hour_of_day(int64_t hour, enum half half, bool is_evening)
{
    if (hour > 23 || (half == HALF_AM && hour > 12))
        return AVERROR(ERANGE);
    if (half == HALF_AM)
        return hour % 12;
    if (half == HALF_NOON)
        return hour >= 10 && hour <= 14 ? hour
               : hour == 1 || hour == 2 ? hour + 12
                                        : AVERROR(ERANGE);
    if (half == HALF_PM && is_evening && (hour == 12 || hour == 0))
        return AVERROR(EINVAL);
    return half == HALF_PM && hour < 12 ? hour + 12 : hour;
}

/* 2点32分, 2点: the same as with 时, but never an elapsed time. */
static void plain_clock(char *cell)
{
    char *word = strstr(cell, "点");
    word = word ? word : strstr(cell, "點");
    if (!word)
        return;
    memcpy(word, "时", strlen("时"));
}

static int parse_daytime(char *cell, enum half half, bool is_evening,
                         struct timecode *out)
{
    plain_clock(cell);
    bool is_spelt = strstr(cell, "时") || strstr(cell, "時");
    int ret = is_spelt ? parse_units(cell, out) : parse_fields(cell, out);
    if (ret < 0)
        return ret;
    if (!is_spelt && out->form != TIMECODE_MS && out->form != TIMECODE_HMS)
        return AVERROR(EINVAL);
    /* Two fields are hours and minutes here. */
    int64_t seconds = out->third, fraction = 0;
    if (out->has_fraction && (is_spelt || out->form != TIMECODE_HMS))
        return AVERROR(EINVAL);
    if (out->has_fraction)
        fraction = out->flicks % FLICKS_PER_SECOND;
    int64_t hour = hour_of_day(out->first, half, is_evening);
    if (hour < 0)
        return (int)hour;
    out->form = TIMECODE_DAYTIME;
    return set_elapsed(out, hour, out->second, seconds, fraction);
}

int timecode_parse(const char *text, struct timecode *out)
{
    char cell[CELL_ROOM];
    *out = (struct timecode){0};
    if (text_is_blank(text))
        return 0;
    struct timecode read = {0};
    int ret = AVERROR(EINVAL);
    if (fold_cell(text, cell)) {
        bool is_evening = strstr(cell, "晚");
        enum half half = take_half(cell);
        if (half || strstr(cell, "点") || strstr(cell, "點"))
            ret = parse_daytime(cell, half, is_evening, &read);
        else if (cell[strspn(cell, "0123456789.,:; ")])
            ret = parse_units(cell, &read);
        else
            ret = parse_fields(cell, &read);
    }
    if (ret >= 0)
        *out = read;
    return ret;
}
