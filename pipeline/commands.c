/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the way from a command to its exit status. */
#include "commands.h"

#include "base/files.h"
#include "ingest/session.h"
#include "package/package.h"
#include "plan/plan.h"
#include "produce/produce.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libavutil/log.h>

/* Set by SIGINT and SIGTERM, read by the worker loop: the one thing a signal
 * handler can do safely. */
static volatile int stop_asked;

static void on_signal(int number)
{
    stop_asked = 1;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

char *commands_data_folder(struct arena *arena)
{
    char exe[4096];
    const char *wanted = getenv("REELPRESS_DATA");
    if (wanted && *wanted)
        return arena_strdup(arena, wanted);
    ssize_t size = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (size <= 0)
        return arena_strdup(arena, REELPRESS_DATA_FOLDER);
    exe[size] = 0;
    for (int i = 0; i < 2; i++) {
        char *slash = strrchr(exe, '/');
        if (slash)
            *slash = 0;
    }
    char *beside = arena_printf(arena, "%s/share/reelpress", exe);
    return files_is_folder(beside) ? beside
                                   : arena_strdup(arena, REELPRESS_DATA_FOLDER);
}

void commands_set_language(void)
{
    struct arena *arena = arena_create();
    if (!setlocale(LC_ALL, "")) {
        /* The asked locale is not generated: its language is known by name. */
        const char *names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
        setlocale(LC_ALL, "C.UTF-8");
        for (size_t i = 0; i < FF_ARRAY_ELEMS(names); i++) {
            const char *value = getenv(names[i]);
            if (value && *value) {
                setenv("LANGUAGE",
                       arena_strndup(arena, value, strcspn(value, ".@")), 0);
                break;
            }
        }
    }
    setlocale(LC_NUMERIC, "C");
    bindtextdomain("reelpress",
                   files_join(arena, commands_data_folder(arena), "../locale"));
    bind_textdomain_codeset("reelpress", "UTF-8");
    textdomain("reelpress");
    arena_destroy(&arena);
}

/* --- sessions --------------------------------------------------------------
 */

struct visit {
    struct log *log;
    struct progress *progress;
    const struct cli *cli;
    struct arena *arena;
    const char *folder; /* as given */
    const char *store, *out;
    struct session *session;
    struct plan *plan;
    struct memo *memo;
    bool faulty; /* something was told that holds clips back */
};

static void visit_paths(struct visit *visit)
{
    const struct cli *cli = visit->cli;
    struct arena *arena = visit->arena;
    char *real = realpath(visit->folder, NULL);
    const char *folder = real ? arena_strdup(arena, real) : visit->folder;
    const char *name = files_name(folder);
    bool many = cli->argument_count > 1;
    free(real);
    visit->store = files_join(arena, folder, ".reelpress");
    visit->out = files_join(arena, folder, "out");
    if (cli->store)
        visit->store = cli->store;
    if (cli->output)
        visit->out = many ? files_join(arena, cli->output, name) : cli->output;
}

static int visit_open(struct visit *visit)
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
        .stop = &stop_asked,
    };
    struct plan_options wanted = {
        .clips = cli->clips,
        .clip_count = cli->clip_count,
        .partly = cli->partly,
    };
    visit->memo = options.memo =
        memo_load(files_join(visit->arena, visit->store, "memo"));
    int ret =
        session_ingest(visit->log, visit->folder, &options, &visit->session);
    if (ret >= 0 && !stop_asked)
        ret = plan_build(visit->log, visit->session, &wanted, &visit->plan);
    return ret;
}

static void visit_close(struct visit *visit)
{
    /* A memo that can't be kept costs the next run time, nobody a word. */
    if (files_is_folder(visit->store))
        memo_save(NULL, visit->memo);
    memo_destroy(&visit->memo);
    plan_destroy(&visit->plan);
    session_destroy(&visit->session);
}

static void visit_tell_faults(struct visit *visit)
{
    const struct faults *faults = &visit->session->faults;
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        if (fault->kind == FAULT_WARNING)
            log_warn(visit->log, "%s", fault->message);
        else
            log_fail(visit->log, AVERROR(EINVAL), "%s", fault->message);
    }
    visit->faulty = faults_count(faults, false) > 0;
}

static bool plan_is_empty(const struct plan *plan)
{
    return !plan || !plan->clip_count;
}

/* The status of a session before anything is made. */
static int visit_status(const struct visit *visit)
{
    if (plan_is_empty(visit->plan))
        return EXIT_NOTHING_MADE;
    if (visit->faulty)
        return visit->cli->partly ? EXIT_SOME_MADE : EXIT_NOTHING_MADE;
    return EXIT_ALL_MADE;
}

