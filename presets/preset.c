/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the option table of presets and what follows from one preset alone:
 * its shape, its rate for a source, its print. Files are preset_load.c's. */
#include "presets/preset.h"

#include <stdio.h>
#include <string.h>
#include "base/text.h"

#define AT(field) offsetof(struct preset, field)

static const char *const fit_choices[] = {"preset", "inside", "fill", "blur",
                                          NULL};
static const char *const corner_choices[] = {
    "none", "top-left", "top-right", "bottom-left", "bottom-right", NULL};

const struct option preset_options[] = {
    {"alias", OPTION_TEXT, AT(alias), .help = N_("Chinese name")},
    {"about", OPTION_TEXT, AT(about), .help = N_("one sentence on its use")},
    {"about_zh", OPTION_TEXT, AT(about_zh),
     .help = N_("the same in Chinese, shown where that is the language")},
    {"width", OPTION_INT, AT(width), 32, 8192, .fallback = "1920",
     .help = N_("width of the frame in pixels, even")},
    {"height", OPTION_INT, AT(height), 32, 8192, .fallback = "1080",
     .help = N_("height of the frame in pixels, even")},
    {"rate", OPTION_TEXT, AT(rate_written), .fallback = "25",
     .help = N_("pictures per second: 25, 30000/1001, or source<=30 for the "
                "recording's own, as a standard rate of at most 30")},
    {"fit", OPTION_CHOICE, AT(fit), .choices = fit_choices, .fallback = "blur",
     .help = N_("how a picture of another shape comes into the frame: whole "
                "with black around it, cropped to fill it, or whole on its "
                "own blurred enlargement")},
    {"crop_at", OPTION_INT, AT(crop_at), 0, 100, .fallback = "50",
     .help = N_("where to crop, in percent from the left or the top")},
    {"crf", OPTION_REAL, AT(crf), 0, 51, .fallback = "20",
     .help = N_("x264's quality; lower is better and larger")},
    {"speed", OPTION_TEXT, AT(speed), .fallback = "veryfast",
     .help = N_("x264's speed preset")},
    {"tune", OPTION_TEXT, AT(tune), .help = N_("x264's tuning")},
    {"profile", OPTION_TEXT, AT(profile), .fallback = "high",
     .help = N_("H.264 profile")},
    {"level", OPTION_TEXT, AT(level), .fallback = "4.0",
     .help = N_("H.264 level; raised when frame and rate need a higher one")},
    {"max_rate", OPTION_BITS, AT(max_rate_bps), .fallback = "0",
     .help = N_("highest bit rate of the picture; 0: no cap")},
    {"buffer", OPTION_BITS, AT(buffer_bits), .fallback = "0",
     .help = N_("the rate buffer in bits; 0: twice max_rate")},
    {"constant_rate", OPTION_BOOL, AT(constant_rate), .fallback = "no",
     .help = N_("the picture takes max_rate all along (CBR), whatever it "
                "needs; crf has no say then")},
    {"keyint", OPTION_REAL, AT(keyint_s), 0.2, 10, .fallback = "2",
     .help = N_("longest distance of key frames, in seconds")},
    {"chunk", OPTION_INT, AT(chunk_s), 2, 60, .fallback = "4",
     .help = N_("length of a chunk of work, in seconds of the recording")},
    {"audio_rate", OPTION_BITS, AT(audio_bit_rate_bps), 32000, 512000,
     .fallback = "192k", .help = N_("bit rate of the sound")},
    {"sample_rate", OPTION_INT, AT(sample_rate), 32000, 48000,
     .fallback = "48000", .help = N_("samples per second")},
    {"loudness", OPTION_REAL, AT(loudness_lufs), -40, -8, .fallback = "-15",
     .help = N_("integrated loudness in LUFS")},
    {"true_peak", OPTION_REAL, AT(true_peak_dbtp), -9, 0, .fallback = "-1",
     .help = N_("highest true peak of the coded sound, in dBTP")},
    {"natural_sound", OPTION_BOOL, AT(natural_sound), .fallback = "no",
     .help = N_("no music and no ducking; the level is still set")},
    {"captions", OPTION_BOOL, AT(captions), .fallback = "yes",
     .help = N_("subtitles are drawn")},
    {"titles", OPTION_BOOL, AT(titles), .fallback = "yes",
     .help = N_("opening title and poster lettering are drawn")},
    {"straps", OPTION_BOOL, AT(straps), .fallback = "yes",
     .help = N_("name straps are drawn")},
    {"quotes", OPTION_BOOL, AT(quotes), .fallback = "yes",
     .help = N_("pull quotes are drawn")},
    {"logo", OPTION_BOOL, AT(logo), .fallback = "yes",
     .help = N_("the session's logo is drawn")},
    {"music", OPTION_BOOL, AT(music), .fallback = "yes",
     .help = N_("the session's music lies under the speech")},
    {"card", OPTION_BOOL, AT(card), .fallback = "no",
     .help = N_("an end card is appended")},
    {"transitions", OPTION_BOOL, AT(transitions), .fallback = "yes",
     .help = N_("fades and dissolves are made; else every join is a cut")},
    {"photo_move", OPTION_BOOL, AT(photo_move), .fallback = "yes",
     .help = N_("photos come slowly nearer, or go away, while they are "
                "shown")},
    {"logo_corner", OPTION_CHOICE, AT(logo_corner), .choices = corner_choices,
     .fallback = "top-right", .help = N_("the corner of the logo")},
    {"title_length", OPTION_REAL, AT(title_s), 1, 15, .fallback = "4",
     .help = N_("how long the opening title stays, in seconds")},
    {"card_length", OPTION_REAL, AT(card_s), 1, 15, .fallback = "2",
     .help = N_("how long the end card stays, in seconds")},
    {"safe_left", OPTION_INT, AT(safe_left), 0, 4096, .fallback = "96",
     .help = N_("nothing is drawn nearer to the left edge, in pixels; a "
                "twentieth of the frame if it is not given")},
    {"safe_top", OPTION_INT, AT(safe_top), 0, 4096, .fallback = "54",
     .help = N_("nothing is drawn nearer to the top edge, in pixels; a "
                "twentieth of the frame if it is not given")},
    {"safe_right", OPTION_INT, AT(safe_right), 0, 4096, .fallback = "96",
     .help = N_("nothing is drawn nearer to the right edge, in pixels; a "
                "twentieth of the frame if it is not given")},
    {"safe_bottom", OPTION_INT, AT(safe_bottom), 0, 4096, .fallback = "54",
     .help = N_("nothing is drawn nearer to the bottom edge, in pixels; a "
                "twentieth of the frame if it is not given")},
    {"caption_size", OPTION_INT, AT(caption_px), 8, 400, .fallback = "64",
     .help = N_("size of subtitles in pixels; in proportion to 64 of 1080 if "
                "it is not given")},
    {"caption_chars", OPTION_INT, AT(caption_chars), 4, 60, .fallback = "16",
     .help = N_("longest line of a subtitle, in full-width characters")},
    {"caption_base", OPTION_INT, AT(caption_base), 0, 4096, .fallback = "0",
     .help = N_("bottom of the subtitles, in pixels from the frame's bottom; "
                "0: safe_bottom")},
    {"max_bytes", OPTION_BITS, AT(max_bytes), .fallback = "0",
     .help = N_("largest file that the outlet takes, in bytes; a larger film "
                "is coded again, just as coarsely as it takes; 0: not "
                "known")},
    {"max_total_rate", OPTION_BITS, AT(max_total_bps), .fallback = "0",
     .help = N_("highest mean bit rate of the file, held in the same way; 0: "
                "not known")},
    {"min_length", OPTION_REAL, AT(min_length_s), 0, 86400, .fallback = "0",
     .help = N_("shortest film that the outlet takes, in seconds")},
    {"max_length", OPTION_REAL, AT(max_length_s), 0, 86400, .fallback = "0",
     .help = N_("longest film that the outlet takes, in seconds; 0: not "
                "known")},
    {"title_chars", OPTION_INT, AT(title_chars), 0, 1000, .fallback = "0",
     .help = N_("longest title on the outlet, in characters; 0: not known")},
    {"covers", OPTION_LIST, AT(cover_lines),
     .help = N_("cover pictures, one line each: shape, pixels, and limits if "
                "there are any: 3x4 1080x1440 jpeg<=2M png<=5M")},
};
const size_t preset_option_count =
    sizeof(preset_options) / sizeof(preset_options[0]);

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a ? a : 1;
}

