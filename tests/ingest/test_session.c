/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole session folders, made in a temporary place with small media: what is
 * read and what is probed. */
#include "ingest/session_fixture.h"

#define S FLICKS_PER_SECOND

/* A black PNG of one pixel. */
static const unsigned char dot[] = {
    0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0,    0,    0,    13,
    'I',  'H', 'D', 'R', 0,    0,    0,    1,    0,    0,    0,    1,
    8,    2,   0,   0,   0,    0x90, 0x77, 0x53, 0xde, 0,    0,    0,
    12,   'I', 'D', 'A', 'T',  0x08, 0xd7, 0x63, 0x60, 0x60, 0x60, 0,
    0,    0,   4,   0,   1,    0x27, 0x34, 0x27, 0x0a, 0,    0,    0,
    0,    'I', 'E', 'N', 'D',  0xae, 0x42, 0x60, 0x82,
};

static const char full_yaml[] =
    "系列: 读书会\n期数: 67\ntitle: 庆七一·讲党史\ndate: 2022年6月28日\n"
    "place: 郴州\norganizer: 市委办公室\ncredit: 市委办公室供图\n"
    "copyright: © 2022\ncontact: 0735\nlanguage: zh-CN\n"
    "outlets:\n  郴州日报: web-news\n  抖音号: 抖音\n"
    "logo: brand/logo.png\nstyle: formal\nkeep: [半条被子, 沙洲村]\n"
    "people: {李明: 主任, 王芳: 宣讲员}\n"
    "music: {file: music/bed.wav, level: -20}\n"
    "recordings:\n"
    "  cam1:\n    file: recordings/C0001.MP4\n    starts: \"14:30:05\"\n"
    "    subtitles: subtitles/first.srt\n    recorder: zoom1\n"
    "    offset: -0:01.5\n"
    "  cam2: recordings/C0002.mkv\n"
    "  zoom1: recordings/zoom.wav\n";

static void put_full_session(const struct place *place, const char *folder)
{
    put_media(place, folder, "film.mp4", "recordings/C0001.MP4");
    put_media(place, folder, "mute.mkv", "recordings/C0002.mkv");
    put_media(place, folder, "sound.wav", "recordings/zoom.wav");
    put_media(place, folder, "sound.wav", "music/bed.wav");
    put(folder, "brand/logo.png", dot, sizeof(dot));
    put(folder, "photos/b.png", dot, sizeof(dot));
    put(folder, "photos/a.png", dot, sizeof(dot));
    put_text(folder, "subtitles/first.srt",
             "1\n00:00:00,500 --> 00:00:01,500\n各位领导\n\n");
    put_text(folder, "subtitles/C0002.SRT",
             "1\n00:00:01,000 --> 00:00:01,800\n大家好\n\n");
    put_text(folder, "subtitles/clips/1.srt",
             "1\n00:00:00,000 --> 00:00:01,000\n片一\n\n");
    put_text(folder, "corrections.csv", "错,对\n部暑,部署\n");
}

static void expect_full_texts(const struct session *session,
                              struct arena *arena)
{
    assert_string_equal(session->series, "读书会");
    assert_string_equal(session->number, "67");
    assert_string_equal(session->title, "庆七一·讲党史");
    assert_string_equal(session_date_iso(session, arena), "2022-06-28");
    assert_string_equal(session_date_chinese(session, arena), "2022年6月28日");
    assert_string_equal(session_series_line(session, arena), "读书会第67期");
    assert_int_equal(session->outlet_count, 2);
    assert_true(session->outlets_named);
    assert_string_equal(session->outlets[1].recipient, "抖音号");
    assert_string_equal(session->outlets[1].preset->name, "douyin");
    assert_int_equal(strlen(session->logo_digest), 64);
    assert_int_equal(session->keep_count, 4);
    assert_non_null(session->style);
    assert_non_null(session->faces);
    assert_true(session->music_level_lu == -20.0);
    assert_true(session->music_bed->usable);
    assert_true(session->music_bed->sound.stream >= 0);
    assert_int_equal(session->corrections.count, 1);
    assert_int_equal(session->clip_caption_count, 1);
    assert_string_equal(session->clip_captions[0].clip, "1");
}

