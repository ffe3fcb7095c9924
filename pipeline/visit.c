/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns a session's way from its folder to a plan, and its lock. Does not know
 * what is done with the plan. */
#include "visit.h"

#include "base/files.h"
#include "base/worker.h"
#include "commands.h"
#include "ingest/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* A sentence on the session as a whole has it at its begin already. */
static bool begins_with(const char *message, const char *name)
{
    size_t length = strlen(name);
    return strncmp(message, name, length) == 0 && message[length] == ':';
}

/* Of many sessions each message says of which it speaks. */
static void visit_hear(void *opaque, enum log_level level, const char *message)
{
    struct visit *visit = opaque;
    struct buffer text = {0};
    if (begins_with(message, visit->name) ||
        begins_with(message, visit->folder) || !*visit->name)
        buffer_puts(&text, message);
    else
        buffer_printf(&text, "%s: %s", visit->name, message);
    if (visit->all->callback)
        visit->all->callback(visit->all->opaque, level, buffer_text(&text));
    buffer_clear(&text);
}

void visit_init(struct visit *visit, struct log *log, const struct cli *cli,
                const char *folder, bool many)
{
    struct arena *arena = arena_create();
    char *real = realpath(folder, NULL);
    *visit = (struct visit){.cli = cli,
                            .arena = arena,
                            .folder = arena_strdup(arena, folder),
                            .all = log,
                            .lock = -1};
    visit->path = arena_strdup(arena, real ? real : folder);
    visit->name = files_name(visit->path);
    visit->store =
        cli->store ? cli->store : files_join(arena, visit->path, ".reelpress");
    visit->out =
        cli->output ? cli->output : files_join(arena, visit->path, "out");
    if (cli->output && many)
        visit->out = files_join(arena, cli->output, visit->name);
    if (many)
        log_init(&visit->log, log->level, visit_hear, visit);
    else
        log_init(&visit->log, log->level, log->callback, log->opaque);
    free(real);
}

void visit_clear(struct visit *visit)
{
    log_clear(&visit->log);
    arena_destroy(&visit->arena);
}

int visit_open(struct visit *visit, const volatile int *stop)
{
    const struct cli *cli = visit->cli;
    struct ingest_options options = {
        .media_folders = cli->media,
        .media_count = cli->media_count,
        .store = visit->store,
        .data_folder = commands_data_folder(visit->arena),
        .only_presets = cli->presets,
        .only_preset_count = cli->preset_count,
        .jobs = cli->jobs,
        .patience_s = visit_patience_s(),
        .stop = stop,
    };
    struct plan_options wanted = {
        .clips = cli->clips,
        .clip_count = cli->clip_count,
        .partly = cli->partly,
    };
    if (visit_check_apart(visit) < 0)
        return AVERROR(EINVAL);
    visit->memo = options.memo =
        memo_load(files_join(visit->arena, visit->store, "memo"));
    int ret =
        session_ingest(&visit->log, visit->folder, &options, &visit->session);
    if (ret >= 0 && !*stop)
        ret = plan_build(&visit->log, visit->session, &wanted, &visit->plan);
    /* A memo that can't be kept costs the next run time, nobody a word. */
    if (files_is_folder(visit->store))
        memo_save(NULL, visit->memo);
    if (visit->session) {
        faults_sort(&visit->session->faults);
        visit->faulty = faults_count(&visit->session->faults, false) > 0;
    }
    return ret;
}

void visit_close(struct visit *visit)
{
    memo_destroy(&visit->memo);
    plan_destroy(&visit->plan);
    session_destroy(&visit->session);
}

static void faults_digest(const struct faults *faults, char out[DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    for (size_t i = 0; i < faults->count; i++) {
        digest_field_int(digest, faults->list[i].kind);
        digest_field_text(digest, faults->list[i].message);
    }
    digest_finish_text(digest, out);
    digest_destroy(&digest);
}

void visit_tell_faults(struct visit *visit)
{
    const struct faults *faults = &visit->session->faults;
    char digest[DIGEST_TEXT];
    faults_digest(faults, digest);
    if (!strcmp(digest, visit->told))
        return;
    memcpy(visit->told, digest, DIGEST_TEXT);
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        if (fault->kind == FAULT_WARNING)
            log_warn(&visit->log, "%s", fault->message);
        else
            log_fail(&visit->log, AVERROR(EINVAL), "%s", fault->message);
    }
}

bool visit_is_empty(const struct visit *visit)
{
    return !visit->plan || !visit->plan->clip_count;
}

enum exit_status visit_status(const struct visit *visit)
{
    /* With faults that hold it back a plan is empty; the others are of clips
     * that --partly or -c leaves out. */
    if (visit_is_empty(visit))
        return EXIT_NOTHING_MADE;
    return visit->faulty ? EXIT_SOME_MADE : EXIT_ALL_MADE;
}

int visit_patience_s(void)
{
    const char *wanted = getenv("REELPRESS_PATIENCE");
    long seconds = wanted ? strtol(wanted, NULL, 10) : 0;
    return seconds > 0 && seconds <= 86400 ? (int)seconds : PATIENCE_S;
}

void visit_options(const struct visit *visit, struct produce_options *out)
{
    *out = (struct produce_options){.out = visit->out,
                                    .store = visit->store,
                                    .memo = visit->memo,
                                    .jobs = visit->cli->jobs,
                                    .patience_s = visit_patience_s(),
                                    .verify_full = visit->cli->verify_full};
}

int visit_lock(struct visit *visit)
{
    int ret =
        command_lock(&visit->log, visit->folder, visit->store, visit->out);
    visit->lock = ret;
    return ret < 0 ? ret : 0;
}

void visit_unlock(struct visit *visit)
{
    if (visit->lock < 0)
        return;
    /* A worker of another session may hold a copy of the descriptor. */
    flock(visit->lock, LOCK_UN);
    close(visit->lock);
    visit->lock = -1;
}