static int plan_session(struct visit *visit)
{
    struct buffer text = {0};
    struct produce_options options = {.out = visit->out,
                                      .store = visit->store,
                                      .memo = visit->memo,
                                      .jobs = visit->cli->jobs};
    int status = visit_status(visit);
    if (visit->cli->json) {
        json_t *object = visit->plan ? plan_json(visit->plan) : json_object();
        json_object_set_new(object, "session",
                            json_string(visit->session->name));
        json_object_set_new(object, "faults",
                            plan_faults_json(&visit->session->faults));
        if (!plan_is_empty(visit->plan)) {
            json_t *there = NULL;
            produce_preview(visit->plan, &options, NULL, &there);
            json_object_set_new(object, "store", there);
        }
        progress_json(visit->progress, object);
    } else if (!plan_is_empty(visit->plan)) {
        plan_print(visit->plan, &text);
        produce_preview(visit->plan, &options, &text, NULL);
        progress_print(visit->progress, buffer_text(&text));
    }
    buffer_clear(&text);
    return status;
}

/* Before hours of work and not after them: whether what is delivered can be
 * written. Creates nothing, as a run that makes nothing leaves nothing. */
static int visit_check_out(struct visit *visit)
{
    char *path = arena_strdup(visit->arena, visit->out);
    while (!files_exist(path)) {
        char *slash = strrchr(path, '/');
        if (!slash) {
            path = arena_strdup(visit->arena, ".");
            break;
        }
        slash[slash == path] = '\0';
    }
    if (!files_is_folder(path))
        return log_fail(visit->log, AVERROR(ENOTDIR),
                        _("%s: the films can't be put there, as %s is a file; "
                          "choose another folder with -o"),
                        visit->out, path);
    if (access(path, W_OK | X_OK) == 0)
        return 0;
    int code = AVERROR(errno);
    return log_fail(visit->log, code,
                    _("%s: the films can't be put there (%s); choose another "
                      "folder with -o, or have its rights changed"),
                    visit->out, LOG_REASON(code));
}

static void tell_summary(struct visit *visit,
                         const struct produce_summary *summary, int ret)
{
    if (visit->cli->json)
        return;
    if (ret == AVERROR_EXIT)
        log_info(visit->log,
                 _("interrupted; what is finished is kept, the same command "
                   "goes on from here"));
    else if (ret >= 0)
        log_info(visit->log,
                 _("%zu made, %zu as before, %zu failed; open %s/index.html"),
                 summary->made, summary->reused, summary->failed, visit->out);
}

/* REELPRESS_PATIENCE: seconds, for storage that is slower than any disk. */
static int patience_s(void)
{
    const char *wanted = getenv("REELPRESS_PATIENCE");
    long seconds = wanted ? strtol(wanted, NULL, 10) : 0;
    return seconds > 0 && seconds <= 86400 ? (int)seconds : 0;
}

static int make_session(struct visit *visit)
{
    struct produce_summary summary = {0};
    struct produce_options options = {
        .out = visit->out,
        .store = visit->store,
        .memo = visit->memo,
        .jobs = visit->cli->jobs,
        .patience_s = patience_s(),
        .verify_full = visit->cli->verify_full,
        .stop = &stop_asked,
    };
    int status = visit_status(visit);
    if (status == EXIT_NOTHING_MADE)
        return status;
    int lock = visit_check_out(visit);
    if (lock >= 0)
        lock =
            command_lock(visit->log, visit->folder, visit->store, visit->out);
    if (lock < 0)
        return EXIT_NOTHING_MADE;
    visit->progress->session = visit->session->name;
    int ret = produce_run(visit->log, visit->plan, &options, progress_event,
                          visit->progress, &summary);
    close(lock);
    tell_summary(visit, &summary, ret);
    if (ret == AVERROR_EXIT)
        return EXIT_INTERRUPTED;
    if (ret < 0 || !(summary.made + summary.reused))
        return EXIT_NOTHING_MADE;
    return summary.failed ? EXIT_SOME_MADE : status;
}

int command_visit(struct log *log, struct progress *progress,
                  const struct cli *cli, const char *folder)
{
    struct visit visit = {.log = log,
                          .progress = progress,
                          .cli = cli,
                          .arena = arena_create(),
                          .folder = folder};
    int status = EXIT_NOTHING_MADE;
    visit_paths(&visit);
    int ret = visit_open(&visit);
    if (stop_asked) {
        status = EXIT_INTERRUPTED;
        log_info(log, _("interrupted before anything was made"));
    } else if (ret >= 0) {
        visit_tell_faults(&visit);
        status = cli->command == COMMAND_PLAN ? plan_session(&visit)
                                              : make_session(&visit);
    }
    visit_close(&visit);
    arena_destroy(&visit.arena);
    return status;
}

