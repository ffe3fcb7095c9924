/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives dialogue its places: rows from the safe area's edges, one above the
 * other, clear of titles. Sizes are settled before. */
#include "subtitles/foreign_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* About what libass's eye is away from a page of 1080 lines; only what is
 * turned out of the page asks. */
#define EYE_DEPTH 312.5

size_t *foreign_sort_shown(const struct foreign_fitted *fitted, bool in_picture,
                           size_t *count, struct arena *arena)
{
    struct foreign_start *list =
        arena_alloc(arena, (fitted->count + 1) * sizeof(*list));
    *count = 0;
    for (size_t i = 0; i < fitted->count; i++) {
        const struct foreign_shown *shown = &fitted->list[i];
        if (shown->in_picture == in_picture &&
            !(in_picture && shown->event->placed))
            list[(*count)++] =
                (struct foreign_start){fitted->list[i].event->start_ms, i};
    }
    return foreign_sort(list, *count, arena);
}

double foreign_margin(const struct foreign_event *event, int side, double style)
{
    double own = foreign_number(event->margin[side], NULL);
    return own > 0 ? own : style;
}

void foreign_find_row(const struct foreign_fitting *fitting,
                      struct foreign_shown *shown)
{
    const struct foreign_rules *rules = fitting->rules;
    const struct foreign_box *safe = &rules->safe;
    const struct foreign_event *event = shown->event;
    double height = fitting->frame->height;
    double share = height / fitting->foreign->play_y;
    double margin =
        foreign_margin(
            event, 2,
            fitting->foreign->style_list[event->style].margin_vertical) *
        share;
    double tall = shown->box.bottom - shown->box.top, top;
    int row = (shown->alignment - 1) / 3;
    double lowest =
        fitting->out->same_shape ? safe->bottom : rules->caption_bottom;
    if (row == 0)
        top = fmin(height - margin + shown->edge, lowest) - tall;
    else if (row == 2)
        top = fmax(margin - shown->edge, safe->top);
    else
        top = (height - tall) / 2;
    top = fmax(fmin(top, safe->bottom - tall), safe->top);
    shown->box.top = top;
    shown->box.bottom = top + tall;
}

static bool boxes_meet(const struct foreign_box *a, const struct foreign_box *b)
{
    return a->left < b->right && b->left < a->right && a->top < b->bottom &&
           b->top < a->bottom;
}

static void shown_move(struct foreign_shown *shown,
                       const struct foreign_box *other)
{
    double tall = shown->box.bottom - shown->box.top;
    if ((shown->alignment - 1) / 3 == 0)
        shown->box.top = other->top - tall;
    else
        shown->box.top = other->bottom;
    shown->box.bottom = shown->box.top + tall;
}

static bool events_meet(const struct foreign_event *a, int64_t start_ms,
                        int64_t end_ms)
{
    return a->start_ms < end_ms && start_ms < a->end_ms;
}

/* libass keeps events of one layer apart. Of what its author placed, only that
 * which stood at one place is meant to lie over one another: a text and its
 * glow. */
static bool may_overlap(const struct foreign_event *a,
                        const struct foreign_event *b)
{
    if (a->fixed && b->fixed)
        return a->look->x[0] == b->look->x[0] && a->look->y[0] == b->look->y[0];
    return !a->fixed && !b->fixed && strcmp(a->layer, b->layer) != 0;
}

/* Out of the way of what stands already: titles and straps, and dialogue of
 * its layer that came before it. */
static void shown_clear(const struct foreign_fitting *fitting,
                        struct foreign_shown *shown,
                        struct foreign_shown *const *before, size_t count,
                        const struct foreign_obstacle *obstacles,
                        size_t obstacle_count)
{
    bool moved = true;
    for (size_t round = 0; moved && round < 8; round++) {
        moved = false;
        for (size_t i = 0; i < obstacle_count; i++) {
            if (!events_meet(shown->event, obstacles[i].start_ms,
                             obstacles[i].end_ms) ||
                !boxes_meet(&shown->box, &obstacles[i].box))
                continue;
            shown_move(shown, &obstacles[i].box);
            moved = true;
        }
        for (size_t i = 0; i < count; i++) {
            const struct foreign_event *other = before[i]->event;
            if (!events_meet(shown->event, other->start_ms, other->end_ms) ||
                may_overlap(shown->event, other) ||
                !boxes_meet(&shown->box, &before[i]->box))
                continue;
            shown_move(shown, &before[i]->box);
            moved = true;
        }
    }
    const struct foreign_box *safe = &fitting->rules->safe;
    double tall = shown->box.bottom - shown->box.top;
    shown->box.top = fmax(fmin(shown->box.top, safe->bottom - tall), safe->top);
    shown->box.bottom = shown->box.top + tall;
}

