/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what was delivered once and belongs to no outlet any more: a recipient
 * was renamed or taken out, or zips bear another date. */
#include "package/package.h"

#include "base/files.h"
#include "base/json.h"
#include "package/delivery.h"

#include <string.h>
#include <unistd.h>

/* In a folder that several sessions are delivered to, the report may be
 * another's: only that of this session's own run says what may go. */
static bool report_is_own(const struct plan *plan, struct memo *memo,
                          const char *out, struct arena *arena)
{
    const char *session = plan->session->path;
    size_t size = session ? strlen(session) : 0;
    bool is_inside = size && !strncmp(out, session, size) && out[size] == '/';
    return is_inside ||
           memo_find(memo, "sha256", files_join(arena, out, "report.json"));
}

static const struct package *find_package(const struct plan *plan,
                                          const char *folder)
{
    for (size_t i = 0; i < plan->package_count; i++)
        if (!strcmp(plan->packages[i]->folder, folder))
            return plan->packages[i];
    return NULL;
}

/* Inside a folder that is still an outlet's, package_write looks. */
static bool is_planned(const struct plan *plan, const char *path)
{
    for (size_t i = 0; i < plan->package_count; i++) {
        const struct package *package = plan->packages[i];
        size_t size = strlen(package->folder);
        if (!strcmp(path, package->zip) ||
            (!strncmp(path, package->folder, size) && path[size] == '/'))
            return true;
    }
    return false;
}

static void withdraw_package(struct delivery *delivery, const struct plan *plan,
                             const json_t *last)
{
    struct arena *arena = delivery->arena;
    const char *folder = json_string_value(json_object_get(last, "folder"));
    const struct package *package = folder ? find_package(plan, folder) : NULL;
    size_t i;
    const json_t *file;
    if (!folder || (package && !package->wanted))
        return;
    json_array_foreach(json_object_get(last, "files"), i, file)
    {
        const char *path = json_string_value(json_object_get(file, "path"));
        if (path && !is_planned(plan, path))
            delivery_withdraw(delivery, path);
    }
    if (package)
        return;
    /* They stay while anybody's file lies in them. */
    const char *full = files_join(arena, delivery->out, folder);
    rmdir(files_join(arena, full, "data"));
    rmdir(full);
}

void package_withdraw(struct log *log, const struct plan *plan,
                      struct memo *memo, const char *out,
                      const json_t *last_report)
{
    struct delivery delivery = {
        .log = log,
        .arena = arena_create(),
        .memo = memo,
        .out = out,
        .last = delivery_last_files(last_report),
        .begun = json_object_get(last_report, "begun"),
    };
    size_t i;
    const json_t *package;
    if (report_is_own(plan, memo, out, delivery.arena))
        json_array_foreach(json_object_get(last_report, "packages"), i, package)
            withdraw_package(&delivery, plan, package);
    json_decref(delivery.last);
    arena_destroy(&delivery.arena);
}

static bool is_text(const json_t *object, const char *key, const char *text)
{
    const char *there = json_string_value(json_object_get(object, key));
    return there && !strcmp(there, text);
}

const char *package_of_another(const struct plan *plan, struct memo *memo,
                               const char *out, struct arena *arena)
{
    json_t *last = json_read(files_join(arena, out, "report.json"));
    const char *found = NULL;
    size_t i;
    const json_t *package;
    bool own = !last || report_is_own(plan, memo, out, arena) ||
               (is_text(last, "session", plan->session->title) &&
                is_text(last, "date", session_date_iso(plan->session, arena)));
    if (!own)
        json_array_foreach(json_object_get(last, "packages"), i, package)
        {
            const char *folder =
                json_string_value(json_object_get(package, "folder"));
            const struct package *planned =
                folder && !found ? find_package(plan, folder) : NULL;
            if (planned && planned->wanted)
                found = planned->folder;
        }
    json_decref(last);
    return found;
}
