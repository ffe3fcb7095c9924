/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How chunks are dealt out to workers that are only played: everything once,
 * one decode for all presets, long runs while there is much, an even end, and
 * an account that comes out to the unit whatever fails. */
#include "plan/fixture.h"

#include "base/files.h"
#include "produce/queue_parts.h"

#define WORKERS 8

static const AVRational R25 = {25, 1};

/* A worker that is played: busy until `end` on a clock of units. */
struct player {
    bool busy;
    int64_t id, end;
};

struct play {
    struct fixture *f;
    char folder[64];
    struct store store;
    struct produce_options options;
    struct produce_summary summary;
    struct queue queue;
    struct player players[WORKERS];
    int64_t now;
    const int *sizes; /* that film 0 has, in turn, until a 0: it is taken */
    int dealt[8][64]; /* rendition, chunk: how often it was handed out */
    int decodes;      /* ranges begun: a span in an item */
    int split;        /* … of which not for all renditions that lacked it */
};

static void hear(void *opaque, const struct produce_event *event)
{
    (void)opaque;
    assert_true(event->units <= event->total);
}

/* Three presets, none with a script: the queue doesn't look at pictures. */
static void give_outlets(struct fixture *f)
{
    fixture_outlet(f, "a", "web-news");
    fixture_outlet(f, "b", "douyin");
    fixture_outlet(f, "c", "square");
}

static void play_begin(struct play *play, struct fixture *f, int jobs)
{
    *play = (struct play){.f = f, .folder = "/tmp/reelpress-test-XXXXXX"};
    assert_non_null(mkdtemp(play->folder));
    play->options = (struct produce_options){
        .out = play->folder, .store = play->folder, .jobs = jobs};
    assert_int_equal(0, store_open(NULL, &play->store, play->folder));
    play->queue = (struct queue){.arena = f->arena,
                                 .plan = f->plan,
                                 .store = &play->store,
                                 .options = &play->options,
                                 .summary = &play->summary,
                                 .event = hear};
}

static void play_end(struct play *play)
{
    queue_clear(&play->queue);
    store_close(&play->store);
    files_remove_tree(NULL, play->folder);
}

static void put(struct play *play, const char *key, const char *kind)
{
    struct arena *arena = play->f->arena;
    char *temporary = store_temporary(&play->store, key, kind, arena);
    assert_int_equal(0, files_write(NULL, temporary, "x", 1));
    assert_int_equal(0,
                     store_publish(NULL, &play->store, temporary, key, kind));
}

static void put_entry(struct play *play, const char *key)
{
    char digest[DIGEST_TEXT];
    memset(digest, 'a', sizeof(digest) - 1);
    digest[sizeof(digest) - 1] = 0;
    json_t *entry = json_pack("{s:s,s:s,s:s}", "digest", digest, "jpeg_digest",
                              digest, "sheet_digest", digest);
    assert_int_equal(0, store_write_json(NULL, &play->store, key, entry));
    json_decref(entry);
}

static void put_chunk(struct play *play, size_t rendition, size_t chunk)
{
    char key[DIGEST_TEXT];
    chunk_key(&play->f->plan->renditions[rendition]->chunks[chunk],
              (struct chunk_setting){chunk ? FILL_OTHER : FILL_FIRST, 0, 0},
              key);
    put(play, key, "chunk");
}

/* What an item leaves in the store. */
static void put_item(struct play *play, const struct item *item)
{
    const struct plan *plan = play->f->plan;
    if (item->kind == ITEM_FILE) {
        put(play, play->queue.renditions[item->index].key, "mp4");
        put_entry(play, play->queue.renditions[item->index].key);
    }
    for (size_t i = 0; item->kind == ITEM_POSTER && i < plan->poster_count;
         i++) {
        put(play, plan->posters[i]->key, "png");
        put(play, plan->posters[i]->key, "jpg");
        put(play, plan->posters[i]->key, "sheet.jpg");
        put_entry(play, plan->posters[i]->key);
    }
}

static int waiting_for(const struct queue *queue, size_t clip, size_t span)
{
    int count = 0;
    for (size_t i = 0; i < queue->clips[clip].rendition_count; i++) {
        size_t rendition = queue->clips[clip].renditions[i];
        count +=
            span < queue->plan->renditions[rendition]->chunk_count &&
            queue->renditions[rendition].chunks[span].state == PRODUCT_WANTED;
    }
    return count;
}

