/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the preview page is built from: its fixed style and script. */
#ifndef REELPRESS_PACKAGE_PAGE_PARTS_H
#define REELPRESS_PACKAGE_PAGE_PARTS_H

#include "base/buffer.h"

extern const char *const page_style; /* CSS: light, dark, print */
/* Puts the captions that the page carries into its players: a <track> is not
 * read from file: addresses. */
extern const char *const page_script;

void page_text(struct buffer *out, const char *text);    /* escaped for HTML */
void page_address(struct buffer *out, const char *path); /* percent-encoded */

#endif
