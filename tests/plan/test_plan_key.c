/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys: what must change them and what must not. */
#include "plan/keys.h"

static void test_same_again(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = simple(f);
    struct keys a = keys_of(f);
    assert_int_equal(6, a.count);
    struct recording *r = (struct recording *)row->recording;
    r->name = "another";
    r->file = r->path = "elsewhere.mp4";
    f->session->path = "/elsewhere";
    struct keys b = keys_of(f);
    assert_string_equal("======", COMPARE(&a, &b));
    assert_string_equal(a.sound, b.sound);
    assert_string_equal(a.poster, b.poster);
    for (size_t i = 0; i < a.count; i++) {
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(a.chunk[i], a.chunk[k]);
    }
}

static void test_in_point(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = simple(f);
    struct keys a = keys_of(f);
    row->start_flicks = MS(11000);
    struct keys b = keys_of(f);
    assert_string_equal("x=====", COMPARE(&a, &b));
    assert_string_not_equal(a.sound, b.sound);
    row->start_flicks = MS(6500);
    b = keys_of(f);
    assert_string_equal("xx=====", COMPARE(&a, &b));
}

/* Only what lies in a GOP's packets up to the last needed one counts. */
static void test_packets(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = simple(f);
    struct keys a = keys_of(f);
    struct index *index = (struct index *)row->recording->index;
    index->packets[1400].digest[0] ^= 1; /* 56 s */
    struct keys b = keys_of(f);
    assert_string_equal("======", COMPARE(&a, &b));
    index->packets[410].digest[0] ^= 1; /* 16.4 s: chunk of 16 to 20 */
    b = keys_of(f);
    assert_string_equal("==x===", COMPARE(&a, &b));
    index->packets[410].digest[0] ^= 1;
    index->packets[410].corrupt = 1;
    b = keys_of(f);
    assert_string_equal("==x===", COMPARE(&a, &b));
}

/* The same packets at another place of a file make the same chunk. */
static void test_place_in_file(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = simple(f);
    struct keys a = keys_of(f);
    struct index *index = (struct index *)row->recording->index;
    /* 10 s of other pictures, 250 packets, are lost at the head. */
    index->packets += 250;
    index->frames += 250;
    index->packet_count -= 250;
    index->frame_count -= 250;
    for (size_t i = 0; i < index->frame_count; i++) {
        index->frames[i].packet -= 250;
        index->frames[i].flicks -= MS(8000);
    }
    /* The grid moved by two chunks with it, so it is the same. */
    row->start_flicks -= MS(8000);
    row->end_flicks -= MS(8000);
    struct keys b = keys_of(f);
    assert_string_equal("======", COMPARE(&a, &b));
}

static void test_picture_decisions(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = simple(f);
    struct recording *r = (struct recording *)row->recording;
    struct preset *p = fixture_preset(f, "web-news");
    struct keys a = keys_of(f);
    int *const facts[] = {&r->picture.width,
                          &r->picture.orientation,
                          &r->picture.fields,
                          (int *)&r->picture.matrix,
                          (int *)&r->picture.range,
                          (int *)&r->picture.transfer,
                          &r->picture.sar.num,
                          &row->crop_percent,
                          &p->fit};
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
        *facts[i] += 1;
        struct keys b = keys_of(f);
        *facts[i] -= 1;
        assert_string_equal("xxxxxx", COMPARE(&a, &b));
    }
    row->crop_percent = 20;
    a = keys_of(f);
    row->crop_percent = 30;
    struct keys b = keys_of(f);
    assert_string_equal("xxxxxx", COMPARE(&a, &b));
    row->crop_percent = 20;
    p->crf += 0.01;
    b = keys_of(f);
    assert_string_equal("xxxxxx", COMPARE(&a, &b));
    p->crf -= 0.01;
    b = keys_of(f);
    assert_string_equal("======", COMPARE(&a, &b));
}

/* All that a cover shows, and how large it may be; not what only films need. */
static void test_poster(void **state)
{
    struct fixture *f = *state;
    struct session *s = f->session;
    struct highlight *row = simple(f);
    struct preset *p = fixture_preset(f, "web-news");
    struct cover *cover = (struct cover *)&p->covers[0];
    row->title = "标题";
    struct keys a = keys_of(f);
    int *const numbers[] = {&row->crop_percent, &p->fit, &s->year, &s->month,
                            &s->day};
    for (size_t i = 0; i < FF_ARRAY_ELEMS(numbers); i++) {
        *numbers[i] += 1;
        assert_string_not_equal(a.poster, keys_of(f).poster);
        *numbers[i] -= 1;
    }
    cover->jpeg_bytes += 1;
    assert_string_not_equal(a.poster, keys_of(f).poster);
    cover->jpeg_bytes -= 1;
    const char **const texts[] = {&s->place, &s->credit, &s->copyright,
                                  &row->title, &row->subtitle};
    for (size_t i = 0; i < FF_ARRAY_ELEMS(texts); i++) {
        const char *text = *texts[i];
        *texts[i] = "另";
        assert_string_not_equal(a.poster, keys_of(f).poster);
        *texts[i] = text;
    }
    row->poster = true;
    row->poster_flicks = MS(15000);
    assert_string_not_equal(a.poster, keys_of(f).poster);
    row->poster_flicks = FLICKS_NONE;
    p->crf += 1;
    assert_string_equal(a.poster, keys_of(f).poster);
    f->session->logo_path = "/x/logo.png";
    f->session->logo_digest[0] = '1';
    assert_string_equal(a.poster, keys_of(f).poster);
}

