/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns how bytes get from and to files so that a name always stands for a
 * whole file: temporary beside it, fsync, rename, fsync of the folder. Knows
 * nothing of what is in them; where a name may lie is files_path.c's. */
#include "base/files.h"

#include "base/digest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/fs.h>

#define COPY_ROOM 262144

static int tell_unread(struct log *log, int code, const char *path)
{
    if (code == AVERROR(ENOENT))
        return log_fail(log, code,
                        _("%s: there is no such file; check its name and "
                          "folder"),
                        path);
    if (code == AVERROR(EINVAL))
        return log_fail(log, code,
                        _("%s: this is no regular file; name a file instead"),
                        path);
    return log_fail(log, code,
                    _("%s: the file can't be read (%s); check that you may "
                      "read it and that the disk is sound"),
                    path, LOG_REASON(code));
}

static int tell_unwritten(struct log *log, int code, const char *path)
{
    if (code == AVERROR(ENOSPC) || code == AVERROR(EDQUOT))
        return log_fail(log, code,
                        _("%s: the disk is full; make room and run the same "
                          "command again, what is finished is kept"),
                        path);
    if (code == AVERROR(EROFS) || code == AVERROR(EACCES) ||
        code == AVERROR(EPERM))
        return log_fail(log, code,
                        _("%s: writing is not allowed here (%s); choose "
                          "another folder or have its permissions changed"),
                        path, LOG_REASON(code));
    if (code == AVERROR(ENOENT))
        return log_fail(log, code,
                        _("%s: the folder that it should lie in is not there; "
                          "create it and run the same command again"),
                        path);
    return log_fail(log, code,
                    _("%s: the file can't be written (%s); check the disk and "
                      "run the same command again"),
                    path, LOG_REASON(code));
}

/* A descriptor of a regular file, or a negative AVERROR; opened without
 * blocking, as a pipe under the name would wait for its other end. */
static int open_regular(const char *path, struct stat *status)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return AVERROR(errno);
    int ret = fstat(descriptor, status) < 0 ? AVERROR(errno) : 0;
    if (ret >= 0 && !S_ISREG(status->st_mode))
        ret = AVERROR(EINVAL);
    if (ret >= 0)
        return descriptor;
    close(descriptor);
    return ret;
}

/* 0 at the end of the file, else the bytes read or a negative AVERROR. */
static ssize_t read_some(int descriptor, void *bytes, size_t room)
{
    for (;;) {
        ssize_t size = read(descriptor, bytes, room);
        if (size >= 0)
            return size;
        if (errno != EINTR)
            return AVERROR(errno);
    }
}

static int write_all(int descriptor, const char *bytes, size_t size)
{
    while (size) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return AVERROR(errno);
        bytes += written;
        size -= (size_t)written;
    }
    return 0;
}

/* The limit is held while reading too: a recording's sidecar may be growing. */
static int read_whole(int descriptor, size_t limit, struct buffer *out)
{
    char bytes[16384];
    for (;;) {
        ssize_t size = read_some(descriptor, bytes, sizeof(bytes));
        if (size <= 0)
            return (int)size;
        if ((size_t)size > limit - out->size)
            return AVERROR(EFBIG);
        buffer_append(out, bytes, (size_t)size);
    }
}

int files_read(struct log *log, const char *path, size_t limit,
               struct buffer *out)
{
    struct stat status;
    buffer_reset(out);
    int descriptor = open_regular(path, &status);
    if (descriptor < 0)
        return tell_unread(log, descriptor, path);
    int ret = AVERROR(EFBIG);
    if ((uint64_t)status.st_size <= limit)
        ret = read_whole(descriptor, limit, out);
    close(descriptor);
    if (ret == AVERROR(EFBIG))
        return log_fail(log, ret,
                        _("%s: the file is larger than the %zu bytes that "
                          "such a file may have; check that it is the right "
                          "one"),
                        path, limit);
    return ret < 0 ? tell_unread(log, ret, path) : 0;
}

