/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds package/archive.h and what package_verify finds in a folder and in a
 * zip: nothing where all is as delivered, one sentence for each thing wrong. */
#include "package/archive.h"
#include "package/package.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include <zip.h>

#include "base/scratch.h"

struct rig {
    struct scratch *scratch;
    struct log log;
    char told[4096]; /* errors, one line each */
    int errors;
    int decoded; /* media files that were handed out to be decoded */
    bool undecodable;
};

static void hear(void *opaque, enum log_level level, const char *message)
{
    struct rig *rig = opaque;
    size_t size = strlen(rig->told);
    if (level != LOG_LEVEL_ERROR)
        return;
    rig->errors++;
    snprintf(rig->told + size, sizeof(rig->told) - size, "%s\n", message);
}

static int decode(void *opaque, struct log *log, const char *path)
{
    struct rig *rig = opaque;
    assert_true(files_exist(path));
    rig->decoded++;
    return rig->undecodable ? log_fail(log, AVERROR_INVALIDDATA, "not a film")
                            : 0;
}

static char *in_package(struct rig *rig, const char *name)
{
    return files_join(rig->scratch->arena, scratch_path(rig->scratch, "p"),
                      name);
}

static void put(struct rig *rig, const char *name, const char *text)
{
    assert_int_equal(
        0, files_write(NULL, in_package(rig, name), text, strlen(text)));
}

/* A film, a text whose name holds a line end, and what speaks of them. */
static void fill(struct rig *rig)
{
    static const char *const names[] = {"01.mp4", "a\nb.txt",
                                        "data/metadata.json"};
    static const char *const listed[] = {"01.mp4", "a\\nb.txt",
                                         "data/metadata.json"};
    struct buffer sums = {0};
    char digest[DIGEST_TEXT];
    assert_int_equal(0, files_make_folders(NULL, in_package(rig, "data")));
    put(rig, "01.mp4", "film");
    put(rig, "a\nb.txt", "text");
    put(rig, "data/metadata.json",
        "{\"associations\":[{\"renditions\":[{\"href\":\"01.mp4\","
        "\"sizeInBytes\":4}]}]}");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(0,
                         digest_file(NULL, in_package(rig, names[i]), digest));
        buffer_printf(&sums, "%s%s  %s\n", i == 1 ? "\\" : "", digest,
                      listed[i]);
    }
    put(rig, "data/SHA256SUMS", buffer_text(&sums));
    buffer_clear(&sums);
}

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    int ret = scratch_create((void **)&rig->scratch);
    log_init(&rig->log, LOG_LEVEL_INFO, hear, rig);
    fill(rig);
    *state = rig;
    return ret;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    log_clear(&rig->log);
    int ret = scratch_destroy((void **)&rig->scratch);
    free(rig);
    return ret;
}

static int verify(struct rig *rig, const char *name)
{
    rig->told[0] = '\0';
    rig->errors = rig->decoded = 0;
    return package_verify(&rig->log, scratch_path(rig->scratch, name),
                          rig->scratch->folder, decode, rig);
}

/* One fault, told in one sentence that says these words. */
static void expect_fault(struct rig *rig, const char *words)
{
    assert_int_equal(AVERROR_INVALIDDATA, verify(rig, "p"));
    assert_int_equal(1, rig->errors);
    assert_non_null(strstr(rig->told, words));
}

static void append_sum(struct rig *rig, const char *line)
{
    struct buffer sums = {0};
    files_read(NULL, in_package(rig, "data/SHA256SUMS"), 4096, &sums);
    buffer_puts(&sums, line);
    put(rig, "data/SHA256SUMS", buffer_text(&sums));
    buffer_clear(&sums);
}

static void test_as_delivered(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(0, verify(rig, "p"));
    assert_int_equal(1, rig->decoded);
    assert_string_equal(rig->told, "");
    assert_true(verify(rig, "nowhere") < 0);
    /* Without a decoder the sums are the proof. */
    assert_int_equal(
        0, package_verify(&rig->log, in_package(rig, ""), NULL, NULL, NULL));
}

static void test_changed(void **state)
{
    struct rig *rig = *state;
    put(rig, "01.mp4", "fiLm");
    expect_fault(rig, "its sum differs");
    assert_int_equal(0, rig->decoded);
    unlink(in_package(rig, "a\nb.txt"));
    put(rig, "01.mp4", "film");
    expect_fault(rig, "is missing");
}

