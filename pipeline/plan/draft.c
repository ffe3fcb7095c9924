/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of the list to clips and shots, on the clock of the recordings' own
 * frames. What can't be is told with row and remedy. */
#include "plan/build.h"

#include <stdlib.h>
#include <string.h>

/* People write the recording's length rounded up. */
#define END_SLACK FLICKS_PER_SECOND
/* A frame that lies further from the asked time is none that was meant: a
 * picture stands there for long, or the file has lost some. */
#define EDGE_MOST (FLICKS_PER_SECOND / 2)
/* A longer number names a clip and does not count it. */
#define NUMBER_DIGITS 4

/* Where a range begins or ends. */
struct edge {
    int64_t flicks;
    size_t frame;
};

static struct draft *find_draft(struct builder *builder,
                                const struct highlight *row)
{
    for (size_t i = 0; row->clip && i < builder->draft_count; i++) {
        const struct highlight *first = builder->drafts[i].rows[0];
        if (first->clip && strcmp(first->clip, row->clip) == 0)
            return &builder->drafts[i];
    }
    struct draft *draft =
        ARENA_PUSH(builder->arena, builder->drafts, builder->draft_count);
    draft->clip = arena_alloc(builder->arena, sizeof(*draft->clip));
    draft->clip->poster_flicks = FLICKS_NONE;
    return draft;
}

/* The edge nearest to `flicks` among all frames and the end of the last. */
static size_t nearest_edge(const struct index *index, int64_t flicks)
{
    size_t k = index_nearest(index, flicks);
    if (k + 1 < index->frame_count)
        return k;
    int64_t after = index_time(index, index->frame_count) - flicks;
    int64_t before = flicks - index_time(index, k);
    return after < before ? k + 1 : k;
}

/* The frame nearest to the asked time, or that time itself in a picture that
 * stands for long: else a row of two seconds could give a shot of ten. */
static struct edge edge_at(const struct index *index, int64_t flicks,
                           bool is_end)
{
    size_t frame = nearest_edge(index, flicks);
    int64_t at = index_time(index, frame);
    if (llabs(at - flicks) <= EDGE_MOST || flicks < index->first_flicks ||
        flicks > index_time(index, index->frame_count))
        return (struct edge){at, frame};
    frame = is_end ? index_shown(index, flicks - 1) + 1
                   : index_shown(index, flicks);
    return (struct edge){flicks, frame};
}

static bool has_picture(const struct recording *recording)
{
    return recording->usable && recording->picture.stream >= 0 &&
           recording->index && recording->index->frame_count > 0;
}

/* Whether the row's range lies in its recording; tells when not. */
static bool check_range(struct builder *builder, const struct highlight *row)
{
    const struct recording *recording = row->recording;
    int64_t end = index_time(recording->index, recording->index->frame_count);
    if (row->start_flicks < 0 || row->start_flicks >= end) {
        fault_add(builder->faults, FAULT_ROW, row_place(row, COLUMN_START),
                  _("the start %s lies outside %s, whose pictures end at %s; "
                    "write the start as a time of the recording"),
                  TIMECODE_TEXT(row->start_flicks), recording->name,
                  TIMECODE_TEXT(end));
        return false;
    }
    if (row->end_flicks > end + END_SLACK) {
        fault_add(builder->faults, FAULT_ROW, row_place(row, COLUMN_END),
                  _("the end %s lies after the end of %s, %s; write an end "
                    "inside the recording"),
                  TIMECODE_TEXT(row->end_flicks), recording->name,
                  TIMECODE_TEXT(end));
        return false;
    }
    if (row->end_flicks - row->start_flicks < SHOT_LEAST) {
        fault_add(builder->faults, FAULT_ROW, row_place(row, COLUMN_END),
                  _("the range from %s to %s is shorter than a tenth of a "
                    "second; check its start and its end"),
                  TIMECODE_TEXT(row->start_flicks),
                  TIMECODE_TEXT(row->end_flicks));
        return false;
    }
    return true;
}

static struct shot *add_shot(struct builder *builder, struct clip *clip,
                             const struct highlight *row)
{
    struct shot *shot =
        ARENA_PUSH(builder->arena, clip->shots, clip->shot_count);
    shot->row = row;
    shot->transition = row->transition;
    shot->crop_percent = row->crop_percent;
    shot->offset_flicks = clip->length_flicks;
    return shot;
}

