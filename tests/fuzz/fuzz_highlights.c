/* SPDX-License-Identifier: GPL-3.0-or-later */
/* highlights.csv of any bytes: rows that hold what their header promises. */
#include "fuzz.h"

#include "ingest/highlights.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct faults faults = {.arena = arena_create()};
    struct highlights list = {0};
    highlights_parse(&list, "highlights.csv", (const char *)data, size,
                     faults.arena, &faults);
    FUZZ_CHECK(list.count || faults.count > 0);
    for (size_t i = 0; i < list.count; i++) {
        const struct highlight *row = &list.rows[i];
        FUZZ_CHECK(row->file);
        FUZZ_CHECK(row->row > 0);
        FUZZ_CHECK(row->crop_percent >= -1 && row->crop_percent <= 100);
        FUZZ_CHECK(row->transition_flicks >= 0);
        for (size_t k = 0; k < row->speaker_count; k++)
            FUZZ_CHECK(row->speakers[k] && row->speakers[k][0]);
    }
    arena_destroy(&faults.arena);
    return 0;
}
