/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns `reelpress verify`: a package is foreign bytes, so each is opened in a
 * confined worker that reads the packages and writes into one temporary
 * folder, which main makes and removes. */
#include "commands.h"

#include <errno.h>
#include <stdlib.h>

#include "base/confine.h"
#include "base/files.h"
#include "base/worker.h"
#include "check/check.h"
#include "package/package.h"

struct verification {
    const struct cli *cli;
    struct confinement confinement;
    const char *scratch; /* zips are unpacked there */
    struct progress *progress;
    size_t begun, bad;
};

static int decode_file(void *opaque, struct log *log, const char *path)
{
    json_t *figures = NULL;
    int ret = check_decodes(log, path, &figures);
    json_decref(figures);
    return ret;
}

static int verification_start(void *context, struct log *log)
{
    const struct verification *all = context;
    return confine_self(log, &all->confinement);
}

static int verification_serve(void *context, const struct buffer *request,
                              struct buffer *reply, struct log *log)
{
    const struct verification *all = context;
    return package_verify(log, buffer_text(request), all->scratch, decode_file,
                          NULL);
}

static bool verification_next(void *context, struct worker_item *item)
{
    struct verification *all = context;
    if (all->begun == all->cli->argument_count)
        return false;
    item->id = (int64_t)all->begun;
    buffer_puts(&item->request, all->cli->arguments[all->begun++]);
    return true;
}

static void verification_done(void *context, const struct worker_result *result)
{
    struct verification *all = context;
    bool is_good = result->code >= 0;
    all->bad += !is_good;
    if (all->cli->json)
        progress_json(all->progress,
                      json_pack("{s:s,s:s,s:s,s:s*}", "event", "package",
                                "package", all->cli->arguments[result->id],
                                "state", is_good ? "as delivered" : "faulty",
                                "sentence", is_good ? NULL : result->sentence));
}

static int verification_prepare(struct verification *all, struct log *log)
{
    struct arena *arena = all->confinement.arena;
    const char *base = getenv("TMPDIR");
    char *folder = arena_printf(arena, "%s/reelpress-verify-XXXXXX",
                                base && *base ? base : "/tmp");
    if (!mkdtemp(folder))
        return log_fail(log, AVERROR(errno),
                        _("%s: no temporary folder can be made: %s"), folder,
                        LOG_REASON(AVERROR(errno)));
    all->scratch = folder;
    confinement_write(&all->confinement, folder);
    for (size_t i = 0; i < all->cli->argument_count; i++)
        confinement_read(&all->confinement, all->cli->arguments[i]);
    return 0;
}

int command_verify(struct log *log, struct progress *progress,
                   const struct cli *cli, const volatile int *stop)
{
    struct verification all = {
        .cli = cli, .confinement.arena = arena_create(), .progress = progress};
    struct worker_job job = {
        .count = cli->jobs,
        .duty = {.serve = verification_serve,
                 .start = verification_start,
                 .context = &all},
        .context = &all,
        .next = verification_next,
        .done = verification_done,
        .stop = stop,
    };
    int ret = verification_prepare(&all, log);
    if (ret >= 0)
        ret = workers_run(log, &job);
    if (all.scratch)
        files_remove_tree(log, all.scratch);
    arena_destroy(&all.confinement.arena);
    if (ret == AVERROR_EXIT)
        return EXIT_INTERRUPTED;
    if (ret < 0 || all.bad == cli->argument_count)
        return EXIT_NOTHING_MADE;
    return all.bad ? EXIT_SOME_MADE : EXIT_ALL_MADE;
}
