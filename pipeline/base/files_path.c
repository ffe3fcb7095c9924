/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns names: their parts, what lies in a folder, and whether a name that a
 * user wrote stays inside the folders that it may name. Knows nothing of the
 * bytes in the files; those are files.c's. */
#include "base/files.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

bool files_exist(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

bool files_is_regular(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool files_is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

int64_t files_size(const char *path)
{
    struct stat status;
    return stat(path, &status) < 0 ? -1 : (int64_t)status.st_size;
}

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int files_stamp(const char *path, struct file_stamp *out)
{
    struct stat status;
    if (stat(path, &status) < 0)
        return AVERROR(errno);
    *out = (struct file_stamp){
        .device = (uint64_t)status.st_dev,
        .inode = (uint64_t)status.st_ino,
        .size = (uint64_t)status.st_size,
        .mtime_ns = nanoseconds(status.st_mtim),
        .ctime_ns = nanoseconds(status.st_ctim),
    };
    return 0;
}

/* Not strcoll: the order must not depend on the locale. */
static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_names(const char *folder, struct arena *arena, char ***names,
                      size_t *count)
{
    DIR *stream = opendir(folder);
    if (!stream)
        return AVERROR(errno);
    struct dirent *entry;
    while ((errno = 0, entry = readdir(stream))) {
        if (entry->d_name[0] != '.')
            *(char **)arena_push(arena, names, count, sizeof(**names)) =
                arena_strdup(arena, entry->d_name);
    }
    int ret = AVERROR(errno);
    closedir(stream);
    return ret;
}

int files_list(struct log *log, const char *folder, struct arena *arena,
               char ***names, size_t *count)
{
    *names = NULL;
    *count = 0;
    int ret = list_names(folder, arena, names, count);
    if (ret < 0)
        return log_fail(log, ret,
                        _("%s: the folder can't be read (%s); check that it "
                          "is there and may be read"),
                        folder, LOG_REASON(ret));
    if (*count)
        qsort(*names, *count, sizeof(**names), compare_names);
    return 0;
}

char *files_join(struct arena *arena, const char *folder, const char *name)
{
    if (name[0] == '/' || !folder || !folder[0])
        return arena_strdup(arena, name);
    size_t length = strlen(folder);
    const char *slash = folder[length - 1] == '/' ? "" : "/";
    return arena_printf(arena, "%s%s%s", folder, slash, name);
}

const char *files_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *files_real(struct arena *arena, const char *folder)
{
    char *head = arena_strdup(arena, folder);
    const char *tail = "";
    char *real;
    while (!(real = realpath(*head ? head : "/", NULL))) {
        char *slash = strrchr(head, '/');
        tail = arena_printf(arena, "/%s%s", slash ? slash + 1 : head, tail);
        if (!slash)
            head = arena_strdup(arena, ".");
        else
            *slash = '\0';
    }
    const char *name =
        arena_printf(arena, "%s%s", strcmp(real, "/") ? real : "", tail);
    free(real);
    return name;
}

bool files_is_of_desktop(const char *path)
{
    const char *name = files_name(path);
    return !strcasecmp(name, "Thumbs.db") || !strcasecmp(name, "desktop.ini") ||
           !strncmp(name, "~$", 2);
}

/* The dot before the ending; a name's first character is none (".hidden"). */
static const char *ending_dot(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? dot : NULL;
}

char *files_stem(struct arena *arena, const char *path)
{
    const char *name = files_name(path), *dot = ending_dot(name);
    return arena_strndup(arena, name,
                         dot ? (size_t)(dot - name) : strlen(name));
}

const char *files_ending(const char *path)
{
    const char *dot = ending_dot(files_name(path));
    return dot ? dot + 1 : "";
}

bool files_has_ending(const char *path, const char *const *endings)
{
    const char *ending = files_ending(path);
    char shown[16];
    size_t size = strlen(ending);
    /* Blanks behind it nobody sees. */
    while (size && ending[size - 1] == ' ')
        size--;
    if (size >= sizeof(shown))
        return false;
    memcpy(shown, ending, size);
    shown[size] = '\0';
    for (; *endings; endings++) {
        if (text_equal_fold(shown, *endings + (**endings == '.')))
            return true;
    }
    return false;
}

/* Calls for each part of a path between slashes; "." is passed over. */
static bool next_part(const char **at, const char **part, size_t *length)
{
    do {
        *at += strspn(*at, "/");
        *part = *at;
        *length = strcspn(*at, "/");
        *at += *length;
    } while (*length == 1 && **part == '.');
    return *length > 0;
}

static bool climbs(const char *name)
{
    const char *part;
    size_t length;
    while (next_part(&name, &part, &length)) {
        if (length == 2 && part[0] == '.' && part[1] == '.')
            return true;
    }
    return false;
}

/* What of `name` lies under `folder`, part by part; NULL if it does not. */
static const char *rest_under(const char *folder, const char *name)
{
    const char *part, *other;
    size_t length, other_length;
    while (next_part(&folder, &part, &length)) {
        if (!next_part(&name, &other, &other_length) ||
            other_length != length || memcmp(part, other, length) != 0)
            return NULL;
    }
    return name;
}

/* A root may be given relative or through a link while the user wrote the
 * real path, or the other way round. */
static const char *rest_under_root(const char *root, const char *name)
{
    const char *rest = root[0] == '/' ? rest_under(root, name) : NULL;
    char *real = rest ? NULL : realpath(root, NULL);
    if (real)
        rest = rest_under(real, name);
    free(real);
    return rest;
}

/* The entry of `folder` whose name is `part` but for composition, or NULL. */
static const char *find_composed(const char *folder, const char *part,
                                 struct arena *arena)
{
    char **names = NULL;
    size_t count = 0;
    if (list_names(folder, arena, &names, &count) < 0)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (text_equal_composed(names[i], part))
            return names[i];
    }
    return NULL;
}

/* `name` under `root` part by part, each as written or else as composed;
 * NULL when there is none. */
static char *find_under(const char *root, const char *name, struct arena *arena)
{
    char *path = arena_strdup(arena, root);
    const char *part;
    size_t length;
    while (next_part(&name, &part, &length)) {
        const char *wish = arena_strndup(arena, part, length);
        char *next = files_join(arena, path, wish);
        if (!files_exist(next)) {
            const char *found = find_composed(path, wish, arena);
            if (!found)
                return NULL;
            next = files_join(arena, path, found);
            if (!files_exist(next))
                return NULL;
        }
        path = next;
    }
    return path;
}

int files_resolve(const struct file_roots *roots, const char *name,
                  struct arena *arena, char **path)
{
    *path = NULL;
    if (text_is_blank(name))
        return AVERROR(ENOENT);
    if (climbs(name))
        return AVERROR(EACCES);
    int ret = name[0] == '/' ? AVERROR(EACCES) : AVERROR(ENOENT);
    for (size_t i = 0; i < roots->count && !*path; i++) {
        const char *root = roots->folders[i], *rest = name;
        if (name[0] == '/') {
            rest = rest_under_root(root, name);
            if (!rest)
                continue;
            ret = AVERROR(ENOENT);
        }
        *path = find_under(root, rest, arena);
    }
    return *path ? 0 : ret;
}
