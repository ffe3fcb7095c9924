/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One table line per option: name, type, field, range or choices, default and
 * help. The table reads YAML maps into a struct, checks, prints, documents and
 * suggests; the command line uses it too. load(print(x)) == x is held by a
 * test. */
#ifndef REELPRESS_BASE_OPTION_H
#define REELPRESS_BASE_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "base/yaml.h"

enum option_type {
    OPTION_NONE,
    OPTION_BOOL,   /* bool: yes/no, true/false, 是/否 */
    OPTION_INT,    /* int64_t, between minimum and maximum */
    OPTION_REAL,   /* double: never a time */
    OPTION_TEXT,   /* const char *, NULL when unset */
    OPTION_CHOICE, /* int: index into choices */
    OPTION_COLOUR, /* uint32_t 0xRRGGBBAA, AA 255 opaque: "#rrggbb", "#rrggbbaa"
                    */
    OPTION_BITS,   /* int64_t bits or bytes: 8500k, 12M, 4G (powers of 1000) */
    OPTION_LIST,   /* struct option_list: texts; from one text it is split at
                    * commas (，、 too), unless maximum is 1: then it is one item
                    */
    OPTION_NODE,   /* const struct yaml_node *: read by the owner */
};

struct option_list {
    const char **items;
    size_t count;
};

struct option {
    const char *name;
    enum option_type type;
    size_t offset;              /* offsetof(struct thing, field) */
    double minimum, maximum;    /* INT, REAL, BITS; both 0: no bounds */
    const char *const *choices; /* CHOICE: closed by NULL */
    const char *fallback;       /* default as it would be written; NULL unset */
    const char *help;           /* English, N_() */
    char letter;                /* the command line's short form; 0 none */
    const char *value; /* the command line's name for the value; NULL: flag */
    const char *alias; /* another name, e.g. Chinese; NULL none */
};

/* Sets every field of `object` to its default; memory of the arena. */
void option_defaults(const struct option *table, size_t count, void *object,
                     struct arena *arena);
/* Reads one value as written. The reason for a refusal goes to `why` as a
 * translated phrase (may be NULL); 0 or AVERROR(EINVAL). A LIST is added to,
 * so that the command line's option may be repeated; an empty TEXT is unset. */
int option_set(const struct option *option, void *object, const char *text,
               struct arena *arena, struct buffer *why);
/* Reads a YAML map; unknown keys and bad values become FAULT_SESSION faults
 * with line, column and "did you mean". Keys in `skip` (closed by NULL, may be
 * NULL) belong to others. */
void option_load(const struct option *table, size_t count, void *object,
                 const struct yaml_node *map, const char *file,
                 const char *const *skip, struct arena *arena,
                 struct faults *faults);
/* Prints the object as YAML, one "name: value" line each, unset ones left
 * out, in table order. NODE options are left out. */
void option_print(const struct option *table, size_t count, const void *object,
                  struct buffer *out);

#endif
