/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the check of a delivered folder or zip: as its receiver would do it,
 * knowing nothing of the session. */
#include "package/package.h"

#include "base/files.h"
#include "base/json.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#define SUMS      "data/SHA256SUMS"
#define METADATA  "data/metadata.json"
#define TEXT_MOST (16 << 20)
#define NAME_MOST 1024

struct verification {
    struct log *log;
    struct arena *arena;
    const char *name;    /* as the user knows the package */
    const char *folder;  /* where its files lie */
    const char **listed; /* names in the sums */
    size_t listed_count;
    const char **faulty; /* those of them that were told of */
    size_t faulty_count;
    bool sums_are_whole; /* else what they lack says nothing */
    int findings;
    int (*decodes)(void *opaque, struct log *log, const char *path);
    void *opaque;
};

static bool is_media(const char *name)
{
    static const char *const endings[] = {"mp4", "mov", "mxf",
                                          "png", "jpg", NULL};
    return files_has_ending(name, endings);
}

/* Undoes sha256sum's escapes, in place. */
static void unescape(char *name)
{
    char *to = name;
    for (; *name; name++) {
        if (name[0] == '\\' && (name[1] == '\\' || name[1] == 'n'))
            *to++ = *++name == 'n' ? '\n' : '\\';
        else
            *to++ = *name;
    }
    *to = 0;
}

static bool leaves_folder(const char *name)
{
    return *name == '/' || !strncmp(name, "../", 3) ||
           strstr(name, "/../") != NULL || strchr(name, '\\') != NULL;
}

