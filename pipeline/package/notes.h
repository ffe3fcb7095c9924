/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts of an outlet's folder: 说明.txt for the desk that reads, and
 * data/metadata.json (IPTC ninjs 3.1) for the system that takes it in. */
#ifndef REELPRESS_PACKAGE_NOTES_H
#define REELPRESS_PACKAGE_NOTES_H

#include <jansson.h>
#include "base/buffer.h"
#include "package/package.h"

/* UTF-8 with BOM and CRLF, so that the oldest Notepad shows it. */
void notes_print(const struct plan *plan, const struct package *package,
                 const struct results *results, struct buffer *out);
/* A composite item with one association per film and cover that is ready; a new
 * reference. */
json_t *notes_metadata(const struct plan *plan, const struct package *package,
                       const struct results *results);

/* The contact sheet's name inside an outlet's folder: data/01-标题-候选.jpg. */
const char *notes_sheet_name(const struct plan *plan, const struct clip *clip,
                             struct arena *arena);

/* "0:32.5": a length for people, from ticks. In `buffer`. */
const char *notes_length(const struct rendition *rendition, char buffer[40]);

#endif