/* The author is the credit line, and where there is none the organizer; the
 * session's title stands for a clip's own. */
static void test_poster_texts(void **state)
{
    struct fixture *f = *state;
    struct session *s = f->session;
    struct highlight *row = simple(f);
    fixture_preset(f, "web-news")->titles = false;
    row->title = "标题";
    for (int i = 0; i < 2; i++) {
        struct keys a = keys_of(f);
        s->organizer = s->title = i ? "又" : "另";
        bool same = strcmp(a.poster, keys_of(f).poster) == 0;
        assert_int_equal(i == 0, same);
        s->credit = row->title = NULL;
    }
}

/* The same packets after other parameter sets are other pictures and sounds. */
static void test_setup(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = simple(f);
    struct recording *r = (struct recording *)row->recording;
    struct keys a = keys_of(f);
    r->picture.setup = "1";
    struct keys b = keys_of(f);
    assert_string_equal("xxxxxx", COMPARE(&a, &b));
    assert_string_not_equal(a.poster, b.poster);
    assert_string_equal(a.sound, b.sound);
    r->sound.setup = "1";
    struct keys c = keys_of(f);
    assert_string_equal("======", COMPARE(&b, &c));
    assert_string_not_equal(b.sound, c.sound);
}

static void test_mended_caption(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = simple(f);
    struct recording *r = (struct recording *)row->recording;
    fixture_preset(f, "web-news")->captions = true;
    struct cue list[] = {
        {MS(11000), MS(13000), "第一句", NULL, 2},
        {MS(17000), MS(19000), "第二剧", NULL, 6},
        {MS(25000), MS(27000), "第三句", NULL, 10},
    };
    r->cues = fixture_cues(f, list, 3);
    struct keys a = keys_of(f);
    r->cues->list[1].text = "第二句";
    struct keys b = keys_of(f);
    assert_string_equal("==x===", COMPARE(&a, &b));
    assert_string_equal(a.sound, b.sound);
    assert_string_equal(a.poster, b.poster);
}

static void test_font_only_where_text_is(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = simple(f);
    struct recording *r = (struct recording *)row->recording;
    fixture_preset(f, "web-news")->captions = true;
    struct cue list[] = {{MS(17000), MS(19000), "一句", NULL, 2}};
    r->cues = fixture_cues(f, list, 1);
    struct keys a = keys_of(f);
    struct face_facts *facts =
        (struct face_facts *)faces_file(f->session->faces, 0);
    facts->digest[0] ^= 1;
    struct keys b = keys_of(f);
    assert_string_equal("==x===", COMPARE(&a, &b));
}

/* Captions have another font than the title, which stands from 10 to 14 s. */
static void test_font_only_where_it_is_named(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = simple(f);
    struct recording *r = (struct recording *)row->recording;
    struct faces *faces = f->session->faces;
    fixture_preset(f, "web-news")->captions = true;
    fixture_preset(f, "web-news")->titles = true;
    row->title = "标题";
    struct cue list[] = {{MS(17000), MS(19000), "一句", NULL, 2}};
    r->cues = fixture_cues(f, list, 1);
    struct keys a = keys_of(f);
    size_t changed = 0;
    for (size_t i = 0; i < faces_count(faces); i++) {
        struct face_facts *facts = (struct face_facts *)faces_file(faces, i);
        if (strcmp(facts->family, "Noto Serif CJK SC") != 0)
            continue;
        facts->digest[0] ^= 1;
        changed++;
    }
    assert_true(changed > 0);
    struct keys b = keys_of(f);
    assert_string_equal("xx====", COMPARE(&a, &b));
    assert_string_not_equal(a.poster, b.poster);
}

static void test_logo(void **state)
{
    struct fixture *f = *state;
    simple(f);
    struct keys a = keys_of(f);
    f->session->logo_path = "/x/logo.png";
    f->session->logo_digest[0] = '1';
    struct keys b = keys_of(f);
    assert_string_equal("xxxxxx", COMPARE(&a, &b));
    f->session->logo_path = "/y/logo.png";
    struct keys c = keys_of(f);
    assert_string_equal("======", COMPARE(&b, &c));
    f->session->logo_digest[0] = '2';
    c = keys_of(f);
    assert_string_equal("xxxxxx", COMPARE(&b, &c));
}

