/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the proof of a finished film: what the pass over its packets found, its
 * sound's figures, its container and the outlet's limits. */
#include "check/check.h"

#include "check/boxes.h"
#include "check/film_packets.h"
#include "check/limits.h"
#include "flow/chunk_file.h"

#include <libavutil/common.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AAC_FRAME       1024
#define LOUDNESS_MARGIN 0.5 /* LU */
/* Under a second are two or three of the meter's blocks, or none that is whole:
 * what a codec does to one of them is no fault of the sound. */
#define BRIEF_SAMPLES 48000
#define BRIEF_MARGIN  2.0
#define PEAK_MARGIN   0.05 /* dB: of meters, not of sounds */

static void set_rounded(json_t *object, const char *key, double value)
{
    json_object_set_new(object, key, json_real(round(value * 100.0) / 100.0));
}

static void fill_figures(json_t *figures, const struct film *film)
{
    const struct listener *listener = &film->listener;
    json_object_set_new(figures, "pictures", json_integer(film->pictures));
    json_object_set_new(figures, "decoded", json_integer(film->fed));
    json_object_set_new(figures, "parts",
                        json_integer((json_int_t)film->chunk_count));
    if (!film->sound)
        return;
    json_object_set_new(figures, "samples", json_integer(listener->samples));
    if (listener->silent) {
        json_object_set_new(figures, "loudness", json_null());
        json_object_set_new(figures, "true_peak", json_null());
    } else {
        set_rounded(figures, "loudness", listener->lufs);
        set_rounded(figures, "true_peak", listener->peak_dbtp);
    }
}

static int check_length(const struct film *film)
{
    const struct listener *listener = &film->listener;
    int64_t planned = film->rendition->timeline->samples;
    if (listener->faults)
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        _("%s: its sound does not decode cleanly; run again"),
                        film->path);
    if (llabs(listener->samples - planned) > AAC_FRAME)
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        _("%s: its sound has %lld samples where %lld were "
                          "planned; run again"),
                        film->path, (long long)listener->samples,
                        (long long)planned);
    if (listener->first_pts != 0)
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        _("%s: its sound does not begin with its pictures; "
                          "run again"),
                        film->path);
    return 0;
}

/* The target where the sound's maker reached it; where he could not (told
 * then), what he had is what must be in the file. */
static int check_loudness(const struct film *film, const json_t *measures)
{
    const struct listener *listener = &film->listener;
    const struct preset *preset = film->rendition->preset;
    const json_t *made = json_object_get(measures, "loudness");
    bool silent = json_is_true(json_object_get(measures, "silent"));
    if (silent != listener->silent)
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        _("%s: its sound is not the one that was mixed; run "
                          "again"),
                        film->path);
    if (silent)
        return 0;
    double wanted = preset->loudness_lufs;
    if (json_is_number(made) &&
        json_is_false(json_object_get(measures, "reached")))
        wanted = json_number_value(made);
    bool is_brief = film->rendition->timeline->samples < BRIEF_SAMPLES;
    if (fabs(listener->lufs - wanted) >
        (is_brief ? BRIEF_MARGIN : LOUDNESS_MARGIN))
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        _("%s: its loudness is %.1f LUFS, not %.1f; run "
                          "again"),
                        film->path, listener->lufs, wanted);
    if (listener->peak_dbtp > preset->true_peak_dbtp + PEAK_MARGIN)
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        _("%s: its true peak is %.2f dBTP, above %.1f; run "
                          "again"),
                        film->path, listener->peak_dbtp,
                        preset->true_peak_dbtp);
    return 0;
}

static int check_sound(const struct film *film, const char *sound_path)
{
    if (!sound_path != !film->sound)
        return log_fail(film->log, AVERROR_INVALIDDATA,
                        sound_path ? _("%s has no sound track; run again")
                                   : _("%s has a sound track that was not "
                                       "planned; run again"),
                        film->path);
    if (!sound_path)
        return 0;
    struct chunk_file *made = NULL;
    int ret = chunk_file_load(film->log, sound_path, &made);
    if (ret < 0)
        return log_fail(film->log, ret,
                        _("%s: the film's sound can't be read back: %s; run "
                          "again"),
                        sound_path, LOG_REASON(ret));
    ret = check_length(film);
    if (ret >= 0)
        ret = check_loudness(film, made->measures);
    chunk_file_destroy(&made);
    return ret;
}

static int check_boxes(const struct film *film, const struct boxes *boxes)
{
    const char *what = NULL;
    if (!boxes->whole)
        what = _("its boxes do not fill the file");
    else if (!boxes->moov_first)
        what = _("its index lies behind its media, so it can't play while it "
                 "loads");
    else if (strcmp(boxes->brand, "isom"))
        what = _("it is of another brand than isom");
    else if (boxes->has_clock)
        what = _("it carries the time when it was made");
    if (!what)
        return 0;
    return log_fail(film->log, AVERROR_INVALIDDATA,
                    _("%s is not what was planned: %s; run again, and if it "
                      "comes again report it"),
                    film->path, what);
}

int check_file(struct log *log, const char *path,
               const struct rendition *rendition,
               const char *const *chunk_paths, size_t chunk_count,
               const char *sound_path, bool full, json_t **figures)
{
    *figures = json_object();
    struct boxes boxes;
    struct film film = {.log = log,
                        .path = path,
                        .rendition = rendition,
                        .chunk_paths = chunk_paths,
                        .chunk_count = chunk_count,
                        .full = full};
    int ret = boxes_read(log, path, &boxes);
    if (ret < 0)
        return ret;
    json_object_set_new(*figures, "bytes", json_integer(boxes.bytes));
    ret = check_boxes(&film, &boxes);
    if (ret >= 0)
        ret = film_open(&film);
    if (ret >= 0)
        ret = film_read(&film);
    if (film.seen)
        fill_figures(*figures, &film);
    if (ret >= 0)
        ret = check_sound(&film, sound_path);
    if (ret >= 0)
        ret = limits_check(&film, boxes.bytes, *figures);
    film_close(&film);
    return ret;
}
