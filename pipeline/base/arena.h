/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of a document: allocated bit by bit while it is built, freed at once.
 * Allocation does not fail: a document is small, and a process that can't have
 * its kilobytes is past helping, so it ends (memory.h). Not thread-safe. */
#ifndef REELPRESS_BASE_ARENA_H
#define REELPRESS_BASE_ARENA_H

#include <stddef.h>
#include <stdarg.h>

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena **arena); /* accepts NULL, sets it to NULL */

void *arena_alloc(struct arena *arena, size_t size); /* zeroed, 16-aligned */
char *arena_strdup(struct arena *arena, const char *text); /* NULL gives NULL */
char *arena_strndup(struct arena *arena, const char *text, size_t bytes);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args);

/* Room for one more element at the end of an array that lives in the arena:
 * grows `*array` (doubling; the old block stays until the arena goes), counts
 * `*count` up and returns the zeroed new element. */
void *arena_push(struct arena *arena, void *array, size_t *count, size_t size);
#define ARENA_PUSH(arena, array, count)                                        \
    arena_push((arena), &(array), &(count), sizeof(*(array)))

#endif
