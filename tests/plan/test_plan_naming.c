/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of files, and the encoder's string. */
#include "plan/fixture.h"
#include "base/text.h"

static const AVRational R25 = {25, 1};

static void expect_safe(struct fixture *f, const char *text, const char *want)
{
    assert_string_equal(want, naming_safe(text, f->arena));
}

static void test_safe(void **state)
{
    struct fixture *f = *state;
    expect_safe(f, "半条被子的故事", "半条被子的故事");
    expect_safe(f, "A/B\\C:D*E?F\"G<H>I|J", "ABCDEFGHIJ");
    expect_safe(f, "  两端　空白 \n", "两端 空白");
    expect_safe(f, "第一行\n第二行", "第一行 第二行");
    expect_safe(f, "...隐藏.", "隐藏");
    expect_safe(f,
                "a\xe2\x80\xae"
                "b\xef\xbb\xbf"
                "c",
                "abc");
    expect_safe(f, "坏\xff字", "坏字");
    expect_safe(f, "CON", "CON_");
    expect_safe(f, "com1", "com1_");
    expect_safe(f, "comb", "comb");
    expect_safe(f, "", "_");
    expect_safe(f, NULL, "_");
    expect_safe(f, "???", "_");
    expect_safe(f, "《庆七一·讲党史》", "《庆七一·讲党史》");
    expect_safe(f, "𠮷野家：100%", "𠮷野家：100%");
}

static void test_long(void **state)
{
    struct fixture *f = *state;
    struct buffer text = {0};
    for (int i = 0; i < 100; i++)
        buffer_puts(&text, "字");
    const char *name = naming_safe(buffer_text(&text), f->arena);
    assert_true(text_count(name) <= 80 && strlen(name) <= 200);
    assert_true(text_is_utf8(name, strlen(name)));
    /* Room is left for what follows, also in a file system's 255 bytes. */
    name = naming_stem(7, buffer_text(&text), "7", f->arena);
    assert_true(strlen(name) + strlen("-封面2.35x1-净-1920x1080.png") < 255);
    buffer_reset(&text);
    for (int i = 0; i < 100; i++)
        buffer_puts(&text, "a ");
    assert_int_equal(79, strlen(naming_safe(buffer_text(&text), f->arena)));
    buffer_clear(&text);
}

static void test_stems(void **state)
{
    struct fixture *f = *state;
    assert_string_equal("01-标题", naming_stem(1, "标题", "甲", f->arena));
    assert_string_equal("02-甲", naming_stem(2, NULL, "甲", f->arena));
    assert_string_equal("03", naming_stem(3, NULL, "3", f->arena));
    assert_string_equal("03", naming_stem(3, "　", "3", f->arena));
    assert_string_equal("04-12", naming_stem(4, NULL, "12", f->arena));
    assert_string_equal("112-标题", naming_stem(112, "标题", "1", f->arena));
}

static void test_zip(void **state)
{
    struct fixture *f = *state;
    struct session *s = f->session;
    assert_string_equal("20220628-读书会67期-郴州日报.zip",
                        naming_zip(s, "郴州日报", f->arena));
    s->language = "en";
    assert_string_equal("20220628-读书会-67-郴州日报.zip",
                        naming_zip(s, "郴州日报", f->arena));
    s->language = "zh-CN";
    s->number = NULL;
    assert_string_equal("20220628-读书会-郴州日报.zip",
                        naming_zip(s, "郴州日报", f->arena));
    s->number = "6A";
    assert_string_equal("20220628-读书会-6A-郴州日报.zip",
                        naming_zip(s, "郴州日报", f->arena));
    s->number = "67";
    s->series = "Reading club";
    s->language = "en";
    assert_string_equal("20220628-Reading club-67-Daily.zip",
                        naming_zip(s, "Daily", f->arena));
    s->language = "zh-CN";
    s->series = NULL;
    s->number = NULL;
    assert_string_equal("20220628-庆七一·讲党史-郴州日报.zip",
                        naming_zip(s, "郴州日报", f->arena));
}

/* What is delivered is of one language, and so is what is drawn. */
static void test_language(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 6000);
    struct highlight *row = fixture_row(f, NULL, r, 0, MS(20000));
    row->title = "Half a quilt";
    row->role = "director";
    fixture_speaker(f, row, "Li Ming");
    fixture_outlet(f, "Daily", "web-news");
    fixture_outlet(f, "Desk", "clean");
    f->session->language = "en";
    const struct plan *plan = fixture_plan(f);
    assert_string_equal("01-Half a quilt-cover16x9", plan->posters[0]->stem);
    assert_string_equal("01-Half a quilt-cover16x9-clean",
                        plan->posters[1]->stem);
    assert_string_equal("Li Ming, director", plan->clips[0]->people[0]);
    struct buffer text = {0};
    script_print(plan->renditions[0]->script, &text);
    assert_non_null(strstr(buffer_text(&text), "2022-06-28"));
    assert_null(strstr(buffer_text(&text), "年"));
    buffer_clear(&text);
}

/* A zip's name is cut where a file system would. */
static void test_zips_of_long_names(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 6000);
    fixture_row(f, NULL, r, 0, MS(20000));
    struct buffer name = {0};
    for (int i = 0; i < 70; i++)
        buffer_puts(&name, "a");
    const char *first = arena_printf(f->arena, "%s甲", buffer_text(&name));
    const char *second = arena_printf(f->arena, "%s乙", buffer_text(&name));
    buffer_clear(&name);
    fixture_outlet(f, first, "clean");
    fixture_outlet(f, second, "clean");
    const struct plan *plan = fixture_plan(f);
    assert_string_equal(second, plan->packages[1]->folder);
    assert_string_not_equal(plan->packages[0]->zip, plan->packages[1]->zip);
    assert_non_null(strstr(plan->packages[1]->zip, "-2.zip"));
}

