/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns how a time is shown to people, and the forms of a date. Knows no
 * calendar but the Gregorian, and no clock. */
#include "base/timecode.h"

#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <libavutil/error.h>

char *timecode_text(int64_t flicks, char buffer[40])
{
    if (flicks == FLICKS_NONE) {
        snprintf(buffer, 40, "?");
        return buffer;
    }
    /* Rounded first, so that 59.9996 s is a minute and not 0:60. */
    int64_t ms = clock_ms(flicks);
    const char *sign = ms < 0 ? "-" : "";
    ms = ms < 0 ? -ms : ms;
    int64_t seconds = ms / 1000, minutes = seconds / 60;
    int size = minutes < 60 ? snprintf(buffer, 40, "%s%" PRId64 ":%02d", sign,
                                       minutes, (int)(seconds % 60))
                            : snprintf(buffer, 40, "%s%" PRId64 ":%02d:%02d",
                                       sign, minutes / 60, (int)(minutes % 60),
                                       (int)(seconds % 60));
    if (ms % 1000)
        snprintf(buffer + size, 40 - (size_t)size, ".%03d", (int)(ms % 1000));
    return buffer;
}

void timecode_print(struct buffer *out, int64_t flicks)
{
    buffer_puts(out, TIMECODE_TEXT(flicks));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int read_digits(const char **at, int most, int *out)
{
    int digits = 0;
    for (*out = 0; digits < most && is_digit(**at); ++*at, digits++)
        *out = *out * 10 + (**at - '0');
    return digits;
}

static bool skip_text(const char **at, const char *text)
{
    size_t length = strlen(text);
    if (strncmp(*at, text, length) != 0)
        return false;
    *at += length;
    return true;
}

static int check_date(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    if (year < 1900 || year > 2999 || month < 1 || month > 12)
        return AVERROR(ERANGE);
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    int length = lengths[month - 1] + (month == 2 && is_leap);
    return day < 1 || day > length ? AVERROR(ERANGE) : 0;
}

/* What lies between: the same sign twice, or 年 月 and 日 or 号 at the end. */
static bool read_date(const char *at, int out[3])
{
    static const char *const signs[] = {"-", "/", "."};
    if (read_digits(&at, 4, &out[0]) != 4)
        return false;
    if (is_digit(*at))
        return read_digits(&at, 2, &out[1]) == 2 &&
               read_digits(&at, 2, &out[2]) == 2 && !*at;
    const char *second = NULL;
    at += strspn(at, " ");
    for (size_t i = 0; !second && i < sizeof(signs) / sizeof(*signs); i++)
        second = skip_text(&at, signs[i]) ? signs[i] : NULL;
    bool is_chinese = !second && skip_text(&at, "年");
    if (!second && !is_chinese)
        return false;
    at += strspn(at, " ");
    if (!read_digits(&at, 2, &out[1]))
        return false;
    at += strspn(at, " ");
    if (!skip_text(&at, is_chinese ? "月" : second))
        return false;
    at += strspn(at, " ");
    if (!read_digits(&at, 2, &out[2]))
        return false;
    at += strspn(at, " ");
    if (is_chinese && !skip_text(&at, "日"))
        skip_text(&at, "号");
    return !*at;
}

int timecode_parse_date(const char *text, int *year, int *month, int *day)
{
    int parts[3];
    struct arena *arena = arena_create();
    const char *cell = text_trim(arena, text_fold_width(arena, text));
    bool is_date = read_date(cell, parts);
    arena_destroy(&arena);
    int ret =
        is_date ? check_date(parts[0], parts[1], parts[2]) : AVERROR(EINVAL);
    if (ret < 0)
        return ret;
    *year = parts[0];
    *month = parts[1];
    *day = parts[2];
    return 0;
}
