/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds package/delivery.h: what is ours is replaced and taken away, what
 * somebody edited never is. */
#include "package/delivery.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/scratch.h"

struct rig {
    struct scratch *scratch;
    struct delivery delivery;
    struct log log;
    char told[1024]; /* all warnings and errors, one after the other */
};

static void hear(void *opaque, enum log_level level, const char *message)
{
    struct rig *rig = opaque;
    if (level <= LOG_LEVEL_WARNING)
        strncat(rig->told, message, sizeof(rig->told) - strlen(rig->told) - 1);
}

/* Another run into the same folder: its last report is what this one wrote. */
static void next_run(struct rig *rig)
{
    struct delivery *d = &rig->delivery;
    json_t *report = json_pack("{s:[{s:o}]}", "packages", "files",
                               d->files ? d->files : json_array());
    json_decref(d->last);
    d->last = delivery_last_files(report);
    json_decref(report);
    d->files = json_array();
    rig->told[0] = '\0';
}

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    int ret = scratch_create((void **)&rig->scratch);
    log_init(&rig->log, LOG_LEVEL_INFO, hear, rig);
    rig->delivery = (struct delivery){.log = &rig->log,
                                      .arena = rig->scratch->arena,
                                      .out = scratch_path(rig->scratch, "out"),
                                      .folder = "网站",
                                      .edited = "改动"};
    next_run(rig);
    *state = rig;
    return ret;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    json_decref(rig->delivery.last);
    json_decref(rig->delivery.files);
    log_clear(&rig->log);
    int ret = scratch_destroy((void **)&rig->scratch);
    free(rig);
    return ret;
}

static void place(struct rig *rig, const char *name, const char *text)
{
    assert_int_equal(
        0, delivery_place_bytes(&rig->delivery, name, text, strlen(text)));
}

static char *path_of(struct rig *rig, const char *name)
{
    return files_join(rig->scratch->arena,
                      scratch_path(rig->scratch, "out/网站"), name);
}

static void expect(struct rig *rig, const char *name, const char *text)
{
    struct buffer bytes = {0};
    assert_int_equal(0, files_read(NULL, path_of(rig, name), 100, &bytes));
    assert_string_equal(buffer_text(&bytes), text);
    buffer_clear(&bytes);
}

static void edit(struct rig *rig, const char *name, const char *text)
{
    assert_int_equal(0,
                     files_write(NULL, path_of(rig, name), text, strlen(text)));
}

static void test_ours_is_replaced(void **state)
{
    struct rig *rig = *state;
    place(rig, "01.srt", "first");
    place(rig, "data/SHA256SUMS", "sums");
    next_run(rig);
    place(rig, "01.srt", "second");
    expect(rig, "01.srt", "second");
    assert_string_equal(rig->told, "");
    assert_false(files_exist(path_of(rig, "01 (改动 1).srt")));
}

static void test_edited_is_kept_beside(void **state)
{
    struct rig *rig = *state;
    place(rig, "01.srt", "ours");
    for (int i = 1; i <= 2; i++) {
        next_run(rig);
        edit(rig, "01.srt", i == 1 ? "theirs" : "theirs again");
        place(rig, "01.srt", "ours");
        assert_non_null(strstr(rig->told, "was edited"));
        assert_non_null(strstr(rig->told, "subtitles/clips"));
    }
    expect(rig, "01.srt", "ours");
    expect(rig, "01 (改动 1).srt", "theirs");
    expect(rig, "01 (改动 2).srt", "theirs again");
    /* A name without an ending, a film: no word about captions. */
    next_run(rig);
    edit(rig, "README", "theirs");
    place(rig, "README", "ours");
    expect(rig, "README (改动 1)", "theirs");
    assert_null(strstr(rig->told, "subtitles/clips"));
}

/* What lay there before the first run was never ours. */
static void test_unknown_is_kept_beside(void **state)
{
    struct rig *rig = *state;
    place(rig, "other", "x");
    edit(rig, "01.mp4", "a film of somebody's");
    place(rig, "01.mp4", "ours");
    expect(rig, "01 (改动 1).mp4", "a film of somebody's");
    expect(rig, "01.mp4", "ours");
}

/* Equal bytes are left alone, times too, whoever put them there. */
static void test_equal_is_left_alone(void **state)
{
    struct rig *rig = *state;
    struct file_stamp before, after;
    place(rig, "other", "x");
    edit(rig, "01.txt", "same");
    assert_int_equal(0, files_stamp(path_of(rig, "01.txt"), &before));
    place(rig, "01.txt", "same");
    assert_int_equal(0, files_stamp(path_of(rig, "01.txt"), &after));
    assert_int_equal(before.inode, after.inode);
    assert_int_equal(2, json_array_size(rig->delivery.files));
    const json_t *entry = json_array_get(rig->delivery.files, 1);
    assert_string_equal("网站/01.txt",
                        json_string_value(json_object_get(entry, "path")));
    assert_int_equal(4, json_integer_value(json_object_get(entry, "bytes")));
}