/* What a dead process of the same number left behind is in the way. */
static int create_temporary(const char *temporary)
{
    unlink(temporary);
    int descriptor =
        open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return descriptor < 0 ? AVERROR(errno) : descriptor;
}

/* Closing may bring news of a write that failed late (NFS, quotas). */
static int sync_and_close(int descriptor)
{
    int ret = fsync(descriptor) < 0 ? AVERROR(errno) : 0;
    if (close(descriptor) < 0 && errno != EINTR && ret >= 0)
        ret = AVERROR(errno);
    return ret;
}

/* A folder that can't be opened or synced (write-only, some network file
 * systems) is no failure: the name is there, only a power cut may take it. */
static int sync_folder_of(struct arena *arena, const char *path)
{
    const char *name = files_name(path);
    const char *folder =
        name == path ? "." : arena_strndup(arena, path, (size_t)(name - path));
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return 0;
    int ret = fsync(descriptor) < 0 ? AVERROR(errno) : 0;
    close(descriptor);
    return ret == AVERROR(EIO) || ret == AVERROR(ENOSPC) ||
                   ret == AVERROR(EDQUOT)
               ? ret
               : 0;
}

static int rename_synced(struct arena *arena, const char *temporary,
                         const char *path)
{
    if (rename(temporary, path) < 0)
        return AVERROR(errno);
    return sync_folder_of(arena, path);
}

int files_write(struct log *log, const char *path, const void *bytes,
                size_t size)
{
    struct arena *arena = arena_create();
    const char *temporary = files_temporary(arena, path);
    int descriptor = create_temporary(temporary);
    int ret = descriptor < 0 ? descriptor : write_all(descriptor, bytes, size);
    if (descriptor >= 0) {
        int closed = sync_and_close(descriptor);
        ret = ret < 0 ? ret : closed;
    }
    if (ret >= 0)
        ret = rename_synced(arena, temporary, path);
    if (ret < 0) {
        unlink(temporary);
        tell_unwritten(log, ret, path);
    }
    arena_destroy(&arena);
    return ret;
}

int files_update(struct log *log, const char *path, const void *bytes,
                 size_t size)
{
    struct buffer present = {0};
    bool is_equal = files_size(path) == (int64_t)size &&
                    files_read(NULL, path, size, &present) >= 0 &&
                    present.size == size &&
                    (!size || memcmp(present.data, bytes, size) == 0);
    buffer_clear(&present);
    return is_equal ? 0 : files_write(log, path, bytes, size);
}

static int tell_no_folder(struct log *log, int code, const char *path,
                          bool is_link)
{
    if (is_link)
        return log_fail(log, code,
                        _("%s: the folder can't be created, as a link on the "
                          "way to it leads nowhere; plug in the disk that it "
                          "leads to, or remove the link"),
                        path);
    if (code == AVERROR(EEXIST) || code == AVERROR(ENOTDIR))
        return log_fail(log, code,
                        _("%s: the folder can't be created, as a file has its "
                          "name; rename that file or choose another folder"),
                        path);
    return tell_unwritten(log, code, path);
}

int files_make_folders(struct log *log, const char *path)
{
    struct arena *arena = arena_create();
    char *part = arena_strdup(arena, path);
    bool is_link = false;
    int ret = 0;
    for (char *end = part; ret >= 0 && *end;) {
        end += strspn(end, "/");
        end += strcspn(end, "/");
        char kept = *end;
        *end = '\0';
        int made = mkdir(part, 0777) < 0 ? AVERROR(errno) : 0;
        if (made < 0 && !files_is_folder(part)) {
            ret = made;
            /* One that leads somewhere would have been followed. */
            is_link = !files_exist(part) && readlink(part, (char[1]){0}, 1) > 0;
        }
        *end = kept;
    }
    if (ret < 0)
        tell_no_folder(log, ret, path, is_link);
    arena_destroy(&arena);
    return ret;
}

