/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/files.h's reading and writing: whole or not at all. */
#include "base/files.h"

#include "scratch.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* What lies in the folder by number, hidden files too: a temporary is one. */
static size_t count_all(struct scratch *scratch)
{
    DIR *folder = opendir(scratch->folder);
    size_t count = 0;
    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count - 2;
}

static void write_and_read(void **state)
{
    struct scratch *scratch = *state;
    const char *path = scratch_path(scratch, "读书.txt");
    struct buffer bytes = {0};
    assert_int_equal(files_write(NULL, path, "one\0two", 7), 0);
    assert_int_equal(files_read(NULL, path, 7, &bytes), 0);
    assert_int_equal(bytes.size, 7);
    assert_memory_equal(bytes.data, "one\0two", 8);
    assert_int_equal(files_write(NULL, path, "x", 1), 0);
    assert_int_equal(files_read(NULL, path, 7, &bytes), 0);
    assert_string_equal(bytes.data, "x");
    assert_int_equal(files_write(NULL, path, NULL, 0), 0);
    assert_int_equal(files_read(NULL, path, 0, &bytes), 0);
    assert_int_equal(bytes.size, 0);
    assert_int_equal(count_all(scratch), 1);
    buffer_clear(&bytes);
}

static void read_refuses(void **state)
{
    struct scratch *scratch = *state;
    const char *path = scratch_path(scratch, "a");
    struct buffer bytes = {0};
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    files_write(NULL, path, "12345", 5);
    assert_int_equal(files_read(&log, path, 4, &bytes), AVERROR(EFBIG));
    assert_non_null(strstr(log.first_error, path));
    log_clear(&log);
    assert_int_equal(files_read(NULL, path, 5, &bytes), 0);
    const char *none = scratch_path(scratch, "none");
    assert_int_equal(files_read(&log, none, 5, &bytes), AVERROR(ENOENT));
    assert_non_null(strstr(log.first_error, "no such file"));
    log_clear(&log);
    assert_int_equal(files_read(NULL, scratch->folder, 5, &bytes),
                     AVERROR(EINVAL));
    const char *pipe = scratch_path(scratch, "pipe");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(files_read(NULL, pipe, 5, &bytes), AVERROR(EINVAL));
    /* Larger than stat says: the limit holds while reading, over all pieces. */
    assert_int_equal(files_read(NULL, "/proc/self/maps", 100, &bytes),
                     AVERROR(EFBIG));
    assert_int_equal(files_read(NULL, "/proc/kallsyms", 100000, &bytes),
                     AVERROR(EFBIG));
    assert_true(bytes.size <= 100000);
    buffer_clear(&bytes);
}

static void failed_write_leaves_nothing(void **state)
{
    struct scratch *scratch = *state;
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    const char *path = scratch_path(scratch, "no/folder");
    assert_int_equal(files_write(&log, path, "x", 1), AVERROR(ENOENT));
    assert_non_null(strstr(log.first_error, path));
    log_clear(&log);
    path = scratch_path(scratch, "folder");
    assert_int_equal(files_make_folders(NULL, path), 0);
    assert_true(files_write(&log, path, "x", 1) < 0);
    assert_int_equal(count_all(scratch), 1);
    log_clear(&log);
}

/* As on a full disk: the file may not grow beyond what the process may write.
 */
static void stopped_write_keeps_the_old(void **state)
{
    struct scratch *scratch = *state;
    const char *path = scratch_path(scratch, "a");
    static char bytes[100000];
    assert_int_equal(files_write(NULL, path, "old", 3), 0);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){50000, 50000});
        _exit(files_write(NULL, path, bytes, sizeof(bytes)) == AVERROR(EFBIG)
                  ? 0
                  : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    struct buffer read = {0};
    assert_int_equal(files_read(NULL, path, 10, &read), 0);
    assert_string_equal(read.data, "old");
    assert_int_equal(count_all(scratch), 1);
    buffer_clear(&read);
}

/* A name as long as a name may be leaves no room for the temporary's own. */
static void longest_name(void **state)
{
    struct scratch *scratch = *state;
    char name[256] = "";
    for (size_t i = 0; i < 85; i++)
        memcpy(name + 3 * i, "读", 4);
    const char *path = scratch_path(scratch, name);
    assert_int_equal(files_write(NULL, path, "x", 1), 0);
    assert_int_equal(files_size(path), 1);
    assert_int_equal(count_all(scratch), 1);
}

