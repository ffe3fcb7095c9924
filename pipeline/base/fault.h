/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with the user's input, collected so that all is told at once:
 * place, sentence, and whether the rest can be made without it. */
#ifndef REELPRESS_BASE_FAULT_H
#define REELPRESS_BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_WARNING, /* told, nothing is held back */
    FAULT_ROW,     /* the clip that this row belongs to can't be made */
    FAULT_SESSION, /* nothing of the session can be made */
};

struct fault {
    enum fault_kind kind;
    const char *file;    /* as the user knows it, relative to the session */
    int row;             /* spreadsheet or YAML line, from 1; 0 unknown */
    int column;          /* YAML column from 1, or the cell's; 0 unknown */
    const char *field;   /* the column's heading or the key; NULL none */
    const char *message; /* "file:row: cause; remedy": one whole sentence */
};

struct faults {
    struct arena *arena; /* lent */
    struct fault *list;  /* in the order they were found, until sorted */
    size_t count;
};

/* Where a fault lies; file is copied. */
struct fault_place {
    const char *file;
    int row;
    int column;
    const char *field;
    bool in_text;     /* column counts a line's characters, and is told */
    const char *cell; /* "结束 (C7)", told before the sentence; NULL: not */
};

/* The message is given "file:row: " in front when the place has them,
 * "file:row:column: " in a text file, and then "cell: ". */
void fault_add(struct faults *faults, enum fault_kind kind,
               struct fault_place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Into the order in which a user goes through the files: each file where it
 * was first found fault with, in it by row and column; what has no row comes
 * before, what has no file is together too. Else the order stays. */
void faults_sort(struct faults *faults);

bool faults_block(const struct faults *faults); /* any FAULT_SESSION */
bool faults_hit_row(const struct faults *faults, const char *file, int row);
size_t faults_count(const struct faults *faults, bool with_warnings);

#endif
