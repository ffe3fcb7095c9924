/* SPDX-License-Identifier: GPL-3.0-or-later */
/* struct preset: one deliverable's rules, read from a YAML file through one
 * option table (preset.c). It knows figures and names, no media. */
#ifndef REELPRESS_PRESET_H
#define REELPRESS_PRESET_H

#include <stdbool.h>
#include <stdint.h>
#include <libavutil/rational.h>
#include "base/arena.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/option.h"

/* How a picture of another shape comes into the frame. */
enum fit_mode {
    FIT_NONE,   /* as the preset says */
    FIT_INSIDE, /* whole picture, black around it */
    FIT_FILL,   /* frame filled, the picture cropped */
    FIT_BLUR,   /* whole picture on its own blurred, darkened enlargement */
};

enum logo_corner {
    LOGO_NONE,
    LOGO_TOP_LEFT,
    LOGO_TOP_RIGHT,
    LOGO_BOTTOM_LEFT,
    LOGO_BOTTOM_RIGHT,
};

/* One cover picture that the outlet wants. */
struct cover {
    const char *shape; /* name in files: "16x9", "3x4" */
    int width, height;
    int64_t jpeg_bytes; /* the JPEG twin's limit; 0: no JPEG is made */
    int64_t png_bytes;  /* the PNG's limit; 0: none */
};

struct preset {
    const char *name;     /* file name without .yaml, e.g. "web-news" */
    const char *alias;    /* Chinese name, e.g. 新闻网站 */
    const char *about;    /* one sentence for `reelpress presets` */
    const char *about_zh; /* the same in Chinese; NULL: none */
    const char *file;     /* where it was read from */
    const char *shown;    /* the same as faults show it */
    int rank;             /* of its folder; 0: the session's */

    int64_t width, height; /* the frame, in pixels; even */
    /* Picture rate: `rate` when it is not 0/1; else what preset_rate makes of
     * the first shot's own, at most `rate_cap`. Written `25`, `30000/1001`,
     * `source<=30`. */
    AVRational rate;
    AVRational rate_cap;
    const char *rate_written; /* as the file has it */
    int fit;                  /* enum fit_mode for sources of another shape */
    int64_t crop_at; /* FIT_FILL: where to crop, percent from left or top; 50 */

    double crf;
    const char *speed; /* x264 preset */
    const char *tune;  /* x264 tune; NULL none */
    const char *profile;
    const char *level;
    int64_t max_rate_bps, buffer_bits; /* VBV; 0: no cap */
    bool constant_rate; /* max_rate all along instead of crf's quality */
    double
        keyint_s; /* longest distance of IDRs, seconds (no time of content) */
    int64_t chunk_s; /* length of a chunk in seconds of the source; 4 */

    int64_t audio_bit_rate_bps;
    int64_t sample_rate;   /* 48000 */
    double loudness_lufs;  /* integrated target */
    double true_peak_dbtp; /* ceiling after the codec */
    bool natural_sound;    /* no music, no ducking; still levelled */

    /* What is drawn and joined. `clean` has none of it. */
    bool captions, titles, straps, quotes, logo, music, card, transitions;
    bool photo_move;        /* photos come slowly nearer, or go away */
    int logo_corner;        /* enum logo_corner */
    double title_s, card_s; /* how long they stay; 4 and 2 seconds */
    /* Nothing that is drawn leaves this box: pixels from each edge. */
    int64_t safe_left, safe_top, safe_right, safe_bottom;
    int64_t caption_px;    /* em size of captions, pixels */
    int64_t caption_chars; /* longest caption line, full-width characters */
    int64_t caption_base;  /* baseline box bottom: pixels from the frame's
                              bottom; 0: safe_bottom */

    /* What the outlet refuses. 0: no limit is known. */
    int64_t max_bytes;     /* the file */
    int64_t max_total_bps; /* picture, sound and container, on average */
    double min_length_s, max_length_s;
    int64_t title_chars; /* longest title on the outlet */

    const struct cover *covers; /* from lines like "3x4 1080x1440 jpeg<=2M" */
    size_t cover_count;
    struct option_list cover_lines; /* as the file has them */
};

/* The option table: reads, checks, prints and documents presets. */
extern const struct option preset_options[];
extern const size_t preset_option_count;

struct preset_catalogue {
    struct preset *list; /* sorted by name */
    size_t count;
    struct preset *broken; /* the session's, told of; names, maybe aliases */
    size_t broken_count;
};

/* Reads every *.yaml of the folders; an earlier folder's preset hides a later
 * one of the same name or alias. Broken files, and one alias of two presets in
 * a folder, become FAULT_SESSION faults if they lie in the first folder (the
 * session's), else warnings. Memory of the arena. */
void presets_load(struct preset_catalogue *out, const char *const *folders,
                  size_t folder_count, struct arena *arena,
                  struct faults *faults);

/* By name or else alias, ASCII case ignored; NULL if there is none. */
const struct preset *presets_find(const struct preset_catalogue *catalogue,
                                  const char *name);
/* The session has a preset of this name or alias, and it was faulty. */
bool presets_is_broken(const struct preset_catalogue *catalogue,
                       const char *name);
/* What was probably meant; NULL if nothing is near. */
const char *presets_suggest(const struct preset_catalogue *catalogue,
                            const char *name);
/* As people call it in the language of the messages: its alias in Chinese, its
 * name in any other. */
const char *preset_called(const struct preset *preset);
/* One preset as YAML that presets_load would read back. */
void preset_print(const struct preset *preset, struct buffer *out);
/* The cells of `reelpress presets`: a table with names, aliases, frames. */
void presets_print(const struct preset_catalogue *catalogue,
                   struct buffer *out);

/* "16:9", "9:16", "1:1" …: the frame's shape, for people. In `buffer`. */
const char *preset_shape(const struct preset *preset, char buffer[24]);

/* The picture rate for a clip whose first shot has `source` (0/1: a photo,
 * which gives 25, or the cap if that is lower). Where the preset leaves it to
 * the source, it is one of the standard rates 23.976, 24, 25, 29.97, 30, 48,
 * 50, 59.94, 60 that is at most the cap:
 * - a standard rate stays as it is; a faster one is divided by the least whole
 *   number that gives a standard;
 * - one under 23.976 is multiplied by a whole number that gives 25, 30, 24,
 *   29.97 or 23.976, tried in this order; else it is 25;
 * - "gives" means within a hundredth (a phone's 29.87 is 29.97); what gives
 *   none, like 45, takes the nearest standard.
 * Without a cap what is faster than 60 stays; under a cap below all standards
 * the source is halved until it fits, and doubled until it is at least 10. */
AVRational preset_rate(const struct preset *preset, AVRational source);

#endif
