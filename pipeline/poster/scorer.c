/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of a shot's pictures makes the better poster, without a model. */
#include "poster/scorer.h"

#include <libavutil/common.h>

#include <math.h>
#include <stdlib.h>

/* Codes of BT.709 limited range. */
#define BLACK      16
#define LUMA_RANGE 219.0

/* --- one picture --------------------------------------------------------- */

struct luma_sums {
    int64_t levels[256];
    int64_t count;
};

static double sums_part(const struct luma_sums *sums, int from, int to)
{
    int64_t part = 0;
    for (int i = from; i <= to; i++)
        part += sums->levels[i];
    return (double)part / (double)sums->count;
}

static int level_compare(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one < other) - (one > other);
}

static double sums_uniformity(const struct luma_sums *sums)
{
    int64_t bins[128] = {0}, part = 0;
    for (int i = 0; i < 256; i++)
        bins[i / 2] += sums->levels[i];
    qsort(bins, 128, sizeof(*bins), level_compare);
    for (int i = 0; i < 128 / 20; i++)
        part += bins[i];
    return (double)part / (double)sums->count;
}

static void measure_luma(const AVFrame *picture, struct poster_measures *out)
{
    struct luma_sums sums = {.count =
                                 (int64_t)picture->width * picture->height};
    for (int y = 0; y < picture->height; y++) {
        const uint8_t *row = picture->data[0] + y * picture->linesize[0];
        for (int x = 0; x < picture->width; x++)
            sums.levels[row[x]]++;
    }
    double mean = 0, square = 0;
    for (int i = 0; i < 256; i++) {
        double level = (i - BLACK) / LUMA_RANGE;
        mean += level * (double)sums.levels[i];
        square += level * level * (double)sums.levels[i];
    }
    mean /= (double)sums.count;
    square /= (double)sums.count;
    out->luma = mean;
    out->contrast = sqrt(fmax(square - mean * mean, 0));
    out->dark = sums_part(&sums, 0, 18);
    out->bright = sums_part(&sums, 233, 255);
    out->uniformity = sums_uniformity(&sums);
}

static double measure_sharpness(const AVFrame *picture)
{
    int64_t sum = 0, square = 0;
    ptrdiff_t stride = picture->linesize[0];
    for (int y = 1; y < picture->height - 1; y++) {
        const uint8_t *row = picture->data[0] + y * stride;
        for (int x = 1; x < picture->width - 1; x++) {
            int laplacian = 4 * row[x] - row[x - 1] - row[x + 1] -
                            row[x - stride] - row[x + stride];
            sum += laplacian;
            square += (int64_t)laplacian * laplacian;
        }
    }
    double count = (double)(picture->width - 2) * (picture->height - 2);
    if (count <= 0)
        return 0;
    double mean = (double)sum / count;
    return (double)square / count - mean * mean;
}

bool scorer_is_skin(int y, int cb, int cr)
{
    return y > 60 && cb >= 77 && cb <= 127 && cr >= 133 && cr <= 173 &&
           cr - cb >= 12;
}

struct colour_sums {
    double rg, rg_square, yb, yb_square;
    int64_t count, skin, middle;
};

/* Red-green and yellow-blue of one chroma sample, in 0–255. */
static void colour_add(struct colour_sums *sums, int y, int cb, int cr)
{
    double grey = (y - BLACK) * 255 / LUMA_RANGE;
    double red = grey + 1.5748 * 255 / 224 * (cr - 128);
    double blue = grey + 1.8556 * 255 / 224 * (cb - 128);
    double green = (grey - 0.2126 * red - 0.0722 * blue) / 0.7152;
    double rg = red - green, yb = 0.5 * (red + green) - blue;
    sums->rg += rg;
    sums->rg_square += rg * rg;
    sums->yb += yb;
    sums->yb_square += yb * yb;
    sums->count++;
}

static void measure_colour(const AVFrame *picture, struct poster_measures *out)
{
    struct colour_sums sums = {0};
    int width = picture->width / 2, height = picture->height / 2;
    for (int y = 0; y < height; y++) {
        const uint8_t *luma = picture->data[0] + 2 * y * picture->linesize[0];
        const uint8_t *cb = picture->data[1] + y * picture->linesize[1];
        const uint8_t *cr = picture->data[2] + y * picture->linesize[2];
        for (int x = 0; x < width; x++) {
            colour_add(&sums, luma[2 * x], cb[x], cr[x]);
            /* Heads: neither the lower quarter nor the outer edges. */
            if (y > height / 20 && y < height * 3 / 4 && x > width / 8 &&
                x < width * 7 / 8) {
                sums.middle++;
                sums.skin += scorer_is_skin(luma[2 * x], cb[x], cr[x]);
            }
        }
    }
    if (!sums.count)
        return;
    double n = (double)sums.count, rg = sums.rg / n, yb = sums.yb / n;
    double spread = fmax(sums.rg_square / n - rg * rg, 0) +
                    fmax(sums.yb_square / n - yb * yb, 0);
    out->colour = sqrt(spread) + 0.3 * sqrt(rg * rg + yb * yb);
    out->people = sums.middle ? (double)sums.skin / (double)sums.middle : 0;
}

