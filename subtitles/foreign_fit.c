/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns how a script's events come into a frame: what is dialogue and what
 * belongs to the picture, how large dialogue is, and where its lines end. Sizes
 * are estimates from the style and the tags, on the safe side where tags change
 * them. */
#include "subtitles/foreign.h"
#include "subtitles/foreign_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/common.h>

/* Dialogue smaller than this share of the preset's captions can't be read
 * where the author did not see it so. */
#define SIZE_LEAST 0.75
#define SCALE_STEP 0.94
#define SCALE_MIN  0.4
/* Dialogue never takes more of the safe area's height. */
#define HEIGHT_MOST 0.6
/* libass's eye is so far from the page, pixels of the layout (ass_render.c,
 * calc_transform_matrix: 20000 / 64). */
#define EYE_DEPTH 312.5
/* What is drawn may cover a part of one pixel more. */
#define RASTER 1

/* --- scales --------------------------------------------------------------- */

static bool is_whole_frame(const struct foreign_frame *frame)
{
    const struct foreign_box *picture = &frame->picture;
    if (picture->right <= picture->left || picture->bottom <= picture->top)
        return true;
    return fabs(picture->left) < 1 && fabs(picture->top) < 1 &&
           fabs(picture->right - frame->width) < 1 &&
           fabs(picture->bottom - frame->height) < 1;
}

/* The size of the style that most of the dialogue has, script units. */
static double dialogue_size(const struct foreign *foreign)
{
    size_t *uses = calloc(foreign->style_count + 1, sizeof(*uses));
    size_t best = 0;
    for (size_t i = 0; uses && i < foreign->count; i++) {
        if (!foreign->events[i].fixed)
            uses[foreign->events[i].style]++;
    }
    for (size_t i = 0; uses && i < foreign->style_count; i++)
        best = uses[i] > uses[best] ? i : best;
    free(uses);
    return foreign->style_list[best].size * foreign->style_list[best].scale_y /
           100;
}

/* Type keeps its share of the shorter side: what is read well on a wide screen
 * is so on an upright one held nearer. A script's width counts by the
 * recording's shape, for PlayRes is often of another. */
static double dialogue_unit(const struct foreign_fitting *fitting,
                            double caption_px)
{
    const struct foreign_frame *frame = fitting->frame;
    const struct foreign *foreign = fitting->foreign;
    double width = foreign->play_x, height = foreign->play_y;
    if (frame->viewed_width > 0 && frame->viewed_height > 0)
        width = height * frame->viewed_width / frame->viewed_height;
    double unit =
        FFMIN(frame->width, frame->height) / fmax(fmin(width, height), 1);
    double size = dialogue_size(foreign) * unit;
    if (size > 0 && size < caption_px * SIZE_LEAST)
        unit *= caption_px * SIZE_LEAST / size;
    return unit;
}

static void fitting_scale(struct foreign_fitting *fitting)
{
    struct foreign_fitted *out = fitting->out;
    const struct foreign_frame *frame = fitting->frame;
    const struct foreign *foreign = fitting->foreign;
    const struct foreign_box *picture = &out->frame.picture;
    out->same_shape = is_whole_frame(frame);
    if (out->same_shape)
        out->frame.picture =
            (struct foreign_box){0, 0, frame->width, frame->height};
    fitting->picture_x = (picture->right - picture->left) / foreign->play_x;
    fitting->picture_y = (picture->bottom - picture->top) / foreign->play_y;
    out->play_x = foreign->play_x;
    out->play_y = foreign->play_y;
    if (!out->same_shape) {
        /* ASS sizes count the face's whole height, about 1.4 ems. */
        double unit = dialogue_unit(fitting, fitting->rules->caption_px * 1.4);
        out->play_x = (int)fmax(lround(frame->width / unit), 1);
        out->play_y = (int)fmax(lround(frame->height / unit), 1);
    }
    fitting->unit_x = (double)frame->width / out->play_x;
    fitting->unit_y = (double)frame->height / out->play_y;
}

/* --- measuring ------------------------------------------------------------ */

