/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what a time in the list means on a recording's clock: elapsed, by the
 * wall clock, by the recording's own time code, or mauled by a spreadsheet.
 * Never guesses: two readings that both hold are a fault that shows both. */
#include "ingest/highlights_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "ingest/recording.h"

#define HOUR   (3600 * FLICKS_PER_SECOND)
#define DAY    (24 * HOUR)
#define MINUTE (60 * FLICKS_PER_SECOND)

/* What readings of one cell there are; FLICKS_NONE: that one does not hold. */
struct readings {
    const struct cell *cell;
    const struct timecode *time;
    const struct recording *recording;
    int64_t slack;
    int64_t elapsed;   /* from the recording's begin */
    int64_t wall;      /* by the clock on the wall, when `starts` is known */
    int64_t lost_hour; /* with the hour that a spreadsheet did not show */
    int64_t mauled;    /* H:M:S that was typed as M:S */
};

int64_t time_frame(const struct recording *recording)
{
    AVRational rate = recording ? recording_rate(recording) : (AVRational){0};
    return rate.num > 0 ? clock_flicks(1, rate) : FLICKS_PER_SECOND / 25;
}

/* Seconds are shown with their hour and whole, as wall clocks are. */
static const char *clock_text(struct arena *arena, int64_t flicks)
{
    int64_t s = flicks / FLICKS_PER_SECOND;
    return arena_printf(arena, "%02d:%02d:%02d", (int)(s / 3600 % 24),
                        (int)(s / 60 % 60), (int)(s % 60));
}

/* Always with hours, so that it can't be mauled or misread again. */
static const char *full_text(struct arena *arena, int64_t flicks)
{
    int64_t ms = clock_ms(flicks);
    const char *text =
        arena_printf(arena, "%d:%02d:%02d", (int)(ms / 3600000),
                     (int)(ms / 60000 % 60), (int)(ms / 1000 % 60));
    return ms % 1000 ? arena_printf(arena, "%s.%03d", text, (int)(ms % 1000))
                     : text;
}

static bool is_inside(const struct readings *in, int64_t flicks)
{
    int64_t end = in->recording->end_flicks;
    return flicks >= 0 && (end <= 0 || flicks <= end + in->slack);
}

/* A time of the day on the recording's clock; past midnight it goes on. */
static int64_t wall_reading(const struct readings *in, int64_t of_day)
{
    if (in->recording->starts_flicks == FLICKS_NONE || of_day >= DAY)
        return FLICKS_NONE;
    int64_t flicks = of_day - in->recording->starts_flicks;
    if (flicks < 0)
        flicks += DAY;
    return is_inside(in, flicks) ? flicks : FLICKS_NONE;
}

static void readings_of_two(struct readings *in)
{
    const struct timecode *time = in->time;
    if (is_inside(in, time->flicks))
        in->elapsed = time->flicks;
    if (!time->has_fraction)
        in->wall = wall_reading(in, time->first * HOUR + time->second * MINUTE);
    /* 1:02:03.3 in a cell is shown and saved as "02:03.3": always two digits,
     * and one after the point. */
    const char *text = in->cell->text;
    bool suspect = time->has_fraction && time->first < 60 &&
                   in->recording->end_flicks > HOUR;
    if (suspect && text) {
        const char *folded = text_fold_width(in->cell->arena, text);
        suspect = strlen(folded) == strlen("02:03.3") && folded[5] == '.';
    }
    for (int hour = 1; suspect && hour < 24; hour++) {
        int64_t flicks = time->flicks + hour * HOUR;
        if (is_inside(in, flicks)) {
            in->lost_hour = flicks;
            break;
        }
    }
}

