/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine that fails when it is told to: preloaded (LD_PRELOAD), it stands
 * between a program and the C library's calls on files, counts those whose path
 * fits a pattern, and lets one of them fail, or all from one on. The count is
 * shared by the program and all that it forks.
 *
 *   SHIM_COUNT  file of at least 8 bytes that holds the count; needed
 *   SHIM_PATH   pattern of paths, as fnmatch reads it
 *   SHIM_CALLS  "write" (write, fsync, rename, mkdir, of stdio too) or "read"
 *   SHIM_AT     the call that fails, from 1; 0: none, they are counted only
 *   SHIM_ON     set: all calls from that one on fail
 *   SHIM_ERROR  the errno that they fail with; 0: they never return
 *
 * And, each by itself:
 *
 *   SHIM_CLOCK  seconds that the time of day is ahead of the disk's
 *   SHIM_DEAF   set: no inotify, as where its instances are used up */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static struct {
    _Atomic int64_t *count; /* NULL: the shim lets all pass */
    const char *path;
    int64_t at;
    int64_t ahead_s;
    volatile int error;
    bool reads, goes_on;
} shim;

static const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

__attribute__((constructor)) static void shim_begin(void)
{
    shim.ahead_s = strtoll(setting("SHIM_CLOCK", "0"), NULL, 10);
    int file = open(setting("SHIM_COUNT", "/dev/null"), O_RDWR | O_CLOEXEC);
    if (file < 0)
        return;
    void *count = mmap(NULL, sizeof(*shim.count), PROT_READ | PROT_WRITE,
                       MAP_SHARED, file, 0);
    close(file);
    shim.path = setting("SHIM_PATH", "*");
    shim.at = strtoll(setting("SHIM_AT", "0"), NULL, 10);
    shim.error = (int)strtol(setting("SHIM_ERROR", "5"), NULL, 10);
    shim.reads = strcmp(setting("SHIM_CALLS", "write"), "read") == 0;
    shim.goes_on = *setting("SHIM_ON", "") != '\0';
    shim.count = count == MAP_FAILED ? NULL : count;
}

static bool fails_path(const char *path)
{
    if (!shim.count || fnmatch(shim.path, path, 0) != 0)
        return false;
    int64_t number = atomic_fetch_add(shim.count, 1) + 1;
    if (!shim.at || number < shim.at || (number > shim.at && !shim.goes_on))
        return false;
    while (!shim.error)
        continue;
    errno = shim.error;
    return true;
}

static bool fails(int descriptor, bool reads)
{
    char link[64], path[4096];
    if (!shim.count || shim.reads != reads)
        return false;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
    ssize_t size = readlink(link, path, sizeof(path) - 1);
    if (size <= 0)
        return false;
    path[size] = '\0';
    return fails_path(path);
}

static bool fails_name(const char *name)
{
    char path[8192];
    if (!shim.count || shim.reads)
        return false;
    if (*name == '/')
        return fails_path(name);
    char folder[4096];
    if (!getcwd(folder, sizeof(folder)))
        return false;
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return fails_path(path);
}

/* The library's own function of this name. */
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

EXPORT ssize_t write(int descriptor, const void *bytes, size_t size)
{
    return fails(descriptor, false) ? -1 : NEXT(write)(descriptor, bytes, size);
}

EXPORT ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
    return fails(descriptor, false) ? -1
                                    : NEXT(writev)(descriptor, parts, count);
}

EXPORT ssize_t pwrite64(int descriptor, const void *bytes, size_t size,
                        off64_t at)
{
    return fails(descriptor, false)
               ? -1
               : NEXT(pwrite64)(descriptor, bytes, size, at);
}

EXPORT size_t fwrite(const void *bytes, size_t size, size_t count, FILE *file)
{
    return fails(fileno(file), false) ? 0
                                      : NEXT(fwrite)(bytes, size, count, file);
}

EXPORT int fsync(int descriptor)
{
    return fails(descriptor, false) ? -1 : NEXT(fsync)(descriptor);
}

EXPORT int fdatasync(int descriptor)
{
    return fails(descriptor, false) ? -1 : NEXT(fdatasync)(descriptor);
}

EXPORT int rename(const char *from, const char *to)
{
    return fails_name(to) ? -1 : NEXT(rename)(from, to);
}

EXPORT int mkdir(const char *path, mode_t mode)
{
    return fails_name(path) ? -1 : NEXT(mkdir)(path, mode);
}

EXPORT ssize_t read(int descriptor, void *bytes, size_t size)
{
    return fails(descriptor, true) ? -1 : NEXT(read)(descriptor, bytes, size);
}

EXPORT ssize_t pread64(int descriptor, void *bytes, size_t size, off64_t at)
{
    return fails(descriptor, true) ? -1
                                   : NEXT(pread64)(descriptor, bytes, size, at);
}

EXPORT size_t fread(void *bytes, size_t size, size_t count, FILE *file)
{
    return fails(fileno(file), true) ? 0
                                     : NEXT(fread)(bytes, size, count, file);
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *out)
{
    int ret = NEXT(clock_gettime)(clock, out);
    if (ret == 0 && clock == CLOCK_REALTIME)
        out->tv_sec += shim.ahead_s;
    return ret;
}

EXPORT time_t time(time_t *out)
{
    time_t now = NEXT(time)(NULL) + shim.ahead_s;
    if (out)
        *out = now;
    return now;
}

EXPORT int inotify_init1(int flags)
{
    if (*setting("SHIM_DEAF", "")) {
        errno = EMFILE;
        return -1;
    }
    return NEXT(inotify_init1)(flags);
}
