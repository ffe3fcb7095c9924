/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what leaves the store, and in which order. Knows products by their
 * names only. */
#include "produce/trimmer.h"

#include "base/memory.h"
#include "ingest/carried.h"
#include "ingest/index.h"
#include "produce/products.h"

#include <dirent.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES 512 /* of st_blocks, whatever the file system's are */

struct kept_file {
    const char *path;
    int64_t bytes, used_s;
};

struct trimmer {
    struct arena *arena;
    const struct store *store;
    struct kept_file *files;
    size_t count;
    int64_t bytes;
    void *needed; /* tree of paths */
};

/* Only what is certainly ours is counted and removed. */
static void trimmer_add_folder(struct trimmer *trimmer, const char *folder,
                               bool (*is_ours)(const char *name))
{
    DIR *stream = opendir(folder);
    if (!stream)
        return;
    for (struct dirent *entry; (entry = readdir(stream));) {
        struct stat status;
        if (!is_ours(entry->d_name) ||
            fstatat(dirfd(stream), entry->d_name, &status,
                    AT_SYMLINK_NOFOLLOW) < 0 ||
            !S_ISREG(status.st_mode))
            continue;
        struct kept_file *file =
            ARENA_PUSH(trimmer->arena, trimmer->files, trimmer->count);
        file->path =
            arena_printf(trimmer->arena, "%s/%s", folder, entry->d_name);
        file->bytes = (int64_t)status.st_blocks * BLOCK_BYTES;
        file->used_s = status.st_mtim.tv_sec;
        trimmer->bytes += file->bytes;
    }
    closedir(stream);
}

/* Paths are put together as store_path, index_file and carried_font_path do
 * it: they are compared as text. The folders of products, named by two hex
 * digits, and those of indexes and of fonts that scripts carry; scripts, memo
 * and journal are small and stay. */
static void trimmer_survey(struct trimmer *trimmer)
{
    const char *root = trimmer->store->folder;
    DIR *stream = opendir(root);
    if (!stream)
        return;
    for (struct dirent *entry; (entry = readdir(stream));) {
        const char *name = entry->d_name;
        bool (*is_ours)(const char *name) = NULL;
        if (store_is_folder(name))
            is_ours = store_is_product;
        else if (!strcmp(name, "index"))
            is_ours = index_is_file;
        else if (!strcmp(name, "fonts"))
            is_ours = carried_is_file;
        if (is_ours)
            trimmer_add_folder(
                trimmer, arena_printf(trimmer->arena, "%s/%s", root, name),
                is_ours);
    }
    closedir(stream);
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void trimmer_need(struct trimmer *trimmer, const char *path)
{
    if (!tsearch(path, &trimmer->needed, compare_paths))
        memory_gone();
}

static void need_product(void *opaque, const char *key, const char *kind)
{
    struct trimmer *trimmer = opaque;
    trimmer_need(trimmer,
                 store_path(trimmer->store, key, kind, trimmer->arena));
}

/* The fonts of a recording's script, and what is known of their faces. */
static void trimmer_need_fonts(struct trimmer *trimmer,
                               const struct faces *faces)
{
    const char *folder = trimmer->store->folder;
    for (size_t i = 0; faces && i < faces_carried_count(faces); i++) {
        const char *digest = faces_file(faces, i)->digest;
        trimmer_need(trimmer,
                     carried_font_path(trimmer->arena, folder, digest));
        for (int face = 0; face < FACE_FACES_MOST; face++)
            trimmer_need(trimmer, carried_table_path(trimmer->arena, folder,
                                                     digest, face));
    }
}

static void trimmer_need_plan(struct trimmer *trimmer, const struct plan *plan)
{
    const struct session *session = plan->session;
    const char *folder = trimmer->store->folder;
    products_visit(plan, trimmer->store, need_product, trimmer);
    for (size_t i = 0; i < session->recording_count; i++) {
        trimmer_need(trimmer, index_file(trimmer->arena, folder,
                                         session->recordings[i]->path));
        trimmer_need_fonts(trimmer, session->recordings[i]->faces);
    }
    if (session->music_bed)
        trimmer_need(trimmer, index_file(trimmer->arena, folder,
                                         session->music_bed->path));
}

/* Names decide between files of one second, so that the order is one. */
static int compare_use(const void *a, const void *b)
{
    const struct kept_file *x = a, *y = b;
    if (x->used_s != y->used_s)
        return x->used_s < y->used_s ? -1 : 1;
    return strcmp(x->path, y->path);
}

static int64_t trimmer_cut(struct trimmer *trimmer, int64_t limit)
{
    int64_t freed = 0;
    qsort(trimmer->files, trimmer->count, sizeof(*trimmer->files), compare_use);
    for (size_t i = 0; i < trimmer->count && trimmer->bytes > limit; i++) {
        const struct kept_file *file = &trimmer->files[i];
        if (tfind(file->path, &trimmer->needed, compare_paths) ||
            unlink(file->path) < 0)
            continue;
        trimmer->bytes -= file->bytes;
        freed += file->bytes;
    }
    return freed;
}

static void leave_path(void *path)
{
    /* The arena has it. */
}

int64_t store_trim(struct log *log, const struct store *store,
                   const struct plan *plan, int64_t limit)
{
    struct trimmer trimmer = {.arena = arena_create(), .store = store};
    int64_t freed = 0;
    trimmer_survey(&trimmer);
    if (trimmer.bytes > limit && trimmer.count && store_keep_out(store)) {
        trimmer_need_plan(&trimmer, plan);
        freed = trimmer_cut(&trimmer, limit);
        store_let_in(store);
    }
    if (freed)
        log_verbose(log,
                    _("%s: %lld MB that were not used for the longest time "
                      "were removed"),
                    store->folder, (long long)(freed >> 20));
    tdestroy(trimmer.needed, leave_path);
    arena_destroy(&trimmer.arena);
    return freed;
}

int64_t store_size(const struct store *store)
{
    struct trimmer trimmer = {.arena = arena_create(), .store = store};
    trimmer_survey(&trimmer);
    arena_destroy(&trimmer.arena);
    return trimmer.bytes;
}

int64_t store_spare(const struct store *store, const struct plan *plan)
{
    struct trimmer trimmer = {.arena = arena_create(), .store = store};
    int64_t bytes = 0;
    trimmer_survey(&trimmer);
    trimmer_need_plan(&trimmer, plan);
    for (size_t i = 0; i < trimmer.count; i++)
        if (!tfind(trimmer.files[i].path, &trimmer.needed, compare_paths))
            bytes += trimmer.files[i].bytes;
    tdestroy(trimmer.needed, leave_path);
    arena_destroy(&trimmer.arena);
    return bytes;
}