static void test_undecodable(void **state)
{
    struct rig *rig = *state;
    rig->undecodable = true;
    expect_fault(rig, "not a film");
}

static void test_extras(void **state)
{
    struct rig *rig = *state;
    put(rig, "data/more", "x");
    expect_fault(rig, "data/more is not part of the delivery");
    unlink(in_package(rig, "data/more"));
    put(rig, "more", "x");
    expect_fault(rig, "more is not part of the delivery");
    unlink(in_package(rig, "more"));
    /* What a desktop leaves where it looks is nobody's change. */
    put(rig, ".DS_Store", "x");
    put(rig, "data/Thumbs.db", "x");
    put(rig, "._01.mp4", "x");
    assert_int_equal(0, verify(rig, "p"));
}

/* One cause is told once. */
static void test_once(void **state)
{
    struct rig *rig = *state;
    put(rig, "01.mp4", "longer than it was");
    expect_fault(rig, "its sum differs");
    unlink(in_package(rig, "01.mp4"));
    expect_fault(rig, "is missing");
}

/* The folder of all packages is no package, and leads to one. */
static void test_folder_of_packages(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(AVERROR_INVALIDDATA, verify(rig, ""));
    assert_int_equal(1, rig->errors);
    assert_non_null(strstr(rig->told, "holds packages"));
    assert_non_null(strstr(rig->told, "/p\n"));
}

static void test_metadata(void **state)
{
    struct rig *rig = *state;
    static const char *const texts[] = {
        "{\"associations\":[{\"renditions\":[{\"href\":\"01.mp4\","
        "\"sizeInBytes\":5}]}]}",
        "{\"associations\":[{\"renditions\":[{\"href\":\"02.mp4\","
        "\"sizeInBytes\":4}]}]}",
        "{\"associations\":[{\"renditions\":[{\"href\":\"../p/01.mp4\","
        "\"sizeInBytes\":4}]}]}",
        "{\"associations\":[{\"renditions\":[{}]}]}", "no JSON"};
    for (size_t i = 0; i < FF_ARRAY_ELEMS(texts); i++) {
        put(rig, "data/metadata.json", texts[i]);
        /* Its own sum differs too. */
        assert_int_equal(AVERROR_INVALIDDATA, verify(rig, "p"));
        assert_int_equal(i < 4 ? 2 : 1, rig->errors);
    }
}

static void test_sums(void **state)
{
    struct rig *rig = *state;
    static const char *const outside[] = {"/etc/passwd", "../p/01.mp4",
                                          "data/../../p/01.mp4"};
    struct buffer good = {0};
    char *sums = in_package(rig, "data/SHA256SUMS");
    files_read(NULL, sums, 4096, &good);
    append_sum(rig, "nonsense\n");
    expect_fault(rig, "is damaged");
    /* Nor are all files extra ones then. */
    put(rig, "data/SHA256SUMS", "");
    expect_fault(rig, "is damaged");
    for (size_t i = 0; i < 3; i++) {
        char line[200];
        files_write(NULL, sums, good.data, good.size);
        snprintf(line, sizeof(line), "%064d  %s\n", 0, outside[i]);
        append_sum(rig, line);
        expect_fault(rig, "lies outside");
    }
    /* The last line's end may be missing. */
    files_write(NULL, sums, good.data, good.size - 1);
    assert_int_equal(0, verify(rig, "p"));
    unlink(sums);
    expect_fault(rig, "not a package of reelpress");
    buffer_clear(&good);
}

/* --- zips ------------------------------------------------------------------
 */

static void pack(struct rig *rig, const char *name, bool turned)
{
    struct archive_member members[] = {
        {"01.mp4", in_package(rig, "01.mp4")},
        {"a\nb.txt", in_package(rig, "a\nb.txt")},
        {"data/SHA256SUMS", in_package(rig, "data/SHA256SUMS")},
        {"data/metadata.json", in_package(rig, "data/metadata.json")}};
    if (turned) {
        struct archive_member first = members[0];
        members[0] = members[3];
        members[3] = first;
    }
    assert_int_equal(0, archive_write(NULL, scratch_path(rig->scratch, name),
                                      name, members, 4, 2022, 6, 28));
}

