/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which line ends of a subtitle mean something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "subtitles/cues.h"

static void test_apart(void **state)
{
    static const char *const texts[][3] = {
        {"我们要不忘初心\nStay true to our mission", "我们要不忘初心",
         "Stay true to our mission"},
        {"Stay true\n不忘初心", "Stay true", "不忘初心"},
        {"参观 GDP 展\nVisiting the exhibition", "参观 GDP 展",
         "Visiting the exhibition"},
        {"你好\n안녕하세요", "你好", "안녕하세요"},
        {"欢迎\nようこそ日本へ", "欢迎", "ようこそ日本へ"},
        {"同志们\nياخشىمۇسىز", "同志们", "ياخشىمۇسىز"},
        {"- 你是谁？\n- 我是李明。", "- 你是谁？", "- 我是李明。"},
        {"—是吗\n\n  —是的 ", "—是吗", "—是的"},
        {"李明：好\n王芳：好的", "李明：好", "王芳：好的"},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct arena *arena = arena_create();
        assert_string_equal(cue_lines(texts[i][0], arena),
                            arena_printf(arena, "%s" CUE_LINE_END "%s",
                                         texts[i][1], texts[i][2]));
        arena_destroy(&arena);
    }
}

static void test_together(void **state)
{
    static const char *const texts[] = {
        "",
        "一行",
        "作者断开的\n同一句话",
        "The first half\nand the second",
        "今年的总产值是\n1,200 亿元",
        "气温\n-3 度",
        "- 只有一个\n在说话",
        "主题：学习\n参观学习",
        "一\nTwo\n三",
        "……\n？！",
        "时间是上午十点整：\n地点是市委大院里：",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct arena *arena = arena_create();
        assert_ptr_equal(cue_lines(texts[i], arena), texts[i]);
        arena_destroy(&arena);
    }
    assert_true(cue_line_is_foreign("Visiting 3 museums"));
    assert_false(cue_line_is_foreign("参观 GDP 展"));
    assert_false(cue_line_is_foreign("2022"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apart),
        cmocka_unit_test(test_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
