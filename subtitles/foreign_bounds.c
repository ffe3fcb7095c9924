/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an event's text ends up that is placed, turned, sheared or clipped:
 * boxes that contain it, on the safe side. Knows no fonts. */
#include "subtitles/foreign_parts.h"

#include <math.h>
#include <string.h>

/* Of the eye's distance, for what stands up towards it. */
#define NEAR_LEAST 0.1
#define DEGREE     (3.14159265358979323846 / 180)

static bool tag_is(const char *tag, size_t size, const char *name)
{
    size_t length = strlen(name);
    return size > length && strncmp(tag + 1, name, length) == 0;
}

/* --- what tags say -------------------------------------------------------- */

/* libass takes the first of these and leaves the others. */
static void take_place(struct foreign_look *look, const char *tag, size_t size)
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

static void take_turn(struct foreign_turn *turn, const char *tag, size_t size,
                      bool in_change)
{
    const struct {
        const char *name;
        double *number;
    } tags[] = {
        {"frx", &turn->x}, {"fry", &turn->y},       {"frz", &turn->z},
        {"fr", &turn->z},  {"fax", &turn->shear_x}, {"fay", &turn->shear_y},
    };
    double number;
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        if (!foreign_tag_number(tag, size, tags[i].name, &number))
            continue;
        turn->changes = turn->changes || (in_change && i < 4 && number != 0);
        /* Different letters may be sheared differently. */
        if (i < 4 || fabs(number) > fabs(*tags[i].number))
            *tags[i].number = number;
        return;
    }
    double origin[2];
    if (!turn->has_origin &&
        foreign_tag_numbers(tag, size, "org", origin, 2) == 2) {
        turn->has_origin = true;
        turn->origin_x = origin[0];
        turn->origin_y = origin[1];
    }
}

static void clip_add(struct foreign_look *look, double x, double y)
{
    struct foreign_box *clip = &look->clip;
    if (!look->has_clip)
        *clip = (struct foreign_box){x, y, x, y};
    look->has_clip = true;
    clip->left = fmin(clip->left, x);
    clip->top = fmin(clip->top, y);
    clip->right = fmax(clip->right, x);
    clip->bottom = fmax(clip->bottom, y);
}

/* A rectangle, or a drawing: a curve lies among its points. With several of
 * them, or one that changes, all together. */
static void take_clip(struct foreign_look *look, const char *tag, size_t size)
{
    double numbers[4];
    const char *end = tag + size;
    if (foreign_tag_numbers(tag, size, "clip", numbers, 4) == 4) {
        clip_add(look, numbers[0], numbers[1]);
        clip_add(look, numbers[2], numbers[3]);
        return;
    }
    const char *at = tag + strlen("\\clip(");
    const char *comma = memchr(at, ',', (size_t)(end - at));
    /* "\clip(scale,m 0 0 l …": a unit is 2^(1-scale) of the script's. */
    double unit =
        comma ? exp2(1 - fmax(fmin(foreign_number(at, NULL), 30), 1)) : 1;
    double x = 0;
    size_t count = 0;
    for (at = comma ? comma + 1 : at; at < end;) {
        if (!strchr("0123456789.-+", *at)) {
            at++;
            continue;
        }
        const char *next;
        double number = foreign_number(at, &next) * unit;
        if (count++ % 2)
            clip_add(look, x, number);
        x = number;
        at = next > at ? next : at + 1;
    }
}

void foreign_look_take(struct foreign_look *look, const char *tag, size_t size,
                       bool in_change)
{
    double number;
    take_place(look, tag, size);
    take_turn(&look->turn, tag, size, in_change);
    if (foreign_tag_number(tag, size, "p", &number) && number > 0)
        look->is_drawn = look->is_fixed = true;
    if (tag_is(tag, size, "clip") || tag_is(tag, size, "iclip") ||
        tag_is(tag, size, "org") || tag_is(tag, size, "pbo"))
        look->is_fixed = true;
    if (size > strlen("\\clip(") && tag_is(tag, size, "clip("))
        take_clip(look, tag, size);
}

/* --- boxes ---------------------------------------------------------------- */

bool foreign_turns(const struct foreign_turn *turn)
{
    return turn->changes || turn->x != 0 || turn->y != 0 || turn->z != 0 ||
           turn->shear_x != 0 || turn->shear_y != 0;
}

/* One point about the origin; as calc_transform_matrix, y grows down. */
static void turn_point(const struct foreign_turn *turn, double depth, double *x,
                       double *y)
{
    double cx = cos(turn->x * DEGREE), sx = -sin(turn->x * DEGREE);
    double cy = cos(turn->y * DEGREE), sy = sin(turn->y * DEGREE);
    double cz = cos(turn->z * DEGREE), sz = -sin(turn->z * DEGREE);
    double x2 = *x * cz - *y * sz, y2 = *x * sz + *y * cz;
    double y3 = y2 * cx, z3 = y2 * sx;
    double x4 = x2 * cy - z3 * sy, z4 = x2 * sy + z3 * cy;
    double near = fmax((depth + z4) / depth, NEAR_LEAST);
    *x = x4 / near;
    *y = y3 / near;
}

static struct foreign_box turn_any(const struct foreign_box *box, double x,
                                   double y, double depth)
{
    double reach_x = fmax(fabs(box->left - x), fabs(box->right - x));
    double reach_y = fmax(fabs(box->top - y), fabs(box->bottom - y));
    double reach = hypot(reach_x, reach_y);
    /* What turns towards the eye grows. */
    reach /= fmax(1 - reach / depth, NEAR_LEAST);
    return (struct foreign_box){x - reach, y - reach, x + reach, y + reach};
}

struct foreign_box foreign_turned(const struct foreign_turn *turn,
                                  struct foreign_box box, double x, double y,
                                  double tall, double depth)
{
    double lean_x = turn->shear_x * tall;
    double lean_y = turn->shear_y * (box.right - box.left);
    box.left += fmin(lean_x, 0);
    box.right += fmax(lean_x, 0);
    box.top -= fabs(lean_y);
    box.bottom += fabs(lean_y);
    if (turn->changes)
        return turn_any(&box, x, y, depth);
    struct foreign_box out = {HUGE_VAL, HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
    for (int corner = 0; corner < 4; corner++) {
        double dx = (corner & 1 ? box.right : box.left) - x;
        double dy = (corner & 2 ? box.bottom : box.top) - y;
        turn_point(turn, depth, &dx, &dy);
        out.left = fmin(out.left, x + dx);
        out.right = fmax(out.right, x + dx);
        out.top = fmin(out.top, y + dy);
        out.bottom = fmax(out.bottom, y + dy);
    }
    return out;
}