static bool names_hold(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

static void verify_file(struct verification *v, const char *name,
                        const char *wanted)
{
    char found[DIGEST_TEXT];
    const char *path = files_join(v->arena, v->folder, name);
    int findings = v->findings;
    if (leaves_folder(name)) {
        v->findings++;
        log_fail(v->log, AVERROR_INVALIDDATA,
                 _("%s: its list of sums names %s, which lies outside; the "
                   "package is not to be trusted"),
                 v->name, name);
    } else if (!files_exist(path)) {
        v->findings++;
        log_fail(v->log, AVERROR(ENOENT),
                 _("%s: %s is missing; ask for the package again"), v->name,
                 name);
    } else if (digest_file(v->log, path, found) < 0 || strcmp(found, wanted)) {
        v->findings++;
        log_fail(v->log, AVERROR_INVALIDDATA,
                 _("%s: %s is not what was delivered (its sum differs); ask "
                   "for the package again"),
                 v->name, name);
    } else if (is_media(name) && v->decodes &&
               v->decodes(v->opaque, v->log, path) < 0) {
        v->findings++;
    }
    if (v->findings > findings) {
        const char **slot = ARENA_PUSH(v->arena, v->faulty, v->faulty_count);
        *slot = arena_strdup(v->arena, name);
    }
}

/* A folder of packages is easily named for one of them. */
static const char *find_package(const struct verification *v)
{
    static const char *const inner[] = {"", "out"};
    for (size_t k = 0; k < FF_ARRAY_ELEMS(inner); k++) {
        char **names;
        size_t count = 0;
        const char *folder =
            *inner[k] ? files_join(v->arena, v->folder, inner[k]) : v->folder;
        if (!files_is_folder(folder) ||
            files_list(NULL, folder, v->arena, &names, &count) < 0)
            continue;
        for (size_t i = 0; i < count; i++) {
            const char *path = files_join(v->arena, folder, names[i]);
            if (files_exist(files_join(v->arena, path, SUMS)))
                return path;
        }
    }
    return NULL;
}

static int fail_no_sums(const struct verification *v)
{
    const char *package = find_package(v);
    if (package)
        return log_fail(v->log, AVERROR_INVALIDDATA,
                        _("%s: holds packages and is none itself; name them, "
                          "such as %s"),
                        v->name, package);
    return log_fail(v->log, AVERROR_INVALIDDATA,
                    _("%s: has no %s; it is not a package of reelpress, "
                      "or not a whole one"),
                    v->name, SUMS);
}

static int verify_sums(struct verification *v)
{
    struct buffer text = {0};
    int ret = files_read(NULL, files_join(v->arena, v->folder, SUMS), TEXT_MOST,
                         &text);
    if (ret < 0)
        return fail_no_sums(v);
    v->sums_are_whole = true;
    char *line = text.data;
    while (line && *line) {
        char *end = strchr(line, '\n');
        if (end)
            *end = 0;
        bool escaped = *line == '\\';
        line += escaped;
        if (strlen(line) > DIGEST_TEXT + 1 && line[DIGEST_TEXT - 1] == ' ') {
            char *name = line + DIGEST_TEXT + 1;
            line[DIGEST_TEXT - 1] = 0;
            if (escaped)
                unescape(name);
            const char **slot =
                ARENA_PUSH(v->arena, v->listed, v->listed_count);
            *slot = arena_strdup(v->arena, name);
            verify_file(v, name, line);
        } else if (*line) {
            v->sums_are_whole = false;
        }
        line = end ? end + 1 : NULL;
    }
    buffer_clear(&text);
    v->sums_are_whole = v->sums_are_whole && v->listed_count;
    if (v->sums_are_whole)
        return 0;
    v->findings++;
    log_fail(v->log, AVERROR_INVALIDDATA,
             _("%s: %s is damaged and lists not all files; ask for the "
               "package again"),
             v->name, SUMS);
    return 0;
}

static bool is_listed(const struct verification *v, const char *name)
{
    return names_hold(v->listed, v->listed_count, name) ||
           !strcmp(name, SUMS) || files_is_of_desktop(name);
}

/* Whatever lies there and is not in the sums was put there by somebody. */
static void verify_extras(struct verification *v, const char *inner)
{
    char **names;
    size_t count;
    const char *folder =
        *inner ? files_join(v->arena, v->folder, inner) : v->folder;
    if (files_list(NULL, folder, v->arena, &names, &count) < 0)
        return;
    for (size_t i = 0; i < count; i++) {
        const char *name =
            *inner ? files_join(v->arena, inner, names[i]) : names[i];
        if (files_is_folder(files_join(v->arena, v->folder, name))) {
            verify_extras(v, name);
        } else if (!is_listed(v, name)) {
            v->findings++;
            log_fail(v->log, AVERROR_INVALIDDATA,
                     _("%s: %s is not part of the delivery and was added "
                       "later; take it out, or ask for the package again"),
                     v->name, name);
        }
    }
}

/* Files that the metadata speaks of must be there, with the size it says. */
static void verify_metadata(struct verification *v)
{
    json_t *item = json_read(files_join(v->arena, v->folder, METADATA));
    size_t i, k;
    const json_t *association, *rendition;
    if (!item) {
        v->findings++;
        if (!names_hold(v->faulty, v->faulty_count, METADATA))
            log_fail(v->log, AVERROR_INVALIDDATA,
                     _("%s: %s can't be read; ask for the package again"),
                     v->name, METADATA);
        return;
    }
    json_array_foreach(json_object_get(item, "associations"), i, association)
    {
        json_array_foreach(json_object_get(association, "renditions"), k,
                           rendition)
        {
            const char *name =
                json_string_value(json_object_get(rendition, "href"));
            int64_t bytes =
                json_integer_value(json_object_get(rendition, "sizeInBytes"));
            if (name && !leaves_folder(name) &&
                files_size(files_join(v->arena, v->folder, name)) == bytes)
                continue;
            if (name && names_hold(v->faulty, v->faulty_count, name))
                continue;
            v->findings++;
            log_fail(v->log, AVERROR_INVALIDDATA,
                     _("%s: %s is not as its metadata says; ask for the "
                       "package again"),
                     v->name, name ? name : "?");
        }
    }
    json_decref(item);
}

static int verify_folder(struct verification *v)
{
    int ret = verify_sums(v);
    if (ret < 0)
        return ret;
    verify_metadata(v);
    if (v->sums_are_whole)
        verify_extras(v, "");
    if (v->findings)
        return AVERROR_INVALIDDATA;
    log_info(v->log, _("%s: %zu files, all as delivered"), v->name,
             v->listed_count);
    return 0;
}

/* --- a zip: unpacked to a temporary folder, then as a folder ----------------
 */

static int unpack_member(struct verification *v, zip_t *zip, zip_uint64_t index)
{
    char block[65536];
    const char *name = zip_get_name(zip, index, ZIP_FL_ENC_GUESS);
    zip_int64_t got = 0;
    if (!name || leaves_folder(name) || strlen(name) > NAME_MOST)
        return log_fail(v->log, AVERROR_INVALIDDATA,
                        _("%s: holds a name that leaves its folder; the "
                          "package is not to be trusted"),
                        v->name);
    if (name[strlen(name) - 1] == '/')
        return 0;
    char *path = files_join(v->arena, v->folder, name);
    char *folder = arena_strdup(v->arena, path);
    *strrchr(folder, '/') = 0;
    int ret = files_make_folders(v->log, folder);
    if (ret < 0)
        return ret;
    zip_file_t *member = zip_fopen_index(zip, index, 0);
    FILE *file = member ? fopen(path, "wb") : NULL;
    while (file && (got = zip_fread(member, block, sizeof block)) > 0)
        if (fwrite(block, 1, (size_t)got, file) != (size_t)got)
            got = -1;
    bool whole = file && got == 0;
    if (file && fclose(file))
        whole = false;
    if (member)
        zip_fclose(member);
    return whole ? 0
                 : log_fail(v->log, AVERROR_INVALIDDATA,
                            _("%s: %s can't be unpacked; the zip is damaged "
                              "or the disk is full"),
                            v->name, name);
}

static int verify_zip(struct verification *v, const char *path,
                      const char *scratch)
{
    int code;
    char *folder = files_join(v->arena, scratch, "zip-XXXXXX");
    zip_t *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (!zip)
        return log_fail(v->log, AVERROR_INVALIDDATA,
                        _("%s: is no whole zip; ask for it again"), v->name);
    if (!mkdtemp(folder)) {
        zip_discard(zip);
        return log_fail(v->log, AVERROR(errno),
                        _("%s: no temporary folder can be made: %s"), folder,
                        LOG_REASON(AVERROR(errno)));
    }
    v->folder = folder;
    int ret = 0;
    zip_int64_t count = zip_get_num_entries(zip, 0);
    for (zip_int64_t i = 0; ret >= 0 && i < count; i++)
        ret = unpack_member(v, zip, (zip_uint64_t)i);
    zip_discard(zip);
    if (ret >= 0)
        ret = verify_folder(v);
    files_remove_tree(v->log, folder);
    return ret;
}

int package_verify(struct log *log, const char *path, const char *scratch,
                   int (*decodes)(void *opaque, struct log *log,
                                  const char *path),
                   void *opaque)
{
    struct verification v = {.log = log,
                             .arena = arena_create(),
                             .name = path,
                             .folder = path,
                             .decodes = decodes,
                             .opaque = opaque};
    int ret;
    if (files_is_folder(path))
        ret = verify_folder(&v);
    else if (files_exist(path))
        ret = verify_zip(&v, path, scratch);
    else
        ret = log_fail(
            log, AVERROR(ENOENT),
            _("%s: there is no such folder or zip; name an outlet's folder "
              "or its zip"),
            path);
    arena_destroy(&v.arena);
    return ret;
}
