/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A YAML document as a tree with places, over libyaml. Aliases, tags and
 * several documents in a file are refused: people fill these files in. */
#ifndef REELPRESS_BASE_YAML_H
#define REELPRESS_BASE_YAML_H

#include <stddef.h>
#include "base/arena.h"
#include "base/fault.h"

enum yaml_kind { YAML_NONE, YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    int line, column; /* from 1 */
    const char *text; /* scalar; "" for an empty value */
    const char *key;  /* in a map: this value's key; else NULL */
    int key_line, key_column;
    struct yaml_node *items; /* list or map, in the order of the file */
    size_t count;
};

/* Parses UTF-8 text. `file` is the name that faults show. Every fault is
 * FAULT_SESSION with its place (a full-width colon after a key, tabs, a key
 * given twice and broken quotes are named as such). Returns NULL after a
 * fault that leaves nothing to read; an empty file is an empty map. */
struct yaml_node *yaml_parse(struct arena *arena, struct faults *faults,
                             const char *file, const char *text, size_t size);
const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key);

/* For who expected keys and found one text: `郴州日报：web-news` alone below
 * `outlets:` is such to YAML. True when a full-width colon is to blame, which
 * then is told. */
bool yaml_tell_wide_colon(const struct yaml_node *node, struct faults *faults,
                          struct fault_place where);

#endif
