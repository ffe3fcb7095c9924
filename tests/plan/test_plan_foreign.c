/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings' own ASS scripts in plans: kept in films of every shape, in
 * the captions' files everywhere, and in the chunks' keys. */
#include "plan/fixture.h"
#include "subtitles/carried_set.h"

static const AVRational R25 = {25, 1};

static const char script[] =
    "[Script Info]\nPlayResX: 640\nPlayResY: 360\n\n[V4+ Styles]\n"
    "Format: Name, Fontname, Fontsize\nStyle: Default,某体,30\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, "
    "Effect, Text\n"
    "Dialogue: 0,0:00:11.00,0:00:13.00,Default,,0,0,0,,{\\k50}自带的\n";

static struct recording *recording_with(struct fixture *f, const char *ass)
{
    const struct cue cue = {
        .start_flicks = MS(11000),
        .end_flicks = MS(13000),
        .text = "自带的",
        .row = 10,
    };
    struct recording *r = fixture_recording(f, "cam", R25, 1500);
    r->subtitles = "subtitles/cam.ass";
    r->cues = fixture_cues(f, &cue, 1);
    r->cues->format = "ass";
    r->cues->ass_script = ass;
    return r;
}

static struct preset *outlet(struct fixture *f, const char *name)
{
    struct preset *preset = fixture_preset(f, name);
    fixture_outlet(f, name, name);
    fixture_mute(preset);
    preset->captions = true;
    return preset;
}

static const struct rendition *rendition_of(struct fixture *f, const char *name)
{
    for (size_t i = 0; i < f->plan->rendition_count; i++) {
        if (strcmp(f->plan->renditions[i]->preset->name, name) == 0)
            return f->plan->renditions[i];
    }
    fail_msg("no film in %s", name);
    return NULL;
}

static bool has_note(const struct fixture *f, const char *words)
{
    for (size_t i = 0; i < f->plan->note_count; i++) {
        if (strstr(f->plan->notes[i].plain, words))
            return true;
    }
    return false;
}

static bool draws(const struct rendition *rendition, const char *words)
{
    for (size_t i = 0; i < rendition->chunk_count; i++) {
        if (strstr(rendition->chunks[i].script, words))
            return true;
    }
    return false;
}

static void test_shapes(void **state)
{
    struct fixture *f = *state;
    struct recording *r = recording_with(f, script);
    fixture_row(f, NULL, r, MS(10000), MS(20000));
    outlet(f, "web-news");
    outlet(f, "douyin");
    fixture_build(f, NULL);
    expect_only_fault(f, FAULT_WARNING, 0, "某体");

    const struct rendition *wide = rendition_of(f, "web-news");
    assert_int_equal(1, wide->script->foreign_count);
    assert_int_equal(0, wide->script->count);
    assert_false(script_is_empty(wide->script));
    assert_true(draws(wide, "{\\k50}自带的"));
    const struct rendition *high = rendition_of(f, "douyin");
    assert_int_equal(1, high->script->foreign_count);
    assert_int_equal(0, high->script->count);
    assert_true(draws(high, "{\\k50}自带的"));
    /* Both deliver the words as files. */
    assert_int_equal(1, wide->script->caption_count);
    assert_int_equal(1, high->script->caption_count);
    assert_string_equal("自带的", wide->script->captions[0].text);
    assert_int_equal(25, wide->script->captions[0].start_tick);
    assert_int_equal(75, wide->script->captions[0].end_tick);
}

/* What its author placed follows the picture: in an upright frame filled by the
 * middle of a wide picture, margins lie beyond its sides. */
static void test_places_follow_the_picture(void **state)
{
    struct fixture *f = *state;
    struct recording *r = recording_with(
        f, arena_printf(f->arena, "%s%s", script,
                        "Dialogue: 0,0:00:11.00,0:00:13.00,Default,,0,0,0,,"
                        "{\\pos(20,30)\\frz10}左上角的字\n"));
    fixture_row(f, NULL, r, MS(10000), MS(20000));
    struct preset *high = outlet(f, "douyin");
    high->fit = FIT_FILL;
    high->crop_at = 50;
    fixture_build(f, NULL);
    const struct rendition *film = rendition_of(f, "douyin");
    assert_true(draws(film, "; Margins: 0 0 -1166 -1167\n") ||
                draws(film, "; Margins: 0 0 -1167 -1167\n"));
    assert_true(draws(film, "{\\pos(20,30)\\frz10}左上角的字"));
    assert_true(has_note(f, "outside the safe area of douyin, first at 0:11 "));

    high->fit = FIT_BLUR;
    fixture_build(f, NULL);
    film = rendition_of(f, "douyin");
    assert_true(draws(film, "; Margins: 656 656 0 0\n"));
}

/* One line, however many words and outlets; none for what only fades, for what
 * is cut off inside the safe area, and for drawings. */
