/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this process is given of the machine that it runs on: by the kernel's
 * own account, or what a container's or service's limit leaves if that is less.
 * Files are looked for below `root`, "" for the system's own; control groups of
 * version 2 and of version 1 are known. */
#ifndef REELPRESS_BASE_MACHINE_H
#define REELPRESS_BASE_MACHINE_H

#include <stdint.h>

/* Bytes that programs can still be given without swapping. -1: not known. */
int64_t machine_memory(const char *root);
/* Processors that it may run on, a share of one counted as one; from 1. */
int machine_processors(const char *root);

#endif
