/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why things are made again: each change is called by its name, and by nothing
 * that only follows from it. */
#include "plan/fixture.h"

#include "base/files.h"
#include "produce/queue_parts.h"
#include "produce/reasons.h"

struct case_of {
    struct fixture *f;
    struct highlight *row;
    struct recording *recording;
    char folder[64];
    struct store store;
    struct produce_options options;
    char keys[32][DIGEST_TEXT]; /* of the chunks that were made */
    size_t key_count;
};

/* Two clips of one recording; the first has two captions, a title, a strap. */
static void begin(struct case_of *c, struct fixture *f)
{
    *c = (struct case_of){.f = f, .folder = "/tmp/reelpress-test-XXXXXX"};
    assert_non_null(mkdtemp(c->folder));
    f->session->path = c->folder;
    c->options = (struct produce_options){
        .out = c->folder, .store = c->folder, .jobs = 2};
    assert_int_equal(0, store_open(NULL, &c->store, c->folder));
    c->recording = fixture_recording(f, "cam", (AVRational){25, 1}, 1500);
    fixture_outlet(f, "新闻", "web-news");
    c->row = fixture_row(f, "a", c->recording, MS(10000), MS(30000));
    c->row->title = "第一条";
    struct highlight *other =
        fixture_row(f, "b", c->recording, MS(40000), MS(50000));
    other->title = "第二条";
    static struct cue list[] = {
        {MS(17000), MS(19000), "一句", NULL, 2},
        {MS(26000), MS(27000), "又一句", NULL, 6},
    };
    list[0].text = "一句";
    c->recording->cues = fixture_cues(f, list, 2);
}

static void end(struct case_of *c)
{
    store_close(&c->store);
    files_remove_tree(NULL, c->folder);
}

static void put(struct case_of *c, const char *key, const char *kind)
{
    char *temporary = store_temporary(&c->store, key, kind, c->f->arena);
    assert_int_equal(0, files_write(NULL, temporary, "x", 1));
    assert_int_equal(0, store_publish(NULL, &c->store, temporary, key, kind));
}

/* Plans, and writes the record as after a run that made all. */
static void make(struct case_of *c)
{
    const struct plan *plan = fixture_build(c->f, NULL);
    struct produce_summary summary = {0};
    struct queue queue = {.arena = c->f->arena,
                          .plan = plan,
                          .store = &c->store,
                          .options = &c->options,
                          .summary = &summary};
    struct reasons *reasons = reasons_load(plan, &c->store);
    queue_init(&queue);
    c->key_count = 0;
    for (size_t i = 0; i < plan->rendition_count; i++) {
        const struct rendition *r = plan->renditions[i];
        queue.renditions[i].file = PRODUCT_READY;
        for (size_t k = 0; k < r->chunk_count; k++)
            memcpy(c->keys[c->key_count++], r->chunks[k].base_key, DIGEST_TEXT);
    }
    for (size_t i = 0; i < plan->sound_count; i++)
        put(c, plan->sounds[i]->key, "sound");
    for (size_t i = 0; i < plan->poster_count; i++)
        queue.poster_results[i] = (struct result){.state = RESULT_MADE};
    reasons_keep(reasons, &queue);
    queue_clear(&queue);
    reasons_destroy(&reasons);
}

static bool was_made(const struct case_of *c, const char *key)
{
    for (size_t i = 0; i < c->key_count; i++)
        if (!strcmp(c->keys[i], key))
            return true;
    return false;
}

/* Of all chunks that would be made now: "captions", "times title", … */
static const char *why(struct case_of *c)
{
    const struct plan *plan = fixture_build(c->f, NULL);
    struct reasons *reasons = reasons_load(plan, &c->store);
    struct arena *arena = c->f->arena;
    uint32_t set = 0;
    const char *text = "";
    for (size_t i = 0; i < plan->rendition_count; i++)
        for (size_t k = 0; k < plan->renditions[i]->chunk_count; k++)
            if (!was_made(c, plan->renditions[i]->chunks[k].base_key))
                set |= reasons_of_chunk(reasons, i, k);
    json_t *names = reasons_json(set);
    for (size_t i = 0; i < json_array_size(names); i++)
        text = arena_printf(arena, "%s%s%s", text, i ? " " : "",
                            json_string_value(json_array_get(names, i)));
    json_decref(names);
    reasons_destroy(&reasons);
    return text;
}

