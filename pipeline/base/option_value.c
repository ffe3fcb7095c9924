/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns how one option's value is read from text, and the reasons why it can't
 * be. Knows neither YAML nor the command line. */
#include "base/option.h"

#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static void *field(const struct option *option, void *object)
{
    return (char *)object + option->offset;
}

static int refuse(struct buffer *why, const char *reason)
{
    if (why)
        buffer_puts(why, reason);
    return AVERROR(EINVAL);
}

static int set_bool(bool *out, const char *text, struct buffer *why)
{
    static const char *const words[2][6] = {
        {"no", "false", "off", "0", "否", NULL},
        {"yes", "true", "on", "1", "是", NULL},
    };
    for (int value = 0; value < 2; value++) {
        for (int i = 0; words[value][i]; i++) {
            if (!text_equal_fold(text, words[value][i]))
                continue;
            *out = value;
            return 0;
        }
    }
    return refuse(why, _("write yes or no"));
}

static bool has_bounds(const struct option *option)
{
    return option->minimum != 0 || option->maximum != 0;
}

static int check_bounds(const struct option *option, double value,
                        struct buffer *why)
{
    if (!has_bounds(option) ||
        (value >= option->minimum && value <= option->maximum))
        return 0;
    if (why)
        buffer_printf(why, _("it must lie between %.15g and %.15g"),
                      option->minimum, option->maximum);
    return AVERROR(EINVAL);
}

static int set_int(const struct option *option, int64_t *out, const char *text,
                   struct buffer *why)
{
    char *end;
    errno = 0;
    const char *digits = text + (*text == '-' || *text == '+');
    int64_t value = strtoll(text, &end, 10);
    if (*digits < '0' || *digits > '9' || *end || errno)
        return refuse(why, _("write a whole number"));
    int ret = check_bounds(option, (double)value, why);
    if (ret >= 0)
        *out = value;
    return ret;
}

/* Whatever the locale's decimal sign is. */
static int read_real(const char *text, double *out, const char **end)
{
    char *stop;
    size_t length = strspn(text, "0123456789.+-eE");
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        return AVERROR(ENOMEM);
    errno = 0;
    *out = strtod_l(text, &stop, plain);
    bool is_number = stop != text && stop <= text + length && errno != ERANGE;
    freelocale(plain);
    *end = stop;
    return is_number ? 0 : AVERROR(EINVAL);
}

static int set_real(const struct option *option, double *out, const char *text,
                    struct buffer *why)
{
    const char *end;
    double value;
    if (read_real(text, &value, &end) < 0 || *end)
        return refuse(why, _("write a number"));
    int ret = check_bounds(option, value, why);
    if (ret >= 0)
        *out = value;
    return ret;
}

static int64_t bits_scale(const char *suffix)
{
    static const char *const suffixes[] = {"", "k", "M", "G"};
    int64_t scale = 1;
    for (int i = 0; i < 4; i++, scale *= 1000) {
        if (text_equal_fold(suffix, suffixes[i]))
            return scale;
    }
    return 0;
}

static int set_bits(const struct option *option, int64_t *out, const char *text,
                    struct buffer *why)
{
    const char *end;
    double value;
    int64_t scale = 0;
    if (*text >= '0' && *text <= '9' && read_real(text, &value, &end) >= 0)
        scale = bits_scale(end + strspn(end, " "));
    if (!scale || value * (double)scale >= 9e18)
        return refuse(why, _("write a number with k, M or G behind it, "
                             "such as 8500k or 12M"));
    value *= (double)scale;
    int ret = check_bounds(option, value, why);
    if (ret >= 0)
        *out = (int64_t)(value + 0.5);
    return ret;
}

static int set_choice(const struct option *option, int *out, const char *text,
                      struct buffer *why)
{
    size_t count = 0;
    for (; option->choices[count]; count++) {
        if (!text_equal_fold(text, option->choices[count]))
            continue;
        *out = (int)count;
        return 0;
    }
    if (!why)
        return AVERROR(EINVAL);
    const char *nearest = text_nearest(text, option->choices, count);
    struct buffer names = {0};
    for (size_t i = 0; i < count; i++)
        buffer_printf(&names, "%s%s", i ? ", " : "", option->choices[i]);
    if (nearest)
        buffer_printf(why, _("did you mean \"%s\"? The choices are: %s"),
                      nearest, buffer_text(&names));
    else
        buffer_printf(why, _("the choices are: %s"), buffer_text(&names));
    buffer_clear(&names);
    return AVERROR(EINVAL);
}

/* The hash may be missing: unquoted, it opens a comment in YAML. */
static int set_colour(uint32_t *out, const char *text, struct buffer *why)
{
    const char *digits = text + (*text == '#');
    size_t length = strspn(digits, "0123456789abcdefABCDEF");
    if (digits[length] || (length != 6 && length != 8))
        return refuse(why, _("write a colour in quotes as \"#rrggbb\", or "
                             "\"#rrggbbaa\" with its opacity"));
    unsigned long value = strtoul(digits, NULL, 16);
    *out = (uint32_t)(length == 6 ? value << 8 | 0xff : value);
    return 0;
}

static void list_add(struct option_list *list, const char *from, size_t size,
                     struct arena *arena)
{
    char *item = text_trim(arena, arena_strndup(arena, from, size));
    if (*item)
        *(const char **)arena_push(arena, &list->items, &list->count,
                                   sizeof(*list->items)) = item;
}

/* A comma in any of the three forms that a Chinese keyboard has. */
static void add_to_list(struct option_list *list, const char *text,
                        struct arena *arena)
{
    const char *at = text, *from = text;
    while (*at) {
        const char *here = at;
        uint32_t character = text_next(&at);
        if (character != ',' && character != 0xff0c && character != 0x3001)
            continue;
        list_add(list, from, (size_t)(here - from), arena);
        from = at;
    }
    list_add(list, from, (size_t)(at - from), arena);
}

static int set_list(const struct option *option, struct option_list *list,
                    const char *text, struct arena *arena)
{
    if (option->maximum == 1)
        list_add(list, text, strlen(text), arena);
    else
        add_to_list(list, text, arena);
    return 0;
}

int option_set(const struct option *option, void *object, const char *text,
               struct arena *arena, struct buffer *why)
{
    void *out = field(option, object);
    if (option->type == OPTION_LIST)
        return set_list(option, out, text, arena);
    if (option->type == OPTION_TEXT) {
        *(const char **)out = *text ? arena_strdup(arena, text) : NULL;
        return 0;
    }
    const char *word = text_trim(arena, text_fold_width(arena, text));
    switch (option->type) {
    case OPTION_BOOL:
        return set_bool(out, word, why);
    case OPTION_INT:
        return set_int(option, out, word, why);
    case OPTION_REAL:
        return set_real(option, out, word, why);
    case OPTION_CHOICE:
        return set_choice(option, out, word, why);
    case OPTION_COLOUR:
        return set_colour(out, word, why);
    case OPTION_BITS:
        return set_bits(option, out, word, why);
    default:
        return refuse(why, _("this can only be given in a file"));
    }
}
