/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other processes of this machine, known by their number only. */
#ifndef REELPRESS_BASE_PROCESS_H
#define REELPRESS_BASE_PROCESS_H

#include <stdbool.h>

/* No process has this number any more, or one that ended and only was not
 * waited for yet. False for numbers that can't be a process's. */
bool process_is_gone(long number);

#endif
