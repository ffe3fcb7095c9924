/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An index of parts of a recording beside the one of the whole, and what both
 * must agree in. */
#ifndef REELPRESS_TESTS_INDEX_RIG_H
#define REELPRESS_TESTS_INDEX_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/clock.h"
#include "base/files.h"
#include "ingest/index.h"
#include "ingest/make_media.h"

#define MS(ms) ((ms) * (FLICKS_PER_SECOND / 1000))

/* Times in a recording of a minute: at its begin and end, near to one another,
 * a moment, beyond the end. */
static const struct index_range wanted[] = {
    {MS(0), MS(1480)},      {MS(11016), MS(14000)}, {MS(14500), MS(15010)},
    {MS(31337), MS(33337)}, {MS(40000), MS(40000)}, {MS(57000), MS(59990)},
    {MS(70000), MS(71000)},
};
#define WANTED (sizeof(wanted) / sizeof(wanted[0]))
#define INSIDE (WANTED - 1)

struct rig {
    char *folder;
    struct arena *arena;
    struct index *whole, *part;
};

static inline int rig_open(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    rig->folder = make_folder();
    rig->arena = arena_create();
    *state = rig;
    return 0;
}

static inline int rig_close(void **state)
{
    struct rig *rig = *state;
    files_remove_tree(NULL, rig->folder);
    arena_destroy(&rig->arena);
    free(rig->folder);
    free(rig);
    return 0;
}

static inline void rig_index(struct rig *rig, const char *name,
                             const struct make_media *media)
{
    const struct index_wish wish = {.ranges = wanted, .count = WANTED};
    const int sound = media->sound ? 1 : -1;
    char *path = make_path(rig->folder, name);
    if (!files_exist(path))
        make_media(path, media);
    assert_int_equal(index_build(NULL, path, 0, sound, rig->arena, &rig->whole),
                     0);
    assert_int_equal(
        index_build_ranges(NULL, path, 0, sound, &wish, rig->arena, &rig->part),
        0);
    assert_true(index_answers(rig->part, &wish));
    free(path);
}

/* The packets that decoding frame `w` takes, and what they are. */
static inline void expect_packets(const struct rig *rig, size_t w, size_t p)
{
    const struct index *whole = rig->whole, *part = rig->part;
    const size_t from = index_entry_packet(whole, w);
    const size_t entry = index_entry_packet(part, p);
    const size_t count = whole->frames[w].packet - from;
    assert_int_equal(part->frames[p].packet - entry, count);
    for (size_t i = 0; i <= count; i++) {
        const struct index_packet *a = &whole->packets[from + i];
        const struct index_packet *b = &part->packets[entry + i];
        assert_memory_equal(a->digest, b->digest, INDEX_DIGEST_BYTES);
        assert_int_equal(a->pts, b->pts);
        assert_int_equal(a->size, b->size);
        assert_int_equal(a->entry, b->entry);
        assert_int_equal(a->corrupt, b->corrupt);
    }
}

static inline void expect_sounds(const struct rig *rig,
                                 struct index_range range)
{
    const struct index *whole = rig->whole, *part = rig->part;
    const int64_t margin = FLICKS_PER_SECOND / 2;
    size_t k = 0;
    for (size_t i = 0; i < whole->sound_count; i++) {
        const struct index_sound *sound = &whole->sounds[i];
        const int64_t at =
            clock_from_stamp(sound->pts, whole->sound_time_base) -
            whole->start_flicks;
        if (at < range.from_flicks - margin || at > range.to_flicks + margin)
            continue;
        while (k < part->sound_count && part->sounds[k].pts < sound->pts)
            k++;
        assert_true(k < part->sound_count);
        assert_int_equal(part->sounds[k].pts, sound->pts);
        assert_memory_equal(part->sounds[k].digest, sound->digest,
                            INDEX_DIGEST_BYTES);
        k++;
    }
}

static inline void expect_frame(const struct rig *rig, size_t w, size_t p)
{
    assert_int_equal(rig->part->frames[p].pts, rig->whole->frames[w].pts);
    assert_int_equal(rig->part->frames[p].flicks, rig->whole->frames[w].flicks);
}

/* Every frame from the range's first to the one after its last, and a few
 * around. `numbered`: no hole makes the numbers differ. */
static inline void expect_range(const struct rig *rig, struct index_range range,
                                bool numbered)
{
    const struct index *whole = rig->whole, *part = rig->part;
    const size_t first = index_nearest(part, range.from_flicks);
    const size_t last = index_nearest(part, range.to_flicks);
    const size_t begin = index_nearest(whole, range.from_flicks);
    const size_t end = index_nearest(whole, range.to_flicks);
    assert_int_equal(last - first, end - begin);
    assert_int_equal(index_shown(part, range.from_flicks) - first,
                     index_shown(whole, range.from_flicks) - begin);
    const struct index_stretch stretch = index_stretch_of(part, first);
    for (size_t k = begin > 4 ? begin - 4 : 0;
         k < whole->frame_count && k <= end + 4; k++) {
        const size_t p = first + k - begin;
        assert_true(p >= stretch.first_frame && p < stretch.end_frame);
        expect_frame(rig, k, p);
        expect_packets(rig, k, p);
        if (numbered)
            assert_int_equal(index_number(part, p), k);
    }
    expect_sounds(rig, range);
}

static inline void expect_same(const struct rig *rig, bool partial)
{
    const struct index *whole = rig->whole, *part = rig->part;
    assert_int_equal(part->partial, partial);
    assert_int_equal(part->start_flicks, whole->start_flicks);
    assert_int_equal(part->start_us, whole->start_us);
    assert_int_equal(part->first_flicks, whole->first_flicks);
    assert_int_equal(part->end_flicks, whole->end_flicks);
    assert_int_equal(part->sound_first_flicks, whole->sound_first_flicks);
    assert_int_equal(part->sound_end_flicks, whole->sound_end_flicks);
    assert_int_equal(part->constant_rate, whole->constant_rate);
    assert_int_equal(part->rate.num, whole->rate.num);
    assert_int_equal(part->rate.den, whole->rate.den);
    assert_int_equal(part->time_base.den, whole->time_base.den);
    for (size_t i = 0; i < INSIDE; i++)
        expect_range(rig, wanted[i], true);
    if (partial)
        assert_true(part->packet_count < whole->packet_count * 3 / 4);
}

#endif
