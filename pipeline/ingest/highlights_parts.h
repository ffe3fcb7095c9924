/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the highlights list share: columns by name, cells by
 * kind, times by what the recording allows. Nobody else includes this. */
#ifndef REELPRESS_INGEST_HIGHLIGHTS_PARTS_H
#define REELPRESS_INGEST_HIGHLIGHTS_PARTS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/csv.h"
#include "base/fault.h"
#include "ingest/highlights.h"

/* --- highlights_columns.c ------------------------------------------------ */

/* The column that a heading names, in English or Chinese, in any case and
 * width, with blanks and a remark in brackets; COLUMN_NONE: none. */
enum highlight_column column_find(const char *heading, struct arena *arena);
/* The column that was probably meant; `*name` becomes its usual spelling. */
enum highlight_column column_nearest(const char *heading, const char **name,
                                     struct arena *arena);
const char *column_name(enum highlight_column column); /* "start" */

/* Finds the heading row among the first rows and fills columns and headings;
 * its index in csv->rows, or -1 after a FAULT_SESSION. */
int columns_read(struct highlights *list, const struct csv *csv,
                 const char *file, struct arena *arena, struct faults *faults);

/* --- highlights_cells.c -------------------------------------------------- */

/* One cell of a row, with all that a fault about it says. */
struct cell {
    struct arena *arena;
    struct faults *faults;
    struct fault_place place;
    const char *name; /* "开始 (C7)": heading and cell as spreadsheets do */
    const char *text; /* trimmed, not empty; as written */
};

struct cell cell_of(const struct highlights *list, const struct highlight *row,
                    enum highlight_column column, struct arena *arena,
                    struct faults *faults);
/* Each reads its cell into the row, or adds a FAULT_ROW. */
void cell_read_time(const struct cell *cell, struct timecode *out);
void cell_read_poster(const struct cell *cell, struct highlight *row);
void cell_read_transition(const struct cell *cell, struct highlight *row);
void cell_read_crop(const struct cell *cell, struct highlight *row);
void cell_read_speakers(const struct cell *cell, struct highlight *row);
/* The value that groups rows, "1.0" as "1"; NULL for `own`. */
const char *cell_clip(const struct cell *cell);

/* --- highlights_times.c -------------------------------------------------- */

/* What a cell's time means on a recording's clock. False after a FAULT_ROW:
 * it lies outside, or it can be read in two ways. `slack` flicks beyond the
 * recording's end still count as inside. */
bool time_read(const struct cell *cell, const struct timecode *time,
               const struct recording *recording, int64_t slack,
               int64_t *flicks);
/* A duration; `rest` is what remains of the recording, FLICKS_NONE: no end. */
bool time_read_length(const struct cell *cell, const struct timecode *time,
                      const struct recording *recording, int64_t rest,
                      int64_t *flicks);
/* How long one frame is; 1/25 s without a picture. */
int64_t time_frame(const struct recording *recording);

#endif
