/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands do, one function each, and the exit status they end in. */
#ifndef REELPRESS_COMMANDS_H
#define REELPRESS_COMMANDS_H

#include "cli.h"
#include "progress.h"

/* The locale's language for messages; numbers stay as in C. Where the asked
 * locale is not installed its language is taken all the same. */
void commands_set_language(void);
/* Where presets/, styles/ and locale/ lie: beside the program. In the arena. */
char *commands_data_folder(struct arena *arena);

/* Returns an enum exit_status. */
int commands_run(struct log *log, struct progress *progress,
                 const struct cli *cli);

/* commands_make.c: makes the sessions in these folders, together, until *stop
 * is set; an enum exit_status. `many`: they are some of several, so messages
 * name them, and each has a folder of its own under -o. `again` (NULL: nobody
 * asks) says of each folder whether what kept it from being made may pass by
 * itself: another run, a full disk, a folder that is away. */
int command_make(struct log *log, struct progress *progress,
                 const struct cli *cli, const char *const *folders,
                 size_t count, bool many, bool *again,
                 const volatile int *stop);

/* commands_lock.c: one run at a time delivers to `out`. A descriptor to close
 * when the run is over, or a negative AVERROR, told; EBUSY after a second of
 * waiting for another run, called by its session's folder. */
int command_lock(struct log *log, const char *session, const char *store,
                 const char *out);

/* commands_watch.c: makes each session under the arguments' folders when it
 * has come to rest, and again when it changes, until *stop is set. */
int command_watch(struct log *log, struct progress *progress,
                  const struct cli *cli, const volatile int *stop);

/* commands_verify.c: delivered folders and zips, as their receiver would check
 * them; an enum exit_status. */
int command_verify(struct log *log, struct progress *progress,
                   const struct cli *cli, const volatile int *stop);

/* commands_presets.c: the presets that a session would find; an enum
 * exit_status. */
int command_presets(struct log *log, struct progress *progress,
                    const struct cli *cli);

/* commands_new.c: a session folder with commented files to fill in. */
int command_new(struct log *log, const char *folder);

#endif
