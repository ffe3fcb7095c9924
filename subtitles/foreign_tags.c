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

/* Another style may be larger. */
static void look_take_reset(struct foreign_look *look,
                            const struct foreign *foreign, const char *tag,
                            size_t size)
{
    char name[128];
    if (size <= 2 || size - 2 >= sizeof(name) || tag[1] != 'r' ||
        strncmp(tag, "\\rnd", 4) == 0)
        return;
    memcpy(name, tag + 2, size - 2);
    name[size - 2] = '\0';
    const struct foreign_style *style =
        &foreign->style_list[foreign_style_find(foreign, name)];
    look->size = fmax(look->size, style->size);
    look->scale_x = fmax(look->scale_x, style->scale_x);
    look->scale_y = fmax(look->scale_y, style->scale_y);
    look->edge = fmax(look->edge, style->edge);
}

static void look_take_type(struct foreign_look *look,
                           const struct foreign *foreign,
                           const struct foreign_style *style, const char *tag,
                           size_t size)
{
    double number;
    look_take_size(look, tag, size);
    look_take_reset(look, foreign, tag, size);
    if (!look->alignment && foreign_tag_number(tag, size, "an", &number))
        look->alignment = number >= 1 && number <= 9 ? (int)number : 2;
    else if (!look->alignment && foreign_tag_number(tag, size, "a", &number))
        look->alignment = alignment_of_ssa((int)number);
    else if (foreign_tag_number(tag, size, "q", &number))
        look->breaks_at_n = number == 2;
    else if (foreign_tag_number(tag, size, "b", &number))
        look->weight = number == 0 || number == 1 || number >= 100
                           ? foreign_weight(number)
                           : style->weight;
    else if (foreign_tag_number(tag, size, "i", &number))
        look->italic = number == 1;
}

/* Inside of \t from its bracket to the one that closes it. */
struct change {
    int depth, begun; /* brackets; 0: not inside */
};

static bool change_follow(struct change *change, const char *tag, size_t size)
{
    bool begins = size > 2 && strncmp(tag, "\\t(", 3) == 0;
    if (begins && !change->begun)
        change->begun = change->depth + 1;
    bool inside = change->begun > 0;
    for (size_t i = 0; i < size; i++)
        change->depth += (tag[i] == '(') - (tag[i] == ')');
    if (change->depth < change->begun)
        change->begun = 0;
    return inside;
}

struct foreign_look foreign_look_of(const struct foreign *foreign,
                                    const struct foreign_style *style,
                                    const char *words)
{
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
        .turn = {.z = style->angle},
        .breaks_at_n = foreign->breaks_at_n,
    };
    struct change change = {0};
    bool family = false;
    size_t size;
    for (const char *at = words, *tag; (tag = foreign_tag_next(&at, &size));) {
        bool changes = change_follow(&change, tag, size);
        look_take_type(&look, foreign, style, tag, size);
        foreign_look_take(&look, tag, size, changes);
        if (size > 3 && strncmp(tag, "\\fn", 3) == 0 && !family) {
            look.family = tag + 3;
            look.family_size = size - 3;
            family = true;
        }
    }
    if (!look.alignment)
        look.alignment = style->alignment;
    look.is_plain = !look.is_drawn && !look.is_fixed && !look.has_move &&
                    !foreign_turns(&look.turn);
    look.is_fixed = look.is_fixed || look.has_place || look.has_move;
    return look;
}
