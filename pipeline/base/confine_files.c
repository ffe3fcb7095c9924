/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns Landlock: which rights there are in which version, and their giving to
 * paths. Does not know why a path is on the list. */
#include "base/confine_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The interface as of version 7 (Linux 6.15, Documentation/userspace-api/
 * landlock.rst), written here since Debian 12's linux/landlock.h ends at
 * version 2 and the C library has no functions for it. The kernel keeps these
 * numbers for good. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule       445
#define SYS_landlock_restrict_self  446
#endif
#define CREATE_RULESET_VERSION 1U
#define RULE_PATH_BENEATH      1

#define FS_WRITE_FILE  (UINT64_C(1) << 1)
#define FS_READ_FILE   (UINT64_C(1) << 2)
#define FS_READ_DIR    (UINT64_C(1) << 3)
#define FS_REMOVE_DIR  (UINT64_C(1) << 4)
#define FS_REMOVE_FILE (UINT64_C(1) << 5)
#define FS_MAKE_DIR    (UINT64_C(1) << 7)
#define FS_MAKE_REG    (UINT64_C(1) << 8)
#define FS_REFER       (UINT64_C(1) << 13) /* from version 2 */
#define FS_TRUNCATE    (UINT64_C(1) << 14) /* from version 3 */
#define NET_BOTH       UINT64_C(3) /* from version 4: bind and connect, TCP */
#define SCOPE_BOTH     UINT64_C(3) /* from version 6: sockets, signals */

#define READ_RIGHTS (FS_READ_FILE | FS_READ_DIR)
#define WRITE_RIGHTS                                                           \
    (FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR |            \
     FS_MAKE_REG | FS_REFER | FS_TRUNCATE)
/* Rights that a rule for a single file may hold. */
#define FILE_RIGHTS (FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE)

struct ruleset {
    uint64_t files, net, scoped;
};

struct path_beneath {
    uint64_t rights;
    int32_t folder;
} __attribute__((packed));

/* All file rights that a version knows: what is not given is refused, to
 * execute, to make links, devices and sockets among them. */
static uint64_t handled_files(int version)
{
    const int bits = version >= 5 ? 16 : version >= 3 ? 15 : 14;
    return (UINT64_C(1) << bits) - 1;
}

/* A kernel takes a longer structure than its own only when the rest is zero,
 * as it is here for older versions. */
static int ruleset_create(int version)
{
    const struct ruleset rules = {
        .files = handled_files(version),
        .net = version >= 4 ? NET_BOTH : 0,
        .scoped = version >= 6 ? SCOPE_BOTH : 0,
    };
    int descriptor =
        (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);
    return descriptor < 0 ? AVERROR(errno) : descriptor;
}

static int ruleset_allow(int ruleset, int version,
                         const struct confine_path *path)
{
    struct stat status;
    struct path_beneath rule = {
        .rights = READ_RIGHTS | (path->writable ? WRITE_RIGHTS : 0),
        .folder = open(path->path, O_PATH | O_CLOEXEC),
    };
    /* Gone meanwhile, or closed to this account anyway. */
    if (rule.folder < 0)
        return errno == EMFILE || errno == ENFILE || errno == ENOMEM
                   ? AVERROR(errno)
                   : 0;
    int ret = fstat(rule.folder, &status) < 0 ? AVERROR(errno) : 0;
    rule.rights &= handled_files(version);
    if (ret >= 0 && !S_ISDIR(status.st_mode))
        rule.rights &= FILE_RIGHTS;
    if (ret >= 0 && syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH,
                            &rule, 0) < 0)
        ret = AVERROR(errno);
    close(rule.folder);
    return ret;
}

int confine_files(const struct confinement *confinement)
{
    int version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
                               CREATE_RULESET_VERSION);
    /* EPERM is an outer sandbox's word: the kernel refuses nobody this. */
    if (version < 0)
        return errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM
                   ? 0
                   : AVERROR(errno);
    /* Version 1 forbids each rename from one folder to another, and so what
     * every finished product ends with. */
    if (version < 2)
        return 0;
    int ruleset = ruleset_create(version);
    if (ruleset < 0)
        return ruleset;
    int ret = 0;
    for (size_t i = 0; ret >= 0 && i < confinement->count; i++)
        ret = ruleset_allow(ruleset, version, &confinement->paths[i]);
    if (ret >= 0 && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
                     syscall(SYS_landlock_restrict_self, ruleset, 0) < 0))
        ret = AVERROR(errno);
    close(ruleset);
    return ret < 0 ? ret : version;
}
