/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A face's table as numbers: looking things up, and the file that brings it
 * from a worker to main, which is read as if a stranger had written it. */
#include "subtitles/face_table.h"

#include <string.h>
#include <strings.h>

#include <libavutil/intreadwrite.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "base/files.h"

#define TABLE_MAGIC   "reelpress face"
#define TABLE_VERSION 1
#define TABLE_LIMIT   ((size_t)64 << 20)

enum { HEAD_NUMBERS = 5, LETTER_BYTES = 24, PAIR_BYTES = 12 };
/* No letter is a thousand ems wide. */
enum { UNITS_LEAST = 16, UNITS_MOST = 16384, LENGTH_MOST = 1000 * UNITS_MOST };

/* --- looking up ----------------------------------------------------------- */

const struct face_letter *face_table_find(const struct face_table *table,
                                          uint32_t character)
{
    size_t from = 0, to = table->letter_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (table->letters[middle].character < character)
            from = middle + 1;
        else
            to = middle;
    }
    return from < table->letter_count &&
                   table->letters[from].character == character
               ? &table->letters[from]
               : NULL;
}

static int pair_order(const struct face_pair *pair, uint32_t before,
                      uint32_t after)
{
    if (pair->before != before)
        return pair->before < before ? -1 : 1;
    return pair->after < after ? -1 : pair->after > after;
}

int32_t face_table_pair(const struct face_table *table, uint32_t before,
                        uint32_t after)
{
    size_t from = 0, to = table->pair_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = pair_order(&table->pairs[middle], before, after);
        if (order == 0)
            return table->pairs[middle].by;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return 0;
}

static bool any_equals(const char *const *list, size_t count, const char *name,
                       size_t size)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(list[i]) == size && strncasecmp(list[i], name, size) == 0)
            return true;
    }
    return false;
}

/* As matches_full_or_postscript_name of libass: where only one of the two
 * fits, it is the one that Windows would go by for this kind of outlines. */
enum face_match face_names_match(const struct face_names *names,
                                 const char *name, size_t size)
{
    const char *const *families = (const char *const *)names->families;
    const char *const *full_names = (const char *const *)names->full_names;
    if (any_equals(families, names->family_count, name, size))
        return FACE_FAMILY;
    bool full = any_equals(full_names, names->full_name_count, name, size);
    bool postscript =
        names->postscript && any_equals(&names->postscript, 1, name, size);
    if (full != postscript)
        full = names->is_postscript ? postscript : full;
    return full ? FACE_ITSELF : FACE_NO_MATCH;
}

/* --- the file ------------------------------------------------------------- */

static void put32(struct buffer *out, uint32_t value)
{
    uint8_t bytes[4];
    AV_WL32(bytes, value);
    buffer_append(out, bytes, sizeof(bytes));
}

static void put_letter(struct buffer *out, const struct face_letter *letter)
{
    put32(out, letter->character);
    put32(out, (uint32_t)letter->advance);
    put32(out, (uint32_t)letter->left);
    put32(out, (uint32_t)letter->bottom);
    put32(out, (uint32_t)letter->right);
    put32(out, (uint32_t)letter->top);
}

int face_table_save(struct log *log, const char *path, const char *font,
                    const struct face_table *table)
{
    struct buffer out = {0};
    uint8_t sum[DIGEST_BYTES];
    buffer_append(&out, TABLE_MAGIC, sizeof(TABLE_MAGIC));
    put32(&out, TABLE_VERSION);
    buffer_append(&out, font, DIGEST_TEXT);
    put32(&out, (uint32_t)table->units);
    put32(&out, (uint32_t)table->ascender);
    put32(&out, (uint32_t)table->descender);
    put32(&out, (uint32_t)table->letter_count);
    put32(&out, (uint32_t)table->pair_count);
    put_letter(&out, &table->box);
    for (size_t i = 0; i < table->letter_count; i++)
        put_letter(&out, &table->letters[i]);
    for (size_t i = 0; i < table->pair_count; i++) {
        put32(&out, table->pairs[i].before);
        put32(&out, table->pairs[i].after);
        put32(&out, (uint32_t)table->pairs[i].by);
    }
    digest_of(out.data, out.size, sum);
    buffer_append(&out, sum, sizeof(sum));
    int ret = files_write(log, path, out.data, out.size);
    buffer_clear(&out);
    return ret;
}

