/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan as people read it on a terminal, and the faults, one line each. */
#include "plan/build.h"
#include "plan/table.h"

#include "base/files.h"

/* What is printed, where to, and memory for the time of printing. */
struct printer {
    const struct plan *plan;
    struct arena *arena;
    struct buffer *out;
};

static const char *number(const struct printer *printer, int64_t value)
{
    return arena_printf(printer->arena, "%lld", (long long)value);
}

static const char *rate(const struct printer *printer, AVRational value)
{
    int64_t hundredths = av_rescale(value.num, 100, value.den);
    if (hundredths % 100 == 0)
        return number(printer, hundredths / 100);
    return arena_printf(printer->arena, "%d.%02d", (int)(hundredths / 100),
                        (int)(hundredths % 100));
}

static const char *length(const struct printer *printer, int64_t flicks)
{
    char text[40];
    return arena_strdup(printer->arena, timecode_text(flicks, text));
}

static void put_title(const struct printer *printer)
{
    const struct plan *plan = printer->plan;
    const struct session *session = plan->session;
    const char *parts[] = {
        session->series ? session_series_line(session, printer->arena) : NULL,
        session->title,
        session->year ? session_date_iso(session, printer->arena) : NULL,
    };
    const char *line = NULL;
    for (size_t i = 0; i < 3; i++) {
        if (!parts[i])
            continue;
        line = line ? arena_printf(printer->arena, "%s · %s", line, parts[i])
                    : parts[i];
    }
    if (line)
        buffer_printf(printer->out, "%s\n",
                      table_clip(printer->arena, line, TABLE_WIDTH));
}

static void put_counts(const struct printer *printer)
{
    const struct plan *plan = printer->plan;
    int64_t flicks = 0;
    int clips = 0, films = 0, chunks = 0, posters = 0, packages = 0;
    for (size_t i = 0; i < plan->clip_count; i++)
        clips += plan->clips[i]->wanted;
    for (size_t i = 0; i < plan->rendition_count; i++) {
        const struct timeline *timeline = plan->renditions[i]->timeline;
        if (!plan->renditions[i]->wanted)
            continue;
        films++;
        flicks += clock_flicks(timeline->ticks, timeline->rate);
        chunks += (int)plan->renditions[i]->chunk_count;
    }
    for (size_t i = 0; i < plan->poster_count; i++)
        posters += plan->posters[i]->wanted;
    for (size_t i = 0; i < plan->package_count; i++)
        packages += plan->packages[i]->wanted;
    buffer_printf(printer->out,
                  _("clips %d · films %d, %s in all · chunks %d · posters %d "
                    "· packages %d\n"),
                  clips, films, TIMECODE_TEXT(flicks), chunks, posters,
                  packages);
}

/* --- clips -----------------------------------------------------------------
 */

/* A short length in seconds: "0.5". */
static const char *seconds(const struct printer *printer, int64_t flicks)
{
    int hundredths = (int)av_rescale(flicks, 100, FLICKS_PER_SECOND);
    if (hundredths % 100 == 0)
        return number(printer, hundredths / 100);
    if (hundredths % 10 == 0)
        return arena_printf(printer->arena, "%d.%d", hundredths / 100,
                            hundredths % 100 / 10);
    return arena_printf(printer->arena, "%d.%02d", hundredths / 100,
                        hundredths % 100);
}

static const char *join_text(const struct printer *printer,
                             const struct shot *shot)
{
    if (shot->transition == TRANSITION_CUT)
        return "";
    return arena_printf(printer->arena,
                        shot->transition == TRANSITION_FADE ? _("fade %s")
                                                            : _("dissolve %s"),
                        seconds(printer, shot->transition_flicks));
}

static const char *speakers_text(const struct printer *printer,
                                 const struct highlight *row)
{
    const char *text = "";
    for (size_t i = 0; i < row->speaker_count; i++)
        text = arena_printf(printer->arena, "%s%s%s", text, i ? "、" : "",
                            row->speakers[i]);
    return text;
}

static void add_shot(const struct printer *printer, struct table *table,
                     const struct shot *shot)
{
    const char *row = number(printer, shot->row->row);
    const char *lasts = length(printer, shot->out_flicks - shot->in_flicks);
    const char *join = join_text(printer, shot);
    const char *who = speakers_text(printer, shot->row);
    const struct index *index = shot->photo ? NULL : shot->recording->index;
    if (shot->photo)
        TABLE_ADD(table, row, files_name(shot->photo->file), _("photo"), lasts,
                  "", join, who);
    else
        TABLE_ADD(
            table, row, shot->recording->name,
            arena_printf(printer->arena, "%s–%s",
                         length(printer, shot->in_flicks),
                         length(printer, shot->out_flicks)),
            lasts,
            arena_printf(printer->arena, "%lld–%lld",
                         (long long)index_number(index, shot->first_frame),
                         (long long)index_number(index, shot->end_frame - 1)),
            join, who);
}

static void put_clips(const struct printer *printer)
{
    const struct plan *plan = printer->plan;
    struct table table = {.arena = printer->arena,
                          .form = "rlrrrll",
                          .most = {4, 20, 23, 11, 13, 12}};
    buffer_printf(printer->out, "\n%s\n", _("Clips"));
    TABLE_ADD(&table, _("row"), _("source"), _("range"), _("length"),
              _("pictures"), _("join"), _("speakers"));
    for (size_t i = 0; i < plan->clip_count; i++) {
        const struct clip *clip = plan->clips[i];
        if (!clip->wanted)
            continue;
        table_heading(&table,
                      arena_printf(printer->arena, "%s  %s", clip->stem,
                                   length(printer, clip->length_flicks)));
        for (size_t j = 0; j < clip->shot_count; j++)
            add_shot(printer, &table, &clip->shots[j]);
    }
    table_print(&table, printer->out, 4);
}

