/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns whether a process still runs. */
#include "base/process.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/files.h"

/* As under a container's first process, which waits for nobody. */
static bool is_ended(long number)
{
    char path[64];
    struct buffer text = {0};
    bool ended = false;
    snprintf(path, sizeof(path), "/proc/%ld/stat", number);
    if (files_read(NULL, path, 4096, &text) >= 0) {
        const char *name_end = strrchr(buffer_text(&text), ')');
        ended = name_end &&
                (!strncmp(name_end, ") Z", 3) || !strncmp(name_end, ") X", 3));
    }
    buffer_clear(&text);
    return ended;
}

bool process_is_gone(long number)
{
    if (number <= 0 || number > INT_MAX)
        return false;
    if (kill((pid_t)number, 0) < 0)
        return errno == ESRCH;
    return is_ended(number);
}