static void readings_of_three(struct readings *in)
{
    const struct timecode *time = in->time;
    if (is_inside(in, time->flicks))
        in->elapsed = time->flicks;
    in->wall = wall_reading(in, time->flicks);
    /* 62:03 in a cell becomes "62:03:00", hours and minutes. Where the clock
     * on the wall is known, hours of a day are rather a mistake in those. */
    bool of_day =
        in->recording->starts_flicks != FLICKS_NONE && time->first < 24;
    int64_t minutes = time->first * MINUTE + time->second * FLICKS_PER_SECOND;
    if (time->third == 0 && !time->has_fraction && time->first > 0 && !of_day &&
        in->elapsed == FLICKS_NONE && in->wall == FLICKS_NONE &&
        is_inside(in, minutes))
        in->mauled = minutes;
}

static void readings_of_day(struct readings *in)
{
    in->wall = wall_reading(in, in->time->flicks);
    if (in->wall == FLICKS_NONE && is_inside(in, in->time->flicks))
        in->elapsed = in->time->flicks;
}

/* --- time codes with frames ---------------------------------------------- */

/* Frames since zero of a label H:M:S:F. Drop-frame leaves out the first two
 * (at 60: four) labels of each minute but every tenth (SMPTE ST 12-1). */
static int64_t label_frames(const struct timecode *time, int nominal, bool drop)
{
    int64_t minutes = time->first * 60 + time->second;
    int64_t frames = (minutes * 60 + time->third) * nominal + time->frames;
    if (drop)
        frames -= (int64_t)nominal / 15 * (minutes - minutes / 10);
    return frames;
}

static bool time_read_frames(struct readings *in, int64_t *flicks)
{
    const struct recording *recording = in->recording;
    const struct cell *cell = in->cell;
    AVRational rate = recording_rate(recording);
    if (rate.num <= 0) {
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" counts frames, and %s has none; write it as "
                    "1:02:03.250"),
                  cell->name, cell->text, recording->name);
        return false;
    }
    int nominal = (rate.num + rate.den - 1) / rate.den;
    if (in->time->frames >= nominal) {
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" names frame %d of a second, and %s has only "
                    "%d in each, counted from 0; mend the last number"),
                  cell->name, cell->text, (int)in->time->frames,
                  recording->name, nominal);
        return false;
    }
    bool can_drop = rate.den == 1001 && nominal % 30 == 0;
    if (recording->has_timecode) {
        bool drop = can_drop && recording->timecode_drop;
        struct timecode day = {.first = 24};
        int64_t k =
            label_frames(in->time, nominal, drop) - recording->timecode_frames;
        if (k < 0)
            k += label_frames(&day, nominal, drop);
        *flicks = clock_flicks(k, rate);
        if (is_inside(in, *flicks))
            return true;
    }
    const struct index *index = recording->index;
    if (!index || index->constant_rate)
        *flicks = clock_flicks(
            label_frames(in->time, nominal, can_drop && in->time->drop_frame),
            rate);
    else
        *flicks = in->time->flicks + clock_flicks(in->time->frames, rate);
    if (is_inside(in, *flicks))
        return true;
    fault_add(cell->faults, FAULT_ROW, cell->place,
              _("%s: \"%s\" lies beyond the end of %s, which is %s long, and "
                "its own time code does not hold it either; mend the time, or "
                "the source"),
              cell->name, cell->text, recording->name,
              TIMECODE_TEXT(recording->end_flicks));
    return false;
}

/* --- the judgement ------------------------------------------------------- */

