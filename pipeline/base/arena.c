/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the blocks of a document's memory: a chain of zeroed runs, filled from
 * the front, freed together. Knows nothing of what lies in them. */
#include "base/arena.h"

#include "base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_ROOM 32768
#define ALIGNMENT  16

struct block {
    struct block *next;
    size_t used, room;
    alignas(ALIGNMENT) unsigned char bytes[];
};

struct arena {
    struct block *blocks; /* the one being filled first */
};

static void *take_zeroed(size_t size)
{
    void *memory = calloc(1, size);
    if (!memory)
        memory_gone();
    return memory;
}

struct arena *arena_create(void)
{
    return take_zeroed(sizeof(struct arena));
}

void arena_destroy(struct arena **arena)
{
    if (!arena || !*arena)
        return;
    for (struct block *block = (*arena)->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(*arena);
    *arena = NULL;
}

static struct block *block_add(struct arena *arena, size_t size)
{
    size_t room = size > BLOCK_ROOM / 4 ? size : BLOCK_ROOM;
    struct block *block = take_zeroed(sizeof(*block) + room);
    block->room = room;
    /* A block of its own goes behind, so that the open one stays in use. */
    if (arena->blocks && room == size) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        abort();
    size = size ? (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1) : ALIGNMENT;
    struct block *block = arena->blocks;
    if (!block || block->room - block->used < size)
        block = block_add(arena, size);
    void *memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

char *arena_strndup(struct arena *arena, const char *text, size_t bytes)
{
    char *copy = arena_alloc(arena, bytes + 1);
    if (bytes)
        memcpy(copy, text, bytes);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        abort();
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

/* The room is not kept: an array that grows here always has the next power of
 * two, so it is full exactly when its count is one. */
void *arena_push(struct arena *arena, void *array, size_t *count, size_t size)
{
    /* Through memcpy, as `array` points to a pointer of another type. */
    unsigned char *items;
    memcpy(&items, array, sizeof(items));
    if ((*count & (*count - 1)) == 0) {
        size_t room = *count ? *count * 2 : 1;
        if (room > SIZE_MAX / 2 / size)
            abort();
        unsigned char *grown = arena_alloc(arena, room * size);
        if (*count)
            memcpy(grown, items, *count * size);
        items = grown;
        memcpy(array, &items, sizeof(items));
    }
    return items + (*count)++ * size;
}
