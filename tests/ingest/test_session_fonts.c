/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fonts that scripts and recordings carry: which recording's script gets them,
 * what lies in the store, what is told of those that are no good. Needs Noto
 * Sans CJK SC, as any session does. */
#include "base/memo.h"
#include "ingest/carried.h"
#include "ingest/session_fixture.h"
#include "make_font.h"

static const char yaml[] = "title: 夜\ndate: 2022-06-28\noutlets: [clean]\n";

static void font_of(const char *family, struct buffer *out)
{
    buffer_reset(out);
    make_font(&(struct make_font){.family = family, .letters = "不忘初心"},
              out);
}

/* subtitles/cam.ass that asks for `asked` and carries some fonts. */
static void put_script(const char *folder, const char *asked,
                       const char *carried)
{
    struct buffer script = {0};
    buffer_printf(&script,
                  "[Script Info]\nPlayResX: 640\n\n[V4+ Styles]\nFormat: Name, "
                  "Fontname, Fontsize\nStyle: Default,%s,30\n\n[Fonts]\n%s\n"
                  "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, "
                  "MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:00.00,"
                  "0:00:02.00,Default,,0,0,0,,不忘初心\n",
                  asked, carried);
    put_text(folder, "subtitles/cam.ass", script.data);
    buffer_clear(&script);
}

static const char *carried_text(struct place *place, const char *name,
                                const struct buffer *font)
{
    struct buffer text = {0};
    put_carried(name, buffer_text(font), font->size, &text);
    const char *kept = arena_strdup(place->arena, text.data);
    buffer_clear(&text);
    return kept;
}

static char *folder_with(struct place *place, const char *media,
                         const char *name)
{
    char *folder =
        session_folder(place, yaml, "素材,开始,结束\ncam,0:00,0:01\n");
    put_media(place, folder, media, name);
    return folder;
}

static const struct recording *recording_of(const struct session *session)
{
    return session->list.rows[0].recording;
}

static size_t count_files(struct place *place, const char *folder,
                          const char *ending)
{
    char **names = NULL;
    size_t count = 0, found = 0;
    files_list(NULL, files_join(place->arena, folder, ".reelpress/fonts"),
               place->arena, &names, &count);
    for (size_t i = 0; i < count; i++)
        found += strcmp(files_ending(names[i]), ending) == 0;
    return found;
}

static void test_script(void **state)
{
    struct place *place = *state;
    struct buffer font = {0}, other = {0};
    font_of("ABCDEF+盒", &font);
    font_of("没人要的", &other);
    char *folder = folder_with(place, "film.mp4", "recordings/cam.mp4");
    put_script(folder, "ABCDEF+盒",
               arena_printf(place->arena, "%s%s",
                            carried_text(place, "../../x.ttf", &font),
                            carried_text(place, "b.ttf", &other)));
    struct session *session = ingest(place, folder);
    if (!session->faces || !faces_count(session->faces))
        skip();
    expect_no_faults(session);
    const struct faces *faces = recording_of(session)->faces;
    assert_non_null(faces);
    assert_int_equal(faces_carried_count(faces), 1);
    assert_true(faces_carry_name(faces, "abcdef+盒", strlen("abcdef+盒")));
    /* The one that is not asked for was looked at, and no more. */
    assert_int_equal(count_files(place, folder, "font"), 2);
    assert_int_equal(count_files(place, folder, "face"), 1);
    const struct face_facts *facts = faces_file(faces, 0);
    assert_string_equal(
        facts->file,
        carried_font_path(place->arena,
                          files_join(place->arena, session->path, ".reelpress"),
                          facts->digest));
    struct buffer bytes = {0};
    assert_int_equal(files_read(NULL, facts->file, 1 << 20, &bytes), 0);
    assert_int_equal(bytes.size, font.size);
    assert_memory_equal(bytes.data, font.data, font.size);
    /* A foreign name is no path. */
    assert_false(files_exist(files_join(place->arena, place->folder, "x.ttf")));
    session_destroy(&session);

    /* Nobody else's: without the section nothing is carried. */
    put_script(folder, "ABCDEF+盒", "");
    session = ingest(place, folder);
    assert_null(recording_of(session)->faces);
    session_destroy(&session);
    buffer_clear(&bytes);
    buffer_clear(&font);
    buffer_clear(&other);
}

/* Taken out again where the store was deleted, in whole or in part, and what
 * was changed there is no longer what it is called. */
