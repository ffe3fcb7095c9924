/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/arena.h and base/buffer.h. */
#include "base/arena.h"
#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void arena_gives_zeroed_aligned(void **state)
{
    struct arena *arena = arena_create();
    for (size_t size = 0; size < 200000; size = size * 2 + 7) {
        unsigned char *bytes = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)bytes % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xff, size);
    }
    arena_destroy(&arena);
    assert_null(arena);
    arena_destroy(&arena);
    arena_destroy(NULL);
}

static void arena_keeps_apart(void **state)
{
    struct arena *arena = arena_create();
    unsigned char *blocks[400];
    size_t sizes[400];
    for (size_t i = 0; i < 400; i++) {
        sizes[i] = i % 50 == 49 ? 20000 : i * 3 % 97;
        blocks[i] = arena_alloc(arena, sizes[i]);
        memset(blocks[i], (int)(i % 251), sizes[i]);
    }
    for (size_t i = 0; i < 400; i++) {
        for (size_t j = 0; j < sizes[i]; j++)
            assert_int_equal(blocks[i][j], i % 251);
    }
    arena_destroy(&arena);
}

static void arena_texts(void **state)
{
    struct arena *arena = arena_create();
    assert_null(arena_strdup(arena, NULL));
    assert_string_equal(arena_strdup(arena, "读书"), "读书");
    assert_string_equal(arena_strndup(arena, "abcdef", 3), "abc");
    assert_string_equal(arena_strndup(arena, NULL, 0), "");
    assert_string_equal(arena_printf(arena, "%s-%03d", "x", 7), "x-007");
    arena_destroy(&arena);
}

static void arena_arrays_grow(void **state)
{
    struct pair {
        int number;
        const char *text;
    } *list = NULL;
    size_t count = 0;
    struct arena *arena = arena_create();
    for (int i = 0; i < 1000; i++) {
        struct pair *pair = ARENA_PUSH(arena, list, count);
        assert_int_equal(pair->number, 0);
        assert_null(pair->text);
        assert_ptr_equal(pair, &list[i]);
        pair->number = i;
        pair->text = "t";
        arena_alloc(arena, 24); /* something behind it to run into */
    }
    assert_int_equal(count, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(list[i].number, i);
    arena_destroy(&arena);
}

static void buffer_grows(void **state)
{
    struct buffer buffer = {0};
    assert_string_equal(buffer_text(&buffer), "");
    buffer_append(&buffer, NULL, 0);
    assert_string_equal(buffer_text(&buffer), "");
    for (int i = 0; i < 1000; i++)
        buffer_printf(&buffer, "%d,", i);
    assert_int_equal(buffer.size, 3890);
    assert_int_equal(strlen(buffer.data), 3890);
    assert_string_equal(buffer.data + 3882, "998,999,");
    buffer_reset(&buffer);
    assert_int_equal(buffer.size, 0);
    assert_string_equal(buffer_text(&buffer), "");
    buffer_puts(&buffer, "a");
    buffer_append(&buffer, "\0b", 2);
    assert_int_equal(buffer.size, 3);
    assert_memory_equal(buffer.data, "a\0b", 4);
    buffer_clear(&buffer);
    assert_null(buffer.data);
    assert_int_equal(buffer.size + buffer.room, 0);
    buffer_reset(&buffer);
    buffer_clear(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_zeroed_aligned),
        cmocka_unit_test(arena_keeps_apart),
        cmocka_unit_test(arena_texts),
        cmocka_unit_test(arena_arrays_grow),
        cmocka_unit_test(buffer_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
