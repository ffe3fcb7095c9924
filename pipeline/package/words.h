/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of what is delivered. They follow the session's language, not the
 * locale of who runs the program: the same inputs give the same bytes. */
#ifndef REELPRESS_PACKAGE_WORDS_H
#define REELPRESS_PACKAGE_WORDS_H

#include "ingest/session.h"

enum word {
    WORD_NONE,
    WORD_NOTES_FILE, /* 说明.txt */
    WORD_COVER,      /* 封面, in file names */
    WORD_CHOOSE,
    WORD_POOR_COVER,
    WORD_UNLETTERED,
    WORD_CHOICE, /* 候选, in file names */
    WORD_EDITED, /* 改动, in file names */
    WORD_SUMMARY,
    WORD_WHAT,
    WORD_WHO,
    WORD_WHEN,
    WORD_WHERE,
    WORD_ORGANIZER,
    WORD_CLIPS,
    WORD_FILE,
    WORD_LENGTH,
    WORD_FRAME,
    WORD_PEOPLE,
    WORD_SHOT_LIST,
    WORD_TEXT,
    WORD_TEXT_ESTIMATED,
    WORD_CREDIT,
    WORD_COPYRIGHT,
    WORD_CONTACT,
    WORD_LOUDNESS,
    WORD_TRUE_PEAK,
    WORD_PICTURES,
    WORD_SIZE,
    WORD_CHECKED,
    WORD_FAILED,
    WORD_NOT_MADE,
    WORD_POSTERS,
    WORD_PACKAGES,
    WORD_INCOMPLETE,
    WORD_SECONDS,
    WORD_PHOTO,
    WORD_NOTE,
    WORD_SUMS,
    WORD_SUMS_HOW,
    WORD_CHECKS,
    WORD_CLIP,
    WORD_OUTLET,
    WORD_RATE,
    WORD_SILENT,
    WORD_ZIP,
    WORD_FOLDER,
    WORD_PREVIEW,
    WORD_COUNT,
};

/* Static text in the session's language: Chinese for zh…, else English. */
const char *word(const struct session *session, enum word word);

#endif