/* All made is 0, some is 1, nothing at all is 2. */
static int visit_sessions(struct log *log, struct progress *progress,
                          const struct cli *cli)
{
    size_t all = 0, none = 0;
    for (size_t i = 0; i < cli->argument_count; i++) {
        int status = command_visit(log, progress, cli, cli->arguments[i]);
        if (status == EXIT_INTERRUPTED)
            return status;
        all += status == EXIT_ALL_MADE;
        none += status == EXIT_NOTHING_MADE;
    }
    if (all == cli->argument_count)
        return EXIT_ALL_MADE;
    if (cli->command == COMMAND_PLAN && none)
        return EXIT_NOTHING_MADE;
    return none == cli->argument_count ? EXIT_NOTHING_MADE : EXIT_SOME_MADE;
}

/* --- presets ---------------------------------------------------------------
 */

static int show_presets(struct log *log, struct progress *progress,
                        const struct cli *cli)
{
    struct arena *arena = arena_create();
    struct faults faults = {.arena = arena};
    struct preset_catalogue catalogue = {0};
    struct buffer text = {0};
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    const char *folders[] = {
        config && *config
            ? files_join(arena, config, "reelpress/presets")
            : files_join(arena, home ? home : "/", ".config/reelpress/presets"),
        files_join(arena, commands_data_folder(arena), "presets"),
    };
    int status = EXIT_ALL_MADE;
    presets_load(&catalogue, folders, FF_ARRAY_ELEMS(folders), arena, &faults);
    for (size_t i = 0; i < faults.count; i++)
        log_warn(log, "%s", faults.list[i].message);
    if (!cli->argument_count)
        presets_print(&catalogue, &text);
    for (size_t i = 0; i < cli->argument_count; i++) {
        const struct preset *preset =
            presets_find(&catalogue, cli->arguments[i]);
        if (preset) {
            preset_print(preset, &text);
            continue;
        }
        const char *near = presets_suggest(&catalogue, cli->arguments[i]);
        if (near)
            log_fail(log, AVERROR(EINVAL),
                     _("%s: no such preset; did you mean %s?"),
                     cli->arguments[i], near);
        else
            log_fail(log, AVERROR(EINVAL),
                     _("%s: no such preset; reelpress presets lists them"),
                     cli->arguments[i]);
        status = EXIT_NOTHING_MADE;
    }
    progress_print(progress, buffer_text(&text));
    buffer_clear(&text);
    arena_destroy(&arena);
    return status;
}

/* --- the rest --------------------------------------------------------------
 */

static int print_help(struct progress *progress)
{
    struct buffer text = {0};
    cli_help(&text);
    progress_print(progress, buffer_text(&text));
    buffer_clear(&text);
    return EXIT_ALL_MADE;
}

static int start_sessions(struct log *log, const struct cli *cli)
{
    size_t failed = 0;
    for (size_t i = 0; i < cli->argument_count; i++)
        failed += command_new(log, cli->arguments[i]) < 0;
    if (!failed)
        return EXIT_ALL_MADE;
    return failed == cli->argument_count ? EXIT_NOTHING_MADE : EXIT_SOME_MADE;
}

int commands_run(struct log *log, struct progress *progress,
                 const struct cli *asked)
{
    struct cli cli = *asked;
    if (!cli.jobs)
        cli.jobs = (int)FFMAX(1, sysconf(_SC_NPROCESSORS_ONLN));
    av_log_set_level(AV_LOG_QUIET);
    catch_signals();
    if (cli.watch && cli.command == COMMAND_MAKE)
        return command_watch(log, progress, &cli, &stop_asked);
    switch (cli.command) {
    case COMMAND_MAKE:
    case COMMAND_PLAN:
        return visit_sessions(log, progress, &cli);
    case COMMAND_NEW:
        return start_sessions(log, &cli);
    case COMMAND_VERIFY:
        return command_verify(log, &cli, &stop_asked);
    case COMMAND_PRESETS:
        return show_presets(log, progress, &cli);
    case COMMAND_VERSION:
        progress_print(progress, "reelpress " REELPRESS_VERSION "\n");
        return EXIT_ALL_MADE;
    default:
        return print_help(progress);
    }
}
