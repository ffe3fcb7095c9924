/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a recording with libavformat: which formats count as recordings, why
 * one can't be opened in words, and where its clock has zero. Only in workers;
 * knows nothing of sessions. */
#ifndef REELPRESS_INGEST_MEDIA_H
#define REELPRESS_INGEST_MEDIA_H

#include <stdint.h>
#include <stdbool.h>
#include <libavformat/avformat.h>
#include "base/log.h"

/* Opens `path` read-only and finds its streams. The sentence of a failure is
 * told without the file's name: who asked knows it. The caller closes with
 * avformat_close_input. */
int media_open(struct log *log, const char *path, AVFormatContext **out);

/* The same sentence for an error met later; returns the code that was told. */
int media_tell_unopened(struct log *log, const char *path, int code);

/* As av_read_frame, for which a damaged stretch of a transport stream is a
 * reason to be asked again: asks until there is a packet, the end, or an error
 * at which the file no longer moves on. All who read a recording read by this,
 * or they would see different packets. */
int media_read(AVFormatContext *format, AVPacket *packet);

/* The error of the medium (a bad sector, a cable, a server that went away)
 * that a reading of this file met, which demuxers may hide behind an end of
 * file; 0 for none. Damage inside the file is none: that is there next time. */
int media_medium_error(const AVFormatContext *format);

/* What opening a file met, looking for its length far behind what is wanted of
 * it, counts no more. */
/* Whether a seek may land elsewhere than the stamps then say: in an MXF without
 * an index table (the card was pulled out) libavformat guesses the byte, and
 * gives what it finds there the stamps that it was asked for. */
bool media_may_guess(const AVFormatContext *format);
void media_forget_error(AVFormatContext *format);

/* Tells of such an error for a recording called `file`; returns `code`. */
int media_tell_medium(struct log *log, const char *file, int code);

/* The zero of the recording's clock: the earliest start of a stream, after
 * edit lists and without a coder's priming, as players have it. A start before
 * the container's own zero is priming, or what an edit list half hides, and
 * doesn't move it; but MPEG streams, whose clock may begin anywhere, have no
 * zero of their own. In flicks exactly, and in AV_TIME_BASE units. */
void media_zero(const AVFormatContext *format, int64_t *flicks, int64_t *us);

/* One packet's time of the first sample that is heard, in samples to be left
 * out before and after: AV_PKT_DATA_SKIP_SAMPLES, 0 and 0 without it. */
void media_skipped(const AVPacket *packet, int64_t *before, int64_t *after);

#endif