/* Holds what every run must be. */
static void look_at_run(struct play *play, const struct item *item)
{
    for (size_t i = 0; i < item->chunk_count; i++) {
        const struct chunk_place *place = &item->chunks[i];
        play->dealt[place->rendition][place->span]++;
        if (i && place->span == place[-1].span)
            continue;
        if (i)
            assert_int_equal(place[-1].span + 1, place->span);
        play->decodes++;
        if (waiting_for(&play->queue, item->index, place->span)) {
            play->split++;
            assert_int_equal(item->chunks[0].span, place->span);
        }
    }
}

static struct item *play_deal(struct play *play, struct player *player)
{
    struct worker_item asked = {0};
    if (!queue_next(&play->queue, &asked))
        return NULL;
    buffer_clear(&asked.request);
    struct item *item = &play->queue.items[asked.id];
    *player = (struct player){true, asked.id, play->now + item->units};
    if (item->kind == ITEM_RUN)
        look_at_run(play, item);
    return item;
}

static void play_finish(struct play *play, struct player *player, int code)
{
    struct buffer reply = {0};
    struct worker_result result = {.id = player->id,
                                   .code = code,
                                   .sentence = code ? "no" : NULL,
                                   .reply = &reply};
    const struct item *item = &play->queue.items[player->id];
    if (item->kind == ITEM_FILE && item->index == 0 && play->sizes &&
        *play->sizes)
        buffer_printf(&reply, "{\"bytes\":%d}", *play->sizes++);
    else
        put_item(play, item);
    queue_progress(&play->queue, player->id, 3);
    queue_done(&play->queue, &result);
    buffer_clear(&reply);
    player->busy = false;
}

/* The clock goes on; who is busy tells of what he did meanwhile. */
static void play_wait(struct play *play, int64_t until)
{
    for (int i = 0; i < play->options.jobs; i++) {
        if (play->players[i].busy)
            queue_progress(&play->queue, play->players[i].id,
                           until - play->now);
    }
    play->now = until;
}

/* Until nothing is left: who is free takes, the first to end ends. */
static void play_on(struct play *play)
{
    for (;;) {
        struct player *first = NULL;
        for (int i = 0; i < play->options.jobs; i++) {
            struct player *player = &play->players[i];
            if (!player->busy)
                play_deal(play, player);
            if (player->busy && (!first || player->end < first->end))
                first = player;
        }
        if (!first)
            return;
        play_wait(play, first->end);
        play_finish(play, first, 0);
    }
}

static void expect_all_once(const struct play *play)
{
    const struct plan *plan = play->f->plan;
    for (size_t r = 0; r < plan->rendition_count; r++)
        for (size_t k = 0; k < plan->renditions[r]->chunk_count; k++)
            assert_int_equal(1, play->dealt[r][k]);
    assert_int_equal(play->queue.units_total, play->queue.units_done);
    assert_int_equal(0, play->queue.units_waiting);
    assert_int_equal(0, play->summary.failed);
    assert_int_equal(plan->rendition_count + plan->poster_count,
                     play->summary.made);
}

static void make_talk(struct fixture *f, bool closed)
{
    struct recording *r = fixture_recording(f, "cam1", R25, 4000);
    ((struct index *)(uintptr_t)r->index)->closed = closed;
    give_outlets(f);
    fixture_row(f, "1", r, MS(1500), MS(61500));
    fixture_row(f, "2", r, MS(70000), MS(110000));
    fixture_plan(f);
}

static void test_everything_once(void **state)
{
    struct fixture *f = *state;
    make_talk(f, true);
    for (int jobs = 1; jobs <= WORKERS; jobs *= 2) {
        struct play play;
        play_begin(&play, f, jobs);
        queue_init(&play.queue);
        int64_t total = play.queue.units_total;
        play_on(&play);
        expect_all_once(&play);
        assert_int_equal(total, play.queue.units_total);
        play_end(&play);
    }
}

/* One worker decodes each range once, for all presets; of more workers each but
 * the last begins one range again at most: what others have in hand counts. */
