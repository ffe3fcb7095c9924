/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what each row of the list is of: its recording or photos, its range,
 * its people. Frames are the plan's. */
#include "ingest/highlights.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "ingest/highlights_parts.h"
#include "ingest/session_parts.h"

#define PHOTO_LENGTH (4 * FLICKS_PER_SECOND)
/* An end so little beyond the recording's is its end, rounded up by a person.
 */
#define END_SLACK (FLICKS_PER_SECOND / 2)

struct resolver {
    struct session *session;
    struct arena *arena;
    struct faults *faults;
    struct highlight *row;
};

static struct fault_place row_place(const struct resolver *in,
                                    enum highlight_column column)
{
    struct cell cell =
        cell_of(&in->session->list, in->row, column, in->arena, in->faults);
    /* A column that the list lacks has no cell to be named. */
    if (cell.place.column)
        cell.place.cell = cell.name;
    return cell.place;
}

/* A cell for a fault about its value, also where the list has no text of it:
 * then the time is shown as it was read. */
static struct cell row_cell(const struct resolver *in,
                            enum highlight_column column,
                            const struct timecode *time)
{
    struct cell cell =
        cell_of(&in->session->list, in->row, column, in->arena, in->faults);
    if (!cell.text)
        cell.text = arena_strdup(in->arena, TIMECODE_TEXT(time->flicks));
    return cell;
}

/* --- the source ---------------------------------------------------------- */

static void tell_unknown(const struct resolver *in, const char *source)
{
    struct fault_place place = row_place(in, COLUMN_SOURCE);
    struct session *session = in->session;
    char *path = NULL;
    int code = session->roots.count
                   ? files_resolve(&session->roots, source, in->arena, &path)
                   : AVERROR(ENOENT);
    bool foreign = strchr(source, ':') && strchr(source, '\\');
    if (code == AVERROR(EACCES) || foreign) {
        fault_add(in->faults, FAULT_ROW, place, "%s",
                  session_path_trouble(in->arena, source, AVERROR(EACCES)));
        return;
    }
    if (code == 0 && files_is_folder(path)) {
        fault_add(in->faults, FAULT_ROW, place,
                  _("the folder \"%s\" holds no photos; put them there, or "
                    "name a recording"),
                  source);
        return;
    }
    size_t count = 0;
    const char **names = source_names(session, in->arena, &count);
    const char *near = count ? text_nearest(source, names, count) : NULL;
    /* A folder may be called like a recording. */
    if (near && strcmp(near, source) != 0)
        fault_add(in->faults, FAULT_ROW, place,
                  _("there is no recording or photo \"%s\"; did you mean "
                    "\"%s\"?"),
                  source, near);
    else
        fault_add(in->faults, FAULT_ROW, place,
                  _("there is no recording or photo \"%s\"; write the name of "
                    "a file in the folder \"recordings\" or \"photos\", or of "
                    "an entry below \"recordings:\" in session.yaml"),
                  source);
}

static void tell_no_source(const struct resolver *in)
{
    struct fault_place place = row_place(in, COLUMN_SOURCE);
    if (!in->session->recording_count) {
        fault_add(in->faults, FAULT_ROW, place,
                  _("the row names no source and the session has no "
                    "recordings; put them into the folder \"recordings\", or "
                    "write a photo or a folder of photos into the column "
                    "\"source\""));
        return;
    }
    struct buffer names = {0};
    for (size_t i = 0; i < in->session->recording_count && i < 6; i++)
        buffer_printf(&names, "%s%s", i ? ", " : "",
                      in->session->recordings[i]->name);
    fault_add(in->faults, FAULT_ROW, place,
              _("the row names no source and there is more than one; write one "
                "of them into the column \"source\": %s"),
              buffer_text(&names));
    buffer_clear(&names);
}

