/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording that is painted when it is asked for, and a clip of its shots:
 * what choosing a picture and making a poster of it are tried on. */
#ifndef REELPRESS_TESTS_POSTER_FILM_H
#define REELPRESS_TESTS_POSTER_FILM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#include "poster/poster.h"
#include "poster/pictures.h"

enum { WIDTH = 320, HEIGHT = 180 };
#define SECONDS(n) ((int64_t)((n) * (double)FLICKS_PER_SECOND))

/* A recording of 20 s: blurred and moving, but for seconds 8 to 9, in which it
 * is sharp and still; dark from 12 to 14; a flash at 16. */
struct film {
    struct picture_source source;
    int visits, fail;
    size_t asked;
    bool rising;
    int64_t first, last;
    enum fit_mode fit;
};

struct moment {
    double seconds;
};

static uint32_t paint_film(const void *opaque, int x, int y)
{
    double seconds = ((const struct moment *)opaque)->seconds;
    bool sharp = seconds >= 8 && seconds < 9;
    double shift = sharp ? 0 : 40 * seconds;
    double period = sharp ? 6 : 40;
    double value =
        128 + 90 * sin(2 * 3.14159265 * (x + shift + 0.3 * y) / period);
    if (seconds >= 12 && seconds < 14)
        value /= 20;
    if (seconds >= 16 && seconds < 16.04)
        value = 200 + value / 5;
    return (uint32_t)value * 0x010100u + ((uint32_t)value / 2);
}

static inline int film_visit(
    struct picture_source *source, struct log *log, const struct shot *shot,
    const int64_t *times, size_t count,
    int (*visit)(void *opaque, size_t i, AVFrame *frame), void *opaque)
{
    struct film *film = container_of(source, struct film, source);
    film->visits++;
    film->asked = shot->photo ? 1 : count;
    film->rising = true;
    if (film->fail)
        return log_fail(log, AVERROR(EIO), "the disk is gone");
    for (size_t i = 0; i < film->asked; i++) {
        struct moment moment = {
            shot->photo ? 8.5 : (double)times[i] / (double)FLICKS_PER_SECOND};
        if (!shot->photo) {
            film->rising &= i == 0 || times[i] >= times[i - 1];
            film->first = i ? FFMIN(film->first, times[i]) : times[i];
            film->last = times[i];
        }
        AVFrame *frame = pictures_rgb(WIDTH, HEIGHT, paint_film, &moment);
        int ret = visit(opaque, i, frame);
        av_frame_free(&frame);
        if (ret < 0)
            return ret;
    }
    return 0;
}

static inline int film_fit(struct picture_source *source, struct log *log,
                           const AVFrame *picture, int width, int height,
                           enum AVPixelFormat format, enum fit_mode fit,
                           int crop_percent, AVFrame **out)
{
    struct film *film = container_of(source, struct film, source);
    film->fit = fit;
    return pictures_fit(source, log, picture, width, height, format, fit,
                        crop_percent, out);
}

static const struct picture_source_ops film_ops = {film_visit, film_fit};

struct scene {
    struct film film;
    struct index index;
    struct recording recording, other;
    struct highlight row;
    struct shot shots[3];
    struct clip clip;
    struct poster_choice choice;
};

static inline void scene_add(struct scene *scene, double from, double to)
{
    scene->shots[scene->clip.shot_count++] = (struct shot){
        .row = &scene->row,
        .recording = &scene->recording,
        .in_flicks = SECONDS(from),
        .out_flicks = SECONDS(to),
        .crop_percent = -1,
    };
}

static inline void scene_init(struct scene *scene)
{
    memset(scene, 0, sizeof(*scene));
    scene->film.source.ops = &film_ops;
    scene->index.rate = (AVRational){25, 1};
    scene->recording.index = &scene->index;
    scene->recording.picture.stream = 0;
    scene->clip.shots = scene->shots;
    scene->clip.number = 1;
    scene->clip.poster_flicks = FLICKS_NONE;
}

static inline int scene_choose(struct scene *scene, struct log *log)
{
    json_decref(scene->choice.figures);
    return poster_choose(log, &scene->film.source, &scene->clip,
                         &scene->choice);
}

#endif