static void expect_full_rows(const struct session *session)
{
    assert_int_equal(session->list.count, 3);
    const struct highlight *rows = session->list.rows;
    const struct recording *cam1 = rows[0].recording;
    assert_string_equal(cam1->name, "cam1");
    assert_int_equal(rows[0].start_flicks, S / 2);
    assert_int_equal(rows[0].end_flicks, 2 * S);
    assert_int_equal(cam1->picture.width, 64);
    assert_int_equal(cam1->index->frame_count, 75);
    assert_int_equal(cam1->cues->count, 1);
    assert_string_equal(cam1->recorder->name, "zoom1");
    assert_true(cam1->recorder->usable);
    assert_int_equal(cam1->recorder_offset, -3 * S / 2);
    assert_string_equal(rows[0].role, "主任");
    assert_string_equal(rows[1].recording->name, "cam2");
    assert_int_equal(rows[1].recording->sound.stream, -1);
    assert_string_equal(rows[1].recording->cues->list[0].text, "大家好");
    assert_int_equal(rows[2].photo_count, 2);
    assert_string_equal(rows[2].photos[0]->file, "photos/a.png");
    assert_int_equal(rows[2].photos[0]->width, 1);
}

static void test_full(void **state)
{
    struct place *place = *state;
    char *folder = session_folder(place, full_yaml,
                                  "短片,素材,开始,结束,时长,标题,发言人\n"
                                  "1,cam1,14:30:05.5,14:30:07,,半条被子,李明\n"
                                  ",C0002,0:01,0:02,,,王芳\n"
                                  "2,photos,,,3,参观,\n");
    put_full_session(place, folder);
    struct session *session = ingest(place, folder);
    expect_no_faults(session);
    expect_full_texts(session, place->arena);
    expect_full_rows(session);
    session_destroy(&session);
    assert_null(session);
    session_destroy(&session);

    char *index = files_join(place->arena, folder, ".reelpress/index");
    char **names = NULL;
    size_t count = 0;
    assert_int_equal(files_list(NULL, index, place->arena, &names, &count), 0);
    assert_true(count >= 2);
    assert_int_equal(strlen(names[0]), 36);
}

static const char small_yaml[] =
    "title: 夜\ndate: 2022-06-28\noutlets: [web-news, 净版]\n";

/* The bytes of 中文 in Big5 are text in GB18030 too: people's word counts. */
static void test_charset(void **state)
{
    struct place *place = *state;
    const char *yaml = "title: 夜\ndate: 2022-06-28\noutlets: [web-news]\n"
                       "recordings:\n  cam:\n    file: recordings/cam.mp4\n"
                       "    subtitles: subtitles/a.srt\n    charset: Big5\n";
    char *folder = session_folder(place, yaml, "开始,结束\n0:00,0:01\n");
    put_media(place, folder, "film.mp4", "recordings/cam.mp4");
    put_text(folder, "subtitles/a.srt",
             "1\n00:00:00,000 --> 00:00:01,000\n\xa4\xa4\xa4\xe5\n\n");
    struct session *session = ingest(place, folder);
    expect_no_faults(session);
    const struct cues *cues = session->list.rows[0].recording->cues;
    assert_string_equal(cues->list[0].text, "中文");
    assert_string_equal(cues->encoding, "Big5");
    session_destroy(&session);
}

/* Nothing declared: the folder's files count, and only those used are looked
 * at. */
