/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spreadsheet text as rows of cells: quoting after RFC 4180, the separator
 * found by what makes columns. It knows no meaning of any cell. */
#ifndef REELPRESS_BASE_CSV_H
#define REELPRESS_BASE_CSV_H

#include <stddef.h>
#include "base/arena.h"

struct csv_row {
    int row; /* as a spreadsheet counts: a quoted line break starts no row,
                an empty line is one, Excel's "sep=" line is none */
    const char **cells; /* never NULL; as written, blanks included */
    size_t count;
};

struct csv {
    struct csv_row *rows; /* those that hold more than blanks */
    size_t count;
    const char *separator; /* "," ";" "\t" or "，"; static */
    int open_quote_row;    /* a quoted cell begun here never ends; 0: none */
};

/* Reads UTF-8 text whose lines end in LF, CR LF or CR. The separator is what a
 * first line "sep=;" says, else the one of , ; and tab that gives most rows
 * the same number of columns; a full-width ，only if none of them gives two.
 * Nothing fails: a quote that never closes is told by open_quote_row, and its
 * cell then holds the rest of the text. Memory of the arena. */
void csv_parse(struct csv *out, const char *text, size_t size,
               struct arena *arena);

#endif
