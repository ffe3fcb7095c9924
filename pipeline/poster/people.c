/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where faces may be in one picture, without a model. */
#include "poster/people.h"

#include <libavutil/common.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A face on a cover is at least so many cells wide, and so much of the
 * picture; what is larger is a wall or a hall in warm light. */
#define FACE_LEAST 3
#define PART_LEAST 0.0008
#define PART_MOST  0.16
/* Height by width, with a neck and half a head in the shade. */
#define SHAPE_LEAST 0.7
#define SHAPE_MOST  2.4
/* Part of its box that a patch fills: an ellipse pi / 4. */
#define FILL_LEAST 0.5

/* A cell differs less from the mean of its patch: a face before a wooden wall
 * is another patch than the wall. */
#define PATCH_SPREAD 24
/* What touches the picture's left or right edge is worth this part. */
#define EDGE_WEIGHT 0.3
/* A patch grows from a cell without edges to its neighbours: what lies half on
 * a face and half beside it tells nothing of its colour. */
#define SEED_EDGE 24
/* Cr above Cb: of walls in warm light; of pale faces under cold lamps, others
 * have twice that. */
#define PALE   12
#define STRONG 20
/* Movement that draws an outline: the cheeks of a face that turns stay as they
 * are, but lie between two edges that do not. */
#define MOVES 24
/* Part of a person that moves as one which is the head. */
#define HEAD_PART 0.4

struct patch {
    int left, top, right, bottom;
    int count;
    int64_t luma, cb, cr; /* sums */
    int64_t moved;
};

struct search {
    const struct cells *cells;
    const struct movement *movement; /* NULL: nothing is known */
    bool moving;                     /* looks for what moves, not for skin */
    uint8_t *open;                   /* looked for, and in no patch yet */
    int *stack;
};

static void patch_add(struct patch *patch, const struct search *search, int i)
{
    const struct cells *cells = search->cells;
    int x = i % cells->columns, y = i / cells->columns;
    patch->left = FFMIN(patch->left, x);
    patch->top = FFMIN(patch->top, y);
    patch->right = FFMAX(patch->right, x + 1);
    patch->bottom = FFMAX(patch->bottom, y + 1);
    patch->count++;
    patch->luma += cells->luma[i];
    patch->cb += cells->cb[i];
    patch->cr += cells->cr[i];
    if (search->movement)
        patch->moved += search->movement->list[i];
}

/* Light falls unevenly on a face; its colour is one. */
static bool patch_fits(const struct patch *patch, const struct cells *cells,
                       int i)
{
    int luma = (int)(patch->luma / patch->count) - cells->luma[i];
    int cb = (int)(patch->cb / patch->count) - cells->cb[i];
    int cr = (int)(patch->cr / patch->count) - cells->cr[i];
    return abs(luma) / 2 + abs(cb) + abs(cr) <= PATCH_SPREAD;
}

static void search_step(struct search *search, const struct patch *patch,
                        int to, int *depth)
{
    if (!search->open[to] ||
        (!search->moving && !patch_fits(patch, search->cells, to)))
        return;
    search->open[to] = 0;
    search->stack[(*depth)++] = to;
}

/* Takes the patch that `start` lies in out of what is open. */
static struct patch search_patch(struct search *search, int start)
{
    int columns = search->cells->columns, rows = search->cells->rows;
    struct patch patch = {.left = columns, .top = rows};
    int depth = 0;
    search->open[start] = 0;
    search->stack[depth++] = start;
    while (depth) {
        int i = search->stack[--depth], x = i % columns;
        patch_add(&patch, search, i);
        if (x > 0)
            search_step(search, &patch, i - 1, &depth);
        if (x + 1 < columns)
            search_step(search, &patch, i + 1, &depth);
        if (i >= columns)
            search_step(search, &patch, i - columns, &depth);
        if (i + columns < columns * rows)
            search_step(search, &patch, i + columns, &depth);
    }
    return patch;
}

/* A person who moves as one: the head is the upper part, about as wide as the
 * shoulders are at most. */
static void patch_behead(struct patch *patch)
{
    int width = patch->right - patch->left;
    int height = patch->bottom - patch->top;
    if (height <= width)
        return;
    int head = FFMAX((int)(height * HEAD_PART), FACE_LEAST);
    patch->count = patch->count * head / height;
    patch->bottom = patch->top + head;
}

