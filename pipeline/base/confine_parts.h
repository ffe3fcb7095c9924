/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two halves of confine_self. For confine*.c. */
#ifndef REELPRESS_BASE_CONFINE_PARTS_H
#define REELPRESS_BASE_CONFINE_PARTS_H

#include "base/confine.h"

/* Each sets no_new_privs and returns over 0 when it is in force, 0 when the
 * kernel lacks it, an AVERROR, not told, when the kernel has it and refuses. */

int confine_files(const struct confinement *confinement); /* the version */
int confine_calls(void);

#endif
