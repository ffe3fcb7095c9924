/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From packets that say too little to frames: order, missing stamps, heads
 * that are cut off. No file is touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <libavutil/avutil.h>
#include "base/arena.h"
#include "base/clock.h"
#include "ingest/expect_constant.h"
#include "ingest/index_frames.h"

static int arena_open(void **state)
{
    *state = arena_create();
    return 0;
}

static int arena_close(void **state)
{
    struct arena *arena = *state;
    arena_destroy(&arena);
    return 0;
}

static void test_missing_stamps_by_order(void **state)
{
    struct arena *arena = *state;
    /* I P B B P B B in units of 1/25 s; a second field and a hidden one. */
    const int64_t order[] = {0, 6, 2, 4, 0, 12, 8, 10, 0};
    struct index_packet packets[9] = {{0}};
    struct index_note notes[9] = {{0}};
    for (int i = 0; i < 9; i++) {
        packets[i].pts = AV_NOPTS_VALUE;
        packets[i].dts = i;
        notes[i] = (struct index_note){
            .order = order[i], .has_order = true, .picture = i != 4 && i != 8};
    }
    packets[0].entry = ENTRY_IDR;
    packets[2].pts = 11; /* one is known: all hang on it */
    struct index index = {.time_base = {1, 25},
                          .packets = packets,
                          .packet_count = 9,
                          .start_flicks = FLICKS_PER_SECOND * 10 / 25};
    const struct index_hints hints = {.declared_rate = {25, 1}};
    index_make_frames(&index, notes, &hints, arena);
    expect_constant(&index, 7, (AVRational){25, 1});
    const uint32_t shown[] = {0, 2, 3, 1, 6, 7, 5};
    for (int k = 0; k < 7; k++) {
        assert_int_equal(index.frames[k].packet, shown[k]);
        assert_int_equal(index.frames[k].pts, 10 + k);
        assert_int_equal(index.frames[k].flicks, FLICKS_PER_SECOND * k / 25);
    }
}

static void test_headless_open_group(void **state)
{
    struct arena *arena = *state;
    /* P B | I b b P: the first two and both b go. */
    const int64_t stamps[] = {2, 1, 5, 3, 4, 6};
    struct index_packet packets[6] = {{0}};
    struct index_note notes[6] = {{0}};
    for (int i = 0; i < 6; i++) {
        packets[i].pts = packets[i].dts = stamps[i];
        notes[i].picture = true;
    }
    packets[2].entry = ENTRY_OPEN;
    struct index index = {
        .time_base = {1, 25}, .packets = packets, .packet_count = 6};
    const struct index_hints hints = {.declared_rate = {25, 1}};
    index_make_frames(&index, notes, &hints, arena);
    assert_int_equal(index.frame_count, 2);
    assert_int_equal(index.frames[0].packet, 2);
    assert_int_equal(index.frames[1].packet, 5);
    assert_false(index.closed);
}

static void test_same_time_twice(void **state)
{
    struct arena *arena = *state;
    struct index_packet packets[3] = {
        {.pts = 0, .entry = ENTRY_IDR}, {.pts = 1}, {.pts = 1}};
    struct index_note notes[3] = {
        {.picture = true}, {.picture = true}, {.picture = true}};
    struct index index = {
        .time_base = {1, 25}, .packets = packets, .packet_count = 3};
    const struct index_hints hints = {.declared_rate = {25, 1}};
    index_make_frames(&index, notes, &hints, arena);
    assert_int_equal(index.frame_count, 2);
    assert_int_equal(index.frames[1].packet, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_missing_stamps_by_order),
        cmocka_unit_test(test_headless_open_group),
        cmocka_unit_test(test_same_time_twice),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
