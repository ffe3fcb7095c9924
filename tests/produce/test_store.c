/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store: whole or not there, bounded, oldest use first out, and what the
 * plan needs stays. */
#include "produce/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/scratch.h"
#include "ingest/carried.h"
#include "produce/products.h"
#include "produce/trimmer.h"
#include "subtitles/carried_set.h"

#define PRODUCT_BYTES 8192

static const char *key_of(struct scratch *scratch, int number)
{
    return arena_printf(scratch->arena, "%02x%062x", number, number);
}

static char *put(struct scratch *scratch, const struct store *store,
                 const char *key, const char *kind, int age_s)
{
    char bytes[PRODUCT_BYTES] = {1};
    char *path = store_path(store, key, kind, scratch->arena);
    char *temporary = store_temporary(store, key, kind, scratch->arena);
    assert_int_equal(0, files_write(NULL, temporary, bytes, sizeof(bytes)));
    assert_int_equal(0, store_publish(NULL, store, temporary, key, kind));
    struct timespec times[2] = {{.tv_sec = time(NULL) - age_s},
                                {.tv_sec = time(NULL) - age_s}};
    assert_int_equal(0, utimensat(AT_FDCWD, path, times, 0));
    return path;
}

/* The least plan: one film of one chunk. */
struct little_plan {
    struct session session;
    struct clip clip;
    struct preset preset;
    struct chunk chunk;
    struct rendition rendition;
    struct rendition *renditions[1];
    struct plan plan;
};

static void little_plan_init(struct little_plan *p)
{
    memset(p, 0, sizeof(*p));
    memset(p->chunk.base_key, 'b', DIGEST_TEXT - 1);
    p->chunk.fills = fill_ladder(&p->preset);
    p->rendition = (struct rendition){.clip = &p->clip,
                                      .preset = &p->preset,
                                      .chunks = &p->chunk,
                                      .chunk_count = 1,
                                      .encoder = "",
                                      .wanted = true};
    p->renditions[0] = &p->rendition;
    p->plan = (struct plan){.session = &p->session,
                            .renditions = p->renditions,
                            .rendition_count = 1};
}

static void test_publishes_whole(void **state)
{
    struct scratch *scratch = *state;
    struct store store;
    char *folder = scratch_path(scratch, "store");
    const char *key = key_of(scratch, 7);
    assert_int_equal(0, store_open(NULL, &store, folder));
    assert_false(store_has(&store, key, "chunk"));
    char *temporary = store_temporary(&store, key, "chunk", scratch->arena);
    assert_int_equal(0, files_write(NULL, temporary, "half", 4));
    assert_false(store_has(&store, key, "chunk"));
    store_close(&store);
    /* What a killed run left goes; what was published stays. */
    assert_int_equal(0, store_open(NULL, &store, folder));
    assert_false(files_exist(temporary));
    put(scratch, &store, key, "chunk", 0);
    store_close(&store);
    assert_int_equal(0, store_open(NULL, &store, folder));
    assert_true(store_has(&store, key, "chunk"));
    assert_false(store_has(&store, key, "mp4"));
    store_remove(&store, key, "chunk");
    assert_false(store_has(&store, key, "chunk"));
    store_close(&store);
}

static void test_documents_are_proven(void **state)
{
    struct scratch *scratch = *state;
    struct store store;
    const char *key = key_of(scratch, 9);
    struct buffer bytes = {0};
    assert_int_equal(0,
                     store_open(NULL, &store, scratch_path(scratch, "store")));
    assert_null(store_read_json(&store, key));
    json_t *value = json_pack("{s:i,s:s}", "loudness", -15, "name", "标题");
    assert_int_equal(0, store_write_json(NULL, &store, key, value));
    json_t *read = store_read_json(&store, key);
    assert_true(json_equal(value, read));
    json_decref(read);
    json_decref(value);
    char *path = store_path(&store, key, "json", scratch->arena);
    assert_int_equal(0, files_read(NULL, path, 4096, &bytes));
    for (size_t i = 0; i < bytes.size; i++) {
        bytes.data[i] ^= 4;
        assert_int_equal(0, files_write(NULL, path, bytes.data, bytes.size));
        bytes.data[i] ^= 4;
        assert_null(store_read_json(&store, key));
    }
    for (size_t size = 0; size < bytes.size; size++) {
        assert_int_equal(0, files_write(NULL, path, bytes.data, size));
        assert_null(store_read_json(&store, key));
    }
    buffer_clear(&bytes);
    store_close(&store);
}

