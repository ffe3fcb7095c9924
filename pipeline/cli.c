/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the words of the command line. Does not know what commands do. */
#include "cli.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libavutil/macros.h>

#define JOBS_MOST 256

struct cli_command {
    const char *name;
    enum command command;
    const char *arguments; /* as help shows them */
    bool optional;         /* may come without an argument */
    const char *help;
};

static const struct cli_command commands[] = {
    {"make", COMMAND_MAKE, N_("SESSION..."), false,
     N_("make all that the sessions ask for")},
    {"plan", COMMAND_PLAN, N_("SESSION..."), false,
     N_("say what would be made and all that is wrong; make nothing")},
    {"new", COMMAND_NEW, N_("DIR"), false,
     N_("start a session folder, with commented files to fill in")},
    {"verify", COMMAND_VERIFY, N_("PACKAGE..."), false,
     N_("check a delivered folder or zip: sums, metadata, decodability")},
    {"presets", COMMAND_PRESETS, N_("[NAME]"), true,
     N_("list the presets, or show one")},
};

enum cli_value { VALUE_FLAG, VALUE_ONE, VALUE_LIST, VALUE_WORD };

struct cli_option {
    char letter;
    const char *name;
    enum cli_value kind;
    const char *value; /* as help shows it; NULL for flags */
    const char *help;
    int (*set)(struct log *log, struct cli *cli, const char *value,
               struct arena *arena);
};

static int set_jobs(struct log *log, struct cli *cli, const char *value,
                    struct arena *arena)
{
    char *end;
    long number = strtol(value, &end, 10);
    if (*end || end == value || number < 1 || number > JOBS_MOST)
        return log_fail(log, AVERROR(EINVAL),
                        _("--jobs %s: give the number of workers, from 1 to "
                          "%d"),
                        value, JOBS_MOST);
    cli->jobs = (int)number;
    return 0;
}

/* "--output=$unset" would mean all or the root of the disk. */
static int fail_blank(struct log *log, const char *name)
{
    return log_fail(log, AVERROR(EINVAL),
                    _("--%s: its value is empty; write one, or leave the "
                      "option out"),
                    name);
}

/* "a,b，c" and repeated options add up. */
static void list_add(const char ***list, size_t *count, const char *value,
                     struct arena *arena)
{
    char *text = text_fold_width(arena, value);
    for (char *part = text; part;) {
        char *comma = strchr(part, ',');
        if (comma)
            *comma++ = 0;
        char *trimmed = text_trim(arena, part);
        if (*trimmed) {
            const char **item = arena_push(arena, list, count, sizeof **list);
            *item = trimmed;
        }
        part = comma;
    }
}

static int set_presets(struct log *log, struct cli *cli, const char *value,
                       struct arena *arena)
{
    size_t before = cli->preset_count;
    list_add(&cli->presets, &cli->preset_count, value, arena);
    return cli->preset_count > before ? 0 : fail_blank(log, "preset");
}

static int set_clips(struct log *log, struct cli *cli, const char *value,
                     struct arena *arena)
{
    if (text_is_blank(value))
        return fail_blank(log, "clip");
    const char **item = ARENA_PUSH(arena, cli->clips, cli->clip_count);
    *item = text_trim(arena, value);
    return 0;
}

static int set_media(struct log *log, struct cli *cli, const char *value,
                     struct arena *arena)
{
    if (!*value)
        return fail_blank(log, "media");
    const char **item = ARENA_PUSH(arena, cli->media, cli->media_count);
    *item = arena_strdup(arena, value);
    return 0;
}

static int set_output(struct log *log, struct cli *cli, const char *value,
                      struct arena *arena)
{
    if (!*value)
        return fail_blank(log, "output");
    cli->output = arena_strdup(arena, value);
    return 0;
}

static int set_store(struct log *log, struct cli *cli, const char *value,
                     struct arena *arena)
{
    if (!*value)
        return fail_blank(log, "store");
    cli->store = arena_strdup(arena, value);
    return 0;
}

static int set_partly(struct log *log, struct cli *cli, const char *value,
                      struct arena *arena)
{
    cli->partly = true;
    return 0;
}

static int set_json(struct log *log, struct cli *cli, const char *value,
                    struct arena *arena)
{
    cli->json = true;
    return 0;
}

static int set_verify(struct log *log, struct cli *cli, const char *value,
                      struct arena *arena)
{
    if (strcmp(value, "full"))
        return log_fail(log, AVERROR(EINVAL),
                        _("--verify=%s: only --verify=full is known"), value);
    cli->verify_full = true;
    return 0;
}

