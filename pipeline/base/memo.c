/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the table of what is known by stat, and its file: JSON lines closed by
 * a digest, so that half a memo is none. Does not know what the values mean. */
#include "base/memo.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/memory.h"

#include <fcntl.h>
#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MEMO_HEAD     "reelpress memo 1\n"
#define MEMO_LIMIT    ((size_t)256 << 20)
#define MEMO_BACK_NS  INT64_C(3000000000)
#define NS_PER_SECOND INT64_C(1000000000)

struct memo_entry {
    char *name;       /* what, a line end, path: the key */
    const char *path; /* inside name */
    char *value;
    struct file_stamp stamp;
    bool used; /* asked for or kept in this run */
};

struct memo {
    struct arena *arena;
    char *file;
    char *folder; /* where names begin that don't with a slash */
    void *tree;   /* of struct memo_entry by name */
    struct memo_entry **list;
    size_t count;
    bool changed;
};

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct memo_entry *)a)->name,
                  ((const struct memo_entry *)b)->name);
}

static int compare_pointers(const void *a, const void *b)
{
    return compare_entries(*(const void *const *)a, *(const void *const *)b);
}

int64_t memo_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static struct memo_entry *memo_look(const struct memo *memo, char *name)
{
    struct memo_entry wish = {.name = name};
    struct memo_entry *const *found =
        tfind(&wish, &memo->tree, compare_entries);
    return found ? *found : NULL;
}

static struct memo_entry *memo_entry(struct memo *memo, char *name)
{
    struct memo_entry *entry = memo_look(memo, name);
    if (entry)
        return entry;
    entry = arena_alloc(memo->arena, sizeof(*entry));
    entry->name = name;
    entry->path = strchr(name, '\n') + 1;
    if (!tsearch(entry, &memo->tree, compare_entries))
        memory_gone();
    *(struct memo_entry **)ARENA_PUSH(memo->arena, memo->list, memo->count) =
        entry;
    return entry;
}

/* A name that can't stand in a line of the file is not remembered. */
static char *memo_name(struct memo *memo, const char *what, const char *path)
{
    if (strchr(what, '\n') || strchr(path, '\n') || !memo->folder)
        return NULL;
    return arena_printf(memo->arena, "%s\n%s", what,
                        files_join(memo->arena, memo->folder, path));
}

/* ---- the file ------------------------------------------------------------ */

/* Four lines an entry: what, path, stamp, value. */
static bool memo_parse_entry(struct memo *memo, char **at)
{
    char *lines[4];
    struct file_stamp stamp;
    for (size_t i = 0; i < 4; i++) {
        char *end = strchr(*at, '\n');
        if (!end)
            return false;
        lines[i] = *at;
        *end = '\0';
        *at = end + 1;
    }
    if (sscanf(lines[2],
               "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNd64 " %" SCNd64,
               &stamp.device, &stamp.inode, &stamp.size, &stamp.mtime_ns,
               &stamp.ctime_ns) != 5)
        return false;
    char *name = memo_name(memo, lines[0], lines[1]);
    if (!name)
        return false;
    struct memo_entry *entry = memo_entry(memo, name);
    entry->stamp = stamp;
    entry->value = arena_strdup(memo->arena, lines[3]);
    return true;
}

static void memo_parse(struct memo *memo, const struct buffer *bytes)
{
    char sum[DIGEST_TEXT];
    uint8_t raw[DIGEST_BYTES];
    size_t head = strlen(MEMO_HEAD), tail = DIGEST_TEXT - 1;
    if (bytes->size < head + tail || memcmp(bytes->data, MEMO_HEAD, head) != 0)
        return;
    size_t body = bytes->size - tail;
    digest_of(bytes->data, body, raw);
    digest_text(raw, sum);
    if (memcmp(sum, bytes->data + body, tail) != 0)
        return;
    char *text = arena_strndup(memo->arena, bytes->data + head, body - head);
    while (*text && memo_parse_entry(memo, &text))
        ;
}

struct memo *memo_load(const char *path)
{
    struct memo *memo = calloc(1, sizeof(*memo));
    struct buffer bytes = {0};
    if (!memo)
        memory_gone();
    memo->arena = arena_create();
    memo->file = arena_strdup(memo->arena, path);
    char *folder = getcwd(NULL, 0);
    memo->folder = arena_strdup(memo->arena, folder);
    free(folder);
    if (files_exist(path) && files_read(NULL, path, MEMO_LIMIT, &bytes) >= 0)
        memo_parse(memo, &bytes);
    buffer_clear(&bytes);
    return memo;
}

