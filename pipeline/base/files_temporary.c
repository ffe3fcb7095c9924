/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what a file is called until it is whole, and the clearing away of those
 * whose writer was killed. */
#include "base/files.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/process.h"

#define ENDING ".tmp"
/* Of 255 bytes: the rest is the number and the ending. */
#define NAME_MOST 200

char *files_temporary(struct arena *arena, const char *path)
{
    const char *name = files_name(path);
    size_t length = strlen(name);
    if (length > NAME_MOST) {
        length = NAME_MOST;
        while (length && (name[length] & 0xc0) == 0x80)
            length--;
    }
    return arena_printf(arena, "%.*s.%.*s.%ld" ENDING, (int)(name - path), path,
                        (int)length, name, (long)getpid());
}

/* libzip writes beside its target with six characters of its own behind. */
static size_t temporary_length(const char *name)
{
    const char *ending = strstr(name, ENDING ".");
    size_t length = strlen(name);
    if (ending && strlen(ending) == strlen(ENDING) + 7)
        return length - 7;
    return length;
}

/* The process that a temporary's name bears; 0 for any other name. */
static long temporary_writer(const char *name)
{
    size_t length = temporary_length(name), ending = strlen(ENDING);
    if (*name != '.' || length < ending + 3 ||
        strncmp(name + length - ending, ENDING, ending) != 0)
        return 0;
    const char *digits = name + length - ending;
    while (isdigit((unsigned char)digits[-1]))
        digits--;
    return digits > name + 1 && digits[-1] == '.' ? strtol(digits, NULL, 10)
                                                  : 0;
}

void files_sweep(const char *folder)
{
    DIR *list = opendir(folder);
    if (!list)
        return;
    for (struct dirent *entry; (entry = readdir(list));) {
        if (process_is_gone(temporary_writer(entry->d_name)))
            unlinkat(dirfd(list), entry->d_name, 0);
    }
    closedir(list);
}