/* --- what is made ----------------------------------------------------------
 */

static void put_films(const struct printer *printer)
{
    const struct plan *plan = printer->plan;
    struct table table = {
        .arena = printer->arena, .form = "rllrrrrr", .most = {0, 16, 16}};
    buffer_printf(printer->out, "\n%s\n", _("Films"));
    TABLE_ADD(&table, _("clip"), _("preset"), "", _("frame"), _("rate"),
              _("length"), _("pictures"), _("chunks"));
    for (size_t i = 0; i < plan->rendition_count; i++) {
        const struct rendition *rendition = plan->renditions[i];
        const struct preset *preset = rendition->preset;
        if (!rendition->wanted)
            continue;
        const struct timeline *timeline = rendition->timeline;
        TABLE_ADD(
            &table, number(printer, rendition->clip->number), preset->name,
            preset->alias ? preset->alias : "",
            arena_printf(printer->arena, "%dx%d", (int)preset->width,
                         (int)preset->height),
            rate(printer, timeline->rate),
            length(printer, clock_flicks(timeline->ticks, timeline->rate)),
            number(printer, timeline->ticks),
            number(printer, (int64_t)rendition->chunk_count));
    }
    table_print(&table, printer->out, 2);
}

static const char *poster_source(const struct printer *printer,
                                 const struct clip *clip)
{
    const struct shot *shot = &clip->shots[clip->poster_shot];
    if (shot->photo)
        return shot->photo->file;
    if (clip->poster_flicks == FLICKS_NONE)
        return arena_printf(printer->arena, _("the best picture of %s"),
                            shot->recording->name);
    return arena_printf(printer->arena, "%s %s", shot->recording->name,
                        length(printer, clip->poster_flicks));
}

static void put_posters(const struct printer *printer)
{
    const struct plan *plan = printer->plan;
    struct table table = {.arena = printer->arena, .form = "lrl", .most = {54}};
    if (plan->poster_count == 0)
        return;
    buffer_printf(printer->out, "\n%s\n", _("Posters"));
    for (size_t i = 0; i < plan->poster_count; i++) {
        const struct poster *poster = plan->posters[i];
        if (!poster->wanted)
            continue;
        TABLE_ADD(&table, poster->stem,
                  arena_printf(printer->arena, "%dx%d", poster->cover->width,
                               poster->cover->height),
                  poster_source(printer, poster->clip));
    }
    table_print(&table, printer->out, 2);
}

static void put_packages(const struct printer *printer)
{
    const struct plan *plan = printer->plan;
    struct table table = {
        .arena = printer->arena, .form = "lrrl", .most = {24}};
    buffer_printf(printer->out, "\n%s\n", _("Packages"));
    TABLE_ADD(&table, _("folder"), _("films"), _("posters"), _("zip"));
    for (size_t i = 0; i < plan->package_count; i++) {
        const struct package *package = plan->packages[i];
        if (!package->wanted)
            continue;
        TABLE_ADD(&table, package->folder,
                  number(printer, (int64_t)package->rendition_count),
                  number(printer, (int64_t)package->poster_count),
                  package->zip);
    }
    table_print(&table, printer->out, 2);
}

/* Whom a note is on; NULL: the session. */
static const char *note_subject(const struct plan_note *note)
{
    return note->clip        ? note->clip->stem
           : note->recording ? note->recording->name
                             : NULL;
}

static bool note_is_like(const struct plan_note *a, const struct plan_note *b)
{
    return !a->clip == !b->clip && !a->recording == !b->recording &&
           strcmp(a->text, b->text) == 0;
}

/* What is true of several clips or recordings is said once, of all of them,
 * where the first one's turn is. */
static void put_note(const struct printer *printer, size_t first)
{
    const struct plan *plan = printer->plan;
    const struct plan_note *note = &plan->notes[first];
    const char *subject = note_subject(note);
    for (size_t i = 0; subject && i < first; i++) {
        if (note_is_like(note, &plan->notes[i]))
            return;
    }
    for (size_t i = first + 1; subject && i < plan->note_count; i++) {
        if (note_is_like(note, &plan->notes[i]))
            subject = arena_printf(printer->arena, "%s%s%s", subject, _(", "),
                                   note_subject(&plan->notes[i]));
    }
    table_wrap(
        printer->out, "  · ",
        subject ? arena_printf(printer->arena, _("%s: %s"), subject, note->text)
                : note->text);
}

static void put_notes(const struct printer *printer)
{
    const struct plan *plan = printer->plan;
    if (plan->note_count)
        buffer_printf(printer->out, "\n%s\n", _("Notes"));
    for (size_t i = 0; i < plan->note_count; i++)
        put_note(printer, i);
}

void plan_print(const struct plan *plan, struct buffer *out)
{
    struct arena *arena = arena_create();
    struct printer printer = {plan, arena, out};
    put_title(&printer);
    put_counts(&printer);
    if (plan->dropped_clips)
        buffer_printf(out, _("left out because of faults: %d\n"),
                      (int)plan->dropped_clips);
    if (plan->clip_count) {
        put_clips(&printer);
        put_films(&printer);
        put_posters(&printer);
        put_packages(&printer);
    }
    put_notes(&printer);
    arena_destroy(&arena);
}

void plan_print_faults(const struct faults *faults, struct buffer *out)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        if (fault->kind == FAULT_WARNING)
            buffer_printf(out, _("%s (a warning)\n"), fault->message);
        else
            buffer_printf(out, "%s\n", fault->message);
    }
}
