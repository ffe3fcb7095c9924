/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of recording_probe: each reads one kind of fact from an open file.
 * In workers only. */
#ifndef REELPRESS_INGEST_RECORDING_FACTS_H
#define REELPRESS_INGEST_RECORDING_FACTS_H

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>
#include <libavformat/avformat.h>
#include "base/log.h"
#include "ingest/recording.h"

/* What a few decoded pictures and sounds showed. */
struct recording_sample {
    AVFrame *picture; /* the first one; NULL: none could be decoded; owned */
    int pictures, interlaced, top_first;
    int sounds; /* frames of sound */
};

/* Chooses the streams: never a cover picture, never one without size, packets
 * or decoder. Either may come out NULL; fails, told, when both do, or when the
 * only picture can't be used. */
int recording_choose(struct log *log, const AVFormatContext *format,
                     AVStream **picture, AVStream **sound);

/* Reads on from where `format` stands and decodes up to ten pictures. */
int recording_take_sample(struct log *log, AVFormatContext *format,
                          AVStream *picture, AVStream *sound,
                          struct recording_sample *out);
void recording_sample_clear(struct recording_sample *sample);

/* Size, shape, turning, fields and colour, from the sample where it says, else
 * from the container. `codec` is static. */
void recording_describe(AVFormatContext *format, AVStream *stream,
                        const struct recording_sample *sample,
                        struct picture_stream *out);
/* EXIF's value for a display matrix; free angles go to the nearest. */
int recording_orientation(const int32_t matrix[9]);
/* Fills in what is unspecified; exposed for tests. */
void recording_guess_colour(struct picture_stream *picture);

/* Frames since midnight at `nominal` frames a second; false: no such text. */
bool recording_parse_timecode(const char *text, int nominal, bool *drop,
                              int64_t *frames);
/* From a time code track or tag; false without one. */
bool recording_find_timecode(const AVFormatContext *format,
                             const AVStream *picture, AVRational rate,
                             bool *drop, int64_t *frames);

/* How many text tracks there are; `chosen` counts from 1, and is 0 without. */
int recording_count_texts(const AVFormatContext *format, int *chosen);
/* It carries fonts: attached, or in the head of an ASS track. */
bool recording_has_fonts(const AVFormatContext *format);
/* [[start, end, "text"], …] in flicks of the container's clock, from the text
 * track that is chosen; NULL without one. An ASS track is written to `*script`
 * too, whole but for fonts and as a file of it would be; else that stays as it
 * is. Opens the file again. */
json_t *recording_read_text(struct log *log, const char *path, json_t **script);

#endif
