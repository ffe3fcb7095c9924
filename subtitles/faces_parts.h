/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What faces.c and faces_shape.c share, and nobody else sees. */
#ifndef REELPRESS_SUBTITLES_FACES_PARTS_H
#define REELPRESS_SUBTITLES_FACES_PARTS_H

#include <hb.h>

#include "subtitles/faces.h"

struct FT_FaceRec_;

struct face {
    struct face_facts facts;
    hb_font_t *font;                /* owned; scaled to font units */
    int ascender, descender, units; /* font units; descender counts down */
    /* Of a carried face; NULL: one of the style's. */
    const struct face_table *table; /* all that `font` knows */
    const struct face_names *names;
};

struct face_file {
    struct face_facts facts; /* of the first face that came from it */
    int file;                /* open: the file that was chosen, even when
                                another has its name by now */
    void *bytes;             /* mapped, read-only */
    size_t size;
};

struct face_chain {
    struct face **list; /* the style's own face first */
    size_t count;
};

struct faces {
    struct arena *arena; /* owned; this struct lies in it */
    struct face_file *files;
    size_t file_count;
    struct face_chain *chains; /* by style font */
    size_t chain_count;
    struct _FcConfig *installed; /* owned; NULL until it is asked */
    /* Of a set that a script carries; 0 and NULL: of the style. */
    const struct faces *base;
    size_t first_carried, carried_count; /* chains that carried faces lead */
    char id[DIGEST_TEXT];
    struct faces **sets; /* owned: what scripts carry */
    size_t set_count;
};

/* Opens and maps a file, once; its place goes to `*index`. */
int faces_open_file(struct log *log, struct faces *faces,
                    const struct face_facts *facts, size_t *index);
/* Puts a face at the end of style font `font`'s chain. */
void faces_put(struct faces *faces, size_t font, struct face *face);
/* The same for one that is in a chain already. */
void faces_share(struct faces *faces, size_t font, struct face *face);
/* Em and height as libass has them (ass_font.c of 0.17). */
void face_read_height(struct FT_FaceRec_ *ft, int *units, int *ascender,
                      int *descender);
/* A font that knows the table and nothing else. */
hb_font_t *face_table_font(const struct face_table *table);

/* The first face of the chain that has the character; NULL: none. */
const struct face *faces_pick(const struct faces *faces, size_t font,
                              uint32_t character);
/* Makes all characters of a font file in memory known to libass. */
void faces_widen_cmap(void *bytes, size_t size);
/* Leaves of a collection in memory only the faces with these rising indices. */
void faces_trim_collection(void *bytes, size_t size, const int *indices,
                           size_t count);
/* Characters that draw nothing of their own and stay with what is before. */
bool face_is_silent(uint32_t character);

#endif
