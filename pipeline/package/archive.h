/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An outlet's zip: names in UTF-8 with bit 11 set, media stored, texts
 * deflated, members sorted, times from the session's date, so that the same
 * members give the same bytes. */
#ifndef REELPRESS_PACKAGE_ARCHIVE_H
#define REELPRESS_PACKAGE_ARCHIVE_H

#include <stddef.h>
#include "base/log.h"

struct archive_member {
    const char *name; /* in the zip */
    const char *path; /* on disk */
};

/* What makes zips differ beside their members: the writer's version. Static. */
const char *archive_version(void);

/* Writes `path` (a temporary that the caller publishes), towards people called
 * `name`. The members are sorted in place. */
int archive_write(struct log *log, const char *path, const char *name,
                  struct archive_member *members, size_t count, int year,
                  int month, int day);

#endif