static void test_one_decode(void **state)
{
    struct fixture *f = *state;
    make_talk(f, true);
    size_t spans = 0;
    for (size_t i = 0; i < f->plan->clip_count; i++)
        spans += f->plan->clips[i]->span_count;
    for (int jobs = 1; jobs <= WORKERS; jobs++) {
        struct play play;
        play_begin(&play, f, jobs);
        queue_init(&play.queue);
        play_on(&play);
        assert_in_range(play.decodes, spans, spans + jobs - 1);
        if (jobs == 1)
            assert_int_equal(0, play.split);
        play_end(&play);
    }
}

static void test_long_runs_and_an_even_end(void **state)
{
    struct fixture *f = *state;
    make_talk(f, true);
    for (int jobs = 2; jobs <= 4; jobs++) {
        struct play play;
        play_begin(&play, f, jobs);
        queue_init(&play.queue);
        struct item *first = play_deal(&play, &play.players[0]);
        while (first->kind != ITEM_RUN) {
            play_finish(&play, &play.players[0], 0);
            first = play_deal(&play, &play.players[0]);
        }
        int64_t even = (play.queue.units_total - play.queue.units_done) / jobs;
        assert_in_range(first->units, even / 4, even / 2);
        play_on(&play);
        /* Nobody waits for longer than a file and a single chunk take. */
        assert_in_range(play.now, even, even + 100 + 60);
        play_end(&play);
    }
}

/* With more workers than ranges, the presets of a range go to several. */
static void test_parted_presets(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 4000);
    give_outlets(f);
    fixture_row(f, "1", r, MS(4000), MS(8000));
    fixture_plan(f);
    struct play play;
    play_begin(&play, f, 8);
    queue_init(&play.queue);
    play_on(&play);
    expect_all_once(&play);
    /* The range in three parts; the card, made for two presets, in two. */
    assert_int_equal(3 + 2, play.decodes);
    play_end(&play);
}

/* Where each range begins at its own entry there is nothing to go on with. */
static void test_open_recording(void **state)
{
    struct fixture *f = *state;
    make_talk(f, false);
    struct play play;
    play_begin(&play, f, 2);
    queue_init(&play.queue);
    struct item *item;
    while ((item = play_deal(&play, &play.players[0]))) {
        if (item->kind == ITEM_RUN)
            assert_int_equal(item->chunks[0].span,
                             item->chunks[item->chunk_count - 1].span);
        play_finish(&play, &play.players[0], 0);
    }
    expect_all_once(&play);
    play_end(&play);
}

/* A run may pass a dissolve and end in the card, never pass a cut. */
static void test_edges_of_shots(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 4000);
    give_outlets(f);
    fixture_row(f, "1", r, MS(0), MS(6000));
    fixture_row(f, "1", r, MS(20000), MS(26000));
    struct highlight *row = fixture_row(f, "1", r, MS(40000), MS(46000));
    row->transition = TRANSITION_DISSOLVE;
    row->transition_flicks = MS(500);
    fixture_row(f, "2", r, MS(50000), MS(150000));
    const struct clip *clip = fixture_plan(f)->clips[0];
    struct play play;
    play_begin(&play, f, 1);
    queue_init(&play.queue);
    int shots[2][2] = {{-9, -9}, {-9, -9}};
    int runs = 0;
    struct item *item;
    while ((item = play_deal(&play, &play.players[0])) && runs < 2) {
        if (item->kind == ITEM_RUN && item->index == 0) {
            shots[runs][0] = clip->spans[item->chunks[0].span].shot;
            shots[runs++][1] =
                clip->spans[item->chunks[item->chunk_count - 1].span].shot;
        }
        play_finish(&play, &play.players[0], 0);
    }
    assert_int_equal(0, shots[0][0]);
    assert_int_equal(0, shots[0][1]);
    assert_int_equal(1, shots[1][0]);
    assert_int_equal(-1, shots[1][1]);
    play_end(&play);
}

/* Only the rendition whose chunk failed is given up; what the run had made
 * counts, what it had not tried is dealt out again. */
