/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store: key → file, under the work folder. A file has its key as name
 * from the moment it is whole; before that it lies in tmp/. A file's mtime is
 * when it was last used. Deleting the whole folder loses time, nothing else.
 *
 * Several runs may share a store: each holds a shared lock on it; what would
 * harm the others (clearing tmp/, trimming) is done only by one that is alone.
 */
#ifndef REELPRESS_PRODUCE_STORE_H
#define REELPRESS_PRODUCE_STORE_H

#include <stdbool.h>
#include <jansson.h>
#include "base/arena.h"
#include "base/log.h"

/* What the last run did, beside the products. */
#define JOURNAL_FILE "last-run.json"

struct store {
    const char *folder; /* lent */
    int users;          /* descriptor of the lock; -1: none could be had */
};

/* Makes the folders and clears what a killed run left in tmp/. */
int store_open(struct log *log, struct store *store, const char *folder);
/* Clears it again, of what workers left that did not end well. */
void store_close(struct store *store);
/* Somebody deleted it, or took its disk away, since it was opened. */
bool store_is_gone(const struct store *store);
/* True: no other run uses the store until store_let_in. */
bool store_keep_out(const struct store *store);
void store_let_in(const struct store *store);

/* Where the product of this key lies: FOLDER/ab/cdef….KIND. `kind` is the
 * ending: "chunk", "sound", "mp4", "png", "jpg", "sheet.jpg", "json". In the
 * arena. */
char *store_path(const struct store *store, const char *key, const char *kind,
                 struct arena *arena);
/* A name of this process's own in tmp/ for the product while it is made. */
char *store_temporary(const struct store *store, const char *key,
                      const char *kind, struct arena *arena);
bool store_has(const struct store *store, const char *key, const char *kind);
/* Whether a name in the store's folder is that of one of products, and a name
 * in there that of a product: others may be somebody else's. */
bool store_is_folder(const char *name);
bool store_is_product(const char *name);
/* Renames the finished temporary to its key's name. */
int store_publish(struct log *log, const struct store *store,
                  const char *temporary, const char *key, const char *kind);

void store_remove(const struct store *store, const char *key, const char *kind);
/* Notes that the product is used now; one that isn't there is passed over. */
void store_use(const struct store *store, const char *key, const char *kind);
bool store_used_lately(const struct store *store, const char *key,
                       const char *kind); /* within the hour */

/* Small documents beside products: figures, choices. Closed by their digest;
 * NULL when there is none or it is damaged. */
json_t *store_read_json(const struct store *store, const char *key);
int store_write_json(struct log *log, const struct store *store,
                     const char *key, const json_t *value);

#endif
