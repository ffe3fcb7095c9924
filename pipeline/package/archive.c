/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns how a zip is written. Does not know what is in it. */
#include "package/archive.h"

#include "base/files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

/* Noon: no time zone moves the date. DOS times count from 1980 in steps of
 * two seconds (APPNOTE 4.4.6). */
#define DOS_NOON (12 << 11)
#define DOS_YEAR 1980

static int compare_members(const void *a, const void *b)
{
    return strcmp(((const struct archive_member *)a)->name,
                  ((const struct archive_member *)b)->name);
}

static bool is_text(const char *name)
{
    static const char *const endings[] = {"txt", "srt",  "vtt", "json",
                                          "csv", "html", "xml", NULL};
    return files_has_ending(name, endings) || !*files_ending(name);
}

static int archive_add(struct log *log, zip_t *zip,
                       const struct archive_member *member, int dos_date)
{
    zip_source_t *source = zip_source_file(zip, member->path, 0, -1);
    if (!source)
        return log_fail(log, AVERROR(EIO), _("%s: can't be read: %s"),
                        member->path, zip_strerror(zip));
    zip_int64_t index =
        zip_file_add(zip, member->name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return log_fail(log, AVERROR(EIO),
                        _("%s: can't be put into the zip: %s"), member->name,
                        zip_strerror(zip));
    }
    zip_set_file_compression(
        zip, (zip_uint64_t)index,
        is_text(member->name) ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    zip_file_set_dostime(zip, (zip_uint64_t)index, DOS_NOON,
                         (zip_uint16_t)dos_date, 0);
    zip_file_set_external_attributes(zip, (zip_uint64_t)index, 0,
                                     ZIP_OPSYS_UNIX, 0100644U << 16);
    return 0;
}

const char *archive_version(void)
{
    return zip_libzip_version();
}

/* A full disk is told as what it is, whoever noticed. */
static int archive_code(zip_t *zip)
{
    const zip_error_t *error = zip_get_error(zip);
    int number = zip_error_code_system(error);
    return zip_error_system_type(error) == ZIP_ET_SYS && number
               ? AVERROR(number)
               : AVERROR(EIO);
}

int archive_write(struct log *log, const char *path, const char *name,
                  struct archive_member *members, size_t count, int year,
                  int month, int day)
{
    int code, ret = 0;
    int dos_date = (year > DOS_YEAR ? (year - DOS_YEAR) << 9 : 0) |
                   (month ? month : 1) << 5 | (day ? day : 1);
    unlink(path);
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code);
    if (!zip)
        return log_fail(log, AVERROR(EIO),
                        _("%s: can't be written; check the folder's rights "
                          "and the free space"),
                        name);
    qsort(members, count, sizeof *members, compare_members);
    for (size_t i = 0; ret >= 0 && i < count; i++)
        ret = archive_add(log, zip, &members[i], dos_date);
    if (ret < 0) {
        zip_discard(zip);
    } else if (zip_close(zip) < 0) {
        ret = archive_code(zip);
        if (ret == AVERROR(ENOSPC) || ret == AVERROR(EDQUOT))
            log_fail(log, ret,
                     _("%s: the disk is full; make room and run the same "
                       "command again, what is finished is kept"),
                     name);
        else
            log_fail(log, ret,
                     _("%s: the zip can't be written (%s); check the disk and "
                       "run the same command again"),
                     name, zip_strerror(zip));
        zip_discard(zip);
    }
    return ret;
}