static void add_recording(struct builder *builder, struct clip *clip,
                          const struct highlight *row)
{
    if (!has_picture(row->recording)) {
        fault_add(builder->faults, FAULT_ROW, row_place(row, COLUMN_SOURCE),
                  _("%s has no picture that can be shown; name a recording "
                    "with pictures, or a photo"),
                  row->recording->name);
        return;
    }
    if (!check_range(builder, row))
        return;
    const struct index *index = row->recording->index;
    struct edge in = edge_at(index, row->start_flicks, false);
    struct edge out = edge_at(index, row->end_flicks, true);
    if (in.frame >= out.frame || in.flicks >= out.flicks) {
        fault_add(builder->faults, FAULT_ROW, row_place(row, COLUMN_END),
                  _("%s has no pictures between %s and %s: they reach from %s "
                    "to %s; take a longer range, or another"),
                  row->recording->name, TIMECODE_TEXT(row->start_flicks),
                  TIMECODE_TEXT(row->end_flicks),
                  TIMECODE_TEXT(index->first_flicks),
                  TIMECODE_TEXT(index->end_flicks));
        return;
    }
    if (out.flicks - in.flicks < SHOT_LEAST) {
        fault_add(builder->faults, FAULT_ROW, row_place(row, COLUMN_END),
                  _("the pictures of %s between %s and %s last less than a "
                    "tenth of a second; take a longer range"),
                  row->recording->name, TIMECODE_TEXT(row->start_flicks),
                  TIMECODE_TEXT(row->end_flicks));
        return;
    }
    struct shot *shot = add_shot(builder, clip, row);
    shot->recording = row->recording;
    shot->first_frame = in.frame;
    shot->end_frame = out.frame;
    shot->in_flicks = in.flicks;
    shot->out_flicks = out.flicks;
    clip->length_flicks += out.flicks - in.flicks;
}

static void add_photos(struct builder *builder, struct clip *clip,
                       const struct highlight *row)
{
    int64_t length = row->end_flicks - row->start_flicks;
    if (length < SHOT_LEAST) {
        fault_add(builder->faults, FAULT_ROW, row_place(row, COLUMN_DURATION),
                  _("a photo can't stay for less than a tenth of a second; "
                    "write a longer duration, or none for four seconds"));
        return;
    }
    for (size_t i = 0; i < row->photo_count; i++) {
        if (!row->photos[i]->usable) {
            fault_add(builder->faults, FAULT_ROW, row_place(row, COLUMN_SOURCE),
                      _("the photo %s can't be used: %s; replace it or take "
                        "it out of the list"),
                      row->photos[i]->file,
                      row->photos[i]->trouble ? row->photos[i]->trouble
                                              : _("it can't be read"));
            continue;
        }
        int turn = 0;
        for (size_t j = 0; j < clip->shot_count; j++)
            turn += clip->shots[j].photo != NULL;
        struct shot *shot = add_shot(builder, clip, row);
        shot->photo = row->photos[i];
        shot->turn = turn;
        shot->out_flicks = length;
        clip->length_flicks += length;
    }
}

static void add_row(struct builder *builder, const struct highlight *row)
{
    struct draft *draft = find_draft(builder, row);
    const struct highlight **room =
        ARENA_PUSH(builder->arena, draft->rows, draft->row_count);
    *room = row;
    if (!draft->title_row && row->title)
        draft->title_row = row;
    if (!draft->subtitle_row && row->subtitle)
        draft->subtitle_row = row;
    if (faults_hit_row(builder->faults, row->file, row->row))
        return;
    if (row->recording)
        add_recording(builder, draft->clip, row);
    else if (row->photo_count)
        add_photos(builder, draft->clip, row);
    else
        fault_add(builder->faults, FAULT_ROW, row_place(row, COLUMN_SOURCE),
                  _("it is not clear which recording or photo is meant; name "
                    "one in the column \"source\""));
}

static int64_t shot_length(const struct shot *shot)
{
    return shot->out_flicks - shot->in_flicks;
}

/* Who asked for a length is told that another is made. */
static void tell_shortened(struct builder *builder, const struct shot *shot,
                           int64_t asked)
{
    int64_t made = shot->transition_flicks;
    if (made >= asked || !shot->row->transition_flicks)
        return;
    int hundredths = (int)av_rescale(made, 100, FLICKS_PER_SECOND);
    fault_add(builder->faults, FAULT_WARNING,
              row_place(shot->row, COLUMN_TRANSITION),
              _("the transition is shortened to %d.%02d seconds, half of the "
                "shorter of the shots that it joins"),
              hundredths / 100, hundredths % 100);
}

/* A transition as it will be made: never over more than half of a shot; what
 * is too short to be seen becomes a cut. */