static void update_leaves_equal_alone(void **state)
{
    struct scratch *scratch = *state;
    const char *path = scratch_path(scratch, "a");
    struct file_stamp before, after;
    assert_int_equal(files_update(NULL, path, "one", 3), 0);
    assert_int_equal(files_stamp(path, &before), 0);
    assert_int_equal(files_update(NULL, path, "one", 3), 0);
    assert_int_equal(files_stamp(path, &after), 0);
    assert_memory_equal(&before, &after, sizeof(before));
    assert_int_equal(files_update(NULL, path, "two", 3), 0);
    assert_int_equal(files_stamp(path, &after), 0);
    assert_memory_not_equal(&before, &after, sizeof(before));
    assert_int_equal(files_update(NULL, path, NULL, 0), 0);
    assert_int_equal(files_size(path), 0);
    assert_int_equal(files_update(NULL, path, NULL, 0), 0);
    assert_int_equal(files_stamp(scratch_path(scratch, "b"), &after),
                     AVERROR(ENOENT));
}

static void folders(void **state)
{
    struct scratch *scratch = *state;
    const char *deep = scratch_path(scratch, "a/b//读书/d/");
    assert_int_equal(files_make_folders(NULL, deep), 0);
    assert_true(files_is_folder(deep));
    assert_int_equal(files_make_folders(NULL, deep), 0);
    const char *file = scratch_path(scratch, "a/f");
    assert_int_equal(files_write(NULL, file, "x", 1), 0);
    assert_false(files_is_folder(file));
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    assert_true(files_make_folders(&log, file) < 0);
    assert_true(files_make_folders(&log, scratch_path(scratch, "a/f/g")) < 0);
    assert_non_null(strstr(log.first_error, "a file has its name"));
    log_clear(&log);
}

/* The reason is mkdir's, not that of the look whether it is there already. */
static void folders_where_none_may_be_made(void **state)
{
    struct scratch *scratch = *state;
    const char *kept = scratch_path(scratch, "kept");
    assert_int_equal(files_make_folders(NULL, kept), 0);
    assert_int_equal(chmod(scratch_path(scratch, ""), 0755), 0);
    assert_int_equal(chmod(kept, 0555), 0);
    uid_t user = geteuid();
    assert_int_equal(user || seteuid(65534) == 0, 1);
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    int ret = files_make_folders(&log, scratch_path(scratch, "kept/a/b"));
    assert_int_equal(seteuid(user), 0);
    assert_int_equal(ret, AVERROR(EACCES));
    assert_non_null(strstr(log.first_error, "writing is not allowed"));
    log_clear(&log);
    assert_int_equal(chmod(kept, 0755), 0);
}

static void publishing(void **state)
{
    struct scratch *scratch = *state;
    const char *from = scratch_path(scratch, "a.tmp");
    const char *to = scratch_path(scratch, "a");
    assert_int_equal(files_write(NULL, from, "new", 3), 0);
    assert_int_equal(files_write(NULL, to, "older", 5), 0);
    assert_int_equal(files_publish(NULL, from, to), 0);
    assert_false(files_exist(from));
    assert_int_equal(files_size(to), 3);
    assert_int_equal(files_publish(NULL, from, to), AVERROR(ENOENT));
    assert_int_equal(files_size(to), 3);
}

static void copying(void **state)
{
    struct scratch *scratch = *state;
    const char *from = scratch_path(scratch, "a");
    const char *to = scratch_path(scratch, "b");
    struct buffer bytes = {0}, copy = {0};
    for (int i = 0; i < 100000; i++)
        buffer_printf(&bytes, "%d ", i);
    assert_int_equal(files_write(NULL, from, bytes.data, bytes.size), 0);
    assert_int_equal(files_copy(NULL, from, to), 0);
    assert_int_equal(files_read(NULL, to, bytes.size, &copy), 0);
    assert_int_equal(copy.size, bytes.size);
    assert_memory_equal(copy.data, bytes.data, bytes.size);
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    assert_int_equal(files_copy(&log, scratch_path(scratch, "none"), to),
                     AVERROR(ENOENT));
    assert_non_null(strstr(log.first_error, "none"));
    log_clear(&log);
    assert_true(files_copy(NULL, scratch->folder, to) < 0);
    assert_int_equal(files_copy(NULL, from, scratch_path(scratch, "no/b")),
                     AVERROR(ENOENT));
    assert_int_equal(count_all(scratch), 2);
    buffer_clear(&bytes);
    buffer_clear(&copy);
}

