/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns last-run.json: the last run in figures. */
#include "produce/journal.h"

#include "base/files.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

int64_t journal_last_pace(const struct store *store)
{
    struct arena *arena = arena_create();
    json_t *journal = json_read(files_join(arena, store->folder, JOURNAL_FILE));
    int64_t pace =
        json_integer_value(json_object_get(journal, "pace_units_per_hour"));
    json_decref(journal);
    arena_destroy(&arena);
    return pace;
}

void journal_write(struct log *log, const struct queue *queue,
                   int64_t elapsed_ms, int64_t pace)
{
    const struct produce_summary *s = queue->summary;
    const struct store *store = queue->store;
    struct arena *arena = arena_create();
    json_t *journal = json_pack(
        "{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:O}", "version",
        REELPRESS_VERSION, "elapsed_ms", (json_int_t)elapsed_ms, "made",
        (json_int_t)s->made, "reused", (json_int_t)s->reused, "failed",
        (json_int_t)s->failed, "chunks_made", (json_int_t)s->chunks_made,
        "chunks_reused", (json_int_t)s->chunks_reused, "frames_decoded",
        (json_int_t)s->frames_decoded, "frames_needed",
        (json_int_t)s->frames_needed, "frames_encoded",
        (json_int_t)s->frames_encoded, "check_cpu_ms",
        (json_int_t)(queue->check_cpu_us / 1000), "pace_units_per_hour",
        (json_int_t)(pace ? pace : journal_last_pace(store)), "items",
        queue->timings);
    char *text = json_dumps(journal, JSON_INDENT(1));
    if (text)
        files_write(log, files_join(arena, store->folder, JOURNAL_FILE), text,
                    strlen(text));
    free(text);
    json_decref(journal);
    arena_destroy(&arena);
}
