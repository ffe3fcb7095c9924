/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a foreign font's face is called and how wide its letters are, as plain
 * numbers. A font that came with a recording or a script is parsed only in
 * workers: they make these of it, and main, which lays text out, reads nothing
 * else. What numbers can't say, the joining of Arabic letters say, is lost
 * there and costs a line that is measured too wide; what is drawn is libass's.
 *
 *   worker   font file ─▶ face_names_read ─▶ names (as JSON, ingest's)
 *            font file ─▶ face_table_make ─▶ face_table_save ─▶ table file
 *   main                          table file ─▶ face_table_load */
#ifndef REELPRESS_SUBTITLES_FACE_TABLE_H
#define REELPRESS_SUBTITLES_FACE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/log.h"

#define FACE_FACES_MOST 32  /* faces of one file */
#define FACE_NAMES_MOST 100 /* of each kind, as libass has it */

/* What libass (0.17, ass_fontselect.c) compares: the family and full names of
 * the name table's Microsoft records, in all their languages. */
struct face_names {
    int index; /* in the file */
    const char **families, **full_names;
    size_t family_count, full_name_count;
    const char *postscript; /* NULL: none */
    bool is_postscript;     /* its outlines: then the full names don't count */
    int weight;             /* 100–900 */
    int slant;              /* 0, or 110: italic */
};

/* Font units; y grows up. */
struct face_letter {
    uint32_t character;
    int32_t advance;
    int32_t left, bottom, right, top; /* of the ink; all 0: none */
};

/* By how much two letters stand closer (negative) or wider than their advances
 * say. */
struct face_pair {
    uint32_t before, after;
    int32_t by;
};

struct face_table {
    int units;                   /* of the em */
    int ascender, descender;     /* as libass has them; descender counts down */
    struct face_letter box;      /* what is drawn for characters it lacks */
    struct face_letter *letters; /* only those that can be drawn; rising */
    size_t letter_count;
    struct face_pair *pairs; /* rising */
    size_t pair_count;
};

/* --- in workers: font bytes are parsed ------------------------------------ */

/* The names of all faces of a file's bytes that have one. A font that can't be
 * used for drawing is an error, told as a phrase such as "it is damaged". */
int face_names_read(struct log *log, const void *bytes, size_t size,
                    struct arena *arena, struct face_names **list,
                    size_t *count);
/* The table of one face; letters whose outlines are damaged are left out. */
int face_table_make(struct log *log, const void *bytes, size_t size, int index,
                    struct arena *arena, struct face_table **out);
int face_table_save(struct log *log, const char *path, const char *font,
                    const struct face_table *table);

/* --- in main -------------------------------------------------------------- */

/* Reads what face_table_save wrote for the font of digest `font`; NULL for
 * what is missing, damaged, of another version or another font. */
struct face_table *face_table_load(const char *path, const char *font,
                                   struct arena *arena);
/* NULL: the face lacks the character. */
const struct face_letter *face_table_find(const struct face_table *table,
                                          uint32_t character);
/* 0: no such pair. */
int32_t face_table_pair(const struct face_table *table, uint32_t before,
                        uint32_t after);

/* A script's name for a font names this face, by family or otherwise. */
enum face_match { FACE_NO_MATCH, FACE_FAMILY, FACE_ITSELF };
enum face_match face_names_match(const struct face_names *names,
                                 const char *name, size_t size);

#endif
