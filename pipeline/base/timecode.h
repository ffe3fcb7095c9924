/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times as people write them. Parsing knows only the text: which of the
 * readings of §5.3 holds is decided by who knows the recording. */
#ifndef REELPRESS_BASE_TIMECODE_H
#define REELPRESS_BASE_TIMECODE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buffer.h"
#include "base/clock.h"

enum timecode_form {
    TIMECODE_NONE,    /* the cell was empty */
    TIMECODE_SECONDS, /* 95, 3723.25 */
    TIMECODE_UNITS,   /* 1h2m3s, 1小时2分3秒, 12分30秒 */
    TIMECODE_MS,      /* M:S or MM:SS.fff, two fields: 62:03 */
    TIMECODE_HMS,     /* H:M:S, three fields: 1:02:03.250, 14:32:10 */
    TIMECODE_HMSF,    /* H:M:S:F, and H:M:S;F for drop-frame */
    TIMECODE_DAYTIME, /* 下午2:32, 2:32 PM: wall clock only */
};

struct timecode {
    enum timecode_form form;
    int64_t flicks; /* as elapsed time; without the frames for HMSF */
    int64_t frames; /* HMSF's last field; else 0 */
    int64_t first, second, third; /* the fields as written, for both readings */
    bool drop_frame;              /* written with ';' before the frames */
    bool has_fraction;            /* a decimal fraction was written: 02:03.3 */
    bool of_day; /* UNITS with 时: 14时32分 is also said of the clock */
};

/* Reads one cell. Full-width digits and punctuation and blanks around are
 * folded. Returns 0 (empty text gives TIMECODE_NONE), AVERROR(EINVAL) when it
 * is no time, AVERROR(ERANGE) when a field is out of range (1:75:00). */
int timecode_parse(const char *text, struct timecode *out);

/* "0:03.480", "1:02:03.250": to the millisecond, shortest form; appended. */
void timecode_print(struct buffer *out, int64_t flicks);
#define TIMECODE_TEXT(flicks) timecode_text((flicks), (char[40]){0})
char *timecode_text(int64_t flicks, char buffer[40]);

/* Days per month and the like are checked. `*year` 1900–2999. Reads
 * 2022-06-28, 2022/6/28, 2022.6.28, 2022年6月28日, 20220628. */
int timecode_parse_date(const char *text, int *year, int *month, int *day);

#endif