static void removing(void **state)
{
    struct scratch *scratch = *state;
    const char *kept = scratch_path(scratch, "kept/file");
    files_make_folders(NULL, scratch_path(scratch, "kept"));
    files_make_folders(NULL, scratch_path(scratch, "tree/a/b"));
    files_write(NULL, kept, "x", 1);
    files_write(NULL, scratch_path(scratch, "tree/a/.hidden"), "x", 1);
    assert_int_equal(symlink("../kept", scratch_path(scratch, "tree/link")), 0);
    const char *tree = scratch_path(scratch, "tree");
    assert_int_equal(files_remove_tree(NULL, tree), 0);
    assert_false(files_exist(tree));
    assert_true(files_exist(kept));
    assert_int_equal(files_remove_tree(NULL, tree), 0);
    /* A link is removed, what it names is not. */
    assert_int_equal(symlink("kept", tree), 0);
    assert_int_equal(files_remove_tree(NULL, tree), 0);
    assert_true(files_exist(kept));
    assert_int_equal(files_remove_tree(NULL, kept), 0);
    assert_false(files_exist(kept));
}

/* What a killed writer left goes; what a living one writes, what only looks
 * alike and what lies deeper stays. */
static void sweeping(void **state)
{
    struct scratch *scratch = *state;
    const char *path = scratch_path(scratch, "片.zip");
    pid_t dead = fork();
    if (dead == 0)
        _exit(0);
    assert_int_equal(waitpid(dead, NULL, 0), dead);
    static const char *const left[] = {".片.zip.%d.tmp", ".a.%d.tmp.aB3xYz",
                                       "..%d.tmp"};
    static const char *const kept[] = {
        "片.zip.%d.tmp", ".%d.tmp",      ".a.%d.tmpx",    ".a.%d",
        ".a%d.tmp",      ".a.%d.tmp.ab", "deep/.a.%d.tmp"};
    files_make_folders(NULL, scratch_path(scratch, "deep"));
    for (size_t i = 0; i < FF_ARRAY_ELEMS(left); i++) {
        const char *name = arena_printf(scratch->arena, left[i], (int)dead);
        assert_int_equal(files_write(NULL, scratch_path(scratch, name), "x", 1),
                         0);
    }
    for (size_t i = 0; i < FF_ARRAY_ELEMS(kept); i++) {
        const char *name = arena_printf(scratch->arena, kept[i], (int)dead);
        assert_int_equal(files_write(NULL, scratch_path(scratch, name), "x", 1),
                         0);
    }
    const char *mine = files_temporary(scratch->arena, path);
    assert_int_equal(files_write(NULL, mine, "x", 1), 0);
    files_sweep(scratch->folder);
    assert_true(files_exist(mine));
    /* Six in this folder, one in the other, our own. */
    assert_int_equal(count_all(scratch), FF_ARRAY_ELEMS(kept) + 1);
    assert_true(files_exist(scratch_path(
        scratch, arena_printf(scratch->arena, kept[6], (int)dead))));
    files_sweep(scratch_path(scratch, "none"));
}

static void listing(void **state)
{
    struct scratch *scratch = *state;
    char **names;
    size_t count;
    assert_int_equal(
        files_list(NULL, scratch->folder, scratch->arena, &names, &count), 0);
    assert_int_equal(count, 0);
    files_write(NULL, scratch_path(scratch, "b"), "x", 1);
    files_write(NULL, scratch_path(scratch, "读"), "x", 1);
    files_write(NULL, scratch_path(scratch, "Z"), "x", 1);
    files_write(NULL, scratch_path(scratch, ".hidden"), "x", 1);
    files_make_folders(NULL, scratch_path(scratch, "a"));
    assert_int_equal(
        files_list(NULL, scratch->folder, scratch->arena, &names, &count), 0);
    assert_int_equal(count, 4);
    assert_string_equal(names[0], "Z");
    assert_string_equal(names[1], "a");
    assert_string_equal(names[2], "b");
    assert_string_equal(names[3], "读");
    assert_int_equal(files_list(NULL, scratch_path(scratch, "none"),
                                scratch->arena, &names, &count),
                     AVERROR(ENOENT));
}

#define IN_FOLDER(test)                                                        \
    cmocka_unit_test_setup_teardown(test, scratch_create, scratch_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(write_and_read),
        IN_FOLDER(read_refuses),
        IN_FOLDER(failed_write_leaves_nothing),
        IN_FOLDER(stopped_write_keeps_the_old),
        IN_FOLDER(longest_name),
        IN_FOLDER(update_leaves_equal_alone),
        IN_FOLDER(folders),
        IN_FOLDER(folders_where_none_may_be_made),
        IN_FOLDER(publishing),
        IN_FOLDER(copying),
        IN_FOLDER(removing),
        IN_FOLDER(sweeping),
        IN_FOLDER(listing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