static void tell_two(const struct readings *in)
{
    const struct cell *cell = in->cell;
    struct arena *arena = cell->arena;
    if (in->lost_hour != FLICKS_NONE)
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" can be read in two ways, as %s or as %s whose "
                    "hours the spreadsheet did not show; write the one that is "
                    "meant with its hours, in a column formatted as text"),
                  cell->name, cell->text, full_text(arena, in->elapsed),
                  full_text(arena, in->lost_hour));
    else if (in->time->form == TIMECODE_MS)
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" can be read in two ways: as %s from the begin "
                    "of %s, or as %s by the clock on the wall; write %s or %s"),
                  cell->name, cell->text, full_text(arena, in->elapsed),
                  in->recording->name,
                  clock_text(arena, in->wall + in->recording->starts_flicks),
                  full_text(arena, in->elapsed),
                  clock_text(arena, in->wall + in->recording->starts_flicks));
    else
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" can be read in two ways: as elapsed time (%s "
                    "from the begin of %s), or by the clock on the wall (%s "
                    "from its begin); write the elapsed time that is meant in "
                    "minutes, as %lld:%02d or %lld:%02d"),
                  cell->name, cell->text, full_text(arena, in->elapsed),
                  in->recording->name, full_text(arena, in->wall),
                  (long long)(in->elapsed / MINUTE),
                  (int)(in->elapsed / FLICKS_PER_SECOND % 60),
                  (long long)(in->wall / MINUTE),
                  (int)(in->wall / FLICKS_PER_SECOND % 60));
}

static void tell_mauled(const struct readings *in)
{
    const struct cell *cell = in->cell;
    const struct timecode *time = in->time;
    fault_add(cell->faults, FAULT_ROW, cell->place,
              _("%s: \"%s\" can be read in two ways: as %d hours %d minutes, "
                "which lies beyond the end of %s (%s), or as %d minutes %d "
                "seconds, to which a spreadsheet added \":00\"; write %s if "
                "that is meant, in a column formatted as text"),
              cell->name, cell->text, (int)time->first, (int)time->second,
              in->recording->name, TIMECODE_TEXT(in->recording->end_flicks),
              (int)time->first, (int)time->second,
              full_text(cell->arena, in->mauled));
}

static void tell_daytime(const struct readings *in)
{
    const struct cell *cell = in->cell;
    const char *elapsed = full_text(cell->arena, in->elapsed);
    if (in->elapsed != FLICKS_NONE)
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" can be read in two ways: as %s by the clock on "
                    "the wall, which needs a fitting \"starts\" for %s in "
                    "session.yaml, or as %s from its begin, which a "
                    "spreadsheet shows so; write %s if that is meant"),
                  cell->name, cell->text,
                  clock_text(cell->arena, in->time->flicks),
                  in->recording->name, elapsed, elapsed);
    else if (in->recording->starts_flicks == FLICKS_NONE)
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" is a time of the day, and when %s began is not "
                    "known; give it \"starts\" in session.yaml, or write the "
                    "time from its begin"),
                  cell->name, cell->text, in->recording->name);
    else
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" lies outside %s, which ran from %s to %s; mend "
                    "the time, the source, or \"starts\" in session.yaml"),
                  cell->name, cell->text, in->recording->name,
                  clock_text(cell->arena, in->recording->starts_flicks),
                  clock_text(cell->arena, in->recording->starts_flicks +
                                              in->recording->end_flicks));
}

static void tell_outside(const struct readings *in)
{
    const struct cell *cell = in->cell;
    const struct recording *recording = in->recording;
    bool is_spoken = in->time->form == TIMECODE_UNITS && in->time->of_day;
    bool of_day = is_spoken || in->time->form == TIMECODE_HMS;
    if (of_day && recording->starts_flicks != FLICKS_NONE)
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" lies outside %s, both as elapsed time (it is "
                    "%s long) and by the clock on the wall (it ran from %s to "
                    "%s); mend the time or the source"),
                  cell->name, cell->text, recording->name,
                  TIMECODE_TEXT(recording->end_flicks),
                  clock_text(cell->arena, recording->starts_flicks),
                  clock_text(cell->arena,
                             recording->starts_flicks + recording->end_flicks));
    else if ((!of_day && in->time->form != TIMECODE_MS) ||
             recording->starts_flicks != FLICKS_NONE)
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" lies beyond the end of %s, which is %s long; "
                    "mend the time or the source"),
                  cell->name, cell->text, recording->name,
                  TIMECODE_TEXT(recording->end_flicks));
    else
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" lies beyond the end of %s, which is %s long; "
                    "mend the time or the source, or give the recording "
                    "\"starts\" in session.yaml if the clock on the wall is "
                    "meant"),
                  cell->name, cell->text, recording->name,
                  TIMECODE_TEXT(recording->end_flicks));
}