static void test_folder_only(void **state)
{
    struct place *place = *state;
    char *folder = session_folder(
        place, small_yaml,
        "素材,开始,结束\ncam a,0:00,0:01\nCAM B.MKV,0:00,0:01\n");
    put_media(place, folder, "film.mp4", "recordings/cam a.mp4");
    put_media(place, folder, "mute.mkv", "recordings/Cam b.mkv");
    put_media(place, folder, "noise.mp4", "recordings/other.mp4");
    put_media(place, folder, "empty.mp4", "recordings/void.mp4");
    put_text(folder, "recordings/readme.xml", "<a/>");
    struct session *session = ingest(place, folder);
    assert_int_equal(faults_count(&session->faults, false), 0);
    expect_fault(session, FAULT_WARNING, "\"void\" is empty");
    assert_null(find_fault(session, FAULT_WARNING, "other"));
    assert_int_equal(session->recording_count, 4);
    assert_false(session->outlets_named);
    assert_string_equal(session->outlets[1].preset->name, "clean");
    assert_string_equal(session->list.rows[1].recording->name, "Cam b");
    session_destroy(&session);
}

static void test_shared_stem(void **state)
{
    struct place *place = *state;
    char *folder = session_folder(
        place, small_yaml, "素材,开始,结束\nC1,0:00,0:01\nc1.mkv,0:00,0:01\n");
    put_media(place, folder, "film.mp4", "recordings/C1.mp4");
    put_media(place, folder, "mute.mkv", "recordings/C1.mkv");
    struct session *session = ingest(place, folder);
    expect_fault(session, FAULT_ROW, "two ways");
    assert_int_equal(faults_count(&session->faults, false), 1);
    assert_string_equal(session->list.rows[1].recording->name, "C1.mkv");
    session_destroy(&session);
}

static void test_titles_fall_back(void **state)
{
    struct place *place = *state;
    char *folder = session_folder(place, "title:\noutlets: {报: web-news}\n",
                                  "开始,结束\n0:00,0:01\n");
    put_media(place, folder, "film.mp4", "recordings/only.mp4");
    struct session *session = ingest(place, folder);
    expect_no_faults(session);
    assert_string_equal(session->title, session->name);
    assert_int_equal(session->year, 0);
    assert_string_equal(session->language, "zh-CN");
    assert_string_equal(session->style->name, "formal");
    assert_null(session->credit);
    session_destroy(&session);
}

/* session.yaml and the list as a Chinese Windows saves them. */
static void test_gb18030(void **state)
{
    struct place *place = *state;
    /* 标题: 半条被子 / 日期: 2022-06-28 / 发布: {报: 新闻网站} */
    static const char yaml[] =
        "\xb1\xea\xcc\xe2: \xb0\xeb\xcc\xf5\xb1\xbb\xd7\xd3\r\n"
        "\xc8\xd5\xc6\xda: 2022-06-28\r\n"
        "\xb7\xa2\xb2\xbc: {\xb1\xa8: \xd0\xc2\xce\xc5\xcd\xf8\xd5\xbe}\r\n";
    static const char list[] =
        "\xcb\xd8\xb2\xc4,\xbf\xaa\xca\xbc,\xbd\xe1\xca\xf8\r\n"
        "cam,0:00,0:01\r\n";
    char *folder = session_folder(place, yaml, list);
    put_media(place, folder, "film.mp4", "recordings/cam.mp4");
    struct session *session = ingest(place, folder);
    expect_no_faults(session);
    assert_string_equal(session->title, "半条被子");
    assert_string_equal(session->outlets[0].preset->name, "web-news");
    assert_string_equal(session->list.encoding, "GB18030");
    session_destroy(&session);
}

static void test_only_presets(void **state)
{
    struct place *place = *state;
    char *folder = session_folder(
        place, "date: 2022-06-28\noutlets: {甲: web-news, 乙: clean}\n",
        "开始,结束\n0:00,0:01\n");
    put_media(place, folder, "film.mp4", "recordings/cam.mp4");
    static const char *const wanted[] = {"净版"}, *const unknown[] = {"clena"},
                             *const unused[] = {"douyin"};
    struct ingest_options options = options_of(place, folder);
    struct session *session = NULL;
    options.only_presets = wanted;
    options.only_preset_count = 1;
    assert_int_equal(session_ingest(NULL, folder, &options, &session), 0);
    expect_no_faults(session);
    assert_int_equal(session->outlet_count, 2);
    assert_true(session->outlets_narrowed);
    assert_false(session->outlets[0].wanted);
    assert_true(session->outlets[1].wanted);
    session_destroy(&session);

    options.only_presets = unknown;
    assert_int_equal(session_ingest(NULL, folder, &options, &session), 0);
    expect_fault(session, FAULT_SESSION, "did you mean \"clean\"");
    session_destroy(&session);

    options.only_presets = unused;
    assert_int_equal(session_ingest(NULL, folder, &options, &session), 0);
    expect_fault(session, FAULT_SESSION, "no outlet of the session");
    session_destroy(&session);
}

