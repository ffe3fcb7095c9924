/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/files.h's names: their parts, and that none leaves its root. */
#include "base/files.h"

#include "scratch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void parts(void **state)
{
    struct scratch *scratch = *state;
    struct arena *arena = scratch->arena;
    static const char *const media[] = {"mp4", ".MOV", NULL};
    assert_string_equal(files_join(arena, "a", "b"), "a/b");
    assert_string_equal(files_join(arena, "a/", "b"), "a/b");
    assert_string_equal(files_join(arena, "", "b"), "b");
    assert_string_equal(files_join(arena, NULL, "b"), "b");
    assert_string_equal(files_join(arena, "a", "/b"), "/b");
    assert_string_equal(files_name("a/b.c"), "b.c");
    assert_string_equal(files_name("b"), "b");
    assert_true(files_is_of_desktop("a/Thumbs.db"));
    assert_true(files_is_of_desktop("Desktop.ini"));
    assert_true(files_is_of_desktop("a/~$名单.xlsx"));
    assert_false(files_is_of_desktop("~$/名单.xlsx"));
    assert_string_equal(files_stem(arena, "a.d/读.书.mp4"), "读.书");
    assert_string_equal(files_stem(arena, "a.d/b"), "b");
    assert_string_equal(files_stem(arena, ".hidden"), ".hidden");
    assert_string_equal(files_ending("a.d/b"), "");
    assert_string_equal(files_ending("a/b.MP4"), "MP4");
    assert_string_equal(files_ending(".hidden"), "");
    assert_string_equal(files_ending("a."), "");
    assert_true(files_has_ending("x.MP4", media));
    assert_true(files_has_ending("x.mov", media));
    assert_false(files_has_ending("x.mo", media));
    assert_false(files_has_ending("mp4", media));
}

/* session/ and media/ beside outside/; a link in the session leads out. */
static int lay_out(void **state)
{
    static const char *const files[] = {
        "session/recordings/C0001.MP4", "session/recordings/Cafe\u0301.mp4",
        "session/视频/ガイド.mp4",      "media/C0002.MP4",
        "media/recordings/C0001.MP4",   "outside/secret.mp4",
    };
    int ret = scratch_create(state);
    struct scratch *scratch = *state;
    static const char *const folders[] = {"session/recordings", "session/视频",
                                          "media/recordings", "outside"};
    for (size_t i = 0; i < 4; i++)
        ret |= files_make_folders(NULL, scratch_path(scratch, folders[i]));
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        ret |= files_write(NULL, scratch_path(scratch, files[i]), "x", 1);
    ret |= symlink("../outside", scratch_path(scratch, "session/disk"));
    ret |= symlink("nowhere", scratch_path(scratch, "session/broken"));
    return ret;
}

static void check(struct scratch *scratch, const char *name, int code,
                  const char *under)
{
    const char *folders[] = {scratch_path(scratch, "session"),
                             scratch_path(scratch, "media")};
    struct file_roots roots = {folders, 2};
    char *path = (char *)"x";
    int ret = files_resolve(&roots, name, scratch->arena, &path);
    if (ret != code)
        fail_msg("%s: %d", name, ret);
    if (code < 0)
        assert_null(path);
    else
        assert_string_equal(path, scratch_path(scratch, under));
}

static void resolving(void **state)
{
    struct scratch *scratch = *state;
    check(scratch, "recordings/C0001.MP4", 0, "session/recordings/C0001.MP4");
    check(scratch, "./recordings//C0001.MP4", 0,
          "session/recordings/C0001.MP4");
    check(scratch, "C0002.MP4", 0, "media/C0002.MP4");
    check(scratch, "recordings", 0, "session/recordings");
    check(scratch, "disk/secret.mp4", 0, "session/disk/secret.mp4");
    check(scratch, "recordings/c0001.mp4", AVERROR(ENOENT), NULL);
    check(scratch, "C0001.MP4", AVERROR(ENOENT), NULL);
    check(scratch, "recordings/C0001.MP4/x", AVERROR(ENOENT), NULL);
    check(scratch, "broken", AVERROR(ENOENT), NULL);
    check(scratch, "", AVERROR(ENOENT), NULL);
    check(scratch, " ", AVERROR(ENOENT), NULL);
}

static void staying_inside(void **state)
{
    struct scratch *scratch = *state;
    static const char *const bad[] = {
        "..",
        "../outside/secret.mp4",
        "recordings/../../outside/secret.mp4",
        "recordings/../recordings/C0001.MP4",
        "recordings/..",
        "/etc/passwd",
        "/",
        "./../outside/secret.mp4",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        check(scratch, bad[i], AVERROR(EACCES), NULL);
    check(scratch, scratch_path(scratch, "outside/secret.mp4"), AVERROR(EACCES),
          NULL);
    check(scratch, scratch_path(scratch, "sessionx"), AVERROR(EACCES), NULL);
    check(scratch, scratch_path(scratch, "session/../outside/secret.mp4"),
          AVERROR(EACCES), NULL);
    check(scratch, "..hidden/x", AVERROR(ENOENT), NULL);
}

static void absolute_names(void **state)
{
    struct scratch *scratch = *state;
    check(scratch, scratch_path(scratch, "media/C0002.MP4"), 0,
          "media/C0002.MP4");
    check(scratch, scratch_path(scratch, "media/none"), AVERROR(ENOENT), NULL);
    /* Through a link to the session, while the user wrote the real path. */
    assert_int_equal(symlink("session", scratch_path(scratch, "link")), 0);
    const char *folders[] = {scratch_path(scratch, "link")};
    struct file_roots roots = {folders, 1};
    char *path;
    assert_int_equal(
        files_resolve(&roots,
                      scratch_path(scratch, "session/recordings/C0001.MP4"),
                      scratch->arena, &path),
        0);
    assert_string_equal(path,
                        scratch_path(scratch, "link/recordings/C0001.MP4"));
}

static void composition(void **state)
{
    struct scratch *scratch = *state;
    check(scratch, "recordings/Café.mp4", 0,
          "session/recordings/Cafe\u0301.mp4");
    check(scratch, "视频/カ\u3099イト\u3099.mp4", 0, "session/视频/ガイド.mp4");
    check(scratch, "recordings/Cafe.mp4", AVERROR(ENOENT), NULL);
}

#define IN_FOLDER(test)                                                        \
    cmocka_unit_test_setup_teardown(test, lay_out, scratch_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(parts),          IN_FOLDER(resolving),
        IN_FOLDER(staying_inside), IN_FOLDER(absolute_names),
        IN_FOLDER(composition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
