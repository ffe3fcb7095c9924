/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lays text out in columns of a terminal. Knows nothing of plans. */
#include "plan/table.h"

#include <string.h>
#include "base/text.h"

#define GAP 2 /* blanks between columns */

void table_add(struct table *table, const char *const cells[TABLE_COLUMNS])
{
    struct table_row *row = ARENA_PUSH(table->arena, table->rows, table->count);
    for (size_t i = 0; i < TABLE_COLUMNS && cells[i]; i++) {
        row->cells[i] = table->most[i]
                            ? table_clip(table->arena, cells[i], table->most[i])
                            : arena_strdup(table->arena, cells[i]);
    }
}

void table_heading(struct table *table, const char *text)
{
    struct table_row *row = ARENA_PUSH(table->arena, table->rows, table->count);
    row->heading = true;
    row->cells[0] = arena_strdup(table->arena, text);
}

static void put_blanks(struct buffer *out, int count)
{
    for (int i = 0; i < count; i++)
        buffer_append(out, " ", 1);
}

/* The last column gets what the others leave. */
static const char *last_cell(const struct table *table, const char *cell,
                             int used)
{
    int room = TABLE_WIDTH - used;
    return text_columns(cell) <= room
               ? cell
               : table_clip(table->arena, cell, room > 1 ? room : 1);
}

static void put_row(const struct table *table, const struct table_row *row,
                    const int *widths, int indent, struct buffer *out)
{
    int owed = indent; /* blanks that only count when something follows */
    int used = indent;
    for (size_t i = 0; table->form[i] && row->cells[i]; i++) {
        const char *cell = row->cells[i];
        if (!table->form[i + 1])
            cell = last_cell(table, cell, used);
        int lack = widths[i] - text_columns(cell);
        if (table->form[i] == 'r')
            owed += lack;
        if (*cell) {
            put_blanks(out, owed);
            buffer_puts(out, cell);
            owed = 0;
        }
        owed += GAP + (table->form[i] == 'r' ? 0 : lack);
        used += GAP + widths[i];
    }
    buffer_puts(out, "\n");
}

void table_print(const struct table *table, struct buffer *out, int indent)
{
    int widths[TABLE_COLUMNS] = {0};
    for (size_t r = 0; r < table->count; r++) {
        const struct table_row *row = &table->rows[r];
        for (size_t i = 0; !row->heading && row->cells[i]; i++) {
            int columns = text_columns(row->cells[i]);
            widths[i] = columns > widths[i] ? columns : widths[i];
            if (i + 1 == TABLE_COLUMNS)
                break;
        }
    }
    for (size_t r = 0; r < table->count; r++) {
        const struct table_row *row = &table->rows[r];
        if (!row->heading) {
            put_row(table, row, widths, indent, out);
            continue;
        }
        put_blanks(out, indent - GAP);
        buffer_printf(
            out, "%s\n",
            table_clip(table->arena, row->cells[0], TABLE_WIDTH - indent));
    }
}

static int columns_of(uint32_t character)
{
    char text[5] = {0};
    text_encode(character, text);
    return text_columns(text);
}

char *table_clip(struct arena *arena, const char *text, int columns)
{
    if (text_columns(text) <= columns)
        return arena_strdup(arena, text);
    const char *at = text, *end = text;
    int used = 1; /* the ellipsis */
    for (uint32_t c; (c = text_next(&at)) != 0; end = at) {
        used += columns_of(c);
        if (used > columns)
            break;
    }
    return arena_printf(arena, "%.*s…", (int)(end - text), text);
}

/* Where a line that begins at `text` and has `room` columns ends: behind a
 * blank or a wide character, else where it is full. */
static const char *line_end(const char *text, int room)
{
    const char *at = text, *good = NULL;
    for (;;) {
        const char *before = at;
        uint32_t c = text_next(&at);
        if (c == 0)
            return before;
        room -= columns_of(c);
        if (room < 0 && c != ' ')
            return good ? good : before > text ? before : at;
        if (c == ' ' || text_is_wide(c))
            good = at;
    }
}

void table_wrap(struct buffer *out, const char *lead, const char *text)
{
    int indent = text_columns(lead);
    buffer_puts(out, lead);
    for (;;) {
        const char *end = line_end(text, TABLE_WIDTH - indent);
        size_t size = (size_t)(end - text);
        while (size && text[size - 1] == ' ')
            size--;
        buffer_append(out, text, size);
        buffer_puts(out, "\n");
        text = end;
        if (!*text)
            return;
        put_blanks(out, indent);
    }
}
