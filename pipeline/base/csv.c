/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the reading of separated text: quotes, row numbers, the separator.
 * Knows neither headings nor encodings. */
#include "base/csv.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/text.h"

/* Rows looked at to find the separator. */
#define SAMPLE_ROWS    30
#define SAMPLE_COLUMNS 64

static const char *const separators[] = {",", ";", "\t", "，"};
#define SEPARATOR_COUNT  (sizeof(separators) / sizeof(separators[0]))
#define ASCII_SEPARATORS 3

struct reader {
    const char *at, *end;
    const char *separator;
    size_t separator_size;
    struct buffer cell; /* the one being read */
    bool open_quote;
};

static bool reader_at_separator(const struct reader *reader)
{
    return (size_t)(reader->end - reader->at) >= reader->separator_size &&
           memcmp(reader->at, reader->separator, reader->separator_size) == 0;
}

static bool reader_at_line_end(const struct reader *reader)
{
    return reader->at == reader->end || *reader->at == '\n' ||
           *reader->at == '\r';
}

/* A zero byte would end the cell's text early for every reader after us. */
static void reader_keep(struct reader *reader)
{
    char byte = *reader->at++;
    buffer_append(&reader->cell, byte ? &byte : " ", 1);
}

static void reader_read_quoted(struct reader *reader)
{
    reader->at++;
    for (;;) {
        if (reader->at == reader->end) {
            reader->open_quote = true;
            return;
        }
        if (*reader->at == '"') {
            reader->at++;
            if (reader->at == reader->end || *reader->at != '"')
                return;
        } else if (*reader->at == '\r') {
            reader->at++;
            if (reader->at == reader->end || *reader->at != '\n')
                buffer_puts(&reader->cell, "\n");
            continue;
        }
        reader_keep(reader);
    }
}

/* A quote counts only at the cell's begin (blanks before it allowed); text
 * behind a closing quote is kept, as spreadsheets do. */
static void reader_read_cell(struct reader *reader)
{
    buffer_reset(&reader->cell);
    const char *look = reader->at;
    while (look < reader->end && *look == ' ')
        look++;
    if (look < reader->end && *look == '"') {
        reader->at = look;
        reader_read_quoted(reader);
    }
    while (!reader_at_line_end(reader) && !reader_at_separator(reader))
        reader_keep(reader);
}

/* False: the row ends with the cell just read. */
static bool reader_next_cell(struct reader *reader)
{
    if (!reader_at_line_end(reader)) {
        reader->at += reader->separator_size;
        return true;
    }
    if (reader->at == reader->end)
        return false;
    bool carriage = *reader->at++ == '\r';
    if (carriage && reader->at < reader->end && *reader->at == '\n')
        reader->at++;
    return false;
}

static struct reader reader_over(const char *text, size_t size,
                                 const char *separator)
{
    return (struct reader){
        .at = text,
        .end = text + size,
        .separator = separator,
        .separator_size = strlen(separator),
    };
}

/* How well a separator explains the text: rows that agree on a number of
 * columns above one, then that number. */
static size_t csv_score(const char *text, size_t size, const char *separator)
{
    size_t rows_with[SAMPLE_COLUMNS + 1] = {0};
    struct reader reader = reader_over(text, size, separator);
    for (int row = 0; row < SAMPLE_ROWS && reader.at < reader.end; row++) {
        size_t columns = 0;
        do {
            reader_read_cell(&reader);
            columns++;
        } while (reader_next_cell(&reader));
        rows_with[columns < SAMPLE_COLUMNS ? columns : SAMPLE_COLUMNS]++;
    }
    buffer_clear(&reader.cell);

    size_t best = 0;
    for (size_t columns = 2; columns <= SAMPLE_COLUMNS; columns++) {
        size_t score = rows_with[columns] * 1000 + columns;
        if (rows_with[columns] && score > best)
            best = score;
    }
    return best;
}

static const char *csv_find_separator(const char *text, size_t size)
{
    const char *found = NULL;
    size_t best = 0;
    for (size_t i = 0; i < ASCII_SEPARATORS; i++) {
        size_t score = csv_score(text, size, separators[i]);
        if (score > best) {
            best = score;
            found = separators[i];
        }
    }
    if (found)
        return found;
    const char *wide = separators[ASCII_SEPARATORS];
    return csv_score(text, size, wide) ? wide : separators[0];
}

/* Excel's own line: says the separator, is no row. Returns the step past it. */
static size_t csv_read_sep_line(const char *text, size_t size,
                                const char **separator)
{
    const char *prefix = "sep=";
    size_t at = strlen(prefix);
    bool quoted = size && text[0] == '"';
    text += quoted;
    size -= quoted;
    if (size <= at || strncasecmp(text, prefix, at) != 0)
        return 0;
    for (size_t i = 0; i < SEPARATOR_COUNT; i++) {
        size_t length = strlen(separators[i]);
        if (size - at < length || memcmp(text + at, separators[i], length))
            continue;
        at += length;
        at += quoted && at < size && text[at] == '"';
        if (at < size && text[at] != '\n' && text[at] != '\r')
            return 0;
        *separator = separators[i];
        at += at < size && text[at] == '\r';
        at += at < size && text[at] == '\n';
        return at + quoted;
    }
    return 0;
}

static bool row_is_blank(const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        if (!text_is_blank(row->cells[i]))
            return false;
    }
    return true;
}

void csv_parse(struct csv *out, const char *text, size_t size,
               struct arena *arena)
{
    *out = (struct csv){0};
    size_t skip = csv_read_sep_line(text, size, &out->separator);
    text += skip;
    size -= skip;
    if (!out->separator)
        out->separator = csv_find_separator(text, size);

    struct reader reader = reader_over(text, size, out->separator);
    for (int number = 1; reader.at < reader.end; number++) {
        struct csv_row row = {.row = number};
        do {
            reader_read_cell(&reader);
            const char **cell = ARENA_PUSH(arena, row.cells, row.count);
            *cell = arena_strndup(arena, reader.cell.data, reader.cell.size);
        } while (reader_next_cell(&reader));
        if (reader.open_quote && !out->open_quote_row)
            out->open_quote_row = number;
        if (row_is_blank(&row))
            continue;
        struct csv_row *kept = ARENA_PUSH(arena, out->rows, out->count);
        *kept = row;
    }
    buffer_clear(&reader.cell);
}
