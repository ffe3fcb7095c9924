/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds the plan: drafts of clips from the list, their texts, all that is
 * wrong with them, and then, from what is left, everything that will be made.
 * The other files of this room do the parts; the order is here. */
#include "plan/build.h"

#include <string.h>
#include "base/text.h"

static const char *correct(struct builder *builder, const char *text)
{
    return text_is_blank(text)
               ? NULL
               : corrections_apply(&builder->session->corrections,
                                   builder->arena, text);
}

static void read_session(struct builder *builder)
{
    struct session *session = builder->session;
    for (size_t i = 0; i < session->corrections.count; i++)
        session->corrections.list[i].hits = 0;
    if (!text_is_blank(session->series))
        builder->series_line =
            correct(builder, session_series_line(session, builder->arena));
    if (session->year)
        builder->date_line = session_date(session, builder->arena);
    builder->title = correct(builder, session->title);
    builder->organizer = correct(builder, session->organizer);
    builder->credit = correct(builder, session->credit);
    for (size_t i = 0; i < session->outlet_count; i++) {
        const struct preset *preset = session->outlets[i].preset;
        bool known = preset == NULL;
        for (size_t k = 0; k < builder->preset_count; k++)
            known = known || builder->presets[k] == preset;
        if (known)
            continue;
        const struct preset **room =
            ARENA_PUSH(builder->arena, builder->presets, builder->preset_count);
        *room = preset;
    }
}

/* A date that can't be read was told by ingest. */
static bool has_told_date(const struct builder *builder)
{
    for (size_t i = 0; i < builder->faults->count; i++) {
        const char *field = builder->faults->list[i].field;
        if (field && !strcmp(field, "date"))
            return true;
    }
    return false;
}

/* What the whole session lacks. Said only when nothing said it before. */
static void check_session(struct builder *builder)
{
    const struct session *session = builder->session;
    struct fault_place place = {.file = SESSION_FILE};
    if (session->is_unread)
        return;
    if (session->year == 0 && !has_told_date(builder))
        fault_add(builder->faults, FAULT_SESSION, place,
                  _("the session has no date, which names the packages and "
                    "stands in the files; add a line like \"date: "
                    "2022-06-28\""));
    if (faults_block(builder->faults))
        return;
    if (builder->preset_count == 0)
        fault_add(builder->faults, FAULT_SESSION, place,
                  _("nobody is named who gets the films; add \"outlets:\" "
                    "with lines like \"郴州日报: web-news\""));
    if (session->list.count == 0)
        fault_add(builder->faults, FAULT_SESSION,
                  (struct fault_place){.file = session->highlights_file},
                  _("the list has no rows; write one row for each highlight"));
}

/* --- faults ----------------------------------------------------------------
 */

static bool draft_is_faulty(const struct builder *builder,
                            const struct draft *draft)
{
    for (size_t i = 0; i < draft->row_count; i++) {
        const struct highlight *row = draft->rows[i];
        if (faults_hit_row(builder->faults, row->file, row->row))
            return true;
    }
    return draft->clip->shot_count == 0;
}

/* Row faults that belong to no row of the list hold all back, since it can't
 * be told whose they are. */
static bool has_homeless_fault(const struct builder *builder)
{
    const struct highlights *list = &builder->session->list;
    for (size_t i = 0; i < builder->faults->count; i++) {
        const struct fault *fault = &builder->faults->list[i];
        bool home = fault->kind != FAULT_ROW;
        for (size_t k = 0; !home && k < list->count; k++)
            home = fault->file && fault->row == list->rows[k].row &&
                   strcmp(fault->file, list->rows[k].file) == 0;
        if (!home)
            return true;
    }
    return false;
}

/* Leaves what can be made. Faults of clips that -c left out hold nothing
 * back. */
static void drop_faulty(struct builder *builder)
{
    bool partly = builder->options && builder->options->partly;
    size_t kept = 0, missed = 0;
    for (size_t i = 0; i < builder->draft_count; i++) {
        if (!draft_is_faulty(builder, &builder->drafts[i]))
            builder->drafts[kept++] = builder->drafts[i];
        else
            missed += builder->drafts[i].clip->wanted;
    }
    builder->plan->dropped_clips = builder->draft_count - kept;
    bool blocked = faults_block(builder->faults);
    if (!partly)
        blocked = blocked || missed || has_homeless_fault(builder);
    builder->draft_count = blocked ? 0 : kept;
}

/* --- the plan --------------------------------------------------------------
 */

static void plan_drafts(struct builder *builder)
{
    struct plan *plan = builder->plan;
    for (size_t i = 0; i < builder->draft_count; i++) {
        struct draft *draft = &builder->drafts[i];
        struct clip **room =
            ARENA_PUSH(builder->arena, plan->clips, plan->clip_count);
        *room = draft->clip;
        draft_renditions(builder, draft);
    }
    if (plan->clip_count)
        builder_packages(builder);
}

static void plan_fill(struct builder *builder)
{
    drafts_build(builder);
    builder_match_caption_files(builder);
    builder_select_clips(builder);
    for (size_t i = 0; i < builder->draft_count; i++) {
        draft_captions(builder, &builder->drafts[i]);
        draft_speakers(builder, &builder->drafts[i]);
        draft_lint(builder, &builder->drafts[i]);
    }
    builder_lint_session(builder);
    drop_faulty(builder);
    plan_drafts(builder);
    builder_notes(builder);
}

int plan_build(struct log *log, struct session *session,
               const struct plan_options *options, struct plan **out)
{
    struct arena *arena = arena_create();
    struct plan *plan = arena_alloc(arena, sizeof(*plan));
    plan->arena = arena;
    plan->session = session;
    plan->narrowed = session->outlets_narrowed;
    struct builder builder = {
        .log = log,
        .session = session,
        .options = options,
        .plan = plan,
        .arena = arena,
        .faults = &session->faults,
        .versions = key_versions(arena),
    };
    read_session(&builder);
    check_session(&builder);
    if (!session->is_unread)
        plan_fill(&builder);
    *out = plan;
    return 0;
}

void plan_destroy(struct plan **plan)
{
    if (!*plan)
        return;
    /* The plan lies in its own arena. */
    struct arena *arena = (*plan)->arena;
    arena_destroy(&arena);
    *plan = NULL;
}