static struct line_rules line_rules_of(const struct foreign_fitting *fitting,
                                       const struct foreign_look *look,
                                       double unit, double scale)
{
    const struct foreign_rules *rules = fitting->rules;
    const struct faces *faces = fitting->foreign->faces;
    const struct face_wish wish = foreign_wish(look->family, look->family_size,
                                               look->weight, look->italic);
    size_t font = faces_chain(faces, &wish, rules->font);
    const struct face_facts *facts = faces_lead(faces, font);
    double ratio = facts ? faces_ass_size(facts, faces, 1) : 1;
    double across = scale * look->scale_x / 100;
    return (struct line_rules){
        .faces = faces,
        .font = font,
        .size_px = fmax(look->size * unit * across / ratio, 1),
        .spacing_px = look->spacing * unit * across,
        .max_lines = 8,
        .keep = rules->keep,
        .keep_count = rules->keep_count,
    };
}

/* A text's box about its anchor; `height` with the edges. */
static struct foreign_box box_at(int alignment, double x, double y,
                                 const struct foreign_lines *lines,
                                 double height, double edge)
{
    double top = y - height * (2 - (alignment - 1) / 3) / 2;
    return (struct foreign_box){x + lines->left - edge, top,
                                x + lines->right + edge, top + height};
}

static bool box_is_inside(const struct foreign_box *box,
                          const struct foreign_box *area)
{
    return box->left >= area->left && box->right <= area->right &&
           box->top >= area->top && box->bottom <= area->bottom;
}

/* --- what belongs to the picture ------------------------------------------ */

static struct foreign_box box_joined(struct foreign_box a, struct foreign_box b)
{
    return (struct foreign_box){fmin(a.left, b.left), fmin(a.top, b.top),
                                fmax(a.right, b.right),
                                fmax(a.bottom, b.bottom)};
}

/* Where libass puts what its author tied to the picture without placing it:
 * by margins, as if nothing else stood there. */
static void find_anchor(const struct foreign_fitting *fitting,
                        const struct foreign_look *look,
                        const struct foreign_event *event, double *x, double *y)
{
    const struct foreign *foreign = fitting->foreign;
    const struct foreign_style *style = &foreign->style_list[event->style];
    double left = foreign_margin(event, 0, style->margin_left);
    double right =
        foreign->play_x - foreign_margin(event, 1, style->margin_right);
    double away = foreign_margin(event, 2, style->margin_vertical);
    int column = (look->alignment - 1) % 3, row = (look->alignment - 1) / 3;
    *x = column == 0 ? left : column == 2 ? right : (left + right) / 2;
    *y = row == 0   ? foreign->play_y - away
         : row == 2 ? away
                    : foreign->play_y / 2.0;
}

double foreign_depth(const struct foreign_fitting *fitting, bool in_picture)
{
    const struct foreign_box *picture = &fitting->out->frame.picture;
    const struct foreign_frame *frame = fitting->frame;
    const struct foreign *foreign = fitting->foreign;
    double layout = foreign->layout_y;
    if (layout <= 0)
        layout = frame->viewed_height;
    if (layout <= 0)
        return EYE_DEPTH;
    if (in_picture)
        return EYE_DEPTH * (picture->bottom - picture->top) / layout;
    return EYE_DEPTH * frame->height * foreign->play_y /
           (layout * fitting->out->play_y);
}

static struct foreign_box box_clipped(const struct foreign_fitting *fitting,
                                      struct foreign_box box,
                                      const struct foreign_box *clip)
{
    const struct foreign_box *picture = &fitting->out->frame.picture;
    double x = fitting->picture_x, y = fitting->picture_y;
    box.left = fmax(box.left, picture->left + clip->left * x);
    box.right = fmin(box.right, picture->left + clip->right * x);
    box.top = fmax(box.top, picture->top + clip->top * y);
    box.bottom = fmin(box.bottom, picture->top + clip->bottom * y);
    bool empty = box.right <= box.left || box.bottom <= box.top;
    return empty ? (struct foreign_box){0} : box;
}

