/* SPDX-License-Identifier: GPL-3.0-or-later */
/* corrections.csv 更正.csv: wrong,right pairs that are applied to every text,
 * longest wrong first, never to what a correction has just put in. */
#ifndef REELPRESS_SUBTITLES_CORRECTIONS_H
#define REELPRESS_SUBTITLES_CORRECTIONS_H

#include <stddef.h>
#include "base/arena.h"
#include "base/fault.h"

struct correction {
    const char *wrong, *right;
    int row;
    size_t hits; /* counted by corrections_apply */
};

struct corrections {
    struct correction *list;
    size_t count;
};

void corrections_parse(struct corrections *out, const char *file,
                       const char *bytes, size_t size, struct arena *arena,
                       struct faults *faults);
/* `text` with all corrections done; `text` itself when none applies. */
const char *corrections_apply(struct corrections *corrections,
                              struct arena *arena, const char *text);

#endif
