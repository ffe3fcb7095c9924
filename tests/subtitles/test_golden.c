/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden pictures of what reelpress writes on a frame: every style in every
 * shape, and the texts that go wrong elsewhere. Drawn by the overlay from the
 * windows of a script, as films are. Hermetic by the digests of the fonts:
 * with others the test says so and is skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "all_styles.h"
#include "base/digest.h"
#include "golden.h"
#include "subtitles/drawing.h"

#define FOLDER "tests/subtitles/golden"

static const struct shape {
    const char *name;
    int width, height;
} shapes[] = {{"16x9", 854, 480}, {"9x16", 480, 854}, {"1x1", 480, 480}};

/* Dark on the left, bright on the right: text must stand on both. */
static AVFrame *make_ground(int width, int height)
{
    AVFrame *frame =
        drawing_frame(width, height, AV_PIX_FMT_YUV420P, (int[]){60, 128, 128});
    for (int y = 0; y < height; y++)
        memset(frame->data[0] + y * frame->linesize[0] + width / 2, 214,
               (size_t)(width - width / 2));
    return frame;
}

/* The luma of the frame with what shows at `tick`. */
static AVFrame *draw(struct stage *stage, size_t style,
                     const struct script *script, int64_t tick)
{
    const struct script_frame *of = &script->frame;
    struct overlay_format format = {of->width,          of->height,
                                    AV_PIX_FMT_YUV420P, AVCOL_SPC_BT709,
                                    AVCOL_RANGE_MPEG,   AVCHROMA_LOC_LEFT};
    AVFrame *frame = make_ground(of->width, of->height);
    struct overlay *overlay = NULL;
    struct buffer window = {0};
    bool shows = false;
    script_window(script, tick, tick + 25, &window);
    assert_int_equal(overlay_create(NULL, stage->libraries[style], &format,
                                    buffer_text(&window), NULL, &overlay),
                     0);
    assert_int_equal(overlay_at(overlay, script_ms(0, of->rate), &shows), 0);
    assert_true(shows);
    overlay_draw(overlay, frame);
    overlay_destroy(&overlay);
    buffer_clear(&window);
    return frame;
}

/* Rows [top, top + height) of a frame into the sheet at x, y. */
static void put(struct golden *sheet, int x, int y, const AVFrame *frame,
                int top, int height)
{
    for (int row = 0; row < height; row++)
        memcpy(sheet->grey + (size_t)(y + row) * (size_t)sheet->width + x,
               frame->data[0] + (top + row) * frame->linesize[0],
               (size_t)frame->width);
}

/* Title, strap over a caption, quote, end card: two by two. */
static void test_styles(void **state)
{
    static const struct script_caption captions[] = {
        {110, 195, "今天，我们在郴州市图书馆一起学习党的百年奋斗历史"}};
    static const struct script_strap straps[] = {
        {105, 190, "欧阳修远", "郴州市图书馆宣讲团成员"}};
    static const struct script_quote quotes[] = {
        {205, 295, "什么是共产党？就是自己有一条被子，也要剪下半条给老百姓的人",
         "徐解秀"}};
    static const struct script_title title = {
        0, 100, "半条被子的故事——沙洲村纪行", "庆七一·讲党史",
        "读书会第67期 · 2022年6月28日"};
    static const struct script_card card = {300,
                                            350,
                                            "读书会第67期",
                                            "半条被子的故事——沙洲村纪行",
                                            "市委办公室",
                                            "市委办公室供图　© 2022"};
    static const int64_t ticks[] = {40, 140, 245, 320};
    const struct script_request request = {captions, 1, straps, 1,
                                           quotes,   1, &title, &card};
    struct stage *stage = *state;
    for (size_t i = 0; i < COUNT(styles) * COUNT(shapes); i++) {
        size_t style = i / COUNT(shapes);
        const struct shape *shape = &shapes[i % COUNT(shapes)];
        struct fixture *fixture = &stage->fixtures[style];
        struct script_frame frame =
            fixture_frame(fixture, shape->width, shape->height);
        const struct script *script =
            script_build(&frame, &request, fixture->arena);
        struct golden sheet =
            golden_create(2 * shape->width, 2 * shape->height);
        char name[64];
        for (int k = 0; k < (int)COUNT(ticks); k++) {
            AVFrame *drawn = draw(stage, style, script, ticks[k]);
            put(&sheet, k % 2 * shape->width, k / 2 * shape->height, drawn, 0,
                shape->height);
            av_frame_free(&drawn);
        }
        snprintf(name, sizeof(name), "%s-%s", styles[style], shape->name);
        enum golden_level level = golden_check(FOLDER, name, &sheet);
        free(sheet.grey);
        assert_true(level <= GOLDEN_GOOD);
    }
}

/* The texts that go wrong elsewhere, as captions of one shape below each
 * other, and as titles. */
static const char *const hard_texts[] = {
    "郴州市圖書館與郴州市图书馆：讀書會、读书会",
    "㛃㛃老师、𬱖工、𠮷野和〇二班的阿·伊·古丽",
    "“什么？！”——他说：“……”（笑）《半条被子》！！！？？？",
    /* The parentheses tell clang that no comma is missing. */
    ("同志们在会上一致表示要把学习教育的成果转化为推动高质量发展的强大动力，"
     "为建设社会主义现代化新湖南贡献自己的一份力量和智慧"),
    "Aleksandra Konstantinovna Wolfeschlegelsteinhausenbergerdorff 与李明",
    "AI时代的35.6%增长与2022年6月28日的第3届大会",
};