/* What its author placed, as the picture carries it. */
static struct foreign_box placed_box(const struct foreign_fitting *fitting,
                                     const struct foreign_look *look,
                                     const struct foreign_event *event)
{
    double unit = fitting->picture_y;
    struct line_rules rules = line_rules_of(fitting, look, unit, 1);
    struct foreign_lines lines =
        foreign_measure(&rules, event->words, look->breaks_at_n,
                        (look->alignment - 1) % 3, fitting->arena);
    const struct foreign_box *picture = &fitting->out->frame.picture;
    double edge = look->edge * unit;
    double tall = look->size * unit * look->scale_y / 100;
    double height = (double)lines.count * tall + 2 * edge;
    struct foreign_box box[2];
    for (int i = 0; i < 2; i++) {
        double x = look->x[i], y = look->y[i];
        if (!look->has_place && !look->has_move)
            find_anchor(fitting, look, event, &x, &y);
        x = picture->left + x * fitting->picture_x;
        y = picture->top + y * fitting->picture_y;
        box[i] = box_at(look->alignment, x, y, &lines, height, edge);
        const struct foreign_turn *turn = &look->turn;
        if (turn->has_origin) {
            x = picture->left + turn->origin_x * fitting->picture_x;
            y = picture->top + turn->origin_y * fitting->picture_y;
        }
        if (foreign_turns(turn))
            box[i] = foreign_turned(turn, box[i], x, y, tall,
                                    foreign_depth(fitting, true));
    }
    struct foreign_box both = box_joined(box[0], box[1]);
    return look->has_clip ? box_clipped(fitting, both, &look->clip) : both;
}

void foreign_judge(struct foreign_fitted *fitted,
                   const struct foreign_event *event,
                   const struct foreign_box *box,
                   const struct foreign_box *safe)
{
    if (box->right <= box->left || box_is_inside(box, safe))
        return;
    if (!fitted->outside++ || event->start_ms < fitted->outside_ms)
        fitted->outside_ms = event->start_ms;
}

/* Words that only stand somewhere, and would be cut off where they do, are
 * moved into the frame; those that are wider are dialogue. False: dialogue. */
static bool shown_keep(struct foreign_fitting *fitting,
                       struct foreign_shown *shown,
                       const struct foreign_look *look)
{
    const struct foreign_rules *rules = fitting->rules;
    const struct foreign_frame *frame = fitting->frame;
    const struct foreign_box whole = {0, 0, frame->width, frame->height};
    shown->in_picture = true;
    /* Drawings are the author's picture; what an effect moves crosses all of
     * it. */
    if (look->is_drawn || !look->is_fixed)
        return true;
    shown->box = placed_box(fitting, look, shown->event);
    if (!fitting->out->same_shape && look->is_plain &&
        !box_is_inside(&shown->box, &whole)) {
        struct foreign_box *box = &shown->box;
        if (box->right - box->left > rules->safe.right - rules->safe.left ||
            box->bottom - box->top > rules->safe.bottom - rules->safe.top)
            return false;
        double dx = fmax(rules->safe.left - box->left, 0) -
                    fmax(box->right - rules->safe.right, 0);
        double dy = fmax(rules->safe.top - box->top, 0) -
                    fmax(box->bottom - rules->safe.bottom, 0);
        *box = (struct foreign_box){box->left + dx, box->top + dy,
                                    box->right + dx, box->bottom + dy};
        /* libass takes the first \pos of an event. */
        shown->tags =
            arena_printf(fitting->arena, "{\\pos(%ld,%ld)}",
                         lround(look->x[0] + dx / fitting->picture_x),
                         lround(look->y[0] + dy / fitting->picture_y));
    }
    foreign_judge(fitting->out, shown->event, &shown->box, &rules->safe);
    return true;
}

/* --- dialogue ------------------------------------------------------------- */

/* Between which edges its lines lie: the author's margins as shares of the
 * frame, but never outside of the safe area. Lines in the middle stay in the
 * frame's middle where that costs them little. */
static void find_edges(const struct foreign_fitting *fitting,
                       const struct foreign_shown *shown, double *left,
                       double *right)
{
    const struct foreign *foreign = fitting->foreign;
    const struct foreign_event *event = shown->event;
    const struct foreign_style *style = &foreign->style_list[event->style];
    const struct foreign_box *safe = &fitting->rules->safe;
    double width = fitting->frame->width, share = width / foreign->play_x;
    /* Margins are the letters'; their outline may reach beyond. */
    *left = foreign_margin(event, 0, style->margin_left) * share - shown->edge;
    *left = fmax(*left, safe->left);
    *right = width - foreign_margin(event, 1, style->margin_right) * share;
    *right = fmin(*right + shown->edge, safe->right);
    /* Margins that leave no room are a slip. */
    if (*right - *left < width / 4) {
        *left = safe->left;
        *right = safe->right;
    }
    double half = fmin(width / 2 - *left, *right - width / 2);
    bool middle = shown->alignment % 3 == 2;
    if (middle && event->margin[0][0] == '0' && event->margin[1][0] == '0' &&
        2 * half > (*right - *left) * 0.8) {
        *left = width / 2 - half;
        *right = width / 2 + half;
    }
}

