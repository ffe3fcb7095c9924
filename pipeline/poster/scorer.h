/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of a shot's pictures makes the better poster, without a model: figures
 * of single pictures, then ranks among the candidates. Pure; pictures are
 * YUV420P, BT.709 limited, about 640 pixels on the longer side, so that the
 * figures of different recordings mean the same. */
#ifndef REELPRESS_POSTER_SCORER_H
#define REELPRESS_POSTER_SCORER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libavutil/frame.h>

#define SCORER_SIDE 640

struct poster_measures {
    double luma;         /* mean, 0 black to 1 white */
    double contrast;     /* standard deviation of luma, 0–0.5 */
    double dark, bright; /* parts of the picture clipped at either end, 0–1 */
    double uniformity;   /* part in the fullest 5 % of 128 grey levels (Hecate,
                            Song et al., CIKM 2016) */
    double sharpness;    /* variance of the Laplacian, code values squared */
    double colour;       /* colourfulness of Hasler and Süsstrunk (2003) */
    double people; /* part of the middle and upper picture in skin tones */
};

struct poster_candidate {
    int64_t flicks; /* in the recording */
    size_t group;   /* sharpness is ranked among those of one shot */
    bool measured;  /* a picture came */
    struct poster_measures measures;
    double motion; /* mean luma change to a picture shortly after, 0–1; below 0
                      where none came */
    double flicker; /* change of the mean luma to that picture, 0–1 */

    /* What scorer_choose finds. */
    bool rejected; /* dark, uniform, or changing: a flash, a cut, a dissolve */
    double sharpness_rank; /* 0–1 in its group */
    double score;          /* 0–1 */
};

void scorer_measure(const AVFrame *picture, struct poster_measures *out);
/* Motion and flicker between two pictures of one size, 0–1. */
double scorer_motion(const AVFrame *a, const AVFrame *b);
/* Whether one pixel's codes look like skin: a fixed box in Cb, Cr (Chai and
 * Ngan, 1999) above a luma floor. */
bool scorer_is_skin(int y, int cb, int cr);

/* Fills the ranks and scores and returns the index of the best: among the
 * accepted ones that are in the sharpest 15 % of their group, or, when all
 * are rejected, among all. `count` when none was measured. */
size_t scorer_choose(struct poster_candidate *list, size_t count);

#endif
