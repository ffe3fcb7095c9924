/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what was delivered once and belongs to no outlet any more: a recipient
 * was renamed or taken out, or zips bear another date. */
#include "package/package.h"

#include "base/files.h"
#include "package/delivery.h"

#include <string.h>
#include <unistd.h>

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
    if (!json_object_get(last_report, "alike"))
        json_array_foreach(json_object_get(last_report, "packages"), i, package)
            withdraw_package(&delivery, plan, package);
    json_decref(delivery.last);
    arena_destroy(&delivery.arena);
}
