/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outer boxes of an MP4, read without libavformat (ISO/IEC 14496-12,
 * 4.2): a reader that forgives nothing. */
#ifndef REELPRESS_CHECK_BOXES_H
#define REELPRESS_CHECK_BOXES_H

#include <stdbool.h>
#include <stdint.h>
#include "base/log.h"

struct boxes {
    char brand[5];
    bool moov_first; /* before mdat: plays while it loads */
    bool whole;      /* the boxes fill the file exactly */
    bool has_clock;  /* a creation time is set in mvhd */
    int64_t bytes;
};

int boxes_read(struct log *log, const char *path, struct boxes *out);

#endif
