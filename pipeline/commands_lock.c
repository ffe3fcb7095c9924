/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the lock that keeps two runs from delivering to one folder at a time.
 * What they share of a store is the store's own affair. */
#include "commands.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* The workers of a killed run hold its lock until the system has ended them. */
#define LOCK_TRIES      20
#define LOCK_TRIES_LEFT 400
#define LOCK_WAIT_NS    50000000

/* Sessions that share a store deliver to folders of their own. */
static const char *lock_path(struct arena *arena, const char *store,
                             const char *out)
{
    const char *name = files_real(arena, out);
    uint8_t sum[DIGEST_BYTES];
    char text[DIGEST_TEXT];
    digest_of(name, strlen(name), sum);
    digest_text(sum, text);
    return arena_printf(arena, "%s/lock-%.16s", store, text);
}

/* The file names its owner; a killed run's worker goes as soon as its disk lets
 * it. */
static bool lock_is_left(int descriptor)
{
    char text[32] = {0};
    return pread(descriptor, text, sizeof(text) - 1, 0) > 0 &&
           process_is_gone(strtol(text, NULL, 10));
}

static int lock_take(int descriptor)
{
    for (int i = 0;
         i < LOCK_TRIES || (i < LOCK_TRIES_LEFT && lock_is_left(descriptor));
         i++) {
        if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
            if (ftruncate(descriptor, 0) == 0)
                dprintf(descriptor, "%ld\n", (long)getpid());
            return 0;
        }
        if (errno != EWOULDBLOCK && errno != EINTR)
            return AVERROR(errno);
        nanosleep(&(struct timespec){.tv_nsec = LOCK_WAIT_NS}, NULL);
    }
    return AVERROR(EBUSY);
}

static int lock_open(const char *path)
{
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    /* A folder, or a link that leads nowhere: the name is nobody else's. */
    if (lock < 0 && (errno == EISDIR || errno == ENOENT || errno == ELOOP) &&
        files_remove_tree(NULL, path) >= 0)
        lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    return lock < 0 ? AVERROR(errno) : lock;
}

int command_lock(struct log *log, const char *session, const char *store,
                 const char *out)
{
    struct arena *arena = arena_create();
    const char *path = lock_path(arena, store, out);
    int ret = files_make_folders(log, store);
    if (ret < 0)
        goto done;
    int lock = lock_open(path);
    if (lock < 0) {
        ret = lock;
        log_fail(log, ret,
                 _("%s: can't be written: %s; check the folder's rights"), path,
                 LOG_REASON(ret));
        goto done;
    }
    /* An old network file system without locks keeps nobody from working. */
    ret = lock_take(lock) == AVERROR(EBUSY) ? AVERROR(EBUSY) : lock;
    if (ret < 0) {
        close(lock);
        log_fail(log, ret,
                 _("%s: another reelpress is working on this session; wait "
                   "for its end"),
                 session);
    }
done:
    arena_destroy(&arena);
    return ret;
}
