/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with a session: every fault of a broken one in one run, each
 * with its place and words. */
#include "ingest/session_fixture.h"

/* A broken recording holds back the rows that use it, and nothing else. */
static void test_broken_media(void **state)
{
    struct place *place = *state;
    char *folder = session_folder(
        place,
        "date: 2022-06-28\noutlets: {报: web-news}\nrecordings:\n"
        "  good: recordings/good.mp4\n  bad: recordings/bad.mp4\n"
        "  gone: recordings/gone.mp4\n  unused: recordings/missing.mp4\n",
        "素材,开始,结束\ngood,0:00,0:01\nbad,0:00,0:01\ngone,0:00,0:01\n"
        "pic,,\n");
    put_media(place, folder, "film.mp4", "recordings/good.mp4");
    put_media(place, folder, "noise.mp4", "recordings/bad.mp4");
    put_text(folder, "photos/pic.jpg", "no picture");
    struct session *session = ingest(place, folder);
    assert_false(faults_block(&session->faults));
    assert_false(faults_hit_row(&session->faults, "highlights.csv", 2));
    assert_true(faults_hit_row(&session->faults, "highlights.csv", 3));
    assert_true(faults_hit_row(&session->faults, "highlights.csv", 4));
    assert_true(faults_hit_row(&session->faults, "highlights.csv", 5));
    expect_fault(session, FAULT_ROW, "recording bad can't be used: ");
    expect_fault(session, FAULT_ROW, "recordings/gone.mp4");
    expect_fault(session, FAULT_ROW, "photos/pic.jpg");
    expect_fault(session, FAULT_WARNING, "\"unused\"");
    session_destroy(&session);
}

/* Of a folder of photos each bad one is named, and the good ones are not. */
static void test_broken_photos(void **state)
{
    struct place *place = *state;
    char *folder = session_folder(place,
                                  "date: 2022-06-28\n"
                                  "outlets: {报: web-news}\n",
                                  "素材\nphotos\n");
    put_text(folder, "photos/a.jpg", "no picture");
    put_text(folder, "photos/b.jpg", "nor this");
    put_text(folder, "photos/c.png", "nor that");
    struct session *session = ingest(place, folder);
    expect_fault(session, FAULT_ROW, "photos/a.jpg");
    expect_fault(session, FAULT_ROW, "photos/b.jpg");
    expect_fault(session, FAULT_ROW, "photos/c.png");
    assert_int_equal(faults_count(&session->faults, false), 3);
    session_destroy(&session);
}

/* Every fault of a deliberately broken session in one run. */
static void test_all_faults_at_once(void **state)
{
    struct place *place = *state;
    char *folder = session_folder(
        place,
        "tilte: 甲\ndate: 2022-13-40\noutlets:\n  报: web-nwes\n  抖音: \n"
        "  双: [web-news, clean]\nlogo: ../logo.png\nstyle: formel\n"
        "fonts: nowhere\nmusic: {file: music/none.wav, level: 7}\n"
        "recordings:\n"
        "  cam1: {file: recordings/C1.mp4, starts: never, recorder: zoom}\n"
        "  cam2: {file: /etc/passwd}\n"
        "  cam3: {fiel: recordings/C1.mp4}\n"
        "  cam4: {file: recordings/C1.mp4, recorder: nobody, offset: later}\n",
        "素材,开始,结束\ncam1,0:01,0:00\n/etc/hostname,0:00,0:01\n"
        "../../x.mp4,0:00,0:01\ncam1,0:00,0:30\n");
    put_media(place, folder, "film.mp4", "recordings/C1.mp4");
    struct session *session = ingest(place, folder);
    static const char *const session_wide[] = {
        "tilte",
        "2022-13-40",
        "web-nwes",
        "抖音",
        "one preset only",
        "../logo.png",
        "formel",
        "nowhere",
        "music/none.wav",
        "level",
        "never",
        "no offset",
        "/etc/passwd",
        "fiel",
        "no file",
        "\"nobody\"",
        "\"later\" is no offset",
    };
    for (size_t i = 0; i < sizeof(session_wide) / sizeof(session_wide[0]);
         i++) {
        if (strcmp(session_wide[i], "抖音") == 0)
            expect_fault(session, FAULT_SESSION, "outlet without a preset");
        else
            expect_fault(session, FAULT_SESSION, session_wide[i]);
    }
    expect_fault(session, FAULT_SESSION, "did you mean \"web-news\"");
    expect_fault(session, FAULT_ROW, "before start");
    expect_fault(session, FAULT_ROW, "\"/etc/hostname\" lies outside");
    expect_fault(session, FAULT_ROW, "\"../../x.mp4\" lies outside");
    expect_fault(session, FAULT_ROW, "beyond the end of cam1");
    const struct fault *fault = find_fault(session, FAULT_SESSION, "web-nwes");
    assert_string_equal(fault->file, "session.yaml");
    assert_int_equal(fault->row, 4);
    fault = find_fault(session, FAULT_SESSION, "no offset, and");
    assert_int_equal(fault->row, 12);
    session_destroy(&session);
}