int files_publish(struct log *log, const char *temporary, const char *path)
{
    struct arena *arena = arena_create();
    int descriptor = open(temporary, O_RDONLY | O_CLOEXEC);
    int ret = descriptor < 0 ? AVERROR(errno) : sync_and_close(descriptor);
    if (ret >= 0)
        ret = rename_synced(arena, temporary, path);
    arena_destroy(&arena);
    return ret < 0 ? tell_unwritten(log, ret, path) : 0;
}

/* Which side failed is told apart by *is_source. */
static int copy_bytes(int from, int to, bool *is_source)
{
    *is_source = false;
    if (ioctl(to, FICLONE, from) == 0)
        return 0;
    char *bytes = malloc(COPY_ROOM);
    if (!bytes)
        return AVERROR(ENOMEM);
    int ret = 0;
    while (ret >= 0) {
        ssize_t size = read_some(from, bytes, COPY_ROOM);
        *is_source = size < 0;
        if (size <= 0) {
            ret = (int)size;
            break;
        }
        ret = write_all(to, bytes, (size_t)size);
    }
    free(bytes);
    return ret;
}

static int prove(const char *path, const char *digest)
{
    char found[DIGEST_TEXT];
    int ret = digest_file(NULL, path, found);
    if (ret >= 0 && strcmp(found, digest) != 0)
        ret = AVERROR_INVALIDDATA;
    return ret;
}

/* Not the file's fault. */
static bool is_shortage(int code)
{
    return code == AVERROR(ENOMEM) || code == AVERROR(EMFILE) ||
           code == AVERROR(ENFILE);
}

static int copy_file(struct log *log, const char *from, const char *to,
                     const char *digest)
{
    struct stat status;
    bool is_source = false;
    int source = open_regular(from, &status);
    if (source < 0 && digest && !is_shortage(source))
        return AVERROR_INVALIDDATA;
    if (source < 0)
        return tell_unread(log, source, from);
    struct arena *arena = arena_create();
    const char *temporary = files_temporary(arena, to);
    int target = create_temporary(temporary);
    int ret = target < 0 ? target : copy_bytes(source, target, &is_source);
    close(source);
    if (target >= 0) {
        int closed = sync_and_close(target);
        ret = ret < 0 ? ret : closed;
    }
    if (ret == AVERROR(EIO) && is_source && digest)
        ret = AVERROR_INVALIDDATA;
    if (ret >= 0 && digest)
        ret = prove(temporary, digest);
    if (ret >= 0)
        ret = rename_synced(arena, temporary, to);
    if (ret < 0) {
        unlink(temporary);
        if (is_source && ret != AVERROR_INVALIDDATA)
            tell_unread(log, ret, from);
        else if (ret != AVERROR_INVALIDDATA)
            tell_unwritten(log, ret, to);
    }
    arena_destroy(&arena);
    return ret;
}

int files_copy(struct log *log, const char *from, const char *to)
{
    return copy_file(log, from, to, NULL);
}

int files_copy_proven(struct log *log, const char *from, const char *to,
                      const char *digest)
{
    return copy_file(log, from, to, digest);
}

/* Relative to open folders, so that a link put in the way while this runs
 * leads nowhere. */
static int remove_at(int parent, const char *name)
{
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return AVERROR(errno);
    int descriptor =
        openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = descriptor < 0 ? NULL : fdopendir(descriptor);
    if (!folder) {
        int ret = AVERROR(errno);
        if (descriptor >= 0)
            close(descriptor);
        return ret;
    }
    int ret = 0;
    for (struct dirent *entry; ret >= 0 && (entry = readdir(folder));) {
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
            ret = remove_at(descriptor, entry->d_name);
    }
    closedir(folder);
    if (ret >= 0 && unlinkat(parent, name, AT_REMOVEDIR) < 0)
        ret = AVERROR(errno);
    return ret;
}

int files_remove_tree(struct log *log, const char *path)
{
    int ret = remove_at(AT_FDCWD, path);
    if (ret < 0)
        log_fail(log, ret,
                 _("%s: this can't be removed (%s); remove it by hand"), path,
                 LOG_REASON(ret));
    return ret;
}
