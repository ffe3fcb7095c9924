/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: language, options, command. */
#include "cli.h"
#include "commands.h"
#include "progress.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* A closed standard descriptor's number would go to the next file that is
 * opened, and messages into that file. Read-only, so that printing to it still
 * fails and is noticed. */
static void hold_descriptors(void)
{
    for (int i = 0; i <= STDERR_FILENO; i++) {
        if (fcntl(i, F_GETFD) < 0 && open("/dev/null", O_RDONLY) < 0)
            return;
    }
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct progress progress;
    struct cli cli = {0};
    struct log log;
    int status;
    hold_descriptors();
    progress_init(&progress);
    log_init(&log, LOG_LEVEL_INFO, progress_log, &progress);
    commands_set_language();
    if (cli_parse(&log, argc, argv, arena, &cli) < 0) {
        status = EXIT_NOTHING_MADE;
    } else {
        log.level = cli.level;
        progress_configure(&progress, &cli);
        status = commands_run(&log, &progress, &cli);
    }
    /* What make is asked for lies in files; the others only print. */
    if ((fflush(stdout) || ferror(stdout)) && cli.command != COMMAND_MAKE) {
        log_fail(&log, AVERROR(EIO),
                 _("not all could be printed; make room on the disk or look at "
                   "the program that reads it, and run again"));
        status = EXIT_NOTHING_MADE;
    }
    log_clear(&log);
    arena_destroy(&arena);
    return status;
}
