/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns which of a file's words on colour counts, and lcms2. Refuses to know
 * how pixels lie in frames. */
#include "render/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <lcms2.h>
#include <libavutil/common.h>
#include <libavutil/intreadwrite.h>

#include "ingest/photo_exif.h"

/* lcms2 is exact at a hundred nanoseconds a pixel, or fast through a coarse
 * grid that is off by up to 20 of 255 near a gamut's edge. Nearly all profiles
 * of photos are curves and a matrix: there each channel's share of the linear
 * sRGB is read from tables, as exact and faster than the grid. */
#define CODES 65536

struct shares {
    float of[3][CODES][3]; /* channel, code: linear red, green, blue */
    uint16_t curve[CODES]; /* linear to sRGB */
};

struct profile {
    cmsHTRANSFORM transform; /* 16-bit codes to sRGB's */
    struct shares *shares;   /* NULL: no matrix, or not three channels */
    int channels;
};

/* Steps of each channel in which a profile is compared with sRGB, and how far
 * apart in 65535 a code may be: one and a half of 255. */
#define PROBE_STEPS 6
#define PROBE_CLOSE 386
#define PROBES      (PROBE_STEPS * PROBE_STEPS * PROBE_STEPS)

static const cmsCIExyY white_d65 = {0.3127, 0.3290, 1.0};
static const cmsCIExyYTRIPLE primaries_srgb = {
    {0.64, 0.33, 1.0}, {0.30, 0.60, 1.0}, {0.15, 0.06, 1.0}};

static cmsHPROFILE profile_build(const cmsCIExyY *white,
                                 const cmsCIExyYTRIPLE *primaries, double gamma)
{
    cmsToneCurve *curve = NULL;
    if (gamma > 0) {
        curve = cmsBuildGamma(NULL, gamma);
    } else {
        const double srgb[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92,
                               0.04045};
        curve = cmsBuildParametricToneCurve(NULL, 4, srgb);
    }
    cmsToneCurve *const curves[] = {curve, curve, curve};
    cmsHPROFILE made =
        curve ? cmsCreateRGBProfile(white, primaries, curves) : NULL;
    cmsFreeToneCurve(curve);
    return made;
}

/* --- what the file says ----------------------------------------------------
 */

static cmsHPROFILE profile_of_icc(const AVFrame *image)
{
    const AVFrameSideData *data =
        av_frame_get_side_data(image, AV_FRAME_DATA_ICC_PROFILE);
    return data ? cmsOpenProfileFromMem(data->data, (cmsUInt32Number)data->size)
                : NULL;
}

/* DCF: Adobe RGB is marked in EXIF, and cameras add no profile. */
static cmsHPROFILE profile_of_exif(const struct buffer *file)
{
    static const cmsCIExyYTRIPLE adobe = {
        {0.64, 0.33, 1.0}, {0.21, 0.71, 1.0}, {0.15, 0.06, 1.0}};
    struct photo_exif exif;
    photo_exif_of_file((const uint8_t *)file->data, file->size, &exif);
    return exif.adobe_rgb ? profile_build(&white_d65, &adobe, 563.0 / 256)
                          : NULL;
}

static double png_fraction(const uint8_t *bytes)
{
    return AV_RB32(bytes) / 100000.0;
}

static cmsCIExyY png_point(const uint8_t *bytes)
{
    return (cmsCIExyY){png_fraction(bytes), png_fraction(bytes + 4), 1.0};
}

/* The chunks before the picture's data, as the PNG specification ranks them
 * below iCCP. */
static cmsHPROFILE profile_of_png(const struct buffer *file)
{
    const uint8_t *bytes = (const uint8_t *)file->data;
    cmsCIExyY white = white_d65;
    cmsCIExyYTRIPLE primaries = primaries_srgb;
    double gamma = 0;
    bool says = false;
    for (size_t at = 8; at + 12 <= file->size;) {
        const size_t length = AV_RB32(bytes + at);
        const uint8_t *name = bytes + at + 4, *data = bytes + at + 8;
        if (length > file->size - at - 12 || memcmp(name, "IDAT", 4) == 0)
            break;
        if (memcmp(name, "sRGB", 4) == 0)
            return NULL;
        if (memcmp(name, "gAMA", 4) == 0 && length == 4 && AV_RB32(data)) {
            gamma = 1 / png_fraction(data);
            says = true;
        } else if (memcmp(name, "cHRM", 4) == 0 && length == 32) {
            white = png_point(data);
            primaries =
                (cmsCIExyYTRIPLE){png_point(data + 8), png_point(data + 16),
                                  png_point(data + 24)};
            says = true;
        }
        at += length + 12;
    }
    /* 1/2.2 is how writers put sRGB's curve before they knew its chunk. */
    if (fabs(gamma - 2.2) < 0.01)
        gamma = 0;
    return says ? profile_build(&white, &primaries, gamma) : NULL;
}

static cmsHPROFILE profile_open(const AVFrame *image, const struct buffer *file)
{
    const uint8_t *bytes = (const uint8_t *)file->data;
    cmsHPROFILE found = profile_of_icc(image);
    if (found || file->size < 16)
        return found;
    if (AV_RB64(bytes) == 0x89504e470d0a1a0a)
        return profile_of_png(file);
    return AV_RB24(bytes) == 0xffd8ff ? profile_of_exif(file) : NULL;
}

/* --- the way to sRGB ---------------------------------------------------------
 */

static void probe_colour(int i, uint16_t out[3])
{
    for (int c = 0; c < 3; c++) {
        out[c] = (uint16_t)(i % PROBE_STEPS * 65535 / (PROBE_STEPS - 1));
        i /= PROBE_STEPS;
    }
}

