/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files on their way into out/: placed whole, equal ones left alone, what
 * somebody edited kept beside under a name of its own. The report of the run
 * before is the proof of what is ours, and for a run that was cut off before
 * its report, the list that it kept while it delivered (DELIVERY_LIST). */
#ifndef REELPRESS_PACKAGE_DELIVERY_H
#define REELPRESS_PACKAGE_DELIVERY_H

#include <stdbool.h>
#include <jansson.h>
#include "base/arena.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/memo.h"

/* Under out/, while a run delivers: a line "digest path" for each file before
 * it gets its name. */
#define DELIVERY_LIST ".delivering"

struct delivery {
    struct log *log;
    struct arena *arena;
    struct memo *memo;  /* lent; may be NULL */
    const char *out;    /* the delivery folder */
    const char *folder; /* the outlet's name under it; NULL: out itself */
    const char *edited; /* the word for an edited file's new name */
    json_t *last; /* path under out → digest, of the run before; may be NULL */
    json_t *begun; /* lines of the list that a cut-off run left → true */
    bool foreign;  /* what lies in `out` is another session's */
    json_t *files; /* array of {"path","bytes","sha256"}, path under out */
    bool damaged;  /* a product was not what its digest says */
};

/* path → digest of all that the last report lists, and that a run delivered
 * or began to after it; a new reference. */
json_t *delivery_last_files(const json_t *last_report);
/* The lines of `out`'s list, each a key; a new reference, NULL without one. */
json_t *delivery_read_list(const char *out);

/* Clears away what a run that was killed left half written in out,
 * rejected/, the outlet's folder and its data/. */
void delivery_sweep(const struct delivery *delivery);
/* Places the bytes, or a copy of the file `from` whose digest is known, under
 * `name` (may have a folder in front). AVERROR_INVALIDDATA, without a word, for
 * a file that has another digest. */
int delivery_place_bytes(struct delivery *delivery, const char *name,
                         const void *bytes, size_t size);
int delivery_place_file(struct delivery *delivery, const char *name,
                        const char *from, const char *digest);
/* Places a file of ours that is finished at `from` (same file system) by
 * renaming it. Its bytes follow from `key` alone: delivery_has says whether
 * those of that key lie under `name` unchanged, by the memo; if so they are
 * recorded as placed. */
int delivery_move_file(struct delivery *delivery, const char *name,
                       const char *from, const char *key);
bool delivery_has(struct delivery *delivery, const char *name, const char *key);
/* Goes on listing a file of the last run that this one leaves alone, so that
 * it is known as ours. */
void delivery_keep(struct delivery *delivery, const char *path);
/* Takes away a file under out/ if it is ours and unchanged; tells when it is
 * not. */
void delivery_withdraw(struct delivery *delivery, const char *path);

#endif
