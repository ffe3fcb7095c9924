/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing run of bytes, always followed by a zero byte, so that it serves as
 * a string too. Growing does not fail (see arena.h). Starts as {0}. */
#ifndef REELPRESS_BASE_BUFFER_H
#define REELPRESS_BASE_BUFFER_H

#include <stddef.h>
#include <stdarg.h>

struct buffer {
    char *data;  /* owned; NULL while nothing was added */
    size_t size; /* bytes in use, without the closing zero */
    size_t room;
};

void buffer_clear(struct buffer *buffer); /* frees; {0} again */
void buffer_reset(struct buffer *buffer); /* size 0, keeps the memory */
void buffer_append(struct buffer *buffer, const void *bytes, size_t size);
void buffer_puts(struct buffer *buffer, const char *text);
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *buffer_text(const struct buffer *buffer); /* "" when empty */

#endif
