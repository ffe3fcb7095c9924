/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What yaml.c, which reads, and yaml_faults.c, which explains, know of one
 * another. For yaml*.c. */
#ifndef REELPRESS_BASE_YAML_PARTS_H
#define REELPRESS_BASE_YAML_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>
#include "base/arena.h"
#include "base/fault.h"

#define WIDE_COLON "：" /* as Chinese is typed */

struct yaml_reader {
    yaml_parser_t parser;
    struct arena *arena;
    struct faults *faults;
    const char *file;
    const char *text; /* lent, or of the arena once it was mended */
    size_t size;
    bool is_broken;          /* nothing more can be read */
    struct fault_place wide; /* full-width colon that broke it; row 0: none */
};

/* Line and column counted from 1; 0: of the whole file, or line. */
struct fault_place yaml_place(const struct yaml_reader *reader, int line,
                              int column);
struct fault_place yaml_place_of(const struct yaml_reader *reader,
                                 const yaml_mark_t *mark);

/* Tells why the parser can't go on, and that nothing more can be read; of a
 * full-width colon it only sets `wide`. */
void yaml_fault_syntax(struct yaml_reader *reader);
/* Whether a full-width colon after a key on this line or shortly above it is to
 * blame; then `wide` is its place. */
bool yaml_explain_wide_colon(struct yaml_reader *reader, int line);
void yaml_fault_wide_colon(struct faults *faults, struct fault_place where);
/* Puts an ordinary one for the colon at `wide`, so that all places stay. */
void yaml_mend_wide_colon(struct yaml_reader *reader);

#endif
