/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the promise that nothing of anybody else's is overwritten or lost. */
#include "package/delivery.h"

#include "base/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EDITIONS_MOST 1000
#define LIST_LIMIT    ((size_t)64 << 20)

/* --- what is ours ----------------------------------------------------------
 */

json_t *delivery_read_list(const char *out)
{
    struct arena *arena = arena_create();
    struct buffer text = {0};
    json_t *lines = NULL;
    if (files_read(NULL, files_join(arena, out, DELIVERY_LIST), LIST_LIMIT,
                   &text) >= 0)
        lines = json_object();
    /* The last line may be half written: it has no end. */
    char *line = lines && text.size ? text.data : NULL;
    for (char *end; line && (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        if (end - line > DIGEST_TEXT && line[DIGEST_TEXT - 1] == ' ')
            json_object_set_new(lines, line, json_true());
    }
    buffer_clear(&text);
    arena_destroy(&arena);
    return lines;
}

/* One that can't be written costs a name beside after a crash, no film. */
static void delivery_note(const struct delivery *delivery, const char *path,
                          const char *digest)
{
    const char *line = arena_printf(delivery->arena, "%s %s\n", digest, path);
    int descriptor =
        open(files_join(delivery->arena, delivery->out, DELIVERY_LIST),
             O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return;
    (void)!write(descriptor, line, strlen(line));
    close(descriptor);
}

static void add_begun(json_t *map, const json_t *lines)
{
    const char *line;
    json_t *value;
    json_object_foreach((json_t *)lines, line, value)
    {
        const char *path = line + DIGEST_TEXT;
        if (!json_object_get(map, path))
            json_object_set_new(map, path, json_stringn(line, DIGEST_TEXT - 1));
    }
}

json_t *delivery_last_files(const json_t *last_report)
{
    json_t *map = json_object();
    const json_t *packages = json_object_get(last_report, "packages");
    size_t i, k;
    const json_t *package, *file;
    json_array_foreach(packages, i, package)
    {
        json_array_foreach(json_object_get(package, "files"), k, file)
        {
            const char *path = json_string_value(json_object_get(file, "path"));
            if (path)
                json_object_set(map, path, json_object_get(file, "sha256"));
        }
    }
    add_begun(map, json_object_get(last_report, "begun"));
    return map;
}

static const char *delivery_under_out(const struct delivery *delivery,
                                      const char *name)
{
    return delivery->folder
               ? arena_printf(delivery->arena, "%s/%s", delivery->folder, name)
               : name;
}

void delivery_sweep(const struct delivery *delivery)
{
    struct arena *arena = delivery->arena;
    const char *folder = files_join(arena, delivery->out, delivery->folder);
    files_sweep(delivery->out);
    files_sweep(files_join(arena, delivery->out, "rejected"));
    files_sweep(folder);
    files_sweep(files_join(arena, folder, "data"));
}

static bool delivery_is_ours(const struct delivery *delivery, const char *path,
                             const char *digest)
{
    const char *known =
        json_string_value(json_object_get(delivery->last, path));
    if (known && !strcmp(known, digest))
        return true;
    return json_object_get(
        delivery->begun, arena_printf(delivery->arena, "%s %s", digest, path));
}

static void delivery_tell_edited(const struct delivery *delivery,
                                 const char *path, const char *kept)
{
    static const char *const captions[] = {"srt", "vtt", NULL};
    if (delivery->foreign)
        log_warn(delivery->log,
                 _("%s: another session's file has this name; it is kept as "
                   "%s"),
                 path, kept);
    else if (files_has_ending(path, captions))
        log_warn(delivery->log,
                 _("%s: was edited after it was delivered; it is kept as %s. "
                   "To make captions your own for good, put them into "
                   "subtitles/clips/ of the session"),
                 path, kept);
    else
        log_warn(delivery->log,
                 _("%s: was edited after it was delivered; it is kept as %s"),
                 path, kept);
}

/* Gives an edited file a name of its own: "01-标题 (改动 1).srt". */
static int delivery_keep_edited(struct delivery *delivery, const char *path)
{
    struct arena *arena = delivery->arena;
    const char *ending = files_ending(path);
    size_t stem = strlen(path) - (*ending ? strlen(ending) + 1 : 0);
    const char *from = files_join(arena, delivery->out, path);
    for (int i = 1; i < EDITIONS_MOST; i++) {
        const char *kept =
            arena_printf(arena, "%s/%.*s (%s %d)%s%s", delivery->out, (int)stem,
                         path, delivery->edited, i, *ending ? "." : "", ending);
        if (files_exist(kept))
            continue;
        if (rename(from, kept) < 0)
            return log_fail(delivery->log, AVERROR(errno),
                            _("%s: was edited and can't be kept beside: %s; "
                              "move it away and run again"),
                            from, LOG_REASON(AVERROR(errno)));
        delivery_tell_edited(delivery, path, files_name(kept));
        return 0;
    }
    return log_fail(delivery->log, AVERROR(EEXIST),
                    _("%s: too many edited copies; move them away"), from);
}

/* Makes room at `path` for a file of this digest. *equal: it is there. */
static int delivery_make_room(struct delivery *delivery, const char *path,
                              const char *digest, bool *equal)
{
    char found[DIGEST_TEXT];
    const char *full = files_join(delivery->arena, delivery->out, path);
    *equal = false;
    if (!files_exist(full)) {
        char *folder = arena_strdup(delivery->arena, full);
        *strrchr(folder, '/') = 0;
        int made = files_make_folders(delivery->log, folder);
        delivery_note(delivery, path, digest);
        return made;
    }
    int ret = memo_digest(delivery->log, delivery->memo, full, found);
    if (ret < 0)
        return ret;
    *equal = !strcmp(found, digest);
    if (!*equal)
        delivery_note(delivery, path, digest);
    if (*equal || delivery_is_ours(delivery, path, found))
        return 0;
    return delivery_keep_edited(delivery, path);
}

static int delivery_record(struct delivery *delivery, const char *path,
                           const char *digest)
{
    int64_t bytes =
        files_size(files_join(delivery->arena, delivery->out, path));
    return json_array_append_new(delivery->files,
                                 json_pack("{s:s,s:I,s:s}", "path", path,
                                           "bytes", (json_int_t)bytes, "sha256",
                                           digest))
               ? AVERROR(ENOMEM)
               : 0;
}

int delivery_place_bytes(struct delivery *delivery, const char *name,
                         const void *bytes, size_t size)
{
    uint8_t sum[DIGEST_BYTES];
    char digest[DIGEST_TEXT];
    bool equal;
    const char *path = delivery_under_out(delivery, name);
    digest_of(bytes, size, sum);
    digest_text(sum, digest);
    const char *full = files_join(delivery->arena, delivery->out, path);
    int ret = delivery_make_room(delivery, path, digest, &equal);
    if (ret >= 0 && !equal) {
        ret = files_write(delivery->log, full, bytes, size);
        if (ret >= 0)
            memo_placed(delivery->memo, full, digest);
    }
    return ret < 0 ? ret : delivery_record(delivery, path, digest);
}

int delivery_place_file(struct delivery *delivery, const char *name,
                        const char *from, const char *digest)
{
    bool equal;
    const char *path = delivery_under_out(delivery, name);
    const char *full = files_join(delivery->arena, delivery->out, path);
    int ret = delivery_make_room(delivery, path, digest, &equal);
    if (ret >= 0 && !equal) {
        ret = files_copy_proven(delivery->log, from, full, digest);
        if (ret >= 0)
            memo_placed(delivery->memo, full, digest);
    }
    return ret < 0 ? ret : delivery_record(delivery, path, digest);
}

bool delivery_has(struct delivery *delivery, const char *name, const char *key)
{
    char digest[DIGEST_TEXT];
    const char *path = delivery_under_out(delivery, name);
    const char *full = files_join(delivery->arena, delivery->out, path);
    const char *known = memo_find(delivery->memo, "key", full);
    return known && !strcmp(known, key) &&
           memo_digest(delivery->log, delivery->memo, full, digest) >= 0 &&
           delivery_is_ours(delivery, path, digest) &&
           delivery_record(delivery, path, digest) >= 0;
}

/* Only for a file that has lain still: memo_keep looks to that. */
static void delivery_keep_key(struct delivery *delivery, const char *full,
                              const char *key)
{
    struct file_stamp stamp;
    int64_t now = memo_now();
    if (files_stamp(full, &stamp) >= 0)
        memo_keep(delivery->memo, "key", full, &stamp, now, key);
}

int delivery_move_file(struct delivery *delivery, const char *name,
                       const char *from, const char *key)
{
    char digest[DIGEST_TEXT];
    bool equal;
    const char *path = delivery_under_out(delivery, name);
    const char *full = files_join(delivery->arena, delivery->out, path);
    int ret = digest_file(delivery->log, from, digest);
    if (ret >= 0)
        ret = delivery_make_room(delivery, path, digest, &equal);
    if (ret < 0)
        return ret;
    if (equal) {
        unlink(from);
    } else {
        ret = files_publish(delivery->log, from, full);
        if (ret >= 0)
            memo_placed(delivery->memo, full, digest);
    }
    if (ret < 0)
        return ret;
    delivery_keep_key(delivery, full, key);
    return delivery_record(delivery, path, digest);
}

void delivery_withdraw(struct delivery *delivery, const char *path)
{
    char found[DIGEST_TEXT];
    const char *full = files_join(delivery->arena, delivery->out, path);
    if (!files_exist(full) ||
        memo_digest(NULL, delivery->memo, full, found) < 0)
        return;
    if (delivery_is_ours(delivery, path, found))
        unlink(full);
    else
        log_warn(delivery->log,
                 _("%s: is no longer planned, but was edited after it was "
                   "delivered; it stays"),
                 path);
}

void delivery_keep(struct delivery *delivery, const char *path)
{
    const char *full = files_join(delivery->arena, delivery->out, path);
    if (files_exist(full))
        json_array_append_new(delivery->files,
                              json_pack("{s:s,s:I,s:O}", "path", path, "bytes",
                                        (json_int_t)files_size(full), "sha256",
                                        json_object_get(delivery->last, path)));
}
