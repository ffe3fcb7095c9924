/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the list of what a worker may reach, the runtime's share of it, and the
 * telling of what is in force. Knows neither kernel interface. */
#include "base/confine.h"

#include <stdlib.h>
#include <string.h>

#include "base/confine_parts.h"

/* What the C library and the libraries below us open by themselves: plug-ins
 * and tables (iconv, libheif), messages, time zones, fonts, what a processor
 * can do, and under sanitizers the process's own maps. Not /etc as a whole,
 * not /proc as a whole, no one's home. */
static const char *const runtime_readable[] = {
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/locale.alias",
    "/etc/fonts",
    "/etc/ssl/openssl.cnf",
    "/var/cache/fontconfig",
    "/dev/random",
    "/dev/urandom",
    "/dev/zero",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/filesystems",
    "/proc/sys/crypto/fips_enabled",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
};

/* Whether `path` is `folder` or lies below it. */
static bool lies_in(const char *path, const char *folder)
{
    size_t size = strlen(folder);
    if (strncmp(path, folder, size) != 0)
        return false;
    return path[size] == '\0' || path[size] == '/' || strcmp(folder, "/") == 0;
}

static bool is_covered(const struct confinement *confinement, const char *path,
                       bool writable)
{
    for (size_t i = 0; i < confinement->count; i++) {
        const struct confine_path *known = &confinement->paths[i];
        if ((known->writable || !writable) && lies_in(path, known->path))
            return true;
    }
    return false;
}

static void confinement_add(struct confinement *confinement, const char *path,
                            bool writable)
{
    char *real = path ? realpath(path, NULL) : NULL;
    if (real && !is_covered(confinement, real, writable)) {
        struct confine_path *added = ARENA_PUSH(
            confinement->arena, confinement->paths, confinement->count);
        added->path = arena_strdup(confinement->arena, real);
        added->writable = writable;
    }
    free(real);
}

void confinement_read(struct confinement *confinement, const char *path)
{
    confinement_add(confinement, path, false);
}

void confinement_write(struct confinement *confinement, const char *path)
{
    confinement_add(confinement, path, true);
}

/* In the worker: /proc/self is its own only there. */
static void confinement_add_runtime(struct confinement *all)
{
    for (size_t i = 0;
         i < sizeof(runtime_readable) / sizeof(runtime_readable[0]); i++)
        confinement_read(all, runtime_readable[i]);
    confinement_write(all, "/dev/null");
    confinement_read(all, "/proc/self/exe");
    const char *domain = textdomain(NULL);
    confinement_read(all, domain ? bindtextdomain(domain, NULL) : NULL);
    const char *home = getenv("HOME");
    if (home && *home)
        confinement_read(
            all, arena_printf(all->arena, "%s/.cache/fontconfig", home));
}

static int tell_refused(struct log *log, int code, const char *what)
{
    return log_fail(
        log, code,
        _("a worker can't be confined (%s: %s), so nothing is read; "
          "run the program outside of other sandboxes"),
        what, LOG_REASON(code));
}

static void tell_in_force(struct log *log, int landlock, bool seccomp)
{
    if (landlock && seccomp)
        log_verbose(log,
                    _("a worker is confined: its files by Landlock (version "
                      "%d), its system calls by seccomp"),
                    landlock);
    else if (landlock)
        log_verbose(log,
                    _("a worker is confined: its files by Landlock (version "
                      "%d); this kernel has no seccomp filters"),
                    landlock);
    else if (seccomp)
        log_verbose(log,
                    _("a worker is confined: its system calls by seccomp; "
                      "this kernel has no Landlock of version 2 or later"));
    else
        log_verbose(log, _("a worker is not confined: this kernel has neither "
                           "Landlock nor seccomp filters"));
}

int confine_self(struct log *log, const struct confinement *confinement)
{
    struct confinement all = {.arena = arena_create()};
    /* A catalogue is opened with the first message; later is too late if a
     * folder on the way to it may not be listed. */
    (void)gettext("");
    for (size_t i = 0; i < confinement->count; i++)
        confinement_add(&all, confinement->paths[i].path,
                        confinement->paths[i].writable);
    confinement_add_runtime(&all);
    int seccomp = 0;
    int landlock = confine_files(&all);
    int ret = landlock;
    if (landlock >= 0)
        ret = seccomp = confine_calls();
    arena_destroy(&all.arena);
    if (ret < 0)
        return tell_refused(log, ret, landlock < 0 ? "Landlock" : "seccomp");
    tell_in_force(log, landlock, seccomp);
    return 0;
}