/* What is left to read; its size was checked before. */
static uint32_t take32(const uint8_t **at)
{
    uint32_t value = AV_RL32(*at);
    *at += 4;
    return value;
}

static int32_t take_length(const uint8_t **at, bool *good)
{
    int32_t length = (int32_t)take32(at);
    *good = *good && length >= -LENGTH_MOST && length <= LENGTH_MOST;
    return length;
}

static void take_letter(const uint8_t **at, struct face_letter *out, bool *good)
{
    out->character = take32(at);
    out->advance = take_length(at, good);
    out->left = take_length(at, good);
    out->bottom = take_length(at, good);
    out->right = take_length(at, good);
    out->top = take_length(at, good);
}

static bool take_rows(const uint8_t *at, struct face_table *table,
                      struct arena *arena)
{
    bool good = true;
    take_letter(&at, &table->box, &good);
    table->letters =
        arena_alloc(arena, (table->letter_count + 1) * sizeof(*table->letters));
    table->pairs =
        arena_alloc(arena, (table->pair_count + 1) * sizeof(*table->pairs));
    for (size_t i = 0; i < table->letter_count; i++) {
        struct face_letter *letter = &table->letters[i];
        take_letter(&at, letter, &good);
        good = good && letter->character > 0 &&
               (i == 0 || letter[-1].character < letter->character);
    }
    for (size_t i = 0; i < table->pair_count; i++) {
        struct face_pair *pair = &table->pairs[i];
        pair->before = take32(&at);
        pair->after = take32(&at);
        pair->by = take_length(&at, &good);
        good = good &&
               (i == 0 || pair_order(&pair[-1], pair->before, pair->after) < 0);
    }
    return good;
}

static struct face_table *table_parse(const uint8_t *at, size_t size,
                                      const char *font, struct arena *arena)
{
    const size_t head =
        sizeof(TABLE_MAGIC) + 4 + DIGEST_TEXT + (size_t)HEAD_NUMBERS * 4;
    if (size < head + LETTER_BYTES ||
        memcmp(at, TABLE_MAGIC, sizeof(TABLE_MAGIC)) != 0)
        return NULL;
    size -= head + LETTER_BYTES;
    at += sizeof(TABLE_MAGIC);
    if (take32(&at) != TABLE_VERSION || memcmp(at, font, DIGEST_TEXT) != 0)
        return NULL;
    at += DIGEST_TEXT;
    struct face_table *table = arena_alloc(arena, sizeof(*table));
    bool good = true;
    table->units = take_length(&at, &good);
    table->ascender = take_length(&at, &good);
    table->descender = take_length(&at, &good);
    table->letter_count = take32(&at);
    table->pair_count = take32(&at);
    good =
        good && table->units >= UNITS_LEAST && table->units <= UNITS_MOST &&
        table->ascender + table->descender > 0 &&
        table->letter_count <= size / LETTER_BYTES &&
        table->pair_count <= size / PAIR_BYTES &&
        table->letter_count * LETTER_BYTES + table->pair_count * PAIR_BYTES ==
            size;
    return good && take_rows(at, table, arena) ? table : NULL;
}

struct face_table *face_table_load(const char *path, const char *font,
                                   struct arena *arena)
{
    struct buffer bytes = {0};
    struct face_table *table = NULL;
    uint8_t sum[DIGEST_BYTES];
    if (!files_exist(path) || files_read(NULL, path, TABLE_LIMIT, &bytes) < 0 ||
        bytes.size < DIGEST_BYTES)
        goto done;
    size_t size = bytes.size - DIGEST_BYTES;
    digest_of(bytes.data, size, sum);
    if (memcmp(sum, bytes.data + size, DIGEST_BYTES) == 0)
        table = table_parse((const uint8_t *)bytes.data, size, font, arena);
done:
    buffer_clear(&bytes);
    return table;
}