static const struct {
    const char *yaml, *list, *word;
} faulty[] = {
    {NULL, NULL, "reelpress new"},
    {"", "source,start,end\n", "\"outlets\" is missing"},
    {"outlets:\n", "source,start,end\n", "郴州日报: web-news"},
    {"outlets: [web-news, web-news]\n", "x", "twice"},
    {"outlets: {\"\": web-news}\n", "x", "an outlet has no name"},
    {"outlets:\n  报：web-news\n", "x", "session.yaml:2:3: there is a full-w"},
    {"outlets:\n  甲：mp\n  乙：mp\n", "x", "full-width colon"},
    {"outlets:\n  - 甲：mp\n", "x", "full-width colon"},
    {"outlets: [mp]\npeople:\n  李明：主任\n", "x", "full-width colon"},
    {"outlets: [mp]\nrecordings:\n  a：b.mp4\n", "x", "full-width colon"},
    {"outlets: [mp]\nrecordings:\n  a: {file: b.mp4}\n  A: {file: c.mp4}\n",
     "x", "have one name"},
    {"outlets: [mp]\nlanguage: 中文\n", "x",
     "session.yaml:2:11: \"中文\" is no"},
    {"outlets: [mp]\nlanguage: english\n", "x", "no code of a language"},
    {"outlets: [mp]\ntilte: 甲\n", "x", "session.yaml:2:1: the key"},
    {"outlets: {报: web-news}\n", NULL, "no highlights list"},
    {"outlets: {报: web-news}\nhighlights: 表.csv\n", NULL, "表.csv"},
    {"outlets: {报: web-news}\nhighlights: ../a.csv\n", NULL, "outside"},
    {"outlets: [mp]\nhighlights: a/../a.csv\n", NULL, "leads through"},
    {"outlets: [mp]\nhighlights: a/../../a.csv\n", NULL, "outside"},
    {"outlets: {报: web-news}\nrecordings: C0001.MP4\n", "x", "cam1: rec"},
    {"outlets: {报: web-news}\nlogo: highlights.csv\n", "x", "no PNG"},
    {"outlets: {报: web-news}\nfonts: highlights.csv\n", "x", "folder"},
    {"outlets: {报: web-news}\nmusic: {level: -3}\n", "x", "has no file"},
    {"outlets: {报: web-news}\nmusic: highlights.csv\n", "a", "can't be used"},
    {"- a\n- b\n", "x", "no keys"},
    {"\x89PNG\r\n\x1a\n\1\2\3\4\5\6\7\xff\xfe", "x", "no text"},
};

static void test_single_faults(void **state)
{
    struct place *place = *state;
    for (size_t i = 0; i < sizeof(faulty) / sizeof(faulty[0]); i++) {
        char *folder = session_folder(place, faulty[i].yaml, faulty[i].list);
        struct session *session = ingest(place, folder);
        expect_fault(session, FAULT_SESSION, faulty[i].word);
        session_destroy(&session);
    }
}

/* A file that can't be read says nothing of what is in it, and holds nothing
 * back that is told of the list. */
static void test_unreadable_yaml(void **state)
{
    struct place *place = *state;
    char *folder = session_folder(place, "title: 甲\noutlets: [web-news\n",
                                  "素材,开始,结束\ncam1,0:75,0:01\ncam1,1,2\n");
    struct session *session = ingest(place, folder);
    assert_true(session->is_unread);
    assert_int_equal(session->faults.count, 2);
    expect_fault(session, FAULT_SESSION, "bracket that opens here");
    expect_fault(session, FAULT_ROW, "highlights.csv:2: 开始 (B2)");
    session_destroy(&session);
    /* Which list is meant is not known: that it is missing is no news. */
    folder = session_folder(place, "outlets: [web-news\n", NULL);
    session = ingest(place, folder);
    assert_int_equal(session->faults.count, 1);
    session_destroy(&session);
    folder = session_folder(place, NULL, "x");
    put_text(folder, "session.yaml/file", "in a folder");
    session = ingest(place, folder);
    expect_fault(session, FAULT_SESSION, "there is a folder of this name");
    session_destroy(&session);
}

/* Desktops hide endings and care for no case. */
static void test_misnamed_files(void **state)
{
    struct place *place = *state;
    char *folder = session_folder(place, NULL, NULL);
    put_text(folder, "Session.yaml.txt", "title: 甲\n");
    struct session *session = ingest(place, folder);
    assert_int_equal(session->faults.count, 1);
    expect_fault(session, FAULT_SESSION,
                 "session.yaml: the session has a "
                 "file Session.yaml.txt");
    session_destroy(&session);
    folder = session_folder(place, "outlets: mp\n", NULL);
    put_text(folder, "Highlights.CSV", "source\n");
    session = ingest(place, folder);
    expect_fault(session, FAULT_SESSION, "rename it to highlights.csv");
    assert_int_equal(session->faults.count, 1);
    session_destroy(&session);
}

