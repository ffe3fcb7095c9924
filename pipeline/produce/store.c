/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the names and the manner of appearance of what is kept between runs.
 * Does not know what the files hold. */
#include "produce/store.h"

#include "base/buffer.h"
#include "base/digest.h"
#include "base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FAN_OUT        2 /* leading hex digits that name the sub-folder */
#define USE_GRAIN_S    3600
#define DOCUMENT_LIMIT ((size_t)16 << 20)

/* A lock that can't be had (an old network file system) keeps nobody from
 * working; then nothing is cleared and nothing trimmed. */
static void store_lock(struct store *store, struct arena *arena)
{
    store->users = open(files_join(arena, store->folder, "users"),
                        O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (store->users >= 0 && !store_keep_out(store))
        store_let_in(store);
}

bool store_keep_out(const struct store *store)
{
    if (store->users < 0)
        return false;
    if (flock(store->users, LOCK_EX | LOCK_NB) == 0)
        return true;
    /* Turning one lock into the other may have lost the first. */
    store_let_in(store);
    return false;
}

void store_let_in(const struct store *store)
{
    /* One that keeps out others does so for moments: it is waited for. */
    while (store->users >= 0 && flock(store->users, LOCK_SH) < 0 &&
           errno == EINTR)
        continue;
}

static bool is_hex(const char *text, size_t size)
{
    return strspn(text, "0123456789abcdef") >= size;
}

bool store_is_folder(const char *name)
{
    return strlen(name) == FAN_OUT && is_hex(name, FAN_OUT);
}

bool store_is_product(const char *name)
{
    size_t digits = DIGEST_TEXT - 1 - FAN_OUT;
    return is_hex(name, digits) && name[digits] == '.';
}

/* store_temporary's names, and those that files_temporary makes of them. */
static bool is_temporary(const char *name)
{
    name += *name == '.';
    return is_hex(name, DIGEST_TEXT - 1) && name[DIGEST_TEXT - 1] == '.';
}

/* What a killed worker or run left. Whoever names a folder with --store that
 * has a tmp/ of his own shall keep what lies there. */
static int store_clear_tmp(struct log *log, const struct store *store)
{
    struct arena *arena = arena_create();
    char *tmp = files_join(arena, store->folder, "tmp");
    DIR *stream = store_keep_out(store) ? opendir(tmp) : NULL;
    for (struct dirent *entry; stream && (entry = readdir(stream));) {
        if (is_temporary(entry->d_name))
            unlinkat(dirfd(stream), entry->d_name, 0);
    }
    if (stream)
        closedir(stream);
    int ret = files_make_folders(log, tmp);
    arena_destroy(&arena);
    return ret;
}

int store_open(struct log *log, struct store *store, const char *folder)
{
    struct arena *arena = arena_create();
    *store = (struct store){.folder = folder, .users = -1};
    int ret = files_make_folders(log, folder);
    if (ret >= 0) {
        store_lock(store, arena);
        files_sweep(folder);
        files_sweep(files_join(arena, folder, "scripts"));
        files_sweep(files_join(arena, folder, "index"));
        files_sweep(files_join(arena, folder, "fonts"));
        ret = store_clear_tmp(log, store);
    }
    store_let_in(store);
    arena_destroy(&arena);
    return ret;
}

bool store_is_gone(const struct store *store)
{
    struct arena *arena = arena_create();
    bool is_gone = !files_is_folder(files_join(arena, store->folder, "tmp"));
    arena_destroy(&arena);
    return is_gone;
}

void store_close(struct store *store)
{
    if (store->users < 0)
        return;
    /* Whoever moved it away does not want parts of it back. */
    if (files_is_folder(store->folder))
        store_clear_tmp(NULL, store);
    /* A worker of another session may hold a copy of the descriptor. */
    flock(store->users, LOCK_UN);
    close(store->users);
    store->users = -1;
}

char *store_path(const struct store *store, const char *key, const char *kind,
                 struct arena *arena)
{
    return arena_printf(arena, "%s/%.*s/%s.%s", store->folder, FAN_OUT, key,
                        key + FAN_OUT, kind);
}

char *store_temporary(const struct store *store, const char *key,
                      const char *kind, struct arena *arena)
{
    return arena_printf(arena, "%s/tmp/%s.%ld.%s", store->folder, key,
                        (long)getpid(), kind);
}

bool store_has(const struct store *store, const char *key, const char *kind)
{
    struct arena *arena = arena_create();
    bool has = files_is_regular(store_path(store, key, kind, arena));
    arena_destroy(&arena);
    return has;
}

static int store_make_folder(struct log *log, const struct store *store,
                             const char *key, struct arena *arena)
{
    return files_make_folders(
        log, arena_printf(arena, "%s/%.*s", store->folder, FAN_OUT, key));
}

/* A name of a product's that a folder has: it is nobody else's. */
static void store_clear_way(const char *path)
{
    if (files_is_folder(path))
        files_remove_tree(NULL, path);
}

int store_publish(struct log *log, const struct store *store,
                  const char *temporary, const char *key, const char *kind)
{
    struct arena *arena = arena_create();
    char *path = store_path(store, key, kind, arena);
    int ret = store_make_folder(log, store, key, arena);
    if (ret >= 0) {
        store_clear_way(path);
        ret = files_publish(log, temporary, path);
    }
    arena_destroy(&arena);
    return ret;
}

void store_remove(const struct store *store, const char *key, const char *kind)
{
    struct arena *arena = arena_create();
    files_remove_tree(NULL, store_path(store, key, kind, arena));
    arena_destroy(&arena);
}

/* ---- when it was used ---------------------------------------------------- */

bool store_used_lately(const struct store *store, const char *key,
                       const char *kind)
{
    struct arena *arena = arena_create();
    struct stat status;
    bool lately =
        stat(store_path(store, key, kind, arena), &status) == 0 &&
        llabs((long long)time(NULL) - status.st_mtim.tv_sec) < USE_GRAIN_S;
    arena_destroy(&arena);
    return lately;
}

void store_use(const struct store *store, const char *key, const char *kind)
{
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
                                {.tv_nsec = UTIME_NOW}};
    struct arena *arena = arena_create();
    utimensat(AT_FDCWD, store_path(store, key, kind, arena), times, 0);
    arena_destroy(&arena);
}

