/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every part of the plan's building uses: a preset's seconds on the clock,
 * the place of a row's cell, notes told once. */
#include "plan/build.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

int64_t plan_flicks(double seconds)
{
    return llrint(seconds * 1000) * (FLICKS_PER_SECOND / 1000);
}

struct fault_place row_place(const struct highlight *row,
                             enum highlight_column column)
{
    return (struct fault_place){
        .file = row->file, .row = row->row, .column = row->columns[column]};
}

void builder_note(struct builder *builder, const struct clip *clip,
                  const char *format, ...)
{
    struct plan *plan = builder->plan;
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(builder->arena, _(format), args);
    va_end(args);
    va_start(args, format);
    const char *plain = arena_vprintf(builder->arena, format, args);
    va_end(args);
    for (size_t i = 0; i < plan->note_count; i++) {
        if (plan->notes[i].clip == clip &&
            strcmp(plan->notes[i].text, text) == 0)
            return;
    }
    struct plan_note *note =
        ARENA_PUSH(builder->arena, plan->notes, plan->note_count);
    note->clip = clip;
    note->text = text;
    note->plain = plain;
}
