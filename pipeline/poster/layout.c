/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a picture of one shape becomes a cover of another. */
#include "poster/layout.h"

#include "poster/people.h"

#include <libavutil/common.h>

#include <stdbool.h>
#include <stdlib.h>

/* A picture taken upright that would lose more than this on a wide cover is
 * shown whole: filling would leave a strip of a person. */
#define LEAST_KEPT 0.45

/* What each ground for a place is worth at most. Movement is nearly proof,
 * skin a hint, detail hardly that; the usual place must be argued away. */
#define MOVEMENT_WORTH 1.0
#define FACES_WORTH    0.35
#define FACES_MOVING   0.25 /* more, where it is known what moves */
#define DETAIL_WORTH   0.15
#define USUAL_WORTH    0.25
/* An arm that waves shall not outweigh the head that turns. */
#define MOVING_ENOUGH 64
/* A face that the edge cuts costs this part of what a whole one is worth. */
#define CUT_COST 0.7
/* Without a better ground so much of a picture's height goes above at most:
 * in talks, heads are near the upper edge. */
#define TOP_CUT 0.04
/* Between the hair and the cover's upper edge, in parts of its height. */
#define HEAD_ROOM 0.06

struct scene {
    struct cells cells;
    struct people people;
    const struct movement *movement; /* NULL: nothing is known */
    bool across;
    double window; /* the kept part, in cells */
    int length;    /* cells, along the way that is cut */
    double moving[CELLS_SIDE], detail[CELLS_SIDE]; /* along it; sum 1, or 0 */
};

/* --- what lies where along the way that is cut --------------------------- */

/* Heads and hands are above; below sit the listeners' backs, and the letters
 * will stand. */
static double row_weight(int row, int rows)
{
    return row < rows * 2 / 3 ? 1 : 0.25;
}

static void profile_divide(double *profile, int length)
{
    double sum = 0;
    for (int i = 0; i < length; i++)
        sum += profile[i];
    for (int i = 0; i < length && sum > 0; i++)
        profile[i] /= sum;
}

/* Only what stands out from the mean along the way is a ground for anything. */
static void profile_keep_peaks(double *profile, int length)
{
    double sum = 0;
    for (int i = 0; i < length; i++)
        sum += profile[i];
    for (int i = 0; i < length; i++)
        profile[i] = FFMAX(profile[i] - sum / length, 0);
}

static void scene_profiles(struct scene *scene)
{
    const struct cells *cells = &scene->cells;
    for (int y = 0; y < cells->rows; y++) {
        for (int x = 0; x < cells->columns; x++) {
            int i = y * cells->columns + x, at = scene->across ? x : y;
            double weight = row_weight(y, cells->rows);
            scene->detail[at] += weight * FFMIN(cells_edge(cells, i), 60);
            if (scene->movement)
                scene->moving[at] +=
                    weight * FFMIN(scene->movement->list[i], MOVING_ENOUGH);
        }
    }
    profile_keep_peaks(scene->detail, scene->length);
    profile_divide(scene->detail, scene->length);
    profile_divide(scene->moving, scene->length);
}

static void scene_init(struct scene *scene, const AVFrame *picture,
                       const struct movement *movement, bool across,
                       double kept)
{
    cells_read(picture, &scene->cells);
    bool known = movement && movement->trust > 0 &&
                 movement->columns == scene->cells.columns &&
                 movement->rows == scene->cells.rows;
    scene->movement = known ? movement : NULL;
    people_find(&scene->cells, scene->movement, &scene->people);
    scene->across = across;
    scene->length = across ? scene->cells.columns : scene->cells.rows;
    scene->window = scene->length * kept;
    scene_profiles(scene);
}

/* --- one place ----------------------------------------------------------- */

/* How well something stands at `at` (0 one edge, 1 the other) of the window:
 * across in the middle, upright above it and above the letters. */
static double scene_stand(const struct scene *scene, double at)
{
    if (at < 0 || at > 1)
        return 0;
    double off = FFABS(at - (scene->across ? 0.5 : 0.36));
    return 1 - 1.4 * FFMAX(off - 0.08, 0);
}