static void test_lost_fonts(void **state)
{
    struct place *place = *state;
    struct arena *arena = place->arena;
    struct buffer font = {0};
    font_of("盒", &font);
    char *folder = folder_with(place, "film.mp4", "recordings/cam.mp4");
    put_script(folder, "盒", carried_text(place, "a.ttf", &font));
    struct ingest_options options = options_of(place, folder);
    options.memo = memo_load(files_join(arena, place->folder, "memo"));
    /* What was written just now is not remembered. */
    usleep((MEMO_SETTLE_NS / 1000 + 200000));
    const char *store = files_join(arena, folder, ".reelpress/fonts");
    for (int round = 0; round < 5; round++) {
        char **names = NULL;
        size_t count = 0;
        if (round == 1)
            files_remove_tree(NULL, store);
        if (round >= 2)
            assert_int_equal(files_list(NULL, store, arena, &names, &count), 0);
        for (size_t i = 0; i < count; i++) {
            const char *path = files_join(arena, store, names[i]);
            bool is_font = strcmp(files_ending(path), "font") == 0;
            if ((round == 2 && is_font) || (round == 3 && !is_font))
                unlink(path);
            if (round == 4)
                put_text(store, names[i], "something else");
        }
        struct session *session = NULL;
        assert_int_equal(session_ingest(NULL, folder, &options, &session), 0);
        expect_no_faults(session);
        assert_non_null(recording_of(session)->faces);
        assert_int_equal(count_files(place, folder, "font"), 1);
        assert_int_equal(count_files(place, folder, "face"), 1);
        session_destroy(&session);
    }
    memo_destroy(&options.memo);
    buffer_clear(&font);
}

static void make_carrier(struct place *place, const char *name,
                         const struct buffer *font, const char *file,
                         const char *type, const char *family)
{
    char *path = make_path(place->folder, name);
    make_media(path,
               &(struct make_media){
                   .container = "matroska",
                   .video = "mpeg4",
                   .frames = 75,
                   .subtitle = "0,0,Default,,0,0,0,,不忘初心",
                   .styles = arena_printf(
                       place->arena,
                       "[Script Info]\nPlayResX: 640\n\n[V4+ Styles]\nFormat: "
                       "Name, Fontname, Fontsize\nStyle: Default,%s,30\n",
                       family),
                   .attached = font->data,
                   .attached_size = font->size,
                   .attached_name = file,
                   .attached_type = type,
               });
    free(path);
}

/* Attached to the recording, known by type or by name; for its own track, and
 * for a script that lies beside it. */
static void test_attached(void **state)
{
    struct place *place = *state;
    struct buffer font = {0}, own = {0};
    static const struct {
        const char *file, *type;
        bool taken;
    } cases[] = {
        {"a.ttf", NULL, true},
        {"a", "application/x-truetype-font", true},
        {"a.dat", "font/ttf", true},
        {"A.OTF", "application/octet-stream", true},
        {"a.txt", "text/plain", false},
    };
    font_of("盒", &font);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        make_carrier(place, "carrier.mkv", &font, cases[i].file, cases[i].type,
                     "盒");
        char *folder = folder_with(place, "carrier.mkv", "recordings/cam.mkv");
        struct session *session = ingest(place, folder);
        expect_no_faults(session);
        const struct recording *recording = recording_of(session);
        assert_non_null(recording->cues->ass_script);
        assert_int_equal(recording->carries_fonts, cases[i].taken);
        assert_int_equal(recording->faces != NULL, cases[i].taken);
        session_destroy(&session);
    }
    make_carrier(place, "carrier.mkv", &font, "a.ttf", NULL, "某体");
    char *folder = folder_with(place, "carrier.mkv", "recordings/cam.mkv");
    struct session *session = ingest(place, folder);
    assert_null(recording_of(session)->faces);
    session_destroy(&session);
    font_of("匣", &own);
    put_script(folder, "匣,30\nStyle: B,盒", carried_text(place, "b", &own));
    session = ingest(place, folder);
    const struct faces *faces = recording_of(session)->faces;
    assert_int_equal(faces_carried_count(faces), 2);
    assert_string_equal(faces_file(faces, 0)->family, "匣");
    assert_string_equal(faces_file(faces, 1)->family, "盒");
    session_destroy(&session);
    buffer_clear(&font);
    buffer_clear(&own);
}

/* In the head of a track, as ffmpeg writes it there. */
static void test_track_head(void **state)
{
    struct place *place = *state;
    struct buffer font = {0}, text = {0};
    font_of("盒", &font);
    put_carried("a.ttf", font.data, font.size, &text);
    const char *family = arena_printf(
        place->arena, "盒,30\n\n[Fonts]\n%s\n[Other]\nx: y", text.data);
    make_carrier(place, "carrier.mkv", &text, "a.txt", "text/plain", family);
    char *folder = folder_with(place, "carrier.mkv", "recordings/cam.mkv");
    struct session *session = ingest(place, folder);
    const struct recording *recording = recording_of(session);
    assert_non_null(recording->faces);
    assert_null(strstr(recording->cues->ass_script, "fontname"));
    session_destroy(&session);
    buffer_clear(&font);
    buffer_clear(&text);
}