/* Lines and size: smaller until it fits. */
static void dialogue_set(struct foreign_fitting *fitting,
                         struct foreign_shown *shown,
                         const struct foreign_look *look)
{
    const struct foreign_box *safe = &fitting->rules->safe;
    double left, right, unit = fitting->unit_y;
    double edge = look->edge * unit + RASTER;
    int column = (shown->alignment - 1) % 3;
    struct foreign_lines lines;
    double height;
    shown->edge = edge;
    find_edges(fitting, shown, &left, &right);
    for (shown->scale = 1;; shown->scale *= SCALE_STEP) {
        struct line_rules rules =
            line_rules_of(fitting, look, unit, shown->scale);
        rules.width_px = fmax(right - left - 2 * edge, rules.size_px);
        lines = foreign_break(&rules, shown->event->words, look->breaks_at_n,
                              column, fitting->arena);
        height = lines.tall * look->scale_y / look->scale_x + 2 * edge;
        bool fits = lines.fits &&
                    lines.right - lines.left + 2 * edge <= right - left &&
                    height <= (safe->bottom - safe->top) * HEIGHT_MOST;
        if (fits || shown->scale < SCALE_MIN)
            break;
    }
    shown->words = lines.words;
    double x = column == 0   ? left + edge
               : column == 2 ? right - edge
                             : (left + right) / 2;
    shown->box = box_at(shown->alignment, x, 0, &lines, height, edge);
    shown->x =
        x + fmax(left - shown->box.left, 0) - fmax(shown->box.right - right, 0);
    shown->box.left += shown->x - x;
    shown->box.right += shown->x - x;
}

static void shown_fit(struct foreign_fitting *fitting,
                      struct foreign_shown *shown,
                      const struct foreign_event *event)
{
    const struct foreign_look *look = event->look;
    *shown = (struct foreign_shown){
        .event = event,
        .words = event->words,
        .tags = "",
        .alignment = look->alignment,
        .scale = 1,
    };
    if (event->fixed && shown_keep(fitting, shown, look))
        return;
    /* Placed words that are too wide here: to the captions, or to the top. */
    if (event->fixed)
        shown->alignment = look->y[0] * 3 < fitting->foreign->play_y ? 8 : 2;
    shown->in_picture = false;
    dialogue_set(fitting, shown, look);
}

/* --- the whole ------------------------------------------------------------ */

/* From where on events that give way to one another count: the begin of the
 * unbroken run of them that reaches over `first_ms`, else that itself. */
static int64_t run_from(const struct foreign *foreign, int64_t first_ms)
{
    int64_t from = first_ms, end = INT64_MIN;
    for (size_t i = 0; i < foreign->order_count; i++) {
        const struct foreign_event *event = &foreign->events[foreign->order[i]];
        if (event->start_ms >= first_ms)
            break;
        if (event->start_ms >= end)
            from = event->start_ms;
        end = FFMAX(end, event->end_ms);
    }
    return end > first_ms ? from : first_ms;
}

struct foreign_fitted *foreign_fit(const struct foreign *foreign,
                                   const struct foreign_frame *frame,
                                   const struct foreign_rules *rules,
                                   int64_t first_ms, int64_t end_ms,
                                   struct arena *arena)
{
    struct foreign_fitted *out = arena_alloc(arena, sizeof(*out));
    struct foreign_fitting fitting = {out, foreign, frame, rules, arena};
    out->foreign = foreign;
    out->frame = *frame;
    fitting_scale(&fitting);
    int64_t from_ms = run_from(foreign, first_ms);
    for (size_t i = 0; i < foreign->count; i++) {
        const struct foreign_event *event = &foreign->events[i];
        bool past = event->end_ms <= first_ms &&
                    (event->placed || event->start_ms < from_ms);
        if (past || event->start_ms >= end_ms)
            continue;
        struct foreign_shown *shown = ARENA_PUSH(arena, out->list, out->count);
        shown_fit(&fitting, shown, event);
        if (!shown->in_picture)
            foreign_find_row(&fitting, shown);
    }
    out->order = foreign_sort_shown(out, true, &out->order_count, arena);
    return out;
}