const char *preset_shape(const struct preset *preset, char buffer[24])
{
    int64_t divisor = common_divisor(preset->width, preset->height);
    int64_t across = preset->width / divisor, down = preset->height / divisor;
    if (across <= 32 && down <= 32) {
        snprintf(buffer, 24, "%d:%d", (int)across, (int)down);
    } else {
        int hundredths =
            (int)((preset->width * 100 + preset->height / 2) / preset->height);
        snprintf(buffer, 24, "%d.%02d:1", hundredths / 100, hundredths % 100);
    }
    return buffer;
}

void preset_print(const struct preset *preset, struct buffer *out)
{
    option_print(preset_options, preset_option_count, preset, out);
}

/* A cell, padded to `columns` as a terminal shows it. */
static void put_cell(struct buffer *out, const char *text, int columns)
{
    buffer_puts(out, text);
    for (int at = text_columns(text); at < columns; at++)
        buffer_puts(out, " ");
}

static bool speaks_chinese(void)
{
    /* Translate as "zh" in Chinese; it is never shown. */
    return strcmp(_("en"), "zh") == 0;
}

const char *preset_called(const struct preset *preset)
{
    return preset->alias && speaks_chinese() ? preset->alias : preset->name;
}

/* The sentence in the language of the messages: a preset of somebody's own
 * brings its translation along, in no catalogue. */
static const char *preset_about(const struct preset *preset)
{
    const char *text = speaks_chinese() ? preset->about_zh : NULL;
    return text ? text : preset->about ? preset->about : "";
}

void presets_print(const struct preset_catalogue *catalogue, struct buffer *out)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        const struct preset *preset = &catalogue->list[i];
        char cell[64];
        put_cell(out, preset->name, 14);
        put_cell(out, preset->alias ? preset->alias : "", 12);
        snprintf(cell, sizeof(cell), "%dx%d", (int)preset->width,
                 (int)preset->height);
        put_cell(out, cell, 11);
        put_cell(out, preset_shape(preset, (char[24]){0}), 8);
        put_cell(out, preset->rate_written, 12);
        buffer_printf(out, "%s\n", preset_about(preset));
    }
}
