/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a sample script of a style and a frame as an ASS file, to be looked
 * at: titles at 0–4 s, strap and captions at 4–8 s, quote at 8–12 s, end card
 * at 12–14 s. With "poster" as the last word, poster lettering instead.
 * Not a test: show_script STYLE WIDTH HEIGHT [poster]. */
#include "script_fixture.h"

#include <stdlib.h>

static void show(const struct fixture *fixture,
                 const struct script_frame *frame, bool poster)
{
    static const struct script_caption captions[] = {
        {10, 90, "同志们、朋友们，大家下午好"},
        {110, 150, "今天，我们在郴州市图书馆一起学习党的百年奋斗历史"},
        {150, 195, "1934年11月，三位女红军借宿在沙洲村徐解秀老人家中"},
        {310, 349, "谢谢大家"},
    };
    static const struct script_strap straps[] = {
        {105, 190, "欧阳修远", "郴州市图书馆宣讲团成员"},
    };
    static const struct script_quote quotes[] = {
        {205, 295, "什么是共产党？就是自己有一条被子，也要剪下半条给老百姓的人",
         "徐解秀"},
    };
    static const struct script_title title = {
        0,
        100,
        "半条被子的故事——沙洲村纪行",
        "半条被子的故事",
        "读书会第67期　2022年6月28日",
    };
    static const struct script_card card = {
        300,
        350,
        "读书会第67期",
        "半条被子的故事——沙洲村纪行",
        "市委办公室",
        "市委办公室供图　© 2022",
    };
    struct script_request request = {
        .captions = captions,
        .caption_count = 4,
        .straps = straps,
        .strap_count = 1,
        .quotes = quotes,
        .quote_count = 1,
        .title = &title,
        .card = &card,
    };
    struct buffer out = {0};
    struct script *script = poster
                                ? script_poster(frame, &title, fixture->arena)
                                : script_build(frame, &request, fixture->arena);
    if (poster) { /* one tick is too short for a viewer */
        for (size_t i = 0; i < script->count; i++)
            script->events[i].end_tick = 100;
    }
    script_print(script, &out);
    fputs(buffer_text(&out), stdout);
    buffer_clear(&out);
}

int main(int argc, char **argv)
{
    struct fixture fixture = {0};
    if (argc < 4) {
        fputs("show_script STYLE WIDTH HEIGHT [poster]\n", stderr);
        return 2;
    }
    int ret = 1;
    if (fixture_open(&fixture, argv[1])) {
        struct script_frame frame =
            fixture_frame(&fixture, (int)strtol(argv[2], NULL, 10),
                          (int)strtol(argv[3], NULL, 10));
        bool poster = argc > 4 && strcmp(argv[4], "poster") == 0;
        if (poster)
            frame.safe =
                (struct script_box){frame.width / 16, frame.height / 16,
                                    frame.width - frame.width / 16,
                                    frame.height - frame.height / 14};
        show(&fixture, &frame, poster);
        ret = 0;
    }
    fixture_close(&fixture);
    return ret;
}
