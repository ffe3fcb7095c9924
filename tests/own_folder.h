/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A temporary folder that a test program has to itself: made by its group's
 * set-up, removed with all that lies in it by its tear-down. */
#ifndef REELPRESS_TESTS_OWN_FOLDER_H
#define REELPRESS_TESTS_OWN_FOLDER_H

#include <stdlib.h>
#include <string.h>

#include "base/files.h"

static char *folder;

static inline int own_folder_make(void **state)
{
    (void)state;
    folder = strdup("/tmp/reelpress-test-XXXXXX");
    return folder && mkdtemp(folder) ? 0 : -1;
}

static inline int own_folder_remove(void **state)
{
    (void)state;
    int ret = files_remove_tree(NULL, folder);
    free(folder);
    folder = NULL;
    return ret;
}

#endif
