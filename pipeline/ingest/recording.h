/* SPDX-License-Identifier: GPL-3.0-or-later */
/* struct recording: one camera, phone or recorder file, as probed. Probing
 * parses foreign bytes and so runs in a worker; its result travels as JSON. */
#ifndef REELPRESS_INGEST_RECORDING_H
#define REELPRESS_INGEST_RECORDING_H

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>
#include <libavutil/avutil.h>
#include <libavutil/pixfmt.h>
#include <libavutil/rational.h>
#include "base/arena.h"
#include "base/log.h"
#include "ingest/index.h"
#include "subtitles/cues.h"
#include "subtitles/faces.h"

/* How the stored picture is turned for viewing: EXIF's eight values. */
enum orientation {
    ORIENTATION_NONE, /* as 1 */
    ORIENTATION_NORMAL,
    ORIENTATION_MIRROR,
    ORIENTATION_HALF_TURN,     /* 180 degrees */
    ORIENTATION_FLIP,          /* upside down, mirrored */
    ORIENTATION_TRANSPOSE,     /* mirrored, then a quarter turn left */
    ORIENTATION_QUARTER_RIGHT, /* to be turned 90 degrees clockwise */
    ORIENTATION_TRANSVERSE,
    ORIENTATION_QUARTER_LEFT, /* 90 degrees counter-clockwise */
};

enum field_order { FIELDS_PROGRESSIVE, FIELDS_TOP_FIRST, FIELDS_BOTTOM_FIRST };

struct picture_stream {
    int stream; /* index in the file; -1: no picture */
    const char *codec;
    const char *setup; /* SHA-256 of what the decoder is told before the first
                          packet (parameter sets), as hex; "" for nothing */
    int width, height; /* stored, cropping applied, before SAR and turning */
    AVRational sar;    /* 1/1 when unknown */
    int orientation;   /* enum orientation */
    int fields; /* enum field_order, by the decoder's flags on a sample */
    enum AVPixelFormat format;
    /* As tagged, with the unspecified ones filled in (BT.709 from 720 lines
     * on, else BT.601) and `guessed` set. */
    enum AVColorSpace matrix;
    enum AVColorPrimaries primaries;
    enum AVColorTransferCharacteristic transfer;
    enum AVColorRange range;
    enum AVChromaLocation chroma;
    bool guessed;
    bool hdr; /* PQ or HLG: to be tone-mapped */
};

struct sound_stream {
    int stream; /* -1: no sound */
    const char *codec;
    const char *setup; /* as a picture's */
    int channels, sample_rate;
    int64_t first_flicks; /* of its first sample on the container's clock */
    int64_t end_flicks;
    const char *digest; /* SHA-256 over its packets' digests, as hex; "" where
                           only parts of the recording are known */
};

struct recording {
    const char *name; /* the user's, or the stem */
    const char *file; /* as written, relative to its root */
    const char *path; /* where it lies */
    int row; /* session.yaml line it is declared on; 0: found in folder */

    bool usable;         /* probed without a fault */
    const char *trouble; /* why not: one sentence */
    int trouble_code;

    const char *container; /* libavformat's name */
    struct picture_stream picture;
    struct sound_stream sound;
    const struct index *index; /* NULL: not usable, or sound only */
    int64_t end_flicks;        /* the longer of picture and sound */
    /* A time code track or tag: frames since midnight of its first frame, at
     * the picture's nominal (rounded-up) rate; with drop-frame counting the
     * frames that have passed, numbers left out not counted. */
    bool has_timecode, timecode_drop;
    int64_t timecode_frames;

    /* From session.yaml. */
    int64_t starts_flicks; /* wall clock of the first frame; FLICKS_NONE */
    const char *subtitles; /* file, as written; NULL: none */
    const char *charset;   /* of that file, as written; NULL: detected */
    struct cues *cues;     /* from the file, else a text track; NULL: none */
    int text_tracks, text_track; /* of several: how many, which; else 0 */
    bool carries_fonts;          /* attached, or in its own track's head */
    /* For its ASS script: the style's, and before them what script and
     * recording carry. NULL: they carry none that the script asks for. */
    const struct faces *faces;
    const char *recorder_name;        /* external recorder; NULL: none */
    const struct recording *recorder; /* resolved */
    int64_t recorder_offset; /* recorder's clock minus camera's, flicks:
                                sound of camera time t is at t + offset */
    bool has_offset;
};

/* The picture's rate: the index's, 0/1 without a picture. */
AVRational recording_rate(const struct recording *recording);
/* Width and height as they are viewed: SAR applied (width scaled, rounded to
 * even), turned. */
void recording_viewed_size(const struct picture_stream *picture, int *width,
                           int *height);

/* In a worker: opens, reads stream facts, decodes a few pictures for the
 * field order, builds or loads the index at `index_path` so that it answers the
 * wish (NULL: the whole), extracts the text track if there is one. Always fills
 * a JSON object: {"ok":true, …} or {"ok":false,"code":…,"trouble":"sentence"}.
 * With "unread" the medium failed meanwhile: what is told, and the index, hold
 * for this run only. */
json_t *recording_probe(struct log *log, const char *path,
                        const char *index_path, const struct index_wish *wish);
/* In main: fills the probed part of `recording` from that object and loads the
 * index. A trouble inside becomes `usable` false. */
int recording_adopt(struct log *log, struct recording *recording,
                    const json_t *facts, const char *index_path,
                    struct arena *arena);

#endif