static void memo_print(struct memo *memo, struct buffer *out)
{
    uint8_t raw[DIGEST_BYTES];
    char sum[DIGEST_TEXT];
    qsort(memo->list, memo->count, sizeof(*memo->list), compare_pointers);
    buffer_puts(out, MEMO_HEAD);
    for (size_t i = 0; i < memo->count; i++) {
        const struct memo_entry *entry = memo->list[i];
        const struct file_stamp *stamp = &entry->stamp;
        if (!entry->value || (!entry->used && !files_exist(entry->path)))
            continue;
        buffer_printf(out,
                      "%s\n%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRId64
                      " %" PRId64 "\n%s\n",
                      entry->name, stamp->device, stamp->inode, stamp->size,
                      stamp->mtime_ns, stamp->ctime_ns, entry->value);
    }
    digest_of(out->data, out->size, raw);
    digest_text(raw, sum);
    buffer_puts(out, sum);
}

int memo_save(struct log *log, struct memo *memo)
{
    struct buffer text = {0};
    if (!memo || !memo->changed)
        return 0;
    memo_print(memo, &text);
    int ret = files_write(log, memo->file, text.data, text.size);
    memo->changed = ret < 0;
    buffer_clear(&text);
    return ret;
}

static void forget_nothing(void *entry)
{
    /* The arena has it. */
}

void memo_destroy(struct memo **memo)
{
    if (!*memo)
        return;
    tdestroy((*memo)->tree, forget_nothing);
    arena_destroy(&(*memo)->arena);
    free(*memo);
    *memo = NULL;
}

/* ---- asking and keeping -------------------------------------------------- */

static bool stamps_agree(const struct file_stamp *a, const struct file_stamp *b)
{
    return a->device == b->device && a->inode == b->inode &&
           a->size == b->size && a->mtime_ns == b->mtime_ns &&
           a->ctime_ns == b->ctime_ns;
}

const char *memo_find(struct memo *memo, const char *what, const char *path)
{
    struct file_stamp now;
    if (!memo || files_stamp(path, &now) < 0)
        return NULL;
    char *name = memo_name(memo, what, path);
    struct memo_entry *entry = name ? memo_look(memo, name) : NULL;
    if (!entry || !entry->value || !stamps_agree(&entry->stamp, &now))
        return NULL;
    entry->used = true;
    return entry->value;
}

/* A change that comes after the look has another mtime, unless it falls into
 * the same tick of the clock. A camera's clock that is ahead leaves an mtime
 * that no change of today can have; there the ctime is earlier. (A server's
 * clock that is ahead has both ahead.) */
bool memo_is_settled(const struct file_stamp *stamp, int64_t seen_ns)
{
    return seen_ns - stamp->mtime_ns > MEMO_SETTLE_NS ||
           stamp->mtime_ns - stamp->ctime_ns > MEMO_SETTLE_NS;
}

void memo_keep(struct memo *memo, const char *what, const char *path,
               const struct file_stamp *before, int64_t began_ns,
               const char *value)
{
    struct file_stamp now;
    if (!memo || strchr(value, '\n') || files_stamp(path, &now) < 0 ||
        !stamps_agree(before, &now) || !memo_is_settled(before, began_ns))
        return;
    char *name = memo_name(memo, what, path);
    if (!name)
        return;
    struct memo_entry *entry = memo_entry(memo, name);
    entry->used = true;
    entry->stamp = *before;
    entry->value = arena_strdup(memo->arena, value);
    memo->changed = true;
}

int memo_digest(struct log *log, struct memo *memo, const char *path,
                char out[DIGEST_TEXT])
{
    struct file_stamp before;
    int64_t began_ns = memo_now();
    const char *known = memo_find(memo, "sha256", path);
    if (known && strlen(known) == DIGEST_TEXT - 1) {
        memcpy(out, known, DIGEST_TEXT);
        return 0;
    }
    bool stamped = memo && files_stamp(path, &before) >= 0;
    int ret = digest_file(log, path, out);
    if (ret >= 0 && stamped)
        memo_keep(memo, "sha256", path, &before, began_ns, out);
    return ret;
}

void memo_placed(struct memo *memo, const char *path, const char *digest)
{
    struct file_stamp stamp;
    int64_t now = memo_now(), back = now - MEMO_BACK_NS;
    /* To the whole second: a file system that keeps less must not round the
     * time that is asked for here to another one. */
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
                                {.tv_sec = back / NS_PER_SECOND}};
    if (!memo || utimensat(AT_FDCWD, path, times, 0) < 0 ||
        files_stamp(path, &stamp) < 0)
        return;
    memo_keep(memo, "sha256", path, &stamp, now, digest);
}