/* A row that inherits a source shares its trouble, told once in full. */
static bool row_shares_trouble(const struct resolver *in)
{
    const struct highlights *list = &in->session->list;
    if (in->row->cells[COLUMN_SOURCE] || !in->row->source)
        return false;
    const struct highlight *named = NULL;
    for (const struct highlight *row = list->rows; row < in->row; row++) {
        if (row->cells[COLUMN_SOURCE])
            named = row;
    }
    if (!named || named->recording || named->photo_count)
        return false;
    fault_add(in->faults, FAULT_ROW, row_place(in, COLUMN_SOURCE),
              _("the row's source is that of row %d, which can't be used; mend "
                "it there, or write a source into this row"),
              named->row);
    return true;
}

static bool photos_are_usable(const struct resolver *in,
                              const struct source_match *match)
{
    bool usable = match->photo_count > 0;
    for (size_t i = 0; i < match->photo_count; i++) {
        const struct photo *photo = match->photos[i];
        if (photo->usable)
            continue;
        usable = false;
        fault_add(in->faults, FAULT_ROW, row_place(in, COLUMN_SOURCE),
                  _("the photo %s can't be used: %s"), photo->file,
                  photo->trouble ? photo->trouble : _("it was not looked at"));
    }
    return usable;
}

static bool recording_is_usable(const struct resolver *in,
                                const struct recording *recording)
{
    struct fault_place place = row_place(in, COLUMN_SOURCE);
    if (!recording->usable)
        fault_add(in->faults, FAULT_ROW, place,
                  _("the recording %s can't be used: %s"), recording->name,
                  recording->trouble ? recording->trouble
                                     : _("it was not looked at"));
    else if (recording->picture.stream < 0)
        fault_add(in->faults, FAULT_ROW, place,
                  _("the recording %s has sound only; name one with a picture, "
                    "and give this one to it as its \"recorder\" in "
                    "session.yaml"),
                  recording->name);
    else
        return true;
    return false;
}

static bool row_find_source(const struct resolver *in)
{
    struct highlight *row = in->row;
    struct source_match match = {0};
    if (row_shares_trouble(in))
        return false;
    if (row->source)
        source_match(in->session, row->source, in->arena, &match);
    else
        match.recording = source_only(in->session);
    if (match.count > 1) {
        fault_add(in->faults, FAULT_ROW, row_place(in, COLUMN_SOURCE),
                  _("\"%s\" can be read in two ways, as %s or as %s; write one "
                    "of the two as it stands here"),
                  row->source, match.first, match.second);
        return false;
    }
    if (match.recording) {
        if (!recording_is_usable(in, match.recording))
            return false;
        row->recording = match.recording;
        return true;
    }
    if (!match.photo_count) {
        if (row->source)
            tell_unknown(in, row->source);
        else
            tell_no_source(in);
        return false;
    }
    if (!photos_are_usable(in, &match))
        return false;
    row->photos = match.photos;
    row->photo_count = match.photo_count;
    return true;
}

/* --- the range ----------------------------------------------------------- */

static void row_resolve_photos(const struct resolver *in)
{
    struct highlight *row = in->row;
    if (row->start.form != TIMECODE_NONE || row->end.form != TIMECODE_NONE) {
        enum highlight_column column =
            row->start.form != TIMECODE_NONE ? COLUMN_START : COLUMN_END;
        fault_add(in->faults, FAULT_ROW, row_place(in, column),
                  _("a photo has no start and no end; clear both cells and "
                    "write into \"duration\" how long it is shown (4 seconds "
                    "if that is empty)"));
    }
    row->start_flicks = 0;
    row->end_flicks = PHOTO_LENGTH;
    if (row->duration.form != TIMECODE_NONE) {
        struct cell cell = row_cell(in, COLUMN_DURATION, &row->duration);
        time_read_length(&cell, &row->duration, NULL, FLICKS_NONE,
                         &row->end_flicks);
    }
    if (row->poster_at.form != TIMECODE_NONE)
        fault_add(in->faults, FAULT_WARNING, row_place(in, COLUMN_POSTER),
                  _("a photo has no times; the cell is read as \"yes\""));
}