void scorer_measure(const AVFrame *picture, struct poster_measures *out)
{
    *out = (struct poster_measures){0};
    measure_luma(picture, out);
    out->sharpness = measure_sharpness(picture);
    measure_colour(picture, out);
}

double scorer_motion(const AVFrame *a, const AVFrame *b)
{
    int64_t sum = 0;
    for (int y = 0; y < a->height; y++) {
        const uint8_t *one = a->data[0] + y * a->linesize[0];
        const uint8_t *other = b->data[0] + y * b->linesize[0];
        for (int x = 0; x < a->width; x++)
            sum += abs(one[x] - other[x]);
    }
    return (double)sum / LUMA_RANGE / ((double)a->width * a->height);
}

/* --- among candidates ---------------------------------------------------- */

/* Hecate's bounds for darkness and uniformity; a change of the mean by a tenth,
 * or of all pixels by a sixth on average, within two frames is a camera flash
 * or a change of shot. */
static bool candidate_is_poor(const struct poster_candidate *candidate)
{
    const struct poster_measures *measures = &candidate->measures;
    return measures->luma <= 0.075 || measures->uniformity >= 0.80 ||
           measures->bright > 0.5 || candidate->flicker > 0.10 ||
           candidate->motion > 0.16;
}

static double ramp(double value, double zero, double one)
{
    return av_clipd((value - zero) / (one - zero), 0, 1);
}

/* Mean luma between 0.35 and 0.65 is best, clipping counts from 2 % of the
 * picture on, a standard deviation of a fifth is full contrast. */
static double exposure_score(const struct poster_measures *measures)
{
    double exposed = fmin(ramp(measures->luma, 0.05, 0.35),
                          ramp(measures->luma, 0.95, 0.65));
    double clipped = fmax(measures->dark, measures->bright);
    double unclipped = 1 - ramp(clipped, 0.02, 0.30);
    return 0.5 * exposed * unclipped + 0.5 * ramp(measures->contrast, 0, 0.2);
}

/* Skin tones over a third of the picture are a wooden wall. */
static double people_score(double people)
{
    return ramp(people, 0, 0.06) * ramp(people, 0.45, 0.30);
}

enum rank_by { RANK_NONE, RANK_SHARPNESS, RANK_STILLNESS, RANK_COLOUR };

static double rank_value(const struct poster_candidate *candidate,
                         enum rank_by by)
{
    if (by == RANK_SHARPNESS)
        return candidate->measures.sharpness;
    return by == RANK_STILLNESS ? -candidate->motion
                                : candidate->measures.colour;
}

static bool candidates_compare(const struct poster_candidate *one,
                               const struct poster_candidate *other)
{
    return other != one && other->measured && other->rejected == one->rejected;
}

/* Part of the others that are below; 1 when there are none. */
static double rank_of(const struct poster_candidate *list, size_t count,
                      const struct poster_candidate *one, enum rank_by by,
                      bool in_group)
{
    size_t others = 0, below = 0;
    for (size_t i = 0; i < count; i++) {
        if (!candidates_compare(one, &list[i]) ||
            (in_group && list[i].group != one->group))
            continue;
        others++;
        below += rank_value(&list[i], by) < rank_value(one, by);
    }
    return others ? (double)below / (double)others : 1;
}

/* Sharpness counts half inside the shot, since a wide view has more edges than
 * a face, and half among all, since a shot may be out of focus as a whole. */
static void candidate_score(const struct poster_candidate *list, size_t count,
                            struct poster_candidate *one)
{
    one->sharpness_rank = rank_of(list, count, one, RANK_SHARPNESS, true);
    double sharp = rank_of(list, count, one, RANK_SHARPNESS, false);
    double still = one->motion < 0
                       ? 0.5
                       : rank_of(list, count, one, RANK_STILLNESS, false);
    one->score = 0.2 * one->sharpness_rank + 0.2 * sharp + 0.2 * still +
                 0.2 * exposure_score(&one->measures) +
                 0.1 * rank_of(list, count, one, RANK_COLOUR, false) +
                 0.1 * people_score(one->measures.people);
}

/* In the sharpest 15 % of its group, rounded up to a whole candidate. */
static bool candidate_is_sharp(const struct poster_candidate *list,
                               size_t count, const struct poster_candidate *one)
{
    size_t group = 1, above = 0;
    for (size_t i = 0; i < count; i++) {
        if (!candidates_compare(one, &list[i]) || list[i].group != one->group)
            continue;
        group++;
        above += list[i].measures.sharpness > one->measures.sharpness;
    }
    return above < (group * 15 + 99) / 100;
}

size_t scorer_choose(struct poster_candidate *list, size_t count)
{
    bool any_good = false;
    for (size_t i = 0; i < count; i++) {
        list[i].rejected = list[i].measured && candidate_is_poor(&list[i]);
        any_good |= list[i].measured && !list[i].rejected;
    }
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
        struct poster_candidate *one = &list[i];
        if (!one->measured)
            continue;
        candidate_score(list, count, one);
        if (one->rejected == any_good || !candidate_is_sharp(list, count, one))
            continue;
        if (best == count || one->score > list[best].score)
            best = i;
    }
    return best;
}