static int set_watch(struct log *log, struct cli *cli, const char *value,
                     struct arena *arena)
{
    cli->watch = true;
    return 0;
}

static int set_quiet(struct log *log, struct cli *cli, const char *value,
                     struct arena *arena)
{
    cli->level = LOG_LEVEL_ERROR;
    return 0;
}

static int set_verbose(struct log *log, struct cli *cli, const char *value,
                       struct arena *arena)
{
    cli->level = LOG_LEVEL_VERBOSE;
    return 0;
}

static int set_help(struct log *log, struct cli *cli, const char *value,
                    struct arena *arena)
{
    cli->command = COMMAND_HELP;
    return 0;
}

static int set_version(struct log *log, struct cli *cli, const char *value,
                       struct arena *arena)
{
    cli->command = COMMAND_VERSION;
    return 0;
}

static const struct cli_option options[] = {
    {'j', "jobs", VALUE_ONE, N_("N"), N_("workers (default: the processors)"),
     set_jobs},
    {'p', "preset", VALUE_ONE, N_("NAMES"), N_("only these presets"),
     set_presets},
    {'o', "output", VALUE_ONE, N_("DIR"), N_("default SESSION/out"),
     set_output},
    {'c', "clip", VALUE_ONE, N_("IDS"),
     N_("only these clips (numbers or names, as plan prints)"), set_clips},
    {0, "store", VALUE_ONE, N_("DIR"), N_("default SESSION/.reelpress"),
     set_store},
    {0, "media", VALUE_ONE, N_("DIR"),
     N_("another folder whose files rows may name; repeatable"), set_media},
    {0, "partly", VALUE_FLAG, NULL, N_("make every clip that has no fault"),
     set_partly},
    {0, "json", VALUE_FLAG, NULL, N_("events as JSON lines on stdout"),
     set_json},
    {0, "verify", VALUE_WORD, "full", N_("decode every delivered file again"),
     set_verify},
    {0, "watch", VALUE_FLAG, NULL,
     N_("make each session below the folders when it has come to rest"),
     set_watch},
    {'q', "quiet", VALUE_FLAG, NULL, N_("only faults and failures"), set_quiet},
    {'v', "verbose", VALUE_FLAG, NULL, N_("more of what is going on"),
     set_verbose},
    {'h', "help", VALUE_FLAG, NULL, N_("this text"), set_help},
    {'V', "version", VALUE_FLAG, NULL, N_("the program's version"),
     set_version},
};

static const struct cli_option *option_by_name(const char *name, size_t size)
{
    for (size_t i = 0; i < FF_ARRAY_ELEMS(options); i++)
        if (strlen(options[i].name) == size &&
            !strncmp(options[i].name, name, size))
            return &options[i];
    return NULL;
}

static const struct cli_option *option_by_letter(char letter)
{
    for (size_t i = 0; i < FF_ARRAY_ELEMS(options); i++)
        if (options[i].letter && options[i].letter == letter)
            return &options[i];
    return NULL;
}

static int fail_unknown(struct log *log, const char *word)
{
    const char *names[FF_ARRAY_ELEMS(options)];
    for (size_t i = 0; i < FF_ARRAY_ELEMS(options); i++)
        names[i] = options[i].name;
    const char *near =
        text_nearest(word + strspn(word, "-"), names, FF_ARRAY_ELEMS(names));
    if (near)
        return log_fail(log, AVERROR(EINVAL),
                        _("%s: no such option; did you mean --%s?"), word,
                        near);
    return log_fail(log, AVERROR(EINVAL),
                    _("%s: no such option; see reelpress --help"), word);
}

/* One option at argv[*i]; steps over a value of its own. */
static int parse_option(struct log *log, struct cli *cli, int argc, char **argv,
                        int *i, struct arena *arena)
{
    const char *word = argv[*i];
    const char *value = NULL;
    const struct cli_option *option;
    if (word[1] == '-') {
        size_t size = strcspn(word + 2, "=");
        option = option_by_name(word + 2, size);
        if (word[2 + size] == '=')
            value = word + 2 + size + 1;
    } else {
        option = option_by_letter(word[1]);
        if (word[2])
            value = word + 2;
    }
    if (!option)
        return fail_unknown(log, word);
    if (option->kind == VALUE_FLAG && value)
        return log_fail(log, AVERROR(EINVAL), _("%s: --%s takes no value"),
                        word, option->name);
    if (option->kind != VALUE_FLAG && !value) {
        if (option->kind == VALUE_WORD || *i + 1 >= argc)
            return log_fail(log, AVERROR(EINVAL),
                            _("--%s needs a value: --%s=%s"), option->name,
                            option->name, _(option->value));
        value = argv[++*i];
    }
    return option->set(log, cli, value, arena);
}