static bool row_check_missing(const struct resolver *in)
{
    const struct highlight *row = in->row;
    /* A cell that was no time was told of when it was read. */
    bool start_told =
        row->cells[COLUMN_START] && row->start.form == TIMECODE_NONE;
    bool end_told = (row->cells[COLUMN_END] && !row->end.form) ||
                    (row->cells[COLUMN_DURATION] && !row->duration.form);
    bool has_end = row->end.form || row->duration.form;
    if (!row->start.form && !start_told)
        fault_add(in->faults, FAULT_ROW, row_place(in, COLUMN_START),
                  _("the row has no start; write the time at which the "
                    "highlight begins, such as 1:02:03"));
    if (!has_end && !end_told)
        fault_add(in->faults, FAULT_ROW, row_place(in, COLUMN_END),
                  _("the row has neither end nor duration; write one of "
                    "them"));
    return row->start.form && has_end && !end_told;
}

static bool row_check_both(const struct resolver *in, int64_t length)
{
    const struct highlight *row = in->row;
    int64_t from_end = row->end_flicks - row->start_flicks;
    if (llabs(from_end - length) <= time_frame(row->recording))
        return true;
    fault_add(in->faults, FAULT_ROW, row_place(in, COLUMN_DURATION),
              _("end and duration do not agree: from %s to %s it is %s, the "
                "duration says %s; clear one of the two cells"),
              TIMECODE_TEXT(row->start_flicks), TIMECODE_TEXT(row->end_flicks),
              TIMECODE_TEXT(from_end), TIMECODE_TEXT(length));
    return false;
}

/* The last frame's end is the recording's end: what lies beyond is cut off. */
static bool row_clamp_end(const struct resolver *in,
                          enum highlight_column column)
{
    struct highlight *row = in->row;
    const struct recording *recording = row->recording;
    int64_t over = row->end_flicks - recording->end_flicks;
    if (recording->end_flicks <= 0 || over <= 0)
        return true;
    if (over > END_SLACK) {
        fault_add(in->faults, FAULT_ROW, row_place(in, column),
                  _("the highlight ends at %s, beyond the end of %s, which is "
                    "%s long; write an earlier end"),
                  TIMECODE_TEXT(row->end_flicks), recording->name,
                  TIMECODE_TEXT(recording->end_flicks));
        return false;
    }
    if (over > time_frame(recording))
        fault_add(in->faults, FAULT_WARNING, row_place(in, column),
                  _("the highlight ends at %s, a little beyond the end of %s; "
                    "it is cut to the end, %s"),
                  TIMECODE_TEXT(row->end_flicks), recording->name,
                  TIMECODE_TEXT(recording->end_flicks));
    row->end_flicks = recording->end_flicks;
    return true;
}

static bool row_check_order(const struct resolver *in)
{
    const struct highlight *row = in->row;
    if (row->end_flicks > row->start_flicks)
        return true;
    if (row->end_flicks == row->start_flicks)
        fault_add(in->faults, FAULT_ROW, row_place(in, COLUMN_END),
                  _("start and end are both %s, so there is nothing to show; "
                    "write a later end"),
                  TIMECODE_TEXT(row->start_flicks));
    else
        fault_add(in->faults, FAULT_ROW, row_place(in, COLUMN_END),
                  _("end %s lies before start %s; write the end as a time of "
                    "the recording, or use the column \"duration\""),
                  TIMECODE_TEXT(row->end_flicks),
                  TIMECODE_TEXT(row->start_flicks));
    return false;
}