static void test_withdrawing(void **state)
{
    struct rig *rig = *state;
    place(rig, "gone.mp4", "ours");
    place(rig, "edited.mp4", "ours");
    next_run(rig);
    edit(rig, "edited.mp4", "theirs");
    edit(rig, "unknown.mp4", "theirs");
    delivery_withdraw(&rig->delivery, "网站/gone.mp4");
    assert_string_equal(rig->told, "");
    delivery_withdraw(&rig->delivery, "网站/edited.mp4");
    assert_non_null(strstr(rig->told, "it stays"));
    delivery_withdraw(&rig->delivery, "网站/unknown.mp4");
    delivery_withdraw(&rig->delivery, "网站/none.mp4");
    assert_false(files_exist(path_of(rig, "gone.mp4")));
    expect(rig, "edited.mp4", "theirs");
    expect(rig, "unknown.mp4", "theirs");
}

/* A file that this run leaves alone is still known as ours to the next. */
static void test_kept_on_the_list(void **state)
{
    struct rig *rig = *state;
    place(rig, "01.mp4", "ours");
    next_run(rig);
    delivery_keep(&rig->delivery, "网站/01.mp4");
    delivery_keep(&rig->delivery, "网站/none.mp4");
    assert_int_equal(1, json_array_size(rig->delivery.files));
    next_run(rig);
    place(rig, "01.mp4", "newer");
    assert_string_equal(rig->told, "");
    expect(rig, "01.mp4", "newer");
}

static void test_files_are_proven(void **state)
{
    struct rig *rig = *state;
    char digest[DIGEST_TEXT], other[DIGEST_TEXT];
    char *from = scratch_path(rig->scratch, "product");
    assert_int_equal(0, files_write(NULL, from, "film", 4));
    assert_int_equal(0, digest_file(NULL, from, digest));
    memset(other, 'a', DIGEST_TEXT);
    other[DIGEST_TEXT - 1] = '\0';
    assert_int_equal(
        AVERROR_INVALIDDATA,
        delivery_place_file(&rig->delivery, "01.mp4", from, other));
    assert_false(files_exist(path_of(rig, "01.mp4")));
    assert_int_equal(0, json_array_size(rig->delivery.files));
    assert_int_equal(
        0, delivery_place_file(&rig->delivery, "01.mp4", from, digest));
    expect(rig, "01.mp4", "film");
    expect(rig, "../../product", "film");
}

/* A zip that is finished is moved, and by its key known again. */
static void test_moved_and_known_by_its_key(void **state)
{
    struct rig *rig = *state;
    struct delivery *d = &rig->delivery;
    char *from = scratch_path(rig->scratch, "out/.zip.tmp");
    d->memo = memo_load(scratch_path(rig->scratch, "memo"));
    place(rig, "other", "x");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(0, files_write(NULL, from, "zip", 3));
        assert_int_equal(0, delivery_move_file(d, "a.zip", from, "key"));
        assert_false(files_exist(from));
        expect(rig, "a.zip", "zip");
        next_run(rig);
    }
    assert_string_equal(rig->told, "");
    assert_false(delivery_has(d, "a.zip", "another key"));
    assert_true(delivery_has(d, "a.zip", "key"));
    assert_int_equal(1, json_array_size(d->files));
    edit(rig, "a.zip", "zap");
    assert_false(delivery_has(d, "a.zip", "key"));
    memo_destroy(&d->memo);
}

/* What a killed run left under out/ is cleared, in the three places where we
 * write. */
static void test_sweeping(void **state)
{
    struct rig *rig = *state;
    /* Above the highest number that Linux gives. */
    static const char *const left[] = {"../.a.zip.99999999.tmp",
                                       ".01.mp4.99999999.tmp",
                                       "data/.SHA256SUMS.99999999.tmp"};
    place(rig, "data/SHA256SUMS", "sums");
    for (size_t i = 0; i < 3; i++)
        edit(rig, left[i], "half");
    edit(rig, ".hidden", "theirs");
    delivery_sweep(&rig->delivery);
    for (size_t i = 0; i < 3; i++)
        assert_false(files_exist(path_of(rig, left[i])));
    expect(rig, ".hidden", "theirs");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_ours_is_replaced),
        TEST(test_edited_is_kept_beside),
        TEST(test_unknown_is_kept_beside),
        TEST(test_equal_is_left_alone),
        TEST(test_withdrawing),
        TEST(test_kept_on_the_list),
        TEST(test_files_are_proven),
        TEST(test_moved_and_known_by_its_key),
        TEST(test_sweeping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
