/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fonts as a script carries them, taken the way that worker and main take them:
 * parsed to names and tables, put into a file each. Not a test by itself. */
#ifndef REELPRESS_TESTS_CARRIED_SET_H
#define REELPRESS_TESTS_CARRIED_SET_H

#include <unistd.h>

#include "base/files.h"
#include "make_font.h"
#include "subtitles/faces.h"

#define CARRIED_MOST 8

struct set {
    struct face_facts facts[CARRIED_MOST];
    struct face_names names[CARRIED_MOST];
    const struct face_table *tables[CARRIED_MOST];
    size_t count;
    char paths[CARRIED_MOST][40];
};

/* Adds a font's bytes as a worker and main would. */
static inline void set_add(struct set *set, const void *bytes, size_t size,
                           int index, struct arena *arena)
{
    struct face_names *names;
    struct face_table *table;
    size_t count, i = set->count++;
    uint8_t sum[DIGEST_BYTES];
    assert_int_equal(face_names_read(NULL, bytes, size, arena, &names, &count),
                     0);
    assert_int_equal(face_table_make(NULL, bytes, size, index, arena, &table),
                     0);
    memcpy(set->paths[i], "/tmp/reelpress-test-XXXXXX", 27);
    close(mkstemp(set->paths[i]));
    assert_int_equal(files_write(NULL, set->paths[i], bytes, size), 0);
    digest_of(bytes, size, sum);
    digest_text(sum, set->facts[i].digest);
    set->facts[i].file = set->paths[i];
    set->facts[i].index = index;
    for (size_t k = 0; k < count; k++) {
        if (names[k].index == index)
            set->names[i] = names[k];
    }
    set->tables[i] = table;
}

static inline void set_add_made(struct set *set, const struct make_font *font,
                                struct arena *arena)
{
    struct buffer bytes = {0};
    make_font(font, &bytes);
    set_add(set, bytes.data, bytes.size, 0, arena);
    buffer_clear(&bytes);
}

static inline const struct faces *set_carry(const struct set *set,
                                            struct faces *faces)
{
    return faces_carry(NULL, faces, 1, set->facts, set->names, set->tables,
                       set->count);
}

static inline void set_clear(struct set *set)
{
    for (size_t i = 0; i < set->count; i++)
        unlink(set->paths[i]);
}

#endif
