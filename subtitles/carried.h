/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that an ASS or SSA script carries in itself, as text of 64 printable
 * characters: fonts in its section [Fonts], which are decoded here, and
 * pictures in [Graphics], which nobody draws. What the bytes of a font are is
 * not known here. */
#ifndef REELPRESS_SUBTITLES_CARRIED_H
#define REELPRESS_SUBTITLES_CARRIED_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buffer.h"

/* Of one script or recording; beyond these a font is left out, and told. Sets
 * of Chinese fonts with all their characters come to some 200 MB. */
#define CARRIED_FONTS_MOST 128
#define CARRIED_BYTES_MOST ((size_t)64 << 20) /* of one font */
#define CARRIED_TOTAL_MOST ((size_t)256 << 20)

/* Appends the script to `out` without what it carries; line ends stay, so that
 * lines keep their numbers. False, with nothing appended, when it carries
 * nothing. Any encoding will do in which ASCII is ASCII. `fonts` (NULL: not
 * asked) says whether fonts are among it. */
bool carried_strip(const char *script, size_t size, struct buffer *out,
                   bool *fonts);

/* Takes one font: its name as the script has it, in UTF-8 or not, and its
 * bytes, lent for the call. `bytes` is NULL for one of more than
 * CARRIED_BYTES_MOST. A negative return ends the reading. */
typedef int carried_take(void *opaque, const char *name, const void *bytes,
                         size_t size);

/* Decodes all fonts of a script, in its order. Lines that can't be font data
 * are passed over. 0, or what `take` returned. */
int carried_read(const char *script, carried_take *take, void *opaque);

#endif
