/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one pass over a recording's packets tells: when each picture is shown,
 * where decoding can start, and a digest of every packet. Built in a worker
 * (it parses media), kept beside the store behind a memo of the file's stat,
 * read by main from its own format. */
#ifndef REELPRESS_INGEST_INDEX_H
#define REELPRESS_INGEST_INDEX_H

#include <stdbool.h>
#include <stdint.h>
#include <libavutil/rational.h>
#include "base/arena.h"
#include "base/files.h"
#include "base/log.h"

#define INDEX_DIGEST_BYTES 16 /* leading bytes of SHA-256 */

enum index_entry {
    ENTRY_NONE, /* decoding can't start here */
    ENTRY_IDR,  /* closed: nothing after it needs what was before */
    ENTRY_OPEN, /* recovery point, CRA, MPEG-2 I: entered one GOP early */
};

/* One packet of the picture stream, in file (decode) order. */
struct index_packet {
    /* The stream's time base; AV_NOPTS_VALUE if unknown. Where the file leaves
     * pictures without pts (AVI, bare streams), pts is what the index worked
     * out: a reader gives it to the packet before it decodes. */
    int64_t dts, pts;
    int64_t position; /* byte offset; -1 unknown */
    uint32_t size;
    uint8_t entry;   /* enum index_entry */
    uint8_t corrupt; /* flagged by the demuxer, or its units do not add up */
    uint8_t digest[INDEX_DIGEST_BYTES]; /* of the payload */
};

/* One picture, in the order of display. Two fields in two packets are one
 * picture; packets that an edit list hides, that are never shown (VP8's
 * references), or that can't be decoded because the file begins amid a group
 * are none. pts rises strictly. */
struct index_frame {
    int64_t flicks;  /* when it is shown; zero is the container's start */
    int64_t pts;     /* the same in the stream's time base */
    uint32_t packet; /* which packet carries it */
};

/* One packet of the sound stream, in file order. */
struct index_sound {
    int64_t pts;
    uint32_t size;
    uint8_t digest[INDEX_DIGEST_BYTES];
};

/* A part of a recording, on its own clock. */
struct index_range {
    int64_t from_flicks, to_flicks;
};

/* A run of packets and frames that follow one another in the recording. */
struct index_stretch {
    size_t first_packet, end_packet;
    size_t first_frame, end_frame;
    int64_t number; /* of its first frame in the recording, where no constant
                       rate tells it */
};

/* What is asked of an index. */
struct index_wish {
    bool whole;                       /* all of the recording; else */
    const struct index_range *ranges; /* lent, in order of time; may overlap */
    size_t count;
};

/* Why the index ends before its file does. */
enum index_trouble {
    TROUBLE_NONE,
    TROUBLE_JUMP, /* the clock jumps back: another recording begins */
    TROUBLE_READ, /* a read error, `trouble_code` */
};

/* Rows follow one another, but are not all of the recording if `partial`: then
 * they are of the `ranges` that were asked for, with what decoding them takes,
 * and `stretches` says where rows are left out. Zero, ends, rate and whether it
 * is constant are always the whole recording's. An index made by hand without
 * stretches is one stretch. */
struct index {
    AVRational time_base; /* of the picture stream */
    AVRational sound_time_base;
    int64_t start_flicks; /* container start (after edit lists, never under 0
                             but in MPEG streams: media.h) that was
                             subtracted; stamps - this = flicks */
    int64_t start_us; /* the same in AV_TIME_BASE units, as libav knows it */
    struct index_packet *packets;
    size_t packet_count;
    struct index_frame *frames;
    size_t frame_count;
    struct index_sound *sounds;
    size_t sound_count;
    int64_t sound_first_flicks; /* first sample heard (priming left out); */
    int64_t sound_end_flicks;   /* after the last; both 0 without sound */
    /* All stamps within 1 ms or one unit of first + k / rate; then the frames'
     * flicks are exactly that, else the stamps. A unit counts only while it is
     * under a quarter of the period, or a lost frame would pass. */
    bool constant_rate;
    AVRational rate; /* the constant rate, or the median one of a variable */
    int64_t first_flicks; /* first picture's time (0 usually) */
    int64_t end_flicks;   /* when the last picture ends */
    int read_error; /* of the medium, at which building it ended; 0 none; not
                       in its file */
    bool closed;    /* every entry is an IDR (or every packet is one), none is
                       corrupt: neighbouring chunks may continue one decode */
    bool partial;
    struct index_stretch *stretches;
    size_t stretch_count;
    struct index_range *ranges; /* as asked, in order of time; partial only */
    size_t range_count;
    enum index_trouble trouble;
    int trouble_code;
};

