/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads override tags: numbers, and what they mean for an event as a whole.
 * Changes nothing. */
#include "subtitles/foreign_parts.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* Digits of a number that anybody would mean. */
#define NUMBER_MOST 1e6

double foreign_number(const char *text, const char **end)
{
    const char *at = text + strspn(text, " \t");
    bool negative = *at == '-';
    double number = 0, unit = 1;
    at += *at == '-' || *at == '+';
    for (; *at >= '0' && *at <= '9'; at++)
        number = fmin(number * 10 + (*at - '0'), NUMBER_MOST);
    if (*at == '.') {
        for (at++; *at >= '0' && *at <= '9'; at++)
            number += (*at - '0') * (unit /= 10);
    }
    if (end)
        *end = at;
    return negative ? -number : number;
}

int foreign_weight(double number)
{
    if (number == 1 || number == -1)
        return 700;
    return number <= 0 ? 400 : (int)number;
}

struct face_wish foreign_wish(const char *family, size_t size, int weight,
                              bool italic)
{
    bool vertical = size > 1 && *family == '@';
    return (struct face_wish){family + vertical, size - vertical, weight,
                              italic};
}

const char *foreign_tag_next(const char **at, size_t *size)
{
    while (**at) {
        const char *open = strchr(*at, '{');
        const char *close = open ? strchr(open, '}') : NULL;
        /* `*at` stands either in words or behind a tag inside of a block. */
        const char *end = strchr(*at, '}');
        const char *tag = strchr(*at, '\\');
        bool inside = end && (!open || end < open);
        if (!inside) {
            if (!close)
                break;
            *at = open + 1;
            continue;
        }
        if (!tag || tag > end) {
            *at = end + 1;
            continue;
        }
        *size = 1 + strcspn(tag + 1, "\\}");
        *at = tag + *size;
        return tag;
    }
    return NULL;
}

bool foreign_tag_number(const char *tag, size_t size, const char *name,
                        double *number)
{
    size_t length = strlen(name);
    if (size < length + 2 || strncmp(tag + 1, name, length) != 0 ||
        !strchr("0123456789.-", tag[length + 1]))
        return false;
    *number = foreign_number(tag + 1 + length, NULL);
    return true;
}

size_t foreign_tag_numbers(const char *tag, size_t size, const char *name,
                           double *numbers, size_t most)
{
    size_t length = strlen(name), count = 0;
    if (size < length + 2 || strncmp(tag + 1, name, length) != 0 ||
        tag[length + 1] != '(')
        return 0;
    const char *at = tag + length + 2;
    while (count < most && at < tag + size) {
        numbers[count++] = foreign_number(at, &at);
        at += strspn(at, " \t");
        if (*at != ',')
            break;
        at++;
    }
    return count;
}

static bool tag_is(const char *tag, size_t size, const char *name)
{
    size_t length = strlen(name);
    return size > length && strncmp(tag + 1, name, length) == 0;
}

/* SSA's \a counts 1–3 below, 5–7 above, 9–11 in the middle. */
static int alignment_of_ssa(int number)
{
    int column = number & 3;
    if (column < 1 || number < 1 || number > 11)
        return 2;
    return column + (number & 4 ? 6 : number & 8 ? 3 : 0);
}

/* Sizes that text may reach. */
static void look_take_size(struct foreign_look *look, const char *tag,
                           size_t size)
{
    double number;
    if (foreign_tag_number(tag, size, "fscx", &number))
        look->scale_x = fmax(look->scale_x, number);
    else if (foreign_tag_number(tag, size, "fscy", &number))
        look->scale_y = fmax(look->scale_y, number);
    else if (foreign_tag_number(tag, size, "fsp", &number))
        look->spacing = fmax(look->spacing, number);
    else if (foreign_tag_number(tag, size, "fs", &number))
        look->size = fmax(look->size, number);
    else if (foreign_tag_number(tag, size, "bord", &number))
        look->edge = fmax(look->edge, number);
}

/* libass takes the first of these and leaves the others. */
static void look_take_place(struct foreign_look *look, const char *tag,
                            size_t size)
{
    double numbers[4];
    if (look->has_place || look->has_move)
        return;
    if (foreign_tag_numbers(tag, size, "pos", numbers, 2) == 2) {
        look->has_place = true;
        look->x[0] = look->x[1] = numbers[0];
        look->y[0] = look->y[1] = numbers[1];
    } else if (foreign_tag_numbers(tag, size, "move", numbers, 4) == 4) {
        look->has_move = true;
        look->x[0] = numbers[0];
        look->y[0] = numbers[1];
        look->x[1] = numbers[2];
        look->y[1] = numbers[3];
    }
}

struct foreign_look foreign_look_of(const struct foreign *foreign,
                                    const struct foreign_style *style,
                                    const char *words)
{
    static const char *const fixing[] = {"clip", "iclip", "org", "pbo"};
    static const char *const turning[] = {"fr", "fa", "t("};
    struct foreign_look look = {
        .family = style->family,
        .family_size = strlen(style->family),
        .weight = style->weight,
        .italic = style->italic,
        .size = style->size,
        .scale_x = fmax(style->scale_x, 1),
        .scale_y = fmax(style->scale_y, 1),
        .spacing = style->spacing,
        .edge = style->edge,
        .is_plain = true,
        .breaks_at_n = foreign->breaks_at_n,
    };
    bool family = false;
    size_t size;
    for (const char *at = words, *tag; (tag = foreign_tag_next(&at, &size));) {
        double number;
        look_take_size(&look, tag, size);
        look_take_place(&look, tag, size);
        if (!look.alignment && foreign_tag_number(tag, size, "an", &number))
            look.alignment = number >= 1 && number <= 9 ? (int)number : 2;
        else if (!look.alignment && foreign_tag_number(tag, size, "a", &number))
            look.alignment = alignment_of_ssa((int)number);
        else if (foreign_tag_number(tag, size, "q", &number))
            look.breaks_at_n = number == 2;
        else if (foreign_tag_number(tag, size, "b", &number))
            look.weight = number == 0 || number == 1 || number >= 100
                              ? foreign_weight(number)
                              : style->weight;
        else if (foreign_tag_number(tag, size, "i", &number))
            look.italic = number == 1;
        else if (foreign_tag_number(tag, size, "p", &number) && number > 0)
            look.is_fixed = true;
        else if (tag_is(tag, size, "fn") && size > 3 && !family) {
            look.family = tag + 3;
            look.family_size = size - 3;
            family = true;
        }
        for (size_t i = 0; i < sizeof(fixing) / sizeof(*fixing); i++)
            look.is_fixed = look.is_fixed || tag_is(tag, size, fixing[i]);
        for (size_t i = 0; i < sizeof(turning) / sizeof(*turning); i++)
            look.is_plain = look.is_plain && !tag_is(tag, size, turning[i]);
    }
    if (!look.alignment)
        look.alignment = style->alignment;
    look.is_plain = look.is_plain && !look.is_fixed && !look.has_move;
    look.is_fixed = look.is_fixed || look.has_place || look.has_move;
    return look;
}