static void test_two_runs_at_once(void **state)
{
    struct scratch *scratch = *state;
    struct store first, second;
    struct little_plan p;
    char *folder = scratch_path(scratch, "store");
    little_plan_init(&p);
    assert_int_equal(0, store_open(NULL, &first, folder));
    char *temporary =
        store_temporary(&first, key_of(scratch, 1), "chunk", scratch->arena);
    assert_int_equal(0, files_write(NULL, temporary, "half", 4));
    char *old = put(scratch, &first, key_of(scratch, 2), "chunk", 9999);
    /* The second neither clears the first one's work nor trims. */
    assert_int_equal(0, store_open(NULL, &second, folder));
    assert_true(files_exist(temporary));
    assert_int_equal(0, store_trim(NULL, &second, &p.plan, 0));
    assert_int_equal(0, store_trim(NULL, &first, &p.plan, 0));
    assert_true(files_exist(old));
    store_close(&first);
    assert_true(store_trim(NULL, &second, &p.plan, 0) > 0);
    assert_false(files_exist(old));
    store_close(&second);
}

static void test_oldest_use_goes_first(void **state)
{
    struct scratch *scratch = *state;
    struct store store;
    struct little_plan p;
    char *paths[6];
    little_plan_init(&p);
    assert_int_equal(0,
                     store_open(NULL, &store, scratch_path(scratch, "store")));
    for (int i = 0; i < 6; i++)
        paths[i] =
            put(scratch, &store, key_of(scratch, i), "chunk", 100000 * (i + 1));
    store_use(&store, key_of(scratch, 5), "chunk");
    assert_true(store_used_lately(&store, key_of(scratch, 5), "chunk"));
    assert_false(store_used_lately(&store, key_of(scratch, 4), "chunk"));
    assert_false(store_used_lately(&store, key_of(scratch, 40), "chunk"));
    int64_t all = store_size(&store);
    assert_true(all >= 6 * PRODUCT_BYTES);
    assert_int_equal(0, store_trim(NULL, &store, &p.plan, all));
    /* A byte too much costs one file, and that is the one not used longest. */
    assert_int_equal(all / 6, store_trim(NULL, &store, &p.plan, all - 1));
    assert_false(files_exist(paths[4]));
    assert_int_equal(3 * (all / 6),
                     store_trim(NULL, &store, &p.plan, 2 * (all / 6)));
    assert_false(files_exist(paths[3]) || files_exist(paths[2]) ||
                 files_exist(paths[1]));
    assert_true(files_exist(paths[0]) && files_exist(paths[5]));
    store_close(&store);
}

static void test_the_plan_keeps_its_own(void **state)
{
    struct scratch *scratch = *state;
    struct store store;
    struct little_plan p;
    char film[DIGEST_TEXT], chunk[DIGEST_TEXT], step[DIGEST_TEXT];
    char coarse[DIGEST_TEXT], slower[DIGEST_TEXT];
    little_plan_init(&p);
    products_film_key(&p.plan, &p.rendition, film);
    chunk_key(&p.chunk, (struct chunk_setting){FILL_FIRST, 0, 0}, chunk);
    chunk_key(&p.chunk, (struct chunk_setting){FILL_STEPS - 1, 0, 0}, step);
    chunk_key(&p.chunk, (struct chunk_setting){FILL_FIRST, 5, 0}, coarse);
    chunk_key(&p.chunk, (struct chunk_setting){FILL_OTHER, 5, 2}, slower);
    /* With a slash at its end, as a user may write it. */
    assert_int_equal(0,
                     store_open(NULL, &store, scratch_path(scratch, "store/")));
    char *mine[] = {put(scratch, &store, film, "mp4", 900000),
                    put(scratch, &store, film, "json", 900000),
                    put(scratch, &store, chunk, "chunk", 900000),
                    put(scratch, &store, step, "chunk", 900000),
                    put(scratch, &store, coarse, "chunk", 900000),
                    put(scratch, &store, slower, "chunk", 900000)};
    json_t *entry = json_pack("{s:[[i,i,i]]}", "settings", FILL_OTHER, 5, 2);
    assert_int_equal(0, store_write_json(NULL, &store, film, entry));
    json_decref(entry);
    char *other = put(scratch, &store, key_of(scratch, 3), "chunk", 10);
    assert_true(store_trim(NULL, &store, &p.plan, 0) > 0);
    assert_false(files_exist(other));
    for (size_t i = 0; i < sizeof(mine) / sizeof(mine[0]); i++)
        assert_true(files_exist(mine[i]));
    products_use(&p.plan, &store);
    assert_true(store_used_lately(&store, film, "mp4"));
    assert_true(store_used_lately(&store, chunk, "chunk"));
    assert_true(store_used_lately(&store, step, "chunk"));
    store_close(&store);
}

