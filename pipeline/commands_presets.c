/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns `reelpress presets`: those that a session would find, listed or shown.
 */
#include "commands.h"

#include "base/files.h"
#include "presets/preset.h"

#include <stdlib.h>
#include <libavutil/error.h>

/* As a session looks for them; inside a session's folder its own go first. */
static void presets_gather(struct preset_catalogue *catalogue,
                           struct arena *arena, struct faults *faults)
{
    const char *folders[3];
    size_t count = 0;
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    if (files_exist("session.yaml"))
        folders[count++] = "presets";
    folders[count++] =
        config && *config
            ? files_join(arena, config, "reelpress/presets")
            : files_join(arena, home ? home : "/", ".config/reelpress/presets");
    folders[count++] =
        files_join(arena, commands_data_folder(arena), "presets");
    presets_load(catalogue, folders, count, arena, faults);
}

static void print_one(struct progress *progress, const struct preset *preset,
                      bool whole, bool json)
{
    struct buffer text = {0};
    if (whole || json)
        preset_print(preset, &text);
    if (json)
        progress_json(
            progress,
            json_pack("{s:s,s:s,s:s*,s:I,s:I,s:s,s:s*,s:s}", "event", "preset",
                      "name", preset->name, "alias", preset->alias, "width",
                      (json_int_t)preset->width, "height",
                      (json_int_t)preset->height, "rate", preset->rate_written,
                      "about", preset->about, "yaml", buffer_text(&text)));
    else
        progress_print(progress, buffer_text(&text));
    buffer_clear(&text);
}

static void print_all(struct progress *progress,
                      const struct preset_catalogue *catalogue, bool json)
{
    struct buffer text = {0};
    for (size_t i = 0; json && i < catalogue->count; i++)
        print_one(progress, &catalogue->list[i], false, json);
    if (!json)
        presets_print(catalogue, &text);
    progress_print(progress, buffer_text(&text));
    buffer_clear(&text);
}

static int fail_unknown(struct log *log,
                        const struct preset_catalogue *catalogue,
                        const char *name)
{
    const char *near = presets_suggest(catalogue, name);
    if (near)
        return log_fail(log, AVERROR(EINVAL),
                        _("%s: no such preset; did you mean %s?"), name, near);
    return log_fail(log, AVERROR(EINVAL),
                    _("%s: no such preset; reelpress presets lists them"),
                    name);
}

int command_presets(struct log *log, struct progress *progress,
                    const struct cli *cli)
{
    struct arena *arena = arena_create();
    struct faults faults = {.arena = arena};
    struct preset_catalogue catalogue = {0};
    size_t failed = 0;
    presets_gather(&catalogue, arena, &faults);
    for (size_t i = 0; i < faults.count; i++)
        log_warn(log, "%s", faults.list[i].message);
    if (!cli->argument_count)
        print_all(progress, &catalogue, cli->json);
    for (size_t i = 0; i < cli->argument_count; i++) {
        const struct preset *preset =
            presets_find(&catalogue, cli->arguments[i]);
        if (preset)
            print_one(progress, preset, true, cli->json);
        else
            failed += fail_unknown(log, &catalogue, cli->arguments[i]) < 0;
    }
    arena_destroy(&arena);
    if (!failed)
        return EXIT_ALL_MADE;
    return failed == cli->argument_count ? EXIT_NOTHING_MADE : EXIT_SOME_MADE;
}
