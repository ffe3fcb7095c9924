/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the look of a run's summary. Does not know how it came about. */
#include "produce/summary.h"

#include "base/log.h"
#include "plan/table.h"

#define NAME_MOST 28 /* columns of a session's name */

static const char *number(struct arena *arena, size_t value)
{
    return arena_printf(arena, "%zu", value);
}

/* "1:02:03", or "2:03" under an hour. */
static const char *duration(struct arena *arena, int64_t ms)
{
    int64_t seconds = (ms + 500) / 1000;
    int minutes = (int)(seconds / 60 % 60), rest = (int)(seconds % 60);
    if (seconds >= 3600)
        return arena_printf(arena, "%d:%02d:%02d", (int)(seconds / 3600),
                            minutes, rest);
    return arena_printf(arena, "%d:%02d", minutes, rest);
}

static void add_row(struct table *table, const struct summary_row *row)
{
    struct arena *arena = table->arena;
    const struct produce_summary *s = &row->summary;
    if (row->trouble) {
        TABLE_ADD(table, row->session, "–", "–", "–", "–", "–", row->trouble);
        return;
    }
    const char *packages =
        s->incomplete ? arena_printf(arena, _("%zu of %zu"), s->packages,
                                     s->packages + s->incomplete)
                      : number(arena, s->packages);
    TABLE_ADD(table, row->session, number(arena, s->made),
              number(arena, s->reused), number(arena, s->failed), packages,
              duration(arena, s->elapsed_ms), row->out);
}

void summary_print(const struct summary_row *rows, size_t count,
                   struct buffer *out)
{
    struct table table = {
        .arena = arena_create(), .form = "lrrrrrl", .most = {NAME_MOST}};
    TABLE_ADD(&table, _("session"), _("made"), _("as before"), _("failed"),
              _("packages"), _("time"), _("folder"));
    for (size_t i = 0; i < count; i++)
        add_row(&table, &rows[i]);
    table_print(&table, out, 0);
    arena_destroy(&table.arena);
}

json_t *summary_json(const struct summary_row *rows, size_t count)
{
    json_t *sessions = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct summary_row *row = &rows[i];
        const struct produce_summary *s = &row->summary;
        json_array_append_new(
            sessions,
            json_pack("{s:s*,s:s*,s:s*,s:I,s:I,s:I,s:I,s:I,s:I}", "session",
                      row->session, "out", row->trouble ? NULL : row->out,
                      "trouble", row->trouble, "made", (json_int_t)s->made,
                      "reused", (json_int_t)s->reused, "failed",
                      (json_int_t)s->failed, "packages",
                      (json_int_t)s->packages, "incomplete",
                      (json_int_t)s->incomplete, "elapsed_ms",
                      (json_int_t)s->elapsed_ms));
    }
    return json_pack("{s:s,s:o}", "event", "summary", "sessions", sessions);
}