static void each_change(void **state)
{
    struct case_of c;
    begin(&c, *state);
    struct preset *p = fixture_preset(c.f, "web-news");
    struct index *index = (struct index *)c.recording->index;
    assert_string_equal(why(&c), ""); /* nothing is known */
    make(&c);
    assert_string_equal(why(&c), ""); /* nothing is made */

    c.recording->cues->list[0].text = "换了";
    assert_string_equal(why(&c), "captions");
    c.recording->cues->list[0].end_flicks += MS(400);
    assert_string_equal(why(&c), "captions");
    make(&c);
    c.row->title = "换了的标题";
    assert_string_equal(why(&c), "title");
    make(&c);
    p->crf += 1;
    assert_string_equal(why(&c), "preset");
    make(&c);
    index->packets[460].digest[0] ^= 1;
    assert_string_equal(why(&c), "source");
    make(&c);
    c.row->crop_percent = 20;
    assert_string_equal(why(&c), "crop");
    make(&c);
    struct face_facts *facts =
        (struct face_facts *)faces_file(c.f->session->faces, 0);
    facts->digest[0] ^= 1;
    assert_string_equal(why(&c), "style");
    make(&c);
    fixture_speaker(c.f, c.row, "李明");
    assert_string_equal(why(&c), "straps");
    end(&c);
}

/* Titles and straps are timed from the in-point; their words stay. */
static void moved_start(void **state)
{
    struct case_of c;
    begin(&c, *state);
    fixture_speaker(c.f, c.row, "李明");
    make(&c);
    c.row->start_flicks = MS(11000);
    assert_string_equal(why(&c), "times");
    make(&c);
    c.row->end_flicks = MS(28500);
    assert_string_equal(why(&c), "times");
    make(&c);
    c.row->start_flicks = MS(10000);
    c.row->title = "另一个";
    assert_string_equal(why(&c), "times title");
    end(&c);
}

/* All of the other source that a dissolve brings with it is no reason. */
static void changed_transition(void **state)
{
    struct case_of c;
    begin(&c, *state);
    fixture_mute(fixture_preset(c.f, "web-news"));
    struct recording *second =
        fixture_recording(c.f, "cam2", (AVRational){25, 1}, 1500);
    struct highlight *next = fixture_row(c.f, "a", second, MS(5000), MS(14000));
    const int all[] = {TRANSITION_DISSOLVE, TRANSITION_FADE,
                       TRANSITION_DISSOLVE};
    make(&c);
    for (size_t i = 0; i < FF_ARRAY_ELEMS(all); i++) {
        next->transition = all[i];
        const char *text = why(&c);
        assert_non_null(strstr(text, "transition"));
        assert_null(strstr(text, "preset"));
        assert_null(strstr(text, "crop"));
        assert_null(strstr(text, "source"));
        make(&c);
    }
    end(&c);
}

static void new_and_lost(void **state)
{
    struct case_of c;
    begin(&c, *state);
    make(&c);
    /* All is as it was, and yet not there. */
    c.key_count = 0;
    assert_string_equal(why(&c), "lost");
    make(&c);
    struct highlight *row =
        fixture_row(c.f, "c", c.recording, MS(52000), MS(56000));
    assert_string_equal(why(&c), "new");
    /* Numbers change when a row is put in before: the clips don't. */
    row->clip = "a";
    c.row->clip = "b";
    c.f->session->list.rows[1].clip = "c";
    assert_string_equal(why(&c), "new");
    end(&c);
}

static void words(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(reasons_text(0, f->arena), "");
    assert_string_equal(
        reasons_text(REASON(PART_CAPTIONS) | REASON(PART_TIMES), f->arena),
        "a start or an end was moved, captions changed");
    for (int i = 0; i < KEY_PARTS; i++) {
        assert_non_null(key_part_names[i]);
        assert_true(*reasons_text(REASON(i), f->arena));
    }
}

#define RUN(test)                                                              \
    cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN(each_change),  RUN(moved_start), RUN(changed_transition),
        RUN(new_and_lost), RUN(words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
