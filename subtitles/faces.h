/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Font faces as files: which characters they have and how wide a text is in
 * them, by FreeType and HarfBuzz as libass uses them. Not thread-safe. */
#ifndef REELPRESS_SUBTITLES_FACES_H
#define REELPRESS_SUBTITLES_FACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/digest.h"
#include "base/log.h"
#include "subtitles/face_table.h"

struct face_facts {
    const char *family; /* as the style names it; libass finds it by this */
    bool bold;
    const char *file;         /* path */
    int index;                /* face in a collection */
    char digest[DIGEST_TEXT]; /* of the file */
};

struct faces; /* all faces of a style: per style font a chain of faces */

/* A face as a text asks for it, and as libass looks for it. */
struct face_wish {
    const char *family; /* or another name, of a carried face */
    size_t size;        /* bytes of it */
    int weight;         /* 100–900; 400 is regular, 700 bold */
    bool italic;
};

struct faces *faces_create(void);
void faces_destroy(struct faces **faces);
/* Adds a face at the end of style font `font`'s chain. */
int faces_add(struct log *log, struct faces *faces, size_t font,
              const struct face_facts *facts);
/* When all are added: gives each face that leads no chain one of its own, with
 * the chain that it was found in behind it, for faces_chain. */
void faces_add_leads(struct faces *faces);

/* --- what a script carries ------------------------------------------------ */

/* The faces of a script that brings fonts of its own, before those of `faces`.
 * The chains of `faces` keep their numbers and end in the carried faces; what
 * those lack is taken from style font `font`'s chain. `facts` (file, digest and
 * index count), `names` and `tables` are three lists of `count`; the tables are
 * lent for the set's life. Owned by `faces`, and given again for the same
 * fonts. NULL after telling that a file can't be read. */
const struct faces *faces_carry(struct log *log, struct faces *faces,
                                size_t font, const struct face_facts *facts,
                                const struct face_names *names,
                                const struct face_table *const *tables,
                                size_t count);
/* A digest of the faces that a script brings; "" when these are a style's. */
const char *faces_carried_id(const struct faces *faces);
/* The set of that name that belongs to `faces`; NULL: there is none. */
const struct faces *faces_carried(const struct faces *faces, const char *id);
/* One of the carried faces has this name. */
bool faces_carry_name(const struct faces *faces, const char *name, size_t size);
/* How many of the files are carried; they are the first. */
size_t faces_carried_count(const struct faces *faces);

/* -------------------------------------------------------------------------- */

size_t faces_count(const struct faces *faces); /* distinct files */
/* Distinct files with their digests, for libass and for keys. */
const struct face_facts *faces_file(const struct faces *faces, size_t i);
/* Distinct file `i` as libass is to have it: of a collection only the faces
 * that were added, since libass opens all it finds, for each renderer; and its
 * character maps changed, as libass would read them in part. Mapped anew for
 * the caller, who gives it to faces_unmap when libass has its copy. NULL: there
 * is no such file or no room. */
void *faces_map(const struct faces *faces, size_t i, size_t *size);
void faces_unmap(void *bytes, size_t size);

/* The face of the chain that has the character; NULL: none has it. */
const struct face_facts *faces_for(const struct faces *faces, size_t font,
                                   uint32_t character);
/* The chain that begins with a face of this family, of this weight if there is
 * one; `otherwise` when none does. Among carried faces and those of the style
 * libass's own rule decides. */
size_t faces_chain(const struct faces *faces, const struct face_wish *wish,
                   size_t otherwise);
/* The face that leads the chain; NULL: it is empty. */
const struct face_facts *faces_lead(const struct faces *faces, size_t font);
/* The first character of `text` that no face of the chain has; 0: all are
 * there. Control characters and line ends count as there. */
uint32_t faces_missing(const struct faces *faces, size_t font,
                       const char *text);
/* Which installed family has `character` (fontconfig is asked, and kept open
 * for the next one); NULL none. In the arena. */
char *faces_suggest(struct faces *faces, uint32_t character,
                    struct arena *arena);

/* Bytes at the begin of `text` that one face draws, which goes to `*facts`:
 * the chain's first face that has the character, marks and joiners with what
 * stands before them. 0 at the end of the text. */
size_t faces_run(const struct faces *faces, size_t font, const char *text,
                 const struct face_facts **facts);

/* One line as libass sets it; pixels, y grows down from the baseline. */
struct face_line {
    double width; /* all advances, spacing after the last character too; what
                     runs from right to left stands as it is seen */
    double ascent, descent; /* libass's line box above and below the baseline */
    double ink_left, ink_top, ink_right, ink_bottom; /* all 0: no ink */
};
void faces_measure(const struct faces *faces, size_t font, double size_px,
                   double spacing_px, const char *text, struct face_line *out);
/* Where each character begins, from the line's begin: text_count(text) + 1
 * numbers, the last of them the width. A ligature's later characters begin at
 * its end. */
void faces_positions(const struct faces *faces, size_t font, double size_px,
                     double spacing_px, const char *text, double *positions);

/* The text has letters that hang together (Arabic, Devanagari and their kin):
 * spacing would tear them apart. */
bool faces_joins_letters(const char *text);
/* The text has letters that run from right to left. */
bool faces_runs_left(const char *text);

/* Width in pixels of one line at an em of `size_px`, with `spacing_px` after
 * each character, runs of fall-back faces included. */
double faces_width(const struct faces *faces, size_t font, double size_px,
                   double spacing_px, const char *text);
/* What libass must be told as Fontsize so that the em is `size_px`: libass
 * scales to the OS/2 window height, as VSFilter does. */
double faces_ass_size(const struct face_facts *facts, const struct faces *faces,
                      double size_px);

#endif