static void settle_transition(struct builder *builder,
                              const struct draft *draft, size_t j)
{
    struct shot *shot = &draft->clip->shots[j];
    int64_t most = shot_length(shot) / 2;
    if (shot->transition == TRANSITION_CUT)
        return;
    int64_t length = shot->row->transition_flicks;
    if (length == 0)
        length = shot->transition == TRANSITION_FADE ? FLICKS_PER_SECOND
                                                     : FLICKS_PER_SECOND / 2;
    if (j > 0 && shot_length(shot - 1) / 2 < most)
        most = shot_length(shot - 1) / 2;
    if (j == 0 && shot->transition == TRANSITION_DISSOLVE) {
        /* There is nothing to dissolve from: it comes from black in the same
         * time, and of a fade the second half is what is seen. */
        shot->transition = TRANSITION_FADE;
        length *= 2;
    }
    shot->transition_flicks = length < most ? length : most;
    if (shot->transition_flicks >= TRANSITION_LEAST) {
        tell_shortened(builder, shot, length);
        return;
    }
    shot->transition = TRANSITION_CUT;
    shot->transition_flicks = 0;
    fault_add(builder->faults, FAULT_WARNING,
              row_place(shot->row, COLUMN_TRANSITION),
              _("the transition would last less than a fifth of a second, and "
                "becomes a cut"));
}

/* The first row that asks for a poster gives it; else the longest shot, which
 * is what the clip is about. */
static void choose_poster(struct builder *builder, struct clip *clip)
{
    for (size_t j = 0; j < clip->shot_count; j++) {
        const struct shot *shot = &clip->shots[j];
        if (shot->row->poster) {
            clip->poster_shot = j;
            clip->poster_flicks =
                shot->recording ? shot->row->poster_flicks : FLICKS_NONE;
            break;
        }
        if (shot_length(shot) > shot_length(&clip->shots[clip->poster_shot]))
            clip->poster_shot = j;
    }
    const struct shot *shot = &clip->shots[clip->poster_shot];
    if (clip->poster_flicks == FLICKS_NONE)
        return;
    const struct index *index = shot->recording->index;
    if (clip->poster_flicks < 0 ||
        clip->poster_flicks >= index_time(index, index->frame_count))
        fault_add(builder->faults, FAULT_ROW,
                  row_place(shot->row, COLUMN_POSTER),
                  _("the poster's time %s lies outside %s; write a time of "
                    "the recording, or only \"yes\""),
                  TIMECODE_TEXT(clip->poster_flicks), shot->recording->name);
}

/* The number that the list gives the clip itself; 0: it gives none. */
static int number_of_list(const struct draft *draft)
{
    const char *clip = draft->rows[0]->clip;
    size_t digits = clip ? strspn(clip, "0123456789") : 0;
    bool is_number = digits > 0 && digits <= NUMBER_DIGITS && !clip[digits];
    return is_number ? (int)strtol(clip, NULL, 10) : 0;
}

/* A clip that is a number in the list bears it, or "-c 2" could mean two
 * clips; the others count on from the greatest of these. */
static void number_drafts(struct builder *builder)
{
    int most = 0;
    for (size_t i = 0; i < builder->draft_count; i++) {
        int number = number_of_list(&builder->drafts[i]);
        builder->drafts[i].clip->number = number;
        most = number > most ? number : most;
    }
    for (size_t i = 0; i < builder->draft_count; i++) {
        const struct highlight *first = builder->drafts[i].rows[0];
        struct clip *clip = builder->drafts[i].clip;
        if (!clip->number)
            clip->number = ++most;
        clip->id = first->clip
                       ? arena_strdup(builder->arena, first->clip)
                       : arena_printf(builder->arena, "%d", clip->number);
    }
}

static void name_draft(struct builder *builder, struct draft *draft)
{
    struct corrections *corrections = &builder->session->corrections;
    struct clip *clip = draft->clip;
    if (draft->title_row)
        clip->title = corrections_apply(corrections, builder->arena,
                                        draft->title_row->title);
    if (draft->subtitle_row)
        clip->subtitle = corrections_apply(corrections, builder->arena,
                                           draft->subtitle_row->subtitle);
    clip->stem =
        naming_stem(clip->number, clip->title, clip->id, builder->arena);
}

void drafts_build(struct builder *builder)
{
    struct highlights *list = &builder->session->list;
    for (size_t i = 0; i < list->count; i++)
        add_row(builder, &list->rows[i]);
    number_drafts(builder);
    for (size_t i = 0; i < builder->draft_count; i++) {
        struct draft *draft = &builder->drafts[i];
        name_draft(builder, draft);
        if (draft->clip->shot_count == 0)
            continue;
        for (size_t j = 0; j < draft->clip->shot_count; j++)
            settle_transition(builder, draft, j);
        choose_poster(builder, draft->clip);
    }
}