static void put_units(struct buffer *out, double number)
{
    long long hundredths = llround(number * 100);
    buffer_printf(out, "%s%lld.%02lld", hundredths < 0 ? "-" : "",
                  llabs(hundredths) / 100, llabs(hundredths) % 100);
}

/* Where its lines are anchored. */
static double shown_y(const struct foreign_shown *shown)
{
    const struct foreign_box *box = &shown->box;
    int row = (shown->alignment - 1) / 3;
    return box->bottom + (box->top - box->bottom) * row / 2 +
           (row - 1) * shown->edge;
}

/* Dialogue that its author turned is placed by what it covers unturned. */
static void shown_judge(struct foreign_fitting *fitting,
                        const struct foreign_shown *shown)
{
    const struct foreign_look *look = shown->event->look;
    if (look->is_drawn || !foreign_turns(&look->turn))
        return;
    struct foreign_box box = foreign_turned(
        &look->turn, shown->box, shown->x, shown_y(shown),
        look->size * fitting->unit_y, foreign_depth(fitting, false));
    foreign_judge(fitting->out, shown->event, &box, &fitting->rules->safe);
}

static void shown_tag(const struct foreign_fitting *fitting,
                      struct foreign_shown *shown)
{
    const struct foreign_style *style =
        &fitting->foreign->style_list[shown->event->style];
    struct buffer out = {0};
    buffer_printf(&out, "{\\q2\\an%d\\pos(", shown->alignment);
    put_units(&out, shown->x / fitting->unit_x);
    buffer_puts(&out, ",");
    put_units(&out, shown_y(shown) / fitting->unit_y);
    buffer_puts(&out, ")");
    /* Measured as libass sets whole lines by their own direction. */
    if (faces_runs_left(shown->words))
        buffer_puts(&out, "\\fe-1");
    if (shown->scale < 1) {
        buffer_puts(&out, "\\fscx");
        put_units(&out, style->scale_x * shown->scale);
        buffer_puts(&out, "\\fscy");
        put_units(&out, style->scale_y * shown->scale);
    }
    buffer_puts(&out, "}");
    shown->tags = arena_strdup(fitting->arena, buffer_text(&out));
    buffer_clear(&out);
}

static bool is_dialogue(const struct foreign_shown *shown)
{
    return !shown->in_picture;
}

double foreign_height(const struct foreign_fitted *fitted)
{
    double height = 0;
    for (size_t i = 0; i < fitted->count; i++) {
        const struct foreign_shown *shown = &fitted->list[i];
        if (is_dialogue(shown) && (shown->alignment - 1) / 3 == 0)
            height = fmax(height, shown->box.bottom - shown->box.top);
    }
    return height;
}

void foreign_place(struct foreign_fitted *fitted,
                   const struct foreign_rules *rules,
                   const struct foreign_obstacle *obstacles,
                   size_t obstacle_count, struct arena *arena)
{
    struct foreign_fitting fitting = {fitted, fitted->foreign, &fitted->frame,
                                      rules, arena};
    fitting.unit_x = (double)fitted->frame.width / fitted->play_x;
    fitting.unit_y = (double)fitted->frame.height / fitted->play_y;
    size_t count;
    size_t *order = foreign_sort_shown(fitted, false, &count, arena);
    struct foreign_shown **placed =
        arena_alloc(arena, (count + 1) * sizeof(*placed));
    for (size_t i = 0; i < count; i++) {
        placed[i] = &fitted->list[order[i]];
        shown_clear(&fitting, placed[i], placed, i, obstacles, obstacle_count);
        shown_tag(&fitting, placed[i]);
        shown_judge(&fitting, placed[i]);
    }
}
