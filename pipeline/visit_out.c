/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns whether the folders that are written to are fit for it: they hold no
 * session's own files, and can be written. */
#include "visit.h"

#include "base/files.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* What a session is made from lies in these. */
static bool is_input(const char *below)
{
    static const char *const names[] = {"recordings", "photos",  "照片",
                                        "subtitles",  "presets", "styles"};
    size_t length = strcspn(below, "/");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strlen(names[i]) == length && !strncmp(below, names[i], length))
            return true;
    return !length;
}

/* Of any session, not just of the one that is made. */
static bool is_of_session(struct arena *arena, const char *folder)
{
    const char *real = files_real(arena, folder);
    char *session = arena_strdup(arena, real);
    for (char *end = session + strlen(session); end && end != session;
         end = strrchr(session, '/')) {
        *end = '\0';
        const char *below = real + (end - session);
        if (files_exist(files_join(arena, session, "session.yaml")))
            return is_input(below + (*below == '/'));
    }
    return false;
}

int visit_check_apart(struct visit *visit)
{
    const char *folders[] = {visit->out, visit->store};
    for (size_t i = 0; i < 2; i++)
        if (is_of_session(visit->arena, folders[i]))
            return log_fail(&visit->log, AVERROR(EINVAL),
                            _("%s: this folder belongs to a session, whose own "
                              "files are only read; name another one with -o "
                              "or --store"),
                            folders[i]);
    return 0;
}

int visit_check_out(struct visit *visit)
{
    struct log *log = &visit->log;
    char *path = arena_strdup(visit->arena, visit->out);
    while (!files_exist(path)) {
        char *slash = strrchr(path, '/');
        if (!slash) {
            path = arena_strdup(visit->arena, ".");
            break;
        }
        slash[slash == path] = '\0';
    }
    if (!files_is_folder(path))
        return log_fail(log, AVERROR(ENOTDIR),
                        _("%s: the films can't be put there, as %s is a file; "
                          "choose another folder with -o"),
                        visit->out, path);
    if (access(path, W_OK | X_OK) == 0)
        return 0;
    int code = AVERROR(errno);
    return log_fail(log, code,
                    _("%s: the films can't be put there (%s); choose another "
                      "folder with -o, or have its rights changed"),
                    visit->out, LOG_REASON(code));
}
