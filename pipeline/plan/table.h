/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small table of text for a terminal: columns as wide as they need to be,
 * Chinese counted as two. */
#ifndef REELPRESS_PLAN_TABLE_H
#define REELPRESS_PLAN_TABLE_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/buffer.h"

#define TABLE_COLUMNS 8
#define TABLE_WIDTH   100 /* nothing is printed wider */

struct table_row {
    const char *cells[TABLE_COLUMNS]; /* NULL from the row's end on */
    bool heading;                     /* the first cell runs over all columns */
};

struct table {
    struct arena *arena;
    /* Per column: 'l' left, 'r' right. As many columns as letters. */
    const char *form;
    int most[TABLE_COLUMNS]; /* widest, in columns; 0: as wide as it is */
    struct table_row *rows;
    size_t count;
};

/* Adds a row; cells are copied, up to the first NULL. */
void table_add(struct table *table, const char *const cells[TABLE_COLUMNS]);
#define TABLE_ADD(table, ...)                                                  \
    table_add((table), (const char *const[TABLE_COLUMNS]){__VA_ARGS__})
void table_heading(struct table *table, const char *text);
void table_print(const struct table *table, struct buffer *out, int indent);

/* `text` in at most `columns`, with "…" at the end when it was longer. */
char *table_clip(struct arena *arena, const char *text, int columns);
/* Prints a text broken over lines of TABLE_WIDTH: `lead` before the first,
 * blanks as wide before the others. */
void table_wrap(struct buffer *out, const char *lead, const char *text);

#endif
