/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the geometry of fitting. Refuses to know why a mode was chosen. */
#include "presets/fit.h"

#include <math.h>
#include <libavutil/common.h>

/* Width to height as it is looked at. Geometry is no time, so doubles are
 * fine. */
static double fit_ratio(const struct fit_shape *shape)
{
    double sar =
        shape->sar.num > 0 && shape->sar.den > 0 ? av_q2d(shape->sar) : 1.0;
    return shape->width * sar / shape->height;
}

static int fit_even(double value, int most)
{
    return FFMIN(FFMAX((int)lrint(value / 2) * 2, 2), most);
}

/* The largest part of the source that has the frame's shape. */
static struct fit_area fit_cover(const struct fit_shape *from, double have,
                                 double want, int percent)
{
    struct fit_area area = {0, 0, from->width, from->height};
    if (have > want)
        area.width = from->width * want / have;
    else
        area.height = from->height * have / want;
    area.left = (from->width - area.width) * percent / 100;
    area.top = (from->height - area.height) * percent / 100;
    return area;
}

void fit_place(const struct fit_shape *from, const struct fit_shape *to,
               const struct fit_wish *wish, struct fit_place *out)
{
    double have = fit_ratio(from), want = fit_ratio(to);
    *out = (struct fit_place){
        .mode = wish->mode == FIT_NONE ? FIT_INSIDE : wish->mode,
        .width = to->width,
        .height = to->height,
    };
    int percent = wish->crop_percent < 0 ? 50 : wish->crop_percent;
    if (fabs(have - want) <= want / 100) {
        out->mode = FIT_NONE;
        return;
    }
    if (wish->narrow_percent >= 0 && want < have) {
        out->mode = FIT_FILL;
        percent = wish->narrow_percent;
    }
    out->cover = fit_cover(from, have, want, percent);
    if (out->mode == FIT_FILL) {
        out->area = out->cover;
        return;
    }
    if (have > want)
        out->height = fit_even(to->height * want / have, to->height);
    else
        out->width = fit_even(to->width * have / want, to->width);
    out->left = (to->width - out->width) / 4 * 2;
    out->top = (to->height - out->height) / 4 * 2;
}

struct fit_wish fit_wish_of(const struct preset *preset, int crop_percent)
{
    return (struct fit_wish){
        .mode = (enum fit_mode)preset->fit,
        .crop_percent = (int)preset->crop_at,
        .narrow_percent = crop_percent,
    };
}

struct fit_area fit_whole(const struct fit_shape *from,
                          const struct fit_place *place)
{
    struct fit_area shown = place->area;
    if (shown.width <= 0 || shown.height <= 0)
        shown = (struct fit_area){0, 0, from->width, from->height};
    double across = place->width / shown.width;
    double down = place->height / shown.height;
    return (struct fit_area){
        .left = place->left - shown.left * across,
        .top = place->top - shown.top * down,
        .width = from->width * across,
        .height = from->height * down,
    };
}
