/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One session as the commands go through it: where its folders are, what
 * ingest and plan found, whether it can be made, its lock. */
#ifndef REELPRESS_VISIT_H
#define REELPRESS_VISIT_H

#include <stdbool.h>
#include "base/digest.h"
#include "cli.h"
#include "plan/plan.h"
#include "produce/produce.h"

struct visit {
    const struct cli *cli; /* lent */
    struct arena *arena;
    const char *folder; /* as given */
    const char *path;   /* links resolved; as given when it isn't there */
    const char *name;   /* its last part */
    const char *store, *out;
    struct log log;  /* puts the session's name in front, when it is one of
                        many */
    struct log *all; /* lent */
    /* Between visit_open and visit_close; NULL where ingest or plan failed. */
    struct session *session;
    struct plan *plan;
    struct memo *memo;
    bool faulty;            /* something was found that holds clips back */
    char told[DIGEST_TEXT]; /* of the faults that were told; "" none yet */
    int lock;               /* descriptor; -1: not held */
};

/* `many`: the session is one of several, which share -o's folder. The visit
 * stays where it is: its log goes by its address. */
void visit_init(struct visit *visit, struct log *log, const struct cli *cli,
                const char *folder, bool many);
void visit_clear(struct visit *visit);

/* Ingests and plans; negative when nothing could be read at all, or would be
 * written into the session itself (told). May be done again after visit_close.
 */
int visit_open(struct visit *visit, const volatile int *stop);
void visit_close(struct visit *visit);

/* Tells all faults, unless the same were told already. */
void visit_tell_faults(struct visit *visit);
/* Nothing is planned. */
bool visit_is_empty(const struct visit *visit);
/* Of the open session before anything is made. */
enum exit_status visit_status(const struct visit *visit);
void visit_options(const struct visit *visit, struct produce_options *out);

/* PATIENCE_S, or the environment's REELPRESS_PATIENCE, in seconds too: for
 * storage that is slower than any disk. */
int visit_patience_s(void);

/* Neither films nor work may get among any session's own files: told. */
int visit_check_apart(struct visit *visit);
/* Before hours of work and not after them: whether what is delivered can be
 * written. Creates nothing, as a run that makes nothing leaves nothing. */
int visit_check_out(struct visit *visit);

/* command_lock's lock of this session. */
int visit_lock(struct visit *visit);
void visit_unlock(struct visit *visit);

#endif