static double scene_hold(const struct scene *scene, const double *profile,
                         double from)
{
    double sum = 0;
    for (int i = 0; i < scene->length; i++)
        sum +=
            profile[i] * scene_stand(scene, (i + 0.5 - from) / scene->window);
    return sum;
}

static double face_worth(const struct scene *scene,
                         const struct face_hint *face, double from)
{
    double left = (scene->across ? face->left : face->top) - from;
    double right = (scene->across ? face->right : face->bottom) - from;
    double window = scene->window;
    if (right <= 0 || left >= window)
        return 0;
    if (left < 0 || right > window)
        return -CUT_COST;
    return scene_stand(scene, (left + right) / 2 / window);
}

static double scene_faces(const struct scene *scene, double from)
{
    const struct people *people = &scene->people;
    double sum = 0, weights = 0;
    for (size_t i = 0; i < people->count; i++) {
        sum +=
            people->list[i].weight * face_worth(scene, &people->list[i], from);
        weights += people->list[i].weight;
    }
    /* Many faint hints are no strong one. */
    return weights > 0 ? sum / FFMAX(weights, 0.8) : 0;
}

static double scene_worth(const struct scene *scene, double from, int percent,
                          int usual)
{
    double trust = scene->movement ? scene->movement->trust : 0;
    double away = (double)(percent - usual) / FFMAX(usual, 100 - usual);
    return MOVEMENT_WORTH * trust * scene_hold(scene, scene->moving, from) +
           (FACES_WORTH + FACES_MOVING * trust) * scene_faces(scene, from) +
           DETAIL_WORTH * (1 - trust) * scene_hold(scene, scene->detail, from) +
           USUAL_WORTH * (1 - away * away);
}

/* --- the place ----------------------------------------------------------- */

/* Upright: where the highest head begins, in cells; the lower edge when
 * nothing tells. */
static double scene_head(const struct scene *scene)
{
    double head = scene->length;
    for (size_t i = 0; i < scene->people.count; i++) {
        /* Hair is about a quarter of a face above it. */
        const struct face_hint *face = &scene->people.list[i];
        if (face->weight > 0.3)
            head = FFMIN(head, face->top - 0.25 * (face->bottom - face->top));
    }
    /* Others who passed by are in what moves, too: the last resort. */
    return head < scene->length ? head : scene->people.moving_top;
}

static int scene_place(const struct scene *scene, int usual)
{
    double room = scene->length - scene->window, most = -10;
    int place = usual;
    /* A little movement may be a hand's alone: without much of it nothing is
     * drawn down into the letters, and the head stays. */
    bool sure = scene->movement && scene->movement->trust > 0.7;
    int last = scene->across || sure ? 100 : usual;
    for (int percent = 0; percent <= last; percent++) {
        double worth = scene_worth(scene, room * percent / 100, percent, usual);
        if (worth > most) {
            most = worth;
            place = percent;
        }
    }
    double highest = scene_head(scene) - HEAD_ROOM * scene->window;
    if (!scene->across && room * place / 100 > highest)
        place = (int)(100 * FFMAX(highest, 0) / room);
    return place;
}

struct poster_layout layout_choose(const AVFrame *picture,
                                   const struct movement *movement, int width,
                                   int height, int asked, int usual)
{
    struct poster_layout layout = {FIT_FILL, asked >= 0 ? asked : usual, 1};
    int64_t shape = (int64_t)picture->width * height;
    int64_t cover = (int64_t)width * picture->height;
    bool across = shape > cover; /* the picture is wider */
    layout.kept = (double)FFMIN(shape, cover) / (double)FFMAX(shape, cover);
    if (!across && layout.kept < LEAST_KEPT && asked < 0) {
        layout.fit = FIT_BLUR;
        layout.kept = 1;
        return layout;
    }
    if (asked >= 0 || layout.kept > 0.99)
        return layout;
    /* Heads are above, and letters below: from an upright picture more goes at
     * the lower edge. */
    if (!across)
        layout.crop_percent =
            FFMIN(usual / 2, (int)(100 * TOP_CUT / (1 - layout.kept)));
    struct scene *scene = calloc(1, sizeof(*scene));
    if (!scene)
        return layout;
    scene_init(scene, picture, movement, across, layout.kept);
    layout.crop_percent = scene_place(scene, layout.crop_percent);
    free(scene);
    return layout;
}