static void test_parameters(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(
        "preset=veryfast:profile=high:level=4.0:crf=20:vbv-maxrate=8000"
        ":vbv-bufsize=16000:keyint=50:threads=1:cpu-independent=1"
        ":stitchable=1:open-gop=0:force-cfr=1:colorprim=bt709"
        ":transfer=bt709:colormatrix=bt709:fullrange=off:fps=25/1:sar=1/1",
        encoder_parameters(fixture_preset(f, "web-news"), (AVRational){25, 1},
                           f->arena));
}

static void test_parameters_follow_rate(void **state)
{
    struct fixture *f = *state;
    struct preset p = *fixture_preset(f, "douyin");
    const char *text =
        encoder_parameters(&p, (AVRational){60000, 1001}, f->arena);
    assert_non_null(strstr(text, ":level=4.2:"));
    assert_non_null(strstr(text, ":keyint=120:"));
    assert_non_null(strstr(text, ":fps=60000/1001:"));
    text = encoder_parameters(&p, (AVRational){30, 1}, f->arena);
    assert_non_null(strstr(text, ":level=4.0:"));
    p.crf = 20.55;
    p.tune = "film";
    p.max_rate_bps = 0;
    p.keyint_s = 0.5;
    text = encoder_parameters(&p, (AVRational){30000, 1001}, f->arena);
    assert_non_null(strstr(text, "preset=veryfast:tune=film:profile"));
    assert_non_null(strstr(text, ":crf=20.55:keyint=15:"));
    assert_null(strstr(text, "vbv"));
}

static void expect_setting(struct fixture *f, const struct rendition *r,
                           int fill_step, const char *wanted)
{
    struct chunk_setting setting = {.fill_step = fill_step};
    assert_string_equal(wanted, rendition_encoder(r, setting, f->arena));
}

static void test_fill(void **state)
{
    struct fixture *f = *state;
    struct preset capped = {.max_rate_bps = 8000000};
    struct rendition r = {.preset = &capped, .encoder = "crf=20"};
    expect_setting(f, &r, FILL_FIRST, "crf=20:vbv-init=0.900");
    expect_setting(f, &r, FILL_OTHER, "crf=20:vbv-init=0.400");
    expect_setting(f, &r, FILL_STEPS - 1, "crf=20:vbv-init=0.020");
    capped.constant_rate = true;
    expect_setting(f, &r, FILL_OTHER, "crf=20:vbv-init=0.600");
    struct preset open = {0};
    r.preset = &open;
    expect_setting(f, &r, 0, "crf=20");
}

static void test_quality(void **state)
{
    struct fixture *f = *state;
    struct preset p = *fixture_preset(f, "douyin");
    AVRational rate = {25, 1};
    struct timeline timeline = {.rate = rate};
    struct rendition r = {.preset = &p, .timeline = &timeline};
    r.encoder = encoder_parameters(&p, rate, f->arena);
    assert_non_null(strstr(r.encoder, ":crf=19:"));
    struct chunk_setting coarser = {.fill_step = FILL_OTHER, .size_step = 3};
    const char *text = rendition_encoder(&r, coarser, f->arena);
    assert_non_null(strstr(text, ":crf=20.50:"));
    assert_non_null(strstr(text, ":vbv-init=0.400"));
    /* All else is the same, so that chunks of one film stitch. */
    assert_string_equal(strstr(r.encoder, ":vbv-max"),
                        arena_strndup(f->arena, strstr(text, ":vbv-max"),
                                      strlen(strstr(r.encoder, ":vbv-max"))));
    struct chunk_setting slower = {.fill_step = FILL_STEPS - 1, .rate_step = 2};
    text = rendition_encoder(&r, slower, f->arena);
    assert_non_null(
        strstr(text, ":crf=19:vbv-maxrate=6000:vbv-bufsize=24000:"));
    assert_non_null(strstr(text, ":vbv-init=0.020"));
    assert_int_equal(42, size_steps(&p));
    p.crf = 45;
    assert_int_equal(0, size_steps(&p));
    p.crf = 20;
    p.constant_rate = true;
    assert_int_equal(0, size_steps(&p));
    text = encoder_parameters(&p, rate, f->arena);
    assert_non_null(strstr(text, ":bitrate=12000:vbv-maxrate=12000:"));
    assert_null(strstr(text, "crf"));
    text = rendition_encoder(&r, slower, f->arena);
    assert_non_null(strstr(text, ":bitrate=6000:vbv-maxrate=6000:"));
    /* 0 would be no rate at all. */
    p.max_rate_bps = p.buffer_bits = 5000;
    slower.rate_step = RATE_STEPS;
    text = rendition_encoder(&r, slower, f->arena);
    assert_non_null(strstr(text, ":bitrate=1:vbv-maxrate=1:vbv-bufsize=5:"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_safe),       TEST(test_long),
        TEST(test_stems),      TEST(test_zip),
        TEST(test_language),   TEST(test_zips_of_long_names),
        TEST(test_parameters), TEST(test_parameters_follow_rate),
        TEST(test_fill),       TEST(test_quality),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
