/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns how an object is written as YAML so that loading it gives the object
 * back. Knows no file. */
#include "base/option.h"

#include "base/memory.h"
#include "base/text.h"

#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fewer signs than YAML allows bare: what is not here is quoted. Words that
 * other YAML readers take for no text are quoted too. */
static bool is_plain(const char *text)
{
    static const char *const words[] = {"null", "true", "false", "yes",
                                        "no",   "on",   "off",   "~"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (text_equal_fold(text, words[i]))
            return false;
    }
    size_t length = strlen(text);
    if (!length || strchr("-./ ", text[0]) || text[length - 1] == ' ')
        return false;
    for (uint32_t character; (character = text_next(&text));) {
        bool is_word = (character >= '0' && character <= '9') ||
                       (character >= 'A' && character <= 'Z') ||
                       (character >= 'a' && character <= 'z') ||
                       strchr("-_./ ", (int)(character & 0x7f));
        /* Not the line ends of Unicode, nor the mark of byte order. */
        bool is_text = character >= 0xa1 && character != 0x2028 &&
                       character != 0x2029 && character != 0xfeff &&
                       character != 0xfffe && character != 0xffff;
        if (character < 0x80 ? !is_word : !is_text)
            return false;
    }
    return true;
}

static void print_quoted(struct buffer *out, const char *text)
{
    buffer_puts(out, "\"");
    for (uint32_t character; (character = text_next(&text));) {
        char bytes[5];
        if (character == '"' || character == '\\')
            buffer_printf(out, "\\%c", (int)character);
        else if (character == '\n')
            buffer_puts(out, "\\n");
        else if (character < 0x20 || (character >= 0x7f && character <= 0xa0) ||
                 character == 0x2028 || character == 0x2029 ||
                 character == 0xfeff || (character | 1) == 0xffff)
            buffer_printf(out, "\\u%04x", (unsigned)character);
        else
            buffer_append(out, bytes, (size_t)text_encode(character, bytes));
    }
    buffer_puts(out, "\"");
}

static void print_text(struct buffer *out, const char *text)
{
    if (is_plain(text))
        buffer_puts(out, text);
    else
        print_quoted(out, text);
}

/* The shortest decimal that reads back as the same double. */
static void print_real(struct buffer *out, double value)
{
    char text[40];
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        memory_gone();
    locale_t before = uselocale(plain);
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    uselocale(before);
    freelocale(plain);
    buffer_puts(out, text);
}

static void print_bits(struct buffer *out, int64_t value)
{
    static const char *const suffixes[] = {"", "k", "M", "G"};
    int i = 0;
    for (; i < 3 && value && value % 1000 == 0; i++)
        value /= 1000;
    buffer_printf(out, "%" PRId64 "%s", value, suffixes[i]);
}

static void print_colour(struct buffer *out, uint32_t colour)
{
    buffer_printf(out, "\"#%06" PRIx32, colour >> 8);
    if ((colour & 0xff) != 0xff)
        buffer_printf(out, "%02" PRIx32, colour & 0xff);
    buffer_puts(out, "\"");
}

static void print_list(struct buffer *out, const struct option_list *list)
{
    buffer_puts(out, "[");
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            buffer_puts(out, ", ");
        print_text(out, list->items[i]);
    }
    buffer_puts(out, "]");
}

/* What reads back as it is without being printed. */
static bool is_left_out(const struct option *option, const void *value)
{
    switch (option->type) {
    case OPTION_NONE:
    case OPTION_NODE:
        return true;
    case OPTION_TEXT:
        return !option->fallback && !*(const char *const *)value;
    case OPTION_LIST:
        return !option->fallback && !((const struct option_list *)value)->count;
    default:
        return false;
    }
}

static void print_value(const struct option *option, const void *value,
                        struct buffer *out)
{
    const char *text;
    switch (option->type) {
    case OPTION_BOOL:
        buffer_puts(out, *(const bool *)value ? "yes" : "no");
        break;
    case OPTION_INT:
        buffer_printf(out, "%" PRId64, *(const int64_t *)value);
        break;
    case OPTION_REAL:
        print_real(out, *(const double *)value);
        break;
    case OPTION_TEXT:
        text = *(const char *const *)value;
        print_text(out, text ? text : "");
        break;
    case OPTION_CHOICE:
        print_text(out, option->choices[*(const int *)value]);
        break;
    case OPTION_COLOUR:
        print_colour(out, *(const uint32_t *)value);
        break;
    case OPTION_BITS:
        print_bits(out, *(const int64_t *)value);
        break;
    case OPTION_LIST:
        print_list(out, value);
        break;
    case OPTION_NONE:
    case OPTION_NODE:
        break;
    }
}

void option_print(const struct option *table, size_t count, const void *object,
                  struct buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        const void *value = (const char *)object + table[i].offset;
        if (is_left_out(&table[i], value))
            continue;
        buffer_printf(out, "%s: ", table[i].name);
        print_value(&table[i], value, out);
        buffer_puts(out, "\n");
    }
}
