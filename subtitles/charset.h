/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of a text file to UTF-8: BOM, then strict UTF-8, then UTF-16 by its
 * zero bytes, then GB18030 or Big5 by what the text would be, over iconv, with
 * uchardet as a second opinion only (it takes GB text for UTF-16 now and then:
 * pannal/Sub-Zero.bundle#646). */
#ifndef REELPRESS_SUBTITLES_CHARSET_H
#define REELPRESS_SUBTITLES_CHARSET_H

#include <stddef.h>
#include "base/buffer.h"

/* Converts to UTF-8 without BOM, line ends to LF. `*name` is the encoding that
 * was found ("UTF-8", "UTF-16LE", "GB18030", "Big5", "Windows-1252"), static.
 * `wanted` overrides the detection; NULL detects. 0, or AVERROR(EILSEQ) when
 * the bytes are no text in any of them. */
int charset_decode(const char *bytes, size_t size, const char *wanted,
                   struct buffer *out, const char **name);

#endif
