/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes to text by detection, and what comes of it as a spreadsheet. */
#include "fuzz.h"

#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/text.h"
#include "subtitles/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct buffer text = {0};
    struct csv csv;
    const char *name = NULL;
    if (charset_decode((const char *)data, size, NULL, &text, &name) >= 0) {
        FUZZ_CHECK(name);
        FUZZ_CHECK(text_is_utf8(buffer_text(&text), text.size));
        FUZZ_CHECK(!text.size || !memchr(text.data, '\r', text.size));
        csv_parse(&csv, buffer_text(&text), text.size, arena);
        for (size_t i = 0; i < csv.count; i++) {
            FUZZ_CHECK(csv.rows[i].count > 0);
            FUZZ_CHECK(i == 0 || csv.rows[i].row > csv.rows[i - 1].row);
            for (size_t k = 0; k < csv.rows[i].count; k++)
                FUZZ_CHECK(csv.rows[i].cells[k]);
        }
    }
    buffer_clear(&text);
    arena_destroy(&arena);
    return 0;
}
