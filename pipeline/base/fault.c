/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the list of what is wrong with the input and how its place is written
 * in front. Knows nothing of the files that the places lie in. */
#include "base/fault.h"

#include "base/log.h"

#include <stdarg.h>
#include <string.h>

void fault_add(struct faults *faults, enum fault_kind kind,
               struct fault_place place, const char *format, ...)
{
    struct arena *arena = faults->arena;
    struct fault *fault = ARENA_PUSH(arena, faults->list, faults->count);
    va_list args;
    va_start(args, format);
    const char *sentence = arena_vprintf(arena, format, args);
    va_end(args);

    fault->kind = kind;
    fault->file = arena_strdup(arena, place.file);
    fault->row = place.row;
    fault->column = place.column;
    fault->field = arena_strdup(arena, place.field);
    if (place.cell)
        sentence = arena_printf(arena, _("%s: %s"), place.cell, sentence);
    fault->message = sentence;
    if (place.file && place.row > 0 && place.in_text && place.column > 0)
        fault->message = arena_printf(arena, "%s:%d:%d: %s", place.file,
                                      place.row, place.column, sentence);
    else if (place.file && place.row > 0)
        fault->message =
            arena_printf(arena, "%s:%d: %s", place.file, place.row, sentence);
    else if (place.file)
        fault->message = arena_printf(arena, "%s: %s", place.file, sentence);
}

static bool is_same_file(const struct fault *a, const struct fault *b)
{
    return a->file && b->file ? strcmp(a->file, b->file) == 0
                              : a->file == b->file;
}

/* `b` is of the same file, and comes before `a`. */
static bool is_before(const struct fault *b, const struct fault *a)
{
    return b->row != a->row ? b->row < a->row : b->column < a->column;
}

void faults_sort(struct faults *faults)
{
    struct fault *list = faults->list;
    for (size_t i = 1; i < faults->count; i++) {
        struct fault fault = list[i];
        size_t to = i;
        /* Behind the last of its file that does not come after it. */
        while (to > 0 && !is_same_file(&list[to - 1], &fault))
            to--;
        if (to == 0)
            continue; /* the first of its file stays where it was found */
        while (to > 0 && is_same_file(&list[to - 1], &fault) &&
               is_before(&fault, &list[to - 1]))
            to--;
        memmove(&list[to + 1], &list[to], (i - to) * sizeof(*list));
        list[to] = fault;
    }
}

bool faults_block(const struct faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        if (faults->list[i].kind == FAULT_SESSION)
            return true;
    }
    return false;
}

bool faults_hit_row(const struct faults *faults, const char *file, int row)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        if (fault->kind >= FAULT_ROW && fault->row == row && fault->file &&
            strcmp(fault->file, file) == 0)
            return true;
    }
    return false;
}

size_t faults_count(const struct faults *faults, bool with_warnings)
{
    size_t count = 0;
    for (size_t i = 0; i < faults->count; i++)
        count += with_warnings || faults->list[i].kind != FAULT_WARNING;
    return count;
}