/* Files of --media folders by name or stem; links that the user placed. */
static void test_media_folder(void **state)
{
    struct place *place = *state;
    char *folder =
        session_folder(place, small_yaml,
                       "素材,开始,结束\nfilm.mp4,0:00,0:01\nmute,0:00,0:01\n"
                       "recordings/link.mp4,0:00,0:01\n");
    char *media = files_join(place->arena, place->folder, "cards");
    put_media(place, media, "film.mp4", "film.mp4");
    put_media(place, media, "mute.mkv", "mute.mkv");
    put_text(folder, "recordings/readme", "");
    char *target = files_join(place->arena, media, "film.mp4");
    char *link = files_join(place->arena, folder, "recordings/link.mp4");
    assert_int_equal(symlink(target, link), 0);
    struct ingest_options options = options_of(place, folder);
    const char *folders[] = {media, "/no/such/card"};
    options.media_folders = folders;
    options.media_count = 1;
    struct session *session = NULL;
    assert_int_equal(session_ingest(NULL, folder, &options, &session), 0);
    expect_no_faults(session);
    for (size_t i = 0; i < 3; i++)
        assert_true(session->list.rows[i].recording->usable);
    session_destroy(&session);

    options.media_count = 2;
    assert_int_equal(session_ingest(NULL, folder, &options, &session), 0);
    expect_fault(session, FAULT_SESSION, "/no/such/card");
    session_destroy(&session);
}

static void test_names(void **state)
{
    struct place *place = *state;
    struct session session = {
        .series = "Reading club", .number = "67", .language = "en"};
    assert_string_equal(session_series_line(&session, place->arena),
                        "Reading club No. 67");
    session.language = "zh-CN";
    session.series = "读书会";
    session.number = "第六十七期";
    assert_string_equal(session_series_line(&session, place->arena),
                        "读书会第六十七期");
    session.number = NULL;
    assert_string_equal(session_series_line(&session, place->arena), "读书会");
    session.series = NULL;
    assert_string_equal(session_series_line(&session, place->arena), "");
    assert_string_equal(session_date_iso(&session, place->arena), "");
    session.year = 2022;
    session.month = 7;
    session.day = 1;
    assert_string_equal(session_date_iso(&session, place->arena), "2022-07-01");
    assert_string_equal(session_date_line(&session, place->arena),
                        "2022年7月1日");
    session.language = "en";
    assert_string_equal(session_date_line(&session, place->arena),
                        "2022-07-01");
}

/* Two rounds with a stop set give up and leave nothing open. */
static void test_stopped(void **state)
{
    struct place *place = *state;
    char *folder = session_folder(place, small_yaml, "开始,结束\n0:00,0:01\n");
    put_media(place, folder, "film.mp4", "recordings/cam.mp4");
    struct ingest_options options = options_of(place, folder);
    static const volatile int stop = 1;
    options.stop = &stop;
    struct session *session = NULL;
    assert_int_equal(session_ingest(NULL, folder, &options, &session),
                     AVERROR_EXIT);
    assert_null(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_folder_only),
        cmocka_unit_test(test_charset),
        cmocka_unit_test(test_shared_stem),
        cmocka_unit_test(test_titles_fall_back),
        cmocka_unit_test(test_gb18030),
        cmocka_unit_test(test_only_presets),
        cmocka_unit_test(test_media_folder),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_stopped),
    };
    return cmocka_run_group_tests(tests, place_open, place_close);
}