/* So do the fonts that its recordings' scripts carry; others go. */
static void test_carried_fonts_stay(void **state)
{
    struct scratch *scratch = *state;
    struct arena *arena = scratch->arena;
    struct store store;
    struct little_plan p;
    struct set set = {0};
    struct recording cam = {.path = "cam.mp4"};
    struct recording *recordings[] = {&cam};
    struct faces *faces = faces_create();
    little_plan_init(&p);
    set_add_made(&set, &(struct make_font){.family = "盒", .letters = "不"},
                 arena);
    cam.faces = set_carry(&set, faces);
    p.session.recordings = recordings;
    p.session.recording_count = 1;
    const char *folder = scratch_path(scratch, "store");
    assert_int_equal(0, store_open(NULL, &store, folder));
    assert_int_equal(
        0, files_make_folders(NULL, files_join(arena, folder, "fonts")));
    const char *mine = set.facts[0].digest;
    const char *other = key_of(scratch, 7);
    char *paths[] = {carried_font_path(arena, folder, mine),
                     carried_table_path(arena, folder, mine, 2),
                     carried_font_path(arena, folder, other),
                     carried_table_path(arena, folder, other, 0)};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(0, files_write(NULL, paths[i], paths, 16));
    assert_true(store_trim(NULL, &store, &p.plan, 0) > 0);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(files_exist(paths[i]), i < 2);
    store_close(&store);
    faces_destroy(&faces);
    set_clear(&set);
}

static char *place(struct scratch *scratch, const char *folder,
                   const char *name)
{
    char *path = arena_printf(scratch->arena, "%s/%s", folder, name);
    char *parent =
        arena_strndup(scratch->arena, path, (size_t)(files_name(path) - path));
    assert_int_equal(0, files_make_folders(NULL, parent));
    assert_int_equal(0, files_write(NULL, path, "mine", 4));
    return path;
}

/* --store may name a folder that has a tmp/ or an index/ of its own. */
static void test_what_others_put_there_stays(void **state)
{
    struct scratch *scratch = *state;
    struct little_plan p;
    struct store store;
    char *folder = scratch_path(scratch, "store");
    char *theirs[] = {
        place(scratch, folder, "tmp/thesis.txt"),
        place(scratch, folder, "tmp/deep/er.txt"),
        place(scratch, folder, "index/a.idx"),
        place(scratch, folder, "fonts/house.ttf"),
        place(scratch, folder, "ab/cd.chunk"),
        place(scratch, folder, "memories/x"),
    };
    little_plan_init(&p);
    assert_int_equal(0, store_open(NULL, &store, folder));
    char *old = put(scratch, &store, key_of(scratch, 3), "chunk", 10);
    char *index =
        place(scratch, folder, "index/0123456789abcdef0123456789abcdef.idx");
    assert_true(store_trim(NULL, &store, &p.plan, 0) > 0);
    store_close(&store);
    assert_false(files_exist(old) || files_exist(index));
    for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++)
        assert_true(files_exist(theirs[i]));
}

/* A folder where a product should be is in nobody's way. */
static void test_folders_give_way(void **state)
{
    struct scratch *scratch = *state;
    struct store store;
    const char *key = key_of(scratch, 5);
    assert_int_equal(0,
                     store_open(NULL, &store, scratch_path(scratch, "store")));
    for (int i = 0; i < 3; i++) {
        char *path = store_path(&store, key, "chunk", scratch->arena);
        assert_int_equal(
            0, files_make_folders(NULL, files_join(scratch->arena, path, "x")));
        assert_false(store_has(&store, key, "chunk"));
        if (i == 1)
            store_remove(&store, key, "chunk");
        assert_int_equal(files_exist(path), i != 1);
        put(scratch, &store, key, "chunk", 0);
        assert_true(store_has(&store, key, "chunk"));
        store_remove(&store, key, "chunk");
    }
    char *path = store_path(&store, key, "json", scratch->arena);
    assert_int_equal(
        0, files_make_folders(NULL, files_join(scratch->arena, path, "x")));
    json_t *value = json_pack("{s:i}", "a", 1);
    assert_int_equal(0, store_write_json(NULL, &store, key, value));
    json_decref(value);
    value = store_read_json(&store, key);
    assert_non_null(value);
    json_decref(value);
    store_close(&store);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, scratch_create, scratch_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_publishes_whole),
        TEST(test_documents_are_proven),
        TEST(test_two_runs_at_once),
        TEST(test_oldest_use_goes_first),
        TEST(test_the_plan_keeps_its_own),
        TEST(test_carried_fonts_stay),
        TEST(test_folders_give_way),
        TEST(test_what_others_put_there_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