/* One sentence for each that is no good; the others serve. */
static void test_damaged(void **state)
{
    struct place *place = *state;
    char page[] = "<html></html>";
    struct buffer font = {0}, other = {0}, hollow = {0};
    font_of("盒", &font);
    font_of("匣", &other);
    make_font(&(struct make_font){.family = "空", .letters = " "}, &hollow);
    font.size /= 3;
    char *folder = folder_with(place, "film.mp4", "recordings/cam.mp4");
    put_script(
        folder, "盒,30\nStyle: B,匣,30\nStyle: C,空",
        arena_printf(place->arena, "%s%s%s%sfontname: e.ttf\n",
                     carried_text(place, "a\x1b[31m.ttf", &font),
                     carried_text(place, "b.ttf", &other),
                     carried_text(place, "c.html", &(struct buffer){page, 13}),
                     carried_text(place, "d.ttf", &hollow)));
    struct session *session = ingest(place, folder);
    assert_int_equal(session->faults.count, 4);
    expect_fault(session, FAULT_WARNING,
                 "subtitles/cam.ass: the font \"a\uFFFD[31m.ttf\" that comes "
                 "with it can't be used (it is damaged), and");
    expect_fault(session, FAULT_WARNING,
                 "\"c.html\" that comes with it can't be used (it is no "
                 "TrueType or OpenType font)");
    expect_fault(session, FAULT_WARNING,
                 "\"d.ttf\" that comes with it can't be used (none of its "
                 "letters can be drawn)");
    expect_fault(session, FAULT_WARNING,
                 "\"e.ttf\" that comes with it can't be used (it is empty)");
    assert_int_equal(faces_carried_count(recording_of(session)->faces), 1);
    session_destroy(&session);
    buffer_clear(&font);
    buffer_clear(&other);
    buffer_clear(&hollow);
}

/* Of many that are no good the first few are told. */
static void test_many_damaged(void **state)
{
    struct place *place = *state;
    struct buffer text = {0};
    for (int i = 0; i < 30; i++)
        put_carried("x.ttf", arena_printf(place->arena, "no font %02d", i), 10,
                    &text);
    char *folder = folder_with(place, "film.mp4", "recordings/cam.mp4");
    put_script(folder, "体", text.data);
    struct session *session = ingest(place, folder);
    assert_int_equal(session->faults.count, 6);
    expect_fault(session, FAULT_WARNING, "25 more fonts");
    assert_null(recording_of(session)->faces);
    session_destroy(&session);
    buffer_clear(&text);
}

/* The house's folder serves every script, behind what the script carries; what
 * is no font there is nobody's concern. */
static void test_house(void **state)
{
    struct place *place = *state;
    struct buffer font = {0}, own = {0};
    char *folder = session_folder(
        place, "title: 夜\ndate: 2022-06-28\noutlets: [clean]\nfonts: brand\n",
        "素材,开始,结束\ncam,0:00,0:01\n");
    put_media(place, folder, "film.mp4", "recordings/cam.mp4");
    font_of("匣", &font);
    put(folder, "brand/deep/a.ttf", font.data, font.size);
    put_text(folder, "brand/b.otf", "no font");
    font_of("没人要的", &font);
    put(folder, "brand/c.ttf", font.data, font.size);
    font_of("盒", &own);
    put_script(folder, "匣,30\nStyle: B,盒", carried_text(place, "x", &own));
    struct session *session = ingest(place, folder);
    expect_no_faults(session);
    const struct faces *faces = recording_of(session)->faces;
    assert_int_equal(faces_carried_count(faces), 2);
    assert_string_equal(faces_file(faces, 0)->family, "盒");
    assert_string_equal(faces_file(faces, 1)->family, "匣");
    assert_string_equal(files_name(faces_file(faces, 1)->file), "a.ttf");
    assert_int_equal(count_files(place, folder, "font"), 1);
    session_destroy(&session);
    buffer_clear(&font);
    buffer_clear(&own);
}

/* More than anybody would embed: told once. */
static void test_too_many(void **state)
{
    struct place *place = *state;
    struct buffer font = {0}, text = {0};
    for (int i = 0; i < 140; i++) {
        font_of(arena_printf(place->arena, "体%d", i), &font);
        put_carried("x.ttf", font.data, font.size, &text);
    }
    char *folder = folder_with(place, "film.mp4", "recordings/cam.mp4");
    put_script(folder, "体127,30\nStyle: B,体128", text.data);
    struct session *session = ingest(place, folder);
    assert_int_equal(session->faults.count, 1);
    expect_fault(session, FAULT_WARNING, "there are more than 128 of them");
    const struct faces *faces = recording_of(session)->faces;
    assert_true(faces_carry_name(faces, "体127", strlen("体127")));
    assert_false(faces_carry_name(faces, "体128", strlen("体128")));
    session_destroy(&session);
    buffer_clear(&font);
    buffer_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_script),   cmocka_unit_test(test_lost_fonts),
        cmocka_unit_test(test_attached), cmocka_unit_test(test_track_head),
        cmocka_unit_test(test_damaged),  cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_house),    cmocka_unit_test(test_many_damaged),
    };
    av_log_set_level(AV_LOG_QUIET);
    return cmocka_run_group_tests(tests, place_open, place_close);
}