/* Lists of recipient: preset are what people write who know lists. */
static void test_outlets_in_a_list(void **state)
{
    struct place *place = *state;
    char *folder =
        session_folder(place,
                       "date: 2022-06-28\nlanguage: ZH_Hans\noutlets:\n"
                       "  - 报: web-news\n  - clean\n",
                       "素材,开始,结束\nfilm,0:00,0:01\n");
    put_media(place, folder, "film.mp4", "recordings/film.mp4");
    struct session *session = ingest(place, folder);
    expect_no_faults(session);
    assert_int_equal(session->outlet_count, 2);
    assert_string_equal(session->outlets[0].recipient, "报");
    assert_string_equal(session->outlets[1].recipient, "clean");
    assert_string_equal(session->language, "zh-Hans");
    session_destroy(&session);
}

/* One preset alone is nobody's name. */
static void test_one_outlet(void **state)
{
    struct place *place = *state;
    char *folder =
        session_folder(place, "date: 2022-06-28\noutlets: web-news\n",
                       "素材,开始,结束\nfilm,0:00,0:01\n");
    put_media(place, folder, "film.mp4", "recordings/film.mp4");
    struct session *session = ingest(place, folder);
    expect_no_faults(session);
    assert_int_equal(session->outlet_count, 1);
    assert_string_equal(session->outlets[0].recipient, "web-news");
    session_destroy(&session);
}

/* A preset that is there and faulty is not missing too. */
static void test_faulty_preset(void **state)
{
    struct place *place = *state;
    char *folder = session_folder(
        place, "date: 2022-06-28\noutlets: {甲: own, 乙: 自家}\n",
        "素材,开始,结束\nfilm,0:00,0:01\n");
    put_media(place, folder, "film.mp4", "recordings/film.mp4");
    put_text(folder, "presets/own.yaml", "alias: 自家\nwidth: 1921\n");
    struct session *session = ingest(place, folder);
    expect_fault(session, FAULT_SESSION, "presets/own.yaml:2:8: ");
    assert_int_equal(session->faults.count, 1);
    session_destroy(&session);
}

/* Subtitles on a disk that is not there are no missing subtitles. */
static void test_lost_subtitles(void **state)
{
    struct place *place = *state;
    char *folder = session_folder(place, "outlets: {报: web-news}\n",
                                  "source,start,end\ncam,0:00,0:01\n");
    put_media(place, folder, "film.mp4", "recordings/cam.mp4");
    put_text(folder, "subtitles/cam.srt",
             "1\n00:00:00,000 --> 00:00:01,000\n字\n");
    char *link = make_path(folder, "subtitles/cam.ass");
    assert_int_equal(symlink("/no/such/disk/cam.ass", link), 0);
    struct session *session = ingest(place, folder);
    expect_fault(session, FAULT_SESSION, "subtitles/cam.ass: the file can't");
    assert_int_equal(session->faults.count, 1);
    session_destroy(&session);
    free(link);
}

/* Another recording's, or counted from another zero. */
static void test_subtitles_beyond_the_end(void **state)
{
    struct place *place = *state;
    char *folder =
        session_folder(place, "date: 2022-06-28\noutlets: web-news\n",
                       "素材,开始,结束\nfilm,0:00,0:01\n");
    put_media(place, folder, "film.mp4", "recordings/film.mp4");
    put_text(folder, "subtitles/film.srt",
             "1\n01:00:01,000 --> 01:00:02,000\n你好\n");
    struct session *session = ingest(place, folder);
    expect_fault(session, FAULT_WARNING, "subtitles/film.srt: the first");
    assert_int_equal(session->faults.count, 1);
    session_destroy(&session);
}

static void test_no_folder(void **state)
{
    struct place *place = *state;
    struct ingest_options options = options_of(place, place->folder);
    struct session *session = NULL;
    struct log log;
    log_init(&log, LOG_LEVEL_NONE, NULL, NULL);
    assert_int_equal(session_ingest(&log, "/no/such/place", &options, &session),
                     AVERROR(ENOENT));
    assert_null(session);
    assert_non_null(strstr(log.first_error, "/no/such/place"));
    log_clear(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_broken_media),
        cmocka_unit_test(test_broken_photos),
        cmocka_unit_test(test_all_faults_at_once),
        cmocka_unit_test(test_single_faults),
        cmocka_unit_test(test_unreadable_yaml),
        cmocka_unit_test(test_misnamed_files),
        cmocka_unit_test(test_outlets_in_a_list),
        cmocka_unit_test(test_one_outlet),
        cmocka_unit_test(test_faulty_preset),
        cmocka_unit_test(test_lost_subtitles),
        cmocka_unit_test(test_subtitles_beyond_the_end),
        cmocka_unit_test(test_no_folder),
    };
    return cmocka_run_group_tests(tests, place_open, place_close);
}
