/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the comparison of a film's facts with its preset's. Reads no packet. */
#include "check/limits.h"

#include <libavutil/common.h>
#include <libavutil/dict.h>
#include <libavutil/mathematics.h>

#include <math.h>
#include <string.h>

/* "4.2", "42" and "4" in x264's words: tenths. */
static int level_tenths(const char *text)
{
    int value = 0, digits = 0;
    for (; *text >= '0' && *text <= '9'; text++, digits++)
        value = value * 10 + (*text - '0');
    if (*text == '.')
        return value * 10 +
               (text[1] >= '0' && text[1] <= '9' ? text[1] - '0' : 0);
    return digits == 1 ? value * 10 : value;
}

/* The level that the encoder was given: the plan may raise the preset's. */
static int planned_level(const struct rendition *rendition)
{
    const char *given =
        rendition->encoder ? strstr(rendition->encoder, "level=") : NULL;
    if (given)
        return level_tenths(given + strlen("level="));
    return rendition->preset->level ? level_tenths(rendition->preset->level)
                                    : 0;
}

static int planned_profile(const struct preset *preset)
{
    static const struct {
        const char *name;
        int idc;
    } table[] = {{"baseline", 66}, {"main", 77}, {"high", 100}};
    for (size_t i = 0; preset->profile && i < FF_ARRAY_ELEMS(table); i++) {
        if (!strcmp(preset->profile, table[i].name))
            return table[i].idc;
    }
    return 0;
}

/* Bytes 1 and 3 of avcC (ISO/IEC 14496-15, 5.3.3.1). An encoder may do with
 * less than it was allowed, never with more. */
static int check_codec(const struct film *film, json_t *figures)
{
    const AVCodecParameters *in = film->picture->codecpar;
    const struct preset *preset = film->rendition->preset;
    if (in->codec_id != AV_CODEC_ID_H264 || in->extradata_size < 4)
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        _("%s is not H.264; run again"), film->path);
    int profile = in->extradata[1], level = in->extradata[3];
    int most_profile = planned_profile(preset);
    int most_level = planned_level(film->rendition);
    json_object_set_new(figures, "profile", json_integer(profile));
    json_object_set_new(figures, "level", json_integer(level));
    if ((most_profile && profile > most_profile) ||
        (most_level && level > most_level))
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        _("%s has profile %d at level %d, more than its preset "
                          "%s allows; set a higher level there or a smaller "
                          "frame"),
                        film->path, profile, level, preset_called(preset));
    return 0;
}

static int check_picture(const struct film *film)
{
    const AVCodecParameters *in = film->picture->codecpar;
    const struct preset *preset = film->rendition->preset;
    if (in->width != preset->width || in->height != preset->height)
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        _("%s is %dx%d, not %lldx%lld; run again"), film->path,
                        in->width, in->height, (long long)preset->width,
                        (long long)preset->height);
    AVRational rate = film->rendition->timeline->rate;
    if (av_cmp_q(film->picture->avg_frame_rate, rate))
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        _("%s has %d/%d pictures a second, not %d/%d; run "
                          "again"),
                        film->path, film->picture->avg_frame_rate.num,
                        film->picture->avg_frame_rate.den, rate.num, rate.den);
    if (in->color_primaries != AVCOL_PRI_BT709 ||
        in->color_trc != AVCOL_TRC_BT709 ||
        in->color_space != AVCOL_SPC_BT709 ||
        in->color_range != AVCOL_RANGE_MPEG)
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        _("%s is not tagged as BT.709 of limited range; run "
                          "again"),
                        film->path);
    return 0;
}

static int check_tags(const struct film *film)
{
    const char *title = film->rendition->clip->title;
    const AVDictionaryEntry *in =
        av_dict_get(film->format->metadata, "title", NULL, 0);
    if (title && *title && (!in || strcmp(in->value, title)))
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        _("%s does not carry its title; run again"),
                        film->path);
    if (av_dict_get(film->format->metadata, "encoder", NULL, 0))
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        _("%s names the version that made it; run again"),
                        film->path);
    return 0;
}

static int check_outlet(const struct film *film, int64_t bytes, json_t *figures)
{
    const struct preset *preset = film->rendition->preset;
    const struct timeline *timeline = film->rendition->timeline;
    double seconds = (double)timeline->ticks / av_q2d(timeline->rate);
    int64_t rate = av_rescale(bytes * 8, timeline->rate.num,
                              FFMAX(timeline->ticks, 1) * timeline->rate.den);
    json_object_set_new(figures, "total_bps", json_integer(rate));
    json_object_set_new(figures, "length_s",
                        json_real(round(seconds * 1000.0) / 1000.0));
    if (preset->max_bytes && bytes > preset->max_bytes)
        return log_fail(film->log, AVERROR(EFBIG),
                        _("%s has %lld bytes, and %s takes %lld at most; make "
                          "the clip shorter or lower the preset's rate"),
                        film->path, (long long)bytes, preset_called(preset),
                        (long long)preset->max_bytes);
    if (preset->max_total_bps && rate > preset->max_total_bps)
        return log_fail(film->log, AVERROR(EFBIG),
                        _("%s has %lld bit/s, and %s takes %lld at most; lower "
                          "the preset's rate"),
                        film->path, (long long)rate, preset_called(preset),
                        (long long)preset->max_total_bps);
    if (preset->max_length_s > 0.0 && seconds > preset->max_length_s)
        return log_fail(film->log, AVERROR(EINVAL),
                        _("%s lasts %.1f s, and %s takes %.0f s at most; make "
                          "the clip shorter"),
                        film->path, seconds, preset_called(preset),
                        preset->max_length_s);
    if (seconds < preset->min_length_s)
        log_warn(film->log, _("%s lasts %.1f s, and %s wants %.0f s at least"),
                 film->path, seconds, preset_called(preset),
                 preset->min_length_s);
    return 0;
}

int limits_check(const struct film *film, int64_t bytes, json_t *figures)
{
    int ret = check_picture(film);
    if (ret >= 0)
        ret = check_codec(film, figures);
    if (ret >= 0)
        ret = check_tags(film);
    if (ret >= 0)
        ret = check_outlet(film, bytes, figures);
    return ret;
}