static bool readings_judge(const struct readings *in, int64_t *flicks)
{
    if (in->mauled != FLICKS_NONE) {
        tell_mauled(in);
        return false;
    }
    if (in->time->form == TIMECODE_DAYTIME && in->wall == FLICKS_NONE) {
        tell_daytime(in);
        return false;
    }
    int64_t other = in->lost_hour != FLICKS_NONE ? in->lost_hour : in->wall;
    if (in->elapsed != FLICKS_NONE && other != FLICKS_NONE &&
        llabs(other - in->elapsed) >= time_frame(in->recording)) {
        tell_two(in);
        return false;
    }
    *flicks = in->elapsed != FLICKS_NONE ? in->elapsed : other;
    if (*flicks != FLICKS_NONE)
        return true;
    tell_outside(in);
    return false;
}

bool time_read(const struct cell *cell, const struct timecode *time,
               const struct recording *recording, int64_t slack,
               int64_t *flicks)
{
    struct readings in = {
        .cell = cell,
        .time = time,
        .recording = recording,
        .slack = slack,
        .elapsed = FLICKS_NONE,
        .wall = FLICKS_NONE,
        .lost_hour = FLICKS_NONE,
        .mauled = FLICKS_NONE,
    };
    switch (time->form) {
    case TIMECODE_MS:
        readings_of_two(&in);
        break;
    case TIMECODE_HMS:
        readings_of_three(&in);
        break;
    case TIMECODE_HMSF:
        return time_read_frames(&in, flicks);
    case TIMECODE_DAYTIME:
        readings_of_day(&in);
        break;
    default:
        if (is_inside(&in, time->flicks))
            in.elapsed = time->flicks;
        if (time->of_day)
            in.wall = wall_reading(&in, time->flicks);
    }
    return readings_judge(&in, flicks);
}

bool time_read_length(const struct cell *cell, const struct timecode *time,
                      const struct recording *recording, int64_t rest,
                      int64_t *flicks)
{
    *flicks = time->flicks;
    if (time->form == TIMECODE_DAYTIME) {
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" is a time of the day, not a length; write how "
                    "long it lasts, such as 0:12.5"),
                  cell->name, cell->text);
        return false;
    }
    if (time->form == TIMECODE_HMSF) {
        AVRational rate =
            recording ? recording_rate(recording) : (AVRational){0};
        if (rate.num <= 0 || time->frames * rate.den >= rate.num + rate.den) {
            fault_add(cell->faults, FAULT_ROW, cell->place,
                      _("%s: \"%s\" counts frames that the source does not "
                        "have; write the length as 0:12.5"),
                      cell->name, cell->text);
            return false;
        }
        *flicks += clock_flicks(time->frames, rate);
    }
    if (*flicks <= 0) {
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" leaves nothing to show; write a length above "
                    "zero, such as 12.5"),
                  cell->name, cell->text);
        return false;
    }
    int64_t minutes = time->first * MINUTE + time->second * FLICKS_PER_SECOND;
    bool mauled = time->form == TIMECODE_HMS && time->third == 0 &&
                  !time->has_fraction && time->first > 0 && minutes > 0;
    if (mauled && rest != FLICKS_NONE && *flicks > rest && minutes <= rest) {
        fault_add(cell->faults, FAULT_ROW, cell->place,
                  _("%s: \"%s\" can be read in two ways: as %d hours %d "
                    "minutes, longer than what is left of the recording, or as "
                    "%d minutes %d seconds, to which a spreadsheet added "
                    "\":00\"; write %s if that is meant"),
                  cell->name, cell->text, (int)time->first, (int)time->second,
                  (int)time->first, (int)time->second,
                  full_text(cell->arena, minutes));
        return false;
    }
    return true;
}
