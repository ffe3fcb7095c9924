/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an sRGB colour is in a frame's own code values. */
#include "subtitles/colour.h"

#include <math.h>
#include <stdbool.h>

struct luma_weights {
    double red, blue;
};

static struct luma_weights colour_weights(enum AVColorSpace matrix)
{
    switch (matrix) {
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
        return (struct luma_weights){0.299, 0.114};
    case AVCOL_SPC_SMPTE240M:
        return (struct luma_weights){0.212, 0.087};
    case AVCOL_SPC_FCC:
        return (struct luma_weights){0.30, 0.11};
    case AVCOL_SPC_BT2020_NCL:
        return (struct luma_weights){0.2627, 0.0593};
    default:
        return (struct luma_weights){0.2126, 0.0722};
    }
}

static double colour_clamp(double code)
{
    return fmin(fmax(code, 0), 255);
}

void colour_codes(const struct colour_space *space, int red, int green,
                  int blue, double codes[3])
{
    if (space->matrix == AVCOL_SPC_RGB) {
        codes[0] = green;
        codes[1] = blue;
        codes[2] = red;
        return;
    }
    struct luma_weights weights = colour_weights(space->matrix);
    double r = red / 255.0, g = green / 255.0, b = blue / 255.0;
    double y = weights.red * r + (1 - weights.red - weights.blue) * g +
               weights.blue * b;
    double cb = (b - y) / (2 * (1 - weights.blue));
    double cr = (r - y) / (2 * (1 - weights.red));
    bool full = space->range == AVCOL_RANGE_JPEG;
    codes[0] = colour_clamp(full ? 255 * y : 16 + 219 * y);
    codes[1] = colour_clamp(128 + (full ? 255 : 224) * cb);
    codes[2] = colour_clamp(128 + (full ? 255 : 224) * cr);
}
