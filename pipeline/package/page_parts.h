/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the preview page's files share: the page under way, its fixed style and
 * script, and its escapes. Nobody else sees it. */
#ifndef REELPRESS_PACKAGE_PAGE_PARTS_H
#define REELPRESS_PACKAGE_PAGE_PARTS_H

#include "base/buffer.h"
#include "package/package.h"
#include "package/words.h"

struct page {
    struct buffer *out;
    struct arena *arena;
    const struct plan *plan;
    const struct results *results;
    const char *folder; /* where the page and all that it shows lies */
    int cue_lists;      /* numbered as they are written */
};

/* Between facts of one line, in thin spaces: in Chinese faces the dot itself is
 * as wide as a character, in others narrow. */
#define PAGE_DOT "\u2009·\u2009"

extern const char *const page_style; /* CSS: light, dark, print */
/* Puts the captions that the page carries into its players, since a <track> is
 * not read from file: addresses; and hides their controls, which would lie over
 * the cover's letters, behind a button until they play. */
extern const char *const page_script;

void page_text(struct buffer *out, const char *text);    /* escaped for HTML */
void page_address(struct buffer *out, const char *path); /* percent-encoded */

void page_size(struct buffer *out, int64_t bytes); /* "12.3 MB" */

const char *page_word(const struct page *page, enum word which);
void page_clip(struct page *page, const struct clip *clip);

#endif
