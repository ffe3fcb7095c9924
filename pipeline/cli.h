/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: one table of options, from which parsing, --help and the
 * README's block come. Prints nothing but help and version. */
#ifndef REELPRESS_CLI_H
#define REELPRESS_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "base/log.h"

enum command {
    COMMAND_NONE,
    COMMAND_MAKE,
    COMMAND_PLAN,
    COMMAND_NEW,
    COMMAND_VERIFY,
    COMMAND_PRESETS,
    COMMAND_HELP,
    COMMAND_VERSION,
};

enum exit_status {
    EXIT_ALL_MADE = 0,
    EXIT_SOME_MADE = 1,
    EXIT_NOTHING_MADE = 2,
    EXIT_INTERRUPTED = 130,
};

struct cli {
    enum command command;
    const char **arguments; /* sessions, packages, a folder, a preset */
    size_t argument_count;
    int jobs;                   /* 0: the processors */
    const char *output, *store; /* NULL: the session's own */
    const char **media, **presets, **clips;
    size_t media_count, preset_count, clip_count;
    bool partly, json, verify_full, watch;
    enum log_level level;
};

/* Reads argv into `out`, memory of the arena. AVERROR(EINVAL) after telling
 * what is wrong and what was probably meant. */
int cli_parse(struct log *log, int argc, char **argv, struct arena *arena,
              struct cli *out);
/* What --help prints, in the locale's language. */
void cli_help(struct buffer *out);

#endif
