/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What moves in a shot, as seen from one of its pictures. */
#include "poster/movement.h"

#include <libavutil/common.h>

#include <stdlib.h>
#include <string.h>

/* In luma codes and chroma codes together. */
#define STILL      5  /* coding noise, in the mean of 16 pixels */
#define FULL       30 /* a hand before a wall */
#define EDGE_LEAST 16 /* where a shake of the camera can be measured */
/* So much of a picture differs only after a cut. */
#define CUT_PART 0.6

struct pair {
    const struct cells *one, *other;
    int count;    /* of cells */
    int bright;   /* by how much the other is brighter as a whole */
    double shake; /* the part of an edge that a shake shows as a difference */
};

static int histogram_median(const int *list, int length, int count)
{
    int below = 0;
    for (int i = 0; i < length; i++) {
        below += list[i];
        if (2 * below >= count)
            return i;
    }
    return 0;
}

static int pair_difference(const struct pair *pair, int i)
{
    int luma = pair->other->luma[i] - pair->one->luma[i] - pair->bright;
    return abs(luma) + abs(pair->other->cb[i] - pair->one->cb[i]) +
           abs(pair->other->cr[i] - pair->one->cr[i]);
}

static int pair_bright(const struct pair *pair)
{
    int levels[511] = {0};
    for (int i = 0; i < pair->count; i++)
        levels[255 + pair->other->luma[i] - pair->one->luma[i]]++;
    return histogram_median(levels, 511, pair->count) - 255;
}

/* A camera that moves by a part of a cell changes each cell by that part of
 * its edge: the median of the parts is the camera's, not a person's. */
static double pair_shake(const struct pair *pair)
{
    int parts[201] = {0}, count = 0;
    for (int i = 0; i < pair->count; i++) {
        int edge = cells_edge(pair->one, i);
        if (edge < EDGE_LEAST)
            continue;
        int part = 100 * pair_difference(pair, i) / edge;
        parts[FFMIN(part, 200)]++;
        count++;
    }
    return count ? histogram_median(parts, 201, count) / 100.0 : 0;
}

/* False for pictures that can't be compared. */
static bool pair_init(struct pair *pair, const struct cells *one,
                      const struct cells *other)
{
    if (one->columns != other->columns || one->rows != other->rows)
        return false;
    *pair = (struct pair){one, other, one->columns * one->rows, 0, 0};
    pair->bright = pair_bright(pair);
    int changed = 0;
    for (int i = 0; i < pair->count; i++)
        changed += pair_difference(pair, i) > FULL;
    pair->shake = pair_shake(pair);
    return changed <= CUT_PART * pair->count;
}

struct sums {
    double change[CELLS_MOST]; /* 0–1 from each pair */
    double often[CELLS_MOST];  /* pairs in which the cell changes at all */
};

static void pair_add(const struct pair *pair, struct sums *sums)
{
    for (int i = 0; i < pair->count; i++) {
        double shaken = 2 * pair->shake * cells_edge(pair->one, i);
        double change =
            av_clipd(pair_difference(pair, i) - STILL - shaken, 0, FULL) / FULL;
        sums->change[i] += change;
        sums->often[i] += change > 0.1;
    }
}

/* The mean of a cell and its neighbours: a mote is one cell, a person many. */
static double sums_around(const struct movement *movement, const double *sums,
                          int column, int row)
{
    double sum = 0;
    int count = 0;
    for (int y = FFMAX(row - 1, 0); y <= row + 1 && y < movement->rows; y++) {
        for (int x = FFMAX(column - 1, 0);
             x <= column + 1 && x < movement->columns; x++) {
            sum += sums[y * movement->columns + x];
            count++;
        }
    }
    return sum / count;
}

static void movement_fill(struct movement *movement, const struct sums *sums,
                          int pairs)
{
    int moving = 0, much = 0, count = movement->columns * movement->rows;
    double energy = 0;
    for (int y = 0; y < movement->rows; y++) {
        for (int x = 0; x < movement->columns; x++) {
            double mean = sums_around(movement, sums->change, x, y) / pairs;
            double often = sums_around(movement, sums->often, x, y) / pairs;
            int i = y * movement->columns + x;
            /* Where somebody stood in one of the others, one pair differs;
             * where somebody stands in the chosen one, all do. */
            movement->list[i] = (uint8_t)(255 * FFMIN(mean * often, 1));
            energy += FFMIN(mean * often, 1);
            moving += mean > 0.15;
            much += mean > 0.45;
        }
    }
    double part = (double)moving / count, most = (double)much / count;
    movement->trust = av_clipd((energy / count - 0.001) / 0.002, 0, 1) *
                      av_clipd((0.55 - most) / 0.25, 0, 1) *
                      av_clipd((0.95 - part) / 0.25, 0, 1) *
                      av_clipd(pairs / 3.0, 0, 1);
}

void movement_find(const struct cells *chosen,
                   const struct cells *const *others, size_t count,
                   struct movement *out)
{
    memset(out, 0, sizeof(*out));
    out->columns = chosen->columns;
    out->rows = chosen->rows;
    struct sums *sums = calloc(1, sizeof(*sums));
    int pairs = 0;
    for (size_t i = 0; sums && i < count; i++) {
        struct pair pair;
        if (!pair_init(&pair, chosen, others[i]))
            continue;
        pair_add(&pair, sums);
        pairs++;
    }
    if (pairs)
        movement_fill(out, sums, pairs);
    free(sums);
}