/* Lamplight lends white walls the hue of skin, but not its strength. */
static double patch_colour(const struct patch *patch)
{
    double strength = (double)(patch->cr - patch->cb) / patch->count;
    return av_clipd((strength - PALE) / (STRONG - PALE), 0.05, 1);
}

/* 0 for what can't be a face. Larger and livelier patches weigh more; where
 * it is known what moves, one that does not is rather a chair. */
static double patch_weight(const struct patch *patch,
                           const struct search *search)
{
    int width = patch->right - patch->left;
    int height = patch->bottom - patch->top;
    double part =
        (double)patch->count / (search->cells->columns * search->cells->rows);
    double shape = (double)height / width;
    double fill = (double)patch->count / (width * height);
    if (width < FACE_LEAST || height < FACE_LEAST || part < PART_LEAST ||
        part > PART_MOST || shape < SHAPE_LEAST || shape > SHAPE_MOST ||
        fill < FILL_LEAST || patch->top > search->cells->rows * 3 / 4)
        return 0;
    double weight = 0.05 + 0.95 * av_clipd(sqrt(part) / 0.15, 0, 1);
    if (!search->moving)
        weight *= patch_colour(patch);
    /* Walls go on beyond the picture; covers aren't cut to half a face. */
    if (patch->left == 0 || patch->right == search->cells->columns)
        weight *= EDGE_WEIGHT;
    if (search->moving)
        return weight * search->movement->trust;
    if (!search->movement)
        return weight;
    double moved = (double)patch->moved / patch->count / 255;
    double still = 1 - av_clipd(moved / 0.12, 0, 1);
    return weight * (1 - 0.8 * search->movement->trust * still);
}

static void people_add(struct people *people, struct face_hint hint)
{
    size_t least = 0;
    if (people->count < PEOPLE_MOST) {
        people->list[people->count++] = hint;
        return;
    }
    for (size_t i = 1; i < people->count; i++) {
        if (people->list[i].weight < people->list[least].weight)
            least = i;
    }
    if (people->list[least].weight < hint.weight)
        people->list[least] = hint;
}

/* Closes the gap between two moving cells of a row. */
static void search_close_gaps(struct search *search)
{
    int columns = search->cells->columns, most = columns / 6;
    for (int y = 0; y < search->cells->rows; y++) {
        uint8_t *row = search->open + y * columns;
        int last = -1;
        for (int x = 0; x < columns; x++) {
            if (search->movement->list[y * columns + x] <= MOVES)
                continue;
            int from = last >= 0 && x - last <= most ? last : x;
            memset(row + from, 1, (size_t)(x - from) + 1);
            last = x;
        }
    }
}

static void search_open(struct search *search)
{
    const struct cells *cells = search->cells;
    memset(search->open, 0, CELLS_MOST);
    if (search->moving) {
        search_close_gaps(search);
        return;
    }
    for (int i = 0; i < cells->columns * cells->rows; i++)
        search->open[i] =
            scorer_is_skin(cells->luma[i], cells->cb[i], cells->cr[i]);
}

static void search_run(struct search *search, struct people *out)
{
    int count = search->cells->columns * search->cells->rows;
    int largest = (int)(count * PART_LEAST);
    search_open(search);
    for (int i = 0; i < count; i++) {
        if (!search->open[i] ||
            (!search->moving && cells_edge(search->cells, i) > SEED_EDGE))
            continue;
        struct patch patch = search_patch(search, i);
        if (search->moving && patch.count > largest) {
            largest = patch.count;
            out->moving_top = patch.top;
        }
        if (search->moving)
            patch_behead(&patch);
        double weight = patch_weight(&patch, search);
        if (weight <= 0)
            continue;
        people_add(out, (struct face_hint){patch.left, patch.top, patch.right,
                                           patch.bottom, weight});
        if (!search->moving)
            out->part += (double)patch.count / count;
    }
}

void people_find(const struct cells *cells, const struct movement *movement,
                 struct people *out)
{
    *out = (struct people){.moving_top = cells->rows};
    bool known = movement && movement->trust > 0 &&
                 movement->columns == cells->columns &&
                 movement->rows == cells->rows;
    struct search search = {
        .cells = cells,
        .movement = known ? movement : NULL,
        .open = calloc(CELLS_MOST, 1),
        .stack = calloc(CELLS_MOST, sizeof(int)),
    };
    if (search.open && search.stack) {
        search_run(&search, out);
        search.moving = known;
        if (known)
            search_run(&search, out);
    }
    free(search.open);
    free(search.stack);
}