static void check_hard(struct stage *stage, size_t style,
                       const struct shape *shape, bool titles)
{
    struct fixture *fixture = &stage->fixtures[style];
    struct script_frame frame =
        fixture_frame(fixture, shape->width, shape->height);
    int top = titles ? 0 : frame.caption_bottom - shape->height * 5 / 16;
    int part = titles ? shape->height : shape->height * 5 / 16 + 4;
    struct golden sheet =
        golden_create(shape->width, part * (int)COUNT(hard_texts));
    char name[64];
    for (int i = 0; i < (int)COUNT(hard_texts); i++) {
        struct script_caption caption = {0, 100, hard_texts[i]};
        struct script_title title = {0, 100, hard_texts[i]};
        struct script_request request = {
            .captions = &caption,
            .caption_count = titles ? 0 : 1,
            .title = titles ? &title : NULL,
        };
        const struct script *script =
            script_build(&frame, &request, fixture->arena);
        AVFrame *drawn = draw(stage, style, script, 20);
        put(&sheet, 0, i * part, drawn, top, part);
        av_frame_free(&drawn);
    }
    snprintf(name, sizeof(name), "hard-%s-%s", titles ? "titles" : "captions",
             shape->name);
    enum golden_level level = golden_check(FOLDER, name, &sheet);
    free(sheet.grey);
    assert_true(level <= GOLDEN_GOOD);
}

static void test_hard_texts(void **state)
{
    for (size_t i = 0; i < COUNT(shapes); i++)
        check_hard(*state, 0, &shapes[i], false);
    check_hard(*state, 1, &shapes[1], true);
}

/* Emoji have no place in the styles' faces: the plan must hear of it. */
static void test_emoji_are_missing(void **state)
{
    struct stage *stage = *state;
    for (size_t i = 0; i < COUNT(styles); i++) {
        const struct fixture *fixture = &stage->fixtures[i];
        for (int role = 0; role < ROLE_COUNT; role++) {
            size_t font = fixture->style->roles[role].font;
            assert_int_equal(
                faces_missing(fixture->faces, font, "真好\U0001F9E7了"),
                0x1F9E7);
            for (size_t k = 0; k < COUNT(hard_texts); k++)
                assert_int_equal(
                    faces_missing(fixture->faces, font, hard_texts[k]), 0);
        }
    }
}

/* --- comparing ------------------------------------------------------------ */

/* What passes and what doesn't: a bar moved by half a pixel does, a bar gone
 * or moved by three does not. */
static void test_levels(void **state)
{
    struct golden one = golden_create(32, 32), two = golden_create(32, 32);
    for (int y = 0; y < 32; y++)
        one.grey[32 * y + 10] = two.grey[32 * y + 10] = 200;
    assert_int_equal(golden_compare(&one, &two), GOLDEN_SAME);
    for (int y = 0; y < 32; y++)
        two.grey[32 * y + 10] = two.grey[32 * y + 11] = 100;
    two.grey[32 * 9 + 10] = two.grey[32 * 9 + 9] = 197;
    assert_true(golden_compare(&one, &two) > GOLDEN_GOOD);
    for (int y = 0; y < 32; y++) {
        two.grey[32 * y + 10] = 196;
        two.grey[32 * y + 11] = 4;
        two.grey[32 * y + 9] = 0;
    }
    assert_int_equal(golden_compare(&one, &two), GOLDEN_GOOD);
    memset(two.grey, 0, 32 * 32);
    assert_int_equal(golden_compare(&one, &two), GOLDEN_FAIL);
    two.height = 31;
    assert_int_equal(golden_compare(&one, &two), GOLDEN_FAIL);
    free(one.grey);
    free(two.grey);
}

/* The digests of all faces, one per line. */
static void fonts_text(const struct stage *stage, struct buffer *out)
{
    for (size_t i = 0; i < COUNT(styles); i++) {
        const struct faces *faces = stage->fixtures[i].faces;
        for (size_t k = 0; k < faces_count(faces); k++) {
            const struct face_facts *facts = faces_file(faces, k);
            char digest[DIGEST_TEXT] = "";
            if (digest_file(NULL, facts->file, digest) < 0)
                abort();
            buffer_printf(out, "%s %s\n", digest, facts->family);
        }
    }
}

/* Other faces, other pictures. */
static bool fonts_are_known(const struct stage *stage)
{
    struct buffer fonts = {0};
    char known[8192] = "";
    const char *wish = getenv("REELPRESS_GOLDEN");
    bool write = wish && strcmp(wish, "write") == 0;
    fonts_text(stage, &fonts);
    FILE *file = fopen(FOLDER "/fonts.txt", write ? "w" : "r");
    if (file && write)
        fputs(buffer_text(&fonts), file);
    else if (file)
        known[fread(known, 1, sizeof(known) - 1, file)] = '\0';
    if (file)
        fclose(file);
    bool same = write || strcmp(known, buffer_text(&fonts)) == 0;
    buffer_clear(&fonts);
    return same;
}

int main(void)
{
    static struct stage stage;
    bool ready = stage_open(&stage);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_levels, &stage),
        cmocka_unit_test_prestate(test_emoji_are_missing, &stage),
        cmocka_unit_test_prestate(test_styles, &stage),
        cmocka_unit_test_prestate(test_hard_texts, &stage),
    };
    bool known = ready && fonts_are_known(&stage);
    if (!known)
        printf("skipped: the fonts of this machine are not those that the "
               "golden pictures were drawn with\n");
    int ret = known ? cmocka_run_group_tests(tests, NULL, NULL) : SKIPPED;
    stage_close(&stage);
    return ret;
}