static void test_same_members_same_bytes(void **state)
{
    struct rig *rig = *state;
    char sums[2][DIGEST_TEXT];
    zip_stat_t stat;
    int code;
    pack(rig, "a.zip", false);
    /* Two seconds are a zip's grain of time. */
    setenv("TZ", "Asia/Shanghai", 1);
    sleep(2);
    pack(rig, "b.zip", true);
    unsetenv("TZ");
    assert_int_equal(
        0, digest_file(NULL, scratch_path(rig->scratch, "a.zip"), sums[0]));
    assert_int_equal(
        0, digest_file(NULL, scratch_path(rig->scratch, "b.zip"), sums[1]));
    assert_string_equal(sums[0], sums[1]);

    zip_t *zip =
        zip_open(scratch_path(rig->scratch, "a.zip"), ZIP_RDONLY, &code);
    assert_non_null(zip);
    assert_int_equal(4, zip_get_num_entries(zip, 0));
    for (zip_uint64_t i = 0; i < 4; i++) {
        struct tm *time;
        assert_int_equal(0, zip_stat_index(zip, i, 0, &stat));
        time = localtime(&stat.mtime);
        assert_int_equal(2022 - 1900, time->tm_year);
        assert_int_equal(5, time->tm_mon);
        assert_int_equal(28, time->tm_mday);
        assert_int_equal(12, time->tm_hour);
        assert_int_equal(i == 0 ? ZIP_CM_STORE : ZIP_CM_DEFLATE,
                         stat.comp_method);
    }
    assert_string_equal("01.mp4", zip_get_name(zip, 0, 0));
    zip_discard(zip);
}

static void test_zips(void **state)
{
    struct rig *rig = *state;
    struct buffer bytes = {0};
    pack(rig, "a.zip", false);
    assert_int_equal(0, verify(rig, "a.zip"));
    assert_int_equal(1, rig->decoded);
    files_read(NULL, scratch_path(rig->scratch, "a.zip"), 1 << 20, &bytes);
    char *film = memmem(bytes.data, bytes.size, "film", 4);
    assert_non_null(film);
    *film = 'F';
    files_write(NULL, scratch_path(rig->scratch, "b.zip"), bytes.data,
                bytes.size);
    *film = 'f';
    assert_int_equal(AVERROR_INVALIDDATA, verify(rig, "b.zip"));
    files_write(NULL, scratch_path(rig->scratch, "b.zip"), bytes.data,
                bytes.size / 2);
    assert_int_equal(AVERROR_INVALIDDATA, verify(rig, "b.zip"));
    assert_non_null(strstr(rig->told, "no whole zip"));
    buffer_clear(&bytes);
    /* Nothing that was unpacked is left: the package and two zips. */
    char **names;
    size_t count;
    files_list(NULL, rig->scratch->folder, rig->scratch->arena, &names, &count);
    assert_int_equal(3, count);
}

static void test_names_that_leave_the_zip(void **state)
{
    struct rig *rig = *state;
    static const char *const names[] = {"../evil", "/tmp/reelpress-evil",
                                        "data/../../evil", "data\\evil"};
    for (size_t i = 0; i < FF_ARRAY_ELEMS(names); i++) {
        struct archive_member members[] = {
            {names[i], in_package(rig, "01.mp4")}};
        char *path = scratch_path(rig->scratch, "evil.zip");
        unlink(path);
        assert_int_equal(
            0, archive_write(NULL, path, "evil.zip", members, 1, 0, 0, 0));
        assert_int_equal(AVERROR_INVALIDDATA, verify(rig, "evil.zip"));
        assert_non_null(strstr(rig->told, "leaves its folder"));
        assert_false(files_exist(scratch_path(rig->scratch, "evil")));
        assert_false(files_exist("/tmp/reelpress-evil"));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_as_delivered),
        TEST(test_changed),
        TEST(test_undecodable),
        TEST(test_extras),
        TEST(test_once),
        TEST(test_folder_of_packages),
        TEST(test_metadata),
        TEST(test_sums),
        TEST(test_same_members_same_bytes),
        TEST(test_zips),
        TEST(test_names_that_leave_the_zip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