static bool row_resolve_range(const struct resolver *in)
{
    struct highlight *row = in->row;
    const struct recording *recording = row->recording;
    if (!row_check_missing(in))
        return false;

    struct cell start = row_cell(in, COLUMN_START, &row->start);
    bool ok = time_read(&start, &row->start, recording, 0, &row->start_flicks);
    if (row->end.form) {
        struct cell end = row_cell(in, COLUMN_END, &row->end);
        /* Whatever lies beyond the end is judged once the start is known. */
        ok &=
            time_read(&end, &row->end, recording, END_SLACK, &row->end_flicks);
    }
    if (ok && recording->end_flicks > 0 &&
        row->start_flicks >= recording->end_flicks) {
        fault_add(in->faults, FAULT_ROW, row_place(in, COLUMN_START),
                  _("start %s is the end of %s, so there is nothing to show; "
                    "write an earlier start"),
                  TIMECODE_TEXT(row->start_flicks), recording->name);
        return false;
    }
    enum highlight_column last = COLUMN_END;
    if (row->duration.form) {
        struct cell cell = row_cell(in, COLUMN_DURATION, &row->duration);
        int64_t length = 0, rest = FLICKS_NONE;
        if (ok && recording->end_flicks > 0)
            rest = recording->end_flicks - row->start_flicks;
        ok &= time_read_length(&cell, &row->duration, recording, rest, &length);
        if (!ok)
            return false;
        if (row->end.form)
            return row_check_order(in) && row_check_both(in, length) &&
                   row_clamp_end(in, last);
        last = COLUMN_DURATION;
        row->end_flicks = row->start_flicks + length;
    }
    return ok && row_check_order(in) && row_clamp_end(in, last);
}

static void row_resolve_poster(const struct resolver *in)
{
    struct highlight *row = in->row;
    if (row->poster_at.form == TIMECODE_NONE)
        return;
    struct cell cell = row_cell(in, COLUMN_POSTER, &row->poster_at);
    int64_t flicks = FLICKS_NONE;
    if (time_read(&cell, &row->poster_at, row->recording, 0, &flicks))
        row->poster_flicks = flicks;
}

/* --- people -------------------------------------------------------------- */

static const struct person *person_find(const struct session *session,
                                        const char *name)
{
    for (size_t i = 0; i < session->people_count; i++) {
        if (text_equal_fold(session->people[i].name, name))
            return &session->people[i];
    }
    return NULL;
}

static void row_resolve_people(const struct resolver *in)
{
    struct highlight *row = in->row;
    const struct session *session = in->session;
    for (size_t i = 0; i < row->speaker_count; i++) {
        const struct person *person = person_find(session, row->speakers[i]);
        /* Several people's roles are looked up one by one for their straps. */
        if (person && row->speaker_count == 1 && !row->role)
            row->role = person->role;
        if (person)
            continue;
        const char **names = NULL;
        size_t count = 0;
        for (size_t k = 0; k < session->people_count; k++) {
            const char **name = ARENA_PUSH(in->arena, names, count);
            *name = session->people[k].name;
        }
        const char *near =
            count ? text_nearest(row->speakers[i], names, count) : NULL;
        if (near)
            fault_add(in->faults, FAULT_WARNING, row_place(in, COLUMN_SPEAKER),
                      _("\"%s\" is not among the session's people, but \"%s\" "
                        "is; mend the name, or add it to \"people\" in "
                        "session.yaml"),
                      row->speakers[i], near);
    }
    if (row->role && !row->speaker_count)
        fault_add(in->faults, FAULT_WARNING, row_place(in, COLUMN_ROLE),
                  _("the row has a role and no speaker, so it is not shown; "
                    "write the name into the column \"speaker\""));
}

void highlights_resolve(struct session *session, struct faults *faults)
{
    for (size_t i = 0; i < session->list.count; i++) {
        struct resolver in = {
            .session = session,
            .arena = session->arena,
            .faults = faults,
            .row = &session->list.rows[i],
        };
        row_resolve_people(&in);
        if (!row_find_source(&in))
            continue;
        if (!in.row->recording) {
            row_resolve_photos(&in);
            continue;
        }
        if (!row_resolve_range(&in))
            in.row->start_flicks = in.row->end_flicks = 0;
        row_resolve_poster(&in);
    }
}
