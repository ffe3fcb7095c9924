/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who speaks in a clip and what they are quoted with: stretches with the same
 * speakers, their roles, the clip's list of people. */
#include "plan/build.h"

#include <string.h>
#include "base/text.h"

static const char *correct(struct builder *builder, const char *text)
{
    return corrections_apply(&builder->session->corrections, builder->arena,
                             text);
}

/* Part `i` of a role cell that lists as many roles as there are speakers. */
static const char *role_part(struct arena *arena, const char *cell, size_t i,
                             size_t count)
{
    static const char *const marks[] = {"、", "；", ";", "/", "，", NULL};
    for (size_t m = 0; marks[m]; m++) {
        size_t found = 0, size = strlen(marks[m]);
        const char *from = cell, *part = NULL;
        for (const char *at; (at = strstr(from, marks[m])); from = at + size) {
            if (found++ == i)
                part = arena_strndup(arena, from, (size_t)(at - from));
        }
        if (found + 1 == count)
            return text_trim(arena, part ? part : from);
    }
    return NULL;
}

static const char *role_of(struct builder *builder, const struct highlight *row,
                           size_t i)
{
    const struct session *session = builder->session;
    const char *role = NULL;
    if (row->role && row->speaker_count == 1)
        return row->role;
    if (row->role)
        role = role_part(builder->arena, row->role, i, row->speaker_count);
    for (size_t k = 0; !role && k < session->people_count; k++) {
        if (strcmp(session->people[k].name, row->speakers[i]) == 0)
            role = session->people[k].role;
    }
    return role;
}

/* Whoever has a role somewhere in the clip is not listed without it too. */
static void add_person(struct builder *builder, struct draft *draft,
                       const char *name, const char *role)
{
    struct clip *clip = draft->clip;
    const char *comma = session_is_chinese(builder->session) ? "" : ",";
    const char *person =
        role ? arena_printf(builder->arena, "%s%s %s", name, comma, role)
             : name;
    for (size_t i = 0; i < clip->people_count; i++) {
        bool is_plain = strcmp(clip->people[i], draft->people[i]) == 0;
        if (strcmp(draft->people[i], name) != 0)
            continue;
        if (is_plain)
            clip->people[i] = person;
        if (is_plain || !role || strcmp(clip->people[i], person) == 0)
            return;
    }
    size_t count = clip->people_count;
    const char **room = ARENA_PUSH(builder->arena, draft->people, count);
    *room = name;
    room = ARENA_PUSH(builder->arena, clip->people, clip->people_count);
    *room = person;
}

static bool same_speakers(const struct highlight *a, const struct highlight *b)
{
    if (a->speaker_count != b->speaker_count)
        return false;
    for (size_t i = 0; i < a->speaker_count; i++) {
        if (strcmp(a->speakers[i], b->speakers[i]) != 0)
            return false;
    }
    return true;
}

static void add_run(struct builder *builder, struct draft *draft,
                    const struct highlight *row, int64_t start, int64_t end)
{
    struct draft_run *last =
        draft->run_count ? &draft->runs[draft->run_count - 1] : NULL;
    if (last && last->end_flicks == start && same_speakers(last->row, row)) {
        last->end_flicks = end;
        return;
    }
    struct draft_run *run =
        ARENA_PUSH(builder->arena, draft->runs, draft->run_count);
    run->start_flicks = start;
    run->end_flicks = end;
    run->row = row;
    run->count = row->speaker_count;
    run->names = arena_alloc(builder->arena, run->count * sizeof(*run->names));
    run->roles = arena_alloc(builder->arena, run->count * sizeof(*run->roles));
    for (size_t i = 0; i < run->count; i++) {
        const char *role = role_of(builder, row, i);
        run->names[i] = correct(builder, row->speakers[i]);
        run->roles[i] = role ? correct(builder, role) : NULL;
        add_person(builder, draft, run->names[i], run->roles[i]);
    }
}

static const char *join_names(struct builder *builder,
                              const struct highlight *row)
{
    const char *names = NULL;
    for (size_t i = 0; i < row->speaker_count; i++) {
        const char *name = correct(builder, row->speakers[i]);
        names =
            names ? arena_printf(builder->arena, "%s、%s", names, name) : name;
    }
    return names;
}

static void add_quote(struct builder *builder, struct draft *draft,
                      const struct highlight *row, int64_t start, int64_t end)
{
    struct draft_quote *quote =
        ARENA_PUSH(builder->arena, draft->quotes, draft->quote_count);
    quote->start_flicks = start;
    quote->end_flicks = end;
    quote->text = correct(builder, row->quote);
    quote->name = join_names(builder, row);
    quote->row = row;
}

void draft_speakers(struct builder *builder, struct draft *draft)
{
    const struct clip *clip = draft->clip;
    for (size_t first = 0, end; first < clip->shot_count; first = end) {
        const struct highlight *row = clip->shots[first].row;
        for (end = first; end < clip->shot_count; end++) {
            if (clip->shots[end].row != row)
                break;
        }
        int64_t from = clip->shots[first].offset_flicks;
        int64_t to = end < clip->shot_count ? clip->shots[end].offset_flicks
                                            : clip->length_flicks;
        if (row->speaker_count)
            add_run(builder, draft, row, from, to);
        if (!text_is_blank(row->quote))
            add_quote(builder, draft, row, from, to);
    }
}
