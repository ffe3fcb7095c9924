/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was once worked out of a file's bytes, remembered by its stat: (path,
 * device, inode, size, mtime, ctime) → a short text. It spares reading files
 * again that did not change; losing it costs time, nothing else.
 *
 * A file that is written twice within the grain of its file system's clock
 * looks the same after as between. So an answer is believed only where the
 * file had been at rest for two seconds (FAT's grain, the coarsest) when it
 * was looked at. */
#ifndef REELPRESS_BASE_MEMO_H
#define REELPRESS_BASE_MEMO_H

#include <stdbool.h>
#include "base/digest.h"
#include "base/files.h"
#include "base/log.h"

#define MEMO_SETTLE_NS INT64_C(2000000000)

struct memo; /* main process only; not thread-safe */

/* Reads the memo at `path`. One that is missing, damaged or of another version
 * is empty; nothing is told. */
struct memo *memo_load(const char *path);
/* Writes it when anything changed. Entries whose file is gone and that this
 * run did not ask for are dropped. NULL is valid. */
int memo_save(struct log *log, struct memo *memo);
void memo_destroy(struct memo **memo);

/* What is known of the file as it is now, for `what` ("sha256", …); NULL when
 * nothing is. Lent until the next memo_keep. A NULL memo knows nothing. */
const char *memo_find(struct memo *memo, const char *what, const char *path);
/* Whether a file of this stamp, looked at then (memo_now), shows any later
 * change in its stamp: not while its last change may be going on. */
bool memo_is_settled(const struct file_stamp *stamp, int64_t seen_ns);
/* Keeps a value that was worked out of the file: `before` is its stamp and
 * `began_ns` the time (memo_now) from before it was read. Not kept when the
 * file is another one by now. */
void memo_keep(struct memo *memo, const char *what, const char *path,
               const struct file_stamp *before, int64_t began_ns,
               const char *value);
int64_t memo_now(void); /* CLOCK_REALTIME in ns, as file times are */

/* digest_file through the memo; with a NULL memo, digest_file. */
int memo_digest(struct log *log, struct memo *memo, const char *path,
                char out[DIGEST_TEXT]);
/* Keeps the digest of a file that this process itself has just put in place
 * with these bytes, and sets its mtime three seconds back so that the next run
 * may believe it: whoever writes to it from now on gives it another time. */
void memo_placed(struct memo *memo, const char *path, const char *digest);

#endif