static void test_a_failed_run(void **state)
{
    struct fixture *f = *state;
    make_talk(f, true);
    struct play play;
    play_begin(&play, f, 1);
    /* The second range of the first clip is wanted for one preset only. */
    size_t alone = 2;
    for (size_t r = 0; r < 3; r++) {
        if (r != alone)
            put_chunk(&play, r, 1);
    }
    queue_init(&play.queue);
    struct item *item = play_deal(&play, &play.players[0]);
    while (item->kind != ITEM_RUN) {
        play_finish(&play, &play.players[0], 0);
        item = play_deal(&play, &play.players[0]);
    }
    assert_true(item->chunk_count > 7);
    for (size_t r = 0; r < 3; r++)
        put_chunk(&play, r, 0);
    int64_t waiting = play.queue.units_waiting;
    play_finish(&play, &play.players[0], AVERROR_EXTERNAL);
    assert_int_equal(RESULT_FAILED, play.queue.rendition_results[alone].state);
    assert_int_equal(1, play.summary.failed);
    assert_int_equal(3, play.summary.chunks_made);
    assert_true(play.queue.units_waiting > 0);
    assert_int_not_equal(waiting, play.queue.units_waiting);
    play_on(&play);
    const struct plan *plan = f->plan;
    assert_int_equal(1, play.summary.failed);
    assert_int_equal(plan->rendition_count - 1 + plan->poster_count,
                     play.summary.made);
    assert_int_equal(0, play.queue.units_waiting);
    assert_int_equal(play.queue.units_total, play.queue.units_done);
    play_end(&play);
}

/* A film that is larger than its outlet takes is coded again, whole and with
 * another crf, until it fits; nobody else's chunks are. */
static void test_a_film_too_large(void **state)
{
    struct fixture *f = *state;
    make_talk(f, true);
    struct preset *preset =
        (struct preset *)(uintptr_t)f->plan->renditions[0]->preset;
    preset->crf = 20;
    preset->max_bytes = 1000000;
    /* Too large, a halving too small, then one that is taken. */
    const int sizes[] = {1900000, 700000, 0};
    struct play play;
    play_begin(&play, f, 2);
    play.sizes = sizes;
    queue_init(&play.queue);
    play_on(&play);
    assert_int_equal(play.queue.units_total, play.queue.units_done);
    assert_int_equal(0, play.queue.units_waiting);
    for (size_t r = 0; r < f->plan->rendition_count; r++)
        for (size_t k = 0; k < f->plan->renditions[r]->chunk_count; k++)
            assert_int_equal(r ? 1 : 3, play.dealt[r][k]);
    assert_in_range(play.queue.renditions[0].size.step, 1, 11);
    assert_int_equal(0, play.queue.renditions[1].size.step);
    play_end(&play);
    /* One step is left, and it is not enough. */
    const int large[] = {1900000, 1800000, 0};
    preset->crf = SIZE_WORST_CRF - 0.5;
    play_begin(&play, f, 2);
    play.sizes = large;
    queue_init(&play.queue);
    play_on(&play);
    assert_int_equal(1, play.summary.failed);
    assert_non_null(
        strstr(play.queue.rendition_results[0].sentence, "1000000 at most"));
    assert_int_equal(play.queue.units_total, play.queue.units_done);
    play_end(&play);
}

/* Two outlets that agree in all: one chunk, one worker, even at the end. */
static void test_same_chunk_twice(void **state)
{
    struct fixture *f = *state;
    struct recording *r = fixture_recording(f, "cam1", R25, 4000);
    struct preset *twin = fixture_preset(f, "square");
    const char *name = twin->name;
    *twin = *fixture_preset(f, "web-news");
    twin->name = name;
    fixture_outlet(f, "a", "web-news");
    fixture_outlet(f, "b", "square");
    fixture_row(f, "1", r, MS(0), MS(3000));
    const struct plan *plan = fixture_plan(f);
    assert_int_equal(2, plan->rendition_count);
    assert_string_equal(plan->renditions[0]->chunks[0].base_key,
                        plan->renditions[1]->chunks[0].base_key);
    struct play play;
    play_begin(&play, f, 8);
    queue_init(&play.queue);
    play_on(&play);
    expect_all_once(&play);
    assert_int_equal(f->plan->clips[0]->span_count, play.decodes);
    play_end(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_everything_once),
        TEST(test_one_decode),
        TEST(test_long_runs_and_an_even_end),
        TEST(test_parted_presets),
        TEST(test_open_recording),
        TEST(test_edges_of_shots),
        TEST(test_a_failed_run),
        TEST(test_a_film_too_large),
        TEST(test_same_chunk_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