/* ---- documents ----------------------------------------------------------- */

/* The digest's hex digits and a line end, then the JSON. */
static const char *document_text(const struct buffer *bytes)
{
    uint8_t raw[DIGEST_BYTES];
    char sum[DIGEST_TEXT];
    if (bytes->size <= DIGEST_TEXT || bytes->data[DIGEST_TEXT - 1] != '\n')
        return NULL;
    digest_of(bytes->data + DIGEST_TEXT, bytes->size - DIGEST_TEXT, raw);
    digest_text(raw, sum);
    if (memcmp(sum, bytes->data, DIGEST_TEXT - 1) != 0)
        return NULL;
    return bytes->data + DIGEST_TEXT;
}

json_t *store_read_json(const struct store *store, const char *key)
{
    struct arena *arena = arena_create();
    struct buffer bytes = {0};
    json_t *value = NULL;
    if (files_read(NULL, store_path(store, key, "json", arena), DOCUMENT_LIMIT,
                   &bytes) >= 0) {
        const char *text = document_text(&bytes);
        value = text ? json_loads(text, 0, NULL) : NULL;
    }
    buffer_clear(&bytes);
    arena_destroy(&arena);
    return value;
}

int store_write_json(struct log *log, const struct store *store,
                     const char *key, const json_t *value)
{
    struct arena *arena = arena_create();
    struct buffer bytes = {0};
    uint8_t raw[DIGEST_BYTES];
    char sum[DIGEST_TEXT];
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
    int ret =
        text ? store_make_folder(log, store, key, arena) : AVERROR(ENOMEM);
    if (ret >= 0) {
        digest_of(text, strlen(text), raw);
        digest_text(raw, sum);
        buffer_printf(&bytes, "%s\n%s", sum, text);
        store_clear_way(store_path(store, key, "json", arena));
        ret = files_write(log, store_path(store, key, "json", arena),
                          bytes.data, bytes.size);
    }
    free(text);
    buffer_clear(&bytes);
    arena_destroy(&arena);
    return ret;
}