static void test_outside_is_told_once(void **state)
{
    struct fixture *f = *state;
    static const char *const inside[] = {
        "{\\pos(320,100)\\fad(200,200)}中间",
        "{\\pos(320,100)\\frz20}中间",
        "{\\pos(20,100)\\clip(200,80,400,120)}边上的字很长很长很长很长很长",
        "{\\pos(0,0)\\p1}m 0 0 l 640 0 640 360 0 360{\\p0}",
    };
    static const char *const outside[] = {
        "{\\pos(2,100)\\fad(200,200)}边上",
        "{\\an4\\pos(320,180)\\frz90}转成竖着的很长很长很长很长很长的字",
        "{\\pos(600,100)\\clip(500,80,640,120)}边上的字很长很长很长很长很长",
        "{\\frz90}转成竖着的对白很长很长很长很长很长",
    };
    struct recording *r = recording_with(f, script);
    fixture_row(f, NULL, r, MS(10000), MS(20000));
    outlet(f, "web-news");
    outlet(f, "bilibili");
    for (size_t i = 0; i < 8; i++) {
        const char *words = i < 4 ? inside[i] : outside[i - 4];
        r->cues->ass_script = arena_printf(
            f->arena,
            "%sDialogue: 0,0:00:12.00,0:00:13.00,Default,,0,0,0,,%s\n"
            "Dialogue: 0,0:00:14.00,0:00:15.00,Default,,0,0,0,,%s\n",
            script, words, words);
        fixture_build(f, NULL);
        assert_int_equal(i >= 4, has_note(f, "outside the safe area of "
                                             "web-news, bilibili, first at "
                                             "0:12 of"));
        assert_int_equal(i >= 4, has_note(f, "outside the safe area"));
    }
}

/* Captions written for the clip itself replace the script in every shape. */
static void test_clip_captions_go_first(void **state)
{
    struct fixture *f = *state;
    struct recording *r = recording_with(f, script);
    const struct cue own = {.end_flicks = MS(2000), .text = "改过的", .row = 1};
    struct clip_captions *file = ARENA_PUSH(f->arena, f->session->clip_captions,
                                            f->session->clip_caption_count);
    *file = (struct clip_captions){"1", "subtitles/clips/1.srt",
                                   fixture_cues(f, &own, 1)};
    fixture_row(f, NULL, r, MS(10000), MS(20000));
    outlet(f, "web-news");
    fixture_build(f, NULL);
    const struct rendition *wide = rendition_of(f, "web-news");
    assert_int_equal(0, wide->script->foreign_count);
    assert_false(draws(wide, "自带的"));
    assert_true(draws(wide, "改过的"));
}

/* A changed style changes the chunks that show it and no others. */
static void test_keys(void **state)
{
    struct fixture *f = *state;
    struct recording *r = recording_with(f, script);
    char before[8][DIGEST_TEXT];
    fixture_row(f, NULL, r, MS(8000), MS(20000));
    outlet(f, "web-news");
    fixture_build(f, NULL);
    const struct rendition *wide = rendition_of(f, "web-news");
    size_t count = wide->chunk_count, changed = 0, drawn = 0;
    assert_true(count > 1 && count <= 8);
    for (size_t i = 0; i < count; i++) {
        memcpy(before[i], wide->chunks[i].base_key, DIGEST_TEXT);
        drawn += *wide->chunks[i].script != '\0';
    }
    char *bigger = arena_strdup(f->arena, script);
    strstr(bigger, ",30\n")[1] = '4';
    r->cues->ass_script = bigger;
    fixture_build(f, NULL);
    wide = rendition_of(f, "web-news");
    for (size_t i = 0; i < count; i++)
        changed += strcmp(before[i], wide->chunks[i].base_key) != 0;
    assert_int_equal(drawn, changed);
    assert_true(changed > 0 && changed < count);
}

/* What a script carries is drawn for it and checked for it, and its bytes are
 * in the chunks' keys where it shows. */
static void test_carried_fonts(void **state)
{
    struct fixture *f = *state;
    struct set set = {0};
    char *own = arena_printf(
        f->arena, "%s%s", script,
        "Dialogue: 0,0:00:11.00,0:00:13.00,Default,,0,0,0,,\uE001\n");
    struct recording *r = recording_with(f, own);
    char before[8][DIGEST_TEXT];
    r->cues->list[0].text = "\uE001";
    fixture_row(f, NULL, r, MS(8000), MS(20000));
    outlet(f, "web-news");
    fixture_build(f, NULL);
    assert_true(faults_hit_row(&f->session->faults, "highlights.csv", 2));
    f->session->faults.count = 0;

    size_t count = 0, changed = 0, drawn = 0;
    for (int weight = 400; weight <= 500; weight += 100) {
        set_clear(&set);
        set.count = 0;
        set_add_made(&set,
                     &(struct make_font){.family = "某体",
                                         .letters = "\uE001自带的",
                                         .weight = weight},
                     f->arena);
        r->faces = set_carry(&set, f->session->faces);
        fixture_build(f, NULL);
        assert_int_equal(0, f->session->faults.count);
        assert_true(has_note(f, "with fonts of their own"));
        const struct rendition *wide = rendition_of(f, "web-news");
        assert_true(draws(wide, "; Fonts: "));
        assert_true(draws(wide, "Style: Default,某体,30"));
        count = wide->chunk_count;
        assert_true(count > 1 && count <= 8);
        for (size_t i = 0; i < count; i++) {
            changed += weight == 500 &&
                       strcmp(before[i], wide->chunks[i].base_key) != 0;
            drawn += weight == 500 && *wide->chunks[i].script != '\0';
            memcpy(before[i], wide->chunks[i].base_key, DIGEST_TEXT);
        }
    }
    assert_int_equal(drawn, changed);
    assert_true(changed > 0 && changed < count);
    set_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shapes),
        TEST(test_places_follow_the_picture),
        TEST(test_outside_is_told_once),
        TEST(test_clip_captions_go_first),
        TEST(test_keys),
        TEST(test_carried_fonts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