static int parse_command(struct log *log, struct cli *cli, const char *word)
{
    const char *names[FF_ARRAY_ELEMS(commands)];
    for (size_t i = 0; i < FF_ARRAY_ELEMS(commands); i++) {
        names[i] = commands[i].name;
        if (!strcmp(word, names[i])) {
            cli->command = commands[i].command;
            return 0;
        }
    }
    const char *near = text_nearest(word, names, FF_ARRAY_ELEMS(names));
    if (near)
        return log_fail(log, AVERROR(EINVAL),
                        _("%s: no such command; did you mean %s?"), word, near);
    return log_fail(log, AVERROR(EINVAL),
                    _("%s: no such command; see reelpress --help"), word);
}

static int check_arguments(struct log *log, const struct cli *cli)
{
    for (size_t i = 0; i < FF_ARRAY_ELEMS(commands); i++)
        if (commands[i].command == cli->command && !commands[i].optional &&
            !cli->argument_count)
            return log_fail(log, AVERROR(EINVAL),
                            _("reelpress %s: %s is missing; see reelpress "
                              "--help"),
                            commands[i].name, _(commands[i].arguments));
    return 0;
}

int cli_parse(struct log *log, int argc, char **argv, struct arena *arena,
              struct cli *out)
{
    bool only_arguments = false, named = false;
    int ret = 0;
    memset(out, 0, sizeof *out);
    out->level = LOG_LEVEL_INFO;
    for (int i = 1; ret >= 0 && i < argc; i++) {
        if (!only_arguments && !strcmp(argv[i], "--")) {
            only_arguments = true;
        } else if (!only_arguments && argv[i][0] == '-' && argv[i][1]) {
            ret = parse_option(log, out, argc, argv, &i, arena);
            if (out->command == COMMAND_HELP || out->command == COMMAND_VERSION)
                return ret;
        } else if (!named) {
            ret = parse_command(log, out, argv[i]);
            named = true;
        } else {
            const char **argument =
                ARENA_PUSH(arena, out->arguments, out->argument_count);
            *argument = argv[i];
        }
    }
    if (ret >= 0 && !named)
        out->command = COMMAND_HELP;
    return ret < 0 ? ret : check_arguments(log, out);
}

static void help_pad(struct buffer *out, const char *text, int columns)
{
    buffer_puts(out, text);
    for (int i = text_columns(text); i < columns; i++)
        buffer_puts(out, " ");
}

static void help_option(struct buffer *out, const struct cli_option *option)
{
    struct buffer left = {0};
    if (option->letter)
        buffer_printf(&left, "  -%c, ", option->letter);
    else
        buffer_puts(&left, "      ");
    buffer_printf(&left, "--%s", option->name);
    if (option->kind == VALUE_WORD)
        buffer_printf(&left, "=%s", option->value);
    else if (option->value)
        buffer_printf(&left, " %s", _(option->value));
    help_pad(out, buffer_text(&left), 24);
    buffer_printf(out, " %s\n", _(option->help));
    buffer_clear(&left);
}

void cli_help(struct buffer *out)
{
    buffer_puts(out, _("usage: reelpress COMMAND [options] ...\n\n"));
    for (size_t i = 0; i < FF_ARRAY_ELEMS(commands); i++) {
        struct buffer left = {0};
        buffer_printf(&left, "  %s %s", commands[i].name,
                      _(commands[i].arguments));
        help_pad(out, buffer_text(&left), 24);
        buffer_printf(out, " %s\n", _(commands[i].help));
        buffer_clear(&left);
    }
    buffer_puts(out, "\n");
    for (size_t i = 0; i < FF_ARRAY_ELEMS(options); i++)
        help_option(out, &options[i]);
    buffer_printf(out,
                  _("\nexit status: %d all made; %d some items failed or had "
                    "faults, the others were\nmade; %d nothing could be made; "
                    "%d interrupted\n"),
                  EXIT_ALL_MADE, EXIT_SOME_MADE, EXIT_NOTHING_MADE,
                  EXIT_INTERRUPTED);
}
