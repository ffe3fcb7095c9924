/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts made by chance from what people write, for the tests of space. */
#ifndef REELPRESS_TESTS_SCRIPT_TEXTS_H
#define REELPRESS_TESTS_SCRIPT_TEXTS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static inline uint32_t next_random(uint32_t *random)
{
    *random = *random * 1664525 + 1013904223;
    return *random >> 8;
}

/* 1 to `most` characters and whatever the last part adds. */
static inline const char *make_text(uint32_t *random, size_t most,
                                    struct arena *arena)
{
    static const char *const parts[] = {
        "我们",
        "学习",
        "，",
        "。",
        "《党章》",
        "2022年",
        "第十九届",
        "35.6%",
        "李明",
        "的",
        "——",
        "……",
        "“初心”",
        "AI",
        "Hunan ",
        "、",
        "精神",
        "（掌声）",
        "？",
        "群众",
        "g",
        "j",
        "Supercalifragilisticexpialidocious",
        "𠮷",
        "㛃",
        "{",
        "}",
        "\\N",
        "！！！",
        "!?",
        "・",
        "W",
        "مرحبا بكم ",
        "שלום",
    };
    struct buffer out = {0};
    size_t wanted = 1 + next_random(random) % most;
    while (text_count(buffer_text(&out)) < wanted)
        buffer_puts(&out, parts[next_random(random) % COUNT(parts)]);
    char *text = arena_strdup(arena, buffer_text(&out));
    buffer_clear(&out);
    return text;
}

#endif
