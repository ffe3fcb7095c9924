/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key's components by name, so that a run can say why something is made
 * again. Each is a short sum over what of that kind went into the key; equal
 * sums mean "not changed". Sums only explain: no byte and no decision about
 * making hangs on them. */
#ifndef REELPRESS_PLAN_PARTS_H
#define REELPRESS_PLAN_PARTS_H

#include <stdint.h>
#include "subtitles/script.h"

enum key_part {
    PART_PROGRAM, /* our maker and the libraries that make bytes */
    PART_PRESET,  /* the preset's figures */
    PART_SOURCE,  /* pictures: packets, and how they are to be read */
    PART_TIMES,   /* which source, from when to when */
    PART_CROP,
    PART_TRANSITION,
    PART_CAPTIONS, /* a recording's own script too */
    PART_TITLE,
    PART_STRAPS,
    PART_QUOTES,
    PART_CARD,
    PART_STYLE, /* how texts look: styles, plates, faces */
    PART_LOGO,
    PART_SOUND, /* the source's */
    PART_MUSIC,
    PART_DETAILS, /* the session's: series, place, credit, … */
    KEY_PARTS,
};

struct key_parts {
    uint64_t sums[KEY_PARTS]; /* 0: nothing of this kind went in */
};

/* "program", "preset", …: as files name them. */
extern const char *const key_part_names[KEY_PARTS];

/* Sums up a text as script_window writes it, by the kinds of its events. */
void parts_add_script(struct key_parts *parts, const char *text);
/* The words of a whole script by their kinds, without their times. */
void parts_add_words(struct key_parts *parts, const struct script *script);

#endif