static bool profile_is_srgb(const struct profile *profile)
{
    for (int i = 0; i < PROBES; i++) {
        uint16_t in[3], out[3];
        probe_colour(i, in);
        cmsDoTransform(profile->transform, in, out, 1);
        for (int c = 0; c < 3; c++) {
            if (abs(in[c] - out[c]) > PROBE_CLOSE)
                return false;
        }
    }
    return true;
}

static int profile_connect(struct profile *profile, cmsHPROFILE from)
{
    cmsUInt32Number type = 0;
    switch (cmsGetColorSpace(from)) {
    case cmsSigRgbData:
        profile->channels = 3;
        type = TYPE_RGB_16;
        break;
    case cmsSigGrayData:
        profile->channels = 1;
        type = TYPE_GRAY_16;
        break;
    case cmsSigCmykData:
        profile->channels = 4;
        type = TYPE_CMYK_16;
        break;
    default:
        return AVERROR(ENOTSUP);
    }
    cmsHPROFILE to = cmsCreate_sRGBProfile();
    if (!to)
        return AVERROR(ENOMEM);
    /* Perceptual, as browsers take it: the same as relative for the profiles
     * of cameras and screens, and made for prints. */
    profile->transform = cmsCreateTransform(
        from, type, to, TYPE_RGB_16, INTENT_PERCEPTUAL, cmsFLAGS_NOCACHE);
    cmsCloseProfile(to);
    return profile->transform ? 0 : AVERROR_INVALIDDATA;
}

/* Whether the channels' shares of the light add up, at the probe's colours. */
static bool shares_add_up(const struct shares *shares, cmsHTRANSFORM linear)
{
    for (int i = 0; i < PROBES; i++) {
        uint16_t in[3];
        float light[3];
        probe_colour(i, in);
        cmsDoTransform(linear, in, light, 1);
        for (int c = 0; c < 3; c++) {
            float sum = shares->of[0][in[0]][c] + shares->of[1][in[1]][c] +
                        shares->of[2][in[2]][c];
            if (fabsf(sum - light[c]) > 1e-3F)
                return false;
        }
    }
    return true;
}

static void shares_fill(struct shares *shares, cmsHTRANSFORM linear)
{
    const uint16_t none[3] = {0};
    float black[3];
    cmsDoTransform(linear, none, black, 1);
    for (int channel = 0; channel < 3; channel++) {
        for (int i = 0; i < CODES; i++) {
            float *light = shares->of[channel][i];
            uint16_t in[3] = {0};
            in[channel] = (uint16_t)i;
            cmsDoTransform(linear, in, light, 1);
            /* What black has is counted once. */
            for (int c = 0; channel > 0 && c < 3; c++)
                light[c] -= black[c];
        }
    }
    for (int i = 0; i < CODES; i++) {
        double v = (double)i / (CODES - 1);
        v = v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
        shares->curve[i] = (uint16_t)lrint(v * 65535);
    }
}

static void profile_find_shares(struct profile *profile, cmsHPROFILE from)
{
    cmsHPROFILE to = profile_build(&white_d65, &primaries_srgb, 1.0);
    cmsHTRANSFORM linear =
        to ? cmsCreateTransform(from, TYPE_RGB_16, to, TYPE_RGB_FLT,
                                INTENT_PERCEPTUAL,
                                cmsFLAGS_NOCACHE | cmsFLAGS_NOOPTIMIZE)
           : NULL;
    struct shares *shares = linear ? malloc(sizeof(*shares)) : NULL;
    if (shares) {
        shares_fill(shares, linear);
        if (shares_add_up(shares, linear))
            profile->shares = shares;
        else
            free(shares);
    }
    if (linear)
        cmsDeleteTransform(linear);
    if (to)
        cmsCloseProfile(to);
}

struct profile *profile_find(const AVFrame *image, const struct buffer *file)
{
    cmsHPROFILE from = profile_open(image, file);
    struct profile *profile = from ? calloc(1, sizeof(*profile)) : NULL;
    if (profile && (profile_connect(profile, from) < 0 ||
                    (profile->channels == 3 && profile_is_srgb(profile))))
        profile_destroy(&profile);
    if (profile && profile->channels == 3)
        profile_find_shares(profile, from);
    if (from)
        cmsCloseProfile(from);
    return profile;
}

void profile_destroy(struct profile **profile)
{
    if (!*profile)
        return;
    if ((*profile)->transform)
        cmsDeleteTransform((*profile)->transform);
    free((*profile)->shares);
    free(*profile);
    *profile = NULL;
}

int profile_channels(const struct profile *profile)
{
    return profile->channels;
}

static void shares_run(const struct shares *shares, const uint16_t *from,
                       uint16_t *to, int count)
{
    for (int x = 0; x < count; x++, from += 3, to += 3) {
        const float *red = shares->of[0][from[0]];
        const float *green = shares->of[1][from[1]];
        const float *blue = shares->of[2][from[2]];
        for (int c = 0; c < 3; c++) {
            float light = (red[c] + green[c] + blue[c]) * (CODES - 1) + 0.5F;
            to[c] = shares->curve[(int)FFMIN(FFMAX(light, 0), CODES - 1)];
        }
    }
}

void profile_run(const struct profile *profile, const uint16_t *from,
                 uint16_t *to, int count)
{
    if (profile->shares)
        shares_run(profile->shares, from, to, count);
    else
        cmsDoTransform(profile->transform, from, to, (cmsUInt32Number)count);
}
