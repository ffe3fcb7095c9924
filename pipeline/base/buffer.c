/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the growing of a run of bytes and its closing zero. Knows nothing of
 * what the bytes mean. */
#include "base/buffer.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buffer_clear(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

void buffer_reset(struct buffer *buffer)
{
    buffer->size = 0;
    if (buffer->data)
        buffer->data[0] = '\0';
}

static void reserve(struct buffer *buffer, size_t more)
{
    if (more > SIZE_MAX / 4 - buffer->size)
        abort();
    size_t needed = buffer->size + more + 1;
    if (needed <= buffer->room)
        return;
    size_t room = buffer->room ? buffer->room * 2 : 64;
    if (room < needed)
        room = needed;
    char *data = realloc(buffer->data, room);
    if (!data)
        memory_gone();
    buffer->data = data;
    buffer->room = room;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t size)
{
    reserve(buffer, size);
    if (size)
        memcpy(buffer->data + buffer->size, bytes, size);
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
}

void buffer_puts(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        abort();
    reserve(buffer, (size_t)length);
    va_start(args, format);
    vsnprintf(buffer->data + buffer->size, (size_t)length + 1, format, args);
    va_end(args);
    buffer->size += (size_t)length;
}

const char *buffer_text(const struct buffer *buffer)
{
    return buffer->data ? buffer->data : "";
}
