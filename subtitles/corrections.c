/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the list of wrong and right words and their replacement in a text.
 * Knows nothing of where texts come from or go. */
#include "subtitles/corrections.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/csv.h"
#include "base/log.h"
#include "base/text.h"
#include "subtitles/charset.h"

static bool is_heading(const char *cell)
{
    static const char *const words[] = {
        "wrong", "错", "错误", "误", "原文", "错字", "from", "更正前", "改前"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (text_equal_fold(cell, words[i]))
            return true;
    }
    return false;
}

static const struct correction *corrections_find(
    const struct corrections *corrections, const char *wrong)
{
    for (size_t i = 0; i < corrections->count; i++) {
        if (strcmp(corrections->list[i].wrong, wrong) == 0)
            return &corrections->list[i];
    }
    return NULL;
}

static void corrections_add(struct corrections *out, const char *file,
                            const struct csv_row *row, struct arena *arena,
                            struct faults *faults)
{
    struct fault_place place = {.file = file, .row = row->row, .column = 1};
    const char *wrong = text_trim(arena, row->cells[0]);
    const char *right = row->count > 1 ? text_trim(arena, row->cells[1]) : NULL;
    if (!*wrong || !right) {
        fault_add(faults, FAULT_SESSION, place,
                  _("the row does not hold two cells; write the wrong word in "
                    "the first and the right one in the second"));
        return;
    }
    if (strcmp(wrong, right) == 0) {
        fault_add(faults, FAULT_WARNING, place,
                  _("\"%s\" is corrected to itself; take the row out or mend "
                    "one of its cells"),
                  wrong);
        return;
    }
    const struct correction *before = corrections_find(out, wrong);
    if (before && strcmp(before->right, right) != 0) {
        fault_add(faults, FAULT_SESSION, place,
                  _("\"%s\" is corrected to \"%s\" here and to \"%s\" in row "
                    "%d; keep one of the two rows"),
                  wrong, right, before->right, before->row);
        return;
    }
    if (before)
        return;
    if (!*right)
        fault_add(faults, FAULT_WARNING, place,
                  _("\"%s\" is taken out of every text, as the second cell is "
                    "empty; fill it in if that is not meant"),
                  wrong);
    struct correction *added = ARENA_PUSH(arena, out->list, out->count);
    *added = (struct correction){wrong, right, row->row, 0};
}

/* Longest wrong first; of equally long ones, the upper row. */
static int corrections_order(const void *a, const void *b)
{
    const struct correction *left = a, *right = b;
    size_t left_size = strlen(left->wrong), right_size = strlen(right->wrong);
    if (left_size != right_size)
        return left_size > right_size ? -1 : 1;
    return (left->row > right->row) - (left->row < right->row);
}

void corrections_parse(struct corrections *out, const char *file,
                       const char *bytes, size_t size, struct arena *arena,
                       struct faults *faults)
{
    *out = (struct corrections){0};
    struct buffer text = {0};
    const char *encoding = NULL;
    if (charset_decode(bytes, size, NULL, &text, &encoding) < 0) {
        fault_add(faults, FAULT_SESSION, (struct fault_place){.file = file},
                  _("the file is no text; save it as CSV with two columns, "
                    "wrong and right"));
        goto done;
    }
    struct csv csv;
    csv_parse(&csv, buffer_text(&text), text.size, arena);
    if (csv.open_quote_row)
        fault_add(faults, FAULT_SESSION,
                  (struct fault_place){.file = file, .row = csv.open_quote_row},
                  _("a quotation mark that opens here is never closed; write "
                    "one at the cell's end, or \"\" for a mark in the text"));
    for (size_t i = 0; i < csv.count; i++) {
        const struct csv_row *row = &csv.rows[i];
        if (i == 0 && is_heading(text_trim(arena, row->cells[0])))
            continue;
        corrections_add(out, file, row, arena, faults);
    }
    if (out->count)
        qsort(out->list, out->count, sizeof(*out->list), corrections_order);

done:
    buffer_clear(&text);
}

/* A stretch of a text that a correction takes. */
struct hit {
    size_t start, end;
    const char *right;
};

static bool hits_overlap(const struct hit *hits, size_t count, size_t start,
                         size_t end)
{
    for (size_t i = 0; i < count; i++) {
        if (start < hits[i].end && hits[i].start < end)
            return true;
    }
    return false;
}

/* 李明 → 李明同志 must leave a text alone that says 李明同志 already. */
static bool is_right_already(const struct correction *correction,
                             const char *text, size_t at)
{
    const char *right = correction->right;
    for (const char *inside = strstr(right, correction->wrong); inside;
         inside = strstr(inside + 1, correction->wrong)) {
        size_t before = (size_t)(inside - right);
        if (before <= at &&
            strncmp(text + at - before, right, strlen(right)) == 0)
            return true;
    }
    return false;
}

static int hit_order(const void *a, const void *b)
{
    const struct hit *left = a, *right = b;
    return (left->start > right->start) - (left->start < right->start);
}

const char *corrections_apply(struct corrections *corrections,
                              struct arena *arena, const char *text)
{
    if (!text)
        return NULL;
    struct hit *hits = NULL;
    size_t count = 0;
    for (size_t i = 0; i < corrections->count; i++) {
        struct correction *correction = &corrections->list[i];
        size_t size = strlen(correction->wrong);
        const char *found = strstr(text, correction->wrong);
        while (found) {
            size_t at = (size_t)(found - text);
            bool taken = hits_overlap(hits, count, at, at + size) ||
                         is_right_already(correction, text, at);
            if (!taken) {
                struct hit *hit = ARENA_PUSH(arena, hits, count);
                *hit = (struct hit){at, at + size, correction->right};
                correction->hits++;
            }
            found = strstr(found + (taken ? 1 : size), correction->wrong);
        }
    }
    if (!count)
        return text;

    qsort(hits, count, sizeof(*hits), hit_order);
    struct buffer out = {0};
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        buffer_append(&out, text + at, hits[i].start - at);
        buffer_puts(&out, hits[i].right);
        at = hits[i].end;
    }
    buffer_puts(&out, text + at);
    const char *result = arena_strndup(arena, out.data, out.size);
    buffer_clear(&out);
    return result;
}
