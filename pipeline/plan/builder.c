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

static void builder_add_note(struct builder *builder, struct plan_note wanted,
                             const char *format, va_list args)
{
    struct plan *plan = builder->plan;
    va_list again;
    va_copy(again, args);
    wanted.text = arena_vprintf(builder->arena, _(format), args);
    wanted.plain = arena_vprintf(builder->arena, format, again);
    va_end(again);
    for (size_t i = 0; i < plan->note_count; i++) {
        const struct plan_note *note = &plan->notes[i];
        if (note->clip == wanted.clip && note->recording == wanted.recording &&
            strcmp(note->text, wanted.text) == 0)
            return;
    }
    struct plan_note *note =
        ARENA_PUSH(builder->arena, plan->notes, plan->note_count);
    *note = wanted;
}

void builder_note(struct builder *builder, const struct clip *clip,
                  const char *format, ...)
{
    va_list args;
    va_start(args, format);
    builder_add_note(builder, (struct plan_note){.clip = clip}, format, args);
    va_end(args);
}

void builder_note_on(struct builder *builder, const struct recording *recording,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    builder_add_note(builder, (struct plan_note){.recording = recording},
                     format, args);
    va_end(args);
}