/* Both sources lie under a dissolve, and only there. */
static void test_dissolve(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = simple(f);
    row->clip = "一";
    struct recording *second =
        fixture_recording(f, "cam2", (AVRational){25, 1}, 1500);
    struct highlight *next = fixture_row(f, "一", second, MS(4000), MS(9000));
    struct keys cut = keys_of(f);
    next->transition = TRANSITION_DISSOLVE;
    struct keys a = keys_of(f);
    assert_string_equal("======xx=", COMPARE(&cut, &a));
    assert_string_not_equal(cut.sound, a.sound);
    /* 30.2 s of the first recording runs on under the second's begin. */
    struct index *index = (struct index *)row->recording->index;
    index->packets[755].digest[3] ^= 1;
    struct keys b = keys_of(f);
    assert_string_equal("======x==", COMPARE(&a, &b));
    /* Presets without transitions don't see them. */
    fixture_preset(f, "web-news")->transitions = false;
    b = keys_of(f);
    assert_string_equal("======x==", COMPARE(&a, &b));
    assert_string_equal(cut.sound, b.sound);
}

/* A photo that moves is another picture at another time, by turns and when it
 * is seen longer; one that stands is the same wherever it stands. */
static void test_photo_moves(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = fixture_photos(f, NULL, 2, MS(4000));
    fixture_outlet(f, "新闻", "web-news");
    struct preset *preset = fixture_preset(f, "web-news");
    fixture_mute(preset);
    ((const struct photo **)row->photos)[1] = row->photos[0];
    preset->photo_move = true;
    struct keys a = keys_of(f);
    assert_int_equal(2, a.count);
    assert_string_not_equal(a.chunk[0], a.chunk[1]);
    row->end_flicks = MS(4040);
    struct keys longer = keys_of(f);
    assert_string_equal("xx", COMPARE(&a, &longer));
    row->end_flicks = MS(4000);
    ((struct photo *)row->photos[0])->drawn = true;
    struct keys drawn = keys_of(f);
    assert_string_equal("xx", COMPARE(&a, &drawn));
    ((struct photo *)row->photos[0])->drawn = false;
    preset->photo_move = false;
    struct keys still = keys_of(f);
    assert_string_equal("xx", COMPARE(&a, &still));
    assert_string_equal(still.chunk[0], still.chunk[1]);
    assert_string_equal(still.chunk[0], drawn.chunk[0]);
}

static void test_fill_step(void **state)
{
    static const int fills[FILL_STEPS] = {900, 400};
    struct chunk chunk = {.base_key = "abc", .fills = fills};
    struct chunk_setting first = {.fill_step = FILL_FIRST};
    struct chunk_setting other = {.fill_step = FILL_OTHER};
    struct chunk_setting coarser = {.fill_step = FILL_FIRST, .size_step = 1};
    struct chunk_setting slower = {.fill_step = FILL_FIRST, .rate_step = 1};
    char a[DIGEST_TEXT], b[DIGEST_TEXT];
    chunk_key(&chunk, first, a);
    chunk_key(&chunk, other, b);
    assert_int_equal(64, strlen(a));
    assert_string_not_equal(a, b);
    chunk_key(&chunk, coarser, b);
    assert_string_not_equal(a, b);
    char c[DIGEST_TEXT];
    chunk_key(&chunk, slower, c);
    assert_string_not_equal(a, c);
    assert_string_not_equal(b, c);
    chunk_key(&chunk, first, b);
    assert_string_equal(a, b);
}

static void test_versions(void **state)
{
    struct fixture *f = *state;
    const char *versions = key_versions(f->arena);
    /* The file's whole version, not only the ABI's. */
    const char *at = strstr(versions, "libavcodec.so.");
    assert_non_null(at);
    at += strlen("libavcodec.so.");
    at += strspn(at, "0123456789");
    assert_int_equal('.', *at);
    assert_non_null(strstr(versions, "libx264.so."));
    assert_null(strchr(versions, '/'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_same_again),
        TEST(test_in_point),
        TEST(test_packets),
        TEST(test_place_in_file),
        TEST(test_picture_decisions),
        TEST(test_poster),
        TEST(test_poster_texts),
        TEST(test_setup),
        TEST(test_mended_caption),
        TEST(test_font_only_where_text_is),
        TEST(test_font_only_where_it_is_named),
        TEST(test_logo),
        TEST(test_dissolve),
        TEST(test_photo_moves),
        TEST(test_fill_step),
        TEST(test_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