/* STORE/index/<32 hex digits of the real path's sum>.idx: where a recording's
 * index lies. In the arena. */
char *index_file(struct arena *arena, const char *store, const char *path);
bool index_is_file(const char *name); /* whether a name is such a file's */
/* The index file of a recording lies at `path`; loads it when the stamp inside
 * equals `stamp`. 0; AVERROR(ENOENT) when there is none or it is of another
 * file, version or is damaged (then it is built again, silently). */
int index_load(struct log *log, const char *path,
               const struct file_stamp *stamp, struct arena *arena,
               struct index **out);
/* Whether the memo at `path` may be trusted for a file of this stamp: it was
 * written more than two seconds after the file's last change. Asked before
 * building is spared, not when a fresh index is adopted. */
bool index_is_settled(const char *path, const struct file_stamp *stamp);
int index_save(struct log *log, const char *path,
               const struct file_stamp *stamp, const struct index *index);

/* In a worker: demuxes the whole file. `video` and `sound` are stream indices,
 * -1 for none. An I/O error in the middle ends the index there: what was read
 * before can still be used. */
int index_build(struct log *log, const char *path, int video, int sound,
                struct arena *arena, struct index **out);
/* In a worker: as index_build, but reads only what the ranges need, wherever
 * that is proven to give the same frames at the same times:
 *
 *   MP4, MOV, fragments too   all decoding times stand in the file's own table;
 *                             where no pictures are reordered they are the
 *                             times, else they must keep a constant rate, or
 *                             two of three steps must be the same
 *   Matroska, MXF, MPEG-TS,   the begin, the end and five places between must
 *   fragments with a "sidx"   keep one constant rate from the first frame on
 *
 * and every range that is read must lie on that rate's grid. What can't be
 * proven so (a variable rate without a table, stamps that are missing or jump,
 * a file that ends early, other containers, sound alone) is left to
 * index_build. A hole in a recording of constant rate is not noticed between
 * the places looked at; the frames around it keep their times all the same.
 * The result depends on the file and the wish alone. */
int index_build_ranges(struct log *log, const char *path, int video, int sound,
                       const struct index_wish *wish, struct arena *arena,
                       struct index **out);
/* Whether `index` is what index_build_ranges would give, or more. */
bool index_answers(const struct index *index, const struct index_wish *wish);
/* Tells the trouble that an index came with, however often it is loaded. */
void index_warn(struct log *log, const char *name, const struct index *index);

/* The frame whose time is nearest to `flicks` (a tie goes to the earlier). The
 * index has at least one frame. */
size_t index_nearest(const struct index *index, int64_t flicks);
/* The frame on display at `flicks`: the last one at or before it; the first
 * one when `flicks` lies before all. */
size_t index_shown(const struct index *index, int64_t flicks);
/* When frame `k` is shown; for k == frame_count, when the last one ends. */
int64_t index_time(const struct index *index, size_t k);
/* The packet to begin decoding at so that frames from `frame` on come out
 * right: the last IDR at or before it; for open entries one more GOP early. */
size_t index_entry_packet(const struct index *index, size_t frame);
/* The stretch that a frame lies in. */
struct index_stretch index_stretch_of(const struct index *index, size_t frame);
/* Which frame of the recording it is, counted from 0: for people. Holes in a
 * constant rate count as frames. */
int64_t index_number(const struct index *index, size_t frame);

#endif
