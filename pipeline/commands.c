/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the way from a command to its exit status. */
#include "commands.h"

#include "base/files.h"
#include "base/machine.h"
#include "plan/plan.h"
#include "produce/produce.h"
#include "visit.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libavutil/log.h>

/* Set by SIGINT, SIGTERM and SIGHUP, read by the worker loop: the one thing a
 * signal handler can do safely. */
static volatile int stop_asked;

static void on_signal(int number)
{
    stop_asked = 1;
}

/* The second one ends the program at once: what it waits for may never come,
 * as a delivery to a network folder that is gone. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal,
                               .sa_flags = SA_RESETHAND};
    struct sigaction before;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    /* The terminal was closed; under nohup nobody minds. */
    if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    /* A limit on the size of files fails the write, with its cause. */
    signal(SIGXFSZ, SIG_IGN);
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

/* What is asked for, "zh_TW.UTF-8"; NULL: nothing. */
static const char *asked_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < FF_ARRAY_ELEMS(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return value;
    }
    return NULL;
}

void commands_set_language(void)
{
    struct arena *arena = arena_create();
    const char *asked = asked_locale();
    /* Not generated: its language is known by name. */
    bool is_missing = !setlocale(LC_ALL, "");
    if (is_missing)
        setlocale(LC_ALL, "C.UTF-8");
    /* There is one Chinese, and all who ask for one read it. */
    if (asked && !strncmp(asked, "zh", 2))
        setenv("LANGUAGE", "zh_CN", 0);
    else if (asked && is_missing)
        setenv("LANGUAGE", arena_strndup(arena, asked, strcspn(asked, ".@")),
               0);
    setlocale(LC_NUMERIC, "C");
    bindtextdomain("reelpress",
                   files_join(arena, commands_data_folder(arena), "../locale"));
    bind_textdomain_codeset("reelpress", "UTF-8");
    textdomain("reelpress");
    arena_destroy(&arena);
}

/* --- plan ------------------------------------------------------------------
 */

static void print_plan(struct progress *progress, struct visit *visit)
{
    struct buffer text = {0};
    struct produce_options options;
    visit_options(visit, &options);
    bool empty = visit_is_empty(visit);
    if (visit->cli->json) {
        json_t *object = visit->plan ? plan_json(visit->plan) : json_object();
        json_object_set_new(object, "session",
                            json_string(visit->session->name));
        json_object_set_new(object, "faults",
                            plan_faults_json(&visit->session->faults));
        if (!empty) {
            json_t *there = NULL;
            produce_preview(visit->plan, &options, NULL, &there);
            json_object_set_new(object, "store", there);
        }
        progress_json(progress, object);
    } else if (!empty) {
        plan_print(visit->plan, &text);
        produce_preview(visit->plan, &options, &text, NULL);
        progress_print(progress, buffer_text(&text));
    }
    buffer_clear(&text);
}

static enum exit_status plan_session(struct log *log, struct progress *progress,
                                     const struct cli *cli, const char *folder)
{
    struct visit visit;
    enum exit_status status = EXIT_NOTHING_MADE;
    visit_init(&visit, log, cli, folder, cli->argument_count > 1);
    int ret = visit_open(&visit, &stop_asked);
    if (stop_asked) {
        status = EXIT_INTERRUPTED;
        log_info(log, _("interrupted before anything was made"));
    } else if (ret >= 0) {
        visit_tell_faults(&visit);
        print_plan(progress, &visit);
        status = visit_status(&visit);
    }
    visit_close(&visit);
    visit_clear(&visit);
    return status;
}

static enum exit_status plan_sessions(struct log *log,
                                      struct progress *progress,
                                      const struct cli *cli)
{
    size_t all = 0, none = 0;
    for (size_t i = 0; i < cli->argument_count; i++) {
        enum exit_status status =
            plan_session(log, progress, cli, cli->arguments[i]);
        if (status == EXIT_INTERRUPTED)
            return status;
        all += status == EXIT_ALL_MADE;
        none += status == EXIT_NOTHING_MADE;
    }
    if (all == cli->argument_count)
        return EXIT_ALL_MADE;
    return none ? EXIT_NOTHING_MADE : EXIT_SOME_MADE;
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
        cli.jobs = machine_processors("");
    av_log_set_level(AV_LOG_QUIET);
    catch_signals();
    if (cli.watch && cli.command == COMMAND_MAKE)
        return command_watch(log, progress, &cli, &stop_asked);
    switch (cli.command) {
    case COMMAND_MAKE:
        return command_make(log, progress, &cli, cli.arguments,
                            cli.argument_count, cli.argument_count > 1, NULL,
                            &stop_asked);
    case COMMAND_PLAN:
        return plan_sessions(log, progress, &cli);
    case COMMAND_NEW:
        return start_sessions(log, &cli);
    case COMMAND_VERIFY:
        return command_verify(log, progress, &cli, &stop_asked);
    case COMMAND_PRESETS:
        return command_presets(log, progress, &cli);
    case COMMAND_VERSION:
        progress_print(progress, "reelpress " REELPRESS_VERSION "\n");
        return EXIT_ALL_MADE;
    default:
        return print_help(progress);
    }
}
