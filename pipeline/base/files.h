/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and paths: reading whole, appearing whole. Nothing here writes under a
 * final name: a file is written beside, synced, and renamed. */
#ifndef REELPRESS_BASE_FILES_H
#define REELPRESS_BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "base/log.h"

/* Reads a regular file whole; AVERROR(EFBIG) above `limit` bytes. */
int files_read(struct log *log, const char *path, size_t limit,
               struct buffer *out);
/* Writes `path` by a temporary beside it, fsync and rename; folders above it
 * must exist. Nothing is left behind on failure. */
int files_write(struct log *log, const char *path, const void *bytes,
                size_t size);
/* Like files_write, but leaves an equal file alone (its times too). */
int files_update(struct log *log, const char *path, const void *bytes,
                 size_t size);
int files_make_folders(struct log *log, const char *path); /* mkdir -p */
/* fsyncs `temporary`, renames it to `path`, and fsyncs the folder. On failure
 * `temporary` stays for the caller to remove. */
int files_publish(struct log *log, const char *temporary, const char *path);
/* Copies by reflink where the file system can, else by bytes; publishes. */
int files_copy(struct log *log, const char *from, const char *to);
/* The same for a file whose SHA-256 is known as `digest` (hex): what was copied
 * is summed before it gets its name. AVERROR_INVALIDDATA, without a word, when
 * it has another, or it or a spot of it can't be read; then there is no new
 * file. */
int files_copy_proven(struct log *log, const char *from, const char *to,
                      const char *digest);
int files_remove_tree(struct log *log, const char *path);
/* The name beside `path` under which this process writes until it is whole:
 * hidden, with the process's number. */
char *files_temporary(struct arena *arena, const char *path);
/* Removes from a folder, not from those in it, the temporaries of writers that
 * are no more: killed, they could not do it themselves. Says nothing. */
void files_sweep(const char *folder);

bool files_exist(const char *path);
bool files_is_regular(const char *path); /* or a link to one */
bool files_is_folder(const char *path);
int64_t files_size(const char *path); /* -1 when there is none */
/* A stat in one comparable value: device, inode, size, mtime and ctime (ns). */
struct file_stamp {
    uint64_t device, inode, size;
    int64_t mtime_ns, ctime_ns;
};
int files_stamp(const char *path, struct file_stamp *out);
/* Names in a folder, sorted by bytes; hidden files are left out. */
int files_list(struct log *log, const char *folder, struct arena *arena,
               char ***names, size_t *count);

/* folder/name; an absolute name, or one without a folder, stays as it is. */
char *files_join(struct arena *arena, const char *folder, const char *name);
/* The one name of a folder, whether it is there yet or not: links and dots are
 * resolved. */
const char *files_real(struct arena *arena, const char *folder);
const char *files_name(const char *path); /* after the last slash; lent */
/* What desktops leave in every folder that they show, and WPS and Excel beside
 * what they have open ("~$名单.xlsx"). */
bool files_is_of_desktop(const char *path);
char *files_stem(struct arena *arena, const char *path); /* name, no ending */
const char *files_ending(const char *path); /* after the last dot; "" none */
bool files_has_ending(const char *path, const char *const *endings);

/* The session and the declared media folders: where a named file may lie. */
struct file_roots {
    const char *const *folders; /* the session first */
    size_t count;
};
/* Resolves a name the user wrote against the roots, in order. It must stay
 * inside its root as written ("..", absolute names elsewhere are refused with
 * AVERROR(EACCES)); a link that lies inside is followed. AVERROR(ENOENT) when
 * no root has it. The path is memory of the arena; Unicode composition (NFC or
 * NFD, as macOS writes it) is not told apart. */
int files_resolve(const struct file_roots *roots, const char *name,
                  struct arena *arena, char **path);

#endif
