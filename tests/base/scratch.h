/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A temporary folder per test, as cmocka's set-up and tear-down; the test's
 * state is a struct scratch. */
#ifndef REELPRESS_TESTS_BASE_SCRATCH_H
#define REELPRESS_TESTS_BASE_SCRATCH_H

#include <stdlib.h>

#include "base/arena.h"
#include "base/files.h"

struct scratch {
    struct arena *arena;
    char folder[64];
};

static inline int scratch_create(void **state)
{
    struct scratch *scratch = calloc(1, sizeof(*scratch));
    if (!scratch)
        return -1;
    *scratch = (struct scratch){.folder = "/tmp/reelpress-test-XXXXXX"};
    scratch->arena = arena_create();
    *state = scratch;
    return mkdtemp(scratch->folder) ? 0 : -1;
}

static inline int scratch_destroy(void **state)
{
    struct scratch *scratch = *state;
    int ret = files_remove_tree(NULL, scratch->folder);
    arena_destroy(&scratch->arena);
    free(scratch);
    return ret;
}

static inline char *scratch_path(struct scratch *scratch, const char *name)
{
    return files_join(scratch->arena, scratch->folder, name);
}

#endif
